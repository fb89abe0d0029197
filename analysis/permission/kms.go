package permission

import (
	"encoding/json"
	"sort"
	"strconv"
	"strings"

	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
)

const keyDelegation = "the key policy is no part of the source: it is taken to be the default one, which delegates to the account"

// managedAlias begins the alias of every key that AWS manages, and of no other.
// https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html
const managedAlias = "alias/aws/"

func byManagedAlias(key *graph.Node) bool {
	return strings.HasPrefix(key.Name, managedAlias) || strings.Contains(key.ID, ":"+managedAlias)
}

// readKey adds grants, and the default key policy where none was collected.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
// https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
func (e *Engine) readKey(r *resource) {
	var meta struct{ KeyManager string }
	if _, err := e.snap.Decode(r.ref, "resource", &meta); err == nil {
		r.awsManagedKey = meta.KeyManager == "AWS" || byManagedAlias(&r.node)
	}
	switch {
	case r.awsManagedKey: // nobody changes the policy of those
		r.sets = []*Set{e.defaultKeyPolicy(r.ref, r.node.Account, true)}
	case len(r.sets) == 0:
		r.sets = append(r.sets, e.defaultKeyPolicy(r.ref, r.node.Account, false))
		r.assumptions = []string{keyDelegation}
	}
	e.readGrants(r)
}

// defaultKeyPolicy delegates to the account; the policy of a key that AWS
// manages lets every principal of the account use it through its service.
func (e *Engine) defaultKeyPolicy(at graph.Ref, account string, managed bool) *Set {
	s := policy.Statement{Pointer: "", Anchor: "default key policy", HasPrincipal: true, HasResource: true,
		Actions: []string{"kms:*"}, Resources: []string{"*"},
		Principals: []policy.Principal{{Type: "AWS", Value: account}}}
	list := []policy.Statement{s}
	if managed {
		s.Anchor = "default policy of an AWS managed key"
		s.Principals = []policy.Principal{{Type: "AWS", Value: "*"}}
		s.Actions = []string{"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey"}
		s.Conditions = []policy.Condition{
			{Operator: "StringEquals", Key: "kms:CallerAccount", Values: []string{account}},
			{Operator: "Null", Key: "kms:ViaService", Values: []string{"false"}},
		}
		list = []policy.Statement{s}
	}
	return e.synthetic(at, KeyPolicy, graph.PropPolicy, policy.Version2008, list)
}

type keyGrant struct {
	GranteePrincipal string
	Operations       []string
	Constraints      *struct {
		EncryptionContextSubset map[string]string
		EncryptionContextEquals map[string]string
	}
}

func (e *Engine) readGrants(r *resource) {
	if g := e.snap.Gap(r.ref, "kms", "ListGrants"); g != nil {
		r.sets = append(r.sets, e.allowOnly(e.shared(KeyGrant, "", nil, []string{g.ID})))
	}
	var raws []json.RawMessage
	if ok, err := e.snap.Decode(r.ref, "grants", &raws); !ok || err != nil {
		return
	}
	var list []policy.Statement
	for i, raw := range raws {
		var g keyGrant
		if json.Unmarshal(raw, &g) != nil || g.GranteePrincipal == "" {
			continue
		}
		actions := make([]string, len(g.Operations))
		for j, op := range g.Operations {
			actions[j] = "kms:" + op
		}
		s := element(raw, "/"+strconv.Itoa(i), principalOf(g.GranteePrincipal), actions, []string{"*"})
		if g.Constraints != nil {
			for _, m := range [...]map[string]string{g.Constraints.EncryptionContextEquals, g.Constraints.EncryptionContextSubset} {
				s.Conditions = append(s.Conditions, encryptionContext(m)...)
			}
		}
		list = append(list, s)
	}
	if list != nil {
		r.sets = append(r.sets, e.synthetic(r.ref, KeyGrant, "grants", policy.Version2008, list))
	}
}

func encryptionContext(m map[string]string) []policy.Condition {
	var out []policy.Condition
	for k, v := range m {
		out = append(out, policy.Condition{Operator: "StringEquals", Key: "kms:EncryptionContext:" + k, Values: []string{v}})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Key < out[j].Key })
	return out
}

// principalOf reads a grantee: an ARN, or the host name of a service.
func principalOf(s string) policy.Principal {
	if c := CallerFromARN(s); c.Kind == policy.CallerService {
		return policy.Principal{Type: "Service", Value: s}
	}
	return policy.Principal{Type: "AWS", Value: s}
}

// allowOnly marks an unread set of a type that cannot deny.
func (e *Engine) allowOnly(s *Set) *Set {
	c := *s
	c.allowOnly = true
	return &c
}
