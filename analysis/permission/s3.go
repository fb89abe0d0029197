package permission

import (
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
)

type publicAccessBlock struct {
	BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets bool
}

// blockedBy returns whether a flag of the public access block is set, at the
// bucket or at its account; the stricter of the two counts.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
func (e *Engine) blockedBy(r *resource, flag func(*publicAccessBlock) bool) (place, bool) {
	for _, at := range [...]graph.Ref{r.ref, r.account.ref} {
		if at == graph.NoRef {
			continue
		}
		var b publicAccessBlock
		if ok, err := e.snap.Decode(at, graph.PropPublicAccessBlock, &b); ok && err == nil && flag(&b) {
			return place{at, graph.PropPublicAccessBlock}, true
		}
	}
	return place{}, false
}

// blockUnread names the gaps that hide a public access block.
func (e *Engine) blockUnread(r *resource) []string {
	var unread []string
	own := [2]string{"s3", "GetPublicAccessBlock"}
	if r.point != nil {
		own = [2]string{"s3control", "GetAccessPoint"}
	}
	if g := e.snap.Gap(r.ref, own[0], own[1]); g != nil {
		unread = append(unread, g.ID)
	}
	if g := e.snap.Gap(r.ref, "s3control", "GetPublicAccessBlock"); g != nil {
		unread = append(unread, g.ID)
	}
	return unread
}

// readPublicAccessBlock applies RestrictPublicBuckets: as soon as one statement
// of the bucket policy is public, everyone outside the account is cut off,
// whatever other statements grant.
func (e *Engine) readPublicAccessBlock(r *resource) {
	if !e.publicPolicy(r) {
		return
	}
	at, on := e.blockedBy(r, func(b *publicAccessBlock) bool { return b.RestrictPublicBuckets })
	if on {
		r.restricted, r.restrictedBy = true, at
	} else if unread := e.blockUnread(r); unread != nil {
		r.outside = append(r.outside, e.allowOnly(e.shared(PublicAccessBlock, "", nil, unread)))
	}
	if e.notCollected(r.ref, "s3control", "GetPublicAccessBlock") || e.notCollected(r.ref, "s3", "GetPublicAccessBlock") {
		r.assumptions = append(r.assumptions, "the S3 public access block is no part of the source: none is taken to be in force")
	}
}

func (e *Engine) publicPolicy(r *resource) bool {
	d := e.attached(r.ref, graph.PropPolicy)
	if d == nil {
		return false
	}
	for i := range d.Doc.Statements {
		if publicStatement(&d.Doc.Statements[i]) {
			return true
		}
	}
	return false
}

// publicStatement is what S3 calls public: it allows everyone without limiting
// the caller to fixed values of one of a list of keys.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
func publicStatement(s *policy.Statement) bool {
	if s.Effect != policy.Allow || !s.HasPrincipal {
		return false
	}
	everyone := s.NotPrincipal
	for _, p := range s.Principals {
		everyone = everyone || p.Value == "*"
	}
	if !everyone {
		return false
	}
	for i := range s.Conditions {
		if limitsCaller(&s.Conditions[i]) {
			return false
		}
	}
	return true
}

// limitsCaller: a fixed key of KMS counts too, for S3 alone.
func limitsCaller(c *policy.Condition) bool {
	as := attack.Condition{Key: c.Key, Operator: c.Operator, Values: c.Values}
	const kmsKey = "s3:x-amz-server-side-encryption-aws-kms-key-id"
	return NamesCallers(as) || strings.EqualFold(c.Key, kmsKey) && positive(as) && fixedValues(kmsKey, c.Values)
}
