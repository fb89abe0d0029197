package reach_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

func keyOf(p packet) headerspace.Key {
	return headerspace.MakeKey(uint8(p.proto), uint16(p.dport*portBlock+1))
}

// TestOracle compares the engine with single packets on random estates: the
// exact sets of wide questions, and narrow questions with a fixed client port.
func TestOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		est := w.estate()
		ask := func(from, to string, o reach.Options) *reach.Answer {
			a, err := est.Query(from, to, o)
			if err != nil {
				t.Fatalf("%s -> %s: %v", from, to, err)
			}
			return a
		}
		name := func(i int) string { return fmt.Sprintf("eni-%d", i) }
		i := rapid.IntRange(0, len(w.Ifaces)-1).Draw(t, "from")
		j := rapid.IntRange(0, len(w.Ifaces)-1).Draw(t, "to")
		ports := everyPort
		o := reach.Options{}
		if rapid.Bool().Draw(t, "fixed client port") {
			ports = []int{rapid.IntRange(0, 15).Draw(t, "client port")}
			o.SourcePort = ports[0]*portBlock + 2048
		}
		compare := func(what string, a *reach.Answer, p packet, want bool) {
			got := a.Flows.Contains(headerspace.AddrOf(p.src), headerspace.AddrOf(p.dst), keyOf(p))
			if got != want {
				t.Fatalf("%s %v proto %d port block %d (client ports %v): engine %v, oracle %v\n%v\n%+v", what, p.src, p.proto, p.dport, ports, got, want, a, w)
			}
		}
		if i != j && !w.Ifaces[i].NAT {
			q := o
			q.DestAddress = w.Ifaces[j].Private
			a := ask(name(i), name(j), q)
			for _, proto := range []int{6, 17, 50} {
				for port := range 16 {
					p := packet{src: w.Ifaces[i].Private, dst: w.Ifaces[j].Private, proto: proto, dport: port}
					compare(name(i)+" -> "+name(j), a, p, w.between(i, j, p, ports))
				}
			}
		}
		in := ask("internet", name(j), o)
		out := ask(name(i), "internet", o)
		for n := 0; n < 128; n += rapid.IntRange(1, 9).Draw(t, "step") {
			for port := range 16 {
				p := packet{src: publicAddr(n), dst: w.Ifaces[j].Public, proto: 6, dport: port}
				if w.Ifaces[j].Public.IsValid() {
					compare("internet -> "+name(j), in, p, w.fromInternet(j, p, ports))
				}
				p = packet{src: w.Ifaces[i].Private, dst: publicAddr(n), proto: 6, dport: port}
				if !w.Ifaces[i].NAT {
					compare(name(i)+" -> internet", out, p, w.toInternet(i, p, ports))
				}
			}
		}
	})
}

// TestClassesAgree holds the per-class answers against the single questions
// they stand for.
func TestClassesAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		est := w.estate()
		for _, x := range est.Exposed(reach.Options{}) {
			a, err := est.Query("internet", x.Resource.ID, reach.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if x.Resource.Kind.String() == "nat-gateway" {
				continue
			}
			for n := 0; n < 128; n += 7 {
				for port := range 16 {
					k := headerspace.MakeKey(6, uint16(port*portBlock+1))
					src := headerspace.AddrOf(publicAddr(n))
					got := x.Flows.Restrict(headerspace.Cube{Src: headerspace.One(src)}).Services().Contains(k)
					want := a.Flows.Restrict(headerspace.Cube{Src: headerspace.One(src)}).Services().Contains(k)
					if got != want {
						t.Fatalf("%s from %v port block %d: listed %v, asked %v", x.Resource.ID, publicAddr(n), port, got, want)
					}
				}
			}
		}
		for i, x := range w.Ifaces {
			if x.NAT {
				continue
			}
			src, err := est.Resource(fmt.Sprintf("eni-%d", i))
			if err != nil {
				t.Fatal(err)
			}
			reached := map[string]headerspace.Services{}
			for r := range est.From(est.PositionsOf(src)[0]) {
				reached[r.Resource.ID] = reached[r.Resource.ID].Union(r.Services)
			}
			for j, y := range w.Ifaces {
				if i == j || y.NAT {
					continue
				}
				for port := range 16 {
					p := packet{src: x.Private, dst: y.Private, proto: 6, dport: port}
					got, want := reached[fmt.Sprintf("eni-%d", j)].Contains(keyOf(p)), w.between(i, j, p, everyPort)
					if got != want && !sameClass(est, src, j) {
						t.Fatalf("eni-%d -> eni-%d port block %d: listed %v, oracle %v\n%+v", i, j, port, got, want, w)
					}
				}
			}
		}
	})
}

// sameClass excuses a class's first member, which speaks for all and is not
// listed as reached by itself.
func sameClass(est *reach.Estate, src *reach.Resource, j int) bool {
	dst, err := est.Resource(fmt.Sprintf("eni-%d", j))
	return err == nil && est.PositionsOf(dst)[0] == est.PositionsOf(src)[0]
}

func exposedAll(est *reach.Estate) map[string]headerspace.Space {
	out := map[string]headerspace.Space{}
	for _, x := range est.Exposed(reach.Options{}) {
		out[x.Resource.ID] = x.Flows
	}
	return out
}

// TestMonotone: a rule more never shrinks what is exposed; without a route to
// a gateway nothing is.
func TestMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		before := exposedAll(w.estate())
		g := rapid.IntRange(0, len(w.Groups)-1).Draw(t, "group")
		w.Groups[g].In = append(w.Groups[g].In, drawRule(t, len(w.Groups)))
		for id, flows := range exposedAll(w.estate()) {
			if !flows.Covers(before[id]) {
				t.Fatalf("%s lost flows by an allow rule of sg-%d", id, g)
			}
		}
		for i := range w.Tables {
			kept := w.Tables[i].Routes[:0]
			for _, r := range w.Tables[i].Routes {
				if r.Target != "igw" {
					kept = append(kept, r)
				}
			}
			w.Tables[i].Routes = kept
		}
		for id, flows := range exposedAll(w.estate()) {
			if !flows.Empty() {
				t.Fatalf("%s is exposed without any route to an internet gateway", id)
			}
		}
	})
}

// TestMoreGroupsNeverShrink: an interface with one group more is reached from
// everywhere it was reached from before.
func TestMoreGroupsNeverShrink(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		j := rapid.IntRange(0, len(w.Ifaces)-1).Draw(t, "interface")
		id := fmt.Sprintf("eni-%d", j)
		before := exposedAll(w.estate())[id]
		w.Ifaces[j].Groups = append([]int{}, w.Ifaces[j].Groups...)
		w.Ifaces[j].Groups = append(w.Ifaces[j].Groups, 2*w.vpcOf(j), 2*w.vpcOf(j)+1)
		if after := exposedAll(w.estate())[id]; !after.Covers(before) {
			t.Fatalf("%s lost flows by a group more", id)
		}
	})
}

func sources(t *testing.T, list ...string) headerspace.Addrs {
	t.Helper()
	var out headerspace.Addrs
	for _, s := range list {
		p, err := headerspace.ParsePrefix(s)
		if err != nil {
			t.Fatal(err)
		}
		out = out.Union(p)
	}
	return out
}
