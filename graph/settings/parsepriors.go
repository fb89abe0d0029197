package settings

import (
	"fmt"
	"maps"

	"github.com/goccy/go-yaml/ast"
)

// priors lays overrides over base and leaves base as it is.
func (r *reader) priors(n ast.Node, base Priors, at *lines) Priors {
	p := Priors{
		Entry:     maps.Clone(base.Entry),
		Technique: maps.Clone(base.Technique),
		Levels:    base.Levels,
		Impact:    Impact{maps.Clone(base.Impact.Outcome), maps.Clone(base.Impact.Label)},
	}
	r.fields(n, "priors", map[string]func(entry){
		"version": func(e entry) {
			if r.whole(e.value, "priors.version", 1) != fileVersion {
				r.add(e.line, "priors.version: want %d", fileVersion)
			}
		},
		"entry":     func(e entry) { p.Entry = r.priorTable(e.value, "priors.entry", p.Entry) },
		"technique": func(e entry) { p.Technique = r.priorTable(e.value, "priors.technique", p.Technique) },
		"levels": func(e entry) {
			level := func(name string, to *float64) func(entry) {
				return func(e entry) { *to = r.number(e.value, "priors.levels."+name, 0, maxImpact) }
			}
			r.fields(e.value, "priors.levels", map[string]func(entry){
				"critical": level("critical", &p.Levels.Critical),
				"high":     level("high", &p.Levels.High),
				"medium":   level("medium", &p.Levels.Medium),
			})
			if l := p.Levels; l.Critical < l.High || l.High < l.Medium {
				r.add(e.line, "priors.levels: want critical >= high >= medium")
			}
		},
		"impact": func(e entry) {
			r.fields(e.value, "priors.impact", map[string]func(entry){
				"outcome": func(e entry) {
					p.Impact.Outcome = r.weights(e.value, "priors.impact.outcome", p.Impact.Outcome, func(w entry) {
						if _, ok := p.Impact.Outcome[w.key]; !ok && len(base.Impact.Outcome) > 0 {
							r.add(w.line, "priors.impact.outcome: unknown outcome %q", w.key)
						}
					})
				},
				"label": func(e entry) {
					p.Impact.Label = r.weights(e.value, "priors.impact.label", p.Impact.Label, func(w entry) {
						at.labelWeights[w.key] = w.line
					})
				},
			})
		},
	})
	return p
}

// priorTable reads KIND: 0.5 or KIND: {value, source, reason}. A kind that the
// embedded table does not have is a fault, because nothing would ever ask for
// it.
func (r *reader) priorTable(n ast.Node, what string, base map[string]Prior) map[string]Prior {
	out := maps.Clone(base)
	if out == nil {
		out = map[string]Prior{}
	}
	for _, e := range r.entries(n, what) {
		name := what + "." + e.key
		prior, known := out[e.key]
		if !known && len(base) > 0 {
			r.add(e.line, "%s: unknown key %q", what, e.key)
			continue
		}
		prior.Source = "assumed"
		if _, plain := scalar(e.value); plain {
			prior.Value = r.number(e.value, name, 0, 1)
			prior.Reason = fmt.Sprintf("set in the settings file, line %d", e.line)
		} else {
			r.prior(e, name, &prior)
		}
		out[e.key] = prior
	}
	return out
}

func (r *reader) prior(e entry, name string, prior *Prior) {
	given := false
	prior.Reason = ""
	r.fields(e.value, name, map[string]func(entry){
		"value":  func(e entry) { prior.Value, given = r.number(e.value, name+".value", 0, 1), true },
		"reason": func(e entry) { prior.Reason = r.text(e.value, name+".reason") },
		"source": func(e entry) {
			switch prior.Source = r.text(e.value, name+".source"); prior.Source {
			case "assumed", "measured", "EPSS", "KEV", "derived":
			default:
				r.add(e.line, "%s.source: want assumed, measured, EPSS, KEV or derived", name)
			}
		},
	})
	if !given || prior.Reason == "" {
		r.add(e.line, "%s: needs a value and a reason", name)
	}
}

// weights reads NAME: number from 0 to 1 over base.
func (r *reader) weights(n ast.Node, what string, base map[string]float64, check func(entry)) map[string]float64 {
	out := maps.Clone(base)
	if out == nil {
		out = map[string]float64{}
	}
	for _, e := range r.entries(n, what) {
		check(e)
		out[e.key] = r.number(e.value, what+"."+e.key, 0, 1)
	}
	return out
}
