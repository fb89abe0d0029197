package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/settings"
	"github.com/cairn-security/cairn/ingest"
	"github.com/cairn-security/cairn/ingest/classify"
	"github.com/cairn-security/cairn/ingest/record"
)

// Source is the sample company as a source of records. Its files are really
// sampled and classified under the settings given.
type Source struct{ Settings *settings.Settings }

// Info describes the source.
func (Source) Info() ingest.Info { return ingest.Info{Name: "demo", Path: "Northwind Clinics"} }

// Records yields the replies of all accounts and then what sampling found.
func (s Source) Records(ctx context.Context) iter.Seq2[record.Record, error] {
	return func(yield func(record.Record, error) bool) {
		n := newNorthwind()
		n.build()
		if n.err == nil {
			n.err = n.classify(ctx, s.Settings)
		}
		if n.err != nil {
			yield(record.Record{}, n.err)
			return
		}
		for _, r := range n.records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// hashKey keys the hashes of the demo's made-up values, so that they are the
// same on every run; a real key is random and stays on the machine it was made on.
var hashKey = []byte("northwind clinics sample company")

// classify reads the files of every bucket the way the collector would.
func (c *company) classify(ctx context.Context, set *settings.Settings) error {
	hasher, err := classify.NewHasher(hashKey)
	if err != nil {
		return err
	}
	classifier := classify.New(set)
	for _, store := range c.files {
		sampling := classifier.NewSampling(hasher)
		var size int64
		for _, f := range store.files {
			content := f.content()
			size += int64(len(content))
			if err := sampling.Object(ctx, f.name, int64(len(content)), bytes.NewReader(content), classify.Options{}); err != nil {
				return fmt.Errorf("%s %s: %w", store.id, f.name, err)
			}
		}
		found, credentials := sampling.Result(int64(len(store.files)), size)
		c.finding(store, record.OpClassify, found)
		if len(credentials) > 0 {
			c.finding(store, record.OpFindCredentials, credentials)
		}
	}
	return nil
}

func (c *company) finding(store datastoreFiles, operation string, found any) {
	raw, err := json.Marshal(found)
	if err != nil {
		c.fail(fmt.Errorf("%s of %s: %w", operation, store.id, err))
		return
	}
	c.emit(record.Record{Account: store.a.id, Region: "global", Service: record.ServiceCairn, Operation: operation,
		Params: map[string]string{"Node": store.id}, Outcome: graph.OutcomeOK, Source: "demo", ReadAt: c.tick(), Body: raw})
}
