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

type loginCredential struct {
	state attack.State
	link  *attack.Decision // why the credential is one of this database
}

// loginCredentials are the secrets and findings that open a database. A secret
// is linked by the database's own reference to its managed password or by a
// rotation target; names that resemble each other are a conditional link.
func (e *Estate) loginCredentials(db graph.Ref) []loginCredential {
	list := []loginCredential{{state: knows(db), link: &attack.Decision{Allowed: true}}}
	linked := map[graph.Ref]bool{}
	for secret := range e.Snap.InKind(db, graph.EdgeSecretOf) {
		linked[secret] = true
		list = append(list, loginCredential{state: knows(secret), link: e.secretLink(db, secret)})
	}
	for _, kind := range []graph.Kind{graph.KindSecret, graph.KindParameter} {
		for _, secret := range e.Snap.ByKind(kind) {
			if linked[secret] || e.Snap.Node(secret).Account != e.Snap.Node(db).Account || !namesResemble(e.name(secret), e.name(db)) {
				continue
			}
			list = append(list, loginCredential{state: knows(secret), link: &attack.Decision{
				Allowed: true, Status: attack.Conditional,
				Conditions: [][]attack.Condition{{{Key: "secret:database", Operator: "namesResemble", Values: []string{e.name(secret), e.name(db)}}}},
				Reasons: []attack.Reason{{Fact: present(e.Snap, secret, graph.PropResource, "/Name"), Policy: "secret", Effect: "resembles",
					Text: "the secret's name resembles that of " + e.name(db) + "; nothing else links them"}},
			}})
		}
	}
	return list
}

func (e *Estate) secretLink(db, secret graph.Ref) *attack.Decision {
	for _, p := range []string{"/MasterUserSecret", "/MasterPasswordSecretArn"} {
		if _, ok := graph.Element(e.Snap.Prop(db, graph.PropResource), p); ok {
			return observed(attack.Reason{Fact: present(e.Snap, db, graph.PropResource, p), Policy: "managed password",
				Effect: "names", Text: e.name(db) + " keeps its master password in " + e.name(secret)})
		}
	}
	return observed(attack.Reason{Fact: present(e.Snap, secret, graph.PropResource, ""), Policy: "secret",
		Effect: "names", Text: e.name(secret) + " holds a login of " + e.name(db)})
}

// namesResemble: the database's name stands in the secret's name as a whole
// word run, so that "prod/patients-db" resembles "patients-db" and "db" alone
// resembles nothing.
func namesResemble(secret, db string) bool {
	const tooShort = 4
	if len(db) < tooShort {
		return false
	}
	s, d := strings.ToLower(secret), strings.ToLower(db)
	at := strings.Index(s, d)
	if at < 0 {
		return false
	}
	boundary := func(i int) bool { return i < 0 || i >= len(s) || strings.IndexByte("/-_.:", s[i]) >= 0 }
	return boundary(at-1) && boundary(at+len(d))
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
