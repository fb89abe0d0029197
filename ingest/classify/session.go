package classify

import (
	"bytes"
	"context"

	"github.com/cairn-security/cairn/graph/sit"
	"github.com/cairn-security/cairn/ingest/classify/detect"
)

// session reads one file and everything inside it.
type session struct {
	ctx        context.Context
	classifier *Classifier
	scanner    *detect.Scanner
	opts       Options
	emit       func(*Finding) error

	file, member string
	left         int64 // bytes that may still be decompressed
	report       Report
	finding      Finding
	fields       map[string]*detect.Field
	scratch      []byte
	walker       walker
}

// maxFields bounds the cache of field names; a file with more of them has
// generated keys.
const maxFields = 4096

// field prepares a name once.
func (s *session) field(name []byte) *detect.Field {
	if f, ok := s.fields[string(name)]; ok {
		return f
	}
	if len(s.fields) >= maxFields {
		clear(s.fields)
	}
	f := detect.NewField(string(name))
	s.fields[f.Name] = f
	return f
}

func (s *session) skip(why string) {
	name := s.file
	if s.member != "" {
		name += "!" + s.member
	}
	s.report.Skipped = append(s.report.Skipped, sit.Skipped{Object: name, Why: why})
}

// place is where the text of a hit stands.
type place struct {
	record, row, line int
	field             string
}

// cell looks at one value with a name; nil field means plain text in memory.
func (s *session) cell(text []byte, field *detect.Field, at place) error {
	if len(text) < 3 {
		return nil
	}
	for _, h := range s.scanner.Scan(text, field) {
		if h.Score < s.classifier.least {
			continue
		}
		p := at
		if field == nil {
			p.line += bytes.Count(text[:h.Start], newline)
		}
		if err := s.found(text, h, 0, p); err != nil {
			return err
		}
	}
	return nil
}

var newline = []byte{'\n'}

// found reports a hit in text; base is the offset of the text.
func (s *session) found(text []byte, h detect.Hit, base int, at place) error {
	s.report.Matches++
	if s.emit == nil {
		return nil
	}
	s.finding = Finding{
		File: s.file, Member: s.member, Row: at.row,
		Match: sit.Match{
			Type: s.classifier.detector.ID(h.Kind), Field: at.field, Record: at.record, Line: at.line,
			Start: base + h.Start, End: base + h.End, Score: int(h.Score), Confidence: sit.OfScore(int(h.Score)),
		},
		value: text[h.Start:h.End], secret: text[h.SecretStart:h.SecretEnd],
		category: s.classifier.detector.Category(h.Kind),
	}
	if err := s.emit(&s.finding); err != nil {
		return emitError{err}
	}
	return nil
}
