package awscli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest"
	"github.com/cairn-security/cairn/ingest/archive"
	"github.com/cairn-security/cairn/ingest/assemble"
	"github.com/cairn-security/cairn/ingest/fields"
	"github.com/cairn-security/cairn/ingest/record"
)

// maxFile bounds one file; larger ones are reported and left out.
const maxFile = 2 << 30

// Source is a folder of replies.
type Source struct {
	fsys   fs.FS
	name   string
	closer io.Closer
}

// Open opens a folder, or an archive of one (.zip, .tar, .tar.gz, .tgz).
func Open(name string) (*Source, error) {
	fsys, closer, err := archive.Open(name)
	if err != nil {
		return nil, err
	}
	return &Source{fsys, name, closer}, nil
}

// New reads a file system; name stands for it in messages.
func New(fsys fs.FS, name string) *Source { return &Source{fsys: fsys, name: name} }

// Info describes the source.
func (s *Source) Info() ingest.Info { return ingest.Info{Name: "awscli", Path: s.name} }

// Close releases an archive.
func (s *Source) Close() error {
	if s.closer == nil {
		return nil
	}
	return s.closer.Close()
}

// file is one file of the folder.
type file struct {
	name  string
	at    folder
	call  call
	named bool // the path says what it is
}

// Records reads the folder once, account by account in the order of the paths.
func (s *Source) Records(ctx context.Context) iter.Seq2[record.Record, error] {
	return func(yield func(record.Record, error) bool) {
		files, problems, err := s.files()
		if err != nil {
			yield(record.Record{}, err)
			return
		}
		for _, p := range problems {
			if !yield(record.Record{}, p) {
				return
			}
		}
		for _, of := range byRoot(files) {
			if !s.account(ctx, of, yield) {
				return
			}
		}
	}
}

func (s *Source) files() (files []file, problems []*record.Problem, err error) {
	err = fs.WalkDir(s.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			if name == "." {
				return err
			}
			problems = append(problems, &record.Problem{File: name, Message: err.Error()})
			return nil
		}
		hidden := strings.HasPrefix(path.Base(name), ".") && name != "."
		if hidden && d.IsDir() {
			return fs.SkipDir
		}
		if hidden || d.IsDir() || !d.Type().IsRegular() {
			return nil
		}
		f := file{name: name, at: locate(name)}
		f.call, f.named = recognise(f.at.inside)
		if f.named || strings.HasSuffix(strings.ToLower(name), ".json") {
			files = append(files, f)
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", s.name, err)
	}
	return files, problems, nil
}

func byRoot(files []file) [][]file {
	slices.SortStableFunc(files, func(a, b file) int { return strings.Compare(a.at.root, b.at.root) })
	var groups [][]file
	for i, f := range files {
		if i == 0 || files[i-1].at.root != f.at.root {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], f)
	}
	return groups
}

// account reads the files of one account and records what they leave out.
func (s *Source) account(ctx context.Context, files []file, yield func(record.Record, error) bool) bool {
	known := infer(s.fsys, files)
	read := map[string]bool{}
	var last time.Time
	for _, f := range files {
		if ctx.Err() != nil {
			yield(record.Record{}, context.Cause(ctx))
			return false
		}
		records, problem := s.read(f, known)
		if problem != nil && !yield(record.Record{}, problem) {
			return false
		}
		for _, r := range records {
			read[r.Service+" "+r.Operation] = true
			if r.ReadAt.After(last) {
				last = r.ReadAt
			}
			if !yield(r, nil) {
				return false
			}
		}
	}
	for _, missing := range assemble.NotCollected(read) {
		r := record.Record{Account: known.account, Region: "global", Service: missing.Service, Operation: missing.Name,
			Outcome: graph.OutcomeNotCollected, Detail: "no file in the folder", Source: "awscli", ReadAt: last}
		if !yield(r, nil) {
			return false
		}
	}
	return true
}

