package report

import (
	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/graph"
)

// Snapshot is the document cairn.snapshot/v1: what a scan or import made.
type Snapshot struct {
	Schema         string      `json:"schema"`
	Snapshot       string      `json:"snapshot"`
	TakenAt        string      `json:"takenAt"`
	Source         string      `json:"source"`
	Nodes          int         `json:"nodes"`
	Edges          int         `json:"edges"`
	Datastores     int         `json:"datastores"`
	Principals     int         `json:"principals"`
	Gaps           []graph.Gap `json:"gaps"`
	AttackPaths    int         `json:"attackPaths"`
	CriticalAssets int         `json:"criticalAssets"`
	Durations      Durations   `json:"durations"`
	Problems       []string    `json:"problems"`
}

// Durations are seconds.
type Durations struct {
	Collect  float64 `json:"collect"`
	Assemble float64 `json:"assemble"`
	Analyse  float64 `json:"analyse"`
}

// SnapshotOf builds the document.
func SnapshotOf(r *analysis.Result, d Durations, problems []string) *Snapshot {
	m := r.Snap.Meta()
	return &Snapshot{Schema: "cairn.snapshot/v1", Snapshot: m.ID, TakenAt: m.TakenAt.UTC().Format("2006-01-02T15:04:05Z"), Source: m.Source,
		Nodes: r.Snap.Len(), Edges: r.Snap.Edges(), Datastores: len(r.Data.All()),
		Principals: len(r.Snap.ByKind(graph.KindUser)) + len(r.Snap.ByKind(graph.KindRole)), Gaps: Gaps(r), AttackPaths: len(r.Families),
		CriticalAssets: r.Counts.Reached + r.Counts.Unknown + r.Counts.NoPathSeen, Durations: d, Problems: list(problems)}
}
