package permission

import (
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/permission/actions"
	"github.com/cairn-security/cairn/graph"
)

// anyName stands for whatever a node contains: a name that only patterns match,
// and only those that match nearly everything.
const anyName = "\u2022any-name\u2022"

// policyName is the ARN under which policies name a node. EC2 snapshots and
// images have no account in it.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
func policyName(n graph.Node) string {
	switch n.Kind {
	case graph.KindVolumeSnapshot, graph.KindImage:
		if parts := strings.SplitN(n.ID, ":", 6); len(parts) == 6 {
			parts[4] = ""
			return strings.Join(parts, ":")
		}
	case graph.KindKey: // policies name keys only, never aliases
		if owner, _, ok := strings.Cut(n.ID, ":alias/"); ok {
			return owner + ":key/" + anyName
		}
	}
	return n.ID
}

// containedIn is the path under which a node holds things of its own that
// actions are about, "" if it holds none.
func containedIn(k graph.Kind) string {
	switch k {
	case graph.KindBucket, graph.KindSearchDomain:
		return "/"
	case graph.KindAccessPoint:
		return "/object/"
	}
	return ""
}

// aboutContents reports whether an action on a node is about what it contains.
func aboutContents(n graph.Node, action string) bool {
	if n.Kind == graph.KindSearchDomain {
		// Requests to a domain's own API are about what lies under it.
		// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
		return strings.HasPrefix(action, "es:eshttp")
	}
	if containedIn(n.Kind) == "" {
		return false
	}
	known, ok := actions.Lookup(action)
	return !ok || !known.ActsOn(n.ID)
}

// maxRepresentatives bounds how many names per node are tried.
const maxRepresentatives = 32

// representatives are names of what the node contains, one per pattern that an
// allow statement singles out or a deny statement spares.
func (q *question) representatives() []string {
	var out []string
	sets := slices.Concat([]*Set{q.pol.Identity, q.pol.Boundary}, q.pol.SCPs, q.pol.Resource, q.pol.RCPs)
	for _, s := range sets {
		if s == nil {
			continue
		}
		c := s.of(q.req.Service)
		for i := range c.allow {
			if st := &c.allow[i]; !st.NotResource && st.CoversAction(q.req.Service, q.action) {
				out = st.Instances(q.class, q.req.Context, out, maxRepresentatives)
			}
		}
		for i := range c.deny {
			if st := &c.deny[i]; st.NotResource && st.CoversAction(q.req.Service, q.action) {
				out = st.Instances(q.class, q.req.Context, out, maxRepresentatives)
			}
		}
	}
	return out
}
