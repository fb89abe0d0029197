package resolver

import (
	"context"
	"strings"

	"github.com/cairn-security/cairn/analysis/sensitivity"
	"github.com/cairn-security/cairn/gql/model"
	"github.com/cairn-security/cairn/gql/view"
	"github.com/cairn-security/cairn/graph"
)

// Source gives what questions are about.
type Source interface {
	// View returns an analysed snapshot; "" is the latest.
	View(ctx context.Context, snapshot string) (*view.View, error)
	// Snapshots describes the stored snapshots, oldest first.
	Snapshots(ctx context.Context) ([]graph.Info, error)
	// Mark keeps what a person says about a datastore and returns the view of
	// the latest snapshot derived with it.
	Mark(ctx context.Context, node string, m sensitivity.Mark) (*view.View, error)
}

// Roles of whoever asks.
const (
	Viewer = "viewer"
	Editor = "editor"
)

// Resolver is the root of the schema.
type Resolver struct {
	Source   Source
	Version  string
	Loopback bool
	// StoreName is how --store names what is served.
	StoreName string
	// Role says what the caller of a request may do.
	Role func(ctx context.Context) string
}

func (r *Resolver) role(ctx context.Context) string {
	if r.Role == nil {
		return Viewer
	}
	return r.Role(ctx)
}

func (r *Resolver) view(ctx context.Context, snapshot *string) (*view.View, error) {
	id := ""
	if snapshot != nil {
		id = *snapshot
	}
	return r.Source.View(ctx, id)
}

// stored finds a snapshot by its id; a nil Node when there is none.
func (r *Resolver) stored(ctx context.Context, id string) (view.Node, error) {
	all, err := r.Source.Snapshots(ctx)
	if err != nil {
		return nil, err
	}
	for i, s := range all {
		if s.ID == id {
			return view.NewSnapshot(s, i == len(all)-1), nil
		}
	}
	return nil, nil
}

// snapshots lists the newest first.
func (r *Resolver) snapshots(ctx context.Context, first *int) ([]*view.Snapshot, error) {
	all, err := r.Source.Snapshots(ctx)
	if err != nil {
		return nil, err
	}
	n := len(all)
	if first != nil {
		if *first < 0 || *first > view.MaxPage {
			return nil, view.Errorf(view.BadInput, "first: %d; want 0 to %d", *first, view.MaxPage)
		}
		n = min(n, *first)
	}
	out := make([]*view.Snapshot, 0, n)
	for i := range n {
		at := len(all) - 1 - i
		out = append(out, view.NewSnapshot(all[at], i == 0))
	}
	return out, nil
}

// mark keeps a mark; only editors may.
func (r *Resolver) mark(ctx context.Context, in model.MarkDatastoreInput) (*view.MarkDatastorePayload, error) {
	if r.role(ctx) != Editor {
		return nil, view.Errorf(view.Forbidden, "marking a datastore needs the editor role")
	}
	v, err := r.Source.View(ctx, "")
	if err != nil {
		return nil, err
	}
	d, err := v.Datastore(in.ID)
	if err != nil {
		return nil, err
	}
	if d == nil {
		return nil, view.Errorf(view.BadInput, "%s is no datastore", in.ID)
	}
	m, err := markOf(in, v.Result.Options.Settings.Labels)
	if err != nil {
		return nil, err
	}
	id := d.ID()
	if v, err = r.Source.Mark(ctx, id, m); err != nil {
		return nil, err
	}
	if d, err = v.Datastore(id); err != nil {
		return nil, err
	}
	if d == nil {
		return nil, view.Errorf(view.NotFound, "%s is marked, but is not in the latest snapshot", id)
	}
	return &view.MarkDatastorePayload{Datastore: d}, nil
}

// markOf reads exactly one of label, critical, clear.
func markOf(in model.MarkDatastoreInput, labels []string) (sensitivity.Mark, error) {
	given := 0
	m := sensitivity.Mark{Critical: in.Critical}
	if in.Critical != nil {
		given++
	}
	if in.Label != nil {
		given++
		for _, l := range labels {
			if l == *in.Label {
				m.Label = l
			}
		}
		if m.Label == "" {
			return m, view.Errorf(view.BadInput, "no label is called %q; there are %s", *in.Label, strings.Join(labels, ", "))
		}
	}
	if in.Clear != nil && *in.Clear {
		given++
		m.Clear = true
	}
	if given != 1 {
		return m, view.Errorf(view.BadInput, "give exactly one of label, critical, clear")
	}
	return m, nil
}
