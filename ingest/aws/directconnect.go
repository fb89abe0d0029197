package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directconnect"
)

// directConnectAPI reads Direct Connect gateways, which no region has.
type directConnectAPI interface {
	DescribeDirectConnectGateways(context.Context, *directconnect.DescribeDirectConnectGatewaysInput, ...func(*directconnect.Options)) (*directconnect.DescribeDirectConnectGatewaysOutput, error)
	DescribeDirectConnectGatewayAssociations(context.Context, *directconnect.DescribeDirectConnectGatewayAssociationsInput, ...func(*directconnect.Options)) (*directconnect.DescribeDirectConnectGatewayAssociationsOutput, error)
	DescribeDirectConnectGatewayAttachments(context.Context, *directconnect.DescribeDirectConnectGatewayAttachmentsInput, ...func(*directconnect.Options)) (*directconnect.DescribeDirectConnectGatewayAttachmentsOutput, error)
}

// virtualInterfaceAPI reads the virtual interfaces of a region.
type virtualInterfaceAPI interface {
	DescribeVirtualInterfaces(context.Context, *directconnect.DescribeVirtualInterfacesInput, ...func(*directconnect.Options)) (*directconnect.DescribeVirtualInterfacesOutput, error)
}

func directconnectService(o *Options) service {
	return newService(o, "directconnect", global, func(cfg sdk.Config) directConnectAPI { return directconnect.NewFromConfig(cfg) }, directConnectTable)
}

func directconnectRegional(o *Options) service {
	return newService(o, "directconnect", regional, func(cfg sdk.Config) virtualInterfaceAPI { return directconnect.NewFromConfig(cfg) }, []row[virtualInterfaceAPI]{
		list("DescribeVirtualInterfaces", virtualInterfaceAPI.DescribeVirtualInterfaces).scrub(scrubVirtualInterfaces),
	})
}

var directConnectTable = []row[directConnectAPI]{
	list("DescribeDirectConnectGateways", directConnectAPI.DescribeDirectConnectGateways),
	each("DescribeDirectConnectGatewayAssociations", directConnectAPI.DescribeDirectConnectGatewayAssociations,
		from("DescribeDirectConnectGateways", func(o *directconnect.DescribeDirectConnectGatewaysOutput) (in []*directconnect.DescribeDirectConnectGatewayAssociationsInput) {
			for _, g := range o.DirectConnectGateways {
				in = append(in, &directconnect.DescribeDirectConnectGatewayAssociationsInput{DirectConnectGatewayId: g.DirectConnectGatewayId})
			}
			return in
		})),
	each("DescribeDirectConnectGatewayAttachments", directConnectAPI.DescribeDirectConnectGatewayAttachments,
		from("DescribeDirectConnectGateways", func(o *directconnect.DescribeDirectConnectGatewaysOutput) (in []*directconnect.DescribeDirectConnectGatewayAttachmentsInput) {
			for _, g := range o.DirectConnectGateways {
				in = append(in, &directconnect.DescribeDirectConnectGatewayAttachmentsInput{DirectConnectGatewayId: g.DirectConnectGatewayId})
			}
			return in
		})),
}

// scrubVirtualInterfaces takes out the keys of BGP sessions, which the
// configuration for the customer's router repeats.
func scrubVirtualInterfaces(_ *unit, _ *directconnect.DescribeVirtualInterfacesInput, out *directconnect.DescribeVirtualInterfacesOutput) error {
	for i := range out.VirtualInterfaces {
		v := &out.VirtualInterfaces[i]
		v.AuthKey, v.CustomerRouterConfig = nil, nil
		for j := range v.BgpPeers {
			v.BgpPeers[j].AuthKey = nil
		}
	}
	return nil
}
