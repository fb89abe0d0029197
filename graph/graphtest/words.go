package graphtest

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// word is one word of a line: bare, or key=value.
type word struct{ key, value string }

// split cuts a line into words. A word starts with a quote, or ends at the
// next space; a value after "=" may be quoted too.
func split(line string) ([]word, error) {
	var words []word
	for {
		line = strings.TrimSpace(line)
		if line == "" {
			return words, nil
		}
		var w word
		var err error
		if eq := fieldName(line); eq > 0 {
			w.key = line[:eq]
			w.value, line, err = next(line[eq+1:])
		} else {
			w.key, line, err = next(line)
		}
		if err != nil {
			return nil, err
		}
		words = append(words, w)
	}
}

// fieldName returns where the "=" of key=value stands, 0 when the line does
// not start with a plain lower-case key.
func fieldName(line string) int {
	for i := range len(line) {
		switch c := line[i]; {
		case c == '=':
			return i
		case c < 'a' || c > 'z':
			return 0
		}
	}
	return 0
}

// next takes one word, quoted or bare.
func next(line string) (w, rest string, err error) {
	if strings.HasPrefix(line, `"`) {
		quoted, err := strconv.QuotedPrefix(line)
		if err != nil {
			return "", "", fmt.Errorf("quote without end in %q", line)
		}
		w, err = strconv.Unquote(quoted)
		return w, line[len(quoted):], err
	}
	if i := strings.IndexFunc(line, unicode.IsSpace); i >= 0 {
		return line[:i], line[i:], nil
	}
	return line, "", nil
}

// quote writes a word so that [split] reads it back.
func quote(s string) string {
	plain := s != "" && s[0] != '"' && s[0] != '#' && fieldName(s) == 0 &&
		!strings.ContainsFunc(s, func(r rune) bool {
			return unicode.IsSpace(r) || !unicode.IsPrint(r) || r == unicode.ReplacementChar
		})
	if plain {
		return s
	}
	return strconv.Quote(s)
}
