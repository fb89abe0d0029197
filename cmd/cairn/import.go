package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/analysis/sensitivity"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest"
	"github.com/cairn-security/cairn/ingest/awscli"
	"github.com/cairn-security/cairn/ingest/classify"
	"github.com/cairn-security/cairn/ingest/gaad"
)

// importFormat is one format that can be imported.
type importFormat struct {
	name, what string
	open       func(path string, stdin io.Reader) (ingest.Source, error)
}

var formats = []importFormat{
	{"bundle", "what cairn-aws or scan --record wrote", func(path string, stdin io.Reader) (ingest.Source, error) {
		if path == "-" {
			return ingest.ReadBundle(stdin, "standard input")
		}
		return ingest.OpenBundle(path)
	}},
	{"awscli", "a folder of raw AWS CLI replies", func(path string, _ io.Reader) (ingest.Source, error) {
		if path == "-" {
			return nil, errors.New("awscli reads a folder or an archive, not standard input")
		}
		return awscli.Open(path)
	}},
	{"gaad", "one GetAccountAuthorizationDetails reply", func(path string, stdin io.Reader) (ingest.Source, error) {
		if path == "-" {
			return gaad.Read(stdin, "standard input")
		}
		return gaad.Open(path)
	}},
}

func importFormats() string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return strings.Join(names, ", ")
}

type importCommand struct {
	Format string  `arg:"" help:"${formats}"`
	Path   string  `arg:"" help:"File, folder or archive; - is standard input where the format allows."`
	Add    *string `help:"Lay it over the latest snapshot, or over --add=SNAPSHOT, instead of a snapshot of its own." placeholder:"SNAPSHOT"`
	Hash   string  `name:"hash-key" help:"Key file that hashes secrets found in imported documents." type:"path" placeholder:"FILE"`
}

func (c *importCommand) Run(e *environment) error {
	for _, f := range formats {
		if f.name != c.Format {
			continue
		}
		source, err := f.open(c.Path, e.stdin)
		if err != nil {
			return err
		}
		if closer, ok := source.(io.Closer); ok {
			defer closer.Close()
		}
		return e.ingest(source, c.Add, c.Hash, 0)
	}
	return fmt.Errorf("no format is called %q; there are %s", c.Format, importFormats())
}

// ingest runs a source into a snapshot, stores it, analyses it and prints what
// came of it. collected is how long reading the cloud took.
func (e *environment) ingest(source ingest.Source, add *string, hashKey string, collected time.Duration) error {
	set, err := e.settings()
	if err != nil {
		return err
	}
	store, err := e.open()
	if err != nil {
		return err
	}
	defer store.Close()
	opts := ingest.Options{Progress: e.importProgress()}
	if opts.Scrubber, err = newScrubber(hashKey); err != nil {
		return err
	}
	if add != nil {
		if opts.Base, err = e.base(store, *add); err != nil {
			return err
		}
	}
	started := time.Now()
	result, err := ingest.Run(e.ctx, source, opts)
	if result != nil {
		for _, p := range result.Report.Problems {
			e.warn("%v", p)
		}
		for _, operation := range slices.Sorted(maps.Keys(result.Report.Unknown)) {
			e.warn("%s of %s: this build does not know the operation", replies(result.Report.Unknown[operation]), operation)
		}
	}
	if path := source.Info().Path; err != nil && !strings.HasPrefix(err.Error(), path) {
		return fmt.Errorf("%s: %w", path, err)
	} else if err != nil {
		return err
	}
	if err := store.Put(e.ctx, result.Snapshot, result.Sets); errors.Is(err, graph.ErrExists) {
		e.say("snapshot %s is there already", result.Snapshot.ID()) // the same content, read in the same second
	} else if err != nil {
		return fmt.Errorf("storing the snapshot: %w", err)
	}
	durations := report.Durations{Collect: collected.Seconds(), Assemble: time.Since(started).Seconds()}
	ledger, err := store.Ledger(e.ctx, 0)
	if err != nil {
		return err
	}
	r, err := e.runAnalysis(result.Snapshot, analysis.Options{Settings: set, Marks: sensitivity.Marks(ledger)})
	if err != nil {
		return err
	}
	if err := e.putDerived(r); err != nil {
		return err
	}
	durations.Analyse = r.Took.Seconds()
	problems := make([]string, 0, len(result.Report.Problems))
	for _, p := range result.Report.Problems {
		problems = append(problems, p.Error())
	}
	doc := report.SnapshotOf(r, durations, problems)
	if e.globals.JSON {
		return e.writeJSON(doc)
	}
	fmt.Fprintf(e.stdout, "snapshot %s: %d nodes, %d edges, %d datastores, %d principals, %d gaps\n", doc.Snapshot, doc.Nodes, doc.Edges, doc.Datastores, doc.Principals, len(doc.Gaps))
	return e.printPaths(r, nil, 10)
}

func replies(n int) string {
	if n == 1 {
		return "1 reply"
	}
	return fmt.Sprintf("%d replies", n)
}

// base are the record sets that --add lays the source over.
func (e *environment) base(store graph.Store, id string) ([]graph.RecordSet, error) {
	if id == "" {
		all, err := store.List(e.ctx)
		if err != nil {
			return nil, err
		}
		if len(all) == 0 {
			return nil, errors.New("--add needs an earlier snapshot, and there is none")
		}
		id = all[len(all)-1].ID
	}
	sets, err := store.RecordSets(e.ctx, id)
	if err != nil {
		return nil, fmt.Errorf("--add=%s: %w", id, err)
	}
	return sets, nil
}

func (e *environment) importProgress() func(ingest.Progress) {
	last := time.Now()
	return func(p ingest.Progress) {
		if time.Since(last) >= time.Second {
			last = time.Now()
			e.say("%s: %s, %.1f MB", p.Stage, plural(p.Records, "record"), float64(p.Bytes)/1e6)
		}
	}
}

// newScrubber uses the user's key file, made once.
func newScrubber(path string) (ingest.Scrubber, error) {
	if path == "" {
		path = filepath.Join(dataFolder(), "hash.key")
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, err
		}
	}
	hasher, err := classify.LoadHasher(path)
	if err != nil {
		return nil, err
	}
	return classify.NewScrubber(hasher), nil
}
