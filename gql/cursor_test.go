package gql_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/gql/gqltest"
	"github.com/cairn-security/cairn/gql/server"
)

// connection is what every connection answers here.
type connection struct {
	Edges []struct {
		Cursor string
		Node   struct{ ID string }
	}
	PageInfo struct {
		HasNextPage, HasPreviousPage bool
		StartCursor, EndCursor       string
	}
	TotalCount int
}

const page = `edges{cursor node{id}} pageInfo{hasNextPage hasPreviousPage startCursor endCursor} totalCount`

// list asks for one page of a connection.
func list(s *gqltest.Site, t testing.TB, field, arguments string) connection {
	t.Helper()
	var out map[string]connection
	query := fmt.Sprintf("{x:%s(%s){%s}}", field, arguments, page)
	if field == "coverage" {
		var nested struct{ X struct{ Gaps connection } }
		s.Data(t, fmt.Sprintf("{x:coverage(%s){gaps{%s}}}", arguments, page), nil, &nested)
		return nested.X.Gaps
	}
	s.Data(t, query, nil, &out)
	return out["x"]
}

func TestPagesJoinToTheWholeList(t *testing.T) {
	s := gqltest.Sample(t, nil)
	for _, field := range []string{"datastores", "attackPaths", "principals", "exposed", "findings", "coverage"} {
		t.Run(field, func(t *testing.T) {
			whole := list(s, t, field, "first:100")
			if len(whole.Edges) < 2 || len(whole.Edges) != whole.TotalCount || whole.PageInfo.HasNextPage {
				t.Fatalf("%d of %d rows, more: %v", len(whole.Edges), whole.TotalCount, whole.PageInfo.HasNextPage)
			}
			for size := 1; size <= 3; size++ {
				var ids []string
				after := ""
				for {
					p := list(s, t, field, fmt.Sprintf("first:%d after:%q", size, after))
					if p.PageInfo.HasPreviousPage != (len(ids) > 0) || p.TotalCount != whole.TotalCount {
						t.Fatalf("page after %d rows: %+v", len(ids), p.PageInfo)
					}
					for _, e := range p.Edges {
						ids = append(ids, e.Node.ID)
					}
					if !p.PageInfo.HasNextPage {
						break
					}
					if after = p.PageInfo.EndCursor; after != p.Edges[len(p.Edges)-1].Cursor {
						t.Fatalf("the page ends at another cursor than its last row")
					}
				}
				var want []string
				for _, e := range whole.Edges {
					want = append(want, e.Node.ID)
				}
				if !slices.Equal(ids, want) {
					t.Errorf("pages of %d: %v, want %v", size, ids, want)
				}
			}
		})
	}
}

func TestCursorsBelongToTheirSnapshotAndList(t *testing.T) {
	s := gqltest.New(t, nil, gqltest.Parse(t, gqltest.EstateText), gqltest.Later(t, "s-2", "05", nil))
	old := list(s, t, "datastores", `first:1 snapshot:"s-1"`).PageInfo.EndCursor
	now := list(s, t, "datastores", `first:1`).PageInfo.EndCursor
	for _, c := range []struct{ name, query, code string }{
		{"its own snapshot", fmt.Sprintf("{datastores(after:%q snapshot:\"s-1\"){totalCount}}", old), ""},
		{"another snapshot", fmt.Sprintf("{datastores(after:%q){totalCount}}", old), "STALE_CURSOR"},
		{"another list", fmt.Sprintf("{principals(after:%q){totalCount}}", now), "BAD_INPUT"},
		{"a row the filter leaves out", fmt.Sprintf("{datastores(after:%q filter:{kind:[\"queue\"]}){totalCount}}", now), "STALE_CURSOR"},
		{"no cursor at all", `{datastores(after:"hello"){totalCount}}`, "BAD_INPUT"},
		{"half a cursor", fmt.Sprintf("{datastores(after:%q){totalCount}}", now[:9]), "BAD_INPUT"},
		{"empty", `{datastores(after:""){totalCount}}`, ""},
	} {
		if r := s.Ask(t, c.query, nil); r.Code() != c.code {
			t.Errorf("%s: code %q, want %q: %+v", c.name, r.Code(), c.code, r.Errors)
		}
	}
}

func TestSortsAndFilters(t *testing.T) {
	s := gqltest.Sample(t, func(o *server.Options) { o.Permissions = nil })
	ids := func(field, arguments string) string {
		var short []string
		for _, e := range list(s, t, field, arguments).Edges {
			short = append(short, e.Node.ID[strings.LastIndexAny(e.Node.ID, ":/")+1:])
		}
		return strings.Join(short, " ")
	}
	for _, c := range []struct{ field, arguments, want string }{
		{"datastores", "sort:name", "larch-covers larch-exports larch-orders larch-vault parcels prod-customers"},
		{"datastores", "sort:label", "larch-exports larch-orders larch-vault prod-customers parcels larch-covers"},
		{"datastores", "sort:scannedAt first:3", "larch-orders larch-exports larch-covers"},
		{"datastores", `filter:{label:["unknown"]}`, "parcels"},
		{"datastores", `filter:{account:["larch-shop"]} sort:name`, "larch-covers larch-exports"},
		{"datastores", `filter:{account:["222233334444"] kind:["bucket"]} sort:name`, "larch-orders larch-vault"},
		{"datastores", `filter:{type:["us_ssn","credit_card_number"]} sort:name`, "larch-exports larch-orders"},
		{"datastores", `filter:{text:"Payment card"}`, "larch-exports"},
		{"datastores", `filter:{critical:false} sort:name`, "larch-covers parcels"},
		{"datastores", `filter:{exposure:[internet] critical:true}`, "larch-exports"},
		{"datastores", `filter:{answer:[unknown]}`, "larch-vault"},
		{"datastores", `filter:{label:[]}`, ""},
		{"principals", `filter:{administrator:[yes]}`, "owner"},
		{"principals", `filter:{escalates:true}`, "helpdesk"},
		{"principals", `filter:{text:"PRINT"}`, "printer"},
		{"exposed", `filter:{port:443 kind:["instance"]}`, "i-1"},
		{"exposed", `filter:{port:22}`, ""},
		{"coverage", `filter:{service:["sqs"]}`, "eu-west-1"},
	} {
		if got := ids(c.field, c.arguments); got != c.want {
			t.Errorf("%s(%s): %s; want %s", c.field, c.arguments, got, c.want)
		}
	}
	for _, c := range []struct {
		filter string
		want   int
	}{
		{`{target:"larch-orders"}`, 1}, {`{through:"arn:aws:iam::111122223333:role/web"}`, 1}, {`{through:"nobody"}`, 0}, {`{minRisk:100}`, 1},
		{`{status:[unknown] outcome:[read]}`, 3}, {`{text:"printer"}`, 1}, {`{level:[critical] account:["larch-shop"]}`, 1},
	} {
		if got := list(s, t, "attackPaths", "filter:"+c.filter).TotalCount; got != c.want {
			t.Errorf("attackPaths(%s): %d, want %d", c.filter, got, c.want)
		}
	}
}
