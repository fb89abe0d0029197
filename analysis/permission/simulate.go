package permission

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph/arn"
)

// Simulation is the answer to one line of a cases file.
type Simulation struct {
	ID         string            `json:"id"`
	Decision   string            `json:"decision,omitempty"` // allow, deny, conditional
	Explicit   bool              `json:"explicit"`
	Conditions [][]SimulatedTest `json:"conditions,omitempty"`
	Reasons    []SimulatedReason `json:"reasons"`
	Missing    []string          `json:"missing,omitempty"`
	Gaps       []string          `json:"gaps,omitempty"`
	Problems   []string          `json:"problems,omitempty"` // parts of documents that could not be read
}

// SimulatedTest is one condition that is left over.
type SimulatedTest struct {
	Key      string   `json:"key"`
	Operator string   `json:"operator"`
	Values   []string `json:"values"`
	Negated  bool     `json:"negated"` // the test must fail
}

// SimulatedReason is one deciding statement.
type SimulatedReason struct {
	Policy   string `json:"policy"`
	Effect   string `json:"effect"`
	Document string `json:"document"`
	Pointer  string `json:"pointer"`
	Sid      string `json:"sid"`
}

// simulationCase is one line of a cases file.
type simulationCase struct {
	ID      string `json:"id"`
	Mode    string `json:"mode"`
	Request *struct {
		Principal       string                     `json:"principal"`
		Action          string                     `json:"action"`
		Resource        string                     `json:"resource"`
		ResourceAccount string                     `json:"resource_account"`
		Context         map[string]json.RawMessage `json:"context"`
	} `json:"request"`
	IdentityPolicies json.RawMessage `json:"identity_policies"`
	Boundary         json.RawMessage `json:"boundary"`
	SCPs             []policyLevel   `json:"scps"`
	RCPs             []policyLevel   `json:"rcps"`
	SessionPolicy    json.RawMessage `json:"session_policy"`
	ResourcePolicy   json.RawMessage `json:"resource_policy"`
	EndpointPolicies json.RawMessage `json:"endpoint_policies"`
}

type policyLevel struct {
	Level    string          `json:"level"`
	Policies json.RawMessage `json:"policies"`
}

// SimulateLine decides one case: a JSON object that carries the request and all
// its policies. In mode "strict" a context key that is not given is absent;
// otherwise it is not known and may be part of a conditional answer. The error
// names what is wrong with the line; the id is returned with it if it was
// readable.
func SimulateLine(line []byte) (*Simulation, error) {
	var c simulationCase
	if err := json.Unmarshal(line, &c); err != nil {
		return &Simulation{ID: idOf(line)}, fmt.Errorf("not a case: %w", err)
	}
	out := &Simulation{ID: c.ID, Reasons: []SimulatedReason{}}
	if c.Request == nil || c.Request.Principal == "" || c.Request.Action == "" {
		return out, fmt.Errorf("case %q: request needs principal and action", c.ID)
	}
	ctx, err := c.context()
	if err != nil {
		return out, fmt.Errorf("case %q: %w", c.ID, err)
	}
	resource := c.Request.Resource
	if resource == "" {
		resource = "*"
	}
	owner := c.Request.ResourceAccount
	if name, ok := arn.Parse(resource); ok && owner == "" && arn.IsAccount(name.Account) {
		owner = name.Account
	}
	r := Ask(c.caller(), c.Request.Action, resource, owner, ctx)
	p, err := c.policies(&r, out)
	if err != nil {
		return out, fmt.Errorf("case %q: %w", c.ID, err)
	}
	r.Caller.HasBoundary = p.Boundary != nil
	if AccountLevel(r.Action) {
		r.Resource = "*"
	}
	out.fill(Authorize(&r, p, nil))
	return out, nil
}

// idOf finds the id of a line that is no case, "" if it has none: up to the
// first syntax error, at any depth of nesting.
func idOf(line []byte) string {
	tokens := json.NewDecoder(bytes.NewReader(line))
	for depth, member := 0, false; ; {
		token, err := tokens.Token()
		if err != nil {
			return ""
		}
		switch t := token.(type) {
		case json.Delim:
			if depth++; t == '}' || t == ']' {
				depth -= 2
			}
			member = depth == 1
			continue
		case string:
			if depth == 1 && member && t == "id" {
				id, _ := tokens.Token()
				text, _ := id.(string)
				return text
			}
		}
		member = depth == 1 && !member
	}
}

// caller reads the principal. Web identity providers have host names as services
// have them; the call that only their identities make tells them apart.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-federated-web-identity
func (c *simulationCase) caller() policy.Caller {
	who := CallerFromARN(c.Request.Principal)
	if who.Kind == policy.CallerService && strings.EqualFold(c.Request.Action, "sts:AssumeRoleWithWebIdentity") {
		who.Kind = policy.CallerFederated
	}
	return who
}

