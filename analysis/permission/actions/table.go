package actions

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/cairn-security/cairn/analysis/policy"
)

//go:embed table.gz
var packed []byte

// Level is the access level of an action.
type Level uint8

// Access levels.
const (
	Read Level = iota
	List
	Write
	Tagging
	PermissionsManagement
)

func (l Level) String() string {
	return [...]string{"Read", "List", "Write", "Tagging", "Permissions management"}[l]
}

// Action is one row of the reference.
type Action struct {
	Service string // lower case, the part before the colon
	Name    string // as documented: GetObject
	Level   Level
	// Types are the resource types the action can act on; empty: the action
	// takes no resource and is authorized on *.
	Types []On
	keys  []int
	owner *service
}

// On is a resource type an action acts on. Several required types must all be
// allowed in one request.
type On struct {
	*ResourceType
	Required bool
}

// ResourceType is a kind of resource of a service.
type ResourceType struct {
	Name string
	ARN  string // format: arn:${Partition}:s3:::${BucketName}/${ObjectName}
	glob policy.Glob
	// flat: the last variable takes no slash; slashes counts those before it.
	flat    bool
	slashes int
	keys    []int
}

type service struct {
	prefix  string
	rcp     bool
	keys    []key
	types   []*ResourceType
	actions []*Action
	byName  map[string]*Action
}

type key struct {
	name string // lower case; up to the variable part for tag keys
	open bool   // the name ends in a variable
}

type table struct {
	version, date string
	services      map[string]*service
}

// load reads the embedded table once. Damage would be a broken build, found by
// any test; it leaves an empty table.
var load = sync.OnceValue(func() *table {
	t, err := parse(packed)
	if err != nil {
		return &table{services: map[string]*service{}}
	}
	return t
})

func parse(packed []byte) (*table, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	p := parser{t: &table{services: map[string]*service{}}}
	n := 0
	for line := range strings.Lines(string(raw)) {
		n++
		if err := p.line(strings.Split(strings.TrimSuffix(line, "\n"), "\t")); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	return p.t, nil
}

type parser struct {
	t        *table
	s        *service
	resKeys  []int
	actTypes []On
	actKeys  []int
}

func (p *parser) line(f []string) error {
	switch {
	case f[0] == "V" && len(f) == 3:
		p.t.version, p.t.date = f[1], f[2]
		return nil
	case f[0] == "S" && len(f) == 3:
		p.s = &service{prefix: f[1], rcp: f[2] == "rcp", byName: map[string]*Action{}}
		p.t.services[f[1]] = p.s
		p.resKeys, p.actTypes, p.actKeys = nil, nil, nil
		return nil
	case p.s == nil:
		return fmt.Errorf("record %q before any service", f[0])
	case f[0] == "K" && len(f) == 3:
		p.s.keys = append(p.s.keys, newKey(f[1]))
		return nil
	case f[0] == "R" && len(f) == 4:
		if err := p.ints(f[3], &p.resKeys); err != nil {
			return err
		}
		p.s.types = append(p.s.types, newResourceType(f[1], f[2], p.resKeys))
		return nil
	case f[0] == "A" && len(f) == 5:
		return p.action(f)
	}
	return fmt.Errorf("unknown record %q", f[0])
}

func newKey(name string) key {
	k := key{name: strings.ToLower(name)}
	if i := strings.IndexAny(k.name, "$<"); i >= 0 {
		k.name, k.open = k.name[:i], true
	}
	return k
}

func (p *parser) action(f []string) error {
	if err := p.ints(f[4], &p.actKeys); err != nil {
		return err
	}
	if f[3] != "=" {
		p.actTypes = nil
		for s := range strings.SplitSeq(f[3], ",") {
			if s == "" {
				continue
			}
			s, required := strings.CutSuffix(s, "!")
			i, err := strconv.Atoi(s)
			if err != nil || i >= len(p.s.types) {
				return fmt.Errorf("resource type %q", s)
			}
			p.actTypes = append(p.actTypes, On{p.s.types[i], required})
		}
	}
	a := &Action{Service: p.s.prefix, Name: f[1], Level: levelOf(f[2]), Types: p.actTypes, keys: p.actKeys, owner: p.s}
	p.s.actions = append(p.s.actions, a)
	p.s.byName[strings.ToLower(a.Name)] = a
	return nil
}

func levelOf(s string) Level {
	switch s {
	case "R":
		return Read
	case "L":
		return List
	case "T":
		return Tagging
	case "P":
		return PermissionsManagement
	}
	return Write
}

func (p *parser) ints(s string, into *[]int) error {
	if s == "=" {
		return nil
	}
	var out []int
	for f := range strings.SplitSeq(s, ",") {
		if f == "" {
			continue
		}
		i, err := strconv.Atoi(f)
		if err != nil || i >= len(p.s.keys) {
			return fmt.Errorf("condition key %q", f)
		}
		out = append(out, i)
	}
	*into = out
	return nil
}
