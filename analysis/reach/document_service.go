package reach

import "cmp"

type loadBalancerDoc struct {
	LoadBalancerArn, LoadBalancerName, DNSName, Scheme, Type, VpcId string
	AvailabilityZones                                               []struct {
		SubnetId, ZoneName    string
		LoadBalancerAddresses []struct{ IpAddress, PrivateIPv4Address, IPv6Address string }
	}
	SecurityGroups                                       []string
	EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic string
}

type classicDoc struct {
	LoadBalancerName, DNSName, Scheme, VPCId string
	Subnets, SecurityGroups                  []string
	ListenerDescriptions                     []struct {
		Listener struct {
			Protocol, InstanceProtocol     string
			LoadBalancerPort, InstancePort int
		}
	}
	Instances []struct{ InstanceId string }
}

type listenerDoc struct {
	ListenerArn, Protocol string
	Port                  int
	DefaultActions        []actionDoc
}

type actionDoc struct {
	Type, TargetGroupArn string
	Order                int
	ForwardConfig        *struct {
		TargetGroups []struct {
			TargetGroupArn string
			Weight         *int
		}
	}
}

type listenerRuleDoc struct {
	RuleArn, Priority, ListenerArn string
	Actions                        []actionDoc
}

type targetGroupDoc struct {
	TargetGroupArn, TargetGroupName, Protocol, TargetType, VpcId string
	Port                                                         int
	LoadBalancerArns                                             []string
}

type targetHealthDoc struct {
	Target struct {
		Id, AvailabilityZone string
		Port                 int
	}
	TargetHealth struct{ State string }
}

type attributeDoc struct{ Key, Value string }

type endpointDoc struct {
	Address string
	Port    int
}

// databaseDoc reads RDS instances and clusters, Redshift clusters and
// workgroups, DMS instances: the services share member names and meaning.
type databaseDoc struct {
	DBInstanceIdentifier, DBClusterIdentifier, ClusterIdentifier string
	DBInstanceArn, DBClusterArn                                  string
	Engine, AvailabilityZone                                     string
	Endpoint                                                     any
	Port                                                         int
	PubliclyAccessible                                           *bool
	VpcSecurityGroups                                            []struct{ VpcSecurityGroupId string }
	DBSubnetGroup                                                any
	ClusterSubnetGroupName, VpcId                                string
	ClusterNodes                                                 []struct{ PrivateIPAddress, PublicIPAddress string }
	DBClusterMembers                                             []struct{ DBInstanceIdentifier string }
	SubnetIds, SecurityGroupIds                                  []string
	WorkgroupName, WorkgroupArn                                  string
}

type subnetGroupDoc struct {
	DBSubnetGroupName, ClusterSubnetGroupName, CacheSubnetGroupName, Name, VpcId string
	Subnets                                                                      []struct{ SubnetIdentifier string }
}

type taskDoc struct {
	TaskArn, Group, LastStatus, ClusterArn, ContainerInstanceArn string
	Attachments                                                  []struct {
		Type    string
		Details []struct{ Name, Value string }
	}
}

type containerServiceDoc struct {
	ServiceArn, ServiceName, ClusterArn string
	DesiredCount                        int
	NetworkConfiguration                *struct {
		AwsvpcConfiguration struct {
			Subnets, SecurityGroups []string
			AssignPublicIp          string
		}
	}
	LoadBalancers []struct {
		TargetGroupArn string
		ContainerPort  int
	}
}

type functionDoc struct {
	FunctionName, FunctionArn string
	VpcConfig                 *struct {
		VpcId                       string
		SubnetIds, SecurityGroupIds []string
	}
}

type functionURLDoc struct{ FunctionUrl, FunctionArn, AuthType string }

type clusterDoc struct {
	Name, Arn, Endpoint, ClusterArn, ClusterName string
	ResourcesVpcConfig                           *struct {
		VpcId, ClusterSecurityGroupId                  string
		SubnetIds, SecurityGroupIds, PublicAccessCidrs []string
		EndpointPublicAccess, EndpointPrivateAccess    *bool
	}
}

