package assemble

import (
	"encoding/json"
	"testing"
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
