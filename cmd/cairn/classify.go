package main

import (
	"bufio"

	"github.com/cairn-security/cairn/ingest/classify"
)

type classifyCommand struct {
	Paths      []string `arg:"" help:"Files and folders; - is standard input."`
	JSONLField string   `name:"jsonl-field" help:"Read JSON lines row by row and look at this field only." placeholder:"F"`
	Summary    bool     `help:"Print the last line only."`
	FailLabel  string   `help:"Exit 2 when what was found has this label or a more sensitive one." placeholder:"LABEL"`
}

func (c *classifyCommand) Run(e *environment) error {
	set, err := e.settings()
	if err != nil {
		return err
	}
	out := bufio.NewWriter(e.stdout)
	outcome, err := classify.Run(e.ctx, classify.RunOptions{Paths: c.Paths, In: e.stdin, JSONLField: c.JSONLField, SummaryOnly: c.Summary,
		FailLabel: c.FailLabel, Settings: set}, out)
	if flushErr := out.Flush(); err == nil {
		err = flushErr
	}
	switch {
	case err != nil:
		return err
	case outcome.Failed:
		return errOver
	}
	return nil
}
