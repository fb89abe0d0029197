package estatetest

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// network makes one VPC with a subnet that an internet gateway serves and one
// that nothing serves.
func (e *Estate) network(ctx context.Context, t testing.TB) {
	t.Helper()
	client := ec2.NewFromConfig(e.Config)
	vpc := must[ec2.CreateVpcOutput](t)(client.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.20.0.0/16")}))
	e.VPC = aws.ToString(vpc.Vpc.VpcId)
	subnet := func(cidr string) string {
		out := must[ec2.CreateSubnetOutput](t)(client.CreateSubnet(ctx, &ec2.CreateSubnetInput{
			VpcId: aws.String(e.VPC), CidrBlock: aws.String(cidr), AvailabilityZone: aws.String(Region + "a")}))
		return aws.ToString(out.Subnet.SubnetId)
	}
	e.PublicSubnet, e.PrivateSubnet = subnet("10.20.1.0/24"), subnet("10.20.2.0/24")
	for _, id := range []string{e.PublicSubnet, e.PrivateSubnet} {
		must[ec2.ModifySubnetAttributeOutput](t)(client.ModifySubnetAttribute(ctx, &ec2.ModifySubnetAttributeInput{
			SubnetId: aws.String(id), MapPublicIpOnLaunch: &types.AttributeBooleanValue{Value: aws.Bool(true)}}))
	}
	gateway := must[ec2.CreateInternetGatewayOutput](t)(client.CreateInternetGateway(ctx, &ec2.CreateInternetGatewayInput{}))
	must[ec2.AttachInternetGatewayOutput](t)(client.AttachInternetGateway(ctx, &ec2.AttachInternetGatewayInput{
		InternetGatewayId: gateway.InternetGateway.InternetGatewayId, VpcId: aws.String(e.VPC)}))
	table := must[ec2.CreateRouteTableOutput](t)(client.CreateRouteTable(ctx, &ec2.CreateRouteTableInput{VpcId: aws.String(e.VPC)}))
	must[ec2.CreateRouteOutput](t)(client.CreateRoute(ctx, &ec2.CreateRouteInput{RouteTableId: table.RouteTable.RouteTableId,
		DestinationCidrBlock: aws.String("0.0.0.0/0"), GatewayId: gateway.InternetGateway.InternetGatewayId}))
	must[ec2.AssociateRouteTableOutput](t)(client.AssociateRouteTable(ctx, &ec2.AssociateRouteTableInput{
		RouteTableId: table.RouteTable.RouteTableId, SubnetId: aws.String(e.PublicSubnet)}))
}

// compute makes two instances that differ in nothing but their subnet and role,
// and a public snapshot.
func (e *Estate) compute(ctx context.Context, t testing.TB) {
	t.Helper()
	client := ec2.NewFromConfig(e.Config)
	group := must[ec2.CreateSecurityGroupOutput](t)(client.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{
		GroupName: aws.String("open"), Description: aws.String("open to all"), VpcId: aws.String(e.VPC)}))
	must[ec2.AuthorizeSecurityGroupIngressOutput](t)(client.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{
		GroupId: group.GroupId, IpPermissions: []types.IpPermission{{IpProtocol: aws.String("tcp"),
			FromPort: aws.Int32(443), ToPort: aws.Int32(443), IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}}}}))
	run := func(subnet, profile, script string) string {
		out := must[ec2.RunInstancesOutput](t)(client.RunInstances(ctx, &ec2.RunInstancesInput{
			ImageId: aws.String("ami-0c55b159cbfafe1f0"), InstanceType: types.InstanceTypeT3Micro, MinCount: aws.Int32(1), MaxCount: aws.Int32(1),
			SubnetId: aws.String(subnet), SecurityGroupIds: []string{*group.GroupId}, UserData: aws.String(encode(script)),
			IamInstanceProfile: &types.IamInstanceProfileSpecification{Name: aws.String(profile)}}))
		return aws.ToString(out.Instances[0].InstanceId)
	}
	e.WebInstance = run(e.PublicSubnet, Web, "#!/bin/sh\nexport AWS_ACCESS_KEY_ID="+LeakedKey+"\n"+
		"export AWS_SECRET_ACCESS_KEY="+Secrets[2]+"\n"+
		"exec /srv/web --database 'postgres://shop:"+Secrets[0]+"@orders.example.internal:5432/orders'\n")
	e.InnerInstance = run(e.PrivateSubnet, InnerWeb, "#!/bin/sh\nexec /srv/inner\n")
	volume := must[ec2.CreateVolumeOutput](t)(client.CreateVolume(ctx, &ec2.CreateVolumeInput{
		AvailabilityZone: aws.String(Region + "a"), Size: aws.Int32(1)}))
	snapshot := must[ec2.CreateSnapshotOutput](t)(client.CreateSnapshot(ctx, &ec2.CreateSnapshotInput{VolumeId: volume.VolumeId}))
	e.Snapshot = aws.ToString(snapshot.SnapshotId)
	must[ec2.ModifySnapshotAttributeOutput](t)(client.ModifySnapshotAttribute(ctx, &ec2.ModifySnapshotAttributeInput{
		SnapshotId: snapshot.SnapshotId, Attribute: types.SnapshotAttributeNameCreateVolumePermission,
		OperationType: types.OperationTypeAdd, GroupNames: []string{"all"}}))
}
