// Package reach decides which packets arrive where in an estate: for every
// endpoint from which sources, on which ports, through which elements, and
// why or why not.
//
// Use:
//
//	est := reach.FromSnapshot(snap)        // or a Builder fed item by item
//	ans, err := est.Query("internet", "i-0abc", reach.Options{Protocol: "tcp", Port: 443})
//	for _, x := range est.Exposed() { … }
//
// An [Estate] is the network as configured: VPCs, subnets, interfaces, groups,
// lists, tables, gateways, load balancers, service endpoints. It is immutable
// and safe for concurrent use. Package headerspace holds the exact sets of
// packets that the engine works on; one universe of addresses serves IPv4 and
// IPv6 alike.
//
// Rules are applied in AWS's own order: outbound groups, network ACL, route,
// gateway, network ACL, inbound groups, and then the reply, because ACLs and
// routes are stateless. Translation (NAT, proxies) cuts a path in legs; each
// leg has its own request and reply. See the file of an element for the AWS
// page of its rule; the order as a whole is that of
// https://docs.aws.amazon.com/vpc/latest/reachability/how-reachability-analyzer-works.html.
//
// The engine answers with the network part of reachability only. Whether a
// service's own policy lets an anonymous request in is a question it hands
// back through [Options.Policy]; the two are never merged.
//
// A blocked answer names the element that decided and the smallest change that
// opens the way, alone or, where one is not enough, with as few others as the
// search finds: each was tried by asking again with the change made.
//
// What was asked for and refused makes dependents unknown; what is no part of
// the source takes the named defaults of the estate (no filter for missing
// network ACLs, a route to an internet gateway for subnets whose interface has
// a public address), each listed in the answer's assumptions.
//
// The package never reads policies, files or the cloud, never stores anything.
package reach
