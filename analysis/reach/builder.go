package reach

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/cairn-security/cairn/graph"
)

// Item is one described thing: a node id, the provider's own description and
// what was read apart from it (listeners, routes, health …), keyed like the
// properties of package graph.
type Item struct {
	Kind    graph.Kind
	Node    graph.Ref // graph.NoRef outside a snapshot
	ID      string    // node id; empty: the document's own
	Account string
	Region  string
	Raw     json.RawMessage // graph.PropResource
	Props   map[string]json.RawMessage
}

// Builder collects items in any order and links them into an [Estate]. The
// zero value is not usable; call [NewBuilder]. Not safe for concurrent use.
type Builder struct {
	est   *Estate
	items map[graph.Kind][]item
	// seen interns group sets; attached lists the interfaces of instances;
	// unplaced lists by item what was not read of the subnets it stands in.
	unplaced map[string][]string
	// hidden are endpoints whose description was not read.
	hidden []Resource
	local  []localGap
	// described lists interfaces by what AWS wrote in their description.
	seen         map[string]int
	attached     map[string][]int32
	descriptions map[string][]int32
	subnetGroups map[string][]string
	databases    map[string][]int32  // instances by name
	awaited      map[string][]target // by target group: tasks that will be registered there
}

type item struct {
	origin
	kind            graph.Kind
	account, region string
	props           map[string]json.RawMessage
}

const kindPrefixList = graph.KindPrefixList

// NewBuilder returns an empty builder.
func NewBuilder() *Builder {
	return &Builder{items: map[graph.Kind][]item{}, seen: map[string]int{}, attached: map[string][]int32{}, descriptions: map[string][]int32{}, awaited: map[string][]target{}, databases: map[string][]int32{}, est: &Estate{
		byID: map[string]entity{}, names: map[string][]int32{}, byNode: map[graph.Ref]int32{}, byPublic: map[addr]int32{}, byPrivate: map[privateKey]int32{},
		prefixLists: map[string]prefixList{}, collected: map[scope]bool{}, accounts: map[string]bool{}, gapsIn: map[inVPC]graph.Gap{},
	}}
}

// Add takes one item. Kinds that say nothing about packets are ignored. The
// raw documents are kept, not copied, and must not change. O(1); documents are
// decoded by [Builder.Build].
func (b *Builder) Add(it Item) {
	if op, ok := operations[it.Kind]; ok {
		b.Collected(op, it.Account, it.Region)
	}
	b.items[it.Kind] = append(b.items[it.Kind], item{
		origin: origin{node: it.Node, id: it.ID, raw: it.Raw}, kind: it.Kind,
		account: it.Account, region: it.Region, props: it.Props,
	})
}

// operations names the describe call of kinds whose absence has a meaning.
var operations = map[graph.Kind]string{
	graph.KindVPC:               "DescribeVpcs",
	graph.KindInternetGateway:   "DescribeInternetGateways",
	graph.KindEgressOnlyGateway: "DescribeEgressOnlyInternetGateways",
	graph.KindRouteTable:        "DescribeRouteTables",
	graph.KindNetworkACL:        "DescribeNetworkAcls",
	graph.KindSecurityGroup:     "DescribeSecurityGroups",
	graph.KindInterface:         "DescribeNetworkInterfaces",
}

// Collected says that an operation was answered for an account and region,
// with whatever result: what is not there does not exist.
func (b *Builder) Collected(operation, account, region string) {
	b.est.collected[scope{account, region, operation}] = true
}

func (b *Builder) problem(format string, args ...any) {
	const limit = 1000
	if len(b.est.problems) < limit {
		b.est.problems = append(b.est.problems, fmt.Sprintf(format, args...))
	}
}

// decode reads an item's document; a document that is not what its kind says
// is one problem, and the item is as if it had not been read.
func (b *Builder) decode(it item, doc any) bool {
	if err := json.Unmarshal(it.raw, doc); err != nil {
		b.problem("%s %s: %s", it.kind, it.id, jsonError(err))
		return false
	}
	return true
}

func (b *Builder) decodeProp(it item, key string, doc any) bool {
	raw := it.props[key]
	if len(raw) == 0 {
		return false
	}
	if err := json.Unmarshal(raw, doc); err != nil {
		b.problem("%s %s, %s: %s", it.kind, it.id, key, jsonError(err))
		return false
	}
	return true
}

func jsonError(err error) string {
	var typ *json.UnmarshalTypeError
	var syn *json.SyntaxError
	switch {
	case errors.As(err, &typ):
		return fmt.Sprintf("%s is a %s where another type belongs (byte %d)", typ.Field, typ.Value, typ.Offset)
	case errors.As(err, &syn):
		return fmt.Sprintf("not JSON: %v (byte %d)", err, syn.Offset)
	}
	return err.Error()
}

