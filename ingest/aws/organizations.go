package aws

import (
	"context"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// organizationsAPI reads the organization: its tree, its policies and where they are attached.
type organizationsAPI interface {
	DescribeOrganization(context.Context, *organizations.DescribeOrganizationInput, ...func(*organizations.Options)) (*organizations.DescribeOrganizationOutput, error)
	ListAccounts(context.Context, *organizations.ListAccountsInput, ...func(*organizations.Options)) (*organizations.ListAccountsOutput, error)
	ListRoots(context.Context, *organizations.ListRootsInput, ...func(*organizations.Options)) (*organizations.ListRootsOutput, error)
	ListOrganizationalUnitsForParent(context.Context, *organizations.ListOrganizationalUnitsForParentInput, ...func(*organizations.Options)) (*organizations.ListOrganizationalUnitsForParentOutput, error)
	ListAccountsForParent(context.Context, *organizations.ListAccountsForParentInput, ...func(*organizations.Options)) (*organizations.ListAccountsForParentOutput, error)
	ListPolicies(context.Context, *organizations.ListPoliciesInput, ...func(*organizations.Options)) (*organizations.ListPoliciesOutput, error)
	DescribePolicy(context.Context, *organizations.DescribePolicyInput, ...func(*organizations.Options)) (*organizations.DescribePolicyOutput, error)
	ListTargetsForPolicy(context.Context, *organizations.ListTargetsForPolicyInput, ...func(*organizations.Options)) (*organizations.ListTargetsForPolicyOutput, error)
	ListDelegatedAdministrators(context.Context, *organizations.ListDelegatedAdministratorsInput, ...func(*organizations.Options)) (*organizations.ListDelegatedAdministratorsOutput, error)
	ListTagsForResource(context.Context, *organizations.ListTagsForResourceInput, ...func(*organizations.Options)) (*organizations.ListTagsForResourceOutput, error)
}

// notInOrganization answers every call in an account that stands alone.
const notInOrganization = "AWSOrganizationsNotInUseException"

// notManagement tells the refusal that a member account meets from one by a
// policy: all but DescribeOrganization is answered in the management account
// alone and, each as far as it was delegated, to delegated administrators, so
// every operation is asked once. IAM's own refusals name what they do not allow.
// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListPolicies.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
func notManagement(err error) bool {
	return errorCode(err) == "AccessDeniedException" && !strings.Contains(err.Error(), "not authorized to perform")
}

func organizationsService(o *Options) service {
	return newService(o, "organizations", home, func(cfg sdk.Config) organizationsAPI { return organizations.NewFromConfig(cfg) }, organizationsTable)
}

var organizationsTable = []row[organizationsAPI]{
	list("DescribeOrganization", organizationsAPI.DescribeOrganization).empty(notInOrganization),
	list("ListAccounts", organizationsAPI.ListAccounts).empty(notInOrganization),
	list("ListDelegatedAdministrators", organizationsAPI.ListDelegatedAdministrators).empty(notInOrganization),
	list("ListRoots", organizationsAPI.ListRoots).empty(notInOrganization),
	each("ListOrganizationalUnitsForParent", organizationsAPI.ListOrganizationalUnitsForParent,
		from("ListRoots", unitsOf), from("ListOrganizationalUnitsForParent", unitsBelow)),
	each("ListAccountsForParent", organizationsAPI.ListAccountsForParent,
		from("ListRoots", accountsOf), from("ListOrganizationalUnitsForParent", accountsBelow)),
	list("ListPolicies", organizationsAPI.ListPolicies,
		&organizations.ListPoliciesInput{Filter: orgtypes.PolicyTypeServiceControlPolicy},
		&organizations.ListPoliciesInput{Filter: orgtypes.PolicyTypeResourceControlPolicy}).empty(notInOrganization),
	each("DescribePolicy", organizationsAPI.DescribePolicy,
		from("ListPolicies", func(o *organizations.ListPoliciesOutput) (in []*organizations.DescribePolicyInput) {
			for _, p := range o.Policies {
				in = append(in, &organizations.DescribePolicyInput{PolicyId: p.Id})
			}
			return in
		})),
	each("ListTargetsForPolicy", organizationsAPI.ListTargetsForPolicy,
		from("ListPolicies", func(o *organizations.ListPoliciesOutput) (in []*organizations.ListTargetsForPolicyInput) {
			for _, p := range o.Policies {
				in = append(in, &organizations.ListTargetsForPolicyInput{PolicyId: p.Id})
			}
			return in
		})),
	each("ListTagsForResource", organizationsAPI.ListTagsForResource,
		from("ListAccounts", func(o *organizations.ListAccountsOutput) (in []*organizations.ListTagsForResourceInput) {
			for _, a := range o.Accounts {
				in = append(in, &organizations.ListTagsForResourceInput{ResourceId: a.Id})
			}
			return in
		})),
}

func unitsOf(o *organizations.ListRootsOutput) (in []*organizations.ListOrganizationalUnitsForParentInput) {
	for _, r := range o.Roots {
		in = append(in, &organizations.ListOrganizationalUnitsForParentInput{ParentId: r.Id})
	}
	return in
}

func unitsBelow(o *organizations.ListOrganizationalUnitsForParentOutput) (in []*organizations.ListOrganizationalUnitsForParentInput) {
	for _, u := range o.OrganizationalUnits {
		in = append(in, &organizations.ListOrganizationalUnitsForParentInput{ParentId: u.Id})
	}
	return in
}

func accountsOf(o *organizations.ListRootsOutput) (in []*organizations.ListAccountsForParentInput) {
	for _, r := range o.Roots {
		in = append(in, &organizations.ListAccountsForParentInput{ParentId: r.Id})
	}
	return in
}

func accountsBelow(o *organizations.ListOrganizationalUnitsForParentOutput) (in []*organizations.ListAccountsForParentInput) {
	for _, u := range o.OrganizationalUnits {
		in = append(in, &organizations.ListAccountsForParentInput{ParentId: u.Id})
	}
	return in
}
