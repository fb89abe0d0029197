package settings

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/graph/sit"
	"pgregory.net/rapid"
)

func TestLabelFor(t *testing.T) {
	s := Default()
	for name, c := range map[string]struct {
		found Counts
		label string
		line  bool
	}{
		"nothing":          {nil, "", false},
		"zero":             {Counts{"us_ssn": 0}, "", false},
		"one person":       {Counts{"email_address": 1}, "Confidential", true},
		"sum of category":  {Counts{"email_address": 60, "us_ssn": 40}, "Highly Confidential", true},
		"credential first": {Counts{"iban": 5, "github_token": 1}, "Highly Confidential", true},
		"financial":        {Counts{"iban": 5}, "Confidential", true},
		"unknown type":     {Counts{"nonsense": 500}, "", false},
	} {
		label, rule := s.LabelFor(c.found)
		if label != c.label || (rule != nil) != c.line {
			t.Errorf("%s: %q, %v; want %q", name, label, rule, c.label)
		}
	}
	only, err := Parse("f", []byte("types: {enabled: [PCI, us_ssn]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if label, _ := only.LabelFor(Counts{"email_address": 500}); label != "" {
		t.Errorf("a type that is switched off gives %q", label)
	}
	if label, _ := only.LabelFor(Counts{"email_address": 500, "us_ssn": 1}); label != "Confidential" {
		t.Errorf("an enabled type gives %q", label)
	}
}

// A datastore never gets a less sensitive label by holding more.
func TestLabelForIsMonotone(t *testing.T) {
	s := Default()
	ids := []string{"us_ssn", "email_address", "iban", "credit_card_number", "us_npi", "github_token"}
	rapid.Check(t, func(t *rapid.T) {
		found, more := Counts{}, Counts{}
		for _, id := range ids {
			n := rapid.IntRange(0, 200).Draw(t, id)
			found[sit.ID(id)] = n
			more[sit.ID(id)] = n + rapid.IntRange(0, 200).Draw(t, id+"+")
		}
		a, _ := s.LabelFor(found)
		b, _ := s.LabelFor(more)
		if a != "" && s.Labels.Rank(b) < s.Labels.Rank(a) {
			t.Fatalf("%v is %q but %v is %q", found, a, more, b)
		}
	})
}

func TestAssume(t *testing.T) {
	s := Default()
	for name, c := range map[string]struct {
		name    string
		tags    map[string]string
		label   string
		because string
	}{
		"name":          {"prod-customers", nil, "Confidential", "name contains customer"},
		"camel case":    {"NightlyBackup", nil, "Confidential", "name contains backup"},
		"inside a word": {"discarded-objects", nil, "", ""},
		"longer word":   {"dumpster", nil, "", ""},
		"tag":           {"x", map[string]string{"PII": "true"}, "Confidential", "tag PII=true"},
		"tag denies":    {"x", map[string]string{"pii": "false"}, "", ""},
		"highest tag":   {"x", map[string]string{"pii": "yes", "phi": "yes"}, "Highly Confidential", "tag phi=yes"},
		"value":         {"x", map[string]string{"data-classification": "highly-confidential"}, "Highly Confidential", "tag data-classification=highly-confidential"},
		"public value":  {"customers", map[string]string{"data-classification": "public"}, "Public", "tag data-classification=public"},
		"odd value":     {"x", map[string]string{"data-classification": "odd"}, "", ""},
	} {
		got, ok := s.Assume(c.name, c.tags)
		if got.Label != c.label || got.Because != c.because || ok != (c.label != "") {
			t.Errorf("%s: %+v, %v; want %q because %q", name, got, ok, c.label, c.because)
		}
	}
}

func TestSensitive(t *testing.T) {
	s := Default()
	for label, want := range map[string]bool{"Internal": false, "Confidential": true, "Confidential/HR": true, "Other": false, "": false} {
		if s.Sensitive(label) != want {
			t.Errorf("Sensitive(%q) = %v", label, !want)
		}
	}
}

func TestPriorsAndImpact(t *testing.T) {
	p := Default().Priors
	if got, ok := p.EntryFor("leaked-key", "in-text"); !ok || got.Value != 0.9 {
		t.Errorf("variant: %+v", got)
	}
	if got, ok := p.EntryFor("leaked-key", "unheard-of"); !ok || got.Value != 0.05 {
		t.Errorf("fallback: %+v", got)
	}
	if _, ok := p.EntryFor("unheard-of", ""); ok {
		t.Error("an unknown entry has a prior")
	}
	if p.TechniqueFor("unheard-of") != p.Technique["default"] {
		t.Error("an unknown technique does not get the default")
	}
	for _, c := range []struct {
		label, outcome string
		records        int64
		want           float64
	}{
		{"Highly Confidential", "read", -1, 1000},
		{"Highly Confidential", "read", 0, 500},
		{"Confidential", "write", 99999, 1000 * 0.6 * 0.8 * 1},
		{"Internal", "destroy", 999, 1000 * 0.2 * 0.9 * 0.8},
		{"", "read", -1, 300},
		{"Public", "read", -1, 0},
	} {
		if got := p.ImpactOf(c.label, c.outcome, c.records); math.Abs(got-c.want) > 0.01 {
			t.Errorf("ImpactOf(%q, %q, %d) = %v, want %v", c.label, c.outcome, c.records, got, c.want)
		}
	}
	for risk, want := range map[float64]string{0: "low", 20: "medium", 80: "high", 199: "high", 200: "critical"} {
		if got := p.Levels.Of(risk); got != want {
			t.Errorf("level of %v = %s, want %s", risk, got, want)
		}
	}
}

func TestGlobAgreesWithRegexp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringMatching(`[ab*]{0,6}`).Draw(t, "pattern")
		text := rapid.StringMatching(`[ab]{0,8}`).Draw(t, "text")
		want := regexp.MustCompile("^" + strings.ReplaceAll(pattern, "*", ".*") + "$").MatchString(text)
		if got := glob(pattern, text); got != want {
			t.Fatalf("glob(%q, %q) = %v", pattern, text, got)
		}
	})
}