// decodeAll decodes documents of one kind on all processors, in order.
func decodeAll[T any](b *Builder, kind graph.Kind) []decoded[T] {
	items := b.items[kind]
	out := make([]decoded[T], len(items))
	errs := make([]error, len(items))
	workers := min(runtime.GOMAXPROCS(0), max(1, len(items)/64))
	var wg sync.WaitGroup
	for k := range workers {
		wg.Go(func() {
			for i := k * len(items) / workers; i < (k+1)*len(items)/workers; i++ {
				out[i].item = &items[i]
				errs[i] = json.Unmarshal(items[i].raw, &out[i].doc)
			}
		})
	}
	wg.Wait()
	kept := out[:0]
	for i := range out {
		if errs[i] != nil {
			b.problem("%s %s: %s", kind, items[i].id, jsonError(errs[i]))
			b.broken(&items[i])
			continue
		}
		kept = append(kept, out[i])
	}
	return kept
}

type decoded[T any] struct {
	item *item
	doc  T
}

// Build links everything. Items added twice count once, the first description
// wins. The builder must not be used afterwards.
//
// Cost: decoding, plus O(n log n) in items and rules.
func (b *Builder) Build() *Estate {
	b.addPrefixLists()
	b.addVPCs()
	b.addSubnets()
	b.addGateways()
	b.addPeerings()
	b.addTransitGateways()
	b.addEndpoints()
	groups := b.addGroups()
	b.addInterfaces()
	b.addNATs()
	b.addResources()
	b.compileGroups(groups)
	b.addACLs()
	b.addTables()
	b.addTransitTables()
	b.addBlocks()
	b.linkBalancers()
	for _, r := range b.hidden {
		b.resource(r, r.Name)
	}
	b.finish()
	b.items = nil
	return b.est
}

// phantom is the origin of a thing that nothing described.
func (b *Builder) phantom(id string) origin { return origin{node: graph.NoRef, id: id} }

// register makes an id findable; a second description of the same id is
// reported only if it is not the same thing seen from another account.
func (b *Builder) register(o *origin, id string, kind entityKind, index int32) bool {
	if id == "" {
		b.problem("a description without an id (%s) was left out", o.id)
		return false
	}
	if old, ok := b.est.byID[id]; ok {
		if old.kind != kind {
			b.problem("%s is described as two different things", id)
		}
		return false
	}
	b.est.byID[id] = entity{kind, index}
	if o.id != "" && o.id != id {
		if _, ok := b.est.byID[o.id]; !ok {
			b.est.byID[o.id] = entity{kind, index}
		}
	}
	o.id = id
	return true
}

// lookup finds an entity of one kind.
func (e *Estate) lookup(kind entityKind, id string) int32 {
	if x, ok := e.byID[id]; ok && x.kind == kind {
		return x.index
	}
	return none
}

// vpcOf returns a VPC, adding an undescribed one for ids only referred to.
func (b *Builder) vpcOf(id, account, region string) int32 {
	if id == "" {
		return none
	}
	if i := b.est.lookup(isVPC, id); i != none {
		return i
	}
	i := int32(len(b.est.vpcs))
	v := vpc{origin: b.phantom(id), account: account, region: region, igw: none, eigw: none, vgw: none, mainTable: none, defaultACL: none, peeringsTo: map[int32]bool{}}
	if !b.register(&v.origin, id, isVPC, i) {
		return none
	}
	b.est.vpcs = append(b.est.vpcs, v)
	return i
}

// finish builds the indexes that need everything linked.
func (b *Builder) finish() {
	e := b.est
	for i := range e.vpcs {
		v := &e.vpcs[i]
		slices.SortFunc(v.subnets, func(x, y int32) int { return compareFirst(e.subnets[x].addrs, e.subnets[y].addrs) })
	}
	for _, r := range e.resources {
		for _, i := range r.ifaces {
			if e.interfaces[i].resource == none {
				e.interfaces[i].resource = r.index
			}
		}
	}
	b.addLooseInterfaces()
	for i := range e.resources {
		r := &e.resources[i]
		for _, n := range append(r.aliases, r.ID, r.Name) {
			if n = strings.ToLower(n); n != "" && !slices.Contains(e.names[n], int32(i)) {
				e.names[n] = append(e.names[n], int32(i))
			}
		}
	}
}

func compareFirst(x, y addrs) int {
	if len(x) == 0 || len(y) == 0 {
		return len(x) - len(y)
	}
	return x[0].First.Compare(y[0].First)
}
