package permission

import (
	"time"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// urlKeys are the context keys that a call of a function by its URL carries.
// https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
func urlKeys(authType string) map[string]string {
	return map[string]string{"lambda:FunctionUrlAuthType": authType, "lambda:InvokedViaFunctionUrl": "true"}
}

// CallURL decides whether a caller runs a function by its URL, over the
// internet: all of the decisions are needed. made is the URL's CreationTime. URLs
// made since October 2025 need lambda:InvokeFunction as well, but for accounts
// that were given time: where no policy speaks of it, it is conditional.
// https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
func (e *Engine) CallURL(who, function graph.Ref, authType, made string) []*attack.Decision {
	g := Given{Internet: true, Keys: urlKeys(authType)}
	all := []*attack.Decision{e.Can(who, "lambda:InvokeFunctionUrl", OnNode(function), g)}
	if urlTime(made).Before(bothActionsSince) {
		return all
	}
	invoke := e.Can(who, "lambda:InvokeFunction", OnNode(function), g)
	if !invoke.Allowed && len(invoke.Reasons) == 0 {
		invoke = oneActionWillDo
	}
	return append(all, invoke)
}

// oneActionWillDo holds in accounts to which the second action does not apply yet.
var oneActionWillDo = &attack.Decision{Allowed: true, Status: attack.Conditional,
	Conditions: [][]attack.Condition{{{Key: "lambda:InvokeFunctionNeededForUrl", Operator: "Bool", Values: []string{"false"}}}}}

var bothActionsSince = time.Date(2025, time.October, 1, 0, 0, 0, 0, time.UTC)

// urlTime reads when a URL was made, as Lambda writes it; the zero time when it
// does not say.
func urlTime(text string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.000-0700"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	return time.Time{}
}
