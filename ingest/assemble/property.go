package assemble

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/record"
)

// property gives a node a property, as far as what is there lets it.
func (m *merger) property(p openProperty) {
	h := graph.Handle(p.of)
	if m.locked[lock{h, p.key}] {
		return
	}
	before, there := m.b.Property(h, p.key)
	value := p.value
	switch {
	case !there:
	case p.mode == yields:
		return
	case p.mode == joins:
		value = joinLists(before.Value, value)
	case p.mode == merges:
		value = mergeObjects(before.Value, value)
	case !m.lesser[lock{h, p.key}] && !m.replaces(p, before):
		return
	}
	if p.mode == yields && isPolicy(p.key) {
		m.lesser[lock{h, p.key}] = true
	} else if len(m.lesser) > 0 {
		delete(m.lesser, lock{h, p.key})
	}
	if err := m.b.Set(h, p.key, value, p.origin); err != nil {
		m.problem("", m.b.Node(h).ID, fmt.Sprintf("property %s: %v", p.key, err))
	}
}

// replaces decides between two values of a property. One kind of reply does not
// say two things of one property, and a policy has one text whoever tells it; of
// two readings the newer holds. Otherwise a reply may say more than another did.
func (m *merger) replaces(p openProperty, before graph.Prop) bool {
	now, old := &m.origins[p.origin], &m.origins[before.Origin]
	h := graph.Handle(p.of)
	across := now.slice != old.slice
	if now.Service == record.ServiceCairn || across && !isPolicy(p.key) || sumOf(p.value) == sumOf(before.Value) {
		return true
	}
	if now.Stale != old.Stale {
		return old.Stale
	}
	if (now.Stale || across) && !now.ReadAt.Equal(old.ReadAt) {
		return now.ReadAt.After(old.ReadAt)
	}
	if across && m.b.Node(h).Account == "" {
		return true // AWS gives all accounts the same policies, and changes them
	}
	m.b.Withdraw(h, func(q graph.Prop) bool { return q.Key == p.key })
	m.locked[lock{h, p.key}] = true
	m.contradiction(p.origin, before.Origin, p.of, m.b.Node(h).ID, p.key)
	return false
}

// isPolicy reports properties that are the text of a policy.
func isPolicy(key string) bool {
	return key == graph.PropDocument || key == graph.PropTrust || key == graph.PropPolicy || strings.HasPrefix(key, graph.PropInlinePrefix)
}

// joinLists appends to one JSON list the elements of another that it lacks;
// what is no list replaces.
func joinLists(before, value json.RawMessage) json.RawMessage {
	if len(value) < 2 || before[0] != '[' || value[0] != '[' {
		return value
	}
	have := map[uint64]bool{}
	eachShape.Scan(before, func(_ int, v []byte) { have[sumOf(v)] = true })
	joined := slices.Clip(before[:len(before)-1])
	eachShape.Scan(value, func(_ int, v []byte) {
		if have[sumOf(v)] {
			return
		}
		if len(joined) > 1 {
			joined = append(joined, ',')
		}
		joined = append(joined, v...)
	})
	return append(joined, ']')
}

// mergeObjects adds the members that an object lacks; the order stays.
func mergeObjects(before, value json.RawMessage) json.RawMessage {
	var have, more map[string]json.RawMessage
	if json.Unmarshal(before, &have) != nil || json.Unmarshal(value, &more) != nil {
		return before
	}
	merged := bytes.TrimSuffix(before, []byte("}"))
	for _, name := range slices.Sorted(maps.Keys(more)) {
		if _, ok := have[name]; ok {
			continue
		}
		quoted, err := json.Marshal(name)
		if err != nil {
			return before
		}
		if len(have) > 0 || len(merged) > 1 {
			merged = slices.Concat(merged, []byte{','})
		}
		merged = slices.Concat(merged, quoted, []byte{':'}, more[name])
	}
	return slices.Concat(merged, []byte("}"))
}
