package permission

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
	"pgregory.net/rapid"
)

// answer is what a grouped and a single answer must agree on.
type answer struct {
	who, store graph.Ref
	access     Access
	status     attack.Status
}

// grouped expands the grants.
func grouped(t interface{ Fatalf(string, ...any) }, e *Engine, g Given) map[answer]bool {
	out := map[answer]bool{}
	for grant := range e.Access(g) {
		for _, p := range grant.Principals {
			for _, s := range grant.Stores {
				a := answer{p, s, grant.Access, grant.Decision.Status}
				if out[a] {
					t.Fatalf("%v twice", a)
				}
				out[a] = true
			}
		}
	}
	return out
}

// naive asks every pair.
func naive(e *Engine, s *graph.Snapshot, g Given) map[answer]bool {
	out := map[answer]bool{}
	for _, kind := range [...]graph.Kind{graph.KindUser, graph.KindRole, graph.KindExternalAccount} {
		for _, p := range s.ByKind(kind) {
			for ref := range s.Refs() {
				if !s.Kind(ref).Datastore() {
					continue
				}
				for _, a := range AllAccess() {
					if d := e.CanAccess(p, ref, a, g); d.Allowed {
						out[answer{p, ref, a, d.Status}] = true
					}
				}
			}
		}
	}
	return out
}

func TestAccessEqualsSingleAnswers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e := randomEstate(t, rt)
		eng, snap := e.engine()
		g := Given{Stolen: rapid.Bool().Draw(rt, "stolen"), Internet: rapid.Bool().Draw(rt, "internet")}
		got, want := grouped(rt, eng, g), naive(eng, snap, g)
		for a := range want {
			if !got[a] {
				rt.Errorf("missing: %s %s %s %v", snap.Node(a.who).ID, a.access, snap.Node(a.store).ID, a.status)
			}
		}
		for a := range got {
			if !want[a] {
				rt.Errorf("too much: %s %s %s %v", snap.Node(a.who).ID, a.access, snap.Node(a.store).ID, a.status)
			}
		}
	})
}

const abroad = "222222222222"

// randomEstate draws users, roles, a group policy, boundaries, control
// policies, and buckets, tables and secrets with policies and keys.
func randomEstate(t *testing.T, rt *rapid.T) *estate {
	e := newEstate(t)
	shared := e.node("arn:aws:iam::"+home+":policy/shared", graph.KindPolicy, home)
	everything := doc(allow("*", "*")) // so that what limits and denies decides
	if rapid.Bool().Draw(rt, "narrow") {
		everything = randomPolicy(rt, "shared", false)
	}
	e.set(shared, graph.PropDocument, everything)
	bound := e.node("arn:aws:iam::"+home+":policy/bound", graph.KindPolicy, home)
	e.set(bound, graph.PropDocument, randomPolicy(rt, "bound", false))
	for i := range rapid.IntRange(1, 4).Draw(rt, "users") {
		var own []string
		if rapid.IntRange(0, 2).Draw(rt, "inline") == 0 {
			own = []string{randomPolicy(rt, "inline", false)}
		}
		u := e.user(fmt.Sprintf("u%d", i), own...)
		if own == nil || rapid.Bool().Draw(rt, "attached") {
			e.b.Link(u, shared, graph.EdgeHasPolicy)
		}
		if rapid.Bool().Draw(rt, "bounded") {
			e.b.Link(u, bound, graph.EdgeBoundary)
		}
		if rapid.Bool().Draw(rt, "tagged") {
			e.set(u, graph.PropTags, `{"team":"red"}`)
		}
	}
	e.role("r0", doc(), randomPolicy(rt, "role", false))
	e.node(graph.AccountID(abroad), graph.KindExternalAccount, abroad)
	if rapid.IntRange(0, 3).Draw(rt, "organization") == 0 {
		org := e.node("arn:aws:organizations::999999999999:organization/o-abc", graph.KindOrganization, "")
		acc, _ := e.b.Find(graph.AccountID(home))
		e.b.Link(org, acc, graph.EdgeContains)
		for i, level := range []graph.Handle{org, acc} {
			p := e.node(fmt.Sprintf("scp%d", i), graph.KindOrgPolicy, "")
			e.set(p, graph.PropOrgPolicyType, `"SERVICE_CONTROL_POLICY"`)
			e.set(p, graph.PropDocument, doc(allow("*", "*"), randomStatement(rt, "scp", false)))
			e.b.Link(level, p, graph.EdgeOrgPolicy)
		}
	}
	key := e.key("k", "")
	if rapid.Bool().Draw(rt, "keypolicy") {
		e.set(key, graph.PropPolicy, randomPolicy(rt, "key", true))
	}
	stores := []graph.Handle{e.bucket("a", ""), e.bucket("ab", ""),
		e.node("arn:aws:secretsmanager:us-east-1:"+home+":secret:s-1", graph.KindSecret, home),
		e.node("arn:aws:dynamodb:us-east-1:"+home+":table/a", graph.KindTable, home),
		e.node("arn:aws:es:us-east-1:"+home+":domain/d", graph.KindSearchDomain, home)}
	for i, h := range stores {
		if rapid.Bool().Draw(rt, "policy") {
			e.set(h, graph.PropPolicy, randomPolicy(rt, fmt.Sprint("store", i), true))
		}
		if rapid.IntRange(0, 3).Draw(rt, "encrypted") == 0 {
			e.b.Link(h, key, graph.EdgeEncryptedBy)
		}
		if rapid.IntRange(0, 3).Draw(rt, "storetags") == 0 {
			e.set(h, graph.PropTags, `{"team":"red"}`)
		}
	}
	if rapid.IntRange(0, 4).Draw(rt, "refused") == 0 {
		e.b.Gap(graph.Gap{ID: "g1", Account: home, Service: "s3", Operation: "GetBucketPolicy", Outcome: graph.OutcomeDenied, Affects: []string{"arn:aws:s3:::a"}})
	}
	return e
}

