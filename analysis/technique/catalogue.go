package technique

import (
	"context"
	"embed"
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// Technique is one rule of attack.
type Technique struct {
	ID   attack.TechniqueID
	Name string // short enough for an edge of a drawing
	// Attack holds MITRE ATT&CK technique ids.
	Attack []string
	// Detections name logs and detectors that would show the step.
	Detections []string
	// Verify is a harmless check by hand.
	Verify string
	// derive emits every step of the technique that the estate allows; nil for
	// techniques whose steps another one emits.
	derive func(*Estate, func(attack.Step))
}

//go:embed pages/*.md
var pages embed.FS

// Page returns the technique's page as Markdown.
func (t *Technique) Page() string {
	text, err := pages.ReadFile("pages/" + string(t.ID) + ".md")
	if err != nil {
		return ""
	}
	return string(text)
}

// All returns the catalogue in order.
func All() []Technique { return slices.Clone(catalogue) }

// Lookup finds a technique by id.
func Lookup(id attack.TechniqueID) (*Technique, bool) {
	for i := range catalogue {
		if catalogue[i].ID == id {
			return &catalogue[i], true
		}
	}
	return nil, false
}

// Derive returns every step the estate allows, in a stable order. When ctx ends
// the steps so far come back; the caller looks at ctx.
func Derive(ctx context.Context, e *Estate) []attack.Step {
	e.internet, e.only = e.special("internet"), graph.NoRef
	var steps []attack.Step
	emit := func(s attack.Step) { steps = append(steps, s) }
	for i := range catalogue {
		if ctx.Err() == nil && catalogue[i].derive != nil {
			catalogue[i].derive(e, emit)
		}
	}
	return steps
}
