package classify

import (
	"bytes"
	"io"
)

// maxRecord bounds one line or one quoted row; what is longer is cut there.
const maxRecord = 1 << 20

// records cuts text into lines, or into rows whose quoted cells may hold line
// ends.
type records struct {
	r          io.Reader
	buf        []byte
	start, end int
	done       bool
	err        error
	read       *int64
	quotes     bool // line ends inside "…" do not end a record
	line       int  // line of the record last returned, from 1
	next       int  // line of the record to come
}

func newRecords(r io.Reader, read *int64, quotes bool) *records {
	return &records{r: r, buf: make([]byte, 256<<10), read: read, quotes: quotes, next: 1}
}

// record returns the next record without its line end, valid until the next
// call; false at the end or after an error.
func (r *records) record() ([]byte, bool) {
	looked := r.start
	quoted := false
	for {
		stop := r.find(&looked, &quoted)
		if stop < 0 && !r.done && r.end-r.start < maxRecord {
			moved := r.fill()
			looked -= moved
			continue
		}
		if stop < 0 && r.start == r.end {
			return nil, false
		}
		rec, after := r.buf[r.start:r.end], r.end
		if stop >= 0 {
			rec, after = r.buf[r.start:stop], stop+1
		} else if len(rec) > maxRecord {
			rec, after = rec[:maxRecord], r.start+maxRecord
		}
		r.line = r.next
		r.next += bytes.Count(r.buf[r.start:after], newline)
		r.start = after
		if n := len(rec); n > 0 && rec[n-1] == '\r' {
			rec = rec[:n-1]
		}
		return rec, true
	}
}

// find looks for the end of the record from *looked on.
func (r *records) find(looked *int, quoted *bool) int {
	limit := min(r.end, r.start+maxRecord)
	if !r.quotes {
		if *looked < limit {
			if at := bytes.IndexByte(r.buf[*looked:limit], '\n'); at >= 0 {
				return *looked + at
			}
			*looked = limit
		}
		return -1
	}
	i := *looked
	for i < limit {
		if *quoted {
			at := bytes.IndexByte(r.buf[i:limit], '"')
			if at < 0 {
				i = limit
				break
			}
			i += at + 1
			*quoted = false
			continue
		}
		end := limit
		if at := bytes.IndexByte(r.buf[i:limit], '\n'); at >= 0 {
			end = i + at
		}
		at := bytes.IndexByte(r.buf[i:end], '"')
		if at < 0 {
			if end < limit {
				return end
			}
			i = limit
			break
		}
		i += at + 1
		*quoted = true
	}
	*looked = i
	return -1
}

// fill reads more and returns by how much the buffer moved to the front.
func (r *records) fill() int {
	moved := 0
	if r.start > 0 {
		moved = r.start
		r.end = copy(r.buf, r.buf[r.start:r.end])
		r.start = 0
	}
	if r.end == len(r.buf) {
		grown := make([]byte, 2*len(r.buf))
		copy(grown, r.buf[:r.end])
		r.buf = grown
	}
	n, err := r.r.Read(r.buf[r.end:])
	r.end += n
	*r.read += int64(n)
	if err != nil {
		r.done = true
		if err != io.EOF {
			r.err = err
		}
	}
	return moved
}
