package analysis

import (
	"github.com/cairn-security/cairn/analysis/sensitivity"
	"github.com/cairn-security/cairn/analysis/technique"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/settings"
)

// Options steer a run. The zero value is the usual: default settings and entry
// points, every critical asset a target.
type Options struct {
	Settings *settings.Settings          // nil: the defaults
	Marks    map[string]sensitivity.Mark // by node id, see sensitivity.Marks
	Entries  technique.Entries
	// To limits targets to these datastores (critical or not) and accounts, and
	// continues routes through administered accounts to them.
	To []graph.Ref
	// PathsPerTarget bounds the paths looked at per target; 0: 64.
	PathsPerTarget int
	// Worlds is how many worlds the simulation draws; 0: risk.DefaultWorlds.
	Worlds int
	// Stage is told what begins; nil: nobody is.
	Stage func(name string)
}

const defaultPathsPerTarget = 64

func (o *Options) stage(name string) {
	if o.Stage != nil {
		o.Stage(name)
	}
}
