package route_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/graph"
	"github.com/google/go-cmp/cmp"
)

func finder(t testing.TB, g *route.Graph) *route.Finder {
	f, err := route.NewFinder(context.Background(), g)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func families(t testing.TB, f *route.Finder, q route.FamilyQuery) []route.Family {
	list, truncated := f.Families(context.Background(), q)
	if truncated {
		t.Fatal("truncated")
	}
	return list
}

func techniques(g *route.Graph, p *route.Path) []string {
	var list []string
	for _, s := range p.Steps {
		list = append(list, string(g.Technique(s.Step)))
	}
	return list
}

func TestAlike(t *testing.T) {
	s := newSmall(false)
	g := s.graph(t)
	list := families(t, finder(t, g), route.FamilyQuery{Targets: []route.StateID{s.id(t, g, attack.Reads, "cards")}, Direct: []string{"phished-user"}})
	if len(list) != 1 {
		t.Fatalf("%d families, want the one through a web server", len(list))
	}
	f := &list[0]
	if diff := cmp.Diff([]string{"network-reach", "exploit", "metadata", "data-read"}, techniques(g, f.Best())); diff != "" {
		t.Error(diff)
	}
	want := []route.Interchangeable{{Kind: graph.KindInstance, Account: home, Nodes: []graph.Ref{s.ref["web-1"], s.ref["web-2"]}}}
	if diff := cmp.Diff(want, f.Interchangeable); diff != "" || len(f.Paths) != 2 {
		t.Errorf("%d paths, %s", len(f.Paths), diff)
	}
	if f.Entry.Kind != "internet" || f.Entry.Node != graph.NoRef || f.Best().Hops() != 4 {
		t.Errorf("entry %+v, %d hops", f.Entry, f.Best().Hops())
	}
	if first := f.Best().Steps[0]; len(first.Premises) != 0 || len(first.Merged) != 1 {
		t.Errorf("the position outside is not contracted: %+v", first)
	} else if v := g.Visible(first); len(v.Decisions) != 2 || len(v.Factors) != 2 || len(v.Premises) != 0 || v.Title != "network-reach web-1" {
		t.Errorf("%+v", v)
	}
}

func TestDirectAccessIsAPathWhenAskedFor(t *testing.T) {
	s := newSmall(false)
	g := s.graph(t)
	list := families(t, finder(t, g), route.FamilyQuery{Targets: []route.StateID{s.id(t, g, attack.Reads, "cards")}})
	if len(list) != 2 || list[1].Entry.Kind != "phished-user" || list[1].Entry.Node != s.ref["nina"] {
		t.Fatalf("%+v", list)
	}
	if steps := list[1].Best().Steps; !steps[0].Entry || list[1].Best().Hops() != 1 {
		t.Errorf("entry step not marked: %+v", steps)
	}
}

func TestAFootholdUsedTwiceCountsOnce(t *testing.T) {
	s := newSmall(false)
	g := s.graph(t)
	target := s.id(t, g, attack.Reads, "orders")
	paths, _ := finder(t, g).Lower().Paths(context.Background(), target, 10)
	best := paths[0]
	if want := 0.1 * 0.5 * 0.8 * 0.9; math.Abs(best.Likelihood-want) > 1e-12 {
		t.Errorf("likelihood %v, want %v", best.Likelihood, want)
	}
	if tree := route.Likelihood(best.Cost); tree > best.Likelihood/9 {
		t.Errorf("tree cost %v counts the foothold once", best.Cost)
	}
	if best.Status != attack.Conditional {
		t.Errorf("status %v", best.Status)
	}
	if len(paths) != 4 { // position and login through one or two web servers
		t.Errorf("%d paths, want 4", len(paths))
	}
	concluded := map[route.StateID]bool{}
	for _, step := range best.Steps {
		for _, p := range step.Premises {
			if !concluded[p] || g.State(p).Kind.Auxiliary() {
				t.Errorf("premise %v of %s", g.State(p), g.Technique(step.Step))
			}
		}
		concluded[step.Conclusion] = true
	}
}

func TestRoutesEndWhereAnAccountIsAdministered(t *testing.T) {
	s := newSmall(false)
	g := s.graph(t)
	f := finder(t, g)
	targets := []route.StateID{s.id(t, g, attack.Reads, "backups"), s.id(t, g, attack.Administers, "prod")}
	list := families(t, f, route.FamilyQuery{Targets: targets})
	if len(list) != 1 || list[0].Target != targets[1] {
		t.Fatalf("%+v", list)
	}
	if diff := cmp.Diff([]graph.Ref{s.ref["backups"]}, list[0].Behind); diff != "" {
		t.Error(diff)
	}
	if f.Answer(targets[0]) != route.ReachedTarget {
		t.Error("what lies behind counts as reached")
	}
	through := families(t, f, route.FamilyQuery{Targets: targets[:1], Through: true})
	if len(through) != 1 || !slices.Contains(techniques(g, through[0].Best()), "administrator") {
		t.Fatalf("the route is not continued: %+v", through)
	}
}

func TestThreeAnswers(t *testing.T) {
	s := newSmall(false)
	g := s.graph(t)
	cut := g.NewSet()
	for _, step := range g.StepsOn(s.ref["app"]) {
		cut.Add(step)
	}
	hidden := s.id(t, g, attack.Reads, "hidden")
	for want, f := range map[route.Answer]*route.Finder{route.UnknownPath: finder(t, g), route.NoPathSeen: finder(t, g.Without(cut))} {
		if got := f.Answer(hidden); got != want {
			t.Errorf("answer %v, want %v", got, want)
		}
	}
	list := families(t, finder(t, g), route.FamilyQuery{Targets: []route.StateID{hidden}})
	if len(list) != 1 || list[0].Status != attack.Unknown {
		t.Errorf("%+v", list)
	}
}

func TestIdsSurviveARescan(t *testing.T) {
	a, b := newSmall(false), newSmall(true)
	b.add("data-read", 0.95, 0, b.on(attack.Writes, "cards"), b.on(attack.Controls, "nina"))
	ids := func(s *small) (list []string) {
		g := s.graph(t)
		targets := []route.StateID{s.id(t, g, attack.Reads, "cards"), s.id(t, g, attack.Reads, "orders"), s.id(t, g, attack.Administers, "prod")}
		for _, f := range families(t, finder(t, g), route.FamilyQuery{Targets: targets}) {
			list = append(list, f.ID)
			for _, p := range f.Paths {
				list = append(list, p.ID)
			}
		}
		slices.Sort(list)
		return list
	}
	if diff := cmp.Diff(ids(a), ids(b)); diff != "" {
		t.Error(diff)
	}
}

func TestChokePointsOfTheExample(t *testing.T) {
	s := newSmall(false)
	g := s.graph(t)
	f := finder(t, g)
	targets := []route.StateID{s.id(t, g, attack.Reads, "cards"), s.id(t, g, attack.Reads, "orders")}
	points, err := f.Lower().ChokePoints(context.Background(), families(t, f, route.FamilyQuery{Targets: targets}), 0)
	if err != nil {
		t.Fatal(err)
	}
	mandatory := map[string][]route.StateID{}
	for _, p := range points {
		if p.Fact == nil {
			mandatory[g.Node(p.Node).Name] = p.Mandatory
			if g.Node(p.Node).Name == "web-1" && p.Reach != 2 {
				t.Errorf("web-1 reaches %d targets", p.Reach)
			}
		}
	}
	want := map[string][]route.StateID{"app": {targets[1]}, "orders-login": {targets[1]}, "web-1": nil, "web-2": nil, "nina": nil}
	if diff := cmp.Diff(want, mandatory); diff != "" {
		t.Error(diff)
	}
}

func TestBlastRadius(t *testing.T) {
	s := newSmall(false)
	g := s.graph(t)
	held, err := g.Blast(context.Background(), g.Held(s.ref["web-1"]))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]route.Held{}
	for _, h := range held {
		st := g.State(h.State)
		got[st.Kind.String()+" "+g.Node(st.Node).Name] = h
	}
	check := func(state string, hops int, status attack.Status, via ...attack.TechniqueID) {
		h, ok := got[state]
		if !ok || h.Hops != hops || h.Status != status || !slices.Equal(h.Via, via) {
			t.Errorf("%s: %+v (%v)", state, h, ok)
		}
	}
	check("executes web-1", 0, attack.Decided)
	check("reads cards", 2, attack.Decided, "metadata", "data-read")
	check("reaches orders", 1, attack.Decided, "network-reach")
	check("reads hidden", 2, attack.Unknown, "metadata", "data-read")
	check("reads backups", 4, attack.Decided, "metadata", "assume-role", "administrator", "data-read")
	if _, ok := got["controls nina"]; ok {
		t.Error("web-1 leads to nina")
	}
}

func TestDOTNamesStatesAndSteps(t *testing.T) {
	s := newSmall(false)
	g := s.graph(t)
	paths, _ := finder(t, g).Lower().Paths(context.Background(), s.id(t, g, attack.Reads, "orders"), 1)
	text, err := g.DOT("orders", paths...)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"digraph orders", `label="reads orders"`, `label="database-login"`, `label="reaches orders:443"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

func TestCancellationTruncates(t *testing.T) {
	s := newSmall(false)
	g := s.graph(t)
	f := finder(t, g)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := g.Search(ctx, route.Lower); err == nil {
		t.Error("a cancelled search gives no error")
	}
	list, truncated := f.Families(ctx, route.FamilyQuery{Targets: []route.StateID{s.id(t, g, attack.Reads, "orders")}, PathsPerTarget: 2})
	if !truncated {
		t.Errorf("%d families and not truncated", len(list))
	}
}
