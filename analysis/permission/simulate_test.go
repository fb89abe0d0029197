package permission

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cairn-security/cairn/graph"
)

func TestSimulateOpenMode(t *testing.T) {
	line := `{"id":"1","mode":"open","request":{"principal":"arn:aws:iam::111111111111:user/u","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","context":{"aws:username":"u"}},
	"identity_policies":[{"name":"p","policy":{"Statement":[{"Sid":"S","Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpc":["vpc-1"],"aws:username":"u"}}}]}}]}`
	s, err := SimulateLine([]byte(line))
	if err != nil {
		t.Fatal(err)
	}
	if s.Decision != "conditional" || len(s.Conditions) != 1 || len(s.Conditions[0]) != 1 || s.Conditions[0][0].Key != "aws:SourceVpc" {
		t.Errorf("%+v", s)
	}
	if len(s.Reasons) != 1 || s.Reasons[0] != (SimulatedReason{"identity policy", "Allow", "p", "/Statement/0", "S"}) {
		t.Errorf("reasons %+v", s.Reasons)
	}
}

// Without resource_account, the account in the resource's name owns it.
func TestSimulateOwnerByName(t *testing.T) {
	for account, want := range map[string]string{home: "allow", abroad: "deny"} {
		s, err := SimulateLine([]byte(`{"id":"1","request":{"principal":"` + userU + `","action":"sqs:SendMessage","resource":"arn:aws:sqs:us-east-1:` + account + `:q"},
			"identity_policies":[` + doc(allow("*", "*")) + `]}`))
		if err != nil || s.Decision != want {
			t.Errorf("queue of %s: %+v, %v, want %s", account, s, err, want)
		}
	}
}

func TestSimulateUnreadableLines(t *testing.T) {
	for _, tc := range []struct{ line, id, want string }{
		{`nonsense`, "", "not a case"},
		{`{"id":"7","scps":5}`, "7", "not a case"},
		{`{"request":{"id":"inner"},"x":"id","id":"7b","mode":5}`, "7b", "not a case"},
		{`{"x":["id","no"],"id":5,"mode":5}`, "", "not a case"},
		{`{"id":"7c","identity_policies":[` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `]}`, "7c", "not a case"},
		{`{"identity_policies":[` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `],"id":"7d"}`, "7d", "not a case"},
		{`{"id":"7e","mode":`, "7e", "not a case"},
		{`{"id":"8"}`, "8", "principal and action"},
		{`{"id":"9","request":{"principal":"x","action":"s3:GetObject","context":{"a":{}}}}`, "9", `context key "a"`},
	} {
		s, err := SimulateLine([]byte(tc.line))
		if err == nil || !strings.Contains(err.Error(), tc.want) || s.ID != tc.id {
			t.Errorf("%.80s: id %q, error %v, want %q and id %q", tc.line, s.ID, err, tc.want, tc.id)
		}
	}
}

func TestSimulateMalformedDocument(t *testing.T) {
	good := `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
	for name, bad := range map[string]string{
		"bad statement":      `{"Statement":{"Effect":"Perhaps"}}`,
		"unknown operator":   `{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Sounds":{"a:b":"c"}}}}`,
		"100,000 statements": `{"Statement":[` + strings.TrimSuffix(strings.Repeat(`{"Effect":"Allow","Action":"s3:*","Resource":"*"},`, 100_000), ",") + `]}`,
	} {
		start := time.Now()
		s, err := SimulateLine([]byte(`{"id":"1","mode":"strict","request":{"principal":"arn:aws:iam::111111111111:user/u","action":"s3:GetObject","resource":"arn:aws:s3:::b/k"},"identity_policies":[` + good + "," + bad + `]}`))
		if err != nil || s.Decision != "conditional" || len(s.Problems) == 0 {
			t.Errorf("%s: %v, %+v", name, err, s)
		}
		if time.Since(start) > 20*time.Second {
			t.Errorf("%s took %v", name, time.Since(start))
		}
	}
}

func TestEndpointPolicy(t *testing.T) {
	for _, tc := range []struct{ name, policy, want string }{
		{"default policy", "", "allowed"},
		{"full access", doc(`{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`), "allowed"},
		{"another bucket only", doc(`{"Effect":"Allow","Principal":"*","Action":"*","Resource":"arn:aws:s3:::b2/*"}`), "denied"},
		{"deny", doc(`{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}`, `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}`), "denied explicitly"},
	} {
		e := newEstate(t)
		e.user("u", doc(allow("s3:*", "*")))
		e.bucket("b1", "")
		ep := e.node("arn:aws:ec2:us-east-1:111111111111:vpc-endpoint/vpce-1", graph.KindVPCEndpoint, home)
		if tc.policy != "" {
			e.set(ep, graph.PropPolicy, tc.policy)
		}
		eng, snap := e.engine()
		who, store := ref(t, snap, userU), ref(t, snap, b1)
		if got := verdict(eng.CanRead(who, store, Given{Endpoint: "vpce-1", VPC: "vpc-1"})); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
		if got := verdict(eng.CanRead(who, store, Given{})); got != "allowed" {
			t.Errorf("%s: %s outside the endpoint", tc.name, got)
		}
	}
}

// Equal documents are compiled once; each is still named by its own place.
func TestMalformedDocumentsNameTheirOwnPlace(t *testing.T) {
	bad := doc(`{"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"}`)
	e := newEstate(t)
	e.user("u", bad)
	e.role("r", bad)
	eng, _ := e.engine()
	for _, want := range []string{userU + "#inline/a", roleR + "#" + graph.PropTrust} {
		if !slices.ContainsFunc(eng.Gaps(), func(g graph.Gap) bool {
			return g.ID == "malformed:"+want && strings.HasPrefix(g.Detail, want+":1:")
		}) {
			t.Errorf("no gap names %s: %+v", want, eng.Gaps())
		}
	}
}
