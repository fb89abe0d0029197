package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/cairn-security/cairn/graph"
)

type snapshotsCommand struct {
	List   snapshotsListCommand   `cmd:"" default:"withargs" help:"All snapshots, oldest first."`
	Show   snapshotsShowCommand   `cmd:"" help:"One snapshot."`
	Delete snapshotsDeleteCommand `cmd:"" help:"Delete a snapshot."`
	Prune  snapshotsPruneCommand  `cmd:"" help:"Delete all but the newest."`
}

type snapshotsListCommand struct{}

// snapshotsDocument is cairn.snapshots/v1.
type snapshotsDocument struct {
	Schema    string       `json:"schema"`
	Snapshots []graph.Info `json:"snapshots"`
}

func (c *snapshotsListCommand) Run(e *environment) error {
	store, err := e.open()
	if err != nil {
		return err
	}
	defer store.Close()
	all, err := store.List(e.ctx)
	if err != nil {
		return err
	}
	return e.printSnapshots(all)
}

func (e *environment) printSnapshots(all []graph.Info) error {
	if e.globals.JSON {
		doc := snapshotsDocument{"cairn.snapshots/v1", append([]graph.Info{}, all...)}
		for i := range doc.Snapshots {
			s := &doc.Snapshots[i]
			s.Accounts, s.Regions = append([]string{}, s.Accounts...), append([]string{}, s.Regions...)
		}
		return e.writeJSON(doc)
	}
	var rows [][]string
	for _, i := range all {
		rows = append(rows, []string{i.ID, i.TakenAt.UTC().Format(time.DateTime), i.Source, fmt.Sprint(len(i.Accounts)), fmt.Sprint(i.Nodes), fmt.Sprint(i.Edges), fmt.Sprint(i.Gaps)})
	}
	if len(rows) == 0 {
		fmt.Fprintf(e.stdout, "%s holds no snapshot yet.\n", e.storeURL())
	}
	return e.table("SNAPSHOT\tTAKEN (UTC)\tSOURCE\tACCOUNTS\tNODES\tEDGES\tGAPS", rows)
}

type snapshotsShowCommand struct {
	ID string `arg:"" optional:"" help:"Snapshot; default: the latest."`
}

func (c *snapshotsShowCommand) Run(e *environment) error {
	if c.ID != "" {
		e.globals.Snapshot = c.ID
	}
	store, err := e.open()
	if err != nil {
		return err
	}
	defer store.Close()
	snap, err := e.snapshot(store)
	if err != nil {
		return err
	}
	info := graph.Info{Meta: snap.Meta(), Nodes: snap.Len(), Edges: snap.Edges(), Gaps: len(snap.Gaps())}
	if e.globals.JSON {
		return e.printSnapshots([]graph.Info{info})
	}
	fmt.Fprintf(e.stdout, "%s\ntaken     %s UTC\nsource    %s\naccounts  %s\nregions   %s\nnodes     %d\nedges     %d\ngaps      %d\n", info.ID,
		info.TakenAt.UTC().Format(time.DateTime), info.Source, strings.Join(info.Accounts, " "), strings.Join(info.Regions, " "), info.Nodes, info.Edges, info.Gaps)
	var rows [][]string
	for _, k := range graph.Kinds() {
		if n := len(snap.ByKind(k)); n > 0 {
			rows = append(rows, []string{k.String(), fmt.Sprint(n)})
		}
	}
	return e.table("KIND\tNODES", rows)
}

type snapshotsDeleteCommand struct {
	ID string `arg:"" help:"Snapshot to delete."`
}

func (c *snapshotsDeleteCommand) Run(e *environment) error { return e.deleteSnapshots(c.ID) }

type snapshotsPruneCommand struct {
	Keep int `help:"How many to keep; default: 14." default:"14" placeholder:"N"`
}

func (c *snapshotsPruneCommand) Run(e *environment) error {
	if c.Keep < 1 {
		return fmt.Errorf("--keep %d: at least one snapshot is kept", c.Keep)
	}
	store, err := e.open()
	if err != nil {
		return err
	}
	all, err := store.List(e.ctx)
	store.Close()
	if err != nil {
		return err
	}
	var old []string
	for _, i := range all[:max(0, len(all)-c.Keep)] {
		old = append(old, i.ID)
	}
	return e.deleteSnapshots(old...)
}

func (e *environment) deleteSnapshots(ids ...string) error {
	store, err := e.open()
	if err != nil {
		return err
	}
	defer store.Close()
	for _, id := range ids {
		if err := store.Delete(e.ctx, id); err != nil {
			return e.noSnapshot(id, err)
		}
	}
	if e.globals.JSON {
		return e.writeJSON(struct {
			Schema  string   `json:"schema"`
			Deleted []string `json:"deleted"`
		}{"cairn.snapshots.deleted/v1", append([]string{}, ids...)})
	}
	for _, id := range ids {
		fmt.Fprintf(e.stdout, "deleted %s\n", id)
	}
	return nil
}
