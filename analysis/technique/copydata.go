package technique

import (
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

const copyData attack.TechniqueID = "copy-data"

// copying is how databases of a kind are copied: a snapshot is made, and then
// restored with a password of one's own or shared with an account of one's own.
type copying struct {
	kind            graph.Kind
	snapshot, share string
	restore         []string // all needed
}

// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_RestoreFromSnapshot.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html
// https://docs.aws.amazon.com/redshift/latest/mgmt/managing-snapshots-console.html
var copyings = []copying{
	{graph.KindDBInstance, "rds:CreateDBSnapshot", "rds:ModifyDBSnapshotAttribute", []string{"rds:RestoreDBInstanceFromDBSnapshot", "rds:ModifyDBInstance"}},
	{graph.KindDBCluster, "rds:CreateDBClusterSnapshot", "rds:ModifyDBClusterSnapshotAttribute", []string{"rds:RestoreDBClusterFromSnapshot", "rds:CreateDBInstance", "rds:ModifyDBCluster"}},
	{graph.KindWarehouse, "redshift:CreateClusterSnapshot", "redshift:AuthorizeSnapshotAccess", []string{"redshift:RestoreFromClusterSnapshot", "redshift:ModifyCluster"}},
}

// deriveCopyData: who makes a snapshot of a database and may restore it, or
// share it, has the data without a login and without reaching the database.
func deriveCopyData(e *Estate, emit func(attack.Step)) {
	for _, c := range copyings {
		for _, db := range e.Snap.ByKind(c.kind) {
			d := e.Data.Of(db)
			if d == nil || !d.Critical {
				continue
			}
			for _, a := range e.actors(c.snapshot, permission.OnNode(db), e.Snap.Node(db).Account, nil) {
				if !e.sameAccount(a.ref, db) {
					continue // snapshots are made in the database's own account
				}
				more, how := e.copied(c, a, db)
				if more == nil {
					continue
				}
				s := attack.Step{
					Technique: copyData, Premises: []attack.State{a.state}, Decisions: append([]*attack.Decision{a.decision}, more...),
					Conclusion: attack.State{Kind: attack.Reads, Node: db},
					Factors:    []attack.Factor{e.factor(copyData, string(snapshotRestore), db)},
					Title:      e.name(a.ref) + " makes a snapshot of " + e.name(db) + " and " + how,
				}
				e.addResidue(&s, attack.And(s.Decisions...), a.ref)
				emit(s)
			}
		}
	}
}

// copied are the decisions of the surest way from a new snapshot to its content,
// nil where there is none. A snapshot is shared with an account of one's own only
// where no key encrypts it.
func (e *Estate) copied(c copying, a actor, db graph.Ref) (decisions []*attack.Decision, how string) {
	account := e.Snap.Node(db).Account
	open, keys := e.snapshotKeys(a, db)
	if open {
		if d, ok := e.allowed(a, c.share, permission.OnNew(account), nil); ok && d.Certain() {
			return []*attack.Decision{d}, "shares it with an account of its own (" + c.share + ")"
		}
	}
	restored, ok := e.allAllowed(a, c.restore, permission.OnNew(account))
	if !ok || keys == nil {
		return nil, ""
	}
	return slices.Concat(restored, keys, []*attack.Decision{e.opensPort(a, account)}), "restores it with a password of its own (" + c.restore[0] + ")"
}

// snapshotKeys says whether a database is stored without a key, and what an actor
// may do with the keys it is stored with, nil where they stay closed: a restored
// copy holds a grant on the key.
func (e *Estate) snapshotKeys(a actor, db graph.Ref) (open bool, keys []*attack.Decision) {
	open, keys = true, []*attack.Decision{}
	g := e.given()
	g.ViaService = "rds." + e.Snap.Node(db).Region + ".amazonaws.com"
	if e.Snap.Kind(db) == graph.KindWarehouse {
		g.ViaService = "redshift." + e.Snap.Node(db).Region + ".amazonaws.com"
	}
	g.Keys = map[string]string{"kms:GrantIsForAWSResource": "true"}
	for key := range e.Snap.OutKind(db, graph.EdgeEncryptedBy) {
		open = false
		for _, action := range []string{"kms:Decrypt", "kms:CreateGrant"} {
			d := e.Perm.Can(a.ref, action, permission.OnNode(key), g)
			if !d.Allowed {
				return false, nil
			}
			keys = append(keys, d)
		}
	}
	return open, keys
}

// opensPort: a restored copy is of use to who gets to its port, which whoever
// changes security groups decides.
func (e *Estate) opensPort(a actor, account string) *attack.Decision {
	if d, ok := e.allowed(a, "ec2:AuthorizeSecurityGroupIngress", permission.OnNew(account), nil); ok {
		return d
	}
	return &attack.Decision{Allowed: true, Status: attack.Conditional,
		Conditions: [][]attack.Condition{{{Key: "rds:restoredCopy", Operator: "reachableThrough", Values: []string{"a security group that is there"}}}}}
}
