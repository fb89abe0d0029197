package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// transitAPI reads transit gateways and how they route.
type transitAPI interface {
	DescribeTransitGateways(context.Context, *ec2.DescribeTransitGatewaysInput, ...func(*ec2.Options)) (*ec2.DescribeTransitGatewaysOutput, error)
	DescribeTransitGatewayAttachments(context.Context, *ec2.DescribeTransitGatewayAttachmentsInput, ...func(*ec2.Options)) (*ec2.DescribeTransitGatewayAttachmentsOutput, error)
	DescribeTransitGatewayVpcAttachments(context.Context, *ec2.DescribeTransitGatewayVpcAttachmentsInput, ...func(*ec2.Options)) (*ec2.DescribeTransitGatewayVpcAttachmentsOutput, error)
	DescribeTransitGatewayPeeringAttachments(context.Context, *ec2.DescribeTransitGatewayPeeringAttachmentsInput, ...func(*ec2.Options)) (*ec2.DescribeTransitGatewayPeeringAttachmentsOutput, error)
	DescribeTransitGatewayRouteTables(context.Context, *ec2.DescribeTransitGatewayRouteTablesInput, ...func(*ec2.Options)) (*ec2.DescribeTransitGatewayRouteTablesOutput, error)
	DescribeTransitGatewayPolicyTables(context.Context, *ec2.DescribeTransitGatewayPolicyTablesInput, ...func(*ec2.Options)) (*ec2.DescribeTransitGatewayPolicyTablesOutput, error)
	GetTransitGatewayRouteTableAssociations(context.Context, *ec2.GetTransitGatewayRouteTableAssociationsInput, ...func(*ec2.Options)) (*ec2.GetTransitGatewayRouteTableAssociationsOutput, error)
	GetTransitGatewayRouteTablePropagations(context.Context, *ec2.GetTransitGatewayRouteTablePropagationsInput, ...func(*ec2.Options)) (*ec2.GetTransitGatewayRouteTablePropagationsOutput, error)
	SearchTransitGatewayRoutes(context.Context, *ec2.SearchTransitGatewayRoutesInput, ...func(*ec2.Options)) (*ec2.SearchTransitGatewayRoutesOutput, error)
}

var transitTable = []row[transitAPI]{
	list("DescribeTransitGateways", transitAPI.DescribeTransitGateways),
	list("DescribeTransitGatewayAttachments", transitAPI.DescribeTransitGatewayAttachments),
	list("DescribeTransitGatewayVpcAttachments", transitAPI.DescribeTransitGatewayVpcAttachments),
	list("DescribeTransitGatewayPeeringAttachments", transitAPI.DescribeTransitGatewayPeeringAttachments),
	list("DescribeTransitGatewayRouteTables", transitAPI.DescribeTransitGatewayRouteTables),
	list("DescribeTransitGatewayPolicyTables", transitAPI.DescribeTransitGatewayPolicyTables),
	each("GetTransitGatewayRouteTableAssociations", transitAPI.GetTransitGatewayRouteTableAssociations,
		from("DescribeTransitGatewayRouteTables", func(o *ec2.DescribeTransitGatewayRouteTablesOutput) (in []*ec2.GetTransitGatewayRouteTableAssociationsInput) {
			for _, t := range o.TransitGatewayRouteTables {
				in = append(in, &ec2.GetTransitGatewayRouteTableAssociationsInput{TransitGatewayRouteTableId: t.TransitGatewayRouteTableId})
			}
			return in
		})),
	each("GetTransitGatewayRouteTablePropagations", transitAPI.GetTransitGatewayRouteTablePropagations,
		from("DescribeTransitGatewayRouteTables", func(o *ec2.DescribeTransitGatewayRouteTablesOutput) (in []*ec2.GetTransitGatewayRouteTablePropagationsInput) {
			for _, t := range o.TransitGatewayRouteTables {
				in = append(in, &ec2.GetTransitGatewayRouteTablePropagationsInput{TransitGatewayRouteTableId: t.TransitGatewayRouteTableId})
			}
			return in
		})),
	each("SearchTransitGatewayRoutes", transitAPI.SearchTransitGatewayRoutes,
		from("DescribeTransitGatewayRouteTables", routeSearches)).cut(func(o *ec2.SearchTransitGatewayRoutesOutput) bool {
		return sdk.ToBool(o.AdditionalRoutesAvailable) && sdk.ToString(o.NextToken) == ""
	}),
}

// routeSearches asks for every route of every table: the call demands a filter.
func routeSearches(o *ec2.DescribeTransitGatewayRouteTablesOutput) (in []*ec2.SearchTransitGatewayRoutesInput) {
	for _, t := range o.TransitGatewayRouteTables {
		in = append(in, &ec2.SearchTransitGatewayRoutesInput{
			TransitGatewayRouteTableId: t.TransitGatewayRouteTableId,
			MaxResults:                 sdk.Int32(1000),
			Filters: []ec2types.Filter{{Name: sdk.String("state"), Values: []string{
				string(ec2types.TransitGatewayRouteStateActive), string(ec2types.TransitGatewayRouteStateBlackhole)}}},
		})
	}
	return in
}
