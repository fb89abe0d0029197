package report

import (
	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/risk"
	"github.com/cairn-security/cairn/analysis/route"
)

// Parts describes single parts of one result, for readers that ask for little
// at a time. It is safe for concurrent use.
type Parts struct{ w writer }

// NewParts returns the parts of a result.
func NewParts(r *analysis.Result) *Parts {
	return &Parts{writer{r: r, docs: NewDocuments(r.Snap)}}
}

// Documents renders the documents of the result's snapshot.
func (p *Parts) Documents() *Documents { return p.w.docs }

// PathStatus reads the status of a path from all its decisions.
func (p *Parts) PathStatus(path *route.Path) Status { return p.w.pathStatus(path) }

// Path describes a path with its steps. Cost: the documents its steps rest on.
func (p *Parts) Path(path *route.Path) Path { return p.w.path(path) }

// Detections lists the logs and detectors that would show a path, each once.
func (p *Parts) Detections(path *route.Path) []string { return p.w.detections(path) }

// Factors lists the distinct uncertainties of a path; their product is its likelihood.
func (p *Parts) Factors(path *route.Path) []Factor {
	out := make([]Factor, 0, len(path.Factors))
	for _, id := range path.Factors {
		f := p.w.r.Graph.Factor(id)
		out = append(out, Factor{f.Key, f.Value, f.Source, f.Reason})
	}
	return out
}

// Estimate gives a number that rests on a path the weakest source among the
// path's factors; without a path it follows from configuration.
func (p *Parts) Estimate(e risk.Estimate, path *route.Path) Estimate {
	if path == nil {
		return estimate(e, sourceOf(nil))
	}
	return estimate(e, p.w.source(path.Factors))
}

// Choke describes a choke point.
func (p *Parts) Choke(c analysis.Choke) Choke { return p.w.choke(c) }
