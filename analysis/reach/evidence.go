package reach

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// evidence points at the element of a document that decided something; it
// becomes an attack.Fact, whose anchor costs a hash, only where it is shown.
type evidence struct {
	node     graph.Ref
	property string
	pointer  string
	raw      json.RawMessage // the property's value
	absent   string          // what is absent, in words; "" for a present element
}

// at points into the resource document of the thing.
func (o *origin) at(pointer string) evidence {
	return evidence{node: o.node, property: graph.PropResource, pointer: pointer, raw: o.raw}
}

// without states that the thing's resource document lacks something.
func (o *origin) without(what string) evidence {
	return evidence{node: o.node, property: graph.PropResource, absent: what}
}

type anchorKey struct {
	node              graph.Ref
	property, pointer string
}

// fact computes the fact; ok is false where no graph node stands behind. The
// same few rules decide about most packets, so anchors are remembered.
func (e *Estate) fact(from *evidence) (f attack.Fact, ok bool) {
	if from.property == "" || from.node == graph.NoRef {
		return attack.Fact{}, false
	}
	f = attack.Fact{Node: from.node, Property: from.property, Pointer: from.pointer}
	if from.absent != "" {
		f.Absent, f.Anchor, f.Pointer = true, from.absent, ""
		return f, true
	}
	key := anchorKey{from.node, from.property, from.pointer}
	if known, ok := e.anchors.Load(key); ok {
		f.Anchor = known.(string)
		return f, true
	}
	f.Anchor = graph.Anchor(elementAt(from.raw, from.pointer))
	e.anchors.Store(key, f.Anchor)
	return f, true
}

// elementAt returns the element a JSON pointer names, or the nearest element
// around it that exists.
func elementAt(raw json.RawMessage, pointer string) json.RawMessage {
	for _, token := range strings.Split(pointer, "/")[1:] {
		var next json.RawMessage
		if i, err := strconv.Atoi(token); err == nil && len(raw) > 0 && raw[0] == '[' {
			var list []json.RawMessage
			if json.Unmarshal(raw, &list) == nil && i >= 0 && i < len(list) {
				next = list[i]
			}
		} else {
			var object map[string]json.RawMessage
			if json.Unmarshal(raw, &object) == nil {
				next = object[strings.NewReplacer("~1", "/", "~0", "~").Replace(token)]
			}
		}
		if next == nil {
			return raw
		}
		raw = next
	}
	return raw
}