// read makes records of one file.
func (s *Source) read(f file, known scope) ([]record.Record, *record.Problem) {
	r := record.Record{Account: known.account, Region: f.at.region, Source: "awscli", File: f.name}
	if f.at.account != "" {
		r.Account = f.at.account
	}
	if r.Region == "" {
		r.Region = known.region
	}
	text, err := s.text(f.name, &r)
	if err != nil {
		return broken(f, r, err)
	}
	keys, values, err := topLevel(text)
	if err != nil {
		return broken(f, r, record.BrokenJSON(text, err))
	}
	if g, ok := single[f.call.service+" "+f.call.operation]; ok && f.named && f.call.params == nil && g.list && values[g.key] != nil {
		var records []record.Record // of several resources, which the path does not name
		for _, one := range g.separate(f.call, values[g.key]) {
			records = append(records, outcome(r, one))
		}
		return records, nil
	}
	if f.named {
		return []record.Record{outcome(r, reply{f.call, text})}, nil
	}
	replies, unknown := byContent(keys, values)
	if c, ok := guess(f.name); ok && len(replies) == 0 {
		return []record.Record{outcome(r, reply{c, text})}, nil // counted as not understood
	}
	var records []record.Record
	for _, one := range replies {
		records = append(records, outcome(r, one))
	}
	if len(unknown) > 0 {
		return records, &record.Problem{File: f.name, Message: fmt.Sprintf("no operation is known whose reply holds %q", unknown)}
	}
	return records, nil
}

func (s *Source) text(name string, r *record.Record) ([]byte, error) {
	in, err := s.fsys.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := in.Stat()
	if err == nil {
		r.ReadAt = info.ModTime().UTC().Truncate(time.Second)
		if info.Size() > maxFile {
			err = fmt.Errorf("is larger than %d bytes", int64(maxFile))
		}
	}
	if err != nil {
		return nil, errors.Join(err, in.Close())
	}
	text, err := io.ReadAll(in)
	return record.PlainText(text), errors.Join(err, in.Close())
}

// broken records a file that cannot be read, as far as its name says what it is.
func broken(f file, r record.Record, err error) ([]record.Record, *record.Problem) {
	c := f.call
	if !f.named {
		stem := strings.TrimSuffix(path.Base(f.name), path.Ext(f.name))
		var ok bool
		if c, ok = identify(stem, nil); !ok {
			if w, wraps := wrapped[stem]; wraps {
				c = w.call
			} else {
				c = call{service: "unknown", operation: stem}
			}
		}
	}
	r.Service, r.Operation, r.Params = c.service, c.operation, c.params
	r.Region = regional(c.service, r.Region)
	r.Outcome, r.Detail = graph.OutcomeMalformed, err.Error()
	return []record.Record{r}, &record.Problem{File: f.name, Message: err.Error()}
}

var pageEnd = fields.New("NextToken", "nextToken", "IsTruncated", "NextMarker")

// outcome finishes the record of a reply: empty where its lists are, truncated
// where it says that there are more pages.
func outcome(r record.Record, one reply) record.Record {
	r.Service, r.Operation, r.Params = one.service, one.operation, one.params
	r.Region = regional(one.service, r.Region)
	r.Outcome, r.Body = graph.OutcomeOK, one.body
	op, known := byName()[one.service+" "+strings.ToLower(one.operation)]
	if !known {
		return r
	}
	empty := len(op.Lists) > 0
	for _, list := range op.Lists {
		fields.New(list+"/*").Scan(one.body, func(int, []byte) { empty = false })
	}
	if empty || len(bytes.TrimSpace(one.body)) <= len("{}") {
		r.Outcome, r.Body = graph.OutcomeEmpty, nil
		return r
	}
	pageEnd.Scan(one.body, func(path int, value []byte) {
		if v := fields.Text(value); (path != 2 && v != "") || v == "true" {
			r.Outcome, r.Detail = graph.OutcomeTruncated, "the reply says that there are more pages"
		}
	})
	return r
}
