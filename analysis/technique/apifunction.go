package technique

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/graph"
)

// api is an API that the internet reaches.
type api struct {
	ref      graph.Ref
	endpoint *reach.Endpoint
	id       string
	// integrated: it was read what the API hands requests to, and for which
	// routes it asks for a sign-in.
	integrated bool
}

func (e *Estate) openAPIs() []api {
	var list []api
	for _, x := range e.exposures() {
		if ref := x.Resource.Node(); ref != graph.NoRef && e.Snap.Kind(ref) == graph.KindAPI && wide(x.Class) {
			id := e.Snap.Node(ref).ID
			list = append(list, api{ref, x, id[strings.LastIndexByte(id, '/')+1:], e.Snap.Prop(ref, graph.PropAssociations) != nil})
		}
	}
	return list
}

// callByAPI: an API hands requests to the function. Where its integrations were
// read, they say so; elsewhere the function's own policy names the API, or every
// API, and whether the methods ask for a sign-in stays a condition.
// https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html
func (e *Estate) callByAPI(emit func(attack.Step)) {
	gateway := e.special("service:apigateway.amazonaws.com")
	apis := e.openAPIs()
	if gateway == graph.NoRef || e.internet == graph.NoRef || len(apis) == 0 {
		return
	}
	for _, a := range apis {
		if a.integrated {
			e.callIntegrated(gateway, a, emit)
		}
	}
	for _, f := range e.Snap.ByKind(graph.KindFunction) {
		given := e.Perm.Can(gateway, "lambda:InvokeFunction", permission.OnNode(f), permission.Given{})
		sources := sourcesOf(given)
		for _, a := range apis {
			if a.integrated || e.Snap.Node(a.ref).Region != e.Snap.Node(f).Region {
				continue
			}
			i := slices.IndexFunc(sources, func(s string) bool { return apiOf(s) == e.Snap.Node(a.ref).Account+":"+a.id })
			switch {
			case i >= 0:
				e.callNamed(gateway, a, f, sources[i], emit)
			case given.Certain() && e.sameAccount(a.ref, f):
				e.handOver(a, f, given, e.maybe(a, "apigateway:integration", e.name(f)), emit)
			}
		}
	}
}

// callNamed: the function's policy names the API.
func (e *Estate) callNamed(gateway graph.Ref, a api, f graph.Ref, source string, emit func(attack.Step)) {
	g := permission.Given{Keys: map[string]string{"aws:SourceArn": strings.NewReplacer("*", "x", "?", "x").Replace(source), "aws:SourceAccount": e.Snap.Node(f).Account}}
	if hand := e.Perm.Can(gateway, "lambda:InvokeFunction", permission.OnNode(f), g); hand.Allowed {
		e.handOver(a, f, hand, e.maybe(a), emit)
	}
}

// maybe is what was not read of an API: whether it asks for a sign-in, and what
// else is given as key and value.
func (e *Estate) maybe(a api, more ...string) *attack.Decision {
	all := []attack.Condition{{Key: "apigateway:authorizationType", Operator: "StringEquals", Values: []string{"NONE"}}}
	if len(more) == 2 {
		all = append(all, attack.Condition{Key: more[0], Operator: "StringEquals", Values: []string{more[1]}})
	}
	return &attack.Decision{Allowed: true, Status: attack.Conditional, Conditions: [][]attack.Condition{all}}
}

// callIntegrated: a route that asks for no sign-in hands requests to a function.
func (e *Estate) callIntegrated(gateway graph.Ref, a api, emit func(attack.Step)) {
	var routes []struct{ RouteKey, AuthorizationType, Target string }
	var integrations []struct {
		IntegrationID  string `json:"IntegrationId"`
		IntegrationURI string `json:"IntegrationUri"`
	}
	if _, err := e.Snap.Decode(a.ref, graph.PropRoutes, &routes); err != nil {
		return
	}
	if _, err := e.Snap.Decode(a.ref, graph.PropAssociations, &integrations); err != nil {
		return
	}
	done := map[graph.Ref]bool{}
	for at, r := range routes {
		if r.AuthorizationType != "NONE" && r.AuthorizationType != "" {
			continue
		}
		for _, i := range integrations {
			f := e.functionOf(i.IntegrationURI)
			if r.Target != "integrations/"+i.IntegrationID || f == graph.NoRef || done[f] {
				continue
			}
			n := e.Snap.Node(f)
			source := "arn:aws:execute-api:" + e.Snap.Node(a.ref).Region + ":" + e.Snap.Node(a.ref).Account + ":" + a.id + "/$default/" + strings.Replace(r.RouteKey, " /", "/", 1)
			hand := e.Perm.Can(gateway, "lambda:InvokeFunction", permission.OnNode(f), permission.Given{Keys: map[string]string{"aws:SourceArn": source, "aws:SourceAccount": n.Account}})
			if !hand.Allowed {
				continue
			}
			done[f] = true
			e.handOver(a, f, hand, observed(attack.Reason{Fact: present(e.Snap, a.ref, graph.PropRoutes, "/"+strconv.Itoa(at)), Policy: "route", Effect: "hands over",
				Text: "the route " + r.RouteKey + " of " + e.name(a.ref) + " asks for no sign-in and hands requests to " + e.name(f)}), emit)
		}
	}
}

// functionOf finds the function in the address of an integration, whose name may
// carry a version or alias.
func (e *Estate) functionOf(uri string) graph.Ref {
	at := strings.Index(uri, "arn:aws:lambda:")
	if at < 0 {
		if _, rest, ok := strings.Cut(uri, "/functions/"); ok {
			uri, at = rest, 0
		}
	}
	if at < 0 {
		return graph.NoRef
	}
	parts := strings.SplitN(strings.TrimSuffix(uri[at:], "/invocations"), ":", 8)
	if len(parts) < 7 {
		return graph.NoRef
	}
	return e.special(strings.Join(parts[:7], ":"))
}

func (e *Estate) handOver(a api, f graph.Ref, hand, open *attack.Decision, emit func(attack.Step)) {
	if arrive := e.arrival("internet", a.endpoint.Resource.ID, reach.Options{}); arrive != nil {
		e.emitCall(f, e.outside(), "Anyone calls "+e.name(f)+" through "+a.endpoint.Resource.Name+" and abuses its input", emit, arrive, hand, open)
	}
}

// sourcesOf are the sources that a decision about a service admits.
func sourcesOf(d *attack.Decision) []string {
	var list []string
	for _, alternative := range d.Conditions {
		for _, c := range alternative {
			if strings.EqualFold(c.Key, "aws:SourceArn") && !c.Negated && !strings.Contains(strings.ToLower(c.Operator), "not") {
				list = append(list, c.Values...)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// apiOf takes ACCOUNT:ID from arn:aws:execute-api:REGION:ACCOUNT:ID/STAGE/METHOD/PATH.
func apiOf(source string) string {
	parts := strings.SplitN(source, ":", 6)
	if len(parts) != 6 || parts[2] != "execute-api" {
		return ""
	}
	id, _, _ := strings.Cut(parts[5], "/")
	return parts[4] + ":" + id
}
