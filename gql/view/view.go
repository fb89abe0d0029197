package view

import (
	"context"
	"sync"
	"time"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/graph"
)

// Config is what a view needs beside the result.
type Config struct {
	// Info describes the stored snapshot; Latest reports whether a snapshot is
	// the newest one stored.
	Info   graph.Info
	Latest func(snapshot string) bool
	// Sets reads the slices that a snapshot was made from; nil where there are none.
	Sets func(ctx context.Context, snapshot string) ([]graph.RecordSet, error)
	// Permissions names what one read needs; nil: not known.
	Permissions func(service, operation string) []string
	// Prove tries single changes; nil: Result.TryFixes. Told hears, one call at
	// a time, how many of how many were tried; nil: nobody is told.
	Prove Prover
	Told  func(tried, total int)
	// Patience is how long after the trials began questions still wait for
	// their end; 0: two seconds. Later ones are told that it is not there yet.
	Patience time.Duration
}

// View is one analysed snapshot as the schema shows it.
type View struct {
	Config
	Result *analysis.Result

	life  context.Context // ends when nobody needs the view any more
	parts *report.Parts
	docs  *report.Documents

	paths     func() *paths
	accounts  func() *accounts
	gaps      func() *gaps
	stores    func() *stores
	endpoints func() *endpoints
	findings  func() *findings
	index     func() *index

	fixList    *future[*fixes]
	chokeList  *future[map[*analysis.Family][]*ChokePoint]
	progress   progress
	principals *future[*principals]
	cells      *future[[]*CoverageCell]
}

// New returns the view of a result. life bounds the work in the background.
// Nothing is computed yet.
func New(life context.Context, r *analysis.Result, c Config) *View {
	v := &View{Config: c, Result: r, life: life, parts: report.NewParts(r), fixList: newFuture[*fixes](), chokeList: newFuture[map[*analysis.Family][]*ChokePoint](),
		principals: newFuture[*principals](), cells: newFuture[[]*CoverageCell]()}
	v.docs = v.parts.Documents()
	v.paths = sync.OnceValue(v.newPaths)
	v.accounts = sync.OnceValue(v.newAccounts)
	v.gaps = sync.OnceValue(v.newGaps)
	v.stores = sync.OnceValue(v.newStores)
	v.endpoints = sync.OnceValue(v.newEndpoints)
	v.findings = sync.OnceValue(v.newFindings)
	v.index = sync.OnceValue(v.newIndex)
	return v
}

// Warm computes what pages need, cheap and often asked for first. It returns
// early when ctx ends.
func (v *View) Warm(ctx context.Context) error {
	for _, part := range []func(){
		func() { v.paths() }, func() { v.gaps() }, func() { v.stores() }, func() { v.endpoints() }, func() { v.findings() }, func() { v.index() },
	} {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		part()
	}
	if _, err := v.matrix(ctx); err != nil {
		return err
	}
	if _, err := v.allPrincipals(ctx); err != nil {
		return err
	}
	if _, err := v.chokeList.get(ctx, v.life, v.weighChokes); err != nil {
		return err
	}
	_, err := v.fixList.get(ctx, v.life, v.prove)
	return err
}

func (v *View) snap() *graph.Snapshot { return v.Result.Snap }

// level is a risk in one word.
func (v *View) level(risk float64) string { return v.Result.Options.Settings.Priors.Levels.Of(risk) }

// Label is one of the tenant's.
type Label struct {
	Name     string
	Rank, Of int
	Critical bool
}

// label describes a label, nil for none.
func (v *View) label(name string) *Label {
	if name == "" {
		return nil
	}
	set := v.Result.Options.Settings
	return &Label{Name: name, Rank: max(set.Labels.Rank(name), 0), Of: len(set.Labels), Critical: set.Sensitive(name)}
}

// deref is "" for nil.
func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// firstOf cuts a list to the length asked for.
func firstOf[T any](list []T, first *int) ([]T, error) {
	n, err := size(first, len(list))
	if err != nil {
		return nil, err
	}
	return list[:min(n, len(list))], nil
}
