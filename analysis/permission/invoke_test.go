package permission

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/cairn-security/cairn/graph"
)

// TestInvokeAPI: the policy of an API names its requests as execute-api does,
// by stage, method and path.
func TestInvokeAPI(t *testing.T) {
	const id, requests = "arn:aws:apigateway:eu-west-1::/restapis/abc", "arn:aws:execute-api:eu-west-1:111122223333:abc"
	for name, c := range map[string]struct {
		statement string
		want      bool
	}{
		"everything":         {`{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"*"}`, true},
		"all of the API":     {`{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"` + requests + `/*"}`, true},
		"one method":         {`{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"` + requests + `/prod/GET/pets"}`, true},
		"another API":        {`{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke","Resource":"arn:aws:execute-api:eu-west-1:111122223333:xyz/*"}`, false},
		"another principal":  {`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/r"},"Action":"execute-api:Invoke","Resource":"*"}`, false},
		"management actions": {`{"Effect":"Allow","Principal":"*","Action":"apigateway:*","Resource":"*"}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			b := graph.NewBuilder()
			b.Add(graph.Node{ID: "anonymous", Kind: graph.KindAnonymous})
			b.Add(graph.Node{ID: graph.AccountID("111122223333"), Kind: graph.KindAccount, Account: "111122223333"})
			api, _ := b.Add(graph.Node{ID: id, Kind: graph.KindAPI, Account: "111122223333", Region: "eu-west-1"})
			o := b.Origin(graph.Origin{Service: "apigateway", Operation: "GetRestApis", Account: "111122223333", Region: "eu-west-1"})
			b.Set(api, graph.PropResource, json.RawMessage(`{"id":"abc"}`), o)
			b.Set(api, graph.PropPolicy, json.RawMessage(`{"Version":"2012-10-17","Statement":[`+c.statement+`]}`), o)
			snap, err := b.Build(graph.Meta{ID: "s"})
			if err != nil {
				t.Fatal(err)
			}
			e, err := New(context.Background(), snap, Options{})
			if err != nil {
				t.Fatal(err)
			}
			who, _ := snap.Lookup("anonymous")
			ref, _ := snap.Lookup(id)
			if d := e.Can(who, "execute-api:Invoke", OnNode(ref), Given{Internet: true}); d.Allowed != c.want {
				t.Errorf("allowed %v, want %v (%v)", d.Allowed, c.want, d.Missing)
			}
		})
	}
}
