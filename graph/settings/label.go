package settings

import (
	"strings"

	"github.com/cairn-security/cairn/graph/sit"
)

// Counts are distinct values per type in one datastore.
type Counts map[sit.ID]int

// LabelFor evaluates the label rules on what was found; the first rule that
// matches wins. No match gives no label and no rule: nothing sensitive was
// seen, which says nothing about what was not looked at.
func (s *Settings) LabelFor(found Counts) (label string, rule *Rule) {
	perCategory := make(map[sit.Category]int, len(found))
	for id, n := range found {
		if category, ok := s.CategoryOf(id); ok && s.TypeEnabled(id) {
			perCategory[category] += n
		}
	}
	for i := range s.Rules {
		rule := &s.Rules[i]
		n := perCategory[rule.Category]
		if rule.Type != "" {
			n = 0
			if s.TypeEnabled(rule.Type) {
				n = found[rule.Type]
			}
		}
		if n >= rule.AtLeast {
			return rule.Label, rule
		}
	}
	return "", nil
}

// Sensitive reports whether a label is at or above the tenant's threshold.
func (s *Settings) Sensitive(label string) bool {
	return s.Labels.AtLeast(label, s.Threshold)
}

// Assumption is a label taken from a name or a tag, never found in data.
type Assumption struct {
	Label string `json:"label"`
	// Because says which word or tag spoke.
	Because string `json:"because"`
}

// Assume looks at a datastore's name and tags. Tags speak before names; among
// tags the highest label wins. The second result is false where nothing
// speaks.
func (s *Settings) Assume(name string, tags map[string]string) (Assumption, bool) {
	best := Assumption{}
	for _, rule := range s.Assumed.Tags {
		for key, value := range tags {
			if !strings.EqualFold(key, rule.Key) {
				continue
			}
			label := s.tagLabel(rule, value)
			if label == "" || s.Labels.Rank(label) < 0 {
				continue
			}
			because := "tag " + key + "=" + value
			higher := s.Labels.Rank(label) > s.Labels.Rank(best.Label)
			if best.Label == "" || higher || label == best.Label && because < best.Because {
				best = Assumption{label, because}
			}
		}
	}
	if best.Label != "" {
		return best, true
	}
	for _, word := range s.Assumed.Names {
		if containsWord(name, word) {
			return Assumption{s.Assumed.Label, "name contains " + word}, true
		}
	}
	return Assumption{}, false
}

// tagLabel gives the label a tag's value leads to: the value itself where the
// rule says so, nothing where the value denies what the key asks.
func (s *Settings) tagLabel(rule AssumedTag, value string) string {
	if rule.Label == valueIsLabel {
		for _, label := range s.Labels {
			if strings.EqualFold(foldName(label), foldName(value)) {
				return label
			}
		}
		return ""
	}
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "false", "no", "none", "0", "off", "n", "n/a":
		return ""
	}
	return rule.Label
}

// foldName makes "highly-confidential" and "Highly Confidential" equal.
func foldName(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == ' ' {
			return -1
		}
		return r
	}, s)
}

// containsWord looks for word in name, at word boundaries: a change of letter
// case, a digit or a separator ends a word, and a plural s is allowed. "card"
// is in "prod-cards" and "CardData", not in "discarded".
func containsWord(name, word string) bool {
	lower, word := strings.ToLower(name), strings.ToLower(word)
	if len(lower) != len(name) || word == "" {
		name = lower // lower-casing changed the length: give up on case changes
	}
	for from := 0; ; {
		at := strings.Index(lower[from:], word)
		if at < 0 || word == "" {
			return false
		}
		start := from + at
		end := start + len(word)
		if wordStart(name, start) && (wordEnd(name, end) || end < len(lower) && lower[end] == 's' && wordEnd(name, end+1)) {
			return true
		}
		from = start + 1
	}
}

func wordStart(s string, i int) bool {
	return i == 0 || !letter(s[i-1]) || lowerCase(s[i-1]) && !lowerCase(s[i])
}

func wordEnd(s string, i int) bool {
	return i >= len(s) || !letter(s[i]) || lowerCase(s[i-1]) && !lowerCase(s[i])
}

func letter(c byte) bool    { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80 }
func lowerCase(c byte) bool { return c >= 'a' && c <= 'z' }

// glob matches s against a pattern in which `*` stands for any run of
// characters.
func glob(pattern, s string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == s
	}
	if !strings.HasPrefix(s, parts[0]) {
		return false
	}
	s = s[len(parts[0]):]
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		at := strings.Index(s, part)
		if at < 0 {
			return false
		}
		s = s[at+len(part):]
	}
	return strings.HasSuffix(s, parts[last])
}

// IntendedFor finds the declaration for a datastore by id or name; the first
// that matches wins.
func (s *Settings) IntendedFor(id, name string) (Intended, bool) {
	for _, in := range s.Intended {
		if glob(in.Datastore, id) || glob(in.Datastore, name) {
			return in, true
		}
	}
	return Intended{}, false
}

// AllowsRegion reports whether a datastore may lie in a region.
func (in Intended) AllowsRegion(region string) bool { return anyGlob(in.Regions, region) }

// AllowsPrincipal reports whether a principal is meant to read.
func (in Intended) AllowsPrincipal(id, name string) bool {
	return anyGlob(in.Principals, id) || anyGlob(in.Principals, name)
}

func anyGlob(patterns []string, s string) bool {
	for _, p := range patterns {
		if glob(p, s) {
			return true
		}
	}
	return false
}
