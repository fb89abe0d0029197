package policy

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits on a document. AWS stores at most 20 KiB (a bucket policy); the
// limits leave room for tests and generated input and bound what a hostile
// document can cost.
const (
	MaxBytes      = 4 << 20
	MaxDepth      = 32
	MaxStatements = 20_000
)

type jsonKind uint8

const (
	jsonNull jsonKind = iota
	jsonBool
	jsonNumber
	jsonString
	jsonArray
	jsonObject
)

// jsonValue is a parsed JSON value with the byte range it was read from.
type jsonValue struct {
	kind       jsonKind
	start, end int
	text       string // decoded string, or the literal of a number or boolean
	items      []jsonValue
	members    []jsonMember
}

type jsonMember struct {
	name  string
	at    int
	value jsonValue
}

// get returns the member called name; the first wins, duplicates are reported
// by the reader.
func (v *jsonValue) get(name string) *jsonValue {
	for i := range v.members {
		if v.members[i].name == name {
			return &v.members[i].value
		}
	}
	return nil
}

// jsonError is a syntax error at a byte offset.
type jsonError struct {
	at     int
	reason string
}

type jsonReader struct {
	data []byte
	pos  int
}

// readJSON parses one JSON text. Unlike encoding/json it keeps offsets and
// member order, and refuses invalid UTF-8 and trailing data.
func readJSON(data []byte) (v jsonValue, err *jsonError) {
	r := jsonReader{data: data}
	if len(data) >= 3 && data[0] == 0xEF && data[1] == 0xBB && data[2] == 0xBF {
		r.pos = 3 // byte order mark, as editors on Windows write it
	}
	v, err = r.value(0)
	if err != nil {
		return v, err
	}
	r.space()
	if r.pos != len(r.data) {
		return v, r.fail("data after the end of the document")
	}
	return v, nil
}

func (r *jsonReader) fail(reason string) *jsonError {
	return &jsonError{at: r.pos, reason: reason}
}

func (r *jsonReader) space() {
	for r.pos < len(r.data) {
		switch r.data[r.pos] {
		case ' ', '\t', '\n', '\r':
			r.pos++
		default:
			return
		}
	}
}

func (r *jsonReader) value(depth int) (jsonValue, *jsonError) {
	if depth > MaxDepth {
		return jsonValue{}, r.fail("nested deeper than " + strconv.Itoa(MaxDepth) + " levels")
	}
	r.space()
	if r.pos >= len(r.data) {
		return jsonValue{}, r.fail("document ends where a value is expected")
	}
	start := r.pos
	switch c := r.data[r.pos]; {
	case c == '{':
		return r.object(depth)
	case c == '[':
		return r.array(depth)
	case c == '"':
		text, err := r.str()
		return jsonValue{kind: jsonString, start: start, end: r.pos, text: text}, err
	case c == '-' || c >= '0' && c <= '9':
		return r.number()
	case c == 't':
		return r.word("true", jsonBool)
	case c == 'f':
		return r.word("false", jsonBool)
	case c == 'n':
		return r.word("null", jsonNull)
	}
	return jsonValue{}, r.fail("unexpected character " + strconv.QuoteRune(r.peekRune()))
}

func (r *jsonReader) peekRune() rune {
	c, _ := utf8.DecodeRune(r.data[r.pos:])
	return c
}

func (r *jsonReader) word(w string, kind jsonKind) (jsonValue, *jsonError) {
	start := r.pos
	if len(r.data)-r.pos < len(w) || string(r.data[r.pos:r.pos+len(w)]) != w {
		return jsonValue{}, r.fail("unexpected character " + strconv.QuoteRune(r.peekRune()))
	}
	r.pos += len(w)
	return jsonValue{kind: kind, start: start, end: r.pos, text: w}, nil
}

func (r *jsonReader) number() (jsonValue, *jsonError) {
	start := r.pos
	for r.pos < len(r.data) {
		switch c := r.data[r.pos]; {
		case c >= '0' && c <= '9', c == '-', c == '+', c == '.', c == 'e', c == 'E':
			r.pos++
			continue
		}
		break
	}
	text := string(r.data[start:r.pos])
	if _, err := strconv.ParseFloat(text, 64); err != nil {
		r.pos = start
		return jsonValue{}, r.fail("malformed number " + strconv.Quote(text))
	}
	return jsonValue{kind: jsonNumber, start: start, end: r.pos, text: text}, nil
}

