package sensitivity

import (
	"encoding/json"

	"github.com/cairn-security/cairn/graph"
)

// LedgerKind is the kind of the ledger entries that hold a [Mark].
const LedgerKind = "mark"

// Mark is what a person said about one datastore. It outlives rescans.
type Mark struct {
	Label    string `json:"label,omitempty"`
	Critical *bool  `json:"critical,omitempty"`
	Clear    bool   `json:"clear,omitempty"`
}

// Marks folds ledger entries, oldest first, into the marks in force by node id.
// Entries of other kinds are passed over; one that cannot be read is too, since
// a ledger is never rewritten.
func Marks(entries []graph.LedgerEntry) map[string]Mark {
	marks := map[string]Mark{}
	for _, e := range entries {
		if e.Kind != LedgerKind {
			continue
		}
		var m Mark
		if json.Unmarshal(e.Body, &m) != nil {
			continue
		}
		if m.Clear {
			delete(marks, e.Subject)
			continue
		}
		now := marks[e.Subject]
		if m.Label != "" {
			now.Label = m.Label
		}
		if m.Critical != nil {
			now.Critical = m.Critical
		}
		marks[e.Subject] = now
	}
	return marks
}
