package assemble

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/record"
)

// TestPiecesOfAnIdentity: without a dump every piece of what an identity may do
// must be told, or it is a gap of the identity.
func TestPiecesOfAnIdentity(t *testing.T) {
	users := rec("iam", "ListUsers", `{"Users":[{"UserName":"ann","Arn":"`+iamID("user/ann")+`"}]}`)
	names := rec("iam", "ListUserPolicies", `{"PolicyNames":["p"]}`, "UserName", "ann")
	none := refused("iam", "ListUserPolicies", "empty", "UserName", "ann")
	none.Detail = ""
	inline := rec("iam", "GetUserPolicy", `{"UserName":"ann","PolicyName":"p","PolicyDocument":{}}`, "UserName", "ann", "PolicyName", "p")
	attached := rec("iam", "ListAttachedUserPolicies", `{"AttachedPolicies":[]}`, "UserName", "ann")
	memberships := rec("iam", "ListGroupsForUser", `{"Groups":[]}`, "UserName", "ann")
	for name, c := range map[string]struct {
		records []record.Record
		want    []string
	}{
		"named only":                  {[]record.Record{users}, []string{"ListAttachedUserPolicies", "ListGroupsForUser", "ListUserPolicies"}},
		"all of it":                   {[]record.Record{users, names, inline, attached, memberships}, nil},
		"in another order":            {[]record.Record{memberships, attached, inline, names, users}, nil},
		"without inline policies":     {[]record.Record{none, users, attached, memberships}, nil},
		"an inline policy named only": {[]record.Record{users, names, attached, memberships}, []string{"GetUserPolicy"}},
		"no groups":                   {[]record.Record{users, names, inline, attached}, []string{"ListGroupsForUser"}},
		"beside a dump":               {[]record.Record{users, rec("iam", "GetAccountAuthorizationDetails", `{"UserDetailList":[]}`)}, nil},
	} {
		s, report := build(t, c.records...)
		wantProblems(t, report)
		var got []string
		for _, g := range s.GapsOf(wantKind(t, s, iamID("user/ann"), graph.KindUser)) {
			if got = append(got, g.Operation); !g.Refused() {
				t.Errorf("%s: %+v", name, g)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
