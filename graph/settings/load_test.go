package settings

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cairn-security/cairn/graph/sit"
	"github.com/google/go-cmp/cmp"
)

func TestDefault(t *testing.T) {
	s := Default()
	if s.Threshold != "Confidential" || len(s.Labels) != 4 || len(s.Rules) != 6 || !s.Discovery.On {
		t.Fatalf("unexpected defaults: %+v", s)
	}
	if want := (Budget{1 << 30, 5000, 20000, 30 * time.Minute}); s.Discovery.Budget != want {
		t.Errorf("budget %+v, want %+v", s.Discovery.Budget, want)
	}
	if s.Types.MinConfidence != sit.Medium {
		t.Errorf("minConfidence %v", s.Types.MinConfidence)
	}
	for key, prior := range s.Priors.Entry {
		if prior.Reason == "" || prior.Source == "" {
			t.Errorf("entry %s has no source or reason: %+v", key, prior)
		}
	}
	for key, prior := range s.Priors.Technique {
		if prior.Reason == "" || prior.Source == "" || prior.Value <= 0 {
			t.Errorf("technique %s is incomplete: %+v", key, prior)
		}
	}
	if diff := cmp.Diff(s, Default()); diff != "" {
		t.Errorf("two defaults differ: %s", diff)
	}
}

