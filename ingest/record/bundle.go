package record

import (
	"errors"
	"fmt"
	"time"
)

// A bundle is what a collector hands over: records as NDJSON with a manifest
// that says how many there are and what they hash to.
//
// As a folder (or an archive of one) it is manifest.json and records.ndjson;
// as a stream it is one header line, the records and one trailer line. Only a
// finished bundle has a count and a hash, so an interrupted one never passes
// for a whole.
const (
	bundleFormat  = "cairn.bundle"
	bundleVersion = 1
	manifestName  = "manifest.json"
	recordsName   = "records.ndjson"
)

// Manifest describes a bundle.
type Manifest struct {
	Format    string    `json:"format"`
	Version   int       `json:"version"`
	Source    string    `json:"source"`           // "aws", "demo" ...
	Tool      string    `json:"tool,omitempty"`   // name and version of the writer
	StartedAt time.Time `json:"startedAt"`        // UTC
	Caller    string    `json:"caller,omitempty"` // who read, as the provider names them
	// Records, Bytes and SHA256 describe the record lines; zero in the header of a stream.
	Records int64  `json:"records,omitempty"`
	Bytes   int64  `json:"bytes,omitempty"`
	SHA256  string `json:"sha256,omitempty"`
}

// ErrFormat says that something is no bundle or one of an unknown version.
var ErrFormat = errors.New("not a cairn bundle")

func (m *Manifest) check() error {
	if m.Format != bundleFormat {
		return fmt.Errorf("%w: format is %q", ErrFormat, m.Format)
	}
	if m.Version < 1 || m.Version > bundleVersion {
		return fmt.Errorf("%w: version %d, this build reads versions 1 to %d", ErrFormat, m.Version, bundleVersion)
	}
	return nil
}

// header is the first line of a stream, trailer the last.
type header struct {
	Manifest *Manifest `json:"bundle"`
}

type trailer struct {
	End *ending `json:"end"`
}

type ending struct {
	Records int64  `json:"records"`
	Bytes   int64  `json:"bytes"`
	SHA256  string `json:"sha256"`
}

// Problem is one thing in the input that could not be read. The rest was read.
type Problem struct {
	File    string `json:"file"`            // file, or call where there are no files
	Place   string `json:"place,omitempty"` // line, JSON pointer or property inside it
	Message string `json:"message"`
}

// Error names the file and the place.
func (p *Problem) Error() string {
	switch {
	case p.File == "" && p.Place == "":
		return p.Message
	case p.Place == "":
		return p.File + ": " + p.Message
	case p.File == "":
		return p.Place + ": " + p.Message
	}
	return p.File + ": " + p.Place + ": " + p.Message
}
