package technique

import (
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

const mountFileSystem attack.TechniqueID = "mount-file-system"

// nfsPort is where mount targets listen.
const nfsPort = 2049

// deriveMountFileSystem: a file system of EFS without a policy is mounted by
// every client that gets to a mount target, with every right and no credentials;
// a policy may let such clients in as well. Who needs credentials has them by
// its own policies: see deriveDataAccess.
// https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
func deriveMountFileSystem(e *Estate, emit func(attack.Step)) {
	for _, fs := range e.Snap.ByKind(graph.KindFileSystem) {
		if e.Data.Of(fs) == nil {
			continue
		}
		for o := range outcomes {
			d := e.mountsFreely(fs, o)
			if d == nil {
				continue
			}
			s := attack.Step{
				Technique: mountFileSystem, Premises: []attack.State{mountable(fs)}, Decisions: []*attack.Decision{d},
				Conclusion: attack.State{Kind: outcomes[o].state, Node: fs},
				Factors:    []attack.Factor{e.factor(mountFileSystem, string(dataRead), fs)},
				Title:      "Whoever gets to a mount target of " + e.name(fs) + " " + outcomes[o].verb + " it",
			}
			e.addResidue(&s, d, fs)
			emit(s)
		}
	}
}

// mountable is the position that any use of a file system takes.
func mountable(fs graph.Ref) attack.State {
	return attack.State{Kind: attack.Reaches, Node: fs, Port: nfsPort}
}

// mountsFreely decides whether a client without credentials has an access; o
// indexes outcomes. Who writes files destroys them. Nil where it has not.
func (e *Estate) mountsFreely(fs graph.Ref, o int) *attack.Decision {
	if g := e.Snap.Gap(fs, "efs", "DescribeFileSystemPolicy"); g != nil {
		return &attack.Decision{Allowed: true, Status: attack.Unknown, Gaps: []string{g.ID}}
	}
	if e.Snap.Prop(fs, graph.PropPolicy) == nil {
		return observed(attack.Reason{Fact: absent(fs, graph.PropPolicy, "file system policy"), Policy: "file system policy", Effect: "absent",
			Text: e.name(fs) + " has no policy: every client that gets to it has every right"})
	}
	anonymous := e.special("anonymous")
	if anonymous == graph.NoRef {
		return nil
	}
	access := outcomes[o].access
	if outcomes[o].state == attack.Destroys {
		access = outcomes[o-1].access
	}
	g := e.given()
	g.Keys = map[string]string{"elasticfilesystem:AccessedViaMountTarget": "true"}
	if d := e.Perm.CanAccess(anonymous, fs, access, g); d.Allowed {
		return d
	}
	return nil
}
