package analysistest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cairn-security/cairn/analysis/sensitivity"
	"github.com/cairn-security/cairn/graph"
)

// Estate is a scenario read: a snapshot and what a run is asked.
type Estate struct {
	Snap    *graph.Snapshot
	Marks   map[string]sensitivity.Mark
	From    []graph.Ref // held from the start
	To      []graph.Ref
	Entries []string // nil: the usual
	// PathsPerTarget bounds the search; 0: the usual.
	PathsPerTarget int
	Expect         []Expectation

	region  string
	account string
}

// Expectation is one line after "expect".
type Expectation struct {
	Line int
	Text string
}

// taken is when estates are read, unless they say otherwise.
var taken = time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)

// Region is where everything stands that has a region.
const Region = "eu-west-1"

type reader struct {
	estate   *Estate
	b        *graph.Builder
	meta     graph.Meta
	nodes    map[string]*node
	order    []*node
	at       *node
	from, to []string
	account  string
}

// node is one thing while it is read.
type node struct {
	graph.Node
	props      map[string]json.RawMessage
	keys       []string // of props, as they came
	statements map[string][]json.RawMessage
	edges      [][2]string // kind, id
	label      string
}

// Parse reads a scenario: the estate and, after it, one case. Errors name the
// line, counted in its part.
func Parse(texts ...string) (*Estate, error) {
	r := &reader{estate: &Estate{Marks: map[string]sensitivity.Mark{}}, b: graph.NewBuilder(), nodes: map[string]*node{}}
	r.meta = graph.Meta{ID: "scenario", Source: "scenario", TakenAt: taken, Regions: []string{Region}}
	for _, id := range []graph.Kind{graph.KindInternet, graph.KindOnPrem, graph.KindAnonymous, graph.KindAnyPrincipal} {
		r.node(id, id.String(), id.String(), "")
	}
	for _, text := range texts {
		for i, line := range strings.Split(text, "\n") {
			if err := r.line(line, i+1); err != nil {
				return nil, fmt.Errorf("line %d: %w", i+1, err)
			}
		}
	}
	return r.build()
}

// MustParse is Parse for scenarios that are part of a test.
func MustParse(texts ...string) *Estate {
	e, err := Parse(texts...)
	if err != nil {
		panic(err) // the test's own text
	}
	return e
}

func (r *reader) line(line string, number int) error {
	text := strings.TrimSpace(line)
	switch {
	case text == "" || text[0] == '#':
		return nil
	case line[0] == ' ' || line[0] == '\t':
		if r.at == nil {
			return fmt.Errorf("nothing stands above %q", text)
		}
		return r.member(text)
	}
	r.at = nil
	verb, rest, _ := strings.Cut(text, " ")
	rest = strings.TrimSpace(rest)
	switch verb {
	case "expect":
		r.estate.Expect = append(r.estate.Expect, Expectation{number, rest})
	case "account":
		id, alias, _ := strings.Cut(rest, " ")
		r.account = id
		n := r.node(graph.KindAccount, graph.AccountID(id), id, id)
		if alias != "" {
			n.set(graph.PropAlias, mustJSON(alias))
		}
		r.at = n
		if !slices.Contains(r.meta.Accounts, id) {
			r.meta.Accounts = append(r.meta.Accounts, id)
		}
	case "foreign":
		r.at = r.node(graph.KindExternalAccount, graph.AccountID(rest), rest, rest)
	case "from":
		r.from = append(r.from, rest)
	case "to":
		r.to = append(r.to, rest)
	case "entries":
		r.estate.Entries = strings.Split(rest, ",")
	case "paths-per-target":
		_, err := fmt.Sscan(rest, &r.estate.PathsPerTarget)
		return err
	case "gap":
		return r.gap(strings.Fields(rest))
	default:
		kind, ok := graph.ParseKind(verb)
		if !ok || rest == "" {
			return fmt.Errorf("cannot read %q", text)
		}
		r.at = r.named(kind, rest)
	}
	return nil
}

// gap reads "OUTCOME SERVICE OPERATION NAME…".
func (r *reader) gap(words []string) error {
	if len(words) < 4 {
		return fmt.Errorf("a gap is OUTCOME SERVICE OPERATION NAME…")
	}
	g := graph.Gap{ID: "gap:" + words[1] + ":" + words[2] + ":" + words[3], Outcome: graph.Outcome(words[0]), Service: words[1], Operation: words[2], Account: r.account, Region: Region}
	for _, name := range words[3:] {
		g.Affects = append(g.Affects, r.ID(name))
	}
	r.b.Gap(g)
	return nil
}

func (r *reader) node(kind graph.Kind, id, name, account string) *node {
	n := r.nodes[id]
	if n == nil {
		n = &node{Node: graph.Node{ID: id, Kind: kind, Name: name, Account: account}, props: map[string]json.RawMessage{}, statements: map[string][]json.RawMessage{}}
		r.nodes[id] = n
		r.order = append(r.order, n)
	}
	return n
}

func (n *node) set(key string, value json.RawMessage) {
	if _, ok := n.props[key]; !ok {
		n.keys = append(n.keys, key)
	}
	n.props[key] = value
	delete(n.statements, key)
}

func (r *reader) build() (*Estate, error) {
	origin := r.b.Origin(graph.Origin{Source: "scenario", Service: "iam", Operation: "GetAccountAuthorizationDetails", ReadAt: taken})
	for _, n := range r.order {
		r.b.Add(n.Node)
	}
	for _, n := range r.order {
		h, _ := r.b.Find(n.ID)
		n.finish()
		for _, key := range n.keys {
			if value, ok := n.props[key]; ok {
				if err := r.b.Set(h, key, value, origin); err != nil {
					return nil, err
				}
			}
		}
		for _, e := range n.edges {
			kind, ok := graph.ParseEdgeKind(e[0])
			if !ok {
				return nil, fmt.Errorf("%s: no edge kind %q", n.ID, e[0])
			}
			r.b.Link(h, r.b.Refer(graph.Node{ID: e[1]}), kind)
		}
		if account, ok := r.b.Find(graph.AccountID(n.Account)); ok && account != h && n.Account != "" {
			r.b.Link(account, h, graph.EdgeContains)
		}
		if n.label != "" {
			r.estate.Marks[n.ID] = sensitivity.Mark{Label: n.label}
		}
	}
	snap, err := r.b.Build(r.meta)
	if err != nil {
		return nil, err
	}
	e := r.estate
	e.Snap, e.account, e.region = snap, r.account, Region
	for _, name := range r.from {
		ref, err := e.Find(name)
		if err != nil {
			return nil, err
		}
		e.From = append(e.From, ref)
	}
	for _, name := range r.to {
		ref, err := e.Find(name)
		if err != nil {
			return nil, err
		}
		e.To = append(e.To, ref)
	}
	return e, nil
}

// Find returns the node of a name as scenarios write it.
func (e *Estate) Find(name string) (graph.Ref, error) {
	id := idOf(name, e.account)
	if ref, ok := e.Snap.Lookup(id); ok {
		return ref, nil
	}
	return graph.NoRef, fmt.Errorf("no node %s (%s)", name, id)
}

// Ref is Find for names that are part of a test.
func (e *Estate) Ref(name string) graph.Ref {
	ref, err := e.Find(name)
	if err != nil {
		panic(err) // the test's own text
	}
	return ref
}
