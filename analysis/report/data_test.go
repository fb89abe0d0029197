package report_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/settings"
)

func datastore(t *testing.T, doc *report.Data, name string) report.Datastore {
	t.Helper()
	i := slices.IndexFunc(doc.Datastores, func(d report.Datastore) bool { return d.Node.Name == name })
	if i < 0 {
		t.Fatalf("no datastore %s", name)
	}
	return doc.Datastores[i]
}

func TestEncryption(t *testing.T) {
	const noTLS = `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}`
	for _, c := range []struct{ what, text, atRest, inTransit string }{
		{"a bucket of which nothing is said", "bucket x", "aws", "optional"},
		{"a bucket that denies plain requests", "bucket x\n  policy {\"Statement\":[" + noTLS + "]}", "aws", "required"},
		{"the same as a single statement", "bucket x\n  policy {\"Statement\":" + noTLS + "}", "aws", "required"},
		{"one that denies them to one role", "bucket x\n  policy {\"Statement\":[" + strings.Replace(noTLS, `"Principal":"*"`, `"Principal":{"AWS":"arn:aws:iam::111111111111:role/r"}`, 1) + "]}", "aws", "optional"},
		{"one that denies writing them", "bucket x\n  policy {\"Statement\":[" + strings.Replace(noTLS, `"s3:*"`, `"s3:PutObject"`, 1) + "]}", "aws", "optional"},
		{"one that allows TLS", "bucket x\n  policy {\"Statement\":[" + strings.NewReplacer(`"Deny"`, `"Allow"`, `"false"`, `"true"`).Replace(noTLS) + "]}", "aws", "optional"},
		{"one whose policy was not read", "bucket x\ngap denied s3 GetBucketPolicy bucket/x", "aws", "unknown"},
		{"one with a customer's key", "bucket x\n  > ENCRYPTED_BY key/k\n  policy {\"Statement\":[" + noTLS + "]}\nkey k", "customer", "required"},
		{"one with a key of AWS", "bucket x\n  > ENCRYPTED_BY key/k\nkey k\n  resource {\"KeyManager\":\"AWS\"}", "aws", "optional"},
		{"one with a key of AWS by alias", "bucket x\n  > ENCRYPTED_BY arn:aws:kms:eu-west-1:111111111111:alias/aws/s3", "aws", "optional"},
		{"one with a key that was not read", "bucket x\n  > ENCRYPTED_BY arn:aws:kms:eu-west-1:111111111111:key/k", "unknown", "optional"},
		{"a table", "table x", "aws", "required"},
		{"a secret", "secret x\n  > ENCRYPTED_BY key/k\nkey k", "customer", "required"},
		{"a database that is not encrypted", "db-instance x\n  resource {\"StorageEncrypted\":false}", "none", "unknown"},
		{"a database that is", "db-instance x\n  resource {\"StorageEncrypted\":true}", "aws", "unknown"},
		{"a database that says nothing", "db-instance x\n  resource {\"Engine\":\"postgres\"}", "unknown", "unknown"},
		{"a volume's snapshot", "volume-snapshot x\n  resource {\"Encrypted\":false}", "none", "unknown"},
		{"a queue", "queue x", "unknown", "unknown"},
	} {
		_, r := run(t, "account 111111111111\n"+c.text+"\n")
		d := datastore(t, report.DataOf(r, graph.NoRef), "x")
		if d.Encryption.AtRest != c.atRest || d.Encryption.InTransit != c.inTransit {
			t.Errorf("%s: at rest %s, in transit %s", c.what, d.Encryption.AtRest, d.Encryption.InTransit)
		}
	}
}

// What lets everybody in lies open to the internet, whichever door it is.
func TestExposureByEveryDoor(t *testing.T) {
	const open = `{"BlockPublicAcls":false,"IgnorePublicAcls":false,"BlockPublicPolicy":false,"RestrictPublicBuckets":false}`
	for _, c := range []struct {
		what, text, exposure string
		anonymous            bool
	}{
		{"a snapshot shared with all", "db-snapshot x\n  attributes [{\"AttributeName\":\"restore\",\"AttributeValues\":[\"all\"]}]", "internet", false},
		{"a snapshot shared with one account", "db-snapshot x\n  attributes [{\"AttributeName\":\"restore\",\"AttributeValues\":[\"999999999999\"]}]", "none", false},
		{"a bucket that delegates to an open access point", "bucket x\n  allow s3:* on bucket/x/* to * if {\"StringEquals\":{\"s3:DataAccessPointAccount\":\"111111111111\"}}\n" +
			"access-point p\n  > USES bucket/x\n  publicAccessBlock " + open + "\n  allow s3:GetObject on access-point/p/object/* to *", "internet", true},
		{"a bucket that delegates to none", "bucket x\n  allow s3:* on bucket/x/* to * if {\"StringEquals\":{\"s3:DataAccessPointAccount\":\"111111111111\"}}", "none", false},
	} {
		_, r := run(t, "account 111111111111\n"+c.text+"\n")
		if d := datastore(t, report.DataOf(r, graph.NoRef), "x"); d.Exposure != c.exposure || d.Access.Anonymous != c.anonymous {
			t.Errorf("%s: %s, anonymous %v", c.what, d.Exposure, d.Access.Anonymous)
		}
	}
}

