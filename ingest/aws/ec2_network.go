package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// networkAPI reads what decides inside a VPC.
type networkAPI interface {
	DescribeVpcs(context.Context, *ec2.DescribeVpcsInput, ...func(*ec2.Options)) (*ec2.DescribeVpcsOutput, error)
	DescribeSubnets(context.Context, *ec2.DescribeSubnetsInput, ...func(*ec2.Options)) (*ec2.DescribeSubnetsOutput, error)
	DescribeRouteTables(context.Context, *ec2.DescribeRouteTablesInput, ...func(*ec2.Options)) (*ec2.DescribeRouteTablesOutput, error)
	DescribeNetworkAcls(context.Context, *ec2.DescribeNetworkAclsInput, ...func(*ec2.Options)) (*ec2.DescribeNetworkAclsOutput, error)
	DescribeSecurityGroups(context.Context, *ec2.DescribeSecurityGroupsInput, ...func(*ec2.Options)) (*ec2.DescribeSecurityGroupsOutput, error)
	DescribeManagedPrefixLists(context.Context, *ec2.DescribeManagedPrefixListsInput, ...func(*ec2.Options)) (*ec2.DescribeManagedPrefixListsOutput, error)
	GetManagedPrefixListEntries(context.Context, *ec2.GetManagedPrefixListEntriesInput, ...func(*ec2.Options)) (*ec2.GetManagedPrefixListEntriesOutput, error)
	DescribeNetworkInterfaces(context.Context, *ec2.DescribeNetworkInterfacesInput, ...func(*ec2.Options)) (*ec2.DescribeNetworkInterfacesOutput, error)
	DescribeAddresses(context.Context, *ec2.DescribeAddressesInput, ...func(*ec2.Options)) (*ec2.DescribeAddressesOutput, error)
	DescribeVpcBlockPublicAccessOptions(context.Context, *ec2.DescribeVpcBlockPublicAccessOptionsInput, ...func(*ec2.Options)) (*ec2.DescribeVpcBlockPublicAccessOptionsOutput, error)
	DescribeVpcBlockPublicAccessExclusions(context.Context, *ec2.DescribeVpcBlockPublicAccessExclusionsInput, ...func(*ec2.Options)) (*ec2.DescribeVpcBlockPublicAccessExclusionsOutput, error)
}

// ec2Page is the page size of the calls that EC2 throttles twice as hard when
// none is given
// (https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html).
const ec2Page = 500

var networkTable = []row[networkAPI]{
	list("DescribeVpcs", networkAPI.DescribeVpcs),
	list("DescribeSubnets", networkAPI.DescribeSubnets),
	list("DescribeRouteTables", networkAPI.DescribeRouteTables),
	list("DescribeNetworkAcls", networkAPI.DescribeNetworkAcls),
	list("DescribeSecurityGroups", networkAPI.DescribeSecurityGroups,
		&ec2.DescribeSecurityGroupsInput{MaxResults: sdk.Int32(ec2Page)}),
	list("DescribeNetworkInterfaces", networkAPI.DescribeNetworkInterfaces,
		&ec2.DescribeNetworkInterfacesInput{MaxResults: sdk.Int32(ec2Page)}),
	list("DescribeAddresses", networkAPI.DescribeAddresses),
	list("DescribeManagedPrefixLists", networkAPI.DescribeManagedPrefixLists),
	each("GetManagedPrefixListEntries", networkAPI.GetManagedPrefixListEntries,
		from("DescribeManagedPrefixLists", func(o *ec2.DescribeManagedPrefixListsOutput) (in []*ec2.GetManagedPrefixListEntriesInput) {
			for _, l := range o.PrefixLists {
				in = append(in, &ec2.GetManagedPrefixListEntriesInput{PrefixListId: l.PrefixListId})
			}
			return in
		})),

	list("DescribeVpcBlockPublicAccessOptions", networkAPI.DescribeVpcBlockPublicAccessOptions),
	list("DescribeVpcBlockPublicAccessExclusions", networkAPI.DescribeVpcBlockPublicAccessExclusions),
}
