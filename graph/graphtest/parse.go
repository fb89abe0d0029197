package graphtest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cairn-security/cairn/graph"
)

// Parse reads the text form of a graph:
//
//	# a comment
//	snapshot s1 source=demo taken=2026-01-02T03:04:05Z accounts=111122223333 regions=eu-west-1 tasks=ok:3
//	node role arn:aws:iam::111122223333:role/a name=a account=111122223333
//	  from service=iam operation=GetRole read=2026-01-02T03:04:05Z
//	  trust {"Statement":[]}
//	edge arn:aws:iam::111122223333:role/a HAS_POLICY arn:aws:iam::aws:policy/ReadOnlyAccess
//	gap gap:1 denied service=s3 operation=ListBuckets affects=arn:aws:iam::111122223333:root
//
// Words are separated by spaces; a word or a value with spaces stands in Go
// quotes. accounts, regions, tasks and affects may be given several times. An
// indented line is a property of the node above; "from" sets the origin of the
// properties that follow. An edge to an id that no line describes makes an
// unknown node. Errors name the line.
func Parse(text string) (*graph.Snapshot, error) {
	p := parser{b: graph.NewBuilder()}
	sc := bufio.NewScanner(strings.NewReader(text))
	sc.Buffer(nil, 64<<20)
	for n := 1; sc.Scan(); n++ {
		if err := p.line(sc.Text()); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := sc.Err(); err != nil {
		return nil, err
	}
	return p.b.Build(p.meta)
}

// MustParse is [Parse] for tests: an error ends the test.
func MustParse(t testing.TB, text string) *graph.Snapshot {
	t.Helper()
	s, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type parser struct {
	b      *graph.Builder
	meta   graph.Meta
	node   graph.Handle
	inNode bool
	origin graph.OriginID
}

func (p *parser) line(line string) error {
	trimmed := strings.TrimSpace(line)
	if trimmed == "" || trimmed[0] == '#' {
		return nil
	}
	if line[0] == ' ' || line[0] == '\t' {
		return p.property(trimmed)
	}
	words, err := split(trimmed)
	if err != nil {
		return err
	}
	p.inNode = false
	switch verb := words[0].key; {
	case verb == "snapshot" && len(words) >= 2:
		return p.snapshot(words[1].key, words[2:])
	case verb == "node" && len(words) >= 3:
		return p.addNode(words[1].key, words[2].key, words[3:])
	case verb == "edge" && len(words) == 4:
		kind, ok := graph.ParseEdgeKind(words[2].key)
		if !ok {
			return fmt.Errorf("no edge kind %q", words[2].key)
		}
		p.b.Link(p.b.Refer(graph.Node{ID: words[1].key}), p.b.Refer(graph.Node{ID: words[3].key}), kind)
		return nil
	case verb == "gap" && len(words) >= 3:
		return p.gap(words[1].key, words[2].key, words[3:])
	}
	return fmt.Errorf("cannot read %q", trimmed)
}

func (p *parser) snapshot(id string, fields []word) error {
	p.meta = graph.Meta{ID: id}
	for _, f := range fields {
		switch f.key {
		case "source":
			p.meta.Source = f.value
		case "taken":
			at, err := time.Parse(time.RFC3339Nano, f.value)
			if err != nil {
				return err
			}
			p.meta.TakenAt = at
		case "accounts":
			p.meta.Accounts = append(p.meta.Accounts, f.value)
		case "regions":
			p.meta.Regions = append(p.meta.Regions, f.value)
		case "tasks":
			name, count, _ := strings.Cut(f.value, ":")
			n, err := strconv.Atoi(count)
			if err != nil {
				return fmt.Errorf("tasks=%s: want OUTCOME:COUNT", f.value)
			}
			if p.meta.Tasks == nil {
				p.meta.Tasks = map[graph.Outcome]int{}
			}
			p.meta.Tasks[graph.Outcome(name)] = n
		default:
			return fmt.Errorf("a snapshot has no %q", f.key)
		}
	}
	return nil
}

func (p *parser) addNode(kind, id string, fields []word) error {
	k, ok := graph.ParseKind(kind)
	if !ok {
		return fmt.Errorf("no node kind %q", kind)
	}
	n := graph.Node{ID: id, Kind: k}
	for _, f := range fields {
		switch f.key {
		case "name":
			n.Name = f.value
		case "account":
			n.Account = f.value
		case "region":
			n.Region = f.value
		default:
			return fmt.Errorf("a node has no %q", f.key)
		}
	}
	h, created := p.b.Add(n)
	if !created {
		return fmt.Errorf("node %s stands there twice", id)
	}
	p.node, p.inNode = h, true
	p.origin = p.b.Origin(graph.Origin{})
	return nil
}

func (p *parser) property(line string) error {
	if !p.inNode {
		return fmt.Errorf("a property without a node: %q", line)
	}
	if rest, ok := strings.CutPrefix(line, "from "); ok {
		fields, err := split(rest)
		if err != nil {
			return err
		}
		return p.from(fields)
	}
	key, rest, err := next(line)
	if err != nil {
		return err
	}
	return p.b.Set(p.node, key, json.RawMessage(strings.TrimSpace(rest)), p.origin)
}

func (p *parser) from(fields []word) error {
	var o graph.Origin
	for _, f := range fields {
		switch f.key {
		case "source":
			o.Source = f.value
		case "account":
			o.Account = f.value
		case "region":
			o.Region = f.value
		case "service":
			o.Service = f.value
		case "operation":
			o.Operation = f.value
		case "file":
			o.File = f.value
		case "stale":
			o.Stale = f.value == "true"
		case "read":
			at, err := time.Parse(time.RFC3339Nano, f.value)
			if err != nil {
				return err
			}
			o.ReadAt = at
		default:
			return fmt.Errorf("an origin has no %q", f.key)
		}
	}
	p.origin = p.b.Origin(o)
	return nil
}

func (p *parser) gap(id, outcome string, fields []word) error {
	g := graph.Gap{ID: id, Outcome: graph.Outcome(outcome)}
	for _, f := range fields {
		switch f.key {
		case "account":
			g.Account = f.value
		case "region":
			g.Region = f.value
		case "service":
			g.Service = f.value
		case "operation":
			g.Operation = f.value
		case "detail":
			g.Detail = f.value
		case "affects":
			g.Affects = append(g.Affects, f.value)
		default:
			return fmt.Errorf("a gap has no %q", f.key)
		}
	}
	p.b.Gap(g)
	return nil
}
