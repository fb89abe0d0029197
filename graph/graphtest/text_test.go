package graphtest_test

import (
	"strings"
	"testing"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/graphtest"
	"pgregory.net/rapid"
)

func TestFormatAndParseAreInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := graphtest.Draw(t)
		text := graphtest.Format(s)
		back, err := graphtest.Parse(text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if d := graphtest.Difference(s, back); d != "" {
			t.Fatalf("%s\n%s", d, text)
		}
	})
}

const small = `
snapshot s1 source=demo taken=2026-01-02T03:04:05Z accounts=1 accounts=2 tasks=ok:3
node account arn:aws:iam::1:root account=1
node role arn:aws:iam::1:role/a name=a account=1
  from service=iam operation=GetRole read=2026-01-02T03:04:05Z
  trust { "Statement": [] }
edge arn:aws:iam::1:root CONTAINS arn:aws:iam::1:role/a
edge arn:aws:iam::1:role/a HAS_POLICY "p 1"
gap g1 denied account=1 service=s3 operation=ListBuckets affects=arn:aws:iam::1:root
`

func TestParse(t *testing.T) {
	s := graphtest.MustParse(t, small)
	role, err := s.Resolve("a")
	if err != nil {
		t.Fatal(err)
	}
	if got := string(s.Prop(role, "trust")); got != `{"Statement":[]}` {
		t.Errorf("trust = %s", got)
	}
	if o, _ := s.PropOrigin(role, "trust"); o.Call() != "iam GetRole" || o.ReadAt.IsZero() {
		t.Errorf("origin = %+v", o)
	}
	if ref, ok := s.Lookup("p 1"); !ok || s.Kind(ref) != graph.KindUnknown {
		t.Error("the policy that only an edge names is no unknown node")
	}
	if s.Edges() != 3 || s.Len() != 4 || s.Gap(role, "s3", "ListBuckets") == nil {
		t.Errorf("%d edges, %d nodes", s.Edges(), s.Len())
	}
}

func TestParseNamesTheLineOfAnError(t *testing.T) {
	for _, bad := range []string{
		"node nope x", "node role", "node role x\nnode role x", "edge a NOPE b", "edge a", " trust {}",
		"node role x\n  trust {", "node role x color=red", "gap g denied size=1", "snapshot s tasks=ok",
		"snapshot s taken=now", `node role "x`, "what", "node role x\n  from read=now",
	} {
		_, err := graphtest.Parse("# comment\n" + bad)
		if err == nil || !strings.Contains(err.Error(), "line ") {
			t.Errorf("Parse(%q) = %v, want an error that names the line", bad, err)
		}
	}
}

func TestDifferenceSeesEveryChange(t *testing.T) {
	want := graphtest.MustParse(t, small)
	for _, change := range [][2]string{
		{"source=demo", "source=aws"}, {"05Z accounts", "06Z accounts"}, {"tasks=ok:3", "tasks=ok:4"},
		{"name=a", "name=b"}, {"CONTAINS", "USES"}, {"[] }", "[1] }"}, {"GetRole", "ListRoles"},
		{"read=2026", "read=2025"}, {"denied", "timeout"}, {"\"p 1\"", "p2"}, {"affects=arn:aws:iam::1:root", ""},
	} {
		got := graphtest.MustParse(t, strings.Replace(small, change[0], change[1], 1))
		if graphtest.Difference(want, got) == "" {
			t.Errorf("changing %q to %q makes no difference", change[0], change[1])
		}
	}
}
