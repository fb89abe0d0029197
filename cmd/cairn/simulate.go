package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/cairn-security/cairn/analysis/permission"
)

type simulateCommand struct {
	File string `arg:"" help:"File with one case per line, or - for standard input."`
}

// maxCase bounds one line of a cases file.
const maxCase = 64 << 20

func (c *simulateCommand) Run(e *environment) error {
	in := io.Reader(e.stdin)
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	out := bufio.NewWriter(e.stdout)
	defer out.Flush()
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), maxCase)
	unreadable, n := 0, 0
	for lines.Scan() {
		n++
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		if err := e.ctx.Err(); err != nil {
			return err
		}
		result, err := permission.SimulateLine(line)
		if err != nil {
			unreadable++
			var id *string
			if result != nil && result.ID != "" {
				id = &result.ID
			}
			err = enc.Encode(struct {
				ID    *string `json:"id"`
				Error string  `json:"error"`
			}{id, fmt.Sprintf("line %d: %v", n, err)})
		} else {
			err = enc.Encode(result)
		}
		if err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s, line %d: %w", c.File, n+1, err)
	}
	if unreadable > 0 {
		if err := out.Flush(); err != nil {
			return err
		}
		return errors.New(plural(unreadable, "line") + " could not be read")
	}
	return nil
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
