package classify

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/graph/sit"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func hasher(t testing.TB) *Hasher {
	t.Helper()
	h, err := NewHasher([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// withoutHashes replaces hashes by whether there is one, so that tests can
// name what is expected.
func withoutHashes(creds []sit.Credential) []sit.Credential {
	for i := range creds {
		if creds[i].KeyedHash != "" {
			creds[i].KeyedHash = "#"
		}
	}
	return creds
}

func TestEnvironment(t *testing.T) {
	vars := map[string]string{
		"DB_HOST": "db.corp.internal", "DB_PORT": "5432", "DB_NAME": "crm", "DB_USER": "svc_app", "DB_PASSWORD": "Tr0ub4dor&3",
		"DATABASE_URL": "postgres://app:p@ss/w0rd@db2.corp.internal/main?sslmode=require",
		"SECRET_ARN":   "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf",
		"QUEUE_ARN":    "arn:aws:sqs:eu-west-1:111122223333:jobs",
		"AWS_REGION":   "eu-west-1", "DEBUG": "true", "PIN": "482913", "NOTE": "just some words", "EMPTY": "",
		"AWS_ACCESS_KEY_ID": "AKIAJ7QX2M5PLR6TWZ4B", "AWS_SECRET_ACCESS_KEY": "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",
		"HOOK": "https://hooks.slack.com/services/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", "SESSION_SECRET": "short",
		"REPLICA": "Crm.abc123.eu-west-1.rds.amazonaws.com:5432", "API": "https://api.corp.example/v1", "WEIRD_URL": "https://api.corp.example/v1?sig=abc", "OWNER": "ann@corp.example",
	}
	clean, found := NewScrubber(hasher(t)).Environment(vars, "fn")
	want := map[string]string{
		"DB_HOST": "db.corp.internal", "DB_PORT": "5432", "DB_NAME": "crm", "DB_USER": "svc_app", "DB_PASSWORD": "[removed:generic_password]",
		"DATABASE_URL": "postgres://app:[removed:db_url_credentials]@db2.corp.internal/main?sslmode=require",
		"SECRET_ARN":   vars["SECRET_ARN"], "QUEUE_ARN": vars["QUEUE_ARN"], "AWS_REGION": "eu-west-1", "DEBUG": "true", "EMPTY": "",
		"PIN": "[removed:unclassified]", "NOTE": "[removed:unclassified]", "AWS_ACCESS_KEY_ID": vars["AWS_ACCESS_KEY_ID"],
		"AWS_SECRET_ACCESS_KEY": "[removed:aws_secret_key]", "HOOK": "[removed:slack_token]", "SESSION_SECRET": "[removed:generic_password]",
		"REPLICA": vars["REPLICA"], "API": vars["API"], "WEIRD_URL": "[removed:unclassified]", "OWNER": "[removed:email_address]",
	}
	if diff := cmp.Diff(want, clean); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	wantFound := []sit.Credential{
		{Kind: sit.AccessKey, Type: "aws_access_key", Locator: "AKIAJ7QX2M5PLR6TWZ4B", FoundAt: "fn#AWS_ACCESS_KEY_ID"},
		{Kind: sit.AccessKey, Type: "aws_secret_key", Locator: "AKIAJ7QX2M5PLR6TWZ4B", FoundAt: "fn#AWS_SECRET_ACCESS_KEY", KeyedHash: "#"},
		{Kind: sit.DatabaseLogin, Type: "db_url_credentials", Locator: "db2.corp.internal:5432/main/app", FoundAt: "fn#DATABASE_URL", KeyedHash: "#"},
		{Kind: sit.DatabaseLogin, Type: "generic_password", Locator: "db.corp.internal:5432/crm/svc_app", FoundAt: "fn#DB_PASSWORD", KeyedHash: "#"},
		{Kind: sit.Webhook, Type: "slack_token", Locator: "hooks.slack.com", FoundAt: "fn#HOOK", KeyedHash: "#"},
		{Kind: sit.DatabaseHost, Locator: "crm.abc123.eu-west-1.rds.amazonaws.com:5432", FoundAt: "fn#REPLICA"},
		{Kind: sit.SecretRef, Locator: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf", FoundAt: "fn#SECRET_ARN"},
		{Kind: sit.Password, Type: "generic_password", Locator: "SESSION_SECRET", FoundAt: "fn#SESSION_SECRET", KeyedHash: "#"},
	}
	if diff := cmp.Diff(wantFound, withoutHashes(found)); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
}

func TestText(t *testing.T) {
	script := "#!/bin/bash\nexport AWS_ACCESS_KEY_ID=AKIAJ7QX2M5PLR6TWZ4B\nexport AWS_SECRET_ACCESS_KEY=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\nmysql -h db -e 'x' mysql://root:Zx81Spectrum@db.corp:3306/app\necho done\n"
	clean, found := NewScrubber(hasher(t)).Text(script, "i-1")
	want := "#!/bin/bash\nexport AWS_ACCESS_KEY_ID=AKIAJ7QX2M5PLR6TWZ4B\nexport AWS_SECRET_ACCESS_KEY=[removed:aws_secret_key]\nmysql -h db -e 'x' mysql://root:[removed:db_url_credentials]@db.corp:3306/app\necho done\n"
	if diff := cmp.Diff(want, clean); diff != "" {
		t.Error(diff)
	}
	if len(found) != 3 || found[1].Locator != "AKIAJ7QX2M5PLR6TWZ4B" || found[2].Locator != "db.corp:3306/app/root" {
		t.Errorf("found %+v", found)
	}
}

func TestJSONDocuments(t *testing.T) {
	script := base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\nexport DB_PASSWORD=Tr0ub4dor33\n"))
	doc := `{"Functions":[{"Name":"a","Environment":{"Variables":{"DB_HOST":"db.corp.internal","DB_PASSWORD":"Tr0ub4dor33","N":7}}},
 {"Name":"b","Environment":{"Variables":{"DB_HOST":"db3.corp.internal","DB_PASSWORD":"other-Pw9"}}}],
 "containerDefinitions":[{"environment":[{"name":"TOKEN","value":"9f86d081884c7d659a2feaa0c55ad015"},{"name":"PORT","value":"8080"}],"secrets":[{"name":"PW","valueFrom":"arn:aws:ssm:eu-west-1:111122223333:parameter/pw"}]}],
 "UserData":{"Value":"` + script + `"}, "AccessKeyMetadata":[{"AccessKeyId":"AKIAJ7QX2M5PLR6TWZ4B"}],
 "Policy":"{\"Action\":\"secretsmanager:GetSecretValue\"}", "PasswordLastUsed":"2024-03-01T10:00:00Z", "MetadataOptions":{"HttpTokens":"required"},
 "Tags":[{"Key":"owner","Value":"ann@corp.example"},{"Key":"api_token","Value":"ghp_hx7rbice4qbtm1rbz3z1i1no8m0x5aqczc9q"}], "NextToken":"9f86d081884c7d659a2feaa0c55ad015"}`
	clean, found, err := NewScrubber(hasher(t)).JSON([]byte(doc), "d")
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid(clean) {
		t.Fatalf("not JSON any more: %s", clean)
	}
	for _, secret := range []string{"Tr0ub4dor33", "other-Pw9", "9f86d081884c7d659a2feaa0c55ad015\"},", script, "ghp_hx7"} {
		if strings.Contains(string(clean), secret) {
			t.Errorf("%q is still there", secret)
		}
	}
	for _, kept := range []string{"db.corp.internal", `"8080"`, "parameter/pw", "AKIAJ7QX2M5PLR6TWZ4B", "GetSecretValue", "2024-03-01T10:00:00Z", `"HttpTokens":"required"`, "ann@corp.example", `"NextToken":"9f86`} {
		if !strings.Contains(string(clean), kept) {
			t.Errorf("%q is gone from %s", kept, clean)
		}
	}
	var places []string
	for _, c := range found {
		places = append(places, string(c.Kind)+" "+c.Locator+" "+c.FoundAt)
	}
	want := []string{
		"databaseLogin db.corp.internal d#Functions[].Environment.Variables.DB_PASSWORD",
		"databaseLogin db3.corp.internal d#Functions[].Environment.Variables.DB_PASSWORD",
		"token  d#containerDefinitions[].environment[].value.TOKEN",
		"password  d#UserData.Value",
		"token github.com d#Tags[].Value",
	}
	if diff := cmp.Diff(want, places); diff != "" {
		t.Error(diff)
	}
	if _, _, err := NewScrubber(hasher(t)).JSON([]byte(`{"a":`), "d"); err == nil {
		t.Error("what is not JSON is let through")
	}
}

func TestHashesLink(t *testing.T) {
	_, a := NewScrubber(hasher(t)).Environment(map[string]string{"PASSWORD": "Tr0ub4dor33"}, "a")
	_, b := NewScrubber(hasher(t)).Text("password: Tr0ub4dor33\n", "b")
	other, err := NewHasher([]byte("another key of enough bytes"))
	if err != nil {
		t.Fatal(err)
	}
	_, c := NewScrubber(other).Text("password: Tr0ub4dor33\n", "c")
	if a[0].KeyedHash != b[0].KeyedHash || a[0].KeyedHash == c[0].KeyedHash {
		t.Errorf("hashes %q %q %q: want the first two equal, the third not", a[0].KeyedHash, b[0].KeyedHash, c[0].KeyedHash)
	}
}

// A planted secret never survives, wherever in a document it stands, and the
// result stays JSON with the same keys.
func TestPlantedSecretsNeverSurvive(t *testing.T) {
	secrets := []string{"ghp_hx7rbice4qbtm1rbz3z1i1no8m0x5aqczc9q", "AKIAJ7QX2M5PLR6TWZ4B/qTs9Kf2LpVx7Rb4Wm8Yc3Zd6Nh1Jg5Ua0Ie+Oi/E", "xoxb-781236542736-2364535789652-GkwFDQoHqzXDVsC6GzqYUypD", "sk_live_51H8rXyQ2mNpL7vKj"}
	s := NewScrubber(hasher(t))
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.SampledFrom(append(secrets[:1:1], secrets[2:]...)).Draw(t, "secret")
		var value any = rapid.SampledFrom([]string{"", "x ", "a=\"", "\n", "é,"}).Draw(t, "before") + secret
		for range rapid.IntRange(0, 4).Draw(t, "depth") {
			key := rapid.SampledFrom([]string{"a", "Environment", "Variables", "value", "UserData", "é\"k"}).Draw(t, "key")
			if rapid.Bool().Draw(t, "list") {
				value = []any{1, value, nil}
			} else {
				value = map[string]any{key: value, "name": "PLAIN", "z": true}
			}
		}
		doc, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		clean, found, err := s.JSON(doc, "d")
		if err != nil {
			t.Fatalf("%s: %v", doc, err)
		}
		if !json.Valid(clean) || strings.Contains(string(clean), secret) || len(found) == 0 {
			t.Fatalf("%s became %s, found %v", doc, clean, found)
		}
	})
}
