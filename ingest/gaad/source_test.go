package gaad

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest"
)

func run(t *testing.T, s *Source) *ingest.Result {
	t.Helper()
	result, err := ingest.Run(context.Background(), s, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func read(t *testing.T, text string) *Source {
	t.Helper()
	s, err := Read(strings.NewReader(text), "dump.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestDump(t *testing.T) {
	result := run(t, read(t, `{"UserDetailList":[{"UserName":"ann","Arn":"arn:aws:iam::111122223333:user/ann","GroupList":["admins"]}],
		"GroupDetailList":[{"GroupName":"admins","Arn":"arn:aws:iam::111122223333:group/admins","AttachedManagedPolicies":[{"PolicyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}]}],
		"Policies":[{"PolicyName":"AdministratorAccess","Arn":"arn:aws:iam::aws:policy/AdministratorAccess","PolicyVersionList":[{"IsDefaultVersion":true,"Document":"%7B%22Statement%22%3A%5B%5D%7D"}]}]}`))
	s := result.Snapshot
	if got := s.Meta(); got.Source != "gaad" || len(got.Accounts) != 1 || got.Accounts[0] != "111122223333" {
		t.Errorf("meta %+v", got)
	}
	if len(result.Report.Problems) != 0 {
		t.Errorf("problems %v", result.Report.Problems)
	}
	policy, ok := s.Lookup("arn:aws:iam::aws:policy/AdministratorAccess")
	if !ok || string(s.Prop(policy, graph.PropDocument)) != `{"Statement":[]}` || s.Node(policy).Account != "" {
		t.Errorf("policy %+v: %s", s.Node(policy), s.Prop(policy, graph.PropDocument))
	}
	missing := map[string]bool{}
	for _, g := range s.Gaps() {
		if g.Refused() {
			t.Errorf("a dump refuses nothing: %+v", g)
		}
		missing[g.Service+" "+g.Operation] = true
	}
	if !missing["organizations ListPolicies"] || !missing["s3 GetBucketPolicy"] || missing["iam GetAccountAuthorizationDetails"] {
		t.Errorf("missing %v", missing)
	}
}

func TestCutAndEmptyDumps(t *testing.T) {
	s := run(t, read(t, `{"UserDetailList":[{"UserName":"a","Arn":"arn:aws:iam::111122223333:user/a"}],"IsTruncated":true,"Marker":"x"}`)).Snapshot
	refused := 0
	for _, g := range s.Gaps() {
		if g.Refused() {
			refused++
			if g.Outcome != graph.OutcomeTruncated {
				t.Errorf("gap %+v", g)
			}
		}
	}
	if refused != 1 {
		t.Errorf("%d gaps for a dump with more pages", refused)
	}
	if got := run(t, read(t, `{"UserDetailList":[],"GroupDetailList":[],"RoleDetailList":[],"Policies":[]}`)).Snapshot.Meta().Tasks[graph.OutcomeEmpty]; got != 1 {
		t.Errorf("an account without identities: %d empty slices", got)
	}
}

func TestWhatIsNoDump(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "dump.json: the file is empty",
		`{"Vpcs":[]}`:                "dump.json: is no GetAccountAuthorizationDetails reply: it has none of UserDetailList, GroupDetailList, RoleDetailList, Policies",
		"{\"UserDetailList\":[\n{]}": "dump.json: is not valid JSON: line 2, column 2: invalid character ']' looking for beginning of object key string",
		`[]`:                         "dump.json: is a JSON array where an object belongs",
	} {
		_, err := ingest.Run(context.Background(), read(t, text), ingest.Options{})
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "missing.json")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

func TestSamples(t *testing.T) {
	root := os.Getenv("CAIRN_SAMPLES")
	if root == "" {
		t.Skip("CAIRN_SAMPLES is not set")
	}
	if !filepath.IsAbs(root) {
		root = filepath.Join("..", "..", root)
	}
	for name, want := range map[string]string{
		"cloudsplaining-example-authz-details.json": "3 users, 2 groups, 3 roles, 32 policies",
		"fixinventory-gaad.json":                    "3 users, 1 groups, 2 roles, 4 policies",
	} {
		s, err := Open(filepath.Join(root, "gaad", name))
		if err != nil {
			t.Fatal(err)
		}
		result := run(t, s)
		snap := result.Snapshot
		got := fmt.Sprintf("%d users, %d groups, %d roles, %d policies", len(snap.ByKind(graph.KindUser)), len(snap.ByKind(graph.KindGroup)),
			len(snap.ByKind(graph.KindRole)), len(snap.ByKind(graph.KindPolicy)))
		if diff := cmp.Diff(want, got); diff != "" || len(result.Report.Problems) > 0 {
			t.Errorf("%s: problems %v (-want +got):\n%s", name, result.Report.Problems, diff)
		}
		for _, ref := range snap.ByKind(graph.KindPolicy) {
			if snap.Prop(ref, graph.PropDocument) == nil {
				t.Errorf("%s has no document", snap.Node(ref).ID)
			}
		}
	}
}
