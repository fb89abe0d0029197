package permission

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/cairn-security/cairn/analysis/policy"
	"pgregory.net/rapid"
)

// drawn is a random request with random policies.
type drawn struct {
	request  Request
	identity []string
	boundary []string
	scps     []string
	resource []string
}

const (
	askedObject = "arn:aws:s3:::b/home/u/k"
	keyA        = "aws:SourceVpc"
	keyB        = "s3:x-amz-acl"
	keyC        = "aws:username"
)

func draw(rt *rapid.T) *drawn {
	d := &drawn{}
	caller := rapid.SampledFrom([]string{userU, "arn:aws:sts::111111111111:assumed-role/r/s", "arn:aws:iam::222222222222:user/x", "anonymous"}).Draw(rt, "caller")
	ctx := policy.NewContext(policy.Absent)
	for _, k := range [...]string{keyA, keyB, keyC} {
		ctx.SetPresence(k, policy.Unknown)
	}
	d.request = Ask(CallerFromARN(caller), "s3:GetObject", askedObject, home, ctx)
	d.identity = drawPolicies(rt, "identity", false, 0, 2)
	d.resource = drawPolicies(rt, "resource", true, 0, 1)
	if rapid.IntRange(0, 3).Draw(rt, "bounded") == 0 {
		d.boundary = drawPolicies(rt, "boundary", false, 1, 1)
	}
	if rapid.IntRange(0, 3).Draw(rt, "controlled") == 0 {
		d.scps = drawPolicies(rt, "scp", false, 1, 2)
	}
	return d
}

func drawPolicies(rt *rapid.T, label string, resource bool, from, to int) []string {
	var out []string
	for range rapid.IntRange(from, to).Draw(rt, label) {
		var list []string
		for range rapid.IntRange(1, 3).Draw(rt, label+"statements") {
			list = append(list, drawStatement(rt, label, resource))
		}
		out = append(out, doc(list...))
	}
	return out
}

func drawStatement(rt *rapid.T, label string, resource bool) string {
	pick := func(name string, from ...string) string { return rapid.SampledFrom(from).Draw(rt, label+name) }
	s := `{"Effect":"` + pick("effect", "Allow", "Allow", "Deny") + `","` + pick("not", "Action", "Action", "NotAction") + `":` +
		pick("action", `"*"`, `"s3:*"`, `["s3:Get*","ec2:*"]`, `["ec2:*","s3:GetObject"]`, `"s3:PutObject"`)
	s += `,"` + pick("notresource", "Resource", "Resource", "NotResource") + `":` +
		pick("resource", `"*"`, `"arn:aws:s3:::b/*"`, `["arn:aws:s3:::c","arn:aws:s3:::b/home/*"]`, `["arn:aws:s3:::b/*","arn:aws:s3:::c"]`, `"arn:aws:s3:::b/home/${aws:username}/*"`, `"arn:aws:s3:::b/home/${aws:username, 'u'}/*"`, `"arn:aws:s3:::c/*"`)
	if resource {
		s += "," + pick("principal", `"Principal":"*"`, `"Principal":{"AWS":"111111111111"}`, `"Principal":{"AWS":"222222222222"}`, `"Principal":{"AWS":"`+userU+`"}`,
			`"Principal":{"AWS":"`+roleR+`"}`, `"Principal":{"AWS":"arn:aws:sts::111111111111:assumed-role/r/s"}`, `"NotPrincipal":{"AWS":["`+userU+`","111111111111"]}`)
	}
	n := rapid.IntRange(0, 2).Draw(rt, label+"conditions")
	seen := map[string]bool{}
	var conds []string
	for range n {
		op := pick("operator", "StringEquals", "StringNotEquals", "StringLike", "StringNotLikeIfExists", "StringEqualsIfExists", "Null", "ForAllValues:StringEquals", "StringEqualsIgnoreCase")
		if seen[op] {
			continue
		}
		seen[op] = true
		value := pick("value", `"a"`, `"b"`, `["a","b"]`, `"a*"`, `"*b"`, `"${aws:username}"`)
		if op == "Null" {
			value = pick("null", `"true"`, `"false"`)
		}
		conds = append(conds, fmt.Sprintf(`%q:{%q:%s}`, op, pick("key", keyA, keyB, keyC), value))
	}
	if len(conds) > 0 {
		s += `,"Condition":{`
		for i, c := range conds {
			if i > 0 {
				s += ","
			}
			s += c
		}
		s += "}"
	}
	return s + "}"
}

// policies compiles what was drawn.
func (d *drawn) policies(t testing.TB) *Policies {
	compile := func(kind PolicyType, docs []string) *Set {
		var list []*Attached
		for i, text := range docs {
			parsed, err := policy.Parse("drawn", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, &Attached{Policy: policy.Compile(parsed), ID: int32(i)})
		}
		return NewSet(kind, list...)
	}
	p := &Policies{Identity: compile(IdentityPolicy, d.identity), Resource: []*Set{compile(ResourcePolicy, d.resource)}}
	if d.boundary != nil {
		p.Boundary = compile(PermissionsBoundary, d.boundary)
	}
	for _, s := range d.scps {
		p.SCPs = append(p.SCPs, compile(ServiceControlPolicy, []string{s}))
	}
	return p
}

