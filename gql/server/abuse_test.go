package server_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/gql/gqltest"
)

// Questions that are small to write and large to answer are refused.
func TestAbuse(t *testing.T) {
	s := gqltest.Sample(t, nil)
	s.Ask(t, "{estate{nodes}}", nil) // the analysis is made
	repeated := func(n int, field string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "a%d:%s ", i, field)
		}
		return b.String()
	}
	nested := func(open, inner string, n int) string {
		return strings.Repeat(open, n) + inner + strings.Repeat("}", strings.Count(open, "{")*n)
	}
	for _, c := range []struct {
		name, query string
		variables   map[string]any
		code        string
	}{
		{"the schema in the schema", "{__schema{types{" + nested("fields{type{", "name", 7) + "}}}", nil, "GRAPHQL_VALIDATION_FAILED"},
		{"one type over and over", `{__type(name:"Query"){` + nested("fields{type{", "name", 8) + "}}", nil, "GRAPHQL_VALIDATION_FAILED"},
		{"one field eight thousand times", "{estate{" + strings.Repeat("nodes ", 7900) + "}}", nil, "GRAPHQL_PARSE_FAILED"},
		{"one field as often as may be", "{estate{" + strings.Repeat("nodes ", 1990) + "}}", nil, ""},
		{"as many in inline fragments", "{estate{" + strings.Repeat("...{nodes}", 490) + "}}", nil, ""},
		{"deep inline fragments", "{estate{" + nested("...{", "nodes", 490) + "}}", nil, ""},
		{"who can, forty times", "{" + repeated(40, `whoCan(action:"s3:GetObject" resource:"*"){totalCount}`) + "}", nil, "LIMIT"},
		{"a few questions at once", "{" + repeated(4, `whoCan(action:"s3:GetObject" resource:"larch-orders"){totalCount}`) + "}", nil, ""},
		{"aliases in a fragment that is spread", "{estate{...f}} fragment f on Estate{" + repeated(60, "nodes") + "}", nil, "LIMIT"},
		{"rows by a variable", "query($n:Int){attackPaths(first:$n){nodes{target{attackPaths(first:$n){target{attackPaths(first:$n){id}}}}}}}", map[string]any{"n": 900}, "LIMIT"},
		{"rows by a variable's default", "query($n:Int=900){attackPaths(first:$n){nodes{target{attackPaths(first:$n){target{attackPaths(first:$n){id}}}}}}}", nil, "LIMIT"},
		{"rows by null", "{attackPaths(first:null){totalCount}}", nil, ""},
		{"directives", "{estate{nodes" + strings.Repeat(" @skip(if:false)", 250) + "}}", nil, "GRAPHQL_VALIDATION_FAILED"},
		{"a fragment in itself", "{estate{...f}} fragment f on Estate{nodes ...f}", nil, "GRAPHQL_VALIDATION_FAILED"},
		{"a long name", "{" + strings.Repeat("x", 100_000) + "}", nil, "GRAPHQL_VALIDATION_FAILED"},
		{"an open bracket", strings.Repeat("{", 5000), nil, "GRAPHQL_PARSE_FAILED"},
		{"a deep value", "{datastores(filter:" + strings.Repeat("[", 900) + strings.Repeat("]", 900) + "){totalCount}}", nil, "GRAPHQL_VALIDATION_FAILED"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := s.Ask(t, c.query, c.variables)
			if r.Code() != c.code {
				msg := ""
				if len(r.Errors) > 0 {
					msg = r.Errors[0].Message
				}
				t.Errorf("code %q, want %q: %.300s", r.Code(), c.code, msg)
			}
		})
	}
}
