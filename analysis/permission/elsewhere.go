package permission

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
)

// withPolicy tells, by service, what kind of node an ARN names where the kind
// may have a policy of its own and cairn reads it.
func withPolicy(name arn.ARN, action string) (graph.Kind, bool) {
	switch name.Service {
	case "s3":
		if name.Account != "" {
			return graph.KindAccessPoint, name.Type() == "accesspoint"
		}
		return graph.KindBucket, true
	case "iam": // a role's policy decides about becoming it, nothing else
		return graph.KindRole, name.Type() == "role" && strings.HasPrefix(action, "sts:")
	case "kms":
		return graph.KindKey, name.Type() == "key" || name.Type() == "alias"
	case "sqs":
		return graph.KindQueue, true
	case "sns":
		return graph.KindTopic, true
	case "lambda":
		return graph.KindFunction, name.Type() == "function"
	case "secretsmanager":
		return graph.KindSecret, true
	case "ecr":
		return graph.KindRepository, name.Type() == "repository"
	case "dynamodb":
		return graph.KindTable, name.Type() == "table"
	case "kinesis":
		return graph.KindStream, name.Type() == "stream"
	case "elasticfilesystem":
		return graph.KindFileSystem, name.Type() == "file-system"
	case "es":
		return graph.KindSearchDomain, true
	case "backup":
		return graph.KindBackupVault, name.Type() == "backup-vault"
	}
	return graph.KindUnknown, false
}

// foreignPolicy begins the gap of a policy that stands in an account nobody read.
const foreignPolicy = "policy:"

// elsewhere handles a resource that is not in the snapshot. Three cases: where
// its policy is no part of the source, or its account was read and simply does
// not have it, it is taken to have none, and the answer says so. Where its
// account was not read, its policy is as unknown as one that was refused. A
// bucket's name has no account in it: one that no account read has belongs to
// somebody else, unless the list of buckets was refused.
func (t *target) elsewhere() {
	name, ok := arn.Parse(t.generic)
	if !ok {
		return
	}
	kind, ok := withPolicy(name, t.action)
	if !ok {
		return
	}
	owners := t.e.read
	if name.Account != "" {
		owners = nil
		if a := t.e.account(name.Account); a.read {
			owners = []*account{a}
		}
	}
	refused := ""
	if kind == graph.KindKey && len(owners) > 0 {
		t.named(name)
	}
	for _, a := range owners {
		known, gap := t.e.listed(a, kind)
		if !known || strings.HasPrefix(name.Resource, managedAlias) {
			t.byDefault(kind, name, a)
			return
		}
		refused = cmp.Or(refused, gap)
	}
	if regions := t.e.snap.Meta().Regions; name.Account != "" && len(owners) > 0 && refused == "" &&
		(name.Region == "" || len(regions) == 0 || slices.Contains(regions, name.Region)) {
		return // it does not exist yet
	}
	if name.Account == "" && refused == "" {
		t.owner = unknownOwner
	}
	t.foreign = refused == ""
	policyKind, _ := ownKind(kind)
	set := NewSet(policyKind)
	set.Unread = []string{cmp.Or(refused, foreignPolicy+t.generic)}
	node := graph.Node{ID: t.generic, Kind: kind, Account: name.Account, Region: name.Region}
	t.resource = &resource{ref: graph.NoRef, node: node, account: t.e.account(name.Account), sets: []*Set{set}, ctx: t.e.resourceContext(node, graph.NoRef)}
}

// named puts a key behind an alias: policies name keys only.
func (t *target) named(name arn.ARN) {
	if name.Type() == "alias" {
		name.Resource = "key/" + anyName
		t.generic = name.String()
	}
}

// byDefault gives a resource of an account whose policies are no part of the
// source the policy that it is taken to have: none, or that of a key.
func (t *target) byDefault(kind graph.Kind, name arn.ARN, owner *account) {
	if kind != graph.KindKey {
		return
	}
	node := graph.Node{ID: t.generic, Kind: kind, Account: name.Account, Region: name.Region}
	t.resource = &resource{ref: graph.NoRef, node: node, account: owner, ctx: t.e.resourceContext(node, graph.NoRef)}
	if t.resource.awsManagedKey = strings.HasPrefix(name.Resource, managedAlias); t.resource.awsManagedKey {
		t.resource.sets = []*Set{owner.managedKeys}
		return
	}
	t.resource.sets, t.resource.assumptions = []*Set{owner.keys}, []string{keyDelegation}
}

// listed reports whether resources of a kind and their policies are part of
// what was read of an account, and the gap that hides which there are.
func (e *Engine) listed(a *account, kind graph.Kind) (known bool, refused string) {
	for _, call := range policyReads[kind] {
		service, op, _ := strings.Cut(call, " ")
		if e.notCollected(a.ref, service, op) {
			return false, ""
		}
		for _, g := range e.snap.GapsOf(a.ref) {
			if g.Refused() && g.Service == service && (strings.HasPrefix(g.Operation, "List") || strings.HasPrefix(g.Operation, "Describe")) {
				refused = g.ID
			}
		}
	}
	return true, refused
}
