package classify

import (
	"bytes"
	"errors"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// leaf is one scalar of a JSON document: a string (decoded) or a number or
// word (as written).
type leaf struct {
	path   []byte // dotted keys, [] for elements of a list
	name   []byte // the name that goes with the value: its key, or that of a pair
	value  []byte
	text   bool // a string
	offset int  // of the value in the document
	end    int
}

// maxNesting bounds the depth of a document.
const maxNesting = 256

var errJSON = errors.New("not JSON")

// walker walks one document without building it.
type walker struct {
	doc     []byte
	i       int
	path    []byte
	scratch []byte
	visit   func(leaf) error
	// element is told of every element of a list at the top.
	element func(n int)
}

// walk visits every scalar of doc in order. Slices given to visit are valid
// during the call.
func walk(doc []byte, element func(n int), visit func(leaf) error) error {
	return new(walker).walk(doc, element, visit)
}

// walk is the same with buffers that serve for many documents.
func (w *walker) walk(doc []byte, element func(n int), visit func(leaf) error) error {
	w.doc, w.i, w.path, w.element, w.visit = doc, 0, w.path[:0], element, visit
	if err := w.value(0, nil, nil); err != nil {
		return err
	}
	w.space()
	if w.i < len(doc) {
		return errJSON
	}
	return nil
}

func (w *walker) space() {
	for w.i < len(w.doc) {
		switch w.doc[w.i] {
		case ' ', '\t', '\n', '\r':
			w.i++
		default:
			return
		}
	}
}

// value reads the value at w.i; name goes with it.
func (w *walker) value(depth int, name, pair []byte) error {
	w.space()
	if w.i >= len(w.doc) || depth > maxNesting {
		return errJSON
	}
	if pair != nil {
		name = pair
	}
	switch c := w.doc[w.i]; c {
	case '{':
		return w.object(depth)
	case '[':
		return w.list(depth, name)
	case '"':
		from := w.i
		raw, escaped, err := w.str()
		if err != nil {
			return err
		}
		l := leaf{path: w.path, name: name, value: raw, text: true, offset: from, end: w.i}
		if escaped {
			w.scratch = unescape(w.scratch[:0], raw)
			l.value = w.scratch
		}
		return w.visit(l)
	default:
		from := w.i
		for w.i < len(w.doc) {
			switch w.doc[w.i] {
			case ',', '}', ']', ' ', '\t', '\n', '\r':
			default:
				w.i++
				continue
			}
			break
		}
		raw := w.doc[from:w.i]
		if !scalarWord(raw) {
			return errJSON
		}
		return w.visit(leaf{path: w.path, name: name, value: raw, offset: from, end: w.i})
	}
}

// scalarWord: a number, true, false or null.
func scalarWord(raw []byte) bool {
	switch string(raw) {
	case "true", "false", "null":
		return true
	case "":
		return false
	}
	for _, c := range raw {
		if (c < '0' || c > '9') && c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E' {
			return false
		}
	}
	return true
}

// str reads the string at w.i and returns what stands between the quotes.
func (w *walker) str() (raw []byte, escaped bool, err error) {
	from := w.i + 1
	for j := from; j < len(w.doc); {
		at := bytes.IndexByte(w.doc[j:], '"')
		if at < 0 {
			break
		}
		end := j + at
		// An odd number of backslashes before the quote escapes it.
		k := end
		for k > from && w.doc[k-1] == '\\' {
			k--
		}
		if (end-k)%2 == 1 {
			j = end + 1
			continue
		}
		w.i = end + 1
		raw = w.doc[from:end]
		return raw, bytes.IndexByte(raw, '\\') >= 0, nil
	}
	return nil, false, errJSON
}

