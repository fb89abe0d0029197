package attack

import "github.com/cairn-security/cairn/graph"

// StateKind says what the attacker holds.
type StateKind uint8

// State kinds. At and Aux are auxiliary: contracted on
// output, they count no hop.
const (
	Controls StateKind = iota // a principal
	Executes                  // code on a compute
	At                        // a network class; Aux numbers it
	Reaches                   // endpoint:port
	Knows                     // a secret or credential
	Reads                     // a datastore
	Writes
	Destroys
	Administers // an account
	Aux         // hub: grant class, administrator hub; Aux numbers it
)

var stateNames = [...]string{"controls", "executes", "at", "reaches", "knows", "reads", "writes", "destroys", "administers", "aux"}

func (k StateKind) String() string { return stateNames[k] }

// ParseStateKind is the inverse of [StateKind.String].
func ParseStateKind(s string) (StateKind, bool) {
	for i, n := range stateNames {
		if n == s {
			return StateKind(i), true
		}
	}
	return 0, false
}

// Auxiliary reports whether states of the kind are contracted on output.
func (k StateKind) Auxiliary() bool { return k == At || k == Aux }

// Qualifier says how the credentials of a controlled principal are held.
type Qualifier uint8

// Qualifiers. Conditions on MFA and on "only sessions" look here.
const (
	NoQualifier Qualifier = iota
	ByKey                 // long-term key, no MFA
	BySession             // temporary credentials, no MFA
	ByMFA                 // a session with MFA
)

func (q Qualifier) String() string { return [...]string{"", "key", "session", "mfa"}[q] }

// State is one thing the attacker holds. It is comparable.
type State struct {
	Kind      StateKind
	Qualifier Qualifier
	Port      uint16    // of Reaches
	Node      graph.Ref // NoRef for auxiliary states
	Aux       uint32    // number of the network class or hub, for auxiliary states
}
