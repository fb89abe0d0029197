package technique

import (
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

func (e *Estate) emitCall(f graph.Ref, caller attack.State, title string, emit func(attack.Step), decisions ...*attack.Decision) {
	s := attack.Step{
		Technique: callFunction, Premises: []attack.State{caller}, Decisions: decisions, Conclusion: executes(f),
		Factors: []attack.Factor{e.entryFactor(EntryWorkload, "", f)}, Title: title,
	}
	e.addResidue(&s, attack.And(decisions...), f)
	emit(s)
}
