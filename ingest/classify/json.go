package classify

import (
	"bytes"
	"errors"
	"io"
)

// maxDocument bounds a JSON document that is read as one; a larger one is read
// as text.
const maxDocument = 32 << 20

// json reads one document. What is not JSON after all, or too large, is read
// as text, so that nothing is passed over.
func (s *session) json(r io.Reader) error {
	doc, err := io.ReadAll(io.LimitReader(r, maxDocument+1))
	if err != nil {
		return errors.Join(s.text(bytes.NewReader(doc)), err)
	}
	if len(doc) > maxDocument || s.opts.From > 0 {
		return s.text(io.MultiReader(bytes.NewReader(doc), r))
	}
	// A document that is cut off must not report the first half twice.
	if err := walk(doc, nil, func(leaf) error { return nil }); err != nil {
		return s.text(bytes.NewReader(doc))
	}
	s.report.Bytes += int64(len(doc))
	record := 0
	lines, counted := 1, 0
	err = walk(doc, func(n int) { record = n }, func(l leaf) error {
		at := place{record: record, row: -1, line: lines}
		// Lines are counted when there is something to report.
		if err := s.leaf(l, at, func() int {
			lines += bytes.Count(doc[counted:l.offset], newline)
			counted = l.offset
			return lines
		}); err != nil {
			return err
		}
		return s.tick(l.offset)
	})
	s.report.Records = max(s.report.Records, 0) + int64(record) + 1
	return err
}

// tick looks at the context now and then.
func (s *session) tick(n int) error {
	if n&0xFFF == 0 {
		return s.ctx.Err()
	}
	return nil
}

// leaf looks at one scalar with its name as context.
func (s *session) leaf(l leaf, at place, line func() int) error {
	if len(l.value) < 3 || !l.text && len(l.value) < 6 {
		return nil
	}
	hits := s.scanner.Scan(l.value, s.contextOf(l))
	for _, h := range hits {
		if h.Score < s.classifier.least {
			continue
		}
		if line != nil {
			at.line = line()
		}
		at.field = string(l.path)
		if err := s.found(l.value, h, 0, at); err != nil {
			return err
		}
	}
	return nil
}

// jsonLines reads one document per line. With only, just that field of each
// line is looked at. A line that is not JSON is read as text.
func (s *session) jsonLines(r io.Reader, only string) error {
	lines := newRecords(r, &s.report.Bytes, false)
	s.report.Records = max(s.report.Records, 0)
	if s.opts.From > 0 {
		if _, ok := lines.record(); !ok {
			return lines.err
		}
	}
	var at place
	visit := func(l leaf) error {
		if only == "" {
			return s.leaf(l, at, nil)
		}
		if string(l.path) != only {
			return nil
		}
		return s.plain(l.value, only, at)
	}
	for n := 0; ; n++ {
		line, ok := lines.record()
		if !ok {
			return lines.err
		}
		if err := s.tick(n); err != nil {
			return err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		s.report.Records++
		at = place{record: n, row: -1, line: lines.line}
		if only != "" {
			at.row = n
		}
		matches := s.report.Matches
		err := s.walker.walk(line, nil, visit)
		if errors.Is(err, errJSON) {
			err = nil
			if only == "" && s.report.Matches == matches {
				err = s.cell(line, nil, at)
			}
		}
		if err != nil {
			return err
		}
	}
}

// plain looks at text in a field whose name says nothing about it.
func (s *session) plain(text []byte, field string, at place) error {
	at.field = field
	for _, h := range s.scanner.Scan(text, nil) {
		if h.Score < s.classifier.least {
			continue
		}
		if err := s.found(text, h, 0, at); err != nil {
			return err
		}
	}
	return nil
}
