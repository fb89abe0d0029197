package view

import (
	"context"
	"strings"
	"time"

	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/settings"
)

// Snapshot is one picture of the estate.
type Snapshot struct {
	info   graph.Info
	latest bool
}

// NewSnapshot describes a stored snapshot.
func NewSnapshot(info graph.Info, latest bool) *Snapshot { return &Snapshot{info, latest} }

// Snapshot describes the snapshot of the view.
func (v *View) Snapshot() *Snapshot {
	return &Snapshot{v.Info, v.Latest != nil && v.Latest(v.Info.ID)}
}

// IsNode marks it as a Node of the schema.
func (s *Snapshot) IsNode() {}

// ID names the snapshot.
func (s *Snapshot) ID() string { return s.info.ID }

// TakenAt is when it was taken.
func (s *Snapshot) TakenAt() time.Time { return s.info.TakenAt.UTC() }

// Source is what made it.
func (s *Snapshot) Source() string { return s.info.Source }

// Latest says whether it is the newest stored.
func (s *Snapshot) Latest() bool { return s.latest }

// Accounts counts the accounts read.
func (s *Snapshot) Accounts() int { return len(s.info.Accounts) }

// Nodes counts its nodes.
func (s *Snapshot) Nodes() int { return s.info.Nodes }

// Edges counts its edges.
func (s *Snapshot) Edges() int { return s.info.Edges }

// Gaps counts what was not read.
func (s *Snapshot) Gaps() int { return s.info.Gaps }

// Estate is the whole estate in numbers.
type Estate struct{ v *View }

// Estate is the estate of the view.
func (v *View) Estate() *Estate { return &Estate{v} }

// Snapshot is the snapshot the numbers are of.
func (e *Estate) Snapshot() *Snapshot { return e.v.Snapshot() }

// Name is that of the organization where a source gives it one (AWS does not),
// of the account that manages it, or of the only account.
func (e *Estate) Name() *string {
	for _, ref := range e.v.snap().ByKind(graph.KindOrganization) {
		n := e.v.snap().Node(ref)
		if n.Name != "" && n.Name != n.ID && !strings.HasPrefix(n.Name, "o-") {
			return &n.Name
		}
	}
	a := e.v.accounts()
	if a.management != "" {
		return orNull(a.name[a.management])
	}
	if len(a.ids) == 1 {
		return orNull(a.name[a.ids[0]])
	}
	return nil
}

// Accounts are those read and those that the organization lists.
func (e *Estate) Accounts() []*Account { return e.v.accountList() }

// Nodes counts nodes.
func (e *Estate) Nodes() int { return e.v.snap().Len() }

// Edges counts edges.
func (e *Estate) Edges() int { return e.v.snap().Edges() }

// CriticalAssets counts critical assets by answer.
func (e *Estate) CriticalAssets() *report.Targets { return e.v.targets() }

// Risk is the sum over datastores. Its source is that of the family of highest risk.
func (e *Estate) Risk() *report.Estimate {
	out := e.v.parts.Estimate(e.v.Result.Estate.Total, nil)
	if len(e.v.Result.Families) > 0 {
		out = e.v.parts.Estimate(e.v.Result.Estate.Total, e.v.Result.Families[0].Best())
	}
	return &out
}

// Level is the risk in one word.
func (e *Estate) Level() string { return e.v.level(e.v.Result.Estate.Total.Value) }

// AttackPaths counts families.
func (e *Estate) AttackPaths() int { return len(e.v.Result.Families) }

// Paths counts the paths in them.
func (e *Estate) Paths() int {
	n := 0
	for _, f := range e.v.Result.Families {
		n += len(f.Paths)
	}
	return n
}

// Entries counts families by entry kind, most first.
func (e *Estate) Entries() []*FacetValue {
	for _, f := range e.v.paths().table.find(filter{}, nil).facets() {
		if f.Field == "entryKind" {
			return f.Values
		}
	}
	return nil
}

// Datastores counts datastores.
func (e *Estate) Datastores() int { return len(e.v.Result.Data.All()) }

// Principals counts users and roles.
func (e *Estate) Principals() int {
	return len(e.v.snap().ByKind(graph.KindUser)) + len(e.v.snap().ByKind(graph.KindRole))
}

// Exposed counts endpoints that nearly everybody reaches.
func (e *Estate) Exposed() int {
	n := 0
	for _, x := range e.v.endpoints().list {
		if c := x.Class(); c == "internet" || c == "broad" {
			n++
		}
	}
	return n
}

// Findings counts those that fail or are unknown.
func (e *Estate) Findings() int { return e.v.findings().open }

// Fixes counts single changes that remove risk; nil while they are being tried.
func (e *Estate) Fixes(ctx context.Context) (*int, error) {
	all, ok, err := e.v.fixesSoon(ctx)
	if err != nil || !ok {
		return nil, err
	}
	n := len(all.list)
	return &n, nil
}

// Trials say how far fixes and choke points are.
func (e *Estate) Trials(ctx context.Context) (*Trials, error) { return e.v.Trials(ctx) }

// Gaps counts what was not read.
func (e *Estate) Gaps() int { return len(e.v.gaps().list) }

// GapsOnTargets counts the gaps that could hide a path to a critical asset.
func (e *Estate) GapsOnTargets() int {
	n := 0
	for _, g := range e.v.gaps().list {
		if g.hides() {
			n++
		}
	}
	return n
}

// ReadCounts are the reads asked of the source.
type ReadCounts struct{ Asked, Answered int }

// Reads counts reads; what is no part of the source was not asked.
func (e *Estate) Reads() *ReadCounts {
	out := &ReadCounts{}
	for outcome, n := range e.v.snap().Meta().Tasks {
		switch outcome {
		case graph.OutcomeNotCollected:
			continue
		case graph.OutcomeOK, graph.OutcomeEmpty:
			out.Answered += n
		}
		out.Asked += n
	}
	return out
}

// Labels are the tenant's, least sensitive first.
func (e *Estate) Labels() []*Label {
	var out []*Label
	for _, name := range e.v.Result.Options.Settings.Labels {
		out = append(out, e.v.label(name))
	}
	return out
}

// Levels are the thresholds of the levels.
func (e *Estate) Levels() *settings.Levels { return &e.v.Result.Options.Settings.Priors.Levels }

// Truncated says that the search stopped early.
func (e *Estate) Truncated() bool { return e.v.Result.Truncated }

// Server is the server that answers and what the caller may do.
type Server struct {
	Version  string
	Role     string
	Loopback bool
	Store    string // as --store names it
}