func (r *jsonReader) object(depth int) (jsonValue, *jsonError) {
	v := jsonValue{kind: jsonObject, start: r.pos}
	r.pos++
	for {
		r.space()
		if r.pos < len(r.data) && r.data[r.pos] == '}' && len(v.members) == 0 {
			break
		}
		if r.pos >= len(r.data) || r.data[r.pos] != '"' {
			return v, r.fail("member name expected")
		}
		at := r.pos
		name, err := r.str()
		if err != nil {
			return v, err
		}
		r.space()
		if r.pos >= len(r.data) || r.data[r.pos] != ':' {
			return v, r.fail("colon expected after member name")
		}
		r.pos++
		val, err := r.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.members = append(v.members, jsonMember{name: name, at: at, value: val})
		r.space()
		if r.pos < len(r.data) && r.data[r.pos] == ',' {
			r.pos++
			continue
		}
		break
	}
	if r.pos >= len(r.data) || r.data[r.pos] != '}' {
		return v, r.fail("comma or closing brace expected")
	}
	r.pos++
	v.end = r.pos
	return v, nil
}

func (r *jsonReader) array(depth int) (jsonValue, *jsonError) {
	v := jsonValue{kind: jsonArray, start: r.pos}
	r.pos++
	for {
		r.space()
		if r.pos < len(r.data) && r.data[r.pos] == ']' && len(v.items) == 0 {
			break
		}
		item, err := r.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.items = append(v.items, item)
		r.space()
		if r.pos < len(r.data) && r.data[r.pos] == ',' {
			r.pos++
			continue
		}
		break
	}
	if r.pos >= len(r.data) || r.data[r.pos] != ']' {
		return v, r.fail("comma or closing bracket expected")
	}
	r.pos++
	v.end = r.pos
	return v, nil
}

func (r *jsonReader) str() (string, *jsonError) {
	r.pos++ // opening quote
	start := r.pos
	for r.pos < len(r.data) {
		c := r.data[r.pos]
		switch {
		case c == '"':
			s := string(r.data[start:r.pos])
			r.pos++
			return s, nil
		case c == '\\':
			return r.escaped(start)
		case c < 0x20:
			return "", r.fail("control character in string")
		case c < utf8.RuneSelf:
			r.pos++
		default:
			ch, n := utf8.DecodeRune(r.data[r.pos:])
			if ch == utf8.RuneError && n <= 1 {
				return "", r.fail("invalid UTF-8")
			}
			r.pos += n
		}
	}
	return "", r.fail("unterminated string")
}

// escaped continues a string at its first backslash.
func (r *jsonReader) escaped(start int) (string, *jsonError) {
	buf := append([]byte(nil), r.data[start:r.pos]...)
	for r.pos < len(r.data) {
		c := r.data[r.pos]
		switch {
		case c == '"':
			r.pos++
			return string(buf), nil
		case c == '\\':
			var err *jsonError
			if buf, err = r.escape(buf); err != nil {
				return "", err
			}
		case c < 0x20:
			return "", r.fail("control character in string")
		default:
			ch, n := utf8.DecodeRune(r.data[r.pos:])
			if ch == utf8.RuneError && n <= 1 {
				return "", r.fail("invalid UTF-8")
			}
			buf = append(buf, r.data[r.pos:r.pos+n]...)
			r.pos += n
		}
	}
	return "", r.fail("unterminated string")
}

func (r *jsonReader) escape(buf []byte) ([]byte, *jsonError) {
	if r.pos+1 >= len(r.data) {
		return nil, r.fail("unterminated escape")
	}
	c := r.data[r.pos+1]
	switch c {
	case '"', '\\', '/':
		buf = append(buf, c)
	case 'b':
		buf = append(buf, '\b')
	case 'f':
		buf = append(buf, '\f')
	case 'n':
		buf = append(buf, '\n')
	case 'r':
		buf = append(buf, '\r')
	case 't':
		buf = append(buf, '\t')
	case 'u':
		ch, ok := r.hex(r.pos + 2)
		if !ok {
			return nil, r.fail("malformed \\u escape")
		}
		r.pos += 6
		if utf16.IsSurrogate(ch) {
			low, ok := r.hex(r.pos + 2)
			if r.pos+1 >= len(r.data) || r.data[r.pos] != '\\' || r.data[r.pos+1] != 'u' || !ok {
				return nil, r.fail("unpaired surrogate")
			}
			if ch = utf16.DecodeRune(ch, low); ch == utf8.RuneError {
				return nil, r.fail("unpaired surrogate")
			}
			r.pos += 6
		}
		return utf8.AppendRune(buf, ch), nil
	default:
		return nil, r.fail("unknown escape")
	}
	r.pos += 2
	return buf, nil
}

func (r *jsonReader) hex(at int) (rune, bool) {
	if at+4 > len(r.data) {
		return 0, false
	}
	n, err := strconv.ParseUint(string(r.data[at:at+4]), 16, 32)
	return rune(n), err == nil
}
