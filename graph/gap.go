package graph

// Outcome is how one read ended.
type Outcome string

// Outcomes. Everything but ok and empty is a coverage gap.
const (
	OutcomeOK           Outcome = "ok"
	OutcomeEmpty        Outcome = "empty"
	OutcomeDenied       Outcome = "denied"
	OutcomeThrottled    Outcome = "throttled"
	OutcomeUnsupported  Outcome = "unsupported"
	OutcomeTimeout      Outcome = "timeout"
	OutcomeTruncated    Outcome = "truncated"
	OutcomeMalformed    Outcome = "malformed"
	OutcomeNotCollected Outcome = "notCollected" // no part of the source at all
)

// Gap is something that could not be read. What depends on it is unknown,
// except for notCollected, where a named default is taken.
type Gap struct {
	ID        string   `json:"id"`
	Account   string   `json:"account"`
	Region    string   `json:"region"`
	Service   string   `json:"service"`
	Operation string   `json:"operation"`
	Outcome   Outcome  `json:"outcome"`
	Detail    string   `json:"detail"`
	Affects   []string `json:"affects"` // ids of the nodes that depend on it, sorted
}

// Refused reports whether the read was asked for and not answered, which makes
// dependents unknown; false for notCollected.
func (g *Gap) Refused() bool { return g.Outcome != OutcomeNotCollected }
