package technique

import (
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/graph"
)

const callFunction attack.TechniqueID = "call-function"

// deriveCallFunction: a function that strangers call is attacked through its
// input, like any application that answers them.
func deriveCallFunction(e *Estate, emit func(attack.Step)) {
	anonymous := e.special("anonymous")
	if !e.Entries.On(EntryWorkload) || anonymous == graph.NoRef {
		return
	}
	e.callByURL(anonymous, emit)
	e.callByInvoke(emit)
	e.callByBalancer(emit)
	e.callByAPI(emit)
}

// callByURL: a function URL without sign-in runs the function for
// anybody, if the function's own policy lets everyone in.
// https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
func (e *Estate) callByURL(anonymous graph.Ref, emit func(attack.Step)) {
	for _, f := range e.Snap.ByKind(graph.KindFunction) {
		var url struct{ AuthType, CreationTime string }
		if ok, err := e.Snap.Decode(f, graph.PropURL, &url); !ok || err != nil || url.AuthType != "NONE" {
			continue
		}
		open := observed(attack.Reason{Fact: present(e.Snap, f, graph.PropURL, "/AuthType"), Policy: "function URL", Effect: "open", Text: "the URL asks for no signature"})
		decisions := append([]*attack.Decision{open}, e.Perm.CallURL(anonymous, f, url.AuthType, url.CreationTime)...)
		if !attack.And(decisions...).Allowed {
			continue
		}
		e.emitCall(f, e.outside(), "Anyone calls "+e.name(f)+" and abuses its input", emit, decisions...)
	}
}

// callByInvoke: any AWS account may call the function through the API.
func (e *Estate) callByInvoke(emit func(attack.Step)) {
	anyone := e.special("any-aws-principal")
	if anyone == graph.NoRef {
		return
	}
	for _, f := range e.Snap.ByKind(graph.KindFunction) {
		d := e.Perm.Can(anyone, "lambda:InvokeFunction", permission.OnNode(f), e.given())
		if d.Allowed && !requires(d, "lambda:InvokedViaFunctionUrl") {
			e.emitCall(f, e.controls(anyone), "Any AWS account calls "+e.name(f)+" and abuses its input", emit, d)
		}
	}
}

// callByBalancer: a load balancer hands requests to the function.
func (e *Estate) callByBalancer(emit func(attack.Step)) {
	for _, x := range e.exposures() {
		f := x.Resource.Node()
		if f == graph.NoRef || e.Snap.Kind(f) != graph.KindFunction || len(x.Through) == 0 || !wide(x.Class) || e.internet == graph.NoRef {
			continue
		}
		if d := e.arrival("internet", x.Resource.ID, reach.Options{}); d != nil {
			e.emitCall(f, e.outside(), "Anyone calls "+e.name(f)+through(x)+" and abuses its input", emit, d)
		}
	}
}

// callByAPI: an API hands requests to the function, as the function's own policy
// shows. Whether the API's methods ask for a sign-in is not part of what is read:
// it stays a condition.
// https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html
func (e *Estate) callByAPI(emit func(attack.Step)) {
	gateway := e.special("service:apigateway.amazonaws.com")
	apis := map[string]*reach.Endpoint{} // by ACCOUNT:ID
	for _, x := range e.exposures() {
		if ref := x.Resource.Node(); ref != graph.NoRef && e.Snap.Kind(ref) == graph.KindAPI && wide(x.Class) {
			id := e.Snap.Node(ref).ID
			apis[e.Snap.Node(ref).Account+":"+id[strings.LastIndexByte(id, '/')+1:]] = x
		}
	}
	if gateway == graph.NoRef || e.internet == graph.NoRef || len(apis) == 0 {
		return
	}
	for _, f := range e.Snap.ByKind(graph.KindFunction) {
		for _, source := range sourcesOf(e.Perm.Can(gateway, "lambda:InvokeFunction", permission.OnNode(f), permission.Given{})) {
			x := apis[apiOf(source)]
			if x == nil {
				continue
			}
			g := permission.Given{Keys: map[string]string{"aws:SourceArn": strings.NewReplacer("*", "x", "?", "x").Replace(source), "aws:SourceAccount": e.Snap.Node(f).Account}}
			hand := e.Perm.Can(gateway, "lambda:InvokeFunction", permission.OnNode(f), g)
			arrive := e.arrival("internet", x.Resource.ID, reach.Options{})
			if !hand.Allowed || arrive == nil {
				continue
			}
			open := &attack.Decision{Allowed: true, Status: attack.Conditional,
				Conditions: [][]attack.Condition{{{Key: "apigateway:authorizationType", Operator: "StringEquals", Values: []string{"NONE"}}}}}
			e.emitCall(f, e.outside(), "Anyone calls "+e.name(f)+" through "+x.Resource.Name+" and abuses its input", emit, arrive, hand, open)
			break
		}
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

func (e *Estate) emitCall(f graph.Ref, caller attack.State, title string, emit func(attack.Step), decisions ...*attack.Decision) {
	s := attack.Step{
		Technique: callFunction, Premises: []attack.State{caller}, Decisions: decisions, Conclusion: executes(f),
		Factors: []attack.Factor{e.entryFactor(EntryWorkload, "", f)}, Title: title,
	}
	e.addResidue(&s, attack.And(decisions...), f)
	emit(s)
}
