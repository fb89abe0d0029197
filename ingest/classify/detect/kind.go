package detect

import (
	"fmt"

	"github.com/cairn-security/cairn/graph/sit"
)

// Kind is a type of the catalogue as a small number; custom types follow.
type Kind uint16

var (
	kinds   = sit.All()
	kindIDs = func() map[sit.ID]Kind {
		m := make(map[sit.ID]Kind, len(kinds))
		for i, t := range kinds {
			m[t.ID] = Kind(i)
		}
		return m
	}()
)

// kind names a type of the catalogue in detector tables. A name that the
// catalogue lacks stops the program at start: every test would see it.
func kind(id sit.ID) Kind {
	k, ok := kindIDs[id]
	if !ok {
		panic(fmt.Sprintf("detect: %s is not in the catalogue", id))
	}
	return k
}

// maxKinds bounds catalogue and custom types together.
const maxKinds = 256

// kindSet is a set of kinds.
type kindSet [maxKinds / 64]uint64

func (s *kindSet) add(k Kind)      { s[k>>6] |= 1 << (k & 63) }
func (s *kindSet) has(k Kind) bool { return s != nil && s[k>>6]&(1<<(k&63)) != 0 }
func (s *kindSet) empty() bool     { return *s == kindSet{} }
func (s *kindSet) addAll(t *kindSet) {
	for i := range s {
		s[i] |= t[i]
	}
}

// scores of one detector by what speaks for a candidate: nothing but its form,
// a keyword nearby, or the name of its field. Zero means no candidate at all.
type scores struct{ bare, near, field uint8 }

// Common weights.
var (
	// needsContext: the form alone proves nothing.
	needsContext = scores{40, 80, 90}
	// plausible: a check digit or a rare form.
	plausible = scores{76, 90, 95}
	// weak: a check digit that one random number in ten passes.
	weak = scores{60, 88, 93}
	// strong: several checks, or a form that hardly occurs by accident.
	strong = scores{90, 95, 98}
)
