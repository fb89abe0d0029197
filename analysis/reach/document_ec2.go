package reach

// The types of this file and the next two are narrow views of AWS replies:
// only the members that decide where packets go. encoding/json matches member
// names without regard to case, so they also read the lower-camel replies of
// ECS, EKS and API Gateway.

type tagDoc struct{ Key, Value string }

type stateDoc struct{ State string }

type vpcDoc struct {
	VpcId                       string
	CidrBlock                   string
	OwnerId                     string
	CidrBlockAssociationSet     []cidrAssociationDoc
	Ipv6CidrBlockAssociationSet []cidrAssociationDoc
	BlockPublicAccessStates     struct{ InternetGatewayBlockMode string }
}

type cidrAssociationDoc struct {
	CidrBlock, Ipv6CidrBlock           string
	CidrBlockState, Ipv6CidrBlockState stateDoc
}

type subnetDoc struct {
	SubnetId, VpcId, CidrBlock  string
	AvailabilityZone            string
	AvailabilityZoneId          string
	OwnerId                     string
	Ipv6CidrBlockAssociationSet []cidrAssociationDoc
	BlockPublicAccessStates     struct{ InternetGatewayBlockMode string }
	MapPublicIpOnLaunch         bool
}

type gatewayDoc struct {
	InternetGatewayId, EgressOnlyInternetGatewayId, VpnGatewayId string
	State                                                        string
	Attachments, VpcAttachments                                  []struct{ VpcId, State string }
}

type routeTableDoc struct {
	RouteTableId, VpcId string
	Associations        []struct {
		Main                bool
		SubnetId, GatewayId string
		AssociationState    stateDoc
	}
	Routes          []routeDoc
	PropagatingVgws []struct{ GatewayId string }
}

type routeDoc struct {
	DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId string

	GatewayId, NatGatewayId, TransitGatewayId, VpcPeeringConnectionId string
	NetworkInterfaceId, InstanceId, EgressOnlyInternetGatewayId       string
	VpcEndpointId, LocalGatewayId, CarrierGatewayId, CoreNetworkArn   string
	Origin, State                                                     string
}

type networkACLDoc struct {
	NetworkAclId, VpcId string
	IsDefault           bool
	Associations        []struct{ SubnetId string }
	Entries             []networkACLEntryDoc
}

type networkACLEntryDoc struct {
	RuleNumber               int
	Protocol, RuleAction     string
	Egress                   bool
	CidrBlock, Ipv6CidrBlock string
	PortRange                *struct{ From, To int }
	IcmpTypeCode             *struct{ Type, Code int }
}

type securityGroupDoc struct {
	GroupId, GroupName, VpcId, OwnerId string
	IpPermissions, IpPermissionsEgress []permissionDoc
}

type permissionDoc struct {
	IpProtocol       string
	FromPort, ToPort *int
	IpRanges         []struct{ CidrIp string }
	Ipv6Ranges       []struct{ CidrIpv6 string }
	PrefixListIds    []struct{ PrefixListId string }
	UserIdGroupPairs []struct{ GroupId, UserId, VpcId, PeeringStatus string }
}

type prefixListDoc struct {
	PrefixListId, PrefixListName string
	Cidrs                        []string
	Entries                      []struct{ Cidr string }
}

type groupRefDoc struct{ GroupId, GroupName string }

type interfaceDoc struct {
	NetworkInterfaceId, VpcId, SubnetId        string
	PrivateIpAddress, Description, RequesterId string
	InterfaceType, Status                      string
	PrivateIpAddresses                         []privateAddressDoc
	Ipv6Addresses                              []struct{ Ipv6Address string }
	Groups                                     []groupRefDoc
	SourceDestCheck                            *bool
	Attachment                                 *struct {
		InstanceId, InstanceOwnerId string
		DeviceIndex                 int
	}
	Association *struct{ PublicIp string }
}

type privateAddressDoc struct {
	PrivateIpAddress string
	Primary          bool
	Association      *struct{ PublicIp string }
}

type instanceDoc struct {
	InstanceId, VpcId, SubnetId       string
	PrivateIpAddress, PublicIpAddress string
	State                             struct{ Name string }
	SourceDestCheck                   *bool
	SecurityGroups                    []groupRefDoc
	NetworkInterfaces                 []interfaceDoc
	Tags                              []tagDoc
}

type addressDoc struct {
	PublicIp, PrivateIpAddress, NetworkInterfaceId, InstanceId string
}

type natDoc struct {
	NatGatewayId, VpcId, SubnetId, State, ConnectivityType string
	NatGatewayAddresses                                    []struct{ NetworkInterfaceId, PrivateIp, PublicIp string }
}

type peeringDoc struct {
	VpcPeeringConnectionId            string
	RequesterVpcInfo, AccepterVpcInfo peerVPCDoc
	Status                            struct{ Code string }
}

type peerVPCDoc struct {
	VpcId, OwnerId, Region, CidrBlock string
	CidrBlockSet                      []struct{ CidrBlock string }
	Ipv6CidrBlockSet                  []struct{ Ipv6CidrBlock string }
}

type vpcEndpointDoc struct {
	VpcEndpointId, VpcEndpointType, VpcId, ServiceName, State string
	RouteTableIds, SubnetIds, NetworkInterfaceIds             []string
	Groups                                                    []groupRefDoc
}

type endpointServiceDoc struct {
	ServiceId, ServiceName                           string
	NetworkLoadBalancerArns, GatewayLoadBalancerArns []string
}

type vpnConnectionDoc struct {
	VpnConnectionId, VpnGatewayId, TransitGatewayId, CustomerGatewayId, State string
	Options                                                                   struct{ StaticRoutesOnly bool }
	Routes                                                                    []struct{ DestinationCidrBlock, State string }
}

type blockPublicAccessDoc struct {
	InternetGatewayBlockMode                  string
	ExclusionId, InternetGatewayExclusionMode string
	ResourceArn, State                        string
	VpcBlockPublicAccessOptions               *struct{ InternetGatewayBlockMode string }
}
