package record

import (
	"slices"

	"github.com/cairn-security/cairn/graph"
)

// severities orders the outcomes from best to worst.
var severities = []graph.Outcome{
	graph.OutcomeEmpty, graph.OutcomeOK, graph.OutcomeNotCollected, graph.OutcomeUnsupported, graph.OutcomeTruncated,
	graph.OutcomeThrottled, graph.OutcomeTimeout, graph.OutcomeMalformed, graph.OutcomeDenied,
}

// Severity ranks an outcome: the outcome of a slice is the one of its records
// that ranks highest. Negative for an outcome that does not exist.
func Severity(o graph.Outcome) int { return slices.Index(severities, o) }

// Answered reports whether a read ended with all there is: ok or empty.
func Answered(o graph.Outcome) bool { return o == graph.OutcomeOK || o == graph.OutcomeEmpty }
