package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cairn-security/cairn/gql/gqltest"
	"github.com/cairn-security/cairn/gql/server"
)

func TestLimits(t *testing.T) {
	s := gqltest.Sample(t, nil)
	deep := strings.Repeat("bestPath{target{datastore{", 8) + "id" + strings.Repeat("}}}", 8)
	aliases := ""
	for i := range 60 {
		aliases += fmt.Sprintf("a%d:nodes ", i)
	}
	// Each fragment spreads the next one twice: 2^40 fields if it were written out.
	bomb := "{estate{...f0}}"
	for i := range 40 {
		bomb += fmt.Sprintf(" fragment f%d on Estate{nodes ...f%d x:snapshot{id} ...f%d}", i, i+1, i+1)
	}
	bomb += " fragment f40 on Estate{edges}"
	for _, c := range []struct{ name, query, code string }{
		{"deep", "{datastores{nodes{" + deep + "}}}", "LIMIT"},
		{"aliases", "{estate{" + aliases + "}}", "LIMIT"},
		{"many rows of many rows", "{attackPaths(first:1000){nodes{target{attackPaths(first:1000){target{attackPaths(first:1000){id}}}}}}}", "LIMIT"},
		{"fragments that multiply", bomb, "LIMIT"},
		{"many tokens", "{estate{" + strings.Repeat("nodes ", 9000) + "}}", "GRAPHQL_PARSE_FAILED"},
		{"a page", "{attackPaths(first:200){nodes{id title chain{id} choke{fact{text}} closedBy{title}} facets{field values{value count}}}}", ""},
		{"the schema", introspection, ""},
		{"too many rows", "{attackPaths(first:1001){totalCount}}", "BAD_INPUT"},
		{"less than none", "{fixes(first:-1){id}}", "BAD_INPUT"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if r := s.Ask(t, c.query, nil); r.Code() != c.code {
				t.Errorf("code %q, want %q: %+v", r.Code(), c.code, r.Errors)
			}
		})
	}
}

// introspection asks for the schema as query editors do.
const introspection = `query IntrospectionQuery { __schema { queryType { name } mutationType { name } types { kind name description
	fields(includeDeprecated: true) { name description args { name type { ...T } defaultValue } type { ...T } isDeprecated }
	inputFields { name type { ...T } } interfaces { ...T } enumValues(includeDeprecated: true) { name description } possibleTypes { ...T } }
	directives { name locations args { name type { ...T } } } } }
	fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }`

func TestAQuestionEndsInTime(t *testing.T) {
	s := gqltest.Sample(t, func(o *server.Options) { o.Timeout = time.Nanosecond })
	if r := s.Ask(t, "{estate{nodes}}", nil); r.Code() != "LIMIT" {
		t.Errorf("code %q, want LIMIT: %+v", r.Code(), r.Errors)
	}
}
