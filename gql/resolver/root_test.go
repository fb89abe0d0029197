package resolver_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/gql/gqltest"
)

// Every root field takes the snapshot, and all name the same things the same way.
func TestRootFieldsTakeASnapshot(t *testing.T) {
	s := gqltest.New(t, nil, gqltest.Parse(t, gqltest.EstateText), gqltest.Later(t, "s-2", "05", nil))
	for _, field := range []string{
		`node(id:"larch-orders" SNAPSHOT){id}`, `document(id:"none" SNAPSHOT){id}`, `estate(SNAPSHOT){nodes}`, `attackPaths(SNAPSHOT){totalCount}`,
		`attackPath(id:"none" SNAPSHOT){id}`, `fixes(SNAPSHOT){id}`, `trials(SNAPSHOT){state}`, `datastores(SNAPSHOT){totalCount}`, `datastore(id:"larch-orders" SNAPSHOT){id}`,
		`principals(SNAPSHOT){totalCount}`, `findings(SNAPSHOT){totalCount}`, `coverage(SNAPSHOT){tasks{count}}`, `exposed(SNAPSHOT){totalCount}`,
		`reach(from:"internet" to:"larch-orders" SNAPSHOT){verdict}`, `can(principal:"owner" action:"s3:GetObject" resource:"larch-orders" SNAPSHOT){decision}`,
		`whoCan(action:"s3:GetObject" resource:"larch-orders" SNAPSHOT){everyone}`, `search(prefix:"larch" SNAPSHOT){id}`,
	} {
		for snapshot, code := range map[string]string{`snapshot:"s-1"`: "", `snapshot:"s-2"`: "", `snapshot:""`: "", `snapshot:null`: "", `snapshot:"s-9"`: "NOT_FOUND"} {
			query := "{" + strings.ReplaceAll(field, "SNAPSHOT", snapshot) + "}"
			if r := s.Ask(t, query, nil); r.Code() != code {
				t.Errorf("%s: code %q, want %q: %+v", query, r.Code(), code, r.Errors)
			}
		}
	}
}

func TestSnapshots(t *testing.T) {
	s := gqltest.New(t, nil, gqltest.Parse(t, gqltest.EstateText), gqltest.Later(t, "s-2", "05", nil), gqltest.Later(t, "s-3", "06", nil))
	type snapshot struct {
		ID, TakenAt, Source    string
		Latest                 bool
		Accounts, Nodes, Edges int
	}
	list := func(arguments string) (all []snapshot) {
		var out struct{ Snapshots []snapshot }
		s.Data(t, "{snapshots"+arguments+"{id takenAt source latest accounts nodes edges}}", nil, &out)
		return out.Snapshots
	}
	var ids []string
	for i, one := range list("") {
		ids = append(ids, one.ID)
		if one.Latest != (i == 0) || one.Nodes == 0 || one.Edges == 0 || one.Accounts != 2 || !strings.HasSuffix(one.TakenAt, "Z") {
			t.Errorf("%+v", one)
		}
	}
	if !slices.Equal(ids, []string{"s-3", "s-2", "s-1"}) {
		t.Errorf("%v, want the newest first", ids)
	}
	if got := list("(first:2)"); len(got) != 2 {
		t.Errorf("%d snapshots, want 2", len(got))
	}
	if got := list("(first:0)"); len(got) != 0 {
		t.Errorf("%d snapshots, want none", len(got))
	}
	for _, first := range []string{"-1", "1001"} {
		if r := s.Ask(t, "{snapshots(first:"+first+"){id}}", nil); r.Code() != "BAD_INPUT" {
			t.Errorf("first %s: code %q", first, r.Code())
		}
	}
	var node struct {
		Node struct {
			Typename string `json:"__typename"`
			Latest   bool
		}
	}
	s.Data(t, `{node(id:"s-2"){__typename ...on Snapshot{latest}}}`, nil, &node)
	if node.Node.Typename != "Snapshot" || node.Node.Latest {
		t.Errorf("snapshot by id: %+v", node)
	}
}

// Whatever names a node takes its id, its ARN, or a name that only it has.
func TestNames(t *testing.T) {
	s := gqltest.Sample(t, nil)
	for _, c := range []struct{ query, code string }{
		{`{datastore(id:"larch-orders"){id}}`, ""},
		{`{datastore(id:"arn:aws:s3:::larch-orders"){id}}`, ""},
		{`{datastore(id:"nothing-is-called-so"){id}}`, "NOT_FOUND"},
		{`{fixes(target:"larch-orders"){id}}`, ""},
		{`{attackPaths(filter:{target:"larch-orders"}){totalCount}}`, ""},
		{`{attackPaths(filter:{target:"nothing-is-called-so"}){totalCount}}`, "NOT_FOUND"},
		{`{can(principal:"owner" action:"s3:GetObject" resource:"larch-orders"){decision}}`, ""},
		{`{can(principal:"larch-orders" action:"s3:GetObject" resource:"larch-orders"){decision}}`, "BAD_INPUT"},
		{`{can(principal:"owner" action:"s3:*" resource:"larch-orders"){decision}}`, "BAD_INPUT"},
		{`{whoCan(action:"GetObject" resource:"larch-orders"){everyone}}`, "BAD_INPUT"},
		{`{reach(from:"internet" to:"nothing-is-called-so"){verdict}}`, "NOT_FOUND"},
		{`{reach(from:"ip:not-an-address" to:"larch-orders"){verdict}}`, "BAD_INPUT"},
		{`{reach(from:"internet" to:"larch-orders" port:70000){verdict}}`, "BAD_INPUT"},
	} {
		if r := s.Ask(t, c.query, nil); r.Code() != c.code {
			t.Errorf("%s: code %q, want %q: %+v", c.query, r.Code(), c.code, r.Errors)
		}
	}
}

