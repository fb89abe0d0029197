package technique

import (
	"encoding/json"
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

const (
	openData      attack.TechniqueID = "open-data"
	resetPassword attack.TechniqueID = "reset-database-password"
)

// opening says what a write of a datastore's own policy or sharing makes of it.
type opening struct {
	property string
	value    json.RawMessage
	by       graph.Kind // who uses it: KindUnknown stands for the writer itself
}

var (
	everybody = json.RawMessage(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`)
	openings  = map[string]opening{
		"s3:PutBucketPolicy": {graph.PropPolicy, everybody, graph.KindUnknown}, "sqs:SetQueueAttributes": {graph.PropPolicy, everybody, graph.KindUnknown},
		"sqs:AddPermission": {graph.PropPolicy, everybody, graph.KindUnknown}, "sns:SetTopicAttributes": {graph.PropPolicy, everybody, graph.KindUnknown},
		"sns:AddPermission": {graph.PropPolicy, everybody, graph.KindUnknown}, "secretsmanager:PutResourcePolicy": {graph.PropPolicy, everybody, graph.KindUnknown},
		"dynamodb:PutResourcePolicy": {graph.PropPolicy, everybody, graph.KindUnknown}, "kinesis:PutResourcePolicy": {graph.PropPolicy, everybody, graph.KindUnknown},
		"ecr:SetRepositoryPolicy":              {graph.PropPolicy, everybody, graph.KindUnknown},
		"ec2:ModifySnapshotAttribute":          {graph.PropAttributes, json.RawMessage(`[{"Group":"all"}]`), graph.KindAnyPrincipal},
		"ec2:ModifyImageAttribute":             {graph.PropAttributes, json.RawMessage(`[{"Group":"all"}]`), graph.KindAnyPrincipal},
		"rds:ModifyDBSnapshotAttribute":        {graph.PropAttributes, json.RawMessage(`[{"AttributeName":"restore","AttributeValues":["all"]}]`), graph.KindAnyPrincipal},
		"rds:ModifyDBClusterSnapshotAttribute": {graph.PropAttributes, json.RawMessage(`[{"AttributeName":"restore","AttributeValues":["all"]}]`), graph.KindAnyPrincipal},
	}
)

// deriveOpenData: who may write the policy of a datastore, or share it, lets
// itself or an account of its own in. What that gives is decided by asking the
// permission engine about the estate in which it is done, so that denies of the
// writer, organization policies, keys and public access blocks count. Principals
// with equal rights share a state, as in deriveDataAccess.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
// https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html
func deriveOpenData(e *Estate, emit func(attack.Step)) {
	deriveTagData(e, emit)
	var grants []permission.Grant
	var patch graph.Patch
	done := map[graph.Ref]bool{}
	for _, g := range e.dataGrants() {
		how, ok := openings[g.Action]
		if g.Access != permission.AdministerAccess || !ok || !g.Decision.Allowed {
			continue
		}
		grants = append(grants, g)
		for _, store := range g.Stores {
			if !done[store] {
				done[store] = true
				patch.Set = append(patch.Set, graph.PropChange{Node: store, Key: how.property, Value: how.value})
			}
		}
	}
	if len(grants) == 0 {
		return
	}
	after := e.with(patch)
	if after == nil {
		return
	}
	for _, g := range grants {
		i := slices.IndexFunc(g.Principals, func(p graph.Ref) bool { return e.opens(p) })
		if i < 0 {
			continue
		}
		hub := attack.State{}
		for _, store := range g.Stores {
			if !e.worthOpening(store) || !e.sameAccount(g.Principals[i], store) || e.automated(store) {
				continue
			}
			if hub == (attack.State{}) {
				hub = e.newAux()
				for _, p := range g.Principals {
					if premise, ok := e.principalState(p); ok && e.opens(p) && e.sameAccount(p, g.Principals[i]) {
						emit(attack.Step{Technique: holdsGrants, Premises: []attack.State{premise}, Conclusion: hub, Auxiliary: true})
					}
				}
			}
			e.open(after, g, hub, g.Principals[i], store, emit)
		}
	}
}

// opens reports whether a principal has use for the technique: one that can be
// held and does not administer its account.
func (e *Estate) opens(p graph.Ref) bool {
	_, ok := e.principalState(p)
	return ok && !e.isAdministrator(p)
}

// worthOpening keeps the technique to what somebody is after: critical assets,
// and what holds credentials.
func (e *Estate) worthOpening(store graph.Ref) bool {
	d := e.Data.Of(store)
	return d != nil && (d.Critical || holdsSecret(e.Snap.Kind(store)) || len(e.holdingsOf(store).credentials) > 0)
}

// automated snapshots of databases cannot be shared, but for copies of them.
func (e *Estate) automated(store graph.Ref) bool {
	var doc struct{ SnapshotType string }
	_, err := e.Snap.Decode(store, graph.PropResource, &doc)
	return err == nil && doc.SnapshotType == "automated"
}

// open emits what a principal has of a datastore once it opened it, and has not
// already.
func (e *Estate) open(after *Estate, g permission.Grant, premise attack.State, p, store graph.Ref, emit func(attack.Step)) {
	how, user := openings[g.Action], p
	if how.by == graph.KindAnyPrincipal {
		if user = e.special("any-aws-principal"); user == graph.NoRef {
			return
		}
	}
	name := e.name(p)
	if len(g.Principals) > 1 {
		name = attack.Holder // whichever of them a path goes through
	}
	for o := range outcomes {
		d := after.Perm.CanAccess(user, store, outcomes[o].access, e.given())
		if !d.Allowed {
			continue
		}
		decisions := []*attack.Decision{g.Decision, e.without(d, func(f attack.Fact) bool { return f.Node == store && f.Property == how.property })}
		both := attack.And(decisions...)
		if direct := e.Perm.CanAccess(p, store, outcomes[o].access, e.given()); direct.Allowed && direct.Status <= both.Status {
			continue
		}
		s := attack.Step{
			Technique: openData, Premises: []attack.State{premise}, Decisions: decisions,
			Factors: []attack.Factor{e.factor(openData, selfPrior, store)}, Title: name + " opens " + e.name(store) + " (" + g.Action + ") and " + outcomes[o].verb + " it",
		}
		e.addResidue(&s, both, p)
		e.gains(s, store, outcomes[o].state, emit)
	}
}

// deriveResetPassword: who may modify a database sets its master password; a
// position in the network is still needed.
// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
func deriveResetPassword(e *Estate, emit func(attack.Step)) {
	actions := map[graph.Kind]string{graph.KindDBInstance: "rds:ModifyDBInstance", graph.KindDBCluster: "rds:ModifyDBCluster", graph.KindWarehouse: "redshift:ModifyCluster"}
	for _, kind := range []graph.Kind{graph.KindDBInstance, graph.KindDBCluster, graph.KindWarehouse} {
		for _, db := range e.Snap.ByKind(kind) {
			if e.databaseOf(db) != db || !slices.ContainsFunc(e.Data.Critical(), func(c graph.Ref) bool { return c == db }) {
				continue // a member of a cluster has no password of its own
			}
			for _, a := range e.actors(actions[kind], permission.OnNode(db), e.Snap.Node(db).Account, nil) {
				s := attack.Step{
					Technique: resetPassword, Premises: []attack.State{a.state}, Decisions: []*attack.Decision{a.decision}, Conclusion: knows(db),
					Factors: []attack.Factor{e.factor(resetPassword, credentialPrior, db)}, Title: e.name(a.ref) + " sets the master password of " + e.name(db),
				}
				e.addResidue(&s, a.decision, a.ref)
				emit(s)
			}
		}
	}
}
