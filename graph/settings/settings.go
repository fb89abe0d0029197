package settings

import (
	"time"

	"github.com/cairn-security/cairn/graph/sit"
)

// Settings is a checked settings file. Values are read-only by convention:
// share it freely, never change it.
type Settings struct {
	Version int `json:"version"`
	// Labels are the tenant's, least sensitive first.
	Labels sit.Labels `json:"labels"`
	// Threshold is the label from which data is sensitive and its datastore a
	// critical asset.
	Threshold   string       `json:"threshold"`
	Types       Types        `json:"types"`
	Rules       []Rule       `json:"rules"`
	Assumed     Assumed      `json:"assumed"`
	Discovery   Discovery    `json:"discovery"`
	CustomTypes []CustomType `json:"customTypes"`
	Intended    []Intended   `json:"intendedAccess"`
	Priors      Priors       `json:"priors"`
}

// Types says which information types count.
type Types struct {
	// Enabled lists categories and type ids.
	Enabled []string `json:"enabled"`
	// MinConfidence: matches below it are left out.
	MinConfidence sit.Confidence `json:"minConfidence"`
}

// Rule gives a label to a datastore that holds at least AtLeast distinct
// values of a category or a type; exactly one of the two is set.
type Rule struct {
	Category sit.Category `json:"category,omitempty"`
	Type     sit.ID       `json:"type,omitempty"`
	AtLeast  int          `json:"atLeast"`
	Label    string       `json:"label"`
	Line     int          `json:"-"`
}

// Assumed says what names and tags suggest where nothing was read.
type Assumed struct {
	Tags []AssumedTag `json:"tags"`
	// Names are words looked for in a datastore's name.
	Names []string `json:"names"`
	// Label is given for a name that speaks.
	Label string `json:"label"`
}

// AssumedTag maps a tag key to a label; the label "value" means that the tag's
// value is the label.
type AssumedTag struct {
	Key   string `json:"key"`
	Label string `json:"label"`
}

// Discovery governs reading data.
type Discovery struct {
	// On is the default; the command line switches it off for one run.
	On bool `json:"on"`
	// Exclude lists datastores (id or name, `*` matches any run of characters)
	// that are never read.
	Exclude []string `json:"exclude"`
	Budget  Budget   `json:"budget"`
}

// Budget bounds what sampling may read from one account; zero means no limit
// of that sort.
type Budget struct {
	Bytes    int64         `json:"bytes"`
	Objects  int           `json:"objects"`
	Requests int           `json:"requests"`
	Time     time.Duration `json:"time"`
}

// CustomType is a tenant's own information type: an RE2 expression, and words
// of which one must stand nearby where any are given.
type CustomType struct {
	ID         sit.ID         `json:"id"`
	Name       string         `json:"name"`
	Category   sit.Category   `json:"category"`
	Pattern    string         `json:"pattern"`
	Keywords   []string       `json:"keywords"`
	Confidence sit.Confidence `json:"confidence"`
	Line       int            `json:"-"`
}

// Intended declares who is meant to read a datastore and where it may lie;
// anything beyond is a violation. Patterns use `*` for any run of characters.
type Intended struct {
	Datastore  string   `json:"datastore"`
	Principals []string `json:"principals"`
	Regions    []string `json:"regions"`
	Line       int      `json:"-"`
}

// TypeEnabled reports whether a catalogue or custom type counts.
func (s *Settings) TypeEnabled(id sit.ID) bool {
	category, ok := s.CategoryOf(id)
	if !ok {
		return false
	}
	for _, name := range s.Types.Enabled {
		if name == string(id) || name == string(category) {
			return true
		}
	}
	return false
}

// CategoryOf finds the category of a catalogue or custom type.
func (s *Settings) CategoryOf(id sit.ID) (sit.Category, bool) {
	if t, ok := sit.Lookup(id); ok {
		return t.Category, true
	}
	for _, t := range s.CustomTypes {
		if t.ID == id {
			return t.Category, true
		}
	}
	return "", false
}

// Excluded reports whether a datastore is never to be read, by id or name.
func (s *Settings) Excluded(id, name string) bool {
	for _, pattern := range s.Discovery.Exclude {
		if glob(pattern, id) || glob(pattern, name) {
			return true
		}
	}
	return false
}
