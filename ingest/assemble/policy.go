package assemble

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/fields"
)

// document returns a policy as a JSON object. Services hand policies out as
// objects, as strings of JSON or as URL-encoded strings of JSON. ok is false
// when the text is none of them; it is then returned as a JSON string.
func document(value []byte) (doc json.RawMessage, ok bool) {
	if len(value) > 0 && value[0] == '{' {
		return value, true
	}
	if len(value) > 0 && value[0] != '"' && string(value) != "null" {
		quoted, err := json.Marshal(string(value))
		return quoted, err != nil // no policy, whatever it is
	}
	s := fields.Text(value)
	if strings.TrimSpace(s) == "" {
		return nil, true
	}
	if !isObject(s) && strings.Contains(s, "%") {
		if plain, err := url.PathUnescape(s); err == nil && isObject(plain) {
			s = plain
		}
	}
	if strings.HasPrefix(s, `"`) { // a string in a string
		if plain := fields.Text([]byte(s)); isObject(plain) {
			s = plain
		}
	}
	if isObject(s) {
		return json.RawMessage(s), true
	}
	if plain := strings.ReplaceAll(s, `\"`, `"`); isObject(plain) { // API Gateway escapes twice
		return json.RawMessage(plain), true
	}
	quoted, err := json.Marshal(s)
	if err != nil {
		return nil, false
	}
	return quoted, false
}

func isObject(s string) bool {
	s = strings.TrimSpace(s)
	return strings.HasPrefix(s, "{") && json.Valid([]byte(s))
}

// readPolicy is the conversion of a fact that is a resource policy: whom it
// names becomes a reference.
func readPolicy(c *call, of node, key string, value []byte) {
	if doc := c.policy(of, key, value); doc != nil {
		c.principals(doc, func(p node) { c.link(of, p, graph.EdgeRefers) })
	}
}

// readDocument is the conversion of a fact that is a policy without principals.
func readDocument(c *call, of node, key string, value []byte) { c.policy(of, key, value) }

// policy gives a node a policy and returns it. One that is no JSON object
// stays as text, and the node is known to be read incompletely.
func (c *call) policy(of node, key string, value []byte) json.RawMessage {
	doc, ok := document(value)
	if doc == nil || of == none {
		return nil
	}
	c.set(of, key, doc)
	if !ok {
		c.malformed(of, key, "the policy of "+c.nodes[of].ID+" is not valid JSON")
		return nil
	}
	return doc
}

// isEmpty reports whether a policy has no text, as some services say that there
// is none. What is a policy in itself, or cannot be without one, was then not read.
func isEmpty(value []byte) bool {
	doc, _ := document(value)
	return doc == nil
}

// trust gives a role its trust policy and links it with whom the policy names.
func (c *call) trust(of node, value []byte) {
	if of != none && isEmpty(value) {
		c.malformed(of, graph.PropTrust, "the role "+c.nodes[of].ID+" has no trust policy")
	}
	if doc := c.policy(of, graph.PropTrust, value); doc != nil {
		c.principals(doc, func(p node) { c.link(of, p, graph.EdgeTrusts) })
	}
}

var (
	statementShape = fields.New("Statement/*")
	principalShape = fields.New("Effect", "Principal")
	namesShape     = fields.New("AWS/*", "Service/*", "Federated/*", "CanonicalUser/*")
	principalTypes = [...]string{"AWS", "Service", "Federated", "CanonicalUser"}
)

// principals visits every principal that an Allow statement names.
func (c *call) principals(doc json.RawMessage, visit func(node)) {
	statementShape.Scan(doc, func(_ int, statement []byte) {
		var effect string
		var who []byte
		principalShape.Scan(statement, func(path int, value []byte) {
			if path == 0 {
				effect = fields.Text(value)
			} else {
				who = value
			}
		})
		if !strings.EqualFold(effect, "Allow") || len(who) == 0 {
			return
		}
		if who[0] != '{' {
			if fields.Text(who) == "*" {
				visit(c.refer("any-aws-principal", graph.KindAnyPrincipal))
			}
			return
		}
		namesShape.Scan(who, func(path int, value []byte) {
			if name := fields.Text(value); name != "" {
				visit(c.principal(principalTypes[path], name))
			}
		})
	})
}
