package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/cairn-security/cairn/ingest/aws"
)

// view shows progress: on a terminal one line that is rewritten, elsewhere a
// line now and then.
type view struct {
	out      io.Writer
	terminal bool
	last     time.Time
	open     bool // a line that is not ended
}

// lineEvery is how often a log gets a line.
const lineEvery = 10 * time.Second

func newView(out io.Writer) *view {
	v := &view{out: out, last: time.Now()}
	if f, ok := out.(*os.File); ok {
		info, err := f.Stat()
		v.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return v
}

func (v *view) show(p aws.Progress) {
	line := fmt.Sprintf("%d/%d tasks, %d rows, %d throttles, %d gaps", p.Done, p.Total, p.Rows, p.Throttles, p.Gaps)
	if p.Objects > 0 {
		line += fmt.Sprintf(", %d objects sampled", p.Objects)
	}
	switch {
	case v.terminal:
		fmt.Fprintf(v.out, "\r\x1b[K%s", line)
		v.open = true
	case time.Since(v.last) >= lineEvery:
		fmt.Fprintln(v.out, line)
		v.last = time.Now()
	}
}

func (v *view) end() {
	if v.open {
		fmt.Fprintln(v.out)
	}
}
