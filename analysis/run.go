package analysis

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/analysis/posture"
	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/analysis/risk"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/analysis/sensitivity"
	"github.com/cairn-security/cairn/analysis/technique"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/settings"
)

// Run analyses a snapshot. Parts that cannot be analysed are named in
// Result.Problems; the error is the context's, or says that the snapshot is
// unusable. Cost: see the packages; some 10^5 nodes take seconds.
func Run(ctx context.Context, snap *graph.Snapshot, opts Options) (*Result, error) {
	if opts.Settings == nil {
		opts.Settings = settings.Default()
	}
	if opts.PathsPerTarget == 0 {
		opts.PathsPerTarget = defaultPathsPerTarget
	}
	start := time.Now()
	opts.stage("labels")
	data, problems := sensitivity.Classify(snap, opts.Settings, opts.Marks)
	r := &Result{Snap: snap, Options: opts, Data: data}
	if err := r.derive(ctx); err != nil {
		return nil, err
	}
	if err := r.score(ctx); err != nil {
		return nil, err
	}
	r.Problems = append(problems, r.Problems...)
	opts.stage("findings")
	r.Findings = posture.Evaluate(&posture.Estate{Snap: snap, Settings: opts.Settings, Data: data, Perm: r.Perm, Reach: r.Reach, PathFacts: r.pathFacts()})
	r.Took = time.Since(start)
	return r, nil
}

// derive draws every conclusion that a changed fact may change, up to the
// searches of the attack graph. A fix is proved with it. Reach is built where it
// is not given.
func (r *Result) derive(ctx context.Context) (err error) {
	snap, opts := r.Snap, r.Options
	r.chooseAssets()
	opts.stage("permissions")
	if r.Perm, err = permission.New(ctx, snap, permission.Options{}); err != nil {
		return err
	}
	opts.stage("network")
	if r.Reach == nil {
		r.Reach = reach.FromSnapshot(snap)
	}
	for _, p := range r.Reach.Problems() {
		r.Problems = append(r.Problems, fmt.Errorf("network: %s", p))
	}
	opts.stage("steps")
	estate := &technique.Estate{Snap: snap, Settings: opts.Settings, Data: r.Data, Perm: r.Perm, Reach: r.Reach, Entries: opts.Entries, Network: r.network}
	builder := route.NewBuilder(snap)
	for _, s := range technique.Derive(ctx, estate) {
		builder.Add(s)
	}
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	if r.Graph, err = builder.Build(); err != nil {
		r.Problems = append(r.Problems, fmt.Errorf("steps left out: %w", err))
	}
	opts.stage("paths")
	if r.Finder, err = route.NewFinder(ctx, r.Graph); err != nil {
		return err
	}
	r.Model = risk.NewModel(r.Graph, opts.Worlds)
	return nil
}

// score finds families and puts them, the datastores and the estate into numbers.
func (r *Result) score(ctx context.Context) error {
	r.placeAssets()
	families, truncated := r.search(ctx, r.targets())
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	r.Truncated = truncated
	for _, f := range r.withoutDetours(families) {
		r.Families = append(r.Families, r.family(f))
	}
	slices.SortStableFunc(r.Families, func(a, b *Family) int {
		return cmp.Or(cmp.Compare(b.Score.Risk.Value, a.Score.Risk.Value), cmp.Compare(b.Score.Risk.Upper, a.Score.Risk.Upper), cmp.Compare(a.ID, b.ID))
	})
	for i, f := range r.Families {
		f.Rank = i + 1
	}
	var err error
	if r.Estate, err = r.Model.Estate(ctx, r.Finder, r.stakes()); err != nil {
		return err
	}
	r.answers()
	return nil
}

// search finds the families of paths to targets. Direct access of a phished or
// inside identity is access, no path.
func (r *Result) search(ctx context.Context, targets []route.StateID) (families []route.Family, truncated bool) {
	return r.Finder.Families(ctx, route.FamilyQuery{
		Targets: targets, Through: len(r.Options.To) > 0, PathsPerTarget: r.Options.PathsPerTarget,
		Direct: []string{"phished-user", "insider"},
	})
}

// targets are the outcomes on critical assets, and the accounts: who administers
// one holds whatever is put there, be it known to be sensitive or not.
func (r *Result) targets() []route.StateID {
	var ids []route.StateID
	add := func(s attack.State) {
		if id, ok := r.Graph.Lookup(s); ok {
			ids = append(ids, id)
		}
	}
	for _, store := range r.assets {
		for _, k := range dataOutcomes {
			add(attack.State{Kind: k, Node: store})
		}
	}
	if len(r.Options.To) == 0 {
		for _, account := range r.Snap.ByKind(graph.KindAccount) {
			add(attack.State{Kind: attack.Administers, Node: account})
		}
	}
	for _, to := range r.Options.To {
		if r.Snap.Kind(to) == graph.KindAccount {
			add(attack.State{Kind: attack.Administers, Node: to})
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

var dataOutcomes = []attack.StateKind{attack.Reads, attack.Writes, attack.Destroys}

// chooseAssets lists the datastores whose reach counts in this run.
func (r *Result) chooseAssets() {
	r.assets = r.Data.Critical()
	if len(r.Options.To) > 0 {
		r.assets = slices.DeleteFunc(slices.Clone(r.Options.To), func(to graph.Ref) bool { return r.Data.Of(to) == nil })
	}
}

// placeAssets lists the assets that an administrator of each account holds.
func (r *Result) placeAssets() {
	administered := r.administered()
	r.assetsIn = map[graph.Ref][]graph.Ref{}
	for _, store := range r.assets {
		if a := r.Snap.AccountOf(store); a != graph.NoRef && administered[store] {
			r.assetsIn[a] = append(r.assetsIn[a], store)
		}
	}
}

// administered are the nodes of which an administrator of their account holds
// something: the organization may keep some from everybody.
func (r *Result) administered() map[graph.Ref]bool {
	held := map[graph.Ref]bool{}
	for s := range r.Graph.Len() {
		if premises := r.Graph.Premises(route.StepID(s)); len(premises) == 1 && r.Graph.State(premises[0]).Kind == attack.Administers {
			held[r.Graph.State(r.Graph.Conclusion(route.StepID(s))).Node] = true
		}
	}
	return held
}

func (r *Result) stakes() []risk.Stake {
	var stakes []risk.Stake
	for _, store := range r.assets {
		for _, k := range dataOutcomes {
			if id, ok := r.Graph.Lookup(attack.State{Kind: k, Node: store}); ok {
				stakes = append(stakes, risk.Stake{Target: id, Node: store, Impact: r.impact(store, route.Outcome(k))})
			}
		}
	}
	return stakes
}

// impact is what an outcome on a datastore is worth. A datastore marked
// critical by hand without a label weighs as the threshold does.
func (r *Result) impact(store graph.Ref, outcome string) float64 {
	d := r.Data.Of(store)
	if d == nil {
		return 0
	}
	label := d.Label
	if label == "" && d.Critical {
		label = r.Options.Settings.Threshold
	}
	return r.Options.Settings.Priors.ImpactOf(label, outcome, d.Records)
}
