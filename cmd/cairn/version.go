package main

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/cairn-security/cairn/graph/settings"
)

type versionCommand struct{}

// buildVersion is the version of the module this was built from, with the
// revision where the build recorded one.
func buildVersion() (version, revision string) {
	version = "(devel)"
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return version, ""
	}
	if info.Main.Version != "" {
		version = info.Main.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			revision = s.Value
		}
	}
	return version, revision
}

func (c *versionCommand) Run(e *environment) error {
	version, revision := buildVersion()
	if e.globals.JSON {
		return e.writeJSON(struct {
			Schema   string `json:"schema"`
			Version  string `json:"version"`
			Revision string `json:"revision"`
		}{"cairn.version/v1", version, revision})
	}
	fmt.Fprintln(e.stdout, strings.TrimSpace("cairn "+version+" "+revision))
	return nil
}

type settingsCommand struct {
	Check settingsCheckCommand `cmd:"" help:"Read a settings file and list every fault with its line."`
}

type settingsCheckCommand struct {
	File string `arg:"" optional:"" help:"Settings file; default: the one of --config." type:"path"`
}

func (c *settingsCheckCommand) Run(e *environment) error {
	file := c.File
	if file == "" {
		file = e.globals.Config
	}
	if file == "" {
		return fmt.Errorf("name a settings file, or give --config")
	}
	s, err := settings.Load(file)
	if err != nil {
		return err
	}
	if e.globals.JSON {
		return e.writeJSON(struct {
			Schema   string             `json:"schema"`
			File     string             `json:"file"`
			Settings *settings.Settings `json:"settings"`
		}{"cairn.settings/v1", file, s})
	}
	fmt.Fprintf(e.stdout, "%s is good: %d labels, critical from %s, %d label rules.\n", file, len(s.Labels), s.Threshold, len(s.Rules))
	return nil
}
