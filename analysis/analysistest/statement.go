package analysistest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// member reads an indented line.
func (r *reader) member(text string) error {
	n := r.at
	verb, rest, _ := strings.Cut(text, " ")
	rest = strings.TrimSpace(rest)
	switch {
	case verb == "allow" || verb == "deny":
		return r.statement(n, documentKey(n.Kind), strings.ToUpper(verb[:1])+verb[1:], rest)
	case verb == "trusts":
		return r.statement(n, graph.PropTrust, "Allow", "sts:AssumeRole to "+rest)
	case verb == "refuses":
		return r.statement(n, graph.PropTrust, "Deny", "sts:AssumeRole to "+rest)
	case verb == ">":
		kind, to, _ := strings.Cut(rest, " ")
		n.edges = append(n.edges, [2]string{kind, r.ID(to)})
		return nil
	case verb == "<":
		n.edges = slices.DeleteFunc(n.edges, func(e [2]string) bool { return e[0] == rest })
		return nil
	case verb == "label":
		n.label = rest
		return nil
	case strings.HasPrefix(verb, "-"):
		delete(n.props, verb[1:])
		delete(n.statements, verb[1:])
		if verb == "-"+graph.PropResource {
			n.set(graph.PropResource, nil)
		}
		return nil
	}
	value := reference.ReplaceAllStringFunc(rest, func(s string) string { return r.ID(s[1:]) })
	if !json.Valid([]byte(value)) {
		return fmt.Errorf("property %s is no JSON: %s", verb, value)
	}
	n.set(verb, json.RawMessage(value))
	return nil
}

// reference is a name in JSON: $role/x.
var reference = regexp.MustCompile(`\$[a-z0-9:-]+/[A-Za-z0-9_./:*-]+`)

func documentKey(kind graph.Kind) string {
	switch kind {
	case graph.KindUser, graph.KindGroup, graph.KindRole:
		return graph.PropInlinePrefix + "p"
	case graph.KindPolicy, graph.KindOrgPolicy:
		return graph.PropDocument
	}
	return graph.PropPolicy
}

// statement reads "ACTIONS [on RESOURCES] [to PRINCIPALS] [if CONDITION]".
func (r *reader) statement(n *node, key, effect, text string) error {
	text, condition, _ := strings.Cut(text, " if ")
	text, to, public := strings.Cut(text, " to ")
	actions, on, hasResource := strings.Cut(text, " on ")
	s := map[string]any{"Effect": effect, "Action": strings.Split(actions, ",")}
	switch {
	case hasResource:
		s["Resource"] = r.ids(on)
	case key != graph.PropTrust:
		s["Resource"] = "*"
	}
	if public {
		s["Principal"] = r.principals(n, to)
	}
	if condition != "" {
		condition = reference.ReplaceAllStringFunc(condition, func(s string) string { return r.ID(s[1:]) })
		if !json.Valid([]byte(condition)) {
			return fmt.Errorf("the condition is no JSON: %s", condition)
		}
		s["Condition"] = json.RawMessage(condition)
	}
	if key == graph.PropTrust && strings.Contains(to, "identity-provider/") {
		s["Action"] = "sts:AssumeRoleWithWebIdentity"
	}
	delete(n.props, key)
	n.statements[key] = append(n.statements[key], mustJSON(s))
	if len(n.statements[key]) == 1 {
		n.keys = append(n.keys, key)
	}
	return nil
}

func (r *reader) ids(list string) []string {
	var out []string
	for _, name := range strings.Split(list, ",") {
		out = append(out, r.ID(name))
	}
	return out
}

// principals reads the list after "to"; services it names become nodes.
func (r *reader) principals(n *node, list string) any {
	if list == "*" {
		return "*"
	}
	out := map[string][]string{}
	for _, name := range strings.Split(list, ",") {
		id, kind := r.ID(name), "AWS"
		switch {
		case strings.HasPrefix(id, "service:"):
			id, kind = strings.TrimPrefix(id, "service:"), "Service"
			r.node(graph.KindService, "service:"+id, id, "")
		case strings.Contains(id, ":oidc-provider/") || strings.Contains(id, ":saml-provider/"):
			kind = "Federated"
		}
		out[kind] = append(out[kind], id)
		if n.Kind == graph.KindRole {
			to := id
			if kind == "Service" {
				to = "service:" + id
			}
			n.edges = append(n.edges, [2]string{graph.EdgeTrusts.String(), to})
		}
	}
	return out
}

// finish turns statements into documents and gives a node that is described by
// nothing else the description a list call would give.
func (n *node) finish() {
	for key, list := range n.statements {
		n.props[key] = mustJSON(map[string]any{"Version": "2012-10-17", "Statement": list})
	}
	if raw, ok := n.props[graph.PropResource]; ok {
		if raw == nil {
			delete(n.props, graph.PropResource)
		}
		return
	}
	switch n.Kind {
	case graph.KindUser:
		n.set(graph.PropResource, mustJSON(map[string]string{"Arn": n.ID, "UserName": n.Name}))
	case graph.KindRole:
		n.set(graph.PropResource, mustJSON(map[string]string{"Arn": n.ID, "RoleName": n.Name}))
	case graph.KindGroup, graph.KindPolicy, graph.KindInstanceProfile, graph.KindTask, graph.KindBuild, graph.KindNotebook, graph.KindAppService,
		graph.KindBucket, graph.KindTable, graph.KindQueue, graph.KindTopic, graph.KindSecret, graph.KindParameter:
		n.set(graph.PropResource, mustJSON(map[string]string{"Arn": n.ID, "Name": n.Name}))
	case graph.KindFunction:
		n.set(graph.PropResource, mustJSON(map[string]string{"FunctionArn": n.ID, "FunctionName": n.Name}))
	case graph.KindKey:
		n.set(graph.PropResource, mustJSON(map[string]any{"Arn": n.ID, "KeyId": n.Name, "KeyManager": "CUSTOMER", "KeyState": "Enabled", "Enabled": true}))
	case graph.KindInstance:
		n.set(graph.PropResource, mustJSON(map[string]any{"InstanceId": n.Name, "State": map[string]string{"Name": "running"}, "MetadataOptions": map[string]string{"HttpEndpoint": "enabled", "HttpTokens": "required"}}))
	}
}

func mustJSON(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps and strings always marshal
	}
	return raw
}
