package record

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"iter"
	"maps"
	"slices"
)

// maxLine bounds one record line: a reply of a million items fits.
const maxLine = 1 << 30

// Reader reads a bundle once, front to back, in constant memory.
type Reader struct {
	name     string
	manifest Manifest
	stream   bool // counts and hash stand in the trailer, not in the manifest
	lines    *bufio.Reader
	closers  []io.Closer

	sum     hash.Hash
	line    int64 // line number in the file, from 1
	kept    int64
	bytes   int64
	unknown map[string]int
}

// Report says what a [Reader] has met so far.
type Report struct {
	Records int64 // records handed out
	Bytes   int64 // of the record lines read
	// Unknown counts fields of records that this build does not know, by name:
	// signs of a newer writer. They were left out.
	Unknown map[string]int
}

// NewReader reads a bundle in stream form. name stands for it in messages.
func NewReader(in io.Reader, name string) (*Reader, error) {
	r := newReader(in, name)
	r.stream = true
	line, err := r.next()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var h header
	if json.Unmarshal(line, &h) != nil || h.Manifest == nil {
		return nil, fmt.Errorf("%s: %w: the first line is no bundle header", name, ErrFormat)
	}
	r.manifest = *h.Manifest
	if err := r.manifest.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

func newReader(in io.Reader, name string) *Reader {
	return &Reader{name: name, lines: bufio.NewReaderSize(in, 1<<18), sum: sha256.New(), unknown: map[string]int{}}
}

// Manifest describes the bundle; of a stream the counts are not known before
// the end.
func (r *Reader) Manifest() Manifest { return r.manifest }

// Report says what was met so far.
func (r *Reader) Report() Report {
	return Report{Records: r.kept, Bytes: r.bytes, Unknown: maps.Clone(r.unknown)}
}

// Close releases what [Open] opened.
func (r *Reader) Close() error {
	var err error
	for _, c := range slices.Backward(r.closers) {
		err = errors.Join(err, c.Close())
	}
	r.closers = nil
	return err
}

// Records iterates over the records. A line that is no record yields a
// *[Problem] and the iteration goes on; a bundle that ends too early or does
// not match its hash yields a last *[Problem] that says what was kept. Other
// errors (of the disk, say) end the iteration. It can be used once.
func (r *Reader) Records() iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for {
			line, err := r.next()
			if err != nil && !errors.Is(err, io.EOF) {
				yield(Record{}, r.problem("read: %v (%d records before it were kept)", err, r.kept))
				return
			}
			if len(line) == 0 || err != nil { // a line without its newline was cut off
				if p := r.finish(nil, len(line) > 0); p != nil {
					yield(Record{}, p)
				}
				return
			}
			if end := r.trailer(line); end != nil {
				if p := r.finish(end, false); p != nil {
					yield(Record{}, p)
				}
				return
			}
			r.sum.Write(line)
			r.bytes += int64(len(line))
			rec, err := r.decode(line)
			if err == nil {
				r.kept++
			} else {
				err = r.problem("no record: %v", err)
			}
			if !yield(rec, err) {
				return
			}
		}
	}
}

// next returns the next line with its newline, valid until the call after it.
func (r *Reader) next() ([]byte, error) {
	r.line++
	line, err := r.lines.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return line, err
	}
	long := bytes.Clone(line)
	for errors.Is(err, bufio.ErrBufferFull) {
		if len(long) > maxLine {
			return nil, fmt.Errorf("line %d is longer than %d bytes", r.line, maxLine)
		}
		line, err = r.lines.ReadSlice('\n')
		long = append(long, line...)
	}
	return long, err
}

func (r *Reader) decode(line []byte) (Record, error) {
	var rec Record
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if dec.Decode(&rec) == nil {
		return rec, rec.check()
	}
	rec = Record{}
	if err := json.Unmarshal(line, &rec); err != nil {
		return Record{}, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(line, &fields); err != nil {
		return Record{}, err
	}
	for name := range fields {
		if !slices.Contains(recordFields, name) {
			r.unknown[name]++
		}
	}
	return rec, rec.check()
}

func (r *Reader) trailer(line []byte) *ending {
	if !r.stream || !bytes.HasPrefix(line, []byte(`{"end":`)) {
		return nil
	}
	var t trailer
	if json.Unmarshal(line, &t) != nil {
		return nil
	}
	return t.End
}

// finish compares what was read with what the bundle says of itself.
func (r *Reader) finish(end *ending, cut bool) error {
	want := ending{r.manifest.Records, r.manifest.Bytes, r.manifest.SHA256}
	if r.stream {
		if end == nil {
			return r.problem("the bundle ends here without its trailer: it was cut off (%d records before it were kept)", r.kept)
		}
		want = *end
		r.manifest.Records, r.manifest.Bytes, r.manifest.SHA256 = want.Records, want.Bytes, want.SHA256
	}
	switch {
	case cut:
		return r.problem("the bundle ends inside a record: it was cut off (%d of %d records were kept)", r.kept, want.Records)
	case r.bytes < want.Bytes:
		return r.problem("the bundle ends here: it was cut off (%d of %d records were kept)", r.kept, want.Records)
	case hex.EncodeToString(r.sum.Sum(nil)) != want.SHA256:
		return r.problem("the records do not match the hash of the bundle: it was changed or damaged (%d records were kept)", r.kept)
	}
	return nil
}

func (r *Reader) problem(format string, args ...any) *Problem {
	return &Problem{File: r.name, Place: fmt.Sprintf("line %d", r.line), Message: fmt.Sprintf(format, args...)}
}
