package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
)

// kmsAPI reads keys and who may use them; never key material.
type kmsAPI interface {
	ListKeys(context.Context, *kms.ListKeysInput, ...func(*kms.Options)) (*kms.ListKeysOutput, error)
	ListAliases(context.Context, *kms.ListAliasesInput, ...func(*kms.Options)) (*kms.ListAliasesOutput, error)
	DescribeKey(context.Context, *kms.DescribeKeyInput, ...func(*kms.Options)) (*kms.DescribeKeyOutput, error)
	GetKeyPolicy(context.Context, *kms.GetKeyPolicyInput, ...func(*kms.Options)) (*kms.GetKeyPolicyOutput, error)
	ListGrants(context.Context, *kms.ListGrantsInput, ...func(*kms.Options)) (*kms.ListGrantsOutput, error)
	GetKeyRotationStatus(context.Context, *kms.GetKeyRotationStatusInput, ...func(*kms.Options)) (*kms.GetKeyRotationStatusOutput, error)
	ListResourceTags(context.Context, *kms.ListResourceTagsInput, ...func(*kms.Options)) (*kms.ListResourceTagsOutput, error)
}

func kmsService(o *Options) service {
	return newService(o, "kms", regional, func(cfg sdk.Config) kmsAPI { return kms.NewFromConfig(cfg) }, kmsTable)
}

var kmsTable = []row[kmsAPI]{
	list("ListKeys", kmsAPI.ListKeys, &kms.ListKeysInput{Limit: sdk.Int32(1000)}),
	list("ListAliases", kmsAPI.ListAliases),
	each("DescribeKey", kmsAPI.DescribeKey,
		from("ListKeys", func(o *kms.ListKeysOutput) (in []*kms.DescribeKeyInput) {
			for _, k := range o.Keys {
				in = append(in, &kms.DescribeKeyInput{KeyId: k.KeyId})
			}
			return in
		})),
	each("GetKeyPolicy", kmsAPI.GetKeyPolicy,
		from("ListKeys", func(o *kms.ListKeysOutput) (in []*kms.GetKeyPolicyInput) {
			for _, k := range o.Keys {
				in = append(in, &kms.GetKeyPolicyInput{KeyId: k.KeyId, PolicyName: sdk.String("default")})
			}
			return in
		})),
	each("ListGrants", kmsAPI.ListGrants,
		from("ListKeys", func(o *kms.ListKeysOutput) (in []*kms.ListGrantsInput) {
			for _, k := range o.Keys {
				in = append(in, &kms.ListGrantsInput{KeyId: k.KeyId})
			}
			return in
		})),
	// Keys that AWS manages answer neither of these.
	each("GetKeyRotationStatus", kmsAPI.GetKeyRotationStatus,
		from("DescribeKey", func(o *kms.DescribeKeyOutput) (in []*kms.GetKeyRotationStatusInput) {
			if k := o.KeyMetadata; isCustomerKey(k) && k.KeySpec == kmstypes.KeySpecSymmetricDefault &&
				k.Origin == kmstypes.OriginTypeAwsKms && k.KeyState != kmstypes.KeyStatePendingDeletion {
				in = append(in, &kms.GetKeyRotationStatusInput{KeyId: k.KeyId})
			}
			return in
		})),
	each("ListResourceTags", kmsAPI.ListResourceTags,
		from("DescribeKey", func(o *kms.DescribeKeyOutput) (in []*kms.ListResourceTagsInput) {
			if isCustomerKey(o.KeyMetadata) {
				in = append(in, &kms.ListResourceTagsInput{KeyId: o.KeyMetadata.KeyId})
			}
			return in
		})),
}

func isCustomerKey(k *kmstypes.KeyMetadata) bool {
	return k != nil && k.KeyManager == kmstypes.KeyManagerTypeCustomer
}
