package settings

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing wrong in a settings file; Line counts from 1, 0 where the
// fault is that something is missing.
type Fault struct {
	Line int
	Text string
}

// Error lists every fault of one settings file, by line.
type Error struct {
	File   string
	Faults []Fault
}

// Error has one line per fault: file:line: text.
func (e *Error) Error() string {
	var b strings.Builder
	for i, fault := range e.Faults {
		if i > 0 {
			b.WriteByte('\n')
		}
		if fault.Line > 0 {
			fmt.Fprintf(&b, "%s:%d: %s", e.File, fault.Line, fault.Text)
		} else {
			fmt.Fprintf(&b, "%s: %s", e.File, fault.Text)
		}
	}
	return b.String()
}

// faults collects while a file is read.
type faults struct{ list []Fault }

func (f *faults) add(line int, format string, args ...any) {
	f.list = append(f.list, Fault{line, fmt.Sprintf(format, args...)})
}

func (f *faults) err(file string) error {
	if len(f.list) == 0 {
		return nil
	}
	slices.SortStableFunc(f.list, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
	return &Error{file, slices.Compact(f.list)}
}