// worlds are all contexts over a small domain of the free keys.
func worlds() []*policy.Context {
	values := []string{"", "a", "b", "ab", "A", "u", "other"}
	var out []*policy.Context
	for _, a := range values {
		for _, b := range values {
			for _, c := range values {
				ctx := policy.NewContext(policy.Absent)
				for k, v := range map[string]string{keyA: a, keyB: b, keyC: c} {
					if v != "" {
						ctx.Set(k, v)
					}
				}
				out = append(out, ctx)
			}
		}
	}
	return out
}

// TestConditionalEqualsBruteForce: in every world the alternatives hold exactly
// where the request is allowed, and none has a test too many.
func TestConditionalEqualsBruteForce(t *testing.T) {
	all := worlds()
	rapid.Check(t, func(rt *rapid.T) {
		d := draw(rt)
		p := d.policies(t)
		got := Authorize(&d.request, p, nil)
		holds := func(ctx *policy.Context, drop int) bool {
			for i, alt := range got.Alternatives {
				ok := true
				for j, l := range alt {
					if drop == i*100+j {
						continue
					}
					ok = ok && (l.Test.In(ctx) == policy.True) != l.Not
				}
				if ok {
					return true
				}
			}
			return false
		}
		for _, ctx := range all {
			r := d.request
			r.Context = ctx
			want := Decide(&r, p) == policy.True
			have := got.Verdict == Allowed || got.Verdict == Conditional && holds(ctx, -1)
			if have != want {
				rt.Fatalf("verdict %v: %v in world %v, want %v\n%+v", got.Verdict, have, dump(ctx), want, got.Alternatives)
			}
		}
	})
}

func dump(ctx *policy.Context) map[string]string {
	out := map[string]string{}
	ctx.Keys(func(k string, v policy.Values) bool { out[k] = v.One; return true })
	return out
}

// rank orders verdicts by how much they grant.
func rank(v Verdict) int { return [...]int{Denied: 0, Unknown: 1, Conditional: 1, Allowed: 2}[v] }

// TestRestrictionsNeverGrant: a deny, a boundary or a control policy on top
// never makes more possible.
func TestRestrictionsNeverGrant(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := draw(rt)
		before := Authorize(&d.request, d.policies(t), nil)
		more := *d
		denyText := func(label string, resource bool) string {
			s := drawStatement(rt, label, resource)
			var m map[string]any
			if err := json.Unmarshal([]byte(s), &m); err != nil {
				t.Fatal(err)
			}
			m["Effect"] = "Deny"
			out, _ := json.Marshal(m)
			return doc(string(out))
		}
		switch what := rapid.IntRange(0, 3).Draw(rt, "restriction"); what {
		case 0:
			more.identity = append(more.identity[:len(more.identity):len(more.identity)], denyText("extra", false))
		case 1:
			more.resource = append(more.resource[:len(more.resource):len(more.resource)], denyText("extra", true))
		case 2:
			if more.boundary == nil {
				more.boundary = drawPolicies(rt, "extra", false, 1, 1)
			}
		case 3:
			more.scps = append(more.scps[:len(more.scps):len(more.scps)], drawPolicies(rt, "extra", false, 1, 1)...)
		}
		after := Authorize(&more.request, more.policies(t), nil)
		if rank(after.Verdict) > rank(before.Verdict) {
			rt.Fatalf("%v became %v", before.Verdict, after.Verdict)
		}
	})
}

// TestNormalFormIsEqual: one statement per action and resource, in reverse
// order, decides the same.
func TestNormalFormIsEqual(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := draw(rt)
		n := *d
		n.identity, n.resource = normalise(t, d.identity), normalise(t, d.resource)
		a, b := Authorize(&d.request, d.policies(t), nil), Authorize(&n.request, n.policies(t), nil)
		if a.Verdict != b.Verdict || a.Explicit != b.Explicit || len(a.Alternatives) != len(b.Alternatives) {
			rt.Fatalf("%v explicit %v %v, normalised %v explicit %v %v", a.Verdict, a.Explicit, a.Alternatives, b.Verdict, b.Explicit, b.Alternatives)
		}
	})
}

func normalise(t *testing.T, docs []string) []string {
	split := func(m map[string]any, key string) []map[string]any {
		list, ok := m[key].([]any)
		if !ok {
			return []map[string]any{m}
		}
		var out []map[string]any
		for _, v := range list {
			c := map[string]any{}
			for k, x := range m {
				c[k] = x
			}
			c[key] = v
			out = append(out, c)
		}
		return out
	}
	var out []string
	for _, text := range docs {
		var parsed struct{ Statement []map[string]any }
		if err := json.Unmarshal([]byte(text), &parsed); err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, s := range parsed.Statement {
			for _, a := range split(s, "Action") { // a NotAction is one: none of several is not one of them
				for _, r := range split(a, "Resource") {
					raw, _ := json.Marshal(r)
					list = append([]string{string(raw)}, list...)
				}
			}
		}
		out = append(out, doc(list...))
	}
	return out
}
