package analysis_test

import (
	"testing"

	"github.com/cairn-security/cairn/analysis/analysistest"
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/analysis/technique"
)

// Every technique of the catalogue is shown by some scenario: a technique that
// nothing derives is a word, not a rule.
func TestEveryTechniqueIsPlayed(t *testing.T) {
	played := map[attack.TechniqueID]bool{}
	scenarios(t, func(t testing.TB, _ string, e *analysistest.Estate) {
		r := run(t, e)
		for s := range r.Graph.Len() {
			played[r.Graph.Technique(route.StepID(s))] = true
		}
	})
	for _, tech := range technique.All() {
		if !played[tech.ID] {
			t.Errorf("no scenario plays %s", tech.ID)
		}
	}
}
