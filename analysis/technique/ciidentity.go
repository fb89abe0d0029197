package technique

import (
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

// issuer is an identity provider of which everybody can be a customer: only the
// subject of a token tells whose pipeline it was given to.
type issuer struct {
	host string
	// A subject begins with scheme and the owner, up to separator.
	scheme, separator string
	rest              string // of a subject of a stranger, after the separator
}

// https://docs.github.com/en/actions/reference/security/oidc
// https://docs.gitlab.com/ci/cloud_services/aws/
// https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration
var issuers = []issuer{
	{"token.actions.githubusercontent.com", "repo:", "/", stranger + ":ref:refs/heads/main"},
	{"gitlab.com", "project_path:", "/", stranger + ":ref_type:branch:ref:main"},
	{"app.terraform.io", "organization:", ":", "project:" + stranger + ":workspace:" + stranger + ":run_phase:apply"},
}

// stranger is a name that nobody in the estate chose.
const stranger = "stranger"

func issuerOf(id string) (issuer, bool) {
	_, host, _ := strings.Cut(id, ":oidc-provider/")
	for _, i := range issuers {
		if i.host == host {
			return i, true
		}
	}
	return issuer{}, false
}

// deriveEntryCI: a role trusts a provider that everybody can be a customer of,
// and does not pin the subject to an owner. Anybody's pipeline assumes it. The
// permission engine is asked with the subject of a stranger's token.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
func deriveEntryCI(e *Estate, emit func(attack.Step)) {
	if !e.Entries.On(EntryCI) {
		return
	}
	entered := map[graph.Ref]bool{}
	for _, a := range e.assumptions() {
		i, ok := issuerOf(e.Snap.Node(a.From).ID)
		if !ok || e.Snap.Kind(a.From) != graph.KindIdentityProvider {
			continue
		}
		d := e.admitsStrangers(i, a)
		if d == nil {
			continue
		}
		held := attack.State{Kind: attack.Controls, Node: a.From}
		if !entered[a.From] {
			entered[a.From] = true
			emit(attack.Step{
				Technique:  entry(EntryCI),
				Conclusion: held,
				Factors:    []attack.Factor{e.entryFactor(EntryCI, "", a.From)},
				Title:      "Someone runs a pipeline of their own at " + e.name(a.From),
			})
		}
		s := attack.Step{
			Technique: assumeRole, Premises: []attack.State{held}, Decisions: []*attack.Decision{d},
			Conclusion: e.controls(a.Role), Factors: []attack.Factor{e.factor(assumeRole, string(assumeRole), a.Role)},
			Title: "Any pipeline at " + e.name(a.From) + " assumes " + e.name(a.Role),
		}
		e.addResidue(&s, d, a.From)
		emit(s)
	}
}

// admitsStrangers returns the decision that lets in a pipeline of a stranger,
// nil where none gets in. A condition on another claim of the provider pins the
// caller as well.
func (e *Estate) admitsStrangers(i issuer, a permission.Assumption) *attack.Decision {
	subjects := []string{i.scheme + stranger + i.separator + i.rest}
	for _, alternative := range a.Decision.Conditions {
		for _, c := range alternative {
			if c.Negated || !strings.EqualFold(c.Key, i.host+":sub") || !strings.Contains(strings.ToLower(c.Operator), "like") {
				continue
			}
			for _, pattern := range c.Values {
				if s, ok := i.strange(pattern); ok {
					subjects = append(subjects, s)
				}
			}
		}
	}
	for _, subject := range subjects {
		g := e.given()
		g.Keys = map[string]string{i.host + ":sub": subject}
		d := e.Perm.Can(a.From, a.Action, permission.OnNode(a.Role), g)
		if d.Allowed && !i.pinned(d) {
			return d
		}
	}
	return nil
}

// strange makes the subject of a stranger's token that a pattern admits; ok is
// false where the pattern names the owner.
func (i issuer) strange(pattern string) (subject string, ok bool) {
	wild := strings.IndexAny(pattern, "*?")
	if wild < 0 || !strings.HasPrefix(pattern[:wild], i.scheme) || strings.Contains(pattern[len(i.scheme):wild], i.separator) {
		return "", false
	}
	subject = strings.ReplaceAll(pattern, "?", "x")
	if !strings.Contains(subject[len(i.scheme):], i.separator) {
		last := strings.LastIndexByte(subject, '*')
		if last < 0 {
			return "", false // the owner's name has one letter open and nothing follows
		}
		subject = subject[:last] + stranger + i.separator + i.rest + subject[last+1:]
	}
	return strings.ReplaceAll(subject, "*", stranger), true
}

// pinned reports whether conditions are left over on what the token says.
func (i issuer) pinned(d *attack.Decision) bool {
	return d.Always(func(c attack.Condition) bool { return strings.HasPrefix(strings.ToLower(c.Key), i.host+":") })
}
