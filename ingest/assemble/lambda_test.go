package assemble

import (
	"encoding/json"
	"testing"

	"github.com/cairn-security/cairn/graph"
)

func TestURLConditions(t *testing.T) {
	for in, want := range map[string]string{
		`{"Statement":[{"Effect":"Allow","FunctionUrlAuthType":"NONE"}]}`:                          `{"Statement":[{"Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}},"Effect":"Allow"}]}`,
		`{"Statement":[{"Condition":{"StringEquals":{"a":"b"}},"FunctionUrlAuthType":"AWS_IAM"}]}`: `{"Statement":[{"Condition":{"StringEquals":{"a":"b","lambda:FunctionUrlAuthType":"AWS_IAM"}}}]}`,
		`{"Statement":[{"Sid":"FunctionUrlAuthType"}]}`:                                            ``,
		`{"Statement":7}`: ``,
	} {
		got := urlConditions(json.RawMessage(in))
		if string(got) != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

// TestMostOpenAddressCounts: an alias may have an address that asks for nothing.
func TestMostOpenAddressCounts(t *testing.T) {
	s, report := build(t, rec("lambda", "ListFunctions", `{"Functions":[{"FunctionName":"f"}]}`),
		rec("lambda", "ListFunctionUrlConfigs", `{"FunctionUrlConfigs":[{"FunctionUrl":"a","AuthType":"AWS_IAM"},{"FunctionUrl":"b","AuthType":"NONE"},{"FunctionUrl":"c","AuthType":"AWS_IAM"}]}`, "FunctionName", "f"))
	wantProblems(t, report)
	wantProp(t, s, wantKind(t, s, regionalID("lambda", "function:f"), graph.KindFunction), graph.PropURL, `{"FunctionUrl":"b","AuthType":"NONE"}`)
}
