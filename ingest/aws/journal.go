package aws

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strconv"
	"sync"

	"github.com/cairn-security/cairn/ingest/record"
)

// journal is the sink of a run that can be resumed: a file beside the bundle
// that every record is appended to as it is read. Lines are
//
//	journal/1 FINGERPRINT      what the run reads, once
//	UNIT {record}              a record of a unit
//	UNIT whole|part "KEY"      the unit ended
//
// A process that dies loses at most the line it was writing. Only units that
// ended whole are reused; what was refused or cut off is asked again.
type journal struct {
	mu     sync.Mutex
	file   *os.File
	out    *bufio.Writer
	units  int
	old    map[string]int // key of a reusable unit -> its number
	keep   map[int]bool   // units that go into the bundle
	failed bool
	broken func(error)
}

const (
	journalMagic = "journal/1 "
	maxUnit      = 1 << 30 // more questions than any run asks
)

// createJournal starts a journal, or with resume takes over what an earlier one
// holds. The fingerprint names what is read and by whom: a journal of something
// else is refused.
func createJournal(path, fingerprint string, resume bool, broken func(error)) (*journal, error) {
	j := &journal{old: map[string]int{}, keep: map[int]bool{}, broken: broken}
	temp := path + ".new"
	file, err := os.OpenFile(temp, os.O_CREATE|os.O_RDWR|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	j.file, j.out = file, bufio.NewWriterSize(file, 1<<16)
	fmt.Fprintf(j.out, "%s%s\n", journalMagic, strconv.Quote(fingerprint))
	if resume {
		err = j.takeOver(path, fingerprint)
	}
	if err = errors.Join(err, j.out.Flush()); err == nil {
		err = os.Rename(temp, path)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close(), os.Remove(temp))
	}
	return j, nil
}

// takeOver copies the whole units of an earlier journal. None there is no error:
// there is just nothing to reuse.
func (j *journal) takeOver(path, fingerprint string) error {
	earlier, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer earlier.Close()
	whole := map[int]string{}
	for number, line := range journalLines(earlier) {
		if number == 0 {
			if string(line) != journalMagic+strconv.Quote(fingerprint) {
				return fmt.Errorf("%s: belongs to a run with another caller or other options; remove it to start anew", path)
			}
			continue
		}
		unit, rest := splitLine(line)
		if quoted, ok := bytes.CutPrefix(rest, []byte("whole ")); ok {
			if key, err := strconv.Unquote(string(quoted)); err == nil {
				whole[unit] = key
			}
		}
	}
	if _, err := earlier.Seek(0, io.SeekStart); err != nil {
		return err
	}
	for _, line := range journalLines(earlier) {
		unit, _ := splitLine(line)
		key, ok := whole[unit]
		if !ok {
			continue
		}
		if _, err := j.out.Write(append(line, '\n')); err != nil {
			return err
		}
		j.old[key] = unit
		j.units = max(j.units, unit)
	}
	return nil
}

// journalLines iterates over the complete lines of a journal; a torn last line
// is left out.
func journalLines(r io.Reader) iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		in := bufio.NewReaderSize(r, 1<<16)
		for number := 0; ; number++ {
			line, err := in.ReadBytes('\n')
			if err != nil {
				return
			}
			if !yield(number, line[:len(line)-1]) {
				return
			}
		}
	}
}

// splitLine returns the unit and what follows it; unit 0 for any other line.
func splitLine(line []byte) (unit int, rest []byte) {
	number, rest, _ := bytes.Cut(line, []byte{' '})
	unit, err := strconv.Atoi(string(number))
	if err != nil || unit <= 0 || unit > maxUnit {
		return 0, nil
	}
	return unit, rest
}

func (j *journal) begin() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.units++
	return j.units
}

func (j *journal) write(unit int, r record.Record) {
	text, err := json.Marshal(&r)
	if err != nil {
		j.fail(fmt.Errorf("%s: %w", r.Place(), err))
		return
	}
	j.append(unit, text)
}

func (j *journal) end(unit int, key string, whole bool) {
	word := "part "
	if whole {
		word = "whole "
	}
	j.append(unit, []byte(word+strconv.Quote(key)))
	j.mu.Lock()
	j.keep[unit] = true
	err := j.out.Flush()
	j.mu.Unlock()
	if err != nil {
		j.fail(err)
	}
}

func (j *journal) reuse(key string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	unit, ok := j.old[key]
	if ok {
		j.keep[unit] = true
	}
	return ok
}

func (j *journal) append(unit int, text []byte) {
	j.mu.Lock()
	_, err := fmt.Fprintf(j.out, "%d %s\n", unit, text)
	j.mu.Unlock()
	if err != nil {
		j.fail(err)
	}
}

func (j *journal) fail(err error) {
	j.mu.Lock()
	first := !j.failed
	j.failed = true
	j.mu.Unlock()
	if first {
		j.broken(err)
	}
}

// copyTo writes the records of every ended and reused unit to the bundle.
func (j *journal) copyTo(bundle *record.Writer) error {
	if err := j.out.Flush(); err != nil {
		return err
	}
	if _, err := j.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	for _, line := range journalLines(j.file) {
		unit, rest := splitLine(line)
		if !j.keep[unit] || len(rest) == 0 || rest[0] != '{' {
			continue
		}
		var r record.Record
		if err := json.Unmarshal(rest, &r); err != nil {
			return fmt.Errorf("%s: %w", j.file.Name(), err)
		}
		if err := bundle.Write(r); err != nil {
			return err
		}
	}
	return nil
}

// close ends the journal; remove it once the bundle is in place and whole.
func (j *journal) close(path string, remove bool) error {
	err := j.file.Close()
	if remove {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}