func (c *simulationCase) context() (*policy.Context, error) {
	rest := policy.Unknown
	if c.Mode == "" || c.Mode == "strict" {
		rest = policy.Absent
	}
	ctx := policy.NewContext(rest)
	for key, raw := range c.Request.Context {
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) == nil && list != nil {
			values := make([]string, len(list))
			for i, item := range list {
				v, ok := scalar(item)
				if !ok {
					return nil, fmt.Errorf("context key %q: list of strings expected", key)
				}
				values[i] = v
			}
			ctx.SetList(key, values)
			continue
		}
		v, ok := scalar(raw)
		if !ok {
			return nil, fmt.Errorf("context key %q: string or list of strings expected", key)
		}
		ctx.Set(key, v)
	}
	return ctx, nil
}

// scalar reads a string, number or boolean by its text.
func scalar(raw json.RawMessage) (string, bool) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' || raw[0] == 'n' {
		return "", false
	}
	if raw[0] != '"' {
		return string(raw), true
	}
	var s string
	return s, json.Unmarshal(raw, &s) == nil
}

func (c *simulationCase) policies(r *Request, out *Simulation) (*Policies, error) {
	l := loader{out: out}
	p := &Policies{Identity: l.set(IdentityPolicy, "identity_policies", c.IdentityPolicies)}
	if p.Identity == nil {
		p.Identity = NewSet(IdentityPolicy)
	}
	p.Boundary = l.set(PermissionsBoundary, "boundary", c.Boundary)
	p.Session = l.set(SessionPolicy, "session_policy", c.SessionPolicy)
	p.SCPs = l.levels(ServiceControlPolicy, "scps", c.SCPs)
	p.RCPs = l.levels(ResourceControlPolicy, "rcps", c.RCPs)
	kind := ResourcePolicy
	if r.mode == modeOwnPolicy {
		if kind = KeyPolicy; r.Service == "sts" {
			kind = TrustPolicy
		}
	}
	if s := l.set(kind, "resource_policy", c.ResourcePolicy); s != nil {
		p.Resource = []*Set{s}
	}
	if s := l.set(EndpointPolicy, "endpoint_policies", c.EndpointPolicies); s != nil {
		p.Endpoint = []*Set{s}
	}
	return p, l.err
}

// loader reads the policy fields of a case.
type loader struct {
	out *Simulation
	err error
}

func (l *loader) levels(kind PolicyType, field string, levels []policyLevel) []*Set {
	var out []*Set
	for i, level := range levels {
		s := l.set(kind, field+"/"+strconv.Itoa(i), level.Policies)
		if s == nil {
			s = NewSet(kind)
		}
		s.Label = level.Level
		out = append(out, s)
	}
	return out
}

func (l *loader) set(kind PolicyType, field string, raw json.RawMessage) *Set {
	docs := l.documents(field, raw)
	if docs == nil {
		return nil
	}
	return NewSet(kind, docs...)
}

// documents reads a document, or a list of documents, each bare or wrapped as
// {"name", "policy"}. Nil stands for null; an empty list is not nil.
func (l *loader) documents(field string, raw json.RawMessage) []*Attached {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	items := []json.RawMessage{raw}
	if raw[0] == '[' {
		if err := json.Unmarshal(raw, &items); err != nil && l.err == nil {
			l.err = fmt.Errorf("%s: %w", field, err)
		}
	}
	out := make([]*Attached, 0, len(items))
	for i, item := range items {
		name := field + "/" + strconv.Itoa(i)
		var wrapped struct {
			Name   string          `json:"name"`
			Policy json.RawMessage `json:"policy"`
		}
		if json.Unmarshal(item, &wrapped) == nil && wrapped.Policy != nil {
			item = wrapped.Policy
			if wrapped.Name != "" {
				name = wrapped.Name
			}
		}
		doc := policy.ParseLenient(name, item)
		for _, problem := range doc.Problems {
			l.out.Problems = append(l.out.Problems, problem.Error())
		}
		out = append(out, &Attached{Policy: policy.Compile(doc), Name: name, ID: int32(i)})
	}
	return out
}

func (s *Simulation) fill(d *Decision) {
	s.Decision, s.Explicit, s.Gaps = d.Verdict.String(), d.Explicit, d.Gaps
	if d.Verdict == Unknown {
		s.Decision = Conditional.String() // what is unknown here is a malformed document
	}
	for _, alt := range d.Alternatives {
		tests := make([]SimulatedTest, len(alt))
		for i, l := range alt {
			tests[i] = SimulatedTest{l.Test.Name, l.Test.Operator, l.Test.Values, l.Not}
		}
		s.Conditions = append(s.Conditions, tests)
	}
	for _, why := range d.Reasons {
		s.Reasons = append(s.Reasons, SimulatedReason{Policy: why.Policy.String(), Effect: why.Effect.String(),
			Document: why.Statement.Doc.Name, Pointer: why.Statement.Statement.Pointer, Sid: why.Statement.Statement.Sid})
	}
	for _, m := range d.Missing {
		s.Missing = append(s.Missing, m.String())
	}
}
