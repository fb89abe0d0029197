package policy

import (
	"bytes"
	"errors"
	"sort"
	"strconv"
)

// Parse reads a policy document and returns an error that joins one
// *ParseError per problem. Cost is linear in len(data).
func Parse(name string, data []byte) (*Document, error) {
	doc := ParseLenient(name, data)
	if len(doc.Problems) == 0 {
		return doc, nil
	}
	errs := make([]error, len(doc.Problems))
	for i, p := range doc.Problems {
		errs[i] = p
	}
	return nil, errors.Join(errs...)
}

// ParseLenient reads as much of a policy document as is valid: one bad
// statement does not lose the others. What was lost stands in Problems. It
// never fails; text that is not JSON gives a document without statements.
func ParseLenient(name string, data []byte) *Document {
	p := parser{doc: &Document{Name: name, Version: Version2008}, data: data}
	if len(data) > MaxBytes {
		p.problem("", 0, "larger than "+strconv.Itoa(MaxBytes)+" bytes")
		return p.doc
	}
	root, jerr := readJSON(data)
	if jerr != nil {
		p.problem("", jerr.at, jerr.reason)
		return p.doc
	}
	p.document(&root)
	return p.doc
}

type parser struct {
	doc   *Document
	data  []byte
	lines []int // offsets of line starts, filled on first use
	bad   bool  // the statement being read has a structural problem
}

func (p *parser) problem(pointer string, at int, reason string) {
	line, col := p.position(at)
	p.bad = true
	p.doc.Problems = append(p.doc.Problems, &ParseError{
		Document: p.doc.Name, Pointer: pointer, Offset: at, Line: line, Column: col, Reason: reason,
	})
}

// remark records a problem that loses nothing.
func (p *parser) remark(pointer string, at int, reason string) {
	bad := p.bad
	p.problem(pointer, at, reason)
	p.doc.Problems[len(p.doc.Problems)-1].harmless = true
	p.bad = bad
}

func (p *parser) position(at int) (line, col int) {
	if p.lines == nil {
		p.lines = []int{0}
		for i := 0; ; {
			n := bytes.IndexByte(p.data[i:], '\n')
			if n < 0 {
				break
			}
			i += n + 1
			p.lines = append(p.lines, i)
		}
	}
	line = sort.SearchInts(p.lines, at+1)
	return line, at - p.lines[line-1] + 1
}

func (p *parser) document(root *jsonValue) {
	if root.kind != jsonObject {
		p.problem("", root.start, "a policy document is a JSON object")
		return
	}
	p.duplicates("", root)
	for i := range root.members {
		m := &root.members[i]
		switch m.name {
		case "Version":
			if m.value.kind != jsonString || m.value.text != Version2008 && m.value.text != Version2012 {
				p.problem("/Version", m.value.start, "Version is "+Version2012+" or "+Version2008)
				continue
			}
			p.doc.Version = m.value.text
		case "Id", "ID":
			p.doc.ID = m.value.text
		case "Statement":
		default:
			p.remark("/"+escapePointer(m.name), m.at, "unknown element")
		}
	}
	st := root.get("Statement")
	switch {
	case st == nil:
		p.problem("", root.start, "no Statement")
	case st.kind == jsonObject:
		p.statement("/Statement", st)
	case st.kind == jsonArray:
		if len(st.items) > MaxStatements {
			p.problem("/Statement", st.start, "more than "+strconv.Itoa(MaxStatements)+" statements")
			return
		}
		p.doc.Statements = make([]Statement, 0, len(st.items))
		for i := range st.items {
			p.statement("/Statement/"+strconv.Itoa(i), &st.items[i])
		}
	default:
		p.problem("/Statement", st.start, "Statement is an object or a list of objects")
	}
}

// duplicates reports repeated member names, which readers resolve
// differently. It looks at one object only.
func (p *parser) duplicates(pointer string, v *jsonValue) {
	if len(v.members) < 2 {
		return
	}
	seen := make(map[string]bool, len(v.members))
	for i := range v.members {
		m := &v.members[i]
		if seen[m.name] {
			p.problem(pointer+"/"+escapePointer(m.name), m.at, "element appears twice")
		}
		seen[m.name] = true
	}
}

