package assemble

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
	"github.com/cairn-security/cairn/ingest/fields"
	"github.com/cairn-security/cairn/ingest/record"
)

// operation is a row of the table: what a reply of one operation means.
type operation struct {
	service, name string
	// params are what a call about one resource asks for, in the order of the
	// command line.
	params []string
	// about names that resource; nil for list and describe calls over everything.
	about func(*call) node
	// items are the lists in the reply and what their elements are.
	items []list
	// listing is the path of the elements of a list that the handler reads.
	listing string
	// facts are parts of the reply that become properties of what it is about.
	facts []fact
	// handle reads what rows cannot say; it runs after items and facts. about is
	// none for calls over everything.
	handle func(c *call, about node)
	// onEmpty reads a call that came back empty, where that says something.
	onEmpty func(c *call, about node)
	// uses are the specs that handlers and facts read themselves.
	uses []*spec

	compiled *fields.Shape // over the items' paths, then the facts'
}

// list is a list in a reply.
type list struct {
	path string // of the elements: "Subnets/*"
	spec *spec
}

// fact is a part of a reply or item that becomes a property.
type fact struct {
	path, key string
	// read converts the value; nil keeps it as it stands.
	read func(c *call, of node, key string, value []byte)
}

// spec says how the elements of a list become nodes. Paths lead into the element.
type spec struct {
	kind graph.Kind
	// service and typ build the id: arn:…:service:region:account:typ + id.
	service, typ string
	arn          string // path of the ARN, where the element carries it
	id           string // path of the id
	name         string // path of the name
	owner        string // path of the owning account
	own          bool   // those of other accounts, which a list may hold as well, are left out
	region       string // path of the region, where it may be another than the reply's
	tags         string // path of the tags; "Tags" when empty
	anywhere     bool   // the bare id identifies the node in all accounts
	mode         mode   // yields where another operation describes the same in more detail
	unnamed      bool   // the id is no name to show: another reply may have a better one
	trim         string // what an ARN leaves out at the beginning of the id
	// build makes the id of a node where the common rule does not.
	build func(c *call, id string) string
	links []link
	facts []fact
	// each reads what rows cannot say.
	each func(c *call, n node, item []byte)

	compiled *fields.Shape
}

// link is a reference inside an element.
type link struct {
	path string
	kind graph.EdgeKind
	to   target
	in   bool // the edge runs from what is referred to
}

// target turns a value into the node it refers to, or none.
type target func(c *call, value string) node

const (
	pathARN = iota
	pathID
	pathName
	pathOwner
	pathTags
	pathRegion
	pathFirst // first of the links, then the facts
)

func (s *spec) compile() {
	paths := make([]string, pathFirst, pathFirst+len(s.links)+len(s.facts))
	copy(paths, []string{s.arn, s.id, s.name, s.owner, s.tags, s.region})
	if s.tags == "" {
		paths[pathTags] = "Tags"
	}
	for _, l := range s.links {
		paths = append(paths, l.path)
	}
	for _, f := range s.facts {
		paths = append(paths, f.path)
	}
	s.compiled = fields.New(paths...)
}

// read runs an operation over its record's body.
func (op *operation) read(c *call) {
	subject := none
	if op.about != nil {
		if subject = op.about(c); subject != none {
			c.nodes[subject].evident = !c.rec.Stale && c.nodes[subject].Kind != graph.KindUnknown
			c.nodes[subject].lapsed = c.rec.Stale
			if op.service != record.ServiceCairn { // findings add up
				c.nodes[subject].sum, c.nodes[subject].answer = sumOf(c.rec.Body), true
			}
		}
	}
	index := make([]int, len(op.items))
	bare := len(op.facts) > 0
	if op.compiled != nil {
		op.compiled.Scan(c.rec.Body, func(path int, value []byte) {
			if path < len(op.items) {
				op.items[path].spec.read(c, value, fmt.Sprintf("%s/%d", strings.TrimSuffix(op.items[path].path, "/*"), index[path]))
				index[path]++
				return
			}
			c.fact(op.facts[path-len(op.items)], subject, value)
			bare = false
		})
	}
	if bare {
		op.readBare(c, subject)
	}
	c.setAccount("")
	if op.handle != nil {
		op.handle(c, subject)
	}
}

var bareShape = fields.New("Statement")

// readBare reads a reply that is the policy it should hold: what the command
// line prints when it is asked for the policy alone.
func (op *operation) readBare(c *call, subject node) {
	bareShape.Scan(c.rec.Body, func(int, []byte) {
		for _, f := range op.facts {
			if f.key == graph.PropPolicy || f.key == graph.PropDocument {
				c.fact(f, subject, c.rec.Body)
			}
		}
	})
}

