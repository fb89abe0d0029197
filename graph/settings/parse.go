package settings

import (
	"strings"

	"github.com/cairn-security/cairn/graph/sit"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// valueIsLabel as a tag's label means that the tag's value is the label.
const valueIsLabel = "value"

// fileVersion is the only version of the file so far.
const fileVersion = 1

// lines remembers where the parts that are checked against each other stand.
type lines struct {
	labels, threshold, enabled, assumedLabel, customTypes int
	given                                                 map[string]bool
	assumedTags                                           map[string]int
	labelWeights                                          map[string]int
}

// parse lays the YAML in src over base and returns the result with all faults
// noted in r. Labels change first because other parts are checked against
// them.
func (r *reader) parse(src []byte, base Settings) (Settings, lines) {
	at := lines{given: map[string]bool{}, assumedTags: map[string]int{}, labelWeights: map[string]int{}}
	root, ok := r.root(src)
	if !ok {
		return base, at
	}
	s := base
	part := func(name string, read func(n ast.Node, line int)) func(entry) {
		return func(e entry) {
			at.given[name] = true
			read(e.value, e.line)
		}
	}
	r.fields(root, "settings", map[string]func(entry){
		"version": part("version", func(n ast.Node, line int) {
			if s.Version = r.whole(n, "version", 1); s.Version != fileVersion {
				r.add(line, "version: %d is not known, want %d", s.Version, fileVersion)
			}
		}),
		"labels":    part("labels", func(n ast.Node, line int) { s.Labels, at.labels = r.texts(n, "labels"), line }),
		"threshold": part("threshold", func(n ast.Node, line int) { s.Threshold, at.threshold = r.text(n, "threshold"), line }),
		"types":     part("types", func(n ast.Node, _ int) { r.types(n, &s.Types, &at) }),
		"rules": part("rules", func(n ast.Node, _ int) {
			s.Rules = []Rule{}
			for _, item := range r.list(n, "rules") {
				s.Rules = append(s.Rules, r.rule(item))
			}
		}),
		"assumed":   part("assumed", func(n ast.Node, _ int) { r.assumed(n, &s.Assumed, &at) }),
		"discovery": part("discovery", func(n ast.Node, _ int) { r.discovery(n, &s.Discovery) }),
		"customTypes": part("customTypes", func(n ast.Node, line int) {
			s.CustomTypes, at.customTypes = []CustomType{}, line
			for _, item := range r.list(n, "customTypes") {
				s.CustomTypes = append(s.CustomTypes, r.customType(item))
			}
		}),
		"intendedAccess": part("intendedAccess", func(n ast.Node, _ int) {
			s.Intended = []Intended{}
			for _, item := range r.list(n, "intendedAccess") {
				s.Intended = append(s.Intended, r.intended(item))
			}
		}),
		"priors": part("priors", func(n ast.Node, _ int) { s.Priors = r.priors(n, s.Priors, &at) }),
	})
	return s, at
}

// root parses the text down to its one document.
func (r *reader) root(src []byte) (ast.Node, bool) {
	file, err := parser.ParseBytes(src, 0)
	if err != nil {
		line, text := syntaxError(err)
		r.add(line, "%s", text)
		return nil, false
	}
	var root ast.Node
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if root != nil {
			r.add(lineOf(doc.Body), "a second document: one file holds one")
			return nil, false
		}
		root = doc.Body
	}
	return root, true
}

func (r *reader) types(n ast.Node, t *Types, at *lines) {
	r.fields(n, "types", map[string]func(entry){
		"enabled":       func(e entry) { t.Enabled, at.enabled = r.texts(e.value, "types.enabled"), e.line },
		"minConfidence": func(e entry) { t.MinConfidence = r.confidence(e, "types.minConfidence") },
	})
}

func (r *reader) confidence(e entry, what string) (c sit.Confidence) {
	if err := c.UnmarshalText([]byte(r.text(e.value, what))); err != nil {
		r.add(e.line, "%s: %v", what, err)
	}
	return c
}