func TestParseKeepsWhatIsNotNamed(t *testing.T) {
	s, err := Parse("own.yaml", []byte("version: 1\nthreshold: Internal\ndiscovery:\n  exclude: [\"arn:aws:s3:::logs-*\"]\n  budget: {bytes: 500MB}\npriors:\n  entry: {leaked-key: 0.2}\n  technique:\n    data-read: {value: 0.5, source: measured, reason: red team of 2025}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if s.Threshold != "Internal" || len(s.Rules) != 6 || !s.Discovery.On || s.Discovery.Budget.Bytes != 500e6 || s.Discovery.Budget.Objects != 5000 {
		t.Errorf("unexpected %+v", s)
	}
	if got := s.Priors.Entry["leaked-key"]; got.Value != 0.2 || got.Source != "assumed" || !strings.Contains(got.Reason, "line 7") {
		t.Errorf("override: %+v", got)
	}
	if got := s.Priors.Technique["data-read"]; got != (Prior{0.5, "measured", "red team of 2025"}) {
		t.Errorf("override: %+v", got)
	}
	if Default().Priors.Entry["leaked-key"].Value != 0.05 {
		t.Error("an override leaks into the defaults")
	}
	if !s.Excluded("arn:aws:s3:::logs-2024", "logs-2024") || s.Excluded("arn:aws:s3:::data", "data") {
		t.Error("exclude does not match as a pattern")
	}
}

func TestOwnLabels(t *testing.T) {
	s, err := Parse("own.yaml", []byte(`labels: [Open, Closed, Closed/HR, Secret]
threshold: Closed
rules: [{when: {category: PII, atLeast: 5}, label: Closed/HR}, {when: {type: us_ssn}, label: Secret}]
assumed: {tags: {class: value}, label: Closed}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{"Open": 0.1, "Closed": 0.4, "Closed/HR": 0.7, "Secret": 1, "Secret/Board": 1, "Other": 0.3}
	for label, weight := range want {
		if got := s.Priors.LabelWeight(label); got < weight-1e-9 || got > weight+1e-9 {
			t.Errorf("weight of %s = %v, want %v", label, got, weight)
		}
	}
	if _, ok := Default().Priors.Impact.Label["Open"]; ok {
		t.Error("own labels leak into the defaults")
	}
}

func TestFaultsAreAllListedWithTheirLine(t *testing.T) {
	src := `version: 2
labels: [Public, Internal, Confidential, Highly Confidential]
treshold: Internal
types: {enabled: [PII, nonsense], minConfidence: sure}
rules:
  - {when: {category: Pii}, label: Confidential}
  - {when: {type: us_ssn, category: PII}, label: Confidential}
  - {when: {type: us_ssn, atLeast: none}, label: Top Secret}
discovery: {default: maybe, budget: {bytes: lots}}
customTypes:
  - {id: us_ssn, pattern: "a("}
  - {id: Bad Id, pattern: x}
intendedAccess: [{datastore: a}]
priors:
  entry: {leaked-key: 1.5, unheard-of: 0.5}
  technique: {default: {value: 0.5}}
  levels: {critical: 1}
  impact: {label: {Odd: 0.5}}
`
	_, err := Parse("f.yaml", []byte(src))
	var all *Error
	if !errors.As(err, &all) {
		t.Fatalf("error is %T: %v", err, err)
	}
	want := []string{
		`f.yaml:1: version: 2 is not known, want 1`,
		`f.yaml:3: settings: unknown key "treshold", did you mean "threshold"?`,
		`f.yaml:4: types.minConfidence: confidence "sure": want low, medium or high`,
		`f.yaml:4: types.enabled: "nonsense" is neither a category nor a type`,
		`f.yaml:6: rules: unknown category "Pii"`,
		"f.yaml:7: rules: a rule needs `when` with either a category or a type",
		`f.yaml:8: rules.when.atLeast: want a whole number of 1 or more, found "none"`,
		`f.yaml:8: rules: "Top Secret" is no label (they are Public, Internal, Confidential, Highly Confidential)`,
		`f.yaml:9: discovery.default: want on or off, found "maybe"`,
		`f.yaml:9: discovery.budget.bytes: want a size such as 1GiB or 500MB, found "lots"`,
		`f.yaml:11: customTypes: id "us_ssn" is taken`,
		"f.yaml:11: customTypes: us_ssn: error parsing regexp: missing closing ): `a(`",
		`f.yaml:12: customTypes: id "Bad Id": want lower case letters, digits and underscores`,
		`f.yaml:13: intendedAccess: needs a datastore and principals or regions`,
		`f.yaml:15: priors.entry.leaked-key: want a number from 0 to 1, found "1.5"`,
		`f.yaml:15: priors.entry: unknown key "unheard-of"`,
		`f.yaml:16: priors.technique.default: needs a value and a reason`,
		`f.yaml:17: priors.levels: want critical >= high >= medium`,
		`f.yaml:18: priors.impact.label: "Odd" is no label`,
	}
	if diff := cmp.Diff(want, strings.Split(all.Error(), "\n")); diff != "" {
		t.Errorf("faults differ (-want +got):\n%s", diff)
	}
}

func TestOddFiles(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"syntax":       {"version: 1\nlabels: [a, b\n", ":"},
		"list":         {"- a\n- b\n", "f:1: settings: want a mapping, found a list"},
		"twice":        {"threshold: Public\nthreshold: Internal\n", "f:2"},
		"two docs":     {"version: 1\n---\nversion: 1\n", "a second document"},
		"alias":        {"labels: &l [Public]\nthreshold: *l\n", "anchor or alias"},
		"labels alone": {"labels: [A, B]\n", `with labels of your own, give "rules" too`},
		"type":         {"threshold: [x]\n", "f:1: threshold: want text, found a list"},
		"no label":     {"labels: []\n", "at least one"},
	} {
		_, err := Parse("f", []byte(c.src))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
	for name, src := range map[string]string{"empty": "", "comment": "# nothing\n", "empty doc": "---\n"} {
		s, err := Parse("f", []byte(src))
		if err != nil || s.Hash() != Default().Hash() {
			t.Errorf("%s: %v, want the defaults", name, err)
		}
	}
}

func TestLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.yaml")
	if _, err := Load(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if err := os.WriteFile(path, []byte("threshold: Public\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Load(path)
	if err != nil || s.Threshold != "Public" {
		t.Errorf("Load = %v, %v", s, err)
	}
	if s.Hash() == Default().Hash() {
		t.Error("different settings have one hash")
	}
	if s, err := Load(""); err != nil || s.Hash() != Default().Hash() {
		t.Errorf("no path: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(string(defaultSettings))
	f.Add("priors:\n" + "  entry: {leaked-key: 0.1}\n")
	f.Add("labels: &a [x]\nrules: *a\n<<: {}\n? [a]\n: b\n")
	f.Fuzz(func(t *testing.T, src string) {
		s, err := Parse("f", []byte(src))
		if (s == nil) == (err == nil) {
			t.Fatalf("settings %v and error %v", s, err)
		}
		if s != nil {
			s.LabelFor(Counts{"us_ssn": 3})
			s.Assume("prod-customers", map[string]string{"pii": "true"})
			s.Hash()
		}
	})
}
