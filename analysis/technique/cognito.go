package technique

import (
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

const identityPools = "cognito-identity.amazonaws.com"

// guests: an identity pool that admits guests gives whoever asks the role
// that trusts its unauthenticated identities. The pool's id is no secret: it
// stands in every application that uses it. Whether the pool admits guests is not
// part of what is read: it stays a condition.
// https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html
func (e *Estate) guests(emit func(attack.Step)) {
	if e.internet == graph.NoRef {
		return
	}
	for _, a := range e.assumptions() {
		if !strings.HasSuffix(e.Snap.Node(a.From).ID, identityPools) {
			continue
		}
		g := e.given()
		g.Keys = map[string]string{identityPools + ":amr": "unauthenticated"}
		d := e.Perm.Can(a.From, a.Action, permission.OnNode(a.Role), g)
		if !d.Allowed {
			continue
		}
		admits := &attack.Decision{Allowed: true, Status: attack.Conditional, Conditions: [][]attack.Condition{{
			{Key: "cognito-identity:AllowUnauthenticatedIdentities", Operator: "Bool", Values: []string{"true"}}}}}
		s := attack.Step{
			Technique: assumeRole, Premises: []attack.State{e.controls(e.internet)}, Decisions: []*attack.Decision{d, admits},
			Conclusion: e.controls(a.Role), Factors: []attack.Factor{e.factor(assumeRole, string(assumeRole), a.Role)},
			Title: "A guest of the identity pool gets " + e.name(a.Role),
		}
		e.addResidue(&s, attack.And(d, admits), a.Role)
		emit(s)
	}
}
