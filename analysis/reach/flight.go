package reach

import "github.com/cairn-security/cairn/analysis/reach/headerspace"

// flight is a set of packets under way with what is known about the way so far.
type flight struct {
	space   space
	from    int32 // interface whose groups references see, none after translation
	crossed crossing
	seen    addrs // source addresses as the internet sees them, once outside
	zone    zone  // Availability Zone the packets come from
	// missing says what was not read but is needed: the packets may pass.
	missing []string
	assumed []string
	trail   *trail
	depth   int
	hops    int // route lookups, against loops
}

// crossing is how far references to the sender's groups still work: in a VPC,
// over a peering of one Region, and, for inbound rules only, over a transit
// gateway that supports them
// (https://aws.amazon.com/blogs/networking-and-content-delivery/introducing-security-group-referencing-for-aws-transit-gateway).
type crossing uint8

const (
	sameVPC      crossing = iota
	overPeering           // active peering, same Region
	overTransit           // transit gateway with group references on: inbound rules only
	noReferences          // neither
)

// trail is the way back to the start, newest first. Branches share their past.
type trail struct {
	prev *trail
	step step
}

// step is one element that decided, before it is rendered for people.
type step struct {
	element  string
	kind     string
	rule     string
	decision string
	support  []evidence // any one of which suffices
}

// drop is where packets ended.
type drop struct {
	step    step
	why     string
	ways    []way // each of which would let the packets pass here
	depth   int
	reply   bool
	astray  bool // nothing has the address
	missing []string
	flight  flight
}

// arrivalKind is where a transit ends.
type arrivalKind uint8

const (
	atSubnet arrivalKind = iota
	atInternet
	atOnPrem
	atNAT
	atGatewayEndpoint
)

// arrival is a flight that reached a place where the sender of the query has
// to look: a subnet's interfaces, a gateway, a translation.
type arrival struct {
	kind  arrivalKind
	index int32 // subnet, gateway, NAT or endpoint; for on-prem, gateway or attachment
	via   attachmentRef
	flight
}

// attachmentRef tells which end an on-premises arrival used.
type attachmentRef struct {
	transit bool
	index   int32
}

// walk carries flights through the estate. It collects; it never changes the
// estate.
type walk struct {
	e        *Estate
	trace    bool
	reply    bool
	passed   map[int32]bool // appliances the request went through
	made     changes
	arrivals []arrival
	drops    []drop
}

// mark adds a step to the trail.
func (w *walk) mark(f flight, s step) flight {
	f.depth++
	if w.trace {
		if w.reply {
			s.decision = "reply " + s.decision
		}
		f.trail = &trail{f.trail, s}
	}
	return f
}

// stop records where packets ended.
func (w *walk) stop(f flight, s step, why string, ways ...way) {
	if !w.trace && len(w.drops) > 0 {
		return
	}
	w.drops = append(w.drops, drop{step: s, why: why, ways: ways, depth: f.depth, reply: w.reply, flight: f})
}

// astray says of the last stop that it is only an address that nothing has.
func (w *walk) astray() {
	if n := len(w.drops); n > 0 && w.trace {
		w.drops[n-1].astray = true
	}
}

// supposed marks packets that pass an element because a what-if changed it.
func (w *walk) supposed(f flight, s step, what string) flight {
	s.rule, s.decision, s.support = what, "changed", nil
	return w.mark(f, s)
}

// unknown records where packets may have gone on: something was not read.
func (w *walk) unknown(f flight, s step, why string) {
	s.decision = "unknown"
	if s.rule == "" {
		s.rule = why
	}
	w.drops = append(w.drops, drop{step: s, why: why, depth: f.depth, reply: w.reply, missing: f.maybe(why).missing, flight: f})
}

func (w *walk) arrive(kind arrivalKind, index int32, f flight) {
	w.arrivals = append(w.arrivals, arrival{kind: kind, index: index, flight: f})
}

