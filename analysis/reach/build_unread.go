package reach

import (
	"encoding/json"

	"github.com/cairn-security/cairn/graph"
)

// Hidden takes an endpoint whose description was not read: whatever is asked
// about it is unknown. name is what people call it; why says what was not read.
func (b *Builder) Hidden(it Item, name string, why ...string) {
	b.hidden = append(b.hidden, Resource{origin: origin{node: it.Node, id: it.ID}, ID: it.ID, Name: name, Kind: it.Kind,
		Account: it.Account, Region: it.Region, unread: why})
}

// Gap takes a coverage gap: refused ones make what depends on them unknown.
func (b *Builder) Gap(g graph.Gap) { b.est.gaps = append(b.est.gaps, g) }

// GapIn takes a gap that is about route tables or network ACLs of one VPC and
// leaves what is known of others alone.
func (b *Builder) GapIn(g graph.Gap, vpc string) {
	b.local = append(b.local, localGap{g, vpc})
}

type localGap struct {
	gap graph.Gap
	vpc string
}

// placeGaps finds the VPCs of gaps that are about one; a VPC that nothing else
// speaks of has no subnets that could be concerned.
func (b *Builder) placeGaps() {
	for _, l := range b.local {
		if v := b.est.lookup(isVPC, l.vpc); v != none && l.gap.Refused() {
			b.est.gapsIn[inVPC{l.gap.Operation, v}] = l.gap
		}
	}
}

// Read says that an account was read. Where no account is named, all were;
// else what belongs to others is unknown and takes no defaults.
func (b *Builder) Read(account string) {
	if account != "" {
		b.est.accounts[account] = true
	}
}

// broken notes that a route table or network ACL cannot be read: it may be any
// subnet's of its VPC, or of the region where not even the VPC can be told.
func (b *Builder) broken(it *item) {
	op := operations[it.kind]
	if it.kind != graph.KindRouteTable && it.kind != graph.KindNetworkACL {
		return
	}
	g := graph.Gap{Account: it.account, Region: it.region, Operation: op, Outcome: graph.OutcomeMalformed}
	var of struct{ VpcId string }
	if json.Unmarshal(it.raw, &of) == nil && of.VpcId != "" {
		b.GapIn(g, of.VpcId)
		return
	}
	b.Gap(g)
}
