package assemble

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/record"
)

// TestWhatAllDescriptionsSayHolds compares with the rule in a line: of several
// descriptions in any number of replies and any order, a claim stands if all of
// them make it.
func TestWhatAllDescriptionsSayHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := []string{"a", "b", "c"}
		subset := func(label string) []string {
			var list []string
			for _, n := range names {
				if rapid.Bool().Draw(t, label+n) {
					list = append(list, n)
				}
			}
			return list
		}
		shared := map[string]int{}
		var held, items []string
		same := true
		for i := range rapid.IntRange(1, 4).Draw(t, "descriptions") {
			var claims, groups, inline []string
			for _, g := range subset("group") {
				claims = append(claims, "group "+g)
				groups = append(groups, `"`+g+`"`)
			}
			for _, p := range subset("policy") {
				doc := rapid.IntRange(1, 2).Draw(t, "document")
				claims = append(claims, fmt.Sprintf("policy %s %d", p, doc))
				inline = append(inline, fmt.Sprintf(`{"PolicyName":%q,"PolicyDocument":{"Id":"%d"}}`, p, doc))
			}
			for _, c := range claims {
				shared[c]++
			}
			if i == 0 {
				held = claims
			}
			same = same && slices.Equal(held, claims)
			items = append(items, `{"UserName":"u","Arn":"`+iamID("user/u")+`","GroupList":[`+strings.Join(groups, ",")+`],"UserPolicyList":[`+strings.Join(inline, ",")+`]}`)
		}
		var want []string
		for c, n := range shared {
			if n == len(items) {
				want = append(want, c)
			}
		}
		items = rapid.Permutation(items).Draw(t, "order")
		records := []record.Record{groups(names...)}
		for from := 0; from < len(items); {
			to := rapid.IntRange(from+1, len(items)).Draw(t, "cut")
			records = append(records, of(fmt.Sprint("file", from), rec("iam", "GetAccountAuthorizationDetails", `{"UserDetailList":[`+strings.Join(items[from:to], ",")+`]}`)))
			from = to
		}
		asm := New()
		for _, r := range records {
			asm.Add(r)
		}
		s, _, err := asm.Build(graph.Meta{ID: "s"})
		if err != nil {
			t.Fatal(err)
		}
		u, _ := s.Lookup(iamID("user/u"))
		var got []string
		for g := range s.OutKind(u, graph.EdgeMemberOf) {
			got = append(got, "group "+s.Node(g).Name)
		}
		for _, p := range s.Props(u) {
			if name, ok := strings.CutPrefix(p.Key, graph.PropInlinePrefix); ok {
				got = append(got, fmt.Sprintf("policy %s %c", name, p.Value[len(`{"Id":"`)]))
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(want, got) {
			t.Errorf("%q, want %q", got, want)
		}
		if described := s.Prop(u, graph.PropResource) != nil; described != same || (len(s.Gaps()) == 0) != same {
			t.Errorf("described %v, gaps %v, all the same %v", described, s.Gaps(), same)
		}
	})
}
