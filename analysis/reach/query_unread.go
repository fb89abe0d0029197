package reach

import "github.com/cairn-security/cairn/analysis/reach/headerspace"

// unreadSource notes where an address that nothing read has may stand: in a VPC
// that was not read and that a peering or a transit gateway joins with that of
// the interface. What it reaches is then not known, unless the groups of the
// interface turn it away whatever way it comes.
func (q *query) unreadSource(j int32) {
	x := &q.e.interfaces[j]
	if q.src.kind != anAddress {
		return
	}
	w := q.p.walk()
	let := w.groupsIn(j, flight{space: packets(headerspace.One(q.src.addr), x.private, q.svc), from: none, crossed: noReferences})
	if q.p.keep(w); len(let) == 0 {
		return
	}
	note := func(element, kind, why string) {
		q.p.drops = append(q.p.drops, drop{step: step{element: element, kind: kind, rule: why, decision: "unknown"}, why: why, missing: []string{why}})
	}
	for i := range q.e.peerings {
		p := &q.e.peerings[i]
		for k := range p.sides {
			near, far := &p.sides[k], &p.sides[1-k]
			if near.vpc == x.vpc && near.vpc != none && far.vpc == none && p.status == "active" && (far.blocks.Empty() || far.blocks.Contains(q.src.addr)) {
				note(p.id, "VPC peering", q.e.unread("VPC", far.vpcID, "DescribeVpcs", far.account, far.region))
			}
		}
	}
	for i := range q.e.attachments {
		a := &q.e.attachments[i]
		if a.kind != vpcAttachment || a.vpc != x.vpc || a.vpc == none {
			continue
		}
		if a.table == none && a.tableWhy != "" {
			note(a.id, "transit gateway attachment", a.tableWhy)
		}
		for _, j := range q.e.transits[a.transit].attachments {
			if b := &q.e.attachments[j]; b.kind == vpcAttachment && (b.vpc == none || !q.e.vpcs[b.vpc].described) {
				note(b.id, "transit gateway attachment", q.e.unread("VPC", b.resource, "DescribeVpcs", "", ""))
			}
		}
	}
}
