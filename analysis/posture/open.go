package posture

import (
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

// openTo checks that a kind of datastore lets nobody in from outside: neither
// requests without credentials nor those of any AWS account.
func openTo(kind graph.Kind) func(*Estate, emit) {
	return func(e *Estate, out emit) {
		for _, ref := range e.Snap.ByKind(kind) {
			if e.described(ref) {
				e.judgeOpen(ref, out)
			}
		}
	}
}

var openWords = map[permission.Access]string{permission.ReadAccess: "read", permission.WriteAccess: "written", permission.DestroyAccess: "destroyed", permission.AdministerAccess: "taken over"}

func (e *Estate) judgeOpen(ref graph.Ref, out emit) {
	var maybe *attack.Decision
	for _, who := range []struct{ id, words string }{{"anonymous", "anyone"}, {"any-aws-principal", "any AWS account"}} {
		caller, ok := e.Snap.Lookup(who.id)
		if !ok {
			continue
		}
		for _, access := range permission.AllAccess() {
			d := e.Perm.ByAnyDoor(caller, ref, access, permission.Given{Internet: true, Qualifier: attack.BySession})
			if d.Certain() {
				out(ref, Fail, e.name(ref)+" can be "+openWords[access]+" by "+who.words, d.Reasons...)
				return
			}
			if d.Allowed && (maybe == nil || severer(d, maybe)) {
				maybe = d
			}
		}
	}
	switch {
	case maybe == nil && e.openButForKeys(ref, out):
	case maybe == nil:
		out(ref, Pass, e.name(ref)+" lets nobody in from outside")
	case limitsCallers(maybe):
		out(ref, Pass, e.name(ref)+" lets in only whom its conditions name", maybe.Reasons...)
	case maybe.Status == attack.Unknown:
		out(ref, Unknown, "Whether "+e.name(ref)+" is open was not read", maybe.Reasons...)
	default:
		out(ref, Fail, e.name(ref)+" is open to everyone under conditions that do not name who is meant", maybe.Reasons...)
	}
}

// keyedReads are the reads that a key may keep from callers whom a policy lets in.
var keyedReads = map[graph.Kind]string{graph.KindBucket: "s3:GetObject", graph.KindSecret: "secretsmanager:GetSecretValue", graph.KindQueue: "sqs:ReceiveMessage", graph.KindTable: "dynamodb:GetItem"}

// openButForKeys reports a policy that lets everybody read what a key keeps
// closed, until something is stored without it or its policy changes.
func (e *Estate) openButForKeys(ref graph.Ref, out emit) bool {
	action := keyedReads[e.Snap.Kind(ref)]
	if action == "" {
		return false
	}
	for _, who := range []struct{ id, words string }{{"anonymous", "anyone"}, {"any-aws-principal", "any AWS account"}} {
		caller, ok := e.Snap.Lookup(who.id)
		if !ok {
			continue
		}
		d := e.Perm.Can(caller, action, permission.OnNode(ref), permission.Given{Internet: true, Qualifier: attack.BySession})
		if d.Certain() {
			out(ref, Fail, "The policy of "+e.name(ref)+" lets "+who.words+" read it; only its key keeps them out", d.Reasons...)
			return true
		}
	}
	return false
}

// severer orders uncertain decisions that let everybody in: conditions that name
// nobody, then what was not read, then conditions that name who is meant.
func severer(a, b *attack.Decision) bool {
	rank := func(d *attack.Decision) int {
		switch {
		case limitsCallers(d):
			return 0
		case d.Status == attack.Unknown:
			return 1
		}
		return 2
	}
	return rank(a) > rank(b)
}

func openFunctionURL(e *Estate, out emit) {
	anonymous, ok := e.Snap.Lookup("anonymous")
	if !ok {
		return
	}
	for _, ref := range e.Snap.ByKind(graph.KindFunction) {
		var url struct{ AuthType, CreationTime string }
		switch read, err := e.Snap.Decode(ref, graph.PropURL, &url); {
		case !read && !e.refused(ref, "GetFunctionUrlConfig", "ListFunctionUrlConfigs"):
			continue // it has none
		case !read || err != nil:
			out(ref, Unknown, "Whether "+e.name(ref)+" has a URL that anyone may call was not read")
			continue
		}
		if url.AuthType != "NONE" {
			out(ref, Pass, "The URL of "+e.name(ref)+" asks for signed requests")
			continue
		}
		d := attack.And(e.Perm.CallURL(anonymous, ref, url.AuthType, url.CreationTime)...)
		auth := e.reason(ref, graph.PropURL, "/AuthType", "function URL", "the URL asks for no signature")
		e.verdict(d, ref, out, "Anyone may call "+e.name(ref)+" by its URL", "The policy of "+e.name(ref)+" keeps callers without credentials out", auth)
	}
}

// refused reports whether one of some operations about a node was asked for and not answered.
func (e *Estate) refused(ref graph.Ref, operations ...string) bool {
	return slices.ContainsFunc(e.Snap.GapsOf(ref), func(g *graph.Gap) bool { return g.Refused() && slices.Contains(operations, g.Operation) })
}

// verdict turns a decision about something bad into a finding.
func (e *Estate) verdict(d *attack.Decision, ref graph.Ref, out emit, bad, good string, more ...attack.Reason) {
	reasons := append(more, d.Reasons...)
	switch {
	case !d.Allowed:
		out(ref, Pass, good)
	case d.Status == attack.Unknown:
		out(ref, Unknown, bad+", as far as was read", reasons...)
	default:
		out(ref, Fail, bad, reasons...)
	}
}

func (e *Estate) reason(ref graph.Ref, property, pointer, policy, text string) attack.Reason {
	element, _ := graph.Element(e.Snap.Prop(ref, property), pointer)
	return attack.Reason{Fact: attack.Fact{Node: ref, Property: property, Pointer: pointer, Anchor: graph.Anchor(element)}, Policy: policy, Text: text}
}
