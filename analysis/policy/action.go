package policy

import "strings"

// validAction reports whether a is service:name.
func validAction(a string) bool {
	i := strings.IndexByte(a, ':')
	return i > 0 && i < len(a)-1
}

// compileAction compiles an entry of an Action element; names ignore case.
func compileAction(s string) Pattern {
	p := compilePattern(strings.ToLower(s), syntax{wildcards: true})
	p.raw = s
	return p
}

// MatchAction reports whether the action pattern of a policy covers an action;
// both ignore case.
func MatchAction(pattern, action string) bool {
	p := compileAction(pattern)
	return p.match(strings.ToLower(action), nil) == True
}

// Glob is a compiled pattern in which * is any run of characters and ? any one
// character.
type Glob struct{ p Pattern }

// NewGlob compiles a pattern.
func NewGlob(pattern string) Glob {
	return Glob{compilePattern(pattern, syntax{wildcards: true})}
}

// Match reports whether s matches.
func (g *Glob) Match(s string) bool { return g.p.match(s, nil) == True }
