package settings

import (
	"crypto/sha256"
	_ "embed" // the defaults are part of the executable
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"strings"
	"sync"

	"github.com/cairn-security/cairn/graph/sit"
)

//go:embed settings.yaml
var defaultSettings []byte

//go:embed priors.yaml
var defaultPriors []byte

// maxFile bounds a settings file; nobody writes more by hand.
const maxFile = 4 << 20

// Default returns the settings that hold without a file.
func Default() *Settings {
	s := *embedded()
	return &s
}

// embedded is read once. It panics only if the embedded files are broken,
// which a test rules out.
var embedded = sync.OnceValue(func() *Settings {
	r := &reader{}
	root, _ := r.root(defaultPriors)
	at := lines{labelWeights: map[string]int{}}
	base := Settings{Priors: r.priors(root, Priors{}, &at)}
	s, given := r.parse(defaultSettings, base)
	r.check(&s, given)
	if err := r.err("embedded settings"); err != nil {
		panic(err)
	}
	return &s
})

// Load reads a settings file over the defaults: parts that the file does not
// name keep their default. An empty path gives the defaults. The error is an
// *Error that lists every fault, or says why the file cannot be read.
func Load(path string) (*Settings, error) {
	if path == "" {
		return Default(), nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("settings: %s is larger than %d MiB", path, maxFile>>20)
	}
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	return Parse(path, src)
}

// Parse reads the text of a settings file; name is used in errors.
func Parse(name string, src []byte) (s *Settings, err error) {
	// The YAML library is trusted less than its callers trust this package.
	defer func() {
		if p := recover(); p != nil {
			s, err = nil, &Error{name, []Fault{{0, fmt.Sprintf("not readable as YAML: %v", p)}}}
		}
	}()
	r := &reader{}
	base := Default()
	if len(src) > maxFile {
		return nil, &Error{name, []Fault{{0, "the file is too large"}}}
	}
	own, at := r.parse(src, *base)
	r.check(&own, at)
	if err := r.err(name); err != nil {
		return nil, err
	}
	return &own, nil
}

// Hash identifies the settings by content: equal settings give equal hashes,
// wherever they were read from. Results are cached under it.
func (s *Settings) Hash() string {
	raw, err := json.Marshal(s)
	if err != nil {
		return "" // unreachable: no field can fail to encode
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:16])
}

var idForm = regexp.MustCompile(`^[a-z][a-z0-9_]{1,62}$`)

// check compares the parts with each other.
func (r *reader) check(s *Settings, at lines) {
	if at.given["labels"] {
		s.Priors.Impact.Label = maps.Clone(s.Priors.Impact.Label)
	}
	if err := s.Labels.Check(); err != nil {
		r.add(at.labels, "%v", err)
		return
	}
	for label, line := range at.labelWeights {
		if label != labelUnknown && s.Labels.Rank(label) < 0 {
			r.add(line, "priors.impact.label: %q is no label", label)
		}
	}
	spreadWeights(s.Labels, s.Priors.Impact.Label)
	r.checkCustomTypes(s)
	r.checkLabel(s, at, "threshold", s.Threshold, at.threshold)
	for _, name := range s.Types.Enabled {
		if _, ok := s.CategoryOf(sit.ID(name)); !ok && !sit.Category(name).Known() {
			r.add(at.enabled, "types.enabled: %q is neither a category nor a type", name)
		}
	}
	for _, rule := range s.Rules {
		if rule.Category != "" && !rule.Category.Known() {
			r.add(rule.Line, "rules: unknown category %q", rule.Category)
		}
		if _, ok := s.CategoryOf(rule.Type); rule.Type != "" && !ok {
			r.add(rule.Line, "rules: unknown type %q", rule.Type)
		}
		if rule.Label != "" {
			r.checkLabel(s, at, "rules", rule.Label, rule.Line)
		}
	}
	for _, tag := range s.Assumed.Tags {
		if tag.Label != valueIsLabel {
			r.checkLabel(s, at, "assumed", tag.Label, at.assumedTags[tag.Key])
		}
	}
	r.checkLabel(s, at, "assumed", s.Assumed.Label, at.assumedLabel)
}

// checkLabel reports a label that is not listed; where the file changed the
// labels and left the part that speaks of them, it says so.
func (r *reader) checkLabel(s *Settings, at lines, part, label string, line int) {
	if s.Labels.Rank(label) >= 0 {
		return
	}
	if !at.given[part] {
		r.add(at.labels, "labels: with labels of your own, give %q too: its default names %q", part, label)
		return
	}
	r.add(line, "%s: %q is no label (they are %s)", part, label, strings.Join(s.Labels, ", "))
}

func (r *reader) checkCustomTypes(s *Settings) {
	seen := map[sit.ID]bool{}
	for _, t := range s.CustomTypes {
		_, taken := sit.Lookup(t.ID)
		switch {
		case !idForm.MatchString(string(t.ID)):
			r.add(t.Line, "customTypes: id %q: want lower case letters, digits and underscores", t.ID)
		case taken || seen[t.ID]:
			r.add(t.Line, "customTypes: id %q is taken", t.ID)
		case !t.Category.Known():
			r.add(t.Line, "customTypes: %s: unknown category %q", t.ID, t.Category)
		}
		seen[t.ID] = true
		re, err := regexp.Compile(t.Pattern)
		switch {
		case t.Pattern == "" || len(t.Pattern) > 1000:
			r.add(t.Line, "customTypes: %s: needs a pattern of at most 1000 characters", t.ID)
		case err != nil:
			r.add(t.Line, "customTypes: %s: %v", t.ID, err)
		case re.MatchString(""):
			r.add(t.Line, "customTypes: %s: the pattern matches empty text", t.ID)
		}
	}
}
