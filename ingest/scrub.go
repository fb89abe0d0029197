package ingest

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
	"github.com/cairn-security/cairn/graph/sit"
	"github.com/cairn-security/cairn/ingest/fields"
	"github.com/cairn-security/cairn/ingest/record"
)

// sensitive says where in the replies of one operation values stand. Paths
// lead into an item.
type sensitive struct {
	items string // path of the things that hold values; "." is the reply itself
	// node is the path of the thing's id; where there is none, the call's
	// parameter param with typ before it.
	node, param, typ string
	// variables are objects of name to value, pairs lists of name and value.
	variables, pairs []string
	// texts are searched as they stand, encoded ones after base64 and gzip.
	texts, encoded []string
	// drop is removed unread: presigned addresses, keys of tunnels.
	drop []string
}

// scrub returns the record without the values that stand in it, and one more
// record for every thing in which credentials were found. A record that holds
// none is returned as it is.
func scrub(r record.Record, s Scrubber) (record.Record, []record.Record) {
	rules := sensitives[r.Service+" "+r.Operation]
	if len(rules) == 0 || len(r.Body) == 0 {
		return r, nil
	}
	c := cleaner{rec: &r, scrubber: s, found: map[string][]sit.Credential{}}
	for _, rule := range rules {
		fields.New(rule.items).Scan(r.Body, func(_ int, item []byte) { c.item(rule, item) })
	}
	var findings []record.Record
	for _, node := range c.order {
		if f, ok := c.finding(node); ok {
			findings = append(findings, f)
		}
	}
	r.Body = c.rewritten()
	return r, findings
}

type cleaner struct {
	rec      *record.Record
	scrubber Scrubber
	blanks   [][2]int // ranges of the body that become ""
	found    map[string][]sit.Credential
	order    []string // of found
}

func (c *cleaner) item(rule sensitive, item []byte) {
	node := c.node(rule, item)
	for _, path := range rule.variables {
		c.each(item, path, func(value []byte) {
			variables := map[string]string{}
			c.members(value, func(name string, v []byte) {
				variables[name] = fields.Text(v)
				c.blank(v)
			})
			c.add(node, c.variables(path, variables))
		})
	}
	for _, path := range rule.pairs {
		variables := map[string]string{}
		c.each(item, path, func(pair []byte) {
			var name string
			pairShape.Scan(pair, func(at int, v []byte) {
				if at < 2 {
					name = fields.Text(v)
					return
				}
				variables[name] = fields.Text(v)
				c.blank(v)
			})
		})
		c.add(node, c.variables(path, variables))
	}
	for _, path := range rule.texts {
		c.each(item, path, func(v []byte) {
			c.add(node, c.text(path, fields.Text(v)))
			c.blank(v)
		})
	}
	for _, path := range rule.encoded {
		c.each(item, path, func(v []byte) {
			c.add(node, c.text(path, decoded(fields.Text(v))))
			c.blank(v)
		})
	}
	for _, path := range rule.drop {
		c.each(item, path, c.blank)
	}
}

// pairShape reads the name of a pair before its value, whatever their order:
// the name is looked for in a pass of its own.
var pairShape = pairReader{fields.New("name", "Name"), fields.New("value", "Value")}

type pairReader struct{ name, value *fields.Shape }

func (p pairReader) Scan(pair []byte, visit func(path int, value []byte)) {
	p.name.Scan(pair, visit)
	p.value.Scan(pair, func(path int, value []byte) { visit(path+2, value) })
}

func (c *cleaner) each(item []byte, path string, visit func([]byte)) {
	fields.New(path).Scan(item, func(_ int, value []byte) { visit(value) })
}

func (c *cleaner) variables(at string, variables map[string]string) []sit.Credential {
	if c.scrubber == nil || len(variables) == 0 {
		return nil
	}
	_, found := c.scrubber.Environment(variables, place(at))
	return found
}

func (c *cleaner) text(at, text string) []sit.Credential {
	if c.scrubber == nil || text == "" {
		return nil
	}
	_, found := c.scrubber.Text(text, place(at))
	return found
}

// place is how a path is called in findings.
func place(path string) string {
	switch {
	case strings.Contains(strings.ToLower(path), "environment"):
		return "environment"
	case strings.HasPrefix(path, "UserData") || strings.HasSuffix(path, "/UserData"):
		return "user data"
	}
	return strings.ReplaceAll(strings.ReplaceAll(path, "/*", ""), "/", ".")
}

// blank empties a value: a string becomes "", anything else null.
func (c *cleaner) blank(value []byte) {
	at := fields.Offset(c.rec.Body, value)
	c.blanks = append(c.blanks, [2]int{at, at + len(value)})
}

func (c *cleaner) rewritten() json.RawMessage {
	if len(c.blanks) == 0 {
		return c.rec.Body
	}
	slices.SortFunc(c.blanks, func(a, b [2]int) int { return cmp.Or(a[0]-b[0], b[1]-a[1]) })
	out := make([]byte, 0, len(c.rec.Body))
	last := 0
	for _, b := range c.blanks {
		if b[0] < last {
			continue // inside one that is gone already
		}
		out = append(out, c.rec.Body[last:b[0]]...)
		if c.rec.Body[b[0]] == '"' {
			out = append(out, `""`...)
		} else {
			out = append(out, "null"...)
		}
		last = b[1]
	}
	return append(out, c.rec.Body[last:]...)
}

// members visits the members of an object.
func (c *cleaner) members(object []byte, visit func(name string, value []byte)) {
	var names map[string]json.RawMessage
	if json.Unmarshal(object, &names) != nil {
		c.blank(object)
		return
	}
	for name := range names {
		fields.New(name).Scan(object, func(_ int, v []byte) { visit(name, v) })
	}
}

func (c *cleaner) node(rule sensitive, item []byte) string {
	id := c.rec.Params[rule.param]
	if rule.node != "" {
		c.each(item, rule.node, func(v []byte) { id = fields.Text(v) })
	}
	if _, ok := arn.Parse(id); ok || rule.typ == "" {
		return id
	}
	return cmp.Or(arn.Regional(c.rec.Service, c.rec.Region, c.rec.Account, rule.typ+id), id)
}

func (c *cleaner) add(node string, found []sit.Credential) {
	if len(found) == 0 || node == "" {
		return
	}
	if c.found[node] == nil {
		c.order = append(c.order, node)
	}
	c.found[node] = append(c.found[node], found...)
}

func (c *cleaner) finding(node string) (record.Record, bool) {
	body, err := json.Marshal(c.found[node])
	if err != nil {
		return record.Record{}, false
	}
	f := *c.rec
	f.Service, f.Operation, f.Params = record.ServiceCairn, record.OpFindCredentials, map[string]string{"Node": node}
	f.Outcome, f.Detail, f.Body = graph.OutcomeOK, "", body
	return f, true
}

// decodeLimit bounds what compressed user data may unfold to.
const decodeLimit = 4 << 20

// decoded undoes base64 and, where cloud-init would, gzip; a text that is not
// encoded stays as it is.
func decoded(text string) string {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return text
	}
	if !bytes.HasPrefix(raw, []byte{0x1f, 0x8b}) {
		return string(raw)
	}
	unpack, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return string(raw)
	}
	plain, err := io.ReadAll(io.LimitReader(unpack, decodeLimit))
	if err != nil && len(plain) == 0 {
		return string(raw)
	}
	return string(plain)
}
