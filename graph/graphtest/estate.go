package graphtest

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/cairn-security/cairn/graph"
)

// EstateConfig sizes a generated estate.
type EstateConfig struct {
	Seed uint64
	// Edges is how many structural edges to reach, met within some percent
	// (double ones collapse). There is about one node to four edges.
	Edges int
	// AccountNodes is how large accounts grow, 0: of very unequal size, 60 to
	// 5,000 nodes.
	AccountNodes int
	// ID is the snapshot's id, "estate" when empty.
	ID string
}

// Estate generates the estate of a company: accounts with networks, identities, workloads and
// datastores, each with documents of the size and shape that an account has:
// trust and inline policies, bucket policies, instance descriptions. Some
// trust and some grants cross accounts; a few service calls were denied.
//
// It can be attacked: in each account a web tier answers the internet, a few
// roles administer, deploy or operate, one bucket in ten and one database in
// three have names that speak of people's data, databases open to some roles'
// secrets and workloads, and one bucket in a hundred is public.
//
// Documents take about 250 bytes per node, so 10^6 edges take some 60 MB.
func Estate(c EstateConfig) *graph.Snapshot {
	b := EstateBuilder(c)
	id := c.ID
	if id == "" {
		id = "estate"
	}
	s, err := b.Build(graph.Meta{ID: id, Source: "generated", TakenAt: estateTime, Regions: regions[:]})
	if err != nil {
		panic(err) // the generator's own fault: it gives every node an id
	}
	return s
}

// EstateBuilder is [Estate] before it is frozen, for measuring that step.
func EstateBuilder(c EstateConfig) *graph.Builder {
	e := &estate{b: graph.NewBuilder(), rng: rand.New(rand.NewPCG(c.Seed, 0x9e3779b97f4a7c15)), want: c.Edges, accountNodes: c.AccountNodes}
	e.outside()
	for e.edges < e.want {
		e.account()
	}
	return e.b
}

var (
	estateTime = time.Date(2026, 1, 15, 6, 0, 0, 0, time.UTC)
	regions    = [...]string{"eu-central-1", "eu-west-1", "us-east-1"}
)

// estate is a generator at work.
type estate struct {
	b     *graph.Builder
	rng   *rand.Rand
	edges int
	want  int
	seq   uint64

	accountNodes int

	internet, readOnly, admin graph.Handle
	roles                     []string // ids of roles of earlier accounts, which trust may name
	buckets                   []string
}

func (e *estate) outside() {
	e.internet, _ = e.b.Add(graph.Node{ID: "internet", Kind: graph.KindInternet, Name: "Internet"})
	for _, k := range []graph.Kind{graph.KindOnPrem, graph.KindAnonymous, graph.KindAnyPrincipal} {
		e.b.Add(graph.Node{ID: k.String(), Kind: k, Name: k.String()})
	}
	e.readOnly = e.managedPolicy("ViewOnlyAccess", `["s3:ListAllMyBuckets","ec2:Describe*"]`)
	e.admin = e.managedPolicy("AdministratorAccess", `"*"`)
}

