package policy

import (
	"errors"
	"strings"
	"testing"
)

func TestParseReportsPlaces(t *testing.T) {
	for _, tc := range []struct {
		name, doc    string
		pointer      string
		line, column int
		reason       string
		statements   int // kept by the lenient reader
	}{
		{"not JSON", "{\n  nonsense", "", 2, 3, "member name expected", 0},
		{"not an object", `[]`, "", 1, 1, "a policy document is a JSON object", 0},
		{"trailing data", `{"Statement":[]} x`, "", 1, 18, "data after the end", 0},
		{"invalid UTF-8", "{\"Statement\":\"\xff\"}", "", 1, 15, "invalid UTF-8", 0},
		{"no statement", `{"Version":"2012-10-17"}`, "", 1, 1, "no Statement", 0},
		{"bad version", `{"Version":"2011","Statement":[]}`, "/Version", 1, 12, "Version is", 0},
		{"bad effect", "{\"Statement\":[\n{\"Effect\":\"allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}", "/Statement/0/Effect", 2, 11, "Effect is", 0},
		{"second of two is bad", `{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Allow","Resource":"*"}]}`, "/Statement/1", 1, 62, "no Action", 1},
		{"both actions", `{"Statement":{"Effect":"Allow","Action":"*","NotAction":"s3:*"}}`, "/Statement/NotAction", 1, 45, "exclude each other", 0},
		{"duplicate key", `{"Statement":{"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"}}`, "/Statement/Effect", 1, 32, "appears twice", 0},
		{"action without service", `{"Statement":{"Effect":"Allow","Action":"GetObject","Resource":"*"}}`, "/Statement/Action", 1, 41, "not service:name", 0},
		{"number as resource", `{"Statement":{"Effect":"Allow","Action":"*","Resource":[1]}}`, "/Statement/Resource/0", 1, 57, "string expected", 0},
		{"unknown operator", `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringSounds":{"a:b":"c"}}}}`, "/Statement/Condition/StringSounds", 1, 73, "unknown condition operator", 1},
		{"unknown element", `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Foo":1}}`, "/Statement/Foo", 1, 60, "unknown element", 0},
		{"unknown principal type", `{"Statement":{"Effect":"Allow","Action":"*","Principal":{"GCP":"x"}}}`, "/Statement/Principal/GCP", 1, 58, "unknown principal type", 0},
		{"pointer escapes", `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"a/b~c":null}}}}`, "/Statement/Condition/StringEquals/a~1b~0c", 1, 97, "expected", 0},
		{"too deep", `{"Statement":` + strings.Repeat("[", 100), "", 1, 46, "nested deeper", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Parse("doc", []byte(tc.doc))
			var p *ParseError
			if !errors.As(err, &p) {
				t.Fatalf("error %v is no ParseError", err)
			}
			if p.Pointer != tc.pointer || p.Line != tc.line || p.Column != tc.column || !strings.Contains(p.Reason, tc.reason) {
				t.Errorf("%+v, want %q at %d:%d: %s", *p, tc.pointer, tc.line, tc.column, tc.reason)
			}
			if p.Document != "doc" || !strings.HasPrefix(p.Error(), "doc:") {
				t.Errorf("error %q does not name the document", p)
			}
			if got := len(ParseLenient("doc", []byte(tc.doc)).Statements); got != tc.statements {
				t.Errorf("lenient reader kept %d statements, want %d", got, tc.statements)
			}
		})
	}
}

func TestParsePositions(t *testing.T) {
	text := "{\"Statement\": [\n  {\"Sid\":\"A\",\"Effect\":\"Allow\",\"Action\":[\"s3:*\"],\"Resource\":\"*\"},\n  {\"Effect\":\"Deny\",\"NotAction\":\"iam:*\",\"NotResource\":[\"a\",\"b\"],\"Condition\":{\"Bool\":{\"aws:SecureTransport\":false},\"NumericEquals\":{\"s3:max-keys\":10}}}\n]}"
	d, err := Parse("", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	a, b := d.Statements[0], d.Statements[1]
	if a.Sid != "A" || a.Line != 2 || a.Pointer != "/Statement/0" || text[a.Start] != '{' || text[a.End-1] != '}' {
		t.Errorf("first statement %+v", a)
	}
	if b.Effect != Deny || !b.NotAction || !b.NotResource || b.Line != 3 || len(b.Conditions) != 2 {
		t.Errorf("second statement %+v", b)
	}
	if c := b.Conditions[1]; c.Key != "s3:max-keys" || c.Values[0] != "10" || c.Pointer != "/Statement/1/Condition/NumericEquals/s3:max-keys" {
		t.Errorf("condition %+v", c)
	}
	if d.Version != Version2008 {
		t.Errorf("a document without Version is %s", d.Version)
	}
}

func TestAnchorIgnoresLayout(t *testing.T) {
	one, _ := Parse("", []byte(`{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"a<b>&c"}}`))
	two, _ := Parse("", []byte(`{"Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}, {"Resource" : "a<b>&c", "Action":"s3:*","Effect":"Allow"}]}`))
	if one.Statements[0].Anchor != two.Statements[1].Anchor {
		t.Error("layout and order change the anchor")
	}
	if two.Statements[0].Anchor == two.Statements[1].Anchor {
		t.Error("different statements share an anchor")
	}
}

func TestHostileDocuments(t *testing.T) {
	many := `{"Statement":[` + strings.TrimSuffix(strings.Repeat(`{"Effect":"Allow","Action":"s3:*","Resource":"*"},`, 100_000), ",") + `]}`
	for name, doc := range map[string]string{
		"100,000 statements": many,
		"deep nesting":       strings.Repeat(`{"Statement":`, 100_000),
		"large":              `{"Statement":"` + strings.Repeat("x", MaxBytes) + `"}`,
		"surrogates":         `{"Statement":"\ud800"}`,
		"empty":              "",
	} {
		d := ParseLenient(name, []byte(doc))
		if !d.Incomplete() || len(d.Problems) == 0 {
			t.Errorf("%s: no problem reported", name)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"Version":"2012-10-17","Statement":[{"Sid":"x","Effect":"Allow","Principal":{"AWS":["*"]},"Action":["s3:Get*"],"Resource":"arn:aws:s3:::${aws:username, 'x'}/*","Condition":{"ForAnyValue:StringLikeIfExists":{"aws:TagKeys":["a*",1,true]}}}]}`))
	f.Add([]byte(`{"Statement":{"Effect":"Deny","NotPrincipal":"*","NotAction":"*","NotResource":"*"}}`))
	f.Add([]byte("{\"Statement\":[{},{\"Effect\":\"\\u00e4\"}]}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := ParseLenient("fuzz", data)
		for _, p := range d.Problems {
			if p.Offset < 0 || p.Offset > len(data) || p.Line < 1 || p.Column < 1 {
				t.Fatalf("place outside the document: %+v", p)
			}
		}
		for _, s := range d.Statements {
			if s.Start < 0 || s.End > len(data) || s.Start >= s.End || s.Anchor == "" {
				t.Fatalf("statement %+v", s)
			}
		}
		if canon, err := Canonical("fuzz", data); err == nil {
			again, err := Canonical("fuzz", canon)
			if err != nil || string(again) != string(canon) {
				t.Fatalf("canonical form is not stable: %q, %q, %v", canon, again, err)
			}
		}
		Compile(d)
	})
}
