package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"text/tabwriter"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/sensitivity"
	"github.com/cairn-security/cairn/analysis/technique"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/settings"
)

// environment is what a command runs in.
type environment struct {
	ctx            context.Context
	stdin          io.Reader
	stdout, stderr io.Writer
	globals        Globals
}

// settings are those of the file named, or the defaults.
func (e *environment) settings() (*settings.Settings, error) {
	if e.globals.Config == "" {
		return settings.Default(), nil
	}
	return settings.Load(e.globals.Config)
}

// say prints one line of progress.
func (e *environment) say(format string, args ...any) {
	if !e.globals.Quiet {
		fmt.Fprintf(e.stderr, format+"\n", args...)
	}
}

// warn prints one line that is shown even when quiet.
func (e *environment) warn(format string, args ...any) {
	fmt.Fprintf(e.stderr, "warning: "+format+"\n", args...)
}

// writeJSON prints one document.
func (e *environment) writeJSON(doc any) error {
	enc := json.NewEncoder(e.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(doc)
}

// table prints aligned columns; the header is left out when there are no rows.
func (e *environment) table(header string, rows [][]string) error {
	if len(rows) == 0 {
		return nil
	}
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, header)
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				fmt.Fprint(w, "\t")
			}
			fmt.Fprint(w, cell)
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

// snapshot loads the snapshot that was asked for, or the latest.
func (e *environment) snapshot(store graph.Store) (*graph.Snapshot, error) {
	id := e.globals.Snapshot
	if id == "" {
		all, err := store.List(e.ctx)
		if err != nil {
			return nil, err
		}
		if len(all) == 0 {
			return nil, fmt.Errorf("%s holds no snapshot yet: run cairn demo, cairn scan aws or cairn import first", e.storeURL())
		}
		id = all[len(all)-1].ID
	}
	snap, err := store.Load(e.ctx, id)
	if err != nil {
		return nil, e.noSnapshot(id, err)
	}
	return snap, nil
}

// noSnapshot says why a snapshot cannot be had.
func (e *environment) noSnapshot(id string, err error) error {
	if errors.Is(err, graph.ErrNotFound) {
		return fmt.Errorf("%s holds no snapshot %q; cairn snapshots lists them", e.storeURL(), id)
	}
	return fmt.Errorf("snapshot %s in %s: %w", id, e.storeURL(), err)
}

// load opens the store and loads the snapshot with the marks in force.
func (e *environment) load() (*graph.Snapshot, map[string]sensitivity.Mark, error) {
	store, err := e.open()
	if err != nil {
		return nil, nil, err
	}
	defer store.Close()
	snap, err := e.snapshot(store)
	if err != nil {
		return nil, nil, err
	}
	ledger, err := store.Ledger(e.ctx, 0)
	if err != nil {
		return nil, nil, err
	}
	return snap, sensitivity.Marks(ledger), nil
}

// analyse loads a snapshot and runs the analysis on it. adjust, when not nil,
// changes the options, for which it may ask the snapshot.
func (e *environment) analyse(adjust func(*graph.Snapshot, *analysis.Options) error) (*analysis.Result, error) {
	set, err := e.settings()
	if err != nil {
		return nil, err
	}
	snap, marks, err := e.load()
	if err != nil {
		return nil, err
	}
	opts := analysis.Options{Settings: set, Marks: marks}
	if adjust != nil {
		if err := adjust(snap, &opts); err != nil {
			return nil, err
		}
	}
	return e.runAnalysis(snap, opts)
}

// runAnalysis runs the analysis with progress for runs that take long.
func (e *environment) runAnalysis(snap *graph.Snapshot, opts analysis.Options) (*analysis.Result, error) {
	opts.Stage = e.analysing("")
	r, err := analysis.Run(e.ctx, snap, opts)
	if err != nil {
		return nil, err
	}
	for _, p := range r.Problems {
		e.warn("%v", p)
	}
	return r, nil
}

// atLeastZero refuses a negative count.
func atLeastZero(flag string, n int) error {
	if n < 0 {
		return fmt.Errorf("%s %d: want a number of 0 or more", flag, n)
	}
	return nil
}

// aRisk refuses what no risk can be: a gate that compares with it would always
// be open.
func aRisk(flag string, n float64) error {
	if n >= 0 && !math.IsInf(n, 0) {
		return nil
	}
	return fmt.Errorf("%s %v: want a number of 0 or more", flag, n)
}

// entries reads the --entry flag.
func entries(kinds []string) ([]technique.EntryKind, error) {
	var list []technique.EntryKind
	for _, k := range kinds {
		if !technique.KnownEntry(technique.EntryKind(k)) {
			return nil, fmt.Errorf("no entry point is called %q; there are %v", k, technique.AllEntries())
		}
		list = append(list, technique.EntryKind(k))
	}
	return list, nil
}