// maybe returns the flight as one that passes only if something unread allows it.
func (f flight) maybe(missing string) flight {
	f.missing = append(f.missing[:len(f.missing):len(f.missing)], missing)
	return f
}

func (f flight) assuming(text string) flight {
	for _, a := range f.assumed {
		if a == text {
			return f
		}
	}
	f.assumed = append(f.assumed[:len(f.assumed):len(f.assumed)], text)
	return f
}

// deepest returns the drop that got furthest, nil when there is none: of the
// branches of a question the one whose deciding element came last says best
// why nothing arrived. That an address is not there says least: where another
// branch was stopped, it leads astray.
func deepest(drops []drop) *drop {
	var best *drop
	for i := range drops {
		d := &drops[i]
		if best == nil || best.astray && !d.astray || best.astray == d.astray && (d.reply && !best.reply || d.reply == best.reply && d.depth > best.depth) {
			best = d
		}
	}
	return best
}

// replyServices are the services of replies to s when the client uses source
// ports first to last. ICMP messages that nobody answers, and protocols without
// ports, want a way back for their protocol: a packet whose sender cannot be
// spoken to is worth nothing to him.
func replyServices(s services, first, last uint16) services {
	var out services
	for _, proto := range []uint8{headerspace.TCP, headerspace.UDP} {
		if s.Overlaps(headerspace.Protocol(proto)) {
			out = out.Union(headerspace.Ports(proto, first, last))
		}
	}
	for _, q := range icmpQueries {
		if s.Overlaps(headerspace.Ports(q.proto, q.ask<<8, q.ask<<8|255)) {
			out = out.Union(headerspace.Ports(q.proto, q.answer<<8, q.answer<<8|255))
		}
	}
	for _, p := range unanswered {
		if s.Overlaps(p) {
			out = out.Union(headerspace.Protocol(p[0].First.Proto()))
		}
	}
	return out.Union(s.Intersect(portless))
}

// answered returns the services of s whose replies are in got.
func answered(s, got services) services {
	out := s.Intersect(portless).Intersect(got)
	for _, p := range unanswered {
		if got.Overlaps(headerspace.Protocol(p[0].First.Proto())) {
			out = out.Union(s.Intersect(p))
		}
	}
	for _, proto := range []uint8{headerspace.TCP, headerspace.UDP} {
		if p := headerspace.Protocol(proto); got.Overlaps(p) {
			out = out.Union(s.Intersect(p))
		}
	}
	for _, q := range icmpQueries {
		if got.Overlaps(headerspace.Ports(q.proto, q.answer<<8, q.answer<<8|255)) {
			out = out.Union(s.Intersect(headerspace.Ports(q.proto, q.ask<<8, q.ask<<8|255)))
		}
	}
	return out
}

// icmpQueries are the ICMP types that have answers (RFC 792, RFC 4443).
var icmpQueries = []struct {
	proto       uint8
	ask, answer uint16
}{{headerspace.ICMP, 8, 0}, {headerspace.ICMP, 13, 14}, {headerspace.ICMP, 15, 16}, {headerspace.ICMP, 17, 18}, {headerspace.ICMPv6, 128, 129}}

// portless are protocols without ports or types; their replies are the same
// protocol. unanswered are, per protocol, the ICMP types that have no answer.
var portless, unanswered = func() (services, []services) {
	icmp, icmp6 := headerspace.Protocol(headerspace.ICMP), headerspace.Protocol(headerspace.ICMPv6)
	rest := headerspace.AnyService.Minus(icmp).Minus(icmp6).Minus(headerspace.Protocol(headerspace.TCP)).Minus(headerspace.Protocol(headerspace.UDP))
	for _, q := range icmpQueries {
		asks := headerspace.Ports(q.proto, q.ask<<8, q.ask<<8|255)
		icmp, icmp6 = icmp.Minus(asks), icmp6.Minus(asks)
	}
	return rest, []services{icmp, icmp6}
}()