func (p *parser) statement(pointer string, v *jsonValue) {
	p.bad = false
	if v.kind != jsonObject {
		p.problem(pointer, v.start, "a statement is a JSON object")
		return
	}
	line, _ := p.position(v.start)
	s := Statement{Pointer: pointer, Start: v.start, End: v.end, Line: line}
	p.duplicates(pointer, v)
	hasEffect := false
	for i := range v.members {
		m := &v.members[i]
		at := pointer + "/" + escapePointer(m.name)
		switch m.name {
		case "Sid":
			s.Sid = m.value.text
		case "Effect":
			hasEffect = true
			switch {
			case m.value.kind == jsonString && m.value.text == "Allow":
			case m.value.kind == jsonString && m.value.text == "Deny":
				s.Effect = Deny
			default:
				p.problem(at, m.value.start, `Effect is "Allow" or "Deny"`)
			}
		case "Action", "NotAction":
			if s.Actions != nil {
				p.problem(at, m.at, "Action and NotAction exclude each other")
			}
			s.Actions, s.NotAction = p.list(at, &m.value), m.name == "NotAction"
			for _, a := range s.Actions {
				if a != "*" && !validAction(a) {
					p.problem(at, m.value.start, "action "+strconv.Quote(a)+" is not service:name")
				}
			}
		case "Resource", "NotResource":
			if s.HasResource {
				p.problem(at, m.at, "Resource and NotResource exclude each other")
			}
			s.Resources, s.NotResource, s.HasResource = p.list(at, &m.value), m.name == "NotResource", true
		case "Principal", "NotPrincipal":
			if s.HasPrincipal {
				p.problem(at, m.at, "Principal and NotPrincipal exclude each other")
			}
			s.Principals, s.NotPrincipal, s.HasPrincipal = p.principals(at, &m.value), m.name == "NotPrincipal", true
		case "Condition":
			s.Conditions = p.conditions(at, &m.value)
		default:
			p.problem(at, m.at, "unknown element")
		}
	}
	if !hasEffect {
		p.problem(pointer, v.start, "no Effect")
	}
	if s.Actions == nil && !p.bad {
		p.problem(pointer, v.start, "no Action or NotAction")
	}
	if p.bad {
		return
	}
	s.Anchor = anchor(v)
	p.doc.Statements = append(p.doc.Statements, s)
}

// list reads a string or a list of strings.
func (p *parser) list(pointer string, v *jsonValue) []string {
	switch v.kind {
	case jsonString:
		return []string{v.text}
	case jsonArray:
		out := make([]string, 0, len(v.items))
		for i := range v.items {
			if v.items[i].kind != jsonString {
				p.problem(pointer+"/"+strconv.Itoa(i), v.items[i].start, "string expected")
				continue
			}
			out = append(out, v.items[i].text)
		}
		return out
	}
	p.problem(pointer, v.start, "string or list of strings expected")
	return []string{}
}

func (p *parser) principals(pointer string, v *jsonValue) []Principal {
	if v.kind == jsonString {
		if v.text != "*" {
			p.problem(pointer, v.start, `the only bare principal is "*"`)
		}
		return []Principal{{Type: "*", Value: "*"}}
	}
	if v.kind != jsonObject {
		p.problem(pointer, v.start, `"*" or an object expected`)
		return nil
	}
	p.duplicates(pointer, v)
	var out []Principal
	for i := range v.members {
		m := &v.members[i]
		at := pointer + "/" + escapePointer(m.name)
		switch m.name {
		case "AWS", "Service", "Federated", "CanonicalUser":
		default:
			p.problem(at, m.at, "unknown principal type")
			continue
		}
		for _, value := range p.list(at, &m.value) {
			out = append(out, Principal{Type: m.name, Value: value})
		}
	}
	return out
}

func (p *parser) conditions(pointer string, v *jsonValue) []Condition {
	if v.kind != jsonObject {
		p.problem(pointer, v.start, "Condition is an object")
		return nil
	}
	p.duplicates(pointer, v)
	var out []Condition
	for i := range v.members {
		op := &v.members[i]
		at := pointer + "/" + escapePointer(op.name)
		if op.value.kind != jsonObject {
			p.problem(at, op.value.start, "object of condition keys expected")
			continue
		}
		if _, ok := parseOperator(op.name); !ok {
			p.remark(at, op.at, "unknown condition operator")
		}
		p.duplicates(at, &op.value)
		for j := range op.value.members {
			m := &op.value.members[j]
			key := at + "/" + escapePointer(m.name)
			out = append(out, Condition{Operator: op.name, Key: m.name, Values: p.scalars(key, &m.value), Pointer: key})
		}
	}
	return out
}

// scalars reads condition values: strings, numbers and booleans, which compare
// by their text.
func (p *parser) scalars(pointer string, v *jsonValue) []string {
	items := []jsonValue{*v}
	if v.kind == jsonArray {
		items = v.items
	}
	out := make([]string, 0, len(items))
	for i := range items {
		switch items[i].kind {
		case jsonString, jsonNumber, jsonBool:
			out = append(out, items[i].text)
		default:
			p.problem(pointer, items[i].start, "string, number or boolean expected")
		}
	}
	return out
}
