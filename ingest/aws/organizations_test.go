package aws

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/graph"
)

// organization answers as the Organizations API does in the account 111122223333
// of an organization that another account manages; answers are what a
// delegation lets it read, denials what its own policies do not allow.
func organization(management string, answers map[string]string, denials ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		refuse := func(message string) {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"__type":"AccessDeniedException","Message":%q}`, message)
		}
		switch answer, ok := answers[operation]; {
		case slices.Contains(denials, operation):
			refuse("User: arn:aws:iam::111122223333:user/a is not authorized to perform: organizations:" + operation + " on resource: *")
		case operation == "DescribeOrganization":
			fmt.Fprintf(w, `{"Organization":{"Id":"o-1","Arn":"arn:aws:organizations::%[1]s:organization/o-1","MasterAccountId":"%[1]s"}}`, management)
		case ok:
			fmt.Fprint(w, answer)
		default:
			refuse("You don't have permissions to access this resource.")
		}
	}
}

// TestMemberAccount: what only the management account is answered was not read
// for another reason than a refusal, and a delegation is used.
func TestMemberAccount(t *testing.T) {
	const policies = `{"Policies":[{"Id":"p-1","Type":"SERVICE_CONTROL_POLICY"}]}`
	for name, c := range map[string]struct {
		management string
		answers    map[string]string
		denials    []string
		want       map[string]graph.Outcome
	}{
		"member": {"444455556666", nil, nil, map[string]graph.Outcome{
			"DescribeOrganization": "ok", "ListPolicies": "notCollected", "ListRoots": "notCollected", "ListAccounts": "notCollected"}},
		"member without permission": {"444455556666", nil, []string{"ListPolicies"}, map[string]graph.Outcome{
			"ListPolicies": "denied", "ListRoots": "notCollected"}},
		"delegated administrator": {"444455556666", map[string]string{"ListPolicies": policies, "DescribePolicy": `{"Policy":{"Content":"{}"}}`}, nil, map[string]graph.Outcome{
			"ListPolicies": "ok", "DescribePolicy": "ok", "ListTargetsForPolicy": "notCollected", "ListRoots": "notCollected"}},
		"management account": {"111122223333", nil, nil, map[string]graph.Outcome{"ListPolicies": "denied"}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, p := fakeAPI(t, 1, organization(c.management, c.answers, c.denials...))
			m := &memory{}
			r := &run{options: &Options{}, base: &session{account: "111122223333", cfg: cfg}, services: []service{organizationsService(&Options{})},
				sink: m, progress: p, cancel: func(error) {}}
			r.aboutOrganization(context.Background(), nil)
			for operation, want := range c.want {
				records := m.records.of("organizations", operation)
				if len(records) == 0 {
					t.Errorf("%s was not asked", operation)
				}
				for _, r := range records {
					if r.Outcome != want {
						t.Errorf("%s: %s, want %s (%s)", operation, r.Outcome, want, r.Detail)
					}
				}
			}
		})
	}
}

// TestDryRunOfAMemberAccount: what no permission would change is not denied.
func TestDryRunOfAMemberAccount(t *testing.T) {
	cfg, p := fakeAPI(t, 1, organization("444455556666", nil, "ListRoots"))
	base := &session{account: "111122223333", cfg: cfg}
	r := &run{options: &Options{}, base: base, services: []service{organizationsService(&Options{})}, progress: p, cancel: func(error) {}, probe: newProbe()}
	r.sink = r.probe
	r.aboutOrganization(context.Background(), map[string]*session{base.account: base})
	for operation, want := range map[string]string{"DescribeOrganization": "allowed", "ListPolicies": "notTested", "ListRoots": "denied"} {
		if got := r.probe.verdict("organizations:" + operation); got != want {
			t.Errorf("%s: %s, want %s", operation, got, want)
		}
	}
}
