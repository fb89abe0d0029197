package reach_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// byPublic says whether interface i gets a packet to interface j by j's public
// address, straight out of its own gateway: it must get out and back as to
// anybody on the internet, and in and back as anybody from there.
func (w *world) byPublic(i, j int, p packet, ports []int) (arrives, straight bool) {
	x, y := w.Ifaces[i], w.Ifaces[j]
	o := &oracle{w: w, sender: i, passed: map[int]bool{}}
	p.src, p.dst = x.Private, y.Public
	if at := o.leave(x.Subnet, p); at.kind != "internet" || len(o.passed) > 0 {
		return false, false
	}
	seen := p
	seen.src = x.Public
	return w.toInternet(i, p, ports) && x.Public.IsValid() && w.fromInternet(j, seen, ports), true
}

// towardsInternet gives an interface what most of those on the internet have, so
// that something arrives at all.
func (w *world) towardsInternet(t *rapid.T, i int) {
	x := &w.Ifaces[i]
	v := w.vpcOf(i)
	w.VPCs[v].IGW, x.Public = true, publicAddr(100+i)
	table := &w.Tables[w.Subnets[x.Subnet].Table]
	if rapid.IntRange(0, 3).Draw(t, "default route") > 0 {
		table.Routes = append(table.Routes[:1:1], worldRoute{Dest: anything.Peer, Target: "igw"})
	}
	if g := &w.Groups[x.Groups[0]]; rapid.Bool().Draw(t, "open") {
		g.In, g.Out = append(g.In[:len(g.In):len(g.In)], anything), append(g.Out[:len(g.Out):len(g.Out)], anything)
	}
}

// TestByPublicAddress compares the engine with single packets between public
// addresses of the estate, with one client port at a time.
func TestByPublicAddress(t *testing.T) {
	arrived := 0
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		i := rapid.IntRange(0, len(w.Ifaces)-1).Draw(t, "from")
		j := rapid.IntRange(0, len(w.Ifaces)-1).Draw(t, "to")
		if i == j || w.Ifaces[i].NAT || w.Ifaces[j].NAT {
			t.Skip("no question")
		}
		w.towardsInternet(t, i)
		w.towardsInternet(t, j)
		client := rapid.IntRange(0, 15).Draw(t, "client port")
		a, err := w.estate().Query(fmt.Sprintf("eni-%d", i), fmt.Sprintf("eni-%d", j), reach.Options{SourcePort: client*portBlock + 2048, DestAddress: w.Ifaces[j].Public})
		if err != nil {
			t.Fatal(err)
		}
		for port := range 16 {
			p := packet{proto: 6, dport: port}
			want, straight := w.byPublic(i, j, p, []int{client})
			if !straight {
				continue
			}
			got := a.Flows.Contains(headerspace.AddrOf(w.Ifaces[i].Private), headerspace.AddrOf(w.Ifaces[j].Public), keyOf(p))
			if got != want {
				t.Fatalf("eni-%d -> eni-%d by %v port block %d from %d: engine %v, oracle %v\n%v\n%+v", i, j, w.Ifaces[j].Public, port, client, got, want, a, w)
			}
			if got {
				arrived++
			}
		}
	})
	if arrived == 0 {
		t.Error("nothing ever arrived: the comparison says nothing")
	}
}