func (w *walker) object(depth int) error {
	w.i++
	var pair []byte // the value of a key such as "name", for the value beside it
	for first := true; ; first = false {
		w.space()
		if w.i >= len(w.doc) {
			return errJSON
		}
		if w.doc[w.i] == '}' && first {
			w.i++
			return nil
		}
		if w.doc[w.i] != '"' {
			return errJSON
		}
		key, _, err := w.str()
		if err != nil {
			return err
		}
		w.space()
		if w.i >= len(w.doc) || w.doc[w.i] != ':' {
			return errJSON
		}
		w.i++
		w.space()
		kept := len(w.path)
		if kept > 0 {
			w.path = append(w.path, '.')
		}
		w.path = append(w.path, key...)
		var named []byte
		if pairValue(key) {
			named = pair
		}
		if pairName(key) && w.i < len(w.doc) && w.doc[w.i] == '"' {
			at := w.i
			if name, _, err := w.str(); err == nil {
				pair = name
			}
			w.i = at
		}
		if err := w.value(depth+1, key, named); err != nil {
			return err
		}
		w.path = w.path[:kept]
		w.space()
		if w.i >= len(w.doc) {
			return errJSON
		}
		switch w.doc[w.i] {
		case ',':
			w.i++
		case '}':
			w.i++
			return nil
		default:
			return errJSON
		}
	}
}

// pairName and pairValue: lists of {"name": …, "value": …} are how many APIs
// write a map.
func pairName(key []byte) bool {
	switch string(key) {
	case "name", "Name", "key", "Key", "ParameterKey", "OptionName", "variable":
		return true
	}
	return false
}

func pairValue(key []byte) bool {
	switch string(key) {
	case "value", "Value", "ParameterValue", "content":
		return true
	}
	return false
}

func (w *walker) list(depth int, name []byte) error {
	w.i++
	kept := len(w.path)
	w.path = append(w.path, "[]"...)
	for n := 0; ; n++ {
		w.space()
		if w.i >= len(w.doc) {
			return errJSON
		}
		if w.doc[w.i] == ']' && n == 0 {
			break
		}
		if depth == 0 && w.element != nil {
			w.element(n)
		}
		if err := w.value(depth+1, name, nil); err != nil {
			return err
		}
		w.space()
		if w.i >= len(w.doc) {
			return errJSON
		}
		if w.doc[w.i] == ']' {
			break
		}
		if w.doc[w.i] != ',' {
			return errJSON
		}
		w.i++
	}
	w.i++
	w.path = w.path[:kept]
	return nil
}

// unescape decodes the escapes of a JSON string; a broken one stays as it is.
func unescape(to, raw []byte) []byte {
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if c != '\\' || i+1 >= len(raw) {
			to = append(to, c)
			continue
		}
		i++
		switch raw[i] {
		case 'n':
			to = append(to, '\n')
		case 't':
			to = append(to, '\t')
		case 'r':
			to = append(to, '\r')
		case 'b':
			to = append(to, '\b')
		case 'f':
			to = append(to, '\f')
		case 'u':
			r, used := unicodeEscape(raw[i-1:])
			to = utf8.AppendRune(to, r)
			i += used - 2
		default:
			to = append(to, raw[i])
		}
	}
	return to
}

// unicodeEscape reads \uXXXX, and the second half of a surrogate pair; it
// returns the bytes used.
func unicodeEscape(raw []byte) (rune, int) {
	hex := func(at int) (rune, bool) {
		if at+6 > len(raw) || raw[at] != '\\' || raw[at+1] != 'u' {
			return 0, false
		}
		v, err := strconv.ParseUint(string(raw[at+2:at+6]), 16, 32)
		return rune(v), err == nil
	}
	r, ok := hex(0)
	if !ok {
		return utf8.RuneError, 2
	}
	if utf16.IsSurrogate(r) {
		if low, ok := hex(6); ok {
			if both := utf16.DecodeRune(r, low); both != utf8.RuneError {
				return both, 12
			}
		}
		return utf8.RuneError, 6
	}
	return r, 6
}