func (c *call) fact(f fact, of node, value []byte) {
	if of == none {
		return
	}
	if f.read != nil {
		f.read(c, of, f.key, value)
		return
	}
	c.set(of, f.key, value)
}

// readPage is the conversion of a fact that is a list which may come in pages.
func readPage(c *call, of node, key string, value []byte) { c.setAs(joins, of, key, value) }

type found struct {
	path  int
	value []byte
}

// read makes a node of one element. place is where it stands in the reply.
func (s *spec) read(c *call, item []byte, place string) node {
	var head [pathFirst][]byte
	var hits [32]found
	rest := hits[:0]
	s.compiled.Scan(item, func(path int, value []byte) {
		if path < pathFirst {
			head[path] = value
			return
		}
		rest = append(rest, found{path - pathFirst, value})
	})
	if len(item) > 0 && item[0] != '{' {
		c.malformed(none, place, "is no object")
		return none
	}
	c.setAccount(fields.Text(head[pathOwner]))
	if s.own && c.rec.Account != "" && c.account != c.rec.Account {
		c.setAccount("")
		return none // public ones and such as are shared with the account
	}
	if region := fields.Text(head[pathRegion]); region != "" {
		c.region = region
	}
	n := s.identify(c, fields.Text(head[pathARN]), fields.Text(head[pathID]), fields.Text(head[pathName]))
	if n == none {
		c.malformed(none, place, "has no "+strings.Trim(s.id+", "+s.arn, ", "))
		return none
	}
	tags := tagsOf(head[pathTags])
	defer func(before mode) { c.mode = before }(c.mode)
	c.mode = s.mode
	c.nodes[n].sum = sumOf(item)
	c.setAs(s.mode, n, graph.PropResource, item)
	if len(tags) > 0 {
		if name := tags["Name"]; name != "" && s.service == "ec2" {
			c.nodes[n].Name = name
		}
		object, err := json.Marshal(tags)
		if err == nil {
			c.set(n, graph.PropTags, object)
		}
	}
	for _, hit := range rest {
		if hit.path >= len(s.links) {
			c.fact(s.facts[hit.path-len(s.links)], n, hit.value)
			continue
		}
		c.follow(s.links[hit.path], n, hit.value)
	}
	if s.each != nil {
		s.each(c, n, item)
	}
	return n
}

func (c *call) follow(l link, n node, value []byte) {
	v := fields.Text(value)
	if v == "" {
		return
	}
	if to := l.to(c, v); l.in {
		c.link(to, n, l.kind)
	} else {
		c.link(n, to, l.kind)
	}
}

// identify names the node: by its ARN where the element carries one, else by
// what an ARN is built from, else by the bare id.
func (s *spec) identify(c *call, name, id, title string) node {
	a, isARN := arn.Parse(name)
	if isARN {
		if account := accountOf(a); account != "" {
			c.account = account
		}
		c.region = a.Region
		if a.Account == "aws" && s.kind != graph.KindUser && s.kind != graph.KindGroup && s.kind != graph.KindRole {
			c.account = "" // what AWS provides to all accounts is none's
		}
	} else {
		name = s.nodeID(c, id)
	}
	if name == "" {
		return none
	}
	if title == "" && !s.unnamed {
		title = cmp.Or(id, a.Name())
	}
	n := c.describe(graph.Node{ID: name, Kind: s.kind, Name: title, Account: c.account, Region: c.region}, "")
	if id != "" {
		c.nodes[n].name = s.scoped(id)
		c.nodes[n].anywhere = s.anywhere
	}
	return n
}

// scoped is the name by which replies refer to the node without its id: the
// bare id where that is unique by its prefix, else with service and type.
func (s *spec) scoped(id string) string {
	if s.anywhere {
		return id
	}
	return s.service + ":" + s.typ + id
}

// nodeID makes the id of a node of the kind from the bare id.
func (s *spec) nodeID(c *call, id string) string {
	if id == "" {
		return ""
	}
	if s.build != nil {
		return s.build(c, id)
	}
	if s.service == "iam" {
		if built := arn.Global(s.service, c.account, s.typ+id); built != "" && s.typ != "" {
			return built
		}
		return id
	}
	if built := arn.Regional(s.service, c.region, c.account, s.typ+strings.TrimPrefix(id, s.trim)); built != "" {
		return built
	}
	return id
}

// named refers to a node of the kind by its bare id.
func (s *spec) named(c *call, id string) node {
	if a, ok := arn.Parse(id); ok && a.Resource != "" {
		return c.refer(id, s.kind)
	}
	n := c.byName(s.nodeID(c, id), s.scoped(id), s.anywhere)
	if n != none {
		c.nodes[n].Kind, c.nodes[n].Node.Name = s.kind, id
	}
	return n
}
