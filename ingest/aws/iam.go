package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// iamAPI reads identities and their policies.
type iamAPI interface {
	GetAccountAuthorizationDetails(context.Context, *iam.GetAccountAuthorizationDetailsInput, ...func(*iam.Options)) (*iam.GetAccountAuthorizationDetailsOutput, error)
	GetAccountSummary(context.Context, *iam.GetAccountSummaryInput, ...func(*iam.Options)) (*iam.GetAccountSummaryOutput, error)
	ListAccountAliases(context.Context, *iam.ListAccountAliasesInput, ...func(*iam.Options)) (*iam.ListAccountAliasesOutput, error)
	GetAccountPasswordPolicy(context.Context, *iam.GetAccountPasswordPolicyInput, ...func(*iam.Options)) (*iam.GetAccountPasswordPolicyOutput, error)
	ListSAMLProviders(context.Context, *iam.ListSAMLProvidersInput, ...func(*iam.Options)) (*iam.ListSAMLProvidersOutput, error)
	GetSAMLProvider(context.Context, *iam.GetSAMLProviderInput, ...func(*iam.Options)) (*iam.GetSAMLProviderOutput, error)
	ListOpenIDConnectProviders(context.Context, *iam.ListOpenIDConnectProvidersInput, ...func(*iam.Options)) (*iam.ListOpenIDConnectProvidersOutput, error)
	GetOpenIDConnectProvider(context.Context, *iam.GetOpenIDConnectProviderInput, ...func(*iam.Options)) (*iam.GetOpenIDConnectProviderOutput, error)
	ListVirtualMFADevices(context.Context, *iam.ListVirtualMFADevicesInput, ...func(*iam.Options)) (*iam.ListVirtualMFADevicesOutput, error)
	ListAccessKeys(context.Context, *iam.ListAccessKeysInput, ...func(*iam.Options)) (*iam.ListAccessKeysOutput, error)
	GetAccessKeyLastUsed(context.Context, *iam.GetAccessKeyLastUsedInput, ...func(*iam.Options)) (*iam.GetAccessKeyLastUsedOutput, error)
	GenerateCredentialReport(context.Context, *iam.GenerateCredentialReportInput, ...func(*iam.Options)) (*iam.GenerateCredentialReportOutput, error)
	GetCredentialReport(context.Context, *iam.GetCredentialReportInput, ...func(*iam.Options)) (*iam.GetCredentialReportOutput, error)
}

func iamService(o *Options) service {
	return newService(o, "iam", global, func(cfg sdk.Config) iamAPI { return iam.NewFromConfig(cfg) }, iamTable)
}

var iamTable = []row[iamAPI]{
	// Users, groups, roles and policies with their documents in one call
	// that pages by itself, instead of ten calls per entity.
	list("GetAccountAuthorizationDetails", iamAPI.GetAccountAuthorizationDetails,
		&iam.GetAccountAuthorizationDetailsInput{MaxItems: sdk.Int32(1000)}),
	list("GetAccountSummary", iamAPI.GetAccountSummary),
	list("ListAccountAliases", iamAPI.ListAccountAliases),
	list("GetAccountPasswordPolicy", iamAPI.GetAccountPasswordPolicy).empty("NoSuchEntity"),
	list("ListVirtualMFADevices", iamAPI.ListVirtualMFADevices),
	list("ListSAMLProviders", iamAPI.ListSAMLProviders),
	each("GetSAMLProvider", iamAPI.GetSAMLProvider,
		from("ListSAMLProviders", func(o *iam.ListSAMLProvidersOutput) (in []*iam.GetSAMLProviderInput) {
			for _, p := range o.SAMLProviderList {
				in = append(in, &iam.GetSAMLProviderInput{SAMLProviderArn: p.Arn})
			}
			return in
		})),
	list("ListOpenIDConnectProviders", iamAPI.ListOpenIDConnectProviders),
	each("GetOpenIDConnectProvider", iamAPI.GetOpenIDConnectProvider,
		from("ListOpenIDConnectProviders", func(o *iam.ListOpenIDConnectProvidersOutput) (in []*iam.GetOpenIDConnectProviderInput) {
			for _, p := range o.OpenIDConnectProviderList {
				in = append(in, &iam.GetOpenIDConnectProviderInput{OpenIDConnectProviderArn: p.Arn})
			}
			return in
		})),
	each("ListAccessKeys", iamAPI.ListAccessKeys,
		from("GetAccountAuthorizationDetails", func(o *iam.GetAccountAuthorizationDetailsOutput) (in []*iam.ListAccessKeysInput) {
			for _, u := range o.UserDetailList {
				in = append(in, &iam.ListAccessKeysInput{UserName: u.UserName})
			}
			return in
		})),
	each("GetAccessKeyLastUsed", iamAPI.GetAccessKeyLastUsed,
		from("ListAccessKeys", func(o *iam.ListAccessKeysOutput) (in []*iam.GetAccessKeyLastUsedInput) {
			for _, k := range o.AccessKeyMetadata {
				in = append(in, &iam.GetAccessKeyLastUsedInput{AccessKeyId: k.AccessKeyId})
			}
			return in
		})),
	credentialReport{},
}
