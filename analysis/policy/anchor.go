package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sort"
	"strings"
)

// anchor hashes the canonical JSON of a value: members sorted by name, no
// white space. Two statements that say the same in the same words have one
// anchor wherever they stand.
func anchor(v *jsonValue) string {
	sum := sha256.Sum256(appendCanonical(nil, v))
	return hex.EncodeToString(sum[:8])
}

// Canonical returns the canonical JSON of a text: members sorted by name, no
// white space, numbers as written. Malformed text is an error of type
// *ParseError.
func Canonical(name string, data []byte) ([]byte, error) {
	v, jerr := readJSON(data)
	if jerr != nil {
		p := parser{doc: &Document{Name: name}, data: data}
		p.problem("", jerr.at, jerr.reason)
		return nil, p.doc.Problems[0]
	}
	return appendCanonical(nil, &v), nil
}

func appendCanonical(buf []byte, v *jsonValue) []byte {
	switch v.kind {
	case jsonObject:
		members := make([]*jsonMember, len(v.members))
		for i := range v.members {
			members[i] = &v.members[i]
		}
		sort.SliceStable(members, func(i, j int) bool { return members[i].name < members[j].name })
		buf = append(buf, '{')
		for i, m := range members {
			if i > 0 {
				buf = append(buf, ',')
			}
			buf = appendString(buf, m.name)
			buf = append(buf, ':')
			buf = appendCanonical(buf, &m.value)
		}
		return append(buf, '}')
	case jsonArray:
		buf = append(buf, '[')
		for i := range v.items {
			if i > 0 {
				buf = append(buf, ',')
			}
			buf = appendCanonical(buf, &v.items[i])
		}
		return append(buf, ']')
	case jsonString:
		return appendString(buf, v.text)
	case jsonNull:
		return append(buf, "null"...)
	}
	return append(buf, v.text...)
}

// appendString quotes as encoding/json does by default, so that the result
// agrees with marshalling the decoded value.
func appendString(buf []byte, s string) []byte {
	quoted, _ := json.Marshal(s) // a valid string always marshals
	return append(buf, quoted...)
}

var pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1")

// escapePointer escapes one reference token (RFC 6901).
func escapePointer(s string) string { return pointerEscaper.Replace(s) }
