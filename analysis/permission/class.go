package permission

import (
	"encoding/binary"
	"maps"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/policy"
)

// class is principals about whom every question on datastores has the same
// answer: equal policies, boundary, account and tags, not named individually
// anywhere, and alike in every condition on who the caller is.
type class struct {
	members []*principal
	sample  *principal
}

// classes groups the principals of the estate, and adds those of other
// accounts that the snapshot knows, each alone.
func (e *Engine) classes(idx []*storeIndex) []*class {
	ids := e.identityConditions(idx)
	byKey := map[string]*class{}
	var out []*class
	add := func(p *principal, key string) {
		c := byKey[key]
		if c == nil {
			c = &class{sample: p}
			byKey[key] = c
			out = append(out, c)
		}
		c.members = append(c.members, p)
	}
	for _, p := range e.order {
		add(p, e.classKey(p, ids))
	}
	for _, p := range e.callers().list {
		if p.caller.Kind == policy.CallerRoot { // external accounts
			add(p, p.node.ID)
		}
	}
	return out
}

// identityConditions are what in the estate tells principals apart other than
// by their policies.
type identityConditions struct {
	named     map[string]bool // principals named by some policy of a resource
	samples   []*policy.Compiled
	variables bool // some policy of a resource uses the caller's name as a variable
}

// identityKey reports whether a context key differs between principals with
// equal policies and tags.
func identityKey(key string) bool {
	switch key {
	case "aws:principalarn", "aws:userid", "aws:username":
		return true
	}
	return false
}

func (e *Engine) identityConditions(idx []*storeIndex) *identityConditions {
	c := &identityConditions{named: map[string]bool{}}
	blocks := map[string]bool{}
	seen := map[*Set]bool{}
	visit := func(s *Set) {
		if s == nil || seen[s] {
			return
		}
		seen[s] = true
		for _, d := range s.docs {
			for i := range d.Statements {
				c.statement(&d.Statements[i], blocks)
			}
		}
	}
	for _, a := range e.accounts {
		for _, s := range slices.Concat(a.scps, a.rcps) {
			visit(s)
		}
	}
	for _, s := range idx {
		for i, ref := range s.refs {
			for _, set := range e.resources[ref].sets {
				visit(set)
			}
			for _, key := range s.keys[i] {
				if r := e.resources[key]; r != nil {
					for _, set := range r.sets {
						visit(set)
					}
				}
			}
		}
	}
	return c
}

func (c *identityConditions) statement(st *policy.Compiled, blocks map[string]bool) {
	for _, p := range st.Principals {
		c.named[namedKey(p.Value)] = true
	}
	if !st.Mentions(identityKey) {
		return
	}
	if st.Dynamic() {
		c.variables = true
	}
	if b := st.ConditionBlock(); b != "" && !blocks[b] {
		blocks[b] = true
		c.samples = append(c.samples, st)
	}
}

func (e *Engine) classKey(p *principal, ids *identityConditions) string {
	var b strings.Builder
	b.WriteString(p.account.id)
	for _, s := range [...]*Set{p.identity, p.boundary} {
		id := uint32(0)
		if s != nil {
			id = s.id
		}
		b.Write(binary.LittleEndian.AppendUint32(nil, id))
	}
	b.WriteByte(byte(p.caller.Kind))
	for _, k := range slices.Sorted(maps.Keys(p.tags)) {
		b.WriteString(k + "\x00" + p.tags[k] + "\x00")
	}
	if p.tagsRead {
		b.WriteByte('t')
	}
	if p.sessionTags {
		b.WriteByte('s')
	}
	if strings.Contains(p.caller.RoleARN, ":role/aws-service-role/") {
		b.WriteByte('l')
	}
	alone := ids.variables || p.outside
	for _, key := range callerKeys(&p.caller) {
		alone = alone || ids.named[key]
	}
	for _, s := range [...]*Set{p.identity, p.boundary} {
		alone = alone || s != nil && s.mentions(identityKey)
	}
	if alone {
		b.WriteString(p.node.ID)
		return b.String()
	}
	for _, st := range ids.samples {
		b.WriteByte('0' + byte(st.Holds(p.ctx[0])))
	}
	return b.String()
}

func (s *Set) mentions(pred func(string) bool) bool {
	for _, d := range s.docs {
		for i := range d.Statements {
			if d.Statements[i].Mentions(pred) {
				return true
			}
		}
	}
	return false
}
