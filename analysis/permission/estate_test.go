package permission

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/cairn-security/cairn/graph"
)

// estate builds a snapshot for tests.
type estate struct {
	t testing.TB
	b *graph.Builder
	o graph.OriginID
}

const home = "111111111111"

func newEstate(t testing.TB) *estate {
	e := &estate{t: t, b: graph.NewBuilder()}
	e.o = e.b.Origin(graph.Origin{Source: "test"})
	e.node("anonymous", graph.KindAnonymous, "")
	e.node("any-aws-principal", graph.KindAnyPrincipal, "")
	e.node("internet", graph.KindInternet, "")
	e.node(graph.AccountID(home), graph.KindAccount, home)
	return e
}

func (e *estate) node(id string, kind graph.Kind, account string) graph.Handle {
	h, _ := e.b.Add(graph.Node{ID: id, Kind: kind, Name: lastSegment(id), Account: account})
	return h
}

func (e *estate) set(h graph.Handle, key, value string) {
	e.t.Helper()
	if err := e.b.Set(h, key, json.RawMessage(value), e.o); err != nil {
		e.t.Fatal(err)
	}
}

func (e *estate) user(name string, policies ...string) graph.Handle {
	return e.identity("user", graph.KindUser, home, name, policies)
}

func (e *estate) role(name, trust string, policies ...string) graph.Handle {
	h := e.identity("role", graph.KindRole, home, name, policies)
	e.set(h, graph.PropTrust, trust)
	return h
}

func (e *estate) identity(typ string, kind graph.Kind, account, name string, policies []string) graph.Handle {
	id := "arn:aws:iam::" + account + ":" + typ + "/" + name
	h := e.node(id, kind, account)
	e.set(h, graph.PropResource, `{"Arn":"`+id+`"}`)
	for i, p := range policies {
		e.set(h, graph.PropInlinePrefix+string(rune('a'+i)), p)
	}
	return h
}

func (e *estate) bucket(name, pol string) graph.Handle {
	h := e.node("arn:aws:s3:::"+name, graph.KindBucket, home)
	if pol != "" {
		e.set(h, graph.PropPolicy, pol)
	}
	return h
}

func (e *estate) key(name, pol string) graph.Handle {
	h := e.node("arn:aws:kms:us-east-1:"+home+":key/"+name, graph.KindKey, home)
	if pol != "" {
		e.set(h, graph.PropPolicy, pol)
	}
	return h
}

func (e *estate) engine() (*Engine, *graph.Snapshot) {
	e.t.Helper()
	snap, err := e.b.Build(graph.Meta{ID: "s", Accounts: []string{home}})
	if err != nil {
		e.t.Fatal(err)
	}
	eng, err := New(context.Background(), snap, Options{})
	if err != nil {
		e.t.Fatal(err)
	}
	return eng, snap
}

// doc is a policy document of statements.
func doc(statements ...string) string {
	s := `{"Version":"2012-10-17","Statement":[`
	for i, x := range statements {
		if i > 0 {
			s += ","
		}
		s += x
	}
	return s + "]}"
}

// allow is an allow statement.
func allow(action, resource string) string {
	return `{"Effect":"Allow","Action":"` + action + `","Resource":"` + resource + `"}`
}

func deny(action, resource string) string {
	return `{"Effect":"Deny","Action":"` + action + `","Resource":"` + resource + `"}`
}

// ref finds a node by name.
func ref(t *testing.T, s *graph.Snapshot, name string) graph.Ref {
	t.Helper()
	r, err := s.Resolve(name)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
