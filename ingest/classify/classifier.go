package classify

import (
	"context"
	"io"
	"regexp"

	"github.com/cairn-security/cairn/graph/settings"
	"github.com/cairn-security/cairn/graph/sit"
	"github.com/cairn-security/cairn/ingest/classify/detect"
)

// Classifier finds sensitive information types in files. It is immutable and
// safe for use by several goroutines.
type Classifier struct {
	detector *detect.Detector
	// least is the score from which a match is reported.
	least uint8
}

// New makes a classifier with the types that the settings enable. Nil settings
// are the defaults.
func New(s *settings.Settings) *Classifier {
	if s == nil {
		s = settings.Default()
	}
	custom := make([]detect.Custom, 0, len(s.CustomTypes))
	for _, t := range s.CustomTypes {
		pattern, err := regexp.Compile(t.Pattern)
		if err != nil {
			continue // the settings were checked: cannot happen
		}
		custom = append(custom, detect.Custom{
			Type:     sit.Type{ID: t.ID, Name: t.Name, Category: t.Category, Confidence: t.Confidence, PassRate: 1},
			Pattern:  pattern,
			Keywords: t.Keywords,
		})
	}
	c := &Classifier{detector: detect.New(s.TypeEnabled, custom)}
	switch s.Types.MinConfidence {
	case sit.High:
		c.least = 85
	case sit.Medium:
		c.least = 75
	}
	return c
}

// Options of reading one file; the zero value is good.
type Options struct {
	// JSONLField reads a file of JSON lines row by row and looks at this field
	// only.
	JSONLField string
	// From is where in the object the reader starts. A piece from the middle
	// begins with a cut line, which tables and documents leave out.
	From int64
	// MaxExpanded bounds the bytes read out of compressed files, 0 for 1 GiB.
	MaxExpanded int64

	// columns of the table that this is a later piece of.
	columns []*detect.Field
}

const defaultExpanded = 1 << 30

// Finding is one match in a file.
type Finding struct {
	File   string
	Member string // the file inside an archive, empty outside of one
	// Row counts the lines of a JSONL file read with JSONLField, -1 otherwise.
	Row int
	sit.Match
	// Record is -1 where the text has none.

	value, secret []byte // valid during the callback only
	category      sit.Category
}

// Report says what reading a file came to.
type Report struct {
	Bytes   int64 // decoded and decompressed
	Records int64 // rows or documents, -1 where the format has none
	Matches int
	Skipped []sit.Skipped

	columns []*detect.Field
}

// Classify reads r to its end and calls emit for every match, in the order of
// the text. A format that cannot be read is reported as skipped with the
// reason, never as clean. The error is that of the context, of emit, or of r.
func (c *Classifier) Classify(ctx context.Context, name string, r io.Reader, opts Options, emit func(*Finding) error) (Report, error) {
	if opts.MaxExpanded <= 0 {
		opts.MaxExpanded = defaultExpanded
	}
	s := &session{
		ctx: ctx, classifier: c, scanner: c.detector.Scanner(), opts: opts, emit: emit,
		file: name, left: opts.MaxExpanded, fields: map[string]*detect.Field{},
	}
	s.report.Records = -1
	err := s.read(name, r, 0)
	return s.report, err
}
