package policy

import (
	"strings"
	"unicode/utf8"
)

// Pattern is a compiled string of the policy language: a literal, or one with
// wildcards, or one with policy variables that resolve per request.
type Pattern struct {
	raw   string
	kind  patternKind
	text  string // literal, prefix, or encoded glob
	parts []part // for dynamic patterns
}

type patternKind uint8

const (
	matchExact patternKind = iota
	matchAll
	matchPrefix
	matchGlob
	matchDynamic
	matchNever
)

// part is a piece of a dynamic pattern: encoded text, or a variable.
type part struct {
	text     string
	key      string // lower case; empty for text
	fallback string
	hasDef   bool
}

// escapeByte precedes a byte of an encoded glob that stands for itself.
const escapeByte = 0

type syntax struct {
	variables bool // ${...} is a variable (Version 2012-10-17)
	wildcards bool // * and ? are wildcards
}

func compilePattern(s string, syn syntax) Pattern {
	p := Pattern{raw: s}
	var enc []byte
	for i := 0; i < len(s); {
		if syn.variables && s[i] == '$' && i+1 < len(s) && s[i+1] == '{' {
			if end := strings.IndexByte(s[i:], '}'); end > 0 {
				name := s[i+2 : i+end]
				i += end + 1
				switch name {
				case "*", "?", "$":
					enc = append(enc, escapeByte, name[0])
				default:
					if len(enc) > 0 {
						p.parts = append(p.parts, part{text: string(enc)})
						enc = nil
					}
					p.parts = append(p.parts, parseVariable(name))
				}
				continue
			}
		}
		enc = appendEncoded(enc, s[i], syn.wildcards)
		i++
	}
	if p.parts != nil {
		if len(enc) > 0 {
			p.parts = append(p.parts, part{text: string(enc)})
		}
		p.kind = matchDynamic
		return p
	}
	p.kind, p.text = classify(string(enc))
	return p
}

func appendEncoded(enc []byte, c byte, wildcards bool) []byte {
	if c == escapeByte || !wildcards && (c == '*' || c == '?') {
		return append(enc, escapeByte, c)
	}
	return append(enc, c)
}

// classify finds the cheapest way to match an encoded glob.
func classify(enc string) (patternKind, string) {
	wild := indexWild(enc)
	switch {
	case wild < 0:
		return matchExact, decode(enc)
	case strings.Trim(enc, "*") == "":
		return matchAll, ""
	case wild == len(enc)-1 && enc[wild] == '*':
		return matchPrefix, decode(enc[:wild])
	}
	return matchGlob, enc
}

// indexWild finds the first wildcard of an encoded glob, -1 without.
func indexWild(enc string) int {
	for i := 0; i < len(enc); i++ {
		switch enc[i] {
		case escapeByte:
			i++
		case '*', '?':
			return i
		}
	}
	return -1
}

// decode removes escapes from encoded text without wildcards.
func decode(enc string) string {
	if strings.IndexByte(enc, escapeByte) < 0 {
		return enc
	}
	out := make([]byte, 0, len(enc))
	for i := 0; i < len(enc); i++ {
		if enc[i] == escapeByte && i+1 < len(enc) {
			i++
		}
		out = append(out, enc[i])
	}
	return string(out)
}

// parseVariable reads the inside of ${...}: a key and an optional default, after
// a comma and in single quotes. The page asks for a space after the comma;
// leaving it out, or adding others, is no other meaning that we know of.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-default-values
func parseVariable(s string) part {
	key, def, has := strings.Cut(s, ",")
	p := part{key: strings.ToLower(strings.TrimSpace(key))}
	def = strings.TrimSpace(def)
	if has && len(def) >= 2 && def[0] == '\'' && def[len(def)-1] == '\'' {
		p.fallback, p.hasDef = def[1:len(def)-1], true
	} else if has {
		p.key = strings.ToLower(strings.TrimSpace(s))
	}
	return p
}

// resolve substitutes the variables of a dynamic pattern. Unknown means that a
// variable's value is not known; False that one has no value, so that the
// pattern matches nothing.
func (p *Pattern) resolve(ctx *Context) (string, Truth) {
	var enc []byte
	for i := range p.parts {
		v := &p.parts[i]
		if v.key == "" {
			enc = append(enc, v.text...)
			continue
		}
		val := ctx.lookup(v.key)
		switch {
		case val.Presence == Present && !val.Multi:
			for j := 0; j < len(val.One); j++ {
				enc = appendEncoded(enc, val.One[j], false)
			}
		case val.Presence == Unknown || val.Presence == PresentUnknown:
			return "", Maybe
		case v.hasDef:
			for j := 0; j < len(v.fallback); j++ {
				enc = appendEncoded(enc, v.fallback[j], false)
			}
		default:
			return "", False
		}
	}
	return string(enc), True
}

// invalid reports whether a variable of a dynamic pattern has no value.
func (p *Pattern) invalid(ctx *Context) Truth {
	got := False
	for i := range p.parts {
		v := &p.parts[i]
		if v.key == "" || v.hasDef {
			continue
		}
		switch val := ctx.lookup(v.key); {
		case val.Presence == Absent, val.Multi:
			return True
		case val.Presence == Unknown:
			got = Maybe
		}
	}
	return got
}

// relaxed is the encoded glob with every variable replaced by *: what does not
// match it cannot match under any value.
func (p *Pattern) relaxed() string {
	var b strings.Builder
	for i := range p.parts {
		if p.parts[i].key == "" {
			b.WriteString(p.parts[i].text)
		} else {
			b.WriteByte('*')
		}
	}
	return b.String()
}

// match tests a value.
func (p *Pattern) match(s string, ctx *Context) Truth {
	switch p.kind {
	case matchExact:
		return truth(s == p.text)
	case matchAll:
		return True
	case matchPrefix:
		return truth(strings.HasPrefix(s, p.text))
	case matchGlob:
		return truth(globMatch(p.text, s))
	case matchDynamic:
		enc, ok := p.resolve(ctx)
		if ok == True {
			return truth(globMatch(enc, s))
		}
		if ok == Maybe && !globMatch(p.relaxed(), s) {
			return False
		}
		return ok
	}
	return False
}

// globMatch matches an encoded glob: * is any run of characters, ? exactly one
// character. Time is O(len(p)·len(s)), without allocation.
func globMatch(p, s string) bool {
	pi, si := 0, 0
	star, mark := -1, 0
	for si < len(s) {
		if pi < len(p) {
			switch c := p[pi]; c {
			case '*':
				star, mark = pi, si
				pi++
				continue
			case '?':
				_, n := utf8.DecodeRuneInString(s[si:])
				pi++
				si += n
				continue
			case escapeByte:
				if pi+1 < len(p) && p[pi+1] == s[si] {
					pi += 2
					si++
					continue
				}
			default:
				if c == s[si] {
					pi++
					si++
					continue
				}
			}
		}
		if star < 0 {
			return false
		}
		mark++
		si, pi = mark, star+1
	}
	for pi < len(p) && p[pi] == '*' {
		pi++
	}
	return pi == len(p)
}
