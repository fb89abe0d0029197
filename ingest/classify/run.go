package classify

import (
	"bufio"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/cairn-security/cairn/graph/settings"
	"github.com/cairn-security/cairn/graph/sit"
)

// RunOptions are those of the classify command.
type RunOptions struct {
	// Paths are files and folders; "-" is In.
	Paths []string
	In    io.Reader
	// JSONLField reads every file row by row and looks at this field.
	JSONLField string
	// SummaryOnly writes the last line alone.
	SummaryOnly bool
	// FailLabel: Failed is set when what was found has this label or a more
	// sensitive one.
	FailLabel string
	Settings  *settings.Settings
}

// SkippedFile is a file that was not read, or not to its end.
type SkippedFile struct {
	File string `json:"file"`
	Why  string `json:"why"`
}

// Summary is the last line of the output.
type Summary struct {
	Files   int            `json:"files"`
	Bytes   int64          `json:"bytes"`
	Matches int            `json:"matches"`
	Skipped []SkippedFile  `json:"skipped"`
	Types   map[sit.ID]int `json:"types"`
	// Label is what the label rules give for all files together, empty where no
	// rule matches.
	Label string `json:"label"`
}

// Outcome is what a run came to.
type Outcome struct {
	Summary Summary
	// Failed: the label reached FailLabel.
	Failed bool
}

// Run classifies files and writes one JSON object per match and a summary to
// out. The error is that of the context, of out, of the options, or says that
// no path could be read at all.
func Run(ctx context.Context, opts RunOptions, out io.Writer) (Outcome, error) {
	if opts.Settings == nil {
		opts.Settings = settings.Default()
	}
	if opts.FailLabel != "" && opts.Settings.Labels.Rank(opts.FailLabel) < 0 {
		return Outcome{}, fmt.Errorf("%q is no label (they are %v)", opts.FailLabel, []string(opts.Settings.Labels))
	}
	key := make([]byte, keySize)
	if _, err := rand.Read(key); err != nil {
		return Outcome{}, err
	}
	hasher, err := NewHasher(key)
	if err != nil {
		return Outcome{}, err
	}
	r := &run{
		ctx: ctx, opts: opts, classifier: New(opts.Settings), hasher: hasher,
		out: bufio.NewWriterSize(out, 64<<10), values: map[sit.ID]*sketch{},
		summary: Summary{Skipped: []SkippedFile{}, Types: map[sit.ID]int{}},
	}
	for _, path := range opts.Paths {
		if err := r.path(path); err != nil {
			return Outcome{}, errors.Join(err, r.out.Flush())
		}
	}
	counts := settings.Counts{}
	for id, s := range r.values {
		counts[id] = s.count()
	}
	r.summary.Label, _ = opts.Settings.LabelFor(counts)
	result := Outcome{Summary: r.summary}
	result.Failed = opts.FailLabel != "" && r.summary.Label != "" && opts.Settings.Labels.AtLeast(r.summary.Label, opts.FailLabel)
	last, err := json.Marshal(struct {
		Summary Summary `json:"summary"`
	}{r.summary})
	if err != nil {
		return result, err
	}
	if _, err := r.out.Write(append(last, '\n')); err != nil {
		return result, err
	}
	if err := r.out.Flush(); err != nil {
		return result, err
	}
	if r.summary.Files == 0 && len(r.summary.Skipped) > 0 {
		return result, fmt.Errorf("nothing could be read: %s: %s", r.summary.Skipped[0].File, r.summary.Skipped[0].Why)
	}
	return result, nil
}

type run struct {
	ctx        context.Context
	opts       RunOptions
	classifier *Classifier
	hasher     *Hasher
	out        *bufio.Writer
	line       []byte
	scratch    []byte
	values     map[sit.ID]*sketch
	summary    Summary
}

