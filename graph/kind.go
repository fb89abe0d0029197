package graph

// Kind says what a node is. The numbers are internal; text forms (see
// [Kind.String]) are what is stored and printed.
type Kind uint8

// Node kinds. KindUnknown is a thing that something refers to and nothing
// described: a dangling reference, kept as a node of its own.
const (
	KindUnknown Kind = iota
	// Outside the estate.
	KindInternet         // the public internet as a network position
	KindOnPrem           // whatever lies behind VPN or Direct Connect
	KindAnonymous        // a request without credentials
	KindAnyPrincipal     // some principal of some AWS account
	KindService          // an AWS service principal, id service:HOST
	KindIdentityProvider // SAML or OIDC provider
	KindExternalAccount  // an account that is trusted and not part of the estate
	// Organization.
	KindOrganization
	KindOrgUnit
	KindAccount
	KindOrgPolicy // SCP or RCP
	// Identity.
	KindUser
	KindGroup
	KindRole
	KindPolicy // managed policy
	KindInstanceProfile
	KindAccessKey
	// Compute.
	KindInstance
	KindFunction
	KindTask
	KindTaskDefinition
	KindContainerService
	KindCluster
	KindNotebook
	KindBuild
	KindAppService
	// Network.
	KindVPC
	KindSubnet
	KindRouteTable
	KindInternetGateway
	KindEgressOnlyGateway
	KindNATGateway
	KindNetworkACL
	KindSecurityGroup
	KindPrefixList
	KindInterface
	KindAddress
	KindPeering
	KindTransitGateway
	KindTransitAttachment
	KindTransitRouteTable
	KindVPCEndpoint
	KindEndpointService
	KindVPNGateway
	KindVPNConnection
	KindCustomerGateway
	KindDirectConnectGateway
	KindBlockPublicAccess // VPC block public access of a region or an exclusion
	// Entry to workloads.
	KindLoadBalancer
	KindListener
	KindTargetGroup
	KindFunctionURL
	KindAPI
	KindDistribution
	KindAccelerator
	// Data.
	KindBucket
	KindAccessPoint
	KindDBInstance
	KindDBCluster
	KindDBSnapshot
	KindSubnetGroup
	KindVolume
	KindVolumeSnapshot
	KindImage
	KindTable
	KindQueue
	KindTopic
	KindStream
	KindFileSystem
	KindRepository
	KindWarehouse
	KindSearchDomain
	KindCache
	KindBroker
	KindSecret
	KindParameter
	KindKey
	KindBackupVault
	// Bookkeeping.
	KindGap
	kindCount
)

// trait groups kinds by what the analysis does with them.
type trait uint8

const (
	traitPrincipal trait = 1 << iota
	traitCompute
	traitDatastore
	traitNetwork
)

type kindInfo struct {
	name, title string
	traits      trait
}

