package assemble

import (
	"encoding/json"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
	"github.com/cairn-security/cairn/ingest/record"
)

// batch is what one record says, before it meets the others. Nodes are named
// by their place in it.
type batch struct {
	nodes   []entry
	aliases []alias
	props   []property
	links   []edge
	gaps    []gap
	// inherits are pairs of a thing and the definition whose role it runs as.
	inherits [][2]node
	pieces   []piece
	problems []*record.Problem
}

// node is the place of an entry in a batch.
type node int32

// none is the node that nothing names; links and properties of it are dropped.
const none node = -1

// keep bounds how much room of a batch is kept for the next record.
const keep = 1 << 14

// emptied returns a slice's room without what stood in it.
func emptied[T any](s []T) []T {
	if cap(s) > keep {
		return nil
	}
	clear(s)
	return s[:0]
}

// reuse makes room for another record in a batch that was merged.
func (b *batch) reuse() batch {
	return batch{nodes: emptied(b.nodes), aliases: emptied(b.aliases), props: emptied(b.props), links: emptied(b.links),
		gaps: emptied(b.gaps), inherits: emptied(b.inherits), pieces: emptied(b.pieces)}
}

type entry struct {
	graph.Node
	// name is how other replies call the node when they do not know its id:
	// the bare resource id ("vpc-1") or a scoped name ("kms:alias/app").
	name string
	// anywhere: the name alone identifies the node in all accounts.
	anywhere bool
	// described: the reply describes the node. Otherwise it refers to it.
	described bool
	// evident: the reply proves that the node exists without describing it.
	evident bool
	// lapsed: the reply was kept from an earlier reading, so the node may be
	// gone; what is said about it counts only if something describes it.
	lapsed bool
	// sum is what the reply says about the node ([sumOf]); 0 where nothing of it
	// could be contradicted.
	sum uint64
	// answer: the reply answers a question about the node, perhaps in pages.
	// Otherwise an element of it describes the node.
	answer bool
}

type alias struct {
	of   node
	name string
}

// mode says what a value does to one that is there.
type mode uint8

const (
	replaces mode = iota
	yields        // never replaces
	joins         // a list that is appended
	merges        // an object that adds the members which are missing
)

type property struct {
	of    node
	key   string
	value json.RawMessage
	mode  mode
}

type edge struct {
	from, to node
	kind     graph.EdgeKind
}

type gap struct {
	graph.Gap
	on node // none: the account of the record
}

// call is one record on its way into a batch.
type call struct {
	batch
	rec *record.Record
	// account and region of what is being read: those of the record, or of the
	// item's owner.
	account, region string
	// owner is the account that owns everything in the part being read, where
	// the reply says so once for several items.
	owner string
	// mode is how properties are set: those of a description that yields yield too.
	mode mode
}

func (c *call) add(e entry) node {
	c.nodes = append(c.nodes, e)
	return node(len(c.nodes) - 1)
}

// describe adds a node that the reply describes.
func (c *call) describe(n graph.Node, name string) node {
	return c.add(entry{Node: n, name: name, described: true})
}

// refer adds a reference by a provider id that is certain.
func (c *call) refer(id string, kind graph.Kind) node {
	if id == "" {
		return none
	}
	n := graph.Node{ID: id, Kind: kind, Name: id}
	if a, ok := arn.Parse(id); ok {
		n.Account, n.Region, n.Name = accountOf(a), a.Region, a.Name()
	}
	return c.add(entry{Node: n})
}

// byName adds a reference by a name that is resolved at the end; id is what
// the node is called if nothing has that name.
func (c *call) byName(id, name string, anywhere bool) node {
	if id == "" {
		return none
	}
	n := graph.Node{ID: id, Name: name, Account: c.account, Region: c.region}
	if a, ok := arn.Parse(id); ok {
		n.Account, n.Region, n.Name = accountOf(a), a.Region, a.Name()
	}
	return c.add(entry{Node: n, name: name, anywhere: anywhere})
}

func accountOf(a arn.ARN) string {
	if arn.IsAccount(a.Account) {
		return a.Account
	}
	return ""
}

func (c *call) link(from, to node, kind graph.EdgeKind) {
	if from != none && to != none {
		c.links = append(c.links, edge{from, to, kind})
	}
}

// set gives a node a property; null and nothing are no value.
func (c *call) set(of node, key string, value []byte) { c.setAs(c.mode, of, key, value) }

func (c *call) setAs(m mode, of node, key string, value []byte) {
	if of != none && len(value) > 0 && string(value) != "null" {
		c.props = append(c.props, property{of, key, value, m})
	}
}

// setText gives a node a string property; an empty one is no value.
func (c *call) setText(of node, key, value string) {
	if value == "" {
		return
	}
	quoted, err := json.Marshal(value)
	if err == nil {
		c.set(of, key, quoted)
	}
}

// problem reports something that cannot be read; place is a JSON pointer or
// the name of a property.
func (c *call) problem(place, message string) {
	c.problems = append(c.problems, &record.Problem{File: c.rec.Place(), Place: place, Message: message})
}

// malformed is a problem that leaves a node (none: the account) not fully read.
func (c *call) malformed(on node, place, message string) {
	c.problem(place, message)
	g := c.newGap(graph.OutcomeMalformed, place+": "+message)
	g.ID += ":" + place
	if on != none {
		g.ID += "@" + c.nodes[on].ID
	}
	c.gaps = append(c.gaps, gap{g, on})
}

// setAccount switches to the account that owns the item being read, back to
// the record's when owner is no account.
func (c *call) setAccount(owner string) {
	c.account, c.region = c.rec.Account, regionOf(c.rec.Region)
	if arn.IsAccount(owner) {
		c.account = owner
	} else if arn.IsAccount(c.owner) {
		c.account = c.owner
	}
}

func regionOf(region string) string {
	if region == "global" {
		return ""
	}
	return region
}
