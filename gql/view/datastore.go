package view

import (
	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/analysis/risk"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/analysis/sensitivity"
	"github.com/cairn-security/cairn/graph/sit"
)

// Datastore is a node that holds data.
type Datastore struct {
	report.Datastore
	v    *View
	data *sensitivity.Datastore
	hit  *analysis.Store // nil when it is no critical asset
	best *AttackPath
}

// datastore describes the datastore of a row.
func (v *View) datastore(row int32) *Datastore {
	s := v.stores()
	data := &v.Result.Data.All()[row]
	d := &Datastore{Datastore: s.docs[row], v: v, data: data, hit: s.hits[row]}
	if d.hit != nil {
		d.best = v.paths().of(d.hit.Best)
	}
	return d
}

// ID is that of its node.
func (d *Datastore) ID() string { return d.Datastore.Node.ID }

// Node is the node that holds the data.
func (d *Datastore) Node() *EstateNode { return d.v.node(d.data.Node) }

// Label is nil when nothing is known about the content.
func (d *Datastore) Label() *Label { return d.v.label(d.data.Label) }

// SensitiveType is one type seen in it.
type SensitiveType struct {
	report.TypeSeen
	Name  string
	Share []float64
}

// Types are the sensitive information types found.
func (d *Datastore) Types() []*SensitiveType {
	out := make([]*SensitiveType, len(d.Datastore.Types))
	for i, t := range d.Datastore.Types {
		out[i] = &SensitiveType{TypeSeen: t, Name: typeName(t.Type)}
		if t.Share != [2]float64{} {
			out[i].Share = t.Share[:]
		}
	}
	return out
}

func typeName(id string) string {
	if t, ok := sit.Lookup(sit.ID(id)); ok {
		return t.Name
	}
	return id
}

// SourceDetail is what the label rests on.
func (d *Datastore) SourceDetail() *string { return orNull(d.Because) }

// ObjectsSampled counts the objects that were read.
func (d *Datastore) ObjectsSampled() *int64 {
	if d.Datastore.Sampled == nil {
		return nil
	}
	n := int64(*d.Datastore.Sampled)
	return &n
}

// Likelihood is the chance that it is reached.
func (d *Datastore) Likelihood() *report.Estimate {
	return d.estimate(func(s *analysis.Store) risk.Estimate { return s.Likelihood })
}

// Risk is likelihood times impact.
func (d *Datastore) Risk() *report.Estimate {
	return d.estimate(func(s *analysis.Store) risk.Estimate { return s.Risk })
}

func (d *Datastore) estimate(number func(*analysis.Store) risk.Estimate) *report.Estimate {
	var e report.Estimate
	switch {
	case d.hit == nil:
		e = d.v.parts.Estimate(risk.Estimate{}, nil)
	case d.best == nil:
		e = d.v.parts.Estimate(number(d.hit), nil)
	default:
		e = d.v.parts.Estimate(number(d.hit), d.best.family.Best())
	}
	return &e
}

// Level is the risk in one word.
func (d *Datastore) Level() string { return d.v.level(d.Datastore.Risk) }

// BestPath is the family of highest risk, nil when no path was seen.
func (d *Datastore) BestPath() *AttackPath { return d.best }

// AttackPaths are the families that end here or at its account.
func (d *Datastore) AttackPaths(first *int) ([]*AttackPath, error) {
	return firstOf(d.v.pathsTo(d.data.Node), first)
}

// Sampled are the places where types were found; never a value.
func (d *Datastore) Sampled() []report.Sample { return report.Samples(d.v.Result, d.data) }

// Gaps are what touches the answer and was not read: reads of the node itself,
// and, for an unknown answer, what its best path rests on.
func (d *Datastore) Gaps() []*Gap {
	var ids []string
	for _, g := range d.v.snap().GapsOf(d.data.Node) {
		if g.Refused() {
			ids = append(ids, g.ID)
		}
	}
	out := d.v.gapsOf(ids)
	if d.hit != nil && d.hit.Answer == route.UnknownPath && d.best != nil {
		for _, g := range d.best.Gaps() {
			if !containsGap(out, g) {
				out = append(out, g)
			}
		}
	}
	return out
}

func containsGap(list []*Gap, g *Gap) bool {
	for _, x := range list {
		if x.gap.ID == g.gap.ID {
			return true
		}
	}
	return false
}
