package graph

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Document is the one canonical rendering of a JSON value that line ranges
// refer to: indented by two spaces, keys in the order they were read, with the
// line range of every JSON pointer (RFC 6901).
type Document struct {
	Text  string
	lines map[string][2]int
}

// RenderDocument renders raw JSON. Cost: O(len(raw)) time and, for the
// pointers, O(values × depth) memory, so render on demand, not in loops.
func RenderDocument(raw json.RawMessage) (*Document, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	r := renderer{dec: dec, lines: map[string][2]int{}, line: 1}
	if err := r.value("", 0); err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	return &Document{Text: r.out.String(), lines: r.lines}, nil
}

// Lines returns the first and last line (from 1) of the value a pointer names;
// for a pointer that names nothing, the range of its nearest ancestor.
func (d *Document) Lines(pointer string) (from, to int) {
	for {
		if l, ok := d.lines[pointer]; ok {
			return l[0], l[1]
		}
		cut := strings.LastIndexByte(pointer, '/')
		if cut < 0 {
			l := d.lines[""]
			return l[0], l[1]
		}
		pointer = pointer[:cut]
	}
}

// Excerpt returns the text of lines from to to, both included and counted from 1.
func (d *Document) Excerpt(from, to int) string {
	lines := strings.Split(d.Text, "\n")
	from, to = max(from, 1), min(to, len(lines))
	if from > to {
		return ""
	}
	return strings.Join(lines[from-1:to], "\n")
}

type renderer struct {
	dec   *json.Decoder
	out   strings.Builder
	lines map[string][2]int
	line  int
}

const maxDocumentDepth = 500

func (r *renderer) value(pointer string, depth int) error {
	if depth > maxDocumentDepth {
		return fmt.Errorf("nested deeper than %d levels at %s", maxDocumentDepth, pointer)
	}
	start := r.line
	tok, err := r.dec.Token()
	if err != nil {
		return err
	}
	switch t := tok.(type) {
	case json.Delim:
		if err := r.compound(pointer, depth, t); err != nil {
			return err
		}
	default:
		r.scalar(t)
	}
	r.lines[pointer] = [2]int{start, r.line}
	return nil
}

func (r *renderer) compound(pointer string, depth int, open json.Delim) error {
	closing := "}"
	if open == '[' {
		closing = "]"
	}
	r.out.WriteString(open.String())
	n := 0
	for ; r.dec.More(); n++ {
		if n > 0 {
			r.out.WriteByte(',')
		}
		r.newline(depth + 1)
		child := pointer + "/" + strconv.Itoa(n)
		if open == '{' {
			key, err := r.dec.Token()
			if err != nil {
				return err
			}
			r.scalar(key)
			r.out.WriteString(": ")
			child = pointer + "/" + EscapePointer(key.(string))
		}
		if err := r.value(child, depth+1); err != nil {
			return err
		}
	}
	if _, err := r.dec.Token(); err != nil {
		return err
	}
	if n > 0 {
		r.newline(depth)
	}
	r.out.WriteString(closing)
	return nil
}

func (r *renderer) newline(depth int) {
	r.out.WriteByte('\n')
	r.line++
	for range depth {
		r.out.WriteString("  ")
	}
}

func (r *renderer) scalar(v any) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	// Tokens are strings, numbers, booleans and null: encoding them cannot fail.
	_ = enc.Encode(v)
	r.out.Write(bytes.TrimRight(buf.Bytes(), "\n"))
}

// EscapePointer escapes one token of a JSON pointer (RFC 6901).
func EscapePointer(token string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(token)
}

// Anchor identifies an element of a document by content: the first 16 hex
// digits of the SHA-256 of its JSON with sorted keys and no white space. Equal
// elements have equal anchors wherever they stand.
func Anchor(element json.RawMessage) string {
	var v any
	dec := json.NewDecoder(bytes.NewReader(element))
	dec.UseNumber()
	if dec.Decode(&v) != nil {
		sum := sha256.Sum256(element)
		return hex.EncodeToString(sum[:8])
	}
	canonical, err := json.Marshal(v) // encoding/json sorts map keys
	if err != nil {
		canonical = element
	}
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:8])
}
