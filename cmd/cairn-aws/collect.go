package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/cairn-security/cairn/ingest/aws"
)

// collectionSchema names the document that a run with --json prints.
const collectionSchema = "cairn.collection/v1"

// collection is what a run came to.
type collection struct {
	Schema      string   `json:"schema"`
	Bundle      string   `json:"bundle"`
	Caller      string   `json:"caller"`
	Accounts    []string `json:"accounts"`
	Records     int64    `json:"records"`
	Gaps        int64    `json:"gaps"`
	Calls       int64    `json:"calls"`
	Throttles   int64    `json:"throttles"`
	Objects     int64    `json:"objects"`
	Bytes       int64    `json:"bytes"`
	Seconds     float64  `json:"seconds"`
	Interrupted *string  `json:"interrupted"` // null for a run to the end
}

func (c *command) collect(ctx context.Context, o aws.Options, stdout, stderr io.Writer) error {
	started := time.Now()
	var observe func(aws.Progress)
	view := newView(stderr)
	if !c.Quiet {
		observe = view.show
	}
	var result aws.Result
	var err error
	if c.Out == "-" {
		result, err = aws.Stream(ctx, o, stdout, version(), observe)
	} else {
		result, err = aws.Folder(ctx, o, c.Out, c.Resume, version(), observe)
	}
	view.end()
	if err != nil {
		return err
	}
	if !c.Quiet {
		c.summary(stderr, result)
	}
	if !c.JSON {
		return nil
	}
	p := result.Progress
	doc := collection{Schema: collectionSchema, Bundle: c.Out, Caller: result.Caller, Accounts: result.Accounts,
		Records: p.Rows, Gaps: p.Gaps, Calls: p.Calls, Throttles: p.Throttles, Objects: p.Objects, Bytes: p.Bytes,
		Seconds: time.Since(started).Seconds()}
	if result.Interrupted != nil {
		why := result.Interrupted.Error()
		doc.Interrupted = &why
	}
	return writeJSON(stdout, doc)
}

// summary is the last word on standard error.
func (c *command) summary(stderr io.Writer, r aws.Result) {
	p := r.Progress
	fmt.Fprintf(stderr, "%s from %s by %s in %s", count(p.Rows, "record"), count(int64(len(r.Accounts)), "account"), r.Caller, count(p.Calls, "call"))
	if p.Gaps > 0 {
		fmt.Fprintf(stderr, ", %s", count(p.Gaps, "gap"))
	}
	fmt.Fprintln(stderr)
	if r.Interrupted != nil {
		fmt.Fprintf(stderr, "not whole: %v; what was not asked is a gap", r.Interrupted)
		if c.Out != "-" {
			fmt.Fprint(stderr, ", --resume goes on")
		}
		fmt.Fprintln(stderr)
	}
}

func count(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func writeJSON(w io.Writer, doc any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(doc)
}
