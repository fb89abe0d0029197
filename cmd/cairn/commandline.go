package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// readable turns a command line as people type it into one that the parser
// knows: help as a word, and --add without a value.
func readable(args []string) []string {
	out := slices.Clone(args)
	if len(out) > 0 && out[0] == "help" {
		out = append(out[1:], "--help")
	}
	for i, a := range out {
		if a == "--add" {
			out[i] = "--add="
		}
	}
	return out
}

// planned are commands that do not exist yet.
var planned = []string{"whatif", "accept", "diff", "check", "completion"}

// misread says what is wrong with a command line and where help is.
func misread(err error, args []string) string {
	for _, a := range args {
		if !strings.HasPrefix(a, "-") {
			if slices.Contains(planned, a) {
				return fmt.Sprintf("%s is not there yet; cairn --help lists what there is", a)
			}
			break
		}
	}
	command := "cairn"
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context != nil {
		for _, p := range parse.Context.Path {
			if p.Command != nil {
				command += " " + p.Command.Name
			}
		}
	}
	text := strings.Replace(err.Error(), `but got "EOL" (<EOL>)`, "but nothing follows", 1)
	return fmt.Sprintf("%s; %s --help lists what there is", text, command)
}

// keptError is a writer that remembers what went wrong, so that output that was
// lost never looks like success.
type keptError struct {
	w   io.Writer
	err error
}

// Write writes through.
func (k *keptError) Write(p []byte) (int, error) {
	n, err := k.w.Write(p)
	if err != nil && k.err == nil {
		k.err = err
	}
	return n, err
}
