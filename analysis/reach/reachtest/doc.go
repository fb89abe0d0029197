// Package reachtest makes seeded networks of any size for tests and
// benchmarks: VPCs with public and private subnets, groups that refer to each
// other and to address blocks, network ACLs with denies, gateways, peerings
// and a transit gateway. It asserts nothing.
package reachtest
