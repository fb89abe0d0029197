package view

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/graph"
)

// mostWhy is how many facts a line about a family names.
const mostWhy = 3

// why names the facts that make the best path of a family work, in the order of
// its steps: for each step the one that says most, in a few words. The last
// step, which all paths to data have in common, is named only where there is room.
func (p *AttackPath) why() []string {
	var out []string
	for _, s := range p.family.Best().Steps {
		if s.Entry || s.Step == route.NoStep || len(out) == mostWhy {
			continue
		}
		best, words := 0, ""
		for _, d := range p.v.Result.StepDecisions(s) {
			for _, reason := range d.Reasons {
				if weight, text := p.v.telling(reason); weight > best {
					best, words = weight, text
				}
			}
		}
		if words != "" && !slices.Contains(out, words) {
			out = append(out, words)
		}
	}
	if len(out) == 0 {
		return p.family.Why // what the steps are called
	}
	return out
}

// telling says how much a reason tells about a step, 0 for nothing, and what, in
// a few words. What holds for the whole organization, and routes and filters that
// let everything through, tell nothing.
func (v *View) telling(r attack.Reason) (weight int, words string) {
	f := r.Fact
	if f.Node == graph.NoRef || f.Absent {
		return 0, ""
	}
	kind, name := v.kindOf(f.Node), v.snap().Node(f.Node).Name
	switch {
	case kind == graph.KindOrgPolicy:
		return 0, ""
	case r.Policy == "metadata options":
		return 9, "metadata version 1"
	case f.Property == graph.PropCredentials, f.Property == graph.PropUserData, f.Property == graph.PropEnvironment:
		return 8, "credential found in " + name
	case f.Property == graph.PropTrust:
		return 7, "trust of " + name + v.quoted(f)
	case f.Property == graph.PropAttributes:
		return 6, "sharing attribute"
	case f.Property == graph.PropPolicy && kind == graph.KindKey:
		return 1, "key policy" + v.quoted(f) // as a rule the usual delegation to the account
	case f.Property == graph.PropPolicy, f.Property == graph.PropACL, f.Property == graph.PropGrants, f.Property == graph.PropURL:
		return 6, lower(report.PropertyTitle(kind, f.Property)) + v.quoted(f)
	case kind == graph.KindSecurityGroup:
		if _, rule, inbound := strings.Cut(r.Text, " inbound "); inbound {
			return 5, rule
		}
		return 0, ""
	case f.Property == graph.PropDocument, strings.HasPrefix(f.Property, graph.PropInlinePrefix):
		return 4, lower(report.PropertyTitle(kind, f.Property)) + v.quoted(f)
	case r.Policy == "managed password":
		return 3, "password kept in a secret"
	}
	return 0, ""
}

// quoted is the name of the statement behind a fact, where it has one.
func (v *View) quoted(f attack.Fact) string {
	element, ok := graph.Element(v.snap().Prop(f.Node, f.Property), f.Pointer)
	var statement struct{ Sid string }
	if !ok || json.Unmarshal(element, &statement) != nil || statement.Sid == "" {
		return ""
	}
	return " “" + statement.Sid + "”"
}

// lower begins a title in lower case.
func lower(title string) string {
	if title == "" {
		return ""
	}
	return strings.ToLower(title[:1]) + title[1:]
}
