package classify

import (
	"bytes"
	"io"
	"strconv"

	"github.com/cairn-security/cairn/ingest/classify/detect"
)

// csv reads delimited rows (RFC 4180, any delimiter). The first row names the
// columns where it looks like names; its cells are context for theirs.
func (s *session) csv(r io.Reader, delimiter byte) error {
	rows := newRecords(r, &s.report.Bytes, true)
	columns := s.opts.columns
	defer func() { s.report.columns = columns }()
	record := 0
	first := true
	s.report.Records = max(s.report.Records, 0)
	if s.opts.From > 0 {
		if _, ok := rows.record(); !ok { // a piece of a file: the first row is cut
			return rows.err
		}
		first = false
	}
	for {
		row, ok := rows.record()
		if !ok {
			return rows.err
		}
		if record&0x3FF == 0 {
			if err := s.ctx.Err(); err != nil {
				return err
			}
		}
		if len(row) == 0 {
			continue
		}
		if first {
			first = false
			if names := s.header(row, delimiter); names != nil {
				columns = names
				continue
			}
		}
		if err := s.row(row, delimiter, &columns, record, rows.line); err != nil {
			return err
		}
		record++
		s.report.Records++
	}
}

// row looks at every cell.
func (s *session) row(row []byte, delimiter byte, columns *[]*detect.Field, record, line int) error {
	for column, i := 0, 0; i <= len(row); column++ {
		var cell []byte
		cell, i = s.nextCell(row, i, delimiter)
		if column >= len(*columns) {
			// A column without a name has a number, which says nothing.
			*columns = append(*columns, &detect.Field{Name: "#" + strconv.Itoa(column+1)})
		}
		field := (*columns)[column]
		if err := s.cell(cell, field, place{record, -1, line, field.Name}); err != nil {
			return err
		}
	}
	return nil
}

// nextCell returns the cell at i without quotes and where the next starts,
// beyond the row at its end.
func (s *session) nextCell(row []byte, i int, delimiter byte) ([]byte, int) {
	if i < len(row) && row[i] == '"' {
		from := i + 1
		escaped := false
		for j := from; ; {
			at := bytes.IndexByte(row[min(j, len(row)):], '"')
			if at < 0 {
				return row[from:], len(row) + 1
			}
			j += at
			if j+1 < len(row) && row[j+1] == '"' {
				escaped = true
				j += 2
				continue
			}
			cell := row[from:j]
			if escaped {
				s.scratch = append(s.scratch[:0], bytes.ReplaceAll(cell, []byte(`""`), []byte(`"`))...)
				cell = s.scratch
			}
			end := bytes.IndexByte(row[j:], delimiter)
			if end < 0 {
				return cell, len(row) + 1
			}
			return cell, j + end + 1
		}
	}
	end := bytes.IndexByte(row[min(i, len(row)):], delimiter)
	if end < 0 {
		return row[min(i, len(row)):], len(row) + 1
	}
	return row[i : i+end], i + end + 1
}

// header returns the columns if the row looks like names: every cell short,
// with a letter, and nothing in it that is sensitive itself.
func (s *session) header(row []byte, delimiter byte) []*detect.Field {
	var columns []*detect.Field
	seen := map[string]bool{}
	for i := 0; i <= len(row); {
		var cell []byte
		cell, i = s.nextCell(row, i, delimiter)
		name := bytes.TrimSpace(cell)
		letters, digits := 0, 0
		for _, c := range name {
			switch {
			case c >= '0' && c <= '9':
				digits++
			case c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80:
				letters++
			}
		}
		if len(name) == 0 { // an index column often has no name
			columns = append(columns, &detect.Field{Name: "#" + strconv.Itoa(len(columns)+1)})
			continue
		}
		if len(name) > 80 || letters == 0 || digits > letters || seen[string(name)] {
			return nil
		}
		for _, h := range s.scanner.Scan(name, nil) {
			if h.Score >= s.classifier.least {
				return nil
			}
		}
		seen[string(name)] = true
		columns = append(columns, detect.NewField(string(name)))
	}
	if len(seen) == 0 {
		return nil
	}
	return columns
}
