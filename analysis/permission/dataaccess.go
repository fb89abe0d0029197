package permission

import (
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// CanAccess decides whether a principal has an access to a datastore through
// the AWS API, by any of the actions that give it. What is encrypted with a
// customer's key needs the key too, by the same principal in the same request.
func (e *Engine) CanAccess(who, store graph.Ref, a Access, g Given) *attack.Decision {
	d, _ := e.bestAccess(who, store, a, &g)
	return d
}

// CanRead decides whether a principal reads a datastore: CanAccess with
// [ReadAccess].
func (e *Engine) CanRead(who, store graph.Ref, g Given) *attack.Decision {
	return e.CanAccess(who, store, ReadAccess, g)
}

// bestAccess returns the best decision and the action it is about.
func (e *Engine) bestAccess(who, store graph.Ref, a Access, g *Given) (*attack.Decision, string) {
	p, ok := e.principal(who)
	if !ok {
		return &attack.Decision{Missing: []string{e.snap.Node(who).ID + " is no principal"}}, ""
	}
	var best *attack.Decision
	action := ""
	for _, op := range operations(e.snap.Kind(store), a) {
		d := e.operate(p, store, op, g)
		if best == nil || betterDecision(d, best) {
			best, action = d, op.action
		}
		if best.Certain() {
			break
		}
	}
	if best == nil {
		return &attack.Decision{Missing: []string{"no action of the AWS API gives " + a.String() + " access to " + e.snap.Kind(store).String() + " resources"}}, ""
	}
	return best, action
}

// betterDecision prefers allowed over not, then the more certain one.
func betterDecision(a, b *attack.Decision) bool {
	if a.Allowed != b.Allowed {
		return a.Allowed
	}
	return a.Allowed && a.Status < b.Status
}

func (e *Engine) operate(p *principal, store graph.Ref, op operation, g *Given) *attack.Decision {
	return e.withKeys(e.ask(p, op.action, OnNode(store), g).decide(), p, store, op, g)
}

// withKeys adds to a decision about a datastore the keys it is encrypted with,
// where the operation needs them.
func (e *Engine) withKeys(d *attack.Decision, p *principal, store graph.Ref, op operation, g *Given) *attack.Decision {
	if op.key == "" || !d.Allowed {
		return d
	}
	for _, key := range e.keysOf(store) {
		d = attack.And(d, e.useKey(p, store, key, op.key, g))
	}
	return d
}

// keysOf are the keys a datastore is encrypted with. A snapshot that says that it
// is encrypted and not with what is encrypted as its volume is.
// https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html
func (e *Engine) keysOf(store graph.Ref) []graph.Ref {
	keys := slices.Collect(e.snap.OutKind(store, graph.EdgeEncryptedBy))
	if len(keys) > 0 || e.snap.Kind(store) != graph.KindVolumeSnapshot {
		return keys
	}
	var doc struct{ Encrypted bool }
	if _, err := e.snap.Decode(store, graph.PropResource, &doc); err == nil && doc.Encrypted {
		for volume := range e.snap.OutKind(store, graph.EdgeSnapshotOf) {
			keys = slices.AppendSeq(keys, e.snap.OutKind(volume, graph.EdgeEncryptedBy))
		}
	}
	return keys
}

// useKey decides on the key of an encrypted datastore. The service calls KMS
// with the caller's permissions, which kms:ViaService shows.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
func (e *Engine) useKey(p *principal, store, key graph.Ref, action string, g *Given) *attack.Decision {
	via := *g
	via.ViaService = viaService(e.snap.Node(store))
	via.Endpoint = "" // the call to KMS does not pass the caller's endpoint
	return e.ask(p, action, OnNode(key), &via).decide()
}

// viaService is the service that uses the key, as kms:ViaService has it.
func viaService(store graph.Node) string {
	service := serviceOf(store.ID)
	switch store.Kind {
	case graph.KindVolume, graph.KindVolumeSnapshot, graph.KindImage:
		service = "ec2"
	case graph.KindDBInstance, graph.KindDBCluster, graph.KindDBSnapshot:
		service = "rds"
	}
	region := store.Region
	if region == "" || region == "global" {
		region = "us-east-1"
	}
	return service + "." + region + ".amazonaws.com"
}
