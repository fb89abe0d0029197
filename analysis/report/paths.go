package report

import (
	"context"

	"github.com/cairn-security/cairn/analysis"
)

// Paths is the document cairn.paths/v1.
type Paths struct {
	Schema    string   `json:"schema"`
	Snapshot  string   `json:"snapshot"`
	Truncated bool     `json:"truncated"`
	Targets   Targets  `json:"targets"`
	Families  []Family `json:"families"`
}

// Targets counts critical assets by answer.
type Targets struct {
	Reached    int `json:"reached"`
	Unknown    int `json:"unknown"`
	NoPathSeen int `json:"noPathSeen"`
}

// Family is a path family.
type Family struct {
	ID        string `json:"id"`
	Rank      int    `json:"rank"`
	Entry     Node   `json:"entry"`
	EntryKind string `json:"entryKind"`
	Target    Node   `json:"target"`
	Outcome   string `json:"outcome"`
	Status
	Likelihood   Estimate   `json:"likelihood"`
	Risk         float64    `json:"risk"`
	RiskInterval [2]float64 `json:"riskInterval"`
	Level        string     `json:"level"`
	Count        int        `json:"count"`
	Behind       []Node     `json:"behind"`
	Title        string     `json:"title"`
	Why          []string   `json:"facts"`
	Detections   []string   `json:"detections"`
	Choke        []Choke    `json:"choke"`
	ClosedBy     []string   `json:"closedBy"`
	Paths        []Path     `json:"paths"`
	Label        *string    `json:"label"`
}

// Choke is an element that paths pass through.
type Choke struct {
	Node        *Node      `json:"node,omitempty"`
	Fact        *Evidence  `json:"fact,omitempty"`
	Mandatory   []string   `json:"mandatory"` // target ids
	RiskRemoved [3]float64 `json:"riskRemoved"`
	Reach       int        `json:"reach"`
}

// Path is one derivation.
type Path struct {
	ID string `json:"id"`
	Status
	Likelihood Estimate `json:"likelihood"`
	Steps      []Step   `json:"steps"`
}

// PathsOptions say what of the families to print.
type PathsOptions struct {
	Keep func(*analysis.Family) bool // nil keeps all
	Top  int                         // 0: all
	// AllPaths prints every path of a family, not the best alone.
	AllPaths bool
	// Fixes fills closedBy, which derives the estate again per change.
	Fixes bool
}

// PathsOf builds the document.
func PathsOf(ctx context.Context, r *analysis.Result, o PathsOptions) (*Paths, error) {
	w := writer{r: r, docs: NewDocuments(r.Snap)}
	doc := &Paths{Schema: "cairn.paths/v1", Snapshot: r.Snap.ID(), Truncated: r.Truncated, Targets: targetsOf(r.Counts), Families: []Family{}}
	for _, f := range r.Families {
		if o.Keep != nil && !o.Keep(f) {
			continue
		}
		if o.Top > 0 && len(doc.Families) == o.Top {
			break
		}
		family, err := w.family(ctx, f, o)
		if err != nil {
			return nil, err
		}
		doc.Families = append(doc.Families, family)
	}
	return doc, nil
}

func targetsOf(c analysis.Counts) Targets { return Targets{c.Reached, c.Unknown, c.NoPathSeen} }

// writer turns parts of one result into parts of documents.
type writer struct {
	r    *analysis.Result
	docs *Documents
}

func (w *writer) family(ctx context.Context, f *analysis.Family, o PathsOptions) (Family, error) {
	r := w.r
	out := Family{
		ID: f.ID, Rank: f.Rank, Entry: NodeOf(r.Snap, f.Entry.Node), EntryKind: f.Entry.Kind, Target: NodeOf(r.Snap, f.Node), Outcome: f.Outcome,
		Status: w.pathStatus(f.Best()), Likelihood: estimate(f.Score.Likelihood, w.source(f.Best().Factors)),
		Risk: f.Score.Risk.Value, RiskInterval: [2]float64{f.Score.Risk.Lower, f.Score.Risk.Upper}, Level: f.Score.Level,
		Count: len(f.Paths), Behind: Nodes(r.Snap, f.Behind), Title: f.Title, Why: list(f.Why), Detections: w.detections(f.Best()),
		ClosedBy: []string{}, Choke: []Choke{}, Label: textOrNull(f.Label),
	}
	for i := range f.Paths {
		if i > 0 && !o.AllPaths {
			break
		}
		out.Paths = append(out.Paths, w.path(&f.Paths[i]))
	}
	chokes, err := r.FamilyChokes(ctx, f)
	if err != nil {
		return out, err
	}
	for _, c := range chokes {
		out.Choke = append(out.Choke, w.choke(c))
	}
	if o.Fixes {
		fixes, err := r.ClosedBy(ctx, f)
		if err != nil {
			return out, err
		}
		for _, fix := range fixes {
			out.ClosedBy = append(out.ClosedBy, fix.ID)
		}
	}
	return out, nil
}

func (w *writer) choke(c analysis.Choke) Choke {
	out := Choke{Mandatory: []string{}, RiskRemoved: [3]float64{c.RiskRemoved.Lower, c.RiskRemoved.Value, c.RiskRemoved.Upper}, Reach: c.Reach}
	if c.Fact != nil {
		e := w.docs.Fact(*c.Fact)
		out.Fact = &e
	} else {
		n := NodeOf(w.r.Snap, c.Node)
		out.Node = &n
	}
	for _, t := range c.Mandatory {
		out.Mandatory = append(out.Mandatory, w.r.Snap.Node(w.r.Graph.State(t).Node).ID)
	}
	return out
}
