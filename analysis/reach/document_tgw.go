package reach

type transitGatewayDoc struct {
	TransitGatewayId, TransitGatewayArn, OwnerId, State string
	Options                                             struct{ SecurityGroupReferencingSupport string }
}

// transitAttachmentDoc reads both DescribeTransitGatewayAttachments and the
// replies for one attachment type, which say more about less.
type transitAttachmentDoc struct {
	TransitGatewayAttachmentId, TransitGatewayId string
	ResourceType, ResourceId, VpcId, State       string
	Association                                  *struct{ TransitGatewayRouteTableId, State string }
	SubnetIds                                    []string
	Options                                      struct{ ApplianceModeSupport, SecurityGroupReferencingSupport string }
	RequesterTgwInfo, AccepterTgwInfo            *struct{ TransitGatewayId, OwnerId, Region string }
}

type transitTableDoc struct {
	TransitGatewayRouteTableId, TransitGatewayId, State string
}

type transitRouteDoc struct {
	DestinationCidrBlock, PrefixListId, Type, State string
	TransitGatewayAttachments                       []struct{ TransitGatewayAttachmentId, ResourceId, ResourceType string }
}

type transitPropagationDoc struct {
	TransitGatewayAttachmentId, ResourceId, ResourceType, State string
}

type transitAssociationDoc struct {
	TransitGatewayAttachmentId, ResourceId, ResourceType, State string
}
