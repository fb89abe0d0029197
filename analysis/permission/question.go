package permission

import (
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission/actions"
	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
)

// question is a request with everything that decides it.
type question struct {
	target
	principal *principal
	req       Request
	pol       Policies
	fresh     bool   // the resource does not exist yet
	refusal   string // why the question makes no sense
}

// ask resolves a question. A refusal is an answer too: denied, with a reason.
func (e *Engine) ask(p *principal, action string, on Resource, g *Given) *question {
	return e.target(action, on).ask(p, g)
}

// ask is Engine.ask for one of many principals.
func (t *target) ask(p *principal, g *Given) *question {
	e := t.e
	q := &question{target: *t, principal: p}
	ctx := t.ctx
	if t.own {
		q.owner = p.caller.Account
		if t.asked != graph.NoRef && e.snap.Node(t.asked).Account != q.owner {
			q.refusal = q.action + " works in the caller's own account only"
		}
		ctx = e.resourceContext(graph.Node{ID: q.generic, Account: q.owner}, graph.NoRef).Over(ctx)
	}
	ctx = p.ctx[g.held(&p.caller)].Over(ctx)
	if known := q.assumed(); known != nil {
		ctx = known.Over(ctx)
	}
	if !g.empty() {
		ctx = g.context().Over(ctx)
	}
	owner := q.owner
	if owner == "" && p.outside {
		owner = unknownOwner // certainly not the caller's own account
	}
	q.req = Ask(p.caller, q.action, q.generic, owner, ctx)
	q.pol = Policies{Identity: p.identity, Boundary: p.boundary, SCPs: p.account.scps}
	q.req.outside = p.outside
	if q.resource != nil {
		q.pol.Resource = q.resource.sets
		q.req.AWSManagedKey = q.resource.awsManagedKey
		if q.fromOutside() {
			q.pol.Endpoint = q.resource.outside
		}
	}
	if q.owner != "" {
		q.pol.RCPs = e.account(q.owner).rcps
	}
	if g.Endpoint != "" {
		q.pol.Endpoint = append(q.pol.Endpoint[:len(q.pol.Endpoint):len(q.pol.Endpoint)], e.endpoint(g.Endpoint)...)
	}
	q.check()
	return q
}

// unknownOwner stands for the account of a resource whose account is not known.
const unknownOwner = "unknown-owner"

// assumed is what is known when a service or an identity of a provider assumes
// a role: a service does it for a resource of the role's own account, because
// roles cannot be passed across accounts, and a SAML sign-in has one audience.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
func (q *question) assumed() *policy.Context {
	c := policy.NewContext(policy.Unknown)
	switch {
	case q.action == "sts:assumerole" && q.principal.caller.Kind == policy.CallerService && q.owner != "":
		c.Set("aws:SourceAccount", q.owner)
		if a := q.e.account(q.owner); a.orgID != "" {
			c.Set("aws:SourceOrgID", a.orgID)
		}
	case q.action == "sts:assumerolewithsaml":
		c.Set("SAML:aud", "https://signin.aws.amazon.com/saml")
	default:
		return nil
	}
	return c
}

// fromOutside reports whether the caller is outside the resource's account, as
// S3 counts it: AWS services are not.
func (q *question) fromOutside() bool {
	return q.principal.caller.Kind != policy.CallerService && (q.owner == "" || q.principal.caller.Account != q.owner)
}

// check refuses questions that no request can be.
func (q *question) check() {
	if known, ok := actions.Lookup(q.action); ok && len(known.Types) > 0 && strings.HasPrefix(q.generic, "arn:") && !known.ActsOn(q.generic) {
		q.refusal = known.String() + " does not act on " + q.generic
		return
	}
	if q.principal.outside && (q.resource == nil || q.resource.ref == graph.NoRef) && (q.owner == "" || q.owner == q.principal.caller.Account) {
		q.refusal = "what the action is about lies in the caller's own account, outside the estate"
		return
	}
	who := q.principal.caller.Kind
	if who == policy.CallerAnonymous && !acceptsAnonymous(q.req.Service, q.action) {
		q.refusal = q.req.Service + " accepts no request without credentials"
	}
	if who == policy.CallerFederated && q.action != "sts:assumerolewithsaml" && q.action != "sts:assumerolewithwebidentity" {
		q.refusal = "an identity of a provider can only assume roles"
	}
	if q.action == "iam:passrole" && q.owner != "" && q.principal.caller.Account != q.owner {
		q.refusal = "a role cannot be passed across accounts"
	}
	if q.resource != nil && q.resource.restricted && q.fromOutside() && q.req.Service == "s3" {
		q.refusal = "RestrictPublicBuckets is on and the bucket policy is public: nobody outside the account gets in"
	}
}

// acceptsAnonymous lists the services that take unsigned requests.
func acceptsAnonymous(service, action string) bool {
	switch service {
	case "s3", "sqs", "sns", "execute-api", "es", "aoss", "ecr-public", "s3express", "mediastore", "iot":
		return true
	case "lambda":
		return action == "lambda:invokefunctionurl" || action == "lambda:invokefunction"
	case "elasticfilesystem":
		return strings.HasPrefix(action, "elasticfilesystem:client") // NFS without IAM
	}
	return false
}

// endpoint returns the policy sets of a VPC endpoint; none where it has the
// default policy, which allows everything.
func (e *Engine) endpoint(id string) []*Set {
	ref, err := e.snap.Resolve(id)
	if err != nil {
		return nil
	}
	if d := e.places[place{ref, graph.PropPolicy}]; d != nil {
		return []*Set{NewSet(EndpointPolicy, d)}
	}
	return nil
}

// free are the keys the caller sets as he likes.
func (q *question) free() Free {
	if q.fresh {
		return func(key string) bool { return free(key) || key == "aws:requestedregion" }
	}
	if q.action == "sts:assumerolewithwebidentity" {
		// The audience is one of those the provider is registered with; who
		// can get a token chooses it.
		return func(key string) bool { return free(key) || strings.HasSuffix(key, ":aud") }
	}
	if q.principal.outside {
		return func(key string) bool { return free(key) || strings.HasPrefix(key, "aws:principaltag/") }
	}
	return free
}

// decide answers for the best representative.
func (q *question) decide() *attack.Decision {
	if q.refusal != "" {
		return q.refused()
	}
	best := Authorize(&q.req, &q.pol, q.free())
	at := q.generic
	if q.class != "" && best.Verdict != Allowed {
		for _, name := range q.representatives() {
			q.req.Resource = name
			if d := Authorize(&q.req, &q.pol, q.free()); better(d.Verdict, best.Verdict) {
				best, at = d, name
			}
		}
	}
	q.req.Resource = at
	return q.convert(best)
}

// truth is decide without reasons: whether it is worth asking.
func (q *question) truth() policy.Truth {
	if q.refusal != "" {
		return policy.False
	}
	got := Decide(&q.req, &q.pol)
	if q.class != "" && got == policy.False {
		for _, name := range q.representatives() {
			q.req.Resource = name
			got = max(got, Decide(&q.req, &q.pol))
		}
		q.req.Resource = q.generic
	}
	return got
}

// better orders verdicts: allowed, conditional, unknown, denied.
func better(a, b Verdict) bool {
	rank := [...]int{Denied: 0, Unknown: 1, Conditional: 2, Allowed: 3}
	return rank[a] > rank[b]
}
