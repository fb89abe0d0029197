package aws

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// gatewayAPI reads what leads out of a VPC, transit gateways apart.
type gatewayAPI interface {
	DescribeInternetGateways(context.Context, *ec2.DescribeInternetGatewaysInput, ...func(*ec2.Options)) (*ec2.DescribeInternetGatewaysOutput, error)
	DescribeEgressOnlyInternetGateways(context.Context, *ec2.DescribeEgressOnlyInternetGatewaysInput, ...func(*ec2.Options)) (*ec2.DescribeEgressOnlyInternetGatewaysOutput, error)
	DescribeNatGateways(context.Context, *ec2.DescribeNatGatewaysInput, ...func(*ec2.Options)) (*ec2.DescribeNatGatewaysOutput, error)
	DescribeVpcPeeringConnections(context.Context, *ec2.DescribeVpcPeeringConnectionsInput, ...func(*ec2.Options)) (*ec2.DescribeVpcPeeringConnectionsOutput, error)
	DescribeVpcEndpoints(context.Context, *ec2.DescribeVpcEndpointsInput, ...func(*ec2.Options)) (*ec2.DescribeVpcEndpointsOutput, error)
	DescribeVpcEndpointServiceConfigurations(context.Context, *ec2.DescribeVpcEndpointServiceConfigurationsInput, ...func(*ec2.Options)) (*ec2.DescribeVpcEndpointServiceConfigurationsOutput, error)
	DescribeVpcEndpointServicePermissions(context.Context, *ec2.DescribeVpcEndpointServicePermissionsInput, ...func(*ec2.Options)) (*ec2.DescribeVpcEndpointServicePermissionsOutput, error)
	DescribeVpnConnections(context.Context, *ec2.DescribeVpnConnectionsInput, ...func(*ec2.Options)) (*ec2.DescribeVpnConnectionsOutput, error)
	DescribeVpnGateways(context.Context, *ec2.DescribeVpnGatewaysInput, ...func(*ec2.Options)) (*ec2.DescribeVpnGatewaysOutput, error)
	DescribeCustomerGateways(context.Context, *ec2.DescribeCustomerGatewaysInput, ...func(*ec2.Options)) (*ec2.DescribeCustomerGatewaysOutput, error)
}

var gatewayTable = []row[gatewayAPI]{
	list("DescribeInternetGateways", gatewayAPI.DescribeInternetGateways),
	list("DescribeEgressOnlyInternetGateways", gatewayAPI.DescribeEgressOnlyInternetGateways),
	list("DescribeNatGateways", gatewayAPI.DescribeNatGateways),
	list("DescribeVpcPeeringConnections", gatewayAPI.DescribeVpcPeeringConnections),
	list("DescribeVpcEndpoints", gatewayAPI.DescribeVpcEndpoints),
	list("DescribeVpcEndpointServiceConfigurations", gatewayAPI.DescribeVpcEndpointServiceConfigurations),
	each("DescribeVpcEndpointServicePermissions", gatewayAPI.DescribeVpcEndpointServicePermissions,
		from("DescribeVpcEndpointServiceConfigurations", func(o *ec2.DescribeVpcEndpointServiceConfigurationsOutput) (in []*ec2.DescribeVpcEndpointServicePermissionsInput) {
			for _, s := range o.ServiceConfigurations {
				in = append(in, &ec2.DescribeVpcEndpointServicePermissionsInput{ServiceId: s.ServiceId})
			}
			return in
		})),

	// The reply holds the tunnels' keys.
	list("DescribeVpnConnections", gatewayAPI.DescribeVpnConnections).scrub(withoutTunnelKeys),
	list("DescribeVpnGateways", gatewayAPI.DescribeVpnGateways),
	list("DescribeCustomerGateways", gatewayAPI.DescribeCustomerGateways),
}

// withoutTunnelKeys drops the customer's router configuration and the keys
// shared with it.
func withoutTunnelKeys(_ *unit, _ *ec2.DescribeVpnConnectionsInput, out *ec2.DescribeVpnConnectionsOutput) error {
	for i := range out.VpnConnections {
		c := &out.VpnConnections[i]
		c.CustomerGatewayConfiguration = nil
		if c.Options == nil {
			continue
		}
		for t := range c.Options.TunnelOptions {
			c.Options.TunnelOptions[t].PreSharedKey = nil
		}
	}
	return nil
}