// path reads a file, every file below a folder in the order of their names, or
// standard input.
func (r *run) path(path string) error {
	if path == "-" {
		if r.opts.In == nil {
			r.skip("-", "there is no standard input")
			return nil
		}
		return r.file("-", r.opts.In)
	}
	info, err := os.Stat(path)
	if err != nil {
		r.skip(path, reason(err))
		return nil
	}
	if !info.IsDir() {
		return r.open(path)
	}
	return filepath.WalkDir(path, func(p string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			r.skip(p, reason(err))
			return nil
		case entry.IsDir():
			return nil
		case !entry.Type().IsRegular():
			r.skip(p, "not a regular file")
			return nil
		}
		return r.open(p)
	})
}

// reason is an error without the path, which stands beside it.
func reason(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err.Error()
	}
	return err.Error()
}

func (r *run) skip(file, why string) {
	r.summary.Skipped = append(r.summary.Skipped, SkippedFile{file, why})
}

func (r *run) open(path string) error {
	f, err := os.Open(path)
	if err != nil {
		r.skip(path, reason(err))
		return nil
	}
	defer f.Close()
	return r.file(path, f)
}

func (r *run) file(name string, in io.Reader) error {
	report, err := r.classifier.Classify(r.ctx, name, in, Options{JSONLField: r.opts.JSONLField}, r.match)
	r.summary.Bytes += report.Bytes
	r.summary.Matches += report.Matches
	for _, skipped := range report.Skipped {
		r.skip(skipped.Object, skipped.Why)
	}
	if report.Bytes > 0 || len(report.Skipped) == 0 {
		r.summary.Files++
	}
	if err != nil {
		if r.ctx.Err() != nil || errors.As(err, new(emitError)) {
			return err
		}
		r.skip(name, reason(err))
	}
	return nil
}

// match counts a find and writes its line.
func (r *run) match(f *Finding) error {
	r.summary.Types[f.Type]++
	s := r.values[f.Type]
	if s == nil {
		s = &sketch{}
		r.values[f.Type] = s
	}
	var hash uint64
	hash, r.scratch = r.hasher.number(f.secret, r.scratch)
	s.add(hash)
	if r.opts.SummaryOnly {
		return nil
	}
	r.line = f.AppendJSON(r.line[:0])
	r.line = append(r.line, '\n')
	_, err := r.out.Write(r.line)
	return err
}

// AppendJSON appends the find as one JSON object. What does not apply is null.
func (f *Finding) AppendJSON(b []byte) []byte {
	b = append(b, `{"file":`...)
	b = appendText(b, f.File)
	b = append(b, `,"member":`...)
	b = textOrNull(b, f.Member)
	b = append(b, `,"record":`...)
	b = numberOrNull(b, f.Record)
	b = append(b, `,"field":`...)
	b = textOrNull(b, f.Field)
	if f.Row >= 0 {
		b = append(b, `,"row":`...)
		b = strconv.AppendInt(b, int64(f.Row), 10)
	}
	b = append(b, `,"line":`...)
	b = strconv.AppendInt(b, int64(f.Line), 10)
	b = append(b, `,"start":`...)
	b = strconv.AppendInt(b, int64(f.Start), 10)
	b = append(b, `,"end":`...)
	b = strconv.AppendInt(b, int64(f.End), 10)
	b = append(b, `,"type":`...)
	b = appendText(b, string(f.Type))
	b = append(b, `,"confidence":"`...)
	b = append(b, f.Confidence.String()...)
	b = append(b, `","score":`...)
	b = strconv.AppendInt(b, int64(f.Score), 10)
	return append(b, '}')
}

func textOrNull(b []byte, s string) []byte {
	if s == "" {
		return append(b, "null"...)
	}
	return appendText(b, s)
}

func numberOrNull(b []byte, n int) []byte {
	if n < 0 {
		return append(b, "null"...)
	}
	return strconv.AppendInt(b, int64(n), 10)
}

// appendText quotes s; only names with unusual characters take the slow way.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return appendString(b, s)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// TopTypes lists the types of a summary by count, then by id.
func (s Summary) TopTypes() []sit.ID {
	ids := make([]sit.ID, 0, len(s.Types))
	for id := range s.Types {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b sit.ID) int {
		return cmp.Or(cmp.Compare(s.Types[b], s.Types[a]), cmp.Compare(a, b))
	})
	return ids
}