type searchDomainDoc struct {
	DomainName, ARN, Endpoint string
	AccessPolicies            string
	VPCOptions                *struct {
		VPCId                       string
		SubnetIds, SecurityGroupIds []string
	}
}

type kafkaDoc struct {
	ClusterName, ClusterArn string
	BrokerNodeGroupInfo     *kafkaNodesDoc
	Provisioned             *struct{ BrokerNodeGroupInfo *kafkaNodesDoc }
	Serverless              *struct {
		VpcConfigs []struct{ SubnetIds, SecurityGroupIds []string }
	}
}

type kafkaNodesDoc struct {
	ClientSubnets, SecurityGroups []string
	ConnectivityInfo              *struct{ PublicAccess struct{ Type string } }
}

type brokerDoc struct {
	BrokerId, BrokerArn, BrokerName, EngineType string
	PubliclyAccessible                          bool
	SubnetIds, SecurityGroups                   []string
}

// cacheDoc reads ElastiCache clusters and MemoryDB clusters.
type cacheDoc struct {
	CacheClusterId, ARN, Engine, Name      string
	CacheSubnetGroupName, SubnetGroupName  string
	SecurityGroups                         []struct{ SecurityGroupId string }
	ConfigurationEndpoint, ClusterEndpoint *endpointDoc
	CacheNodes                             []struct{ Endpoint *endpointDoc }
}

type mountTargetDoc struct {
	MountTargetId, FileSystemId, SubnetId, IpAddress, NetworkInterfaceId, VpcId string
	SecurityGroups                                                              []string
}

type fileSystemDoc struct {
	FileSystemId, FileSystemArn, Name string
	NetworkInterfaceIds, SubnetIds    []string // FSx
	FileSystemType, ResourceARN       string   // FSx
	MountTargets                      []mountTargetDoc
}

type apiDoc struct {
	Id, Name, ApiId, ProtocolType, ApiEndpoint string
	EndpointConfiguration                      struct {
		Types          []string
		VpcEndpointIds []string
	}
	Policy                    string
	DisableExecuteApiEndpoint bool
	AuthenticationType        string            // AppSync
	Uris                      map[string]string // AppSync
	Visibility                string            // AppSync: GLOBAL, PRIVATE
}

type distributionDoc struct {
	Id, ARN, DomainName, Status string
	Enabled                     *bool
	Origins                     struct {
		Items []struct {
			Id, DomainName     string
			VpcOriginConfig    *struct{ VpcOriginId string }
			CustomOriginConfig *customOriginDoc
		}
	}
}

type customOriginDoc struct {
	HTTPPort, HTTPSPort  int
	OriginProtocolPolicy string
}

// ports are those that a distribution connects to at the origin
// (https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CustomOriginConfig.html).
func (c *customOriginDoc) ports() services {
	plain, secure := tcp(cmp.Or(c.HTTPPort, 80)), tcp(cmp.Or(c.HTTPSPort, 443))
	switch c.OriginProtocolPolicy {
	case "http-only":
		return plain
	case "https-only":
		return secure
	}
	return plain.Union(secure)
}

type appRunnerDoc struct {
	ServiceName, ServiceArn, ServiceId, ServiceUrl, Status string
	NetworkConfiguration                                   struct {
		IngressConfiguration struct{ IsPubliclyAccessible *bool }
	}
}

type acceleratorDoc struct {
	AcceleratorArn, Name, Status string
	Enabled                      *bool
	Listeners                    []struct {
		ListenerArn, Protocol string
		PortRanges            []struct{ FromPort, ToPort int }
		EndpointGroups        []endpointGroupDoc
	}
}

type endpointGroupDoc struct {
	EndpointGroupArn      string
	TrafficDialPercentage *float64
	PortOverrides         []struct{ ListenerPort, EndpointPort int }
	EndpointDescriptions  []struct {
		EndpointId                  string
		Weight                      *int
		ClientIPPreservationEnabled *bool
	}
}