// managedPolicy adds a policy that AWS owns.
func (e *estate) managedPolicy(name, actions string) graph.Handle {
	h, _ := e.b.Add(graph.Node{ID: "arn:aws:iam::aws:policy/" + name, Kind: graph.KindPolicy, Name: name})
	origin := e.b.Origin(graph.Origin{Source: "generated", Service: "iam", Operation: "GetAccountAuthorizationDetails", ReadAt: estateTime})
	e.set(h, graph.PropDocument, origin, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":%s,"Resource":"*"}]}`, actions)
	return h
}

// account adds one account: its fixed part, then workloads of all kinds until
// it has its size or the estate is large enough.
func (e *estate) account() {
	a := &account{estate: e, id: fmt.Sprintf("%012d", 100000000000+e.next()*7919), region: regions[e.rng.IntN(len(regions))]}
	size := int(min(5000, 60*math.Pow(1-e.rng.Float64(), -1/1.2)))
	if e.accountNodes > 0 {
		size = e.accountNodes
	}
	start := e.b.Len()
	a.base()
	for e.b.Len()-start < size && e.edges < e.want {
		switch p := e.rng.Float64(); {
		case p < 0.20:
			a.instance()
		case p < 0.42:
			a.function()
		case p < 0.64:
			a.role("")
		case p < 0.72:
			a.user()
		case p < 0.90:
			a.bucket()
		case p < 0.95:
			a.database()
		default:
			a.secret()
		}
	}
	e.roles = append(e.roles, a.roleIDs[:min(len(a.roleIDs), 20)]...)
	e.buckets = append(e.buckets, a.bucketIDs[:min(len(a.bucketIDs), 20)]...)
	if e.rng.Float64() < 0.2 {
		e.b.Gap(graph.Gap{
			ID: "gap:" + a.id + ":" + a.region + ":lambda:ListFunctions", Account: a.id, Region: a.region, Service: "lambda",
			Operation: "ListFunctions", Outcome: graph.OutcomeDenied, Detail: "AccessDeniedException", Affects: []string{graph.AccountID(a.id)},
		})
	}
}

func (e *estate) next() uint64 {
	e.seq++
	return e.seq
}

func (e *estate) link(from, to graph.Handle, kind graph.EdgeKind) {
	e.b.Link(from, to, kind)
	e.edges++
}

func (e *estate) set(h graph.Handle, key string, origin graph.OriginID, format string, args ...any) {
	if err := e.b.Set(h, key, json.RawMessage(fmt.Appendf(nil, format, args...)), origin); err != nil {
		panic(err) // the generator's own fault: it writes JSON
	}
}

// skewed picks an index below n, low ones far more often: a few things are
// used by very many.
func (e *estate) skewed(n int) int {
	u := e.rng.Float64()
	return int(float64(n) * u * u * u)
}

// account is one account while it is generated.
type account struct {
	*estate
	id, region string
	self, vpc  graph.Handle
	vpcID      string
	hosts      int // private addresses given out

	subnets, groups, keys, policies, teams, profiles, roleNodes, bucketNodes []graph.Handle

	roleIDs, bucketIDs, secretIDs              []string
	originEC2, originIAM, originS3, originElse graph.OriginID
}

func (a *account) origin(service, operation string) graph.OriginID {
	return a.b.Origin(graph.Origin{Source: "generated", Account: a.id, Region: a.region, Service: service, Operation: operation, ReadAt: estateTime})
}

// add makes a node that stands in the account.
func (a *account) add(kind graph.Kind, id, name string) graph.Handle {
	h, _ := a.b.Add(graph.Node{ID: id, Kind: kind, Name: name, Account: a.id, Region: a.region})
	a.link(a.self, h, graph.EdgeContains)
	return h
}

func (a *account) arn(service, resource string) string {
	return "arn:aws:" + service + ":" + a.region + ":" + a.id + ":" + resource
}

// thing makes an identifier such as i-0000000000000002a.
func (a *account) thing(prefix string) string { return fmt.Sprintf("%s-%017x", prefix, a.next()) }

func (a *account) base() {
	a.originEC2, a.originIAM = a.origin("ec2", "DescribeInstances"), a.origin("iam", "GetAccountAuthorizationDetails")
	a.originS3, a.originElse = a.origin("s3", "GetBucketPolicy"), a.origin("lambda", "ListFunctions")
	a.self, _ = a.b.Add(graph.Node{ID: graph.AccountID(a.id), Kind: graph.KindAccount, Name: "acct-" + a.id[6:], Account: a.id})
	a.network()
	for i := range 3 {
		key := a.thing("key")
		h := a.add(graph.KindKey, a.arn("kms", "key/"+key), key)
		a.set(h, graph.PropPolicy, a.originElse, `{"Version":"2012-10-17","Statement":[{"Sid":"Enable IAM","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"kms:*","Resource":"*"}]}`, a.id)
		a.keys = append(a.keys, h)
		name := fmt.Sprintf("team-%d", i)
		a.teams = append(a.teams, a.add(graph.KindGroup, "arn:aws:iam::"+a.id+":group/"+name, name))
	}
	for i := range 6 {
		name := fmt.Sprintf("app-policy-%d", i)
		h := a.add(graph.KindPolicy, "arn:aws:iam::"+a.id+":policy/"+name, name)
		a.set(h, graph.PropDocument, a.originIAM, `{"Version":"2012-10-17","Statement":[{"Sid":"P%d","Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::data-%d-*/*"},{"Effect":"Deny","Action":"iam:*","Resource":"*"}]}`, i, i)
		a.policies = append(a.policies, h)
	}
	a.role("")
	a.bucket()
	a.privileged()
}
