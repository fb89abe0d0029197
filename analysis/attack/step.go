package attack

// TechniqueID is the stable id of a technique, such as "assume-role".
type TechniqueID string

// Factor is one named uncertainty. Two steps with the same key rest on the
// same chance and are not multiplied twice.
type Factor struct {
	Key    string  // entry:E, technique:T@node, condition:RESIDUE@principal, gap:G, vuln:ID@node
	Value  float64 // in (0,1]
	Source string  // assumed, EPSS, KEV, measured, derived
	Reason string
}

// Check is one precondition of a step by name, for people who verify a path.
type Check struct {
	Name      string `json:"name"`
	Outcome   string `json:"outcome"` // pass, fail, unknown
	SettledBy string `json:"settledBy"`
}

// Step is one application of a technique: all premises and all decisions are
// needed for the conclusion. A step without premises is an entry.
type Step struct {
	Technique TechniqueID
	Premises  []State
	// Decisions are what the configuration must say; nil entries are not allowed.
	// Equal questions share one *Decision.
	Decisions  []*Decision
	Conclusion State
	Factors    []Factor
	Checks     []Check
	// Title is one sentence for people: "portal-web-ec2 assumes reporting-etl".
	Title string
	// Auxiliary steps (into and out of hubs) are contracted on output.
	Auxiliary bool
}

// Status is that of the least certain decision.
func (s *Step) Status() Status {
	var worst Status
	for _, d := range s.Decisions {
		worst = max(worst, d.Status)
	}
	return worst
}

// Holder stands in a title for the principal that a path goes through, where
// several share the step.
const Holder = "{holder}"