func (r *reader) rule(n ast.Node) Rule {
	rule := Rule{AtLeast: 1, Line: lineOf(n)}
	when := false
	r.fields(n, "rules", map[string]func(entry){
		"label": func(e entry) { rule.Label = r.text(e.value, "rules.label") },
		"when": func(e entry) {
			when, rule.Line = true, e.line
			r.fields(e.value, "rules.when", map[string]func(entry){
				"category": func(e entry) { rule.Category = sit.Category(r.text(e.value, "rules.when.category")) },
				"type":     func(e entry) { rule.Type = sit.ID(r.text(e.value, "rules.when.type")) },
				"atLeast":  func(e entry) { rule.AtLeast = r.whole(e.value, "rules.when.atLeast", 1) },
			})
		},
	})
	switch {
	case !when || (rule.Category == "") == (rule.Type == ""):
		r.add(rule.Line, "rules: a rule needs `when` with either a category or a type")
	case rule.Label == "":
		r.add(rule.Line, "rules: a rule needs a label")
	}
	return rule
}

func (r *reader) assumed(n ast.Node, a *Assumed, at *lines) {
	r.fields(n, "assumed", map[string]func(entry){
		"tags": func(e entry) {
			a.Tags = []AssumedTag{}
			for _, tag := range r.entries(e.value, "assumed.tags") {
				at.assumedTags[tag.key] = tag.line
				a.Tags = append(a.Tags, AssumedTag{tag.key, r.text(tag.value, "assumed.tags")})
			}
		},
		"names": func(e entry) { a.Names = r.texts(e.value, "assumed.names") },
		"label": func(e entry) { a.Label, at.assumedLabel = r.text(e.value, "assumed.label"), e.line },
	})
}

func (r *reader) discovery(n ast.Node, d *Discovery) {
	r.fields(n, "discovery", map[string]func(entry){
		"default": func(e entry) { d.On = r.onOff(e.value, "discovery.default") },
		"exclude": func(e entry) { d.Exclude = r.texts(e.value, "discovery.exclude") },
		"budget": func(e entry) {
			r.fields(e.value, "discovery.budget", map[string]func(entry){
				"bytes":    func(e entry) { d.Budget.Bytes = r.bytes(e.value, "discovery.budget.bytes") },
				"objects":  func(e entry) { d.Budget.Objects = r.whole(e.value, "discovery.budget.objects", 0) },
				"requests": func(e entry) { d.Budget.Requests = r.whole(e.value, "discovery.budget.requests", 0) },
				"time":     func(e entry) { d.Budget.Time = r.duration(e.value, "discovery.budget.time") },
			})
		},
	})
}

func (r *reader) customType(n ast.Node) CustomType {
	t := CustomType{Category: sit.PII, Confidence: sit.Medium, Line: lineOf(n), Keywords: []string{}}
	r.fields(n, "customTypes", map[string]func(entry){
		"id":         func(e entry) { t.ID, t.Line = sit.ID(r.text(e.value, "customTypes.id")), e.line },
		"name":       func(e entry) { t.Name = r.text(e.value, "customTypes.name") },
		"category":   func(e entry) { t.Category = sit.Category(r.text(e.value, "customTypes.category")) },
		"pattern":    func(e entry) { t.Pattern = r.text(e.value, "customTypes.pattern") },
		"keywords":   func(e entry) { t.Keywords = r.texts(e.value, "customTypes.keywords") },
		"confidence": func(e entry) { t.Confidence = r.confidence(e, "customTypes.confidence") },
	})
	if t.Name == "" {
		t.Name = string(t.ID)
	}
	return t
}

func (r *reader) intended(n ast.Node) Intended {
	in := Intended{Line: lineOf(n), Principals: []string{}, Regions: []string{}}
	r.fields(n, "intendedAccess", map[string]func(entry){
		"datastore":  func(e entry) { in.Datastore, in.Line = r.text(e.value, "intendedAccess.datastore"), e.line },
		"principals": func(e entry) { in.Principals = r.texts(e.value, "intendedAccess.principals") },
		"regions":    func(e entry) { in.Regions = r.texts(e.value, "intendedAccess.regions") },
	})
	if in.Datastore == "" || len(in.Principals)+len(in.Regions) == 0 {
		r.add(in.Line, "intendedAccess: needs a datastore and principals or regions")
	}
	return in
}

// syntaxError finds line and text of a parser's error, which prints as
// "[line:column] text" followed by an excerpt.
func syntaxError(err error) (int, string) {
	first, _, _ := strings.Cut(err.Error(), "\n")
	line := 0
	if rest, ok := strings.CutPrefix(first, "["); ok {
		if position, text, ok := strings.Cut(rest, "] "); ok {
			first = text
			for _, c := range position {
				if c < '0' || c > '9' {
					break
				}
				line = line*10 + int(c-'0')
			}
		}
	}
	return line, first
}
