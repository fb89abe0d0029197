package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// The command line is read here and not by the parser that cairn uses: that one
// finds methods by name, after which the linker keeps every method of the SDK
// and the program grows from 52 to 188 MB.

// option is one flag of the command line.
type option struct {
	name  string // long name; short ones are one letter
	short string
	value string // what the help calls the value; empty for a switch
	env   string // variable that stands in for the flag
	help  string
	set   func(string) error
}

// text is a flag that takes a text.
func text(to *string) func(string) error {
	return func(s string) error { *to = s; return nil }
}

// list is a flag that takes texts separated by commas, and again.
func list(to *[]string) func(string) error {
	return func(s string) error {
		for one := range strings.SplitSeq(s, ",") {
			if one != "" {
				*to = append(*to, one)
			}
		}
		return nil
	}
}

// file is a flag that takes a path, ~ included.
func file(to *string) func(string) error {
	return func(s string) error {
		if rest, ok := strings.CutPrefix(s, "~/"); ok {
			home, err := os.UserHomeDir()
			if err != nil {
				return err
			}
			s = filepath.Join(home, rest)
		}
		path, err := filepath.Abs(s)
		*to = path
		return err
	}
}

func number(to *int) func(string) error {
	return func(s string) error {
		n, err := strconv.Atoi(s)
		if err != nil {
			return fmt.Errorf("expected a number but got %q", s)
		}
		*to = n
		return nil
	}
}

func bytesOf(to *size) func(string) error {
	return func(s string) error { return to.UnmarshalText([]byte(s)) }
}

// turn is a switch.
func turn(to *bool) func(string) error {
	return func(s string) error {
		switch s {
		case "", "true", "1", "yes":
			*to = true
		case "false", "0", "no":
			*to = false
		default:
			return fmt.Errorf("expected true or false but got %q", s)
		}
		return nil
	}
}

// parse reads flags in the forms --name VALUE, --name=VALUE, -n VALUE, and
// switches without a value; there are no other arguments. What no flag said is
// taken from the environment.
func parse(options []option, args []string) error {
	given := map[string]bool{}
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if !strings.HasPrefix(arg, "-") || arg == "-" || arg == "--" {
			return fmt.Errorf("unexpected argument %s", arg)
		}
		name, value, has := strings.Cut(arg, "=")
		at := slices.IndexFunc(options, func(o option) bool { return "--"+o.name == name || o.short != "" && "-"+o.short == name })
		if at < 0 {
			return fmt.Errorf("unknown flag %s", name)
		}
		o := options[at]
		if o.value != "" && !has {
			if len(args) == 0 {
				return fmt.Errorf("--%s: expected a value", o.name)
			}
			value, args = args[0], args[1:]
		}
		if err := o.set(value); err != nil {
			return fmt.Errorf("--%s: %w", o.name, err)
		}
		given[o.name] = true
	}
	for _, o := range options {
		if value := os.Getenv(o.env); o.env != "" && value != "" && !given[o.name] {
			if err := o.set(value); err != nil {
				return fmt.Errorf("%s: %w", o.env, err)
			}
		}
	}
	return nil
}

// Columns of the help: where texts begin, and where lines end.
const (
	helpColumn = 33
	helpWidth  = 80
)

// printHelp writes what the command does and its flags.
func printHelp(w io.Writer, about string, options []option) {
	fmt.Fprintf(w, "Usage: cairn-aws [flags]\n\n%s\n\nFlags:\n", about)
	for _, o := range options {
		short := "    "
		if o.short != "" {
			short = "-" + o.short + ", "
		}
		head := "  " + short + "--" + o.name
		if o.value != "" {
			head += "=" + o.value
		}
		help := o.help
		if o.env != "" {
			help = strings.TrimSuffix(help, ".") + " ($" + o.env + ")."
		}
		for _, line := range wrap(help, helpWidth-helpColumn) {
			fmt.Fprintf(w, "%-*s%s\n", helpColumn, head, line)
			head = ""
		}
	}
}

// wrap breaks a text into lines between words.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}
