package technique

import (
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// present is the fact that the element at a pointer of a property exists.
func present(snap *graph.Snapshot, node graph.Ref, property, pointer string) attack.Fact {
	element, _ := graph.Element(snap.Prop(node, property), pointer)
	return attack.Fact{Node: node, Property: property, Pointer: pointer, Anchor: graph.Anchor(element)}
}

// absent is the fact that something is not there.
func absent(node graph.Ref, property, what string) attack.Fact {
	return attack.Fact{Node: node, Property: property, Anchor: what, Absent: true}
}

// observed is a decided yes that rests on single facts, all needed.
func observed(reasons ...attack.Reason) *attack.Decision {
	d := &attack.Decision{Allowed: true, Reasons: reasons}
	for _, r := range reasons {
		d.Support = append(d.Support, attack.Group{r.Fact})
	}
	return d
}
