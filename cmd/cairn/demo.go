package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest"
	"github.com/cairn-security/cairn/ingest/demo"
)

type demoCommand struct {
	Listen  string `help:"Address to serve on; port 8470 or the next free one by default." default:"" placeholder:"ADDRESS"`
	NoServe bool   `help:"Print the top paths and stop."`
}

func (c *demoCommand) Run(e *environment) error {
	set, err := e.settings()
	if err != nil {
		return err
	}
	if e.globals.Store == "" {
		folder := dataFolder()
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
		e.globals.Store = "file:" + filepath.Join(folder, "demo.db")
	}
	result, err := ingest.Run(e.ctx, demo.Source{Settings: set}, ingest.Options{Now: demo.TakenAt})
	if err != nil {
		return err
	}
	store, err := e.open()
	if err != nil {
		return err
	}
	err = store.Put(e.ctx, result.Snapshot, result.Sets)
	if errors.Is(err, graph.ErrExists) {
		err = nil // the sample company is the same every day
	}
	store.Close()
	if err != nil {
		return fmt.Errorf("storing the sample company in %s: %w", e.storeURL(), err)
	}
	e.globals.Snapshot = result.Snapshot.ID()
	r, err := e.analyse(nil)
	if err != nil {
		return err
	}
	if err := e.putDerived(r); err != nil {
		return err
	}
	if err := c.print(e, r); err != nil {
		return err
	}
	if c.NoServe {
		return nil
	}
	e.globals.Snapshot = ""
	serve := serveCommand{Listen: c.Listen}
	return serve.serve(e, r)
}

// putDerived writes what the analysis concluded beside the snapshot, for people
// who query the store itself.
func (e *environment) putDerived(r *analysis.Result) error {
	store, err := e.open()
	if err != nil {
		return err
	}
	defer store.Close()
	if err := store.PutDerived(e.ctx, r.Snap.ID(), report.DerivedOf(r)); err != nil {
		return fmt.Errorf("storing what the analysis concluded: %w", err)
	}
	return nil
}

func (c *demoCommand) print(e *environment, r *analysis.Result) error {
	if e.globals.JSON {
		doc, err := report.PathsOf(e.ctx, r, report.PathsOptions{Top: 10})
		if err != nil {
			return err
		}
		return e.writeJSON(doc)
	}
	m := r.Snap.Meta()
	fmt.Fprintf(e.stdout, "Northwind Clinics, a sample company: %d accounts, %d nodes, %d datastores. Everything in it is invented.\n\n", len(m.Accounts), r.Snap.Len(), len(r.Data.All()))
	if err := e.printPaths(r, nil, 12); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "\nstored in %s; ask it more with cairn --store %s COMMAND\n", e.storeURL(), e.storeURL())
	return nil
}
