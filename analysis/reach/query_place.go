package reach

import (
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// toPlace follows packets out of the estate or to an address.
func (q *query) toPlace() {
	dst := publicSpace
	switch {
	case q.o.DestAddress.IsValid():
		dst = headerspace.One(headerspace.AddrOf(q.o.DestAddress))
	case q.dst.kind == anAddress:
		dst = headerspace.One(q.dst.addr)
	case q.dst.kind == theOnPrem:
		dst = headerspace.All
	}
	if q.dst.kind == anAddress && (q.src.kind == theInternet || q.src.kind == theOnPrem) {
		q.toAddress(q.dst.addr)
		return
	}
	for _, o := range q.send(dst) {
		switch {
		case q.dst.kind == theInternet && o.place == onInternet,
			q.dst.kind == theOnPrem && o.place == onOnPrem,
			q.dst.kind == anAddress:
			q.take(o, LayerNetwork)
		}
	}
}

// toAddress follows packets from outside to whatever has an address.
func (q *query) toAddress(a addr) {
	if j, ok := q.e.byPublic[a]; ok {
		for _, o := range q.legs(j) {
			q.take(o, LayerNetwork)
		}
		return
	}
	if q.src.kind == theOnPrem {
		for key, j := range q.e.byPrivate {
			if key.a == a {
				for _, o := range q.legs(j) {
					q.take(o, LayerNetwork)
				}
			}
		}
	}
	q.stop(step{element: a.String(), kind: "address", rule: "no interface has it", decision: "deny"}, "no interface that was read has "+a.String())
}

// send follows packets of the source to a set of destinations.
func (q *query) send(dst addrs) []outcome {
	var out []outcome
	for _, i := range q.senders() {
		src := q.sourceOf(i)
		if src.Empty() {
			continue
		}
		out = append(out, q.p.fromInterface(i, flight{space: packets(src, dst, q.svc), from: i})...)
	}
	return out
}

// senders are the source's interfaces.
func (q *query) senders() []int32 {
	switch {
	case q.src.res != nil:
		if len(q.src.res.ifaces) == 0 {
			q.stop(step{element: q.src.res.ID, kind: q.src.res.Kind.String(), rule: "no interface", decision: "deny"}, q.src.res.ID+" has no interface in a VPC that was read")
		}
		return q.src.res.ifaces
	case q.src.kind == anAddress:
		if j, ok := q.e.byPublic[q.src.addr]; ok {
			return []int32{j}
		}
		var out []int32
		for key, j := range q.e.byPrivate {
			if key.a == q.src.addr {
				out = append(out, j)
			}
		}
		slices.Sort(out)
		return out
	}
	return nil
}

// sourceOf returns the addresses an interface sends from: its own, or any
// when its source/destination check is off and one is asked for.
func (q *query) sourceOf(i int32) addrs {
	x := &q.e.interfaces[i]
	own := x.private
	if q.o.SourceAddress.IsValid() {
		a := headerspace.AddrOf(q.o.SourceAddress)
		for _, m := range x.public {
			if m.public == a {
				a = m.private
			}
		}
		one := headerspace.One(a)
		if x.forwards {
			return one
		}
		if own = own.Intersect(one); own.Empty() {
			q.stop(step{element: x.name, kind: "network interface", rule: "source/destination check", decision: "deny"}, x.name+" may only send from its own addresses")
		}
	}
	return own
}

func joinSorted(list []string) string {
	slices.Sort(list)
	return strings.Join(slices.Compact(list), "; ")
}
