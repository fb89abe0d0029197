package view

import (
	"context"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/report"
)

// Fix is one change a person can make.
type Fix struct {
	v   *View
	fix *analysis.Fix
}

// fixes are the changes that were proved, most risk removed first.
type fixes struct {
	list    []*Fix
	closing map[*analysis.Family][]*Fix
}

// FixesFor limits the fixes to those that close a path to a node; nil while
// changes are still being tried.
func (v *View) FixesFor(ctx context.Context, target *string, first *int) ([]*Fix, error) {
	if _, err := size(first, 0); err != nil {
		return nil, err
	}
	all, ok, err := v.fixesSoon(ctx)
	if err != nil {
		return nil, err
	}
	list := []*Fix{}
	if ok {
		list = all.list
	}
	if target != nil {
		ref, err := v.snap().ResolveAs(*target, targeted)
		if err != nil {
			return nil, named(err)
		}
		to := map[*analysis.Family]bool{}
		for _, p := range v.pathsTo(ref) {
			to[p.family] = true
		}
		kept := []*Fix{}
		for _, f := range list {
			for _, family := range f.fix.Closes {
				if to[family] {
					kept = append(kept, f)
					break
				}
			}
		}
		list = kept
	}
	if !ok {
		return nil, nil
	}
	return firstOf(list, first)
}

// IsNode marks it as a Node of the schema.
func (f *Fix) IsNode() {}

// ID is a hash of what changes.
func (f *Fix) ID() string { return f.fix.ID }

// Title is the change in words.
func (f *Fix) Title() string { return f.fix.Title }

// Kind is what kind of thing changes.
func (f *Fix) Kind() string { return f.fix.Kind }

// Node is what changes.
func (f *Fix) Node() *EstateNode { return f.v.node(f.fix.Node) }

// Effort is 1 to 5.
func (f *Fix) Effort() int { return f.fix.Effort }

// RiskRemoved is the drop of the estate risk. It rests on what the families it
// closes rest on.
func (f *Fix) RiskRemoved() *report.Estimate {
	e := f.v.parts.Estimate(f.fix.RiskRemoved, nil)
	for _, family := range f.fix.Closes {
		if e = f.v.parts.Estimate(f.fix.RiskRemoved, family.Best()); e.Source == "assumed" {
			break
		}
	}
	return &e
}

// Closes counts the families it closes.
func (f *Fix) Closes() int { return len(f.fix.Closes) }

// ClosedPaths are the families it closes, by rank.
func (f *Fix) ClosedPaths(first *int) ([]*AttackPath, error) {
	families, err := firstOf(f.fix.Closes, first)
	if err != nil {
		return nil, err
	}
	out := make([]*AttackPath, len(families))
	for i, family := range families {
		out[i] = f.v.paths().of(family)
	}
	return out, nil
}

// ReachedAfter counts the critical assets still reached after it.
func (f *Fix) ReachedAfter() int { return f.fix.ReachedAfter }

// Evidence is the fact it removes or adds.
func (f *Fix) Evidence() []*Evidence { return []*Evidence{f.v.evidence(f.v.docs.Fact(f.fix.Fact))} }