func TestAmbiguousNamesListTheirCandidates(t *testing.T) {
	twice := strings.ReplaceAll(gqltest.EstateText, "name=larch-vault", "name=larch-orders")
	s := gqltest.New(t, nil, gqltest.Parse(t, twice))
	for _, query := range []string{
		`{datastore(id:"larch-orders"){id}}`, `{fixes(target:"larch-orders"){id}}`,
		`{attackPaths(filter:{target:"larch-orders"}){totalCount}}`, `{whoCan(action:"s3:GetObject" resource:"larch-orders"){everyone}}`,
		`{reach(from:"internet" to:"larch-orders"){verdict}}`,
	} {
		r := s.Ask(t, query, nil)
		if r.Code() != "AMBIGUOUS" || !slices.Equal(r.Errors[0].Extensions.Candidates, []string{"arn:aws:s3:::larch-orders", "arn:aws:s3:::larch-vault"}) {
			t.Errorf("%s: %+v, want both candidates", query, r.Errors)
		}
	}
}

// The estate is called what its managing account, or its only one, is called.
func TestNameOfTheEstate(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(string) string
		want   any
	}{
		{"the organization has a name", func(text string) string { return text }, "Larch Books"},
		{"it has none", func(text string) string { return strings.Replace(text, `name="Larch Books"`, "name=o-larch", 1) }, nil},
		{"it is managed by an account that has one", func(text string) string {
			text = strings.Replace(text, `name="Larch Books"`, "name=o-larch", 1)
			return strings.Replace(text, `alias "larch-data"`, "alias \"larch-data\"\n  managementAccount true", 1)
		}, "larch-data"},
	} {
		s := gqltest.New(t, nil, gqltest.Parse(t, c.change(gqltest.EstateText)))
		var out struct{ Estate struct{ Name any } }
		s.Data(t, "{estate{name}}", nil, &out)
		if out.Estate.Name != c.want {
			t.Errorf("%s: %v, want %v", c.name, out.Estate.Name, c.want)
		}
	}
}

// A family is found from every node that one of its paths passes, whichever of
// the interchangeable ones it is.
func TestPathsThroughInterchangeableNodes(t *testing.T) {
	s := gqltest.Sample(t, nil)
	type family struct {
		ID    string
		Paths struct {
			Nodes []struct {
				Steps []struct {
					Conclusion struct{ Node struct{ ID string } }
				}
			}
		}
	}
	var all struct{ AttackPaths struct{ Nodes []family } }
	s.Data(t, `{attackPaths{nodes{id paths(first:50){nodes{steps{conclusion{node{id}}}}}}}}`, nil, &all)
	asked := map[string]bool{}
	for _, f := range all.AttackPaths.Nodes {
		for _, p := range f.Paths.Nodes {
			for _, step := range p.Steps {
				node := step.Conclusion.Node.ID
				if asked[f.ID+node] {
					continue
				}
				asked[f.ID+node] = true
				var out struct {
					Node        struct{ AttackPaths []struct{ ID string } }
					AttackPaths struct{ Nodes []struct{ ID string } }
				}
				s.Data(t, `query($node:ID!){node(id:$node){...on EstateNode{attackPaths(first:100){id}}} attackPaths(filter:{through:$node}){nodes{id}}}`, map[string]any{"node": node}, &out)
				has := func(x struct{ ID string }) bool { return x.ID == f.ID }
				if !slices.ContainsFunc(out.Node.AttackPaths, has) || !slices.ContainsFunc(out.AttackPaths.Nodes, has) {
					t.Errorf("family %s is not found through %s", f.ID, node)
				}
			}
		}
	}
	if len(asked) < 5 {
		t.Errorf("%d nodes on paths", len(asked))
	}
}

// The line under a family names facts, not techniques.
func TestWhyNamesFacts(t *testing.T) {
	s := gqltest.Sample(t, nil)
	var out struct {
		AttackPaths struct {
			Nodes []struct {
				Title string
				Why   []string
			}
		}
	}
	s.Data(t, `{attackPaths(first:50){nodes{title why}}}`, nil, &out)
	found := map[string]string{}
	for _, n := range out.AttackPaths.Nodes {
		found[n.Title] = strings.Join(n.Why, "; ")
		if len(n.Why) == 0 || len(n.Why) > 3 {
			t.Errorf("%s: %q, want one to three facts", n.Title, n.Why)
		}
	}
	for part, want := range map[string]string{
		"Internet can read larch-exports": "bucket policy “Open”",
		"larch-orders through":            "tcp 443 from 0.0.0.0/0; metadata version 1; trust of reports “Web”",
	} {
		ok := false
		for title, why := range found {
			ok = ok || strings.Contains(title, part) && why == want
		}
		if !ok {
			t.Errorf("no family %q because of %q: %q", part, want, found)
		}
	}
}
