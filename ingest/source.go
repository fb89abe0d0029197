package ingest

import (
	"context"
	"iter"

	"github.com/cairn-security/cairn/graph/sit"
	"github.com/cairn-security/cairn/ingest/record"
)

// Source is something that has records: a bundle, a folder of replies, an
// account dump, a demonstration.
type Source interface {
	// Info describes the source without reading it.
	Info() Info
	// Records reads it once. A *[record.Problem] says that one part could not
	// be read and the rest follows; any other error ends the sequence.
	Records(ctx context.Context) iter.Seq2[record.Record, error]
}

// Info describes a source.
type Info struct {
	Name string // "aws", "gaad", "awscli", "bundle", "demo": the snapshot's source
	// Path is where it stands, for messages.
	Path string
}

// Scrubber finds credentials in values that themselves go no further. An
// implementation must be safe for concurrent use. What it would keep of a
// value is not kept: an import stores what was found and where.
type Scrubber interface {
	// Text searches a text; at says where it stood.
	Text(text, at string) (kept string, found []sit.Credential)
	// Environment searches environment variables.
	Environment(variables map[string]string, at string) (kept map[string]string, found []sit.Credential)
}
