package reach

import (
	"encoding/json"
	"sync"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
	"github.com/cairn-security/cairn/graph"
)

type (
	addrs    = headerspace.Addrs
	addr     = headerspace.Addr
	services = headerspace.Services
	space    = headerspace.Space
	cube     = headerspace.Cube
)

func product(src, dst addrs, svc services) cube { return cube{Src: src, Dst: dst, Svc: svc} }

func packets(src, dst addrs, svc services) space { return space{product(src, dst, svc)} }

// none is the index of nothing.
const none int32 = -1

// origin says which node a thing of the estate was read from.
type origin struct {
	node graph.Ref // graph.NoRef where no graph stands behind
	id   string    // node id
	raw  json.RawMessage
}

// Estate is the network of one snapshot, linked and indexed. Immutable after
// [Builder.Build]; safe for concurrent use. Entities are dense integers.
type Estate struct {
	vpcs        []vpc
	subnets     []subnet
	interfaces  []iface
	groups      []group
	groupSets   []groupSet
	acls        []networkACL
	tables      []routeTable
	gateways    []gateway
	nats        []natGateway
	peerings    []peering
	transits    []transitGateway
	attachments []attachment
	transitTabs []transitTable
	endpoints   []vpcEndpoint
	services    []endpointService
	balancers   []loadBalancer
	targets     []targetGroup
	resources   []Resource
	byID        map[string]entity
	names       map[string][]int32 // lower-case name -> resources
	byNode      map[graph.Ref]int32
	byPublic    map[addr]int32 // public address -> interface
	byPrivate   map[privateKey]int32
	prefixLists map[string]prefixList
	gaps        []graph.Gap
	gapsIn      map[inVPC]graph.Gap // refused reads that one VPC alone is concerned by
	collected   map[scope]bool
	accounts    map[string]bool // that were read; empty where nobody said
	problems    []string
	onprem      addrs
	boundaries  []addr // where rules may tell addresses apart, sorted

	classesOnce sync.Once
	classes     *classIndex
	transitMemo sync.Map // [2]int32 subnets -> []flight
	gapText     sync.Map // what Missing says -> id of the gap it is about
	anchors     sync.Map // anchorKey -> anchor, as string
}

type entityKind uint8

const (
	noEntity entityKind = iota
	isVPC
	isSubnet
	isInterface
	isGroup
	isACL
	isTable
	isGateway
	isNAT
	isPeering
	isTransit
	isAttachment
	isTransitTable
	isEndpoint
	isService
	isBalancer
	isTarget
	isVPN
)

// entity is a typed index.
type entity struct {
	kind  entityKind
	index int32
}

type privateKey struct {
	vpc int32
	a   addr
}

// scope is one describe operation in one account and region.
type scope struct{ account, region, operation string }

type vpc struct {
	origin
	account, region string
	cidrs           addrs // with addresses of interfaces outside every block
	igw, eigw, vgw  int32 // attached gateways
	mainTable       int32
	defaultACL      int32
	block           blockMode
	blockFrom       evidence
	subnets         []int32
	described       bool
	peeringsTo      map[int32]bool // VPCs in the same Region with an active peering
}

type subnet struct {
	origin
	account, region string
	vpc             int32
	addrs           addrs
	zone            zone
	table           int32 // none: not described
	acl             int32 // none: not described
	block           blockMode
	blockFrom       evidence
	described       bool
}

// zone is an Availability Zone: its name, which every account has its own
// meaning of, and its id, which is the same for all
// (https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html).
type zone struct{ name, id string }

// is reports whether two are the same zone, by name where an id was not read.
func (z zone) is(other zone) bool {
	if z.id != "" && other.id != "" {
		return z.id == other.id
	}
	return z.name == other.name
}

// blockMode is VPC block public access as in force.
type blockMode uint8

const (
	blockOff     blockMode = iota
	blockInbound           // an egress exclusion: connections opened from outside
	blockIngress
	blockBidirectional
)

func (m blockMode) String() string {
	return [...]string{"off", "allow-egress", "block-ingress", "block-bidirectional"}[m]
}

type ifaceKind uint8

const (
	plainInterface ifaceKind = iota
	natInterface
	balancerInterface
	transitInterface
	endpointInterface
	gatewayBalancerEndpoint
	lambdaInterface
)

// iface is an elastic network interface, or a stand-in for one that a service
// described without it (virtual).
type iface struct {
	origin
	name     string // interface id, or that of the resource for stand-ins
	account  string
	vpc      int32
	subnet   int32
	groupSet int32
	kind     ifaceKind
	forwards bool // source/destination check off
	virtual  bool
	// anyAddress: a stand-in somewhere in its subnet; private is the whole block.
	anyAddress  bool
	private     addrs
	public      []publicMapping
	publicGuess bool // public address known to exist, its value is not
	resource    int32
	unread      string // why its groups are unknown, "" when known
	serverOnly  bool   // no connections of its own matter
}

type publicMapping struct{ private, public addr }

// Problems lists what is odd in the input, one sentence each, in input order.
func (e *Estate) Problems() []string { return e.problems }

// Interfaces returns the number of interfaces, stand-ins included.
func (e *Estate) Interfaces() int { return len(e.interfaces) }

// publicOf returns the public address mapped one to one to a private one.
func (f *iface) publicOf(private addr) (addr, bool) {
	for _, m := range f.public {
		if m.private == private {
			return m.public, true
		}
	}
	return addr{}, false
}

func (f *iface) hasPublic4() bool { return len(f.public) > 0 || f.publicGuess }
