package assemble

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/record"
)

func TestOrganization(t *testing.T) {
	const org = "arn:aws:organizations::111122223333:"
	s, report := build(t,
		rec("organizations", "DescribeOrganization", `{"Organization":{"Id":"o-1","Arn":"`+org+`organization/o-1","MasterAccountId":"111122223333"}}`),
		rec("organizations", "ListRoots", `{"Roots":[{"Id":"r-1","Arn":"`+org+`root/o-1/r-1","Name":"Root"}]}`),
		rec("organizations", "ListOrganizationalUnitsForParent", `{"OrganizationalUnits":[{"Id":"ou-1","Arn":"`+org+`ou/o-1/ou-1","Name":"prod"}]}`, "ParentId", "r-1"),
		rec("organizations", "ListAccountsForParent", `{"Accounts":[{"Id":"444455556666","Name":"clinic"}]}`, "ParentId", "ou-1"),
		rec("organizations", "ListAccounts", `{"Accounts":[{"Id":"444455556666","Name":"clinic"},{"Id":"111122223333","Name":"main"},{"Name":"no id"}]}`),
		rec("organizations", "ListPolicies", `{"Policies":[{"Id":"p-1","Arn":"`+org+`policy/o-1/service_control_policy/p-1","Name":"guard","Type":"SERVICE_CONTROL_POLICY"}]}`, "Filter", "SERVICE_CONTROL_POLICY"),
		rec("organizations", "DescribePolicy", `{"Policy":{"PolicySummary":{"Id":"p-1","Arn":"`+org+`policy/o-1/service_control_policy/p-1","Type":"SERVICE_CONTROL_POLICY"},"Content":"{\"Statement\":[]}"}}`, "PolicyId", "p-1"),
		rec("organizations", "ListTargetsForPolicy", `{"Targets":[{"TargetId":"r-1","Type":"ROOT"},{"TargetId":"ou-1"},{"TargetId":"444455556666","Type":"ACCOUNT"}]}`, "PolicyId", "p-1"),
		rec("organizations", "ListTagsForResource", `{"Tags":[{"Key":"stage","Value":"prod"}]}`, "ResourceId", "444455556666"))
	wantProblems(t, report, "organizations ListAccounts: Accounts: an account has no Id of 12 digits")
	wantGraph(t, s, `
		organizations:organization/o-1 REFERS iam:root
		organizations:organization/o-1 CONTAINS organizations:root/o-1/r-1
		organizations:root/o-1/r-1 CONTAINS organizations:ou/o-1/ou-1
		organizations:ou/o-1/ou-1 CONTAINS iam::444455556666:root
		organizations:root/o-1/r-1 ORG_POLICY organizations:policy/o-1/service_control_policy/p-1
		organizations:ou/o-1/ou-1 ORG_POLICY organizations:policy/o-1/service_control_policy/p-1
		iam::444455556666:root ORG_POLICY organizations:policy/o-1/service_control_policy/p-1`)
	clinic := wantKind(t, s, "arn:aws:iam::444455556666:root", graph.KindAccount)
	wantProp(t, s, clinic, graph.PropAlias, `"clinic"`)
	wantProp(t, s, clinic, graph.PropTags, `{"stage":"prod"}`)
	wantProp(t, s, wantKind(t, s, graph.AccountID(account), graph.KindAccount), graph.PropManagement, `true`)
	policy := wantKind(t, s, org+"policy/o-1/service_control_policy/p-1", graph.KindOrgPolicy)
	wantProp(t, s, policy, graph.PropDocument, `{"Statement":[]}`)
	wantProp(t, s, policy, graph.PropOrgPolicyType, `"SERVICE_CONTROL_POLICY"`)
}

// TestOrganizationRefusedOnce: an organization is asked about once, so a refusal
// hides from every account what binds it; what is answered elsewhere only hides
// nothing.
func TestOrganizationRefusedOnce(t *testing.T) {
	other := rec("ec2", "DescribeVpcs", `{"Vpcs":[]}`)
	other.Account = "444455556666"
	for outcome, want := range map[graph.Outcome][]string{
		graph.OutcomeDenied:       {graph.AccountID(account), graph.AccountID("444455556666")},
		graph.OutcomeNotCollected: {graph.AccountID(account)},
	} {
		s, _ := build(t, other, refused("organizations", "ListPolicies", outcome, "Filter", "SERVICE_CONTROL_POLICY"))
		if gaps := s.Gaps(); len(gaps) != 1 || !slices.Equal(gaps[0].Affects, want) {
			t.Errorf("%s: gaps %+v", outcome, gaps)
		}
	}
}

// TestUnitsBelowThemselves: where such units stand is not known, and so not what
// binds the accounts below them. Units elsewhere are as they are.
func TestUnitsBelowThemselves(t *testing.T) {
	const org = "arn:aws:organizations::111122223333:"
	units := func(parent string, children ...string) record.Record {
		var items []string
		for _, c := range children {
			items = append(items, `{"Id":"`+c+`","Arn":"`+org+`ou/o-1/`+c+`","Name":"`+c+`"}`)
		}
		return rec("organizations", "ListOrganizationalUnitsForParent", `{"OrganizationalUnits":[`+strings.Join(items, ",")+`]}`, "ParentId", parent)
	}
	s, report := build(t,
		rec("organizations", "ListRoots", `{"Roots":[{"Id":"r-1","Arn":"`+org+`root/o-1/r-1","Name":"Root"}]}`),
		units("r-1", "ou-good"), units("ou-a", "ou-b"), units("ou-b", "ou-a", "ou-below"), units("ou-self", "ou-self"),
		rec("organizations", "ListAccountsForParent", `{"Accounts":[{"Id":"444455556666","Name":"lost"}]}`, "ParentId", "ou-below"),
		rec("organizations", "ListAccountsForParent", `{"Accounts":[{"Id":"777788889999","Name":"found"}]}`, "ParentId", "ou-good"))
	wantProblems(t, report,
		"organizations ListOrganizationalUnitsForParent: "+org+"ou/o-1/ou-a: ou-a and ou-b stand below each other",
		"organizations ListOrganizationalUnitsForParent: "+org+"ou/o-1/ou-self: ou-self stands below itself")
	var got []string
	for _, g := range s.Gaps() {
		got = append(got, g.ID+" "+string(g.Outcome)+" "+strings.Join(g.Affects, " "))
	}
	want := []string{
		"gap:organizations:ListOrganizationalUnitsForParent:111122223333:global:ou-a:ou-b malformed arn:aws:iam::444455556666:root " + org + "ou/o-1/ou-a " + org + "ou/o-1/ou-b",
		"gap:organizations:ListOrganizationalUnitsForParent:111122223333:global:ou-self malformed " + org + "ou/o-1/ou-self",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
}
