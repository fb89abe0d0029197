package route_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/analysis/route/routetest"
	"github.com/cairn-security/cairn/graph"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// fleet is the small estate with so many more web servers, all likelier ways
// to the bucket than the phished user.
func fleet(n int) *small {
	s := newSmall(false)
	for i := range n {
		name := fmt.Sprint("fleet-", i)
		s.ref[name] = graph.Ref(len(s.nodes))
		s.nodes = append(s.nodes, graph.Node{ID: "arn:aws:test:::" + name, Name: name, Kind: graph.KindInstance, Account: home})
		s.add("network-reach", 1, 0, s.on(attack.Reaches, name), attack.State{Kind: attack.At, Node: graph.NoRef})
		s.add("exploit", 0.1, 0, s.on(attack.Executes, name), s.on(attack.Reaches, name))
		s.add("metadata", 0.5, 0, s.on(attack.Controls, "app"), s.on(attack.Executes, name))
	}
	return s
}

func TestReplicasDoNotHideOtherFamilies(t *testing.T) {
	s := fleet(300)
	g := s.graph(t)
	target := s.id(t, g, attack.Reads, "cards")
	list, truncated := finder(t, g).Families(context.Background(), route.FamilyQuery{Targets: []route.StateID{target}, PathsPerTarget: 10})
	if len(list) != 2 || !truncated || !list[0].Truncated {
		t.Fatalf("%d families, truncated %v", len(list), truncated)
	}
	if list[1].Entry.Kind != "phished-user" || len(list[0].Paths) != 9 {
		t.Errorf("%s, %d paths", list[1].Entry.Kind, len(list[0].Paths))
	}
	all := families(t, finder(t, g), route.FamilyQuery{Targets: []route.StateID{target}, PathsPerTarget: 1000})
	if len(all) != 2 || len(all[0].Paths) != 302 {
		t.Errorf("%d families, the first of %d paths", len(all), len(all[0].Paths))
	}
}

func TestDiverseFamiliesRestOnDifferentFacts(t *testing.T) {
	s := newSmall(false)
	g := s.graph(t)
	targets := []route.StateID{s.id(t, g, attack.Reads, "cards"), s.id(t, g, attack.Reads, "orders"), s.id(t, g, attack.Administers, "prod")}
	list := families(t, finder(t, g), route.FamilyQuery{Targets: targets})
	picked := g.Diverse(list, 2)
	if len(picked) != 2 || picked[0].ID != list[0].ID || picked[1].Entry.Kind != "phished-user" {
		t.Fatalf("%+v", picked)
	}
	if got := g.Diverse(list, 100); len(got) != len(list) {
		t.Errorf("%d of %d families", len(got), len(list))
	}
}

func TestPuttingOffTwinsLosesNoPath(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := build(t, routetest.SomeNodes(6), routetest.Draw(t, joined))
		f, err := route.NewFinder(context.Background(), g)
		if err != nil {
			t.Fatal(err)
		}
		for v := range route.StateID(g.States()) {
			if !f.Lower().Reached(v) {
				continue
			}
			want, got := map[string]bool{}, map[string]bool{}
			paths, _ := f.Lower().Paths(context.Background(), v, 1000)
			for _, p := range paths {
				want[p.ID] = true
			}
			list, _ := f.Families(context.Background(), route.FamilyQuery{Targets: []route.StateID{v}, PathsPerTarget: 1000})
			for _, family := range list {
				for _, p := range family.Paths {
					if p.Family != family.ID || got[p.ID] {
						t.Fatalf("path %s of family %s in %s", p.ID, p.Family, family.ID)
					}
					got[p.ID] = true
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("state %d: %s", v, diff)
			}
		}
	})
}
