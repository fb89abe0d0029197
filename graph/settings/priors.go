package settings

import (
	"math"
	"strings"

	"github.com/cairn-security/cairn/graph/sit"
)

// Prior is one probability with where it comes from.
type Prior struct {
	Value float64 `json:"value"`
	// Source is assumed, measured, EPSS, KEV or derived; the embedded table is
	// assumed throughout.
	Source string `json:"source"`
	Reason string `json:"reason"`
}

// Priors are the factors of likelihood and impact. The scores they lead to are
// not calibrated to incidents.
type Priors struct {
	// Entry is the chance that an entry happens at all, by entry kind; variants
	// of a kind are keys of their own ("leaked-key.in-text").
	Entry map[string]Prior `json:"entry"`
	// Technique is the chance that a step succeeds once its premises hold.
	Technique map[string]Prior `json:"technique"`
	Levels    Levels           `json:"levels"`
	Impact    Impact           `json:"impact"`
}

// Levels are the least risks of the levels above low.
type Levels struct {
	Critical float64 `json:"critical"`
	High     float64 `json:"high"`
	Medium   float64 `json:"medium"`
}

// Of names the level of a risk: critical, high, medium or low.
func (l Levels) Of(risk float64) string {
	switch {
	case risk >= l.Critical:
		return "critical"
	case risk >= l.High:
		return "high"
	case risk >= l.Medium:
		return "medium"
	default:
		return "low"
	}
}

// Impact holds the weights that turn a label and an outcome into an impact.
type Impact struct {
	// Outcome has read, write, destroy and administer.
	Outcome map[string]float64 `json:"outcome"`
	// Label has a weight per label and one for "unknown".
	Label map[string]float64 `json:"label"`
}

const (
	techniqueDefault = "default"
	labelUnknown     = "unknown"
	maxImpact        = 1000
)

// EntryFor finds the prior of an entry kind, with an optional variant such as
// "in-text"; a variant that is not listed falls back to the kind. False where
// the kind itself is unknown.
func (p Priors) EntryFor(kind, variant string) (Prior, bool) {
	if variant != "" {
		if prior, ok := p.Entry[kind+"."+variant]; ok {
			return prior, true
		}
	}
	prior, ok := p.Entry[kind]
	return prior, ok
}

// TechniqueFor finds the prior of a technique, or the default of all.
func (p Priors) TechniqueFor(id string) Prior {
	if prior, ok := p.Technique[id]; ok {
		return prior
	}
	return p.Technique[techniqueDefault]
}

// LabelWeight is the impact weight of a label: its own, its parent's for a
// sub-label, the unknown weight for anything else.
func (p Priors) LabelWeight(label string) float64 {
	for {
		if weight, ok := p.Impact.Label[label]; ok && label != "" {
			return weight
		}
		at := strings.LastIndexByte(label, '/')
		if at < 0 {
			return p.Impact.Label[labelUnknown]
		}
		label = label[:at]
	}
}

// ImpactOf is 1000 x label weight x outcome weight x volume, at most 1000.
// Records below zero mean that the volume is unknown: its factor is 1. An
// outcome that is not listed weighs nothing.
func (p Priors) ImpactOf(label, outcome string, records int64) float64 {
	volume := 1.0
	if records >= 0 {
		volume = min(1, 0.5+0.1*math.Log10(1+float64(records)))
	}
	return maxImpact * p.LabelWeight(label) * p.Impact.Outcome[outcome] * volume
}

// spreadWeights gives a tenant's own labels weights evenly between 1 and 0.1,
// most sensitive first; labels that have a weight already keep it.
func spreadWeights(labels sit.Labels, weights map[string]float64) {
	top := len(labels) - 1
	for i, label := range labels {
		if _, ok := weights[label]; ok {
			continue
		}
		weights[label] = 1
		if top > 0 {
			weights[label] = 0.1 + 0.9*float64(i)/float64(top)
		}
	}
}
