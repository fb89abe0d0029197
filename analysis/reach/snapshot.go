package reach

import (
	"encoding/json"

	"github.com/cairn-security/cairn/graph"
)

// FromSnapshot builds the estate of a snapshot: every node's resource document
// and the properties that were read apart, with the snapshot's gaps. An
// operation counts as collected where the snapshot has a node of its kind or a
// document read by it. The estate refers to the snapshot's documents.
//
// Cost: decoding of all network documents (parallel) plus [Builder.Build].
func FromSnapshot(s *graph.Snapshot) *Estate {
	b := NewBuilder()
	for _, g := range s.Gaps() {
		if vpcs := vpcsOf(s, &g); len(vpcs) > 0 {
			for _, v := range vpcs {
				b.GapIn(g, v)
			}
			continue
		}
		b.Gap(g)
	}
	for _, o := range s.Origins() {
		b.Read(o.Account)
		if o.Service == "ec2" {
			b.Collected(o.Operation, o.Account, o.Region)
		}
	}
	for _, k := range snapshotKinds {
		for _, ref := range s.ByKind(k) {
			raw := s.Prop(ref, graph.PropResource)
			n := s.Node(ref)
			if raw == nil && !answersByItself[k] {
				hide(b, s, ref)
				continue
			}
			it := Item{Kind: k, Node: ref, ID: n.ID, Account: n.Account, Region: n.Region, Raw: raw}
			if raw == nil {
				it.Raw = json.RawMessage("{}")
			}
			for _, p := range s.Props(ref) {
				if p.Key != graph.PropResource && snapshotProps[p.Key] {
					if it.Props == nil {
						it.Props = map[string]json.RawMessage{}
					}
					it.Props[p.Key] = p.Value
				}
			}
			b.Add(it)
		}
	}
	return b.Build()
}

// vpcsOf returns the VPCs of the route tables or network ACLs that a gap is
// about, nil where it is about more than those.
func vpcsOf(s *graph.Snapshot, g *graph.Gap) []string {
	var out []string
	for _, id := range g.Affects {
		ref, ok := s.Lookup(id)
		if !ok || s.Kind(ref) != graph.KindRouteTable && s.Kind(ref) != graph.KindNetworkACL {
			return nil
		}
		found := false
		for parent := range s.InKind(ref, graph.EdgeContains) {
			if s.Kind(parent) == graph.KindVPC {
				out, found = append(out, s.Node(parent).ID), true
			}
		}
		if !found {
			return nil
		}
	}
	return out
}

// hide tells of an endpoint that is known to exist, because something lists or
// names it, and whose description was refused, contradicted or is not there.
func hide(b *Builder, s *graph.Snapshot, ref graph.Ref) {
	n := s.Node(ref)
	if !endpoints[n.Kind] {
		return
	}
	var why []string
	for _, g := range s.GapsOf(ref) {
		if g.Refused() {
			text := n.Name + " was not read: " + g.Operation + " was " + string(g.Outcome)
			b.est.gapText.Store(text, g.ID)
			why = append(why, text)
		}
	}
	if why == nil {
		why = []string{n.Name + " is known by name only"}
	}
	b.Hidden(Item{Kind: n.Kind, Node: ref, ID: n.ID, Account: n.Account, Region: n.Region}, n.Name, why...)
}

// endpoints are kinds that a person would ask about as an endpoint.
var endpoints = map[graph.Kind]bool{
	graph.KindInstance: true, graph.KindTask: true, graph.KindFunctionURL: true, graph.KindCluster: true, graph.KindLoadBalancer: true,
	graph.KindAPI: true, graph.KindDistribution: true, graph.KindAccelerator: true, graph.KindAppService: true, graph.KindDBInstance: true,
	graph.KindDBCluster: true, graph.KindWarehouse: true, graph.KindSearchDomain: true, graph.KindCache: true, graph.KindBroker: true,
	graph.KindFileSystem: true,
}

// answersByItself are kinds whose endpoint exists whatever was described.
var answersByItself = map[graph.Kind]bool{
	graph.KindBucket: true, graph.KindQueue: true, graph.KindTopic: true, graph.KindRepository: true,
}

var snapshotProps = map[string]bool{
	graph.PropListeners: true, graph.PropRules: true, graph.PropHealth: true, graph.PropAttributes: true,
	graph.PropRoutes: true, graph.PropPropagations: true, graph.PropAssociations: true, graph.PropEntries: true,
	graph.PropPolicy: true, graph.PropURL: true,
}

var snapshotKinds = []graph.Kind{
	graph.KindVPC, graph.KindSubnet, graph.KindRouteTable, graph.KindInternetGateway, graph.KindEgressOnlyGateway,
	graph.KindNATGateway, graph.KindNetworkACL, graph.KindSecurityGroup, graph.KindPrefixList, graph.KindInterface,
	graph.KindAddress, graph.KindPeering, graph.KindTransitGateway, graph.KindTransitAttachment, graph.KindTransitRouteTable,
	graph.KindVPCEndpoint, graph.KindEndpointService, graph.KindVPNGateway, graph.KindVPNConnection,
	graph.KindBlockPublicAccess, graph.KindInstance, graph.KindTask, graph.KindContainerService, graph.KindFunction, graph.KindFunctionURL,
	graph.KindCluster, graph.KindLoadBalancer, graph.KindTargetGroup, graph.KindAPI, graph.KindDistribution,
	graph.KindAccelerator, graph.KindAppService, graph.KindSubnetGroup, graph.KindDBInstance, graph.KindDBCluster,
	graph.KindWarehouse, graph.KindSearchDomain, graph.KindCache, graph.KindBroker, graph.KindStream,
	graph.KindFileSystem, graph.KindBucket, graph.KindQueue, graph.KindTopic, graph.KindRepository,
}
