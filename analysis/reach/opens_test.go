package reach_test

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cairn-security/cairn/analysis/reach"
)

var (
	anything  = worldRule{Proto: -1, To: 15, Group: -1, Peer: netip.MustParsePrefix("0.0.0.0/0")}
	groupRule = regexp.MustCompile(`^an (inbound|outbound) rule of sg-(\d+): `)
	listRule  = regexp.MustCompile(`^an (inbound|outbound) rule of acl-(\d+) that allows `)
	newRoute  = regexp.MustCompile(`^a route of rtb-(\d+) to ([0-9.]+) via (igw|nat|pcx|tgw)-\d+$`)
	propagate = regexp.MustCompile(`^(propagate|replace .* by a route to) tgw-attach-(\d+) `)
	public    = regexp.MustCompile(`^give eni-(\d+) a public address$`)
	unchecked = regexp.MustCompile(`^turn the source/destination check of eni-(\d+) off$`)
	gateway   = regexp.MustCompile(`^attach .*vpc-(\d+)$`)
)

// apply makes one change, as it was put in words, to the descriptions. It is
// false for changes that the small world cannot express.
func (w *world) apply(text string) bool {
	number := func(m []string, i int) int {
		n, _ := strconv.Atoi(m[i])
		return n
	}
	if m := groupRule.FindStringSubmatch(text); m != nil {
		g := &w.Groups[number(m, 2)]
		if m[1] == "inbound" {
			g.In = append(slices.Clone(g.In), anything)
		} else {
			g.Out = append(slices.Clone(g.Out), anything)
		}
		return true
	}
	if m := listRule.FindStringSubmatch(text); m != nil {
		a := &w.ACLs[number(m, 2)]
		first := worldEntry{worldRule: anything, Number: 1, Allow: true}
		if m[1] == "inbound" {
			a.In = append([]worldEntry{first}, a.In...)
		} else {
			a.Out = append([]worldEntry{first}, a.Out...)
		}
		return true
	}
	if m := newRoute.FindStringSubmatch(text); m != nil {
		t := &w.Tables[number(m, 1)]
		dest := netip.PrefixFrom(netip.MustParseAddr(m[2]), 32)
		t.Routes = append(slices.DeleteFunc(slices.Clone(t.Routes), func(r worldRoute) bool { return r.Dest == dest }), worldRoute{Dest: dest, Target: m[3]})
		return true
	}
	if m := propagate.FindStringSubmatch(text); m != nil {
		v := number(m, 2)
		if m[1] != "propagate" {
			w.Routes = slices.DeleteFunc(w.Routes, func(r worldTransitRoute) bool { return r.VPC < 0 })
		}
		w.Routes = append(w.Routes, worldTransitRoute{Dest: netip.PrefixFrom(privateAddr(v, 0), 26), VPC: v})
		return true
	}
	if m := public.FindStringSubmatch(text); m != nil {
		w.Ifaces[number(m, 1)].Public = publicAddr(80 + number(m, 1))
		return true
	}
	if m := unchecked.FindStringSubmatch(text); m != nil {
		w.Ifaces[number(m, 1)].Forwards = true
		return true
	}
	if m := gateway.FindStringSubmatch(text); m != nil {
		w.VPCs[number(m, 1)].IGW = true
		return true
	}
	if strings.HasPrefix(text, "accept pcx-") {
		w.Peering = "active"
		return true
	}
	return false
}

// TestOpensOpens makes the change that a blocked answer names and asks again on
// the changed descriptions: it must be reachable then.
func TestOpensOpens(t *testing.T) {
	kinds := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		i := rapid.IntRange(0, len(w.Ifaces)-1).Draw(t, "from")
		j := rapid.IntRange(0, len(w.Ifaces)-1).Draw(t, "to")
		if i == j || w.Ifaces[i].NAT || w.Ifaces[j].NAT {
			t.Skip("no question")
		}
		o := reach.Options{Protocol: "tcp", Port: rapid.IntRange(0, 15).Draw(t, "port")*portBlock + 1, SourcePort: 2048}
		from, to := fmt.Sprintf("eni-%d", i), fmt.Sprintf("eni-%d", j)
		if rapid.IntRange(0, 2).Draw(t, "from the internet") == 0 {
			from, o.SourceAddress = "internet", publicAddr(rapid.IntRange(0, 60).Draw(t, "client"))
		} else {
			o.DestAddress = w.Ifaces[j].Private
		}
		before, err := w.estate().Query(from, to, o)
		if err != nil {
			t.Fatal(err)
		}
		if before.Opens() == "" {
			return
		}
		_, list, many := strings.Cut(before.Opens(), " changes together: ")
		if !many {
			list = before.Opens()
		}
		for _, text := range strings.Split(list, "; ") {
			if !w.apply(text) {
				if !strings.HasPrefix(text, "add a subnet in ") {
					t.Fatalf("no test knows the change %q", text)
				}
				return
			}
			kinds[strings.Join(strings.Fields(text)[:2], " ")]++
		}
		after, err := w.estate().Query(from, to, o)
		if err != nil {
			t.Fatal(err)
		}
		if after.Verdict != reach.Reachable {
			t.Fatalf("%v\nwould open by %q\nand then is %v (%+v)\n%+v", before, before.Opens(), after, after.BlockedBy, w)
		}
	})
	if len(kinds) < 5 {
		t.Errorf("only these changes came up: %v", kinds)
	}
}
