package main

import (
	"errors"

	"github.com/cairn-security/cairn/analysis"
)

type serveCommand struct {
	Listen string           `help:"Address to serve on." default:"127.0.0.1:8470" placeholder:"ADDRESS"`
	result *analysis.Result `kong:"-"`
}

func (c *serveCommand) Run(e *environment) error { return errors.New("not wired") }
