package technique

import (
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

const (
	databaseLogin attack.TechniqueID = "database-login"
	readSecret    attack.TechniqueID = "read-secret"
)

// deriveDatabaseLogin: a database opens to a network position that reaches its
// port together with a credential that works; neither alone is enough.
func deriveDatabaseLogin(e *Estate, emit func(attack.Step)) {
	for _, d := range e.Data.All() {
		port, ok := e.databasePort(d.Node)
		if !ok {
			continue
		}
		position := attack.State{Kind: attack.Reaches, Node: d.Node, Port: port}
		for _, c := range e.loginCredentials(d.Node) {
			for _, outcome := range []attack.StateKind{attack.Reads, attack.Writes, attack.Destroys} {
				s := attack.Step{
					Technique: databaseLogin, Premises: []attack.State{position, c.state},
					Decisions:  []*attack.Decision{c.link},
					Conclusion: attack.State{Kind: outcome, Node: d.Node},
					Factors:    []attack.Factor{e.factor(databaseLogin, string(databaseLogin), d.Node)},
					Title:      "Position and credential open " + e.name(d.Node),
				}
				if c.link.Status == attack.Conditional {
					s.Factors = append(s.Factors, e.conditionFactor(c.link, c.state.Node))
				}
				emit(s)
			}
		}
	}
}

// databasePort is where a database listens; ok is false for datastores without a port.
func (e *Estate) databasePort(ref graph.Ref) (port uint16, ok bool) {
	switch e.Snap.Kind(ref) {
	case graph.KindDBInstance, graph.KindDBCluster, graph.KindWarehouse:
	default:
		return 0, false
	}
	var doc struct {
		Port           int
		DBInstancePort int `json:"DbInstancePort"`
		Endpoint       struct{ Port int }
	}
	_, err := e.Snap.Decode(ref, graph.PropResource, &doc)
	for _, p := range []int{doc.Endpoint.Port, doc.Port, doc.DBInstancePort} {
		if p > 0 && p < 1<<16 {
			return uint16(p), true
		}
	}
	_ = err // an endpoint that is a string fails to decode into an object, after Port was read
	return 0, false
}

// conditionFactor is the chance that a residue of conditions holds which the
// attacker cannot set freely.
func (e *Estate) conditionFactor(d *attack.Decision, at graph.Ref) attack.Factor {
	const prior = "condition-unmet"
	p := e.Settings.Priors.TechniqueFor(prior)
	return attack.Factor{Key: "condition:" + residueKey(d.Conditions) + "@" + e.Snap.Node(at).ID, Value: p.Value, Source: p.Source, Reason: p.Reason}
}

func residueKey(all [][]attack.Condition) string {
	var b strings.Builder
	for i, alternative := range all {
		if i > 0 {
			b.WriteByte('|')
		}
		for j, c := range alternative {
			if j > 0 {
				b.WriteByte('&')
			}
			b.WriteString(c.Operator + " " + c.Key + " " + strings.Join(c.Values, ","))
			if c.Negated {
				b.WriteString(" not")
			}
		}
	}
	return b.String()
}