func randomPolicy(rt *rapid.T, label string, resource bool) string {
	var list []string
	for range rapid.IntRange(1, 3).Draw(rt, label) {
		list = append(list, randomStatement(rt, label, resource))
	}
	return doc(list...)
}

func randomStatement(rt *rapid.T, label string, resource bool) string {
	pick := func(name string, from ...string) string { return rapid.SampledFrom(from).Draw(rt, label+name) }
	s := `{"Effect":"` + pick("effect", "Allow", "Allow", "Allow", "Deny") + `","` + pick("not", "Action", "Action", "Action", "NotAction") + `":"` +
		pick("action", "*", "s3:*", "s3:Get*", "s3:PutObject", "s3:DeleteObject", "dynamodb:*", "secretsmanager:GetSecretValue", "kms:*", "kms:Decrypt", "es:*", "es:ESHttpGet") + `"`
	s += `,"` + pick("notresource", "Resource", "Resource", "Resource", "NotResource") + `":"` + pick("resource", "*", "*", "arn:aws:s3:::a", "arn:aws:s3:::a/*", "arn:aws:s3:::a*", "arn:aws:s3:::a/x/*",
		"arn:aws:s3:::*/x", "arn:aws:s3:::ab/*", "arn:aws:s3:::?b/*", "arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::u0${aws:username}",
		"arn:aws:secretsmanager:*:*:secret:*", "arn:aws:dynamodb:*:111111111111:table/a", "arn:aws:kms:us-east-1:111111111111:key/k", "arn:aws:es:us-east-1:111111111111:domain/d", "arn:aws:es:*:*:domain/d/*", "arn:aws:es:us-east-1:111111111111:domain/d/index/*") + `"`
	if resource {
		s += "," + pick("principal", `"Principal":"*"`, `"Principal":{"AWS":"111111111111"}`, `"Principal":{"AWS":"222222222222"}`,
			`"Principal":{"AWS":"arn:aws:iam::111111111111:user/u0"}`, `"Principal":{"AWS":"arn:aws:iam::111111111111:role/r0"}`,
			`"Principal":{"AWS":"arn:aws:sts::111111111111:assumed-role/r0/me"}`,
			`"NotPrincipal":{"AWS":["arn:aws:iam::111111111111:user/u1","arn:aws:iam::111111111111:root"]}`)
	}
	cond := pick("condition", "", "", "", `"StringEquals":{"aws:ResourceTag/team":"red"}`, `"StringEquals":{"aws:PrincipalTag/team":"red"}`,
		`"StringEquals":{"aws:SourceVpc":"vpc-1"}`, `"Bool":{"aws:SecureTransport":"false"}`, `"Bool":{"aws:MultiFactorAuthPresent":"true"}`,
		`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111111111111:user/u0"}`, `"StringNotEquals":{"aws:PrincipalOrgID":"o-abc"}`,
		`"StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}`, `"StringNotEqualsIfExists":{"aws:SourceVpce":"vpce-1"}`)
	if cond != "" {
		s += `,"Condition":{` + cond + `}`
	}
	return strings.TrimSpace(s) + "}"
}