func TestDatastores(t *testing.T) {
	_, r := run(t, clinic+`
bucket sampled
  sensitivity {"types":[{"type":"credit_card_number","confidence":"high","distinct":12,"matches":12,"objects":1,"share":[0.1,0.4]}],"seen":[{"object":"a.csv","type":"credit_card_number","column":"card","count":12}],"sampled":3,"objects":9,"records":900,"bytes":10}
`)
	doc := report.DataOf(r, graph.NoRef)
	type row struct {
		Label, Source, Answer, Exposure string
		Critical, Read, Path            bool
	}
	got := map[string]row{}
	for _, d := range doc.Datastores {
		x := row{Source: d.Source, Answer: d.Answer, Exposure: d.Exposure, Critical: d.Critical, Read: d.Access.Read != nil, Path: d.BestPath != nil}
		if d.Label != nil {
			x.Label = *d.Label
		}
		got[d.Node.Name] = x
		for field, null := range map[string]bool{"label": d.Label == nil, "catalogue": d.Catalogue == nil, "bound": d.Bound == nil, "scannedAt": d.ScannedAt == nil, "sampledObjects": d.Sampled == nil,
			"objects": d.Objects == nil, "bytes": d.Bytes == nil, "records": d.Records == nil, "bestPath": d.BestPath == nil, "access": d.Access.Read == nil} {
			if (d.Why[field] != "") != null {
				t.Errorf("%s: %s null is %v, because %q", d.Node.Name, field, null, d.Why[field])
			}
		}
	}
	if diff := cmp.Diff(map[string]row{
		"records": {"Confidential", "declared", "reached", "none", true, true, true},
		"open":    {"Confidential", "declared", "reached", "internet", true, true, true},
		"unread":  {"Confidential", "declared", "unknown", "unknown", true, false, true},
		"vault":   {"Highly Confidential", "declared", "reached", "none", true, true, true},
		"sampled": {"Highly Confidential", "scan", "reached", "none", true, true, true},
		"plain":   {"", "none", "noPathSeen", "none", false, true, false},
	}, got); diff != "" {
		t.Error(diff)
	}
	open := datastore(t, doc, "open")
	if !open.Access.Anonymous || open.Exposure != "internet" {
		t.Errorf("%+v", open.Access)
	}
	sampled := datastore(t, doc, "sampled")
	if len(sampled.Types) != 1 || sampled.Types[0].Type != "credit_card_number" || *sampled.Records != 900 || *sampled.Sampled != 3 || len(sampled.Regimes) == 0 || sampled.Discovery != "on" {
		t.Errorf("%+v", sampled)
	}
}

// With one node the places where types were seen are listed, never a value.
func TestSamplesOfOneDatastore(t *testing.T) {
	e, r := run(t, `
account 111111111111
bucket cards
  sensitivity {"types":[{"type":"credit_card_number","confidence":"high","distinct":12,"matches":12,"objects":1}],"seen":[{"object":"a.csv","type":"credit_card_number","column":"card","count":12}],"sampled":1,"objects":1,"records":12,"bytes":10}
bucket other
`)
	doc := report.DataOf(r, e.Ref("bucket/cards"))
	if len(doc.Datastores) != 1 || len(doc.Sampled) != 1 {
		t.Fatalf("%+v", doc)
	}
	s := doc.Sampled[0]
	if s.Object != "a.csv" || s.Location != "card" || *s.Label != "Highly Confidential" || !slices.Equal(s.Types, []string{"credit_card_number"}) || s.ReadAt == nil {
		t.Errorf("%+v", s)
	}
}

func TestViolations(t *testing.T) {
	_, r := run(t, clinic, func(s *settings.Settings) {
		s.Intended = []settings.Intended{{Datastore: "records", Principals: []string{"boss"}, Regions: []string{"us-*"}}}
	})
	doc := report.DataOf(r, graph.NoRef)
	got := datastore(t, doc, "records").Violations
	want := []report.Violation{{Kind: "region", What: "lies in eu-west-1"}, {Kind: "access", What: "arn:aws:iam::111111111111:user/nina may read"}, {Kind: "access", What: "arn:aws:iam::111111111111:role/admin may read"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if v := datastore(t, doc, "open").Violations; len(v) != 0 {
		t.Errorf("nothing is intended for it: %+v", v)
	}
}
