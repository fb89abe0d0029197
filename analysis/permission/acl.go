package permission

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
)

const (
	allUsers           = "http://acs.amazonaws.com/groups/global/AllUsers"
	authenticatedUsers = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
)

// listActions is what a permission of a bucket's access control list allows.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
func listActions(permission string) []string {
	switch permission {
	case "READ":
		return []string{"s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"}
	case "WRITE":
		return []string{"s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"}
	case "READ_ACP":
		return []string{"s3:GetBucketAcl"}
	case "WRITE_ACP":
		return []string{"s3:PutBucketAcl"}
	case "FULL_CONTROL":
		return append(append(listActions("READ"), listActions("WRITE")...), "s3:GetBucketAcl", "s3:PutBucketAcl")
	}
	return nil
}

// objectListActions is the same of an object's list.
func objectListActions(permission string) []string {
	switch permission {
	case "READ":
		return []string{"s3:GetObject", "s3:GetObjectVersion"}
	case "READ_ACP":
		return []string{"s3:GetObjectAcl", "s3:GetObjectVersionAcl"}
	case "WRITE_ACP":
		return []string{"s3:PutObjectAcl", "s3:PutObjectVersionAcl"}
	case "FULL_CONTROL":
		return append(append(objectListActions("READ"), objectListActions("READ_ACP")...), objectListActions("WRITE_ACP")...)
	}
	return nil
}

const objectListsAssumption = "access control lists of objects that were not sampled are taken to let in nobody but the owner"

// readACL turns the access control lists of the bucket and of its objects into
// statements. Lists count unless object ownership is enforced; those that are
// public do not count under IgnorePublicAcls.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
func (e *Engine) readACL(r *resource) {
	if e.ownerEnforced(r) {
		return
	}
	l := lists{e: e, r: r}
	_, l.ignored = e.blockedBy(r, func(b *publicAccessBlock) bool { return b.IgnorePublicAcls })
	if g := e.snap.Gap(r.ref, "s3", "GetBucketOwnershipControls"); g != nil {
		l.hidden = append(l.hidden, g.ID)
	}
	if l.publicHidden = l.hidden; !l.ignored {
		l.publicHidden = append(l.publicHidden[:len(l.publicHidden):len(l.publicHidden)], e.blockUnread(r)...)
		r.assumptions = append(r.assumptions, objectListsAssumption)
	}
	for _, operation := range [...]string{"GetBucketAcl", "GetObjectAcl"} {
		if g := e.snap.Gap(r.ref, "s3", operation); g != nil && (operation == "GetObjectAcl" || e.snap.Prop(r.ref, graph.PropACL) == nil) {
			l.unread = append(l.unread, g.ID)
		}
	}
	l.read(graph.PropACL, listActions, r.node.ID, r.node.ID+"/*")
	for _, prop := range e.snap.Props(r.ref) {
		if key, ok := strings.CutPrefix(prop.Key, graph.PropObjectACL); ok {
			l.read(prop.Key, objectListActions, r.node.ID+"/"+literal(key))
		}
	}
	if l.unread != nil {
		slices.Sort(l.unread)
		r.sets = append(r.sets, e.allowOnly(e.shared(AccessControlList, "", nil, slices.Compact(l.unread))))
	}
}

// literal escapes what a Resource element would read as a pattern or variable.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
func literal(key string) string {
	return strings.NewReplacer("*", "${*}", "?", "${?}", "$", "${$}").Replace(key)
}

func (e *Engine) ownerEnforced(r *resource) bool {
	var own struct {
		Rules []struct{ ObjectOwnership string }
	}
	if ok, err := e.snap.Decode(r.ref, graph.PropOwnership, &own); !ok || err != nil {
		return false
	}
	return slices.ContainsFunc(own.Rules, func(rule struct{ ObjectOwnership string }) bool { return rule.ObjectOwnership == "BucketOwnerEnforced" })
}

// lists reads the access control lists of one bucket.
type lists struct {
	e       *Engine
	r       *resource
	ignored bool // public grants do not count
	// hidden are gaps that hide whether lists count, publicHidden those that
	// hide whether their public grants do.
	hidden, publicHidden []string
	unread               []string // gaps behind which a grant may stand
}

func (l *lists) read(prop string, actions func(permission string) []string, resources ...string) {
	var acl struct {
		Owner  struct{ ID string }
		Grants []json.RawMessage
	}
	if ok, err := l.e.snap.Decode(l.r.ref, prop, &acl); !ok || err != nil {
		return
	}
	var list []policy.Statement
	for i, raw := range acl.Grants {
		var g struct {
			Grantee    struct{ Type, URI, ID string }
			Permission string
		}
		if json.Unmarshal(raw, &g) != nil {
			continue
		}
		who := policy.Principal{Type: "CanonicalUser", Value: g.Grantee.ID}
		hidden := l.hidden
		switch {
		case g.Grantee.URI == allUsers || g.Grantee.URI == authenticatedUsers:
			if l.ignored {
				continue
			}
			who, hidden = policy.Principal{Type: "*", Value: "*"}, l.publicHidden
		case g.Grantee.ID == "" || g.Grantee.ID == acl.Owner.ID:
			continue // the owner; log delivery and other groups of AWS itself
		}
		if hidden != nil {
			l.unread = append(l.unread, hidden...)
			continue
		}
		s := element(raw, "/Grants/"+strconv.Itoa(i), who, actions(g.Permission), resources)
		if g.Grantee.URI == authenticatedUsers {
			s.Conditions = []policy.Condition{{Operator: "Null", Key: "aws:PrincipalArn", Values: []string{"false"}}}
		}
		list = append(list, s)
	}
	if list != nil {
		l.r.sets = append(l.r.sets, l.e.synthetic(l.r.ref, AccessControlList, prop, policy.Version2012, list))
	}
}