var kinds = [kindCount]kindInfo{
	KindUnknown:              {"unknown", "Unknown", 0},
	KindInternet:             {"internet", "Internet", 0},
	KindOnPrem:               {"onprem", "On-premises network", 0},
	KindAnonymous:            {"anonymous", "Anonymous caller", traitPrincipal},
	KindAnyPrincipal:         {"any-aws-principal", "Any AWS principal", traitPrincipal},
	KindService:              {"service", "AWS service", traitPrincipal},
	KindIdentityProvider:     {"identity-provider", "Identity provider", 0},
	KindExternalAccount:      {"external-account", "External account", traitPrincipal},
	KindOrganization:         {"organization", "Organization", 0},
	KindOrgUnit:              {"organizational-unit", "Organizational unit", 0},
	KindAccount:              {"account", "Account", 0},
	KindOrgPolicy:            {"organization-policy", "Organization policy", 0},
	KindUser:                 {"user", "IAM user", traitPrincipal},
	KindGroup:                {"group", "IAM group", 0},
	KindRole:                 {"role", "IAM role", traitPrincipal},
	KindPolicy:               {"policy", "Managed policy", 0},
	KindInstanceProfile:      {"instance-profile", "Instance profile", 0},
	KindAccessKey:            {"access-key", "Access key", 0},
	KindInstance:             {"instance", "EC2 instance", traitCompute},
	KindFunction:             {"function", "Lambda function", traitCompute},
	KindTask:                 {"task", "ECS task", traitCompute},
	KindTaskDefinition:       {"task-definition", "ECS task definition", 0},
	KindContainerService:     {"container-service", "ECS service", 0},
	KindCluster:              {"cluster", "Kubernetes cluster", traitCompute},
	KindNotebook:             {"notebook", "Notebook", traitCompute},
	KindBuild:                {"build", "Build project", traitCompute},
	KindAppService:           {"app-service", "App Runner service", traitCompute},
	KindVPC:                  {"vpc", "VPC", traitNetwork},
	KindSubnet:               {"subnet", "Subnet", traitNetwork},
	KindRouteTable:           {"route-table", "Route table", traitNetwork},
	KindInternetGateway:      {"internet-gateway", "Internet gateway", traitNetwork},
	KindEgressOnlyGateway:    {"egress-only-gateway", "Egress-only gateway", traitNetwork},
	KindNATGateway:           {"nat-gateway", "NAT gateway", traitNetwork},
	KindNetworkACL:           {"network-acl", "Network ACL", traitNetwork},
	KindSecurityGroup:        {"security-group", "Security group", traitNetwork},
	KindPrefixList:           {"prefix-list", "Prefix list", traitNetwork},
	KindInterface:            {"network-interface", "Network interface", traitNetwork},
	KindAddress:              {"elastic-ip", "Elastic IP", traitNetwork},
	KindPeering:              {"peering", "VPC peering", traitNetwork},
	KindTransitGateway:       {"transit-gateway", "Transit gateway", traitNetwork},
	KindTransitAttachment:    {"transit-attachment", "Transit gateway attachment", traitNetwork},
	KindTransitRouteTable:    {"transit-route-table", "Transit gateway route table", traitNetwork},
	KindVPCEndpoint:          {"vpc-endpoint", "VPC endpoint", traitNetwork},
	KindEndpointService:      {"endpoint-service", "Endpoint service", traitNetwork},
	KindVPNGateway:           {"vpn-gateway", "VPN gateway", traitNetwork},
	KindVPNConnection:        {"vpn-connection", "VPN connection", traitNetwork},
	KindCustomerGateway:      {"customer-gateway", "Customer gateway", traitNetwork},
	KindDirectConnectGateway: {"direct-connect-gateway", "Direct Connect gateway", traitNetwork},
	KindBlockPublicAccess:    {"vpc-block-public-access", "VPC block public access", traitNetwork},
	KindLoadBalancer:         {"load-balancer", "Load balancer", traitNetwork},
	KindListener:             {"listener", "Listener", traitNetwork},
	KindTargetGroup:          {"target-group", "Target group", traitNetwork},
	KindFunctionURL:          {"function-url", "Function URL", traitNetwork},
	KindAPI:                  {"api", "API", traitNetwork},
	KindDistribution:         {"distribution", "CloudFront distribution", traitNetwork},
	KindAccelerator:          {"accelerator", "Global accelerator", traitNetwork},
	KindBucket:               {"bucket", "S3 bucket", traitDatastore},
	KindAccessPoint:          {"access-point", "Access point", 0},
	KindDBInstance:           {"db-instance", "RDS instance", traitDatastore},
	KindDBCluster:            {"db-cluster", "RDS cluster", traitDatastore},
	KindDBSnapshot:           {"db-snapshot", "RDS snapshot", traitDatastore},
	KindSubnetGroup:          {"subnet-group", "Subnet group", traitNetwork},
	KindVolume:               {"volume", "EBS volume", traitDatastore},
	KindVolumeSnapshot:       {"volume-snapshot", "EBS snapshot", traitDatastore},
	KindImage:                {"image", "Machine image", traitDatastore},
	KindTable:                {"table", "DynamoDB table", traitDatastore},
	KindQueue:                {"queue", "SQS queue", traitDatastore},
	KindTopic:                {"topic", "SNS topic", traitDatastore},
	KindStream:               {"stream", "Data stream", traitDatastore},
	KindFileSystem:           {"file-system", "File system", traitDatastore},
	KindRepository:           {"repository", "Container repository", traitDatastore},
	KindWarehouse:            {"warehouse", "Redshift warehouse", traitDatastore},
	KindSearchDomain:         {"search-domain", "Search domain", traitDatastore},
	KindCache:                {"cache", "Cache", traitDatastore},
	KindBroker:               {"broker", "Message broker", traitDatastore},
	KindSecret:               {"secret", "Secret", traitDatastore},
	KindParameter:            {"parameter", "Parameter", traitDatastore},
	KindKey:                  {"key", "KMS key", 0},
	KindBackupVault:          {"backup-vault", "Backup vault", traitDatastore},
	KindGap:                  {"gap", "Coverage gap", 0},
}

// String is the stored and printed form, such as "db-instance".
func (k Kind) String() string {
	if k < kindCount {
		return kinds[k].name
	}
	return kinds[KindUnknown].name
}

// Title is the form for people, such as "RDS instance".
func (k Kind) Title() string {
	if k < kindCount {
		return kinds[k].title
	}
	return kinds[KindUnknown].title
}

// Principal reports whether nodes of the kind can make requests.
func (k Kind) Principal() bool { return k.has(traitPrincipal) }

// Compute reports whether nodes of the kind run code.
func (k Kind) Compute() bool { return k.has(traitCompute) }

// Datastore reports whether nodes of the kind hold data.
func (k Kind) Datastore() bool { return k.has(traitDatastore) }

// Network reports whether nodes of the kind shape where packets go.
func (k Kind) Network() bool { return k.has(traitNetwork) }

func (k Kind) has(t trait) bool { return k < kindCount && kinds[k].traits&t != 0 }

// Kinds returns every kind in its canonical order.
func Kinds() []Kind {
	all := make([]Kind, kindCount)
	for i := range all {
		all[i] = Kind(i)
	}
	return all
}

// ParseKind is the inverse of [Kind.String]; ok is false for a name that this
// build does not know.
func ParseKind(name string) (k Kind, ok bool) {
	for i := range kinds {
		if kinds[i].name == name {
			return Kind(i), true
		}
	}
	return KindUnknown, false
}
