package analysis_test

import (
	"strings"
	"testing"

	"github.com/cairn-security/cairn/analysis/analysistest"
	"github.com/cairn-security/cairn/analysis/attack"
)

// What is said of a function's URL agrees with the paths through it: a URL of
// late 2025 needs both actions.
func TestExposedFunctionURL(t *testing.T) {
	const estate = `
account 111111111111
role worker
  trusts service/lambda.amazonaws.com
function hook
  resource {"FunctionName":"hook","Role":"$role/worker"}
`
	const url = `
function hook
  url {"FunctionUrl":"https://x.lambda-url.eu-west-1.on.aws/","AuthType":"NONE","CreationTime":"TIME"}
  allow lambda:InvokeFunctionUrl on function/hook to * if {"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}
`
	const both = `  allow lambda:InvokeFunction on function/hook to * if {"Bool":{"lambda:InvokedViaFunctionUrl":"true"}}
`
	for _, tc := range []struct {
		name, made, more string
		want             attack.Status
	}{
		{"before both were needed", "2024-01-01T00:00:00Z", "", attack.Decided},
		{"with one of two", "2026-01-01T00:00:00Z", "", attack.Conditional},
		{"with both", "2026-01-01T00:00:00Z", both, attack.Decided},
	} {
		e, err := analysistest.Parse(estate, strings.ReplaceAll(url, "TIME", tc.made)+tc.more)
		if err != nil {
			t.Fatal(err)
		}
		function, err := e.Find("function/hook")
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, x := range run(t, e).Endpoints() {
			if x.Resource.Node() != function {
				continue
			}
			found = true
			if x.Service == nil || x.Service.Decision == nil || !x.Service.Decision.Allowed || x.Service.Decision.Status != tc.want {
				t.Errorf("%s: %+v, want %v", tc.name, x.Service, tc.want)
			}
		}
		if !found {
			t.Errorf("%s: the function is no endpoint", tc.name)
		}
	}
}
