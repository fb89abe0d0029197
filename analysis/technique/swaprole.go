package technique

import (
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

const swapRole attack.TechniqueID = "swap-role"

// roleSwap is a way to make compute that exists already run as another role.
type roleSwap struct {
	kind    graph.Kind
	service string
	// ways are alternatives, each a list of actions, all needed besides
	// iam:PassRole; the first acts on the compute.
	ways [][]string
	// inside: the swap runs no code by itself, so execution on the compute is a
	// premise. Elsewhere the change brings the code.
	inside bool
}

// roleSwaps: the configuration of a function brings layers and variables that
// load code, a build brings its commands; a machine goes on with what runs on it.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/attach-iam-role.html
var roleSwaps = []roleSwap{
	{kind: graph.KindFunction, service: "lambda.amazonaws.com", ways: [][]string{{"lambda:UpdateFunctionConfiguration"}}},
	{kind: graph.KindBuild, service: "codebuild.amazonaws.com", ways: [][]string{{"codebuild:UpdateProject", "codebuild:StartBuild"}, {"codebuild:UpdateProject", "codebuild:StartBuildBatch"}}},
	{kind: graph.KindInstance, service: "ec2.amazonaws.com", inside: true, ways: [][]string{{"ec2:ReplaceIamInstanceProfileAssociation"}, {"ec2:AssociateIamInstanceProfile"}}},
}

// deriveSwapRole: one step per principal and role, with whichever compute the
// principal is surest to change; for machines one per machine, since execution
// on it is needed. The role must be one the service may assume, and for machines
// stand in an instance profile.
func deriveSwapRole(e *Estate, emit func(attack.Step)) {
	for _, swap := range roleSwaps {
		changers := e.changers(swap)
		if len(changers) == 0 {
			continue
		}
		for _, trust := range e.trustsService(swap.service) {
			if swap.inside && instanceProfileNeeds(e, trust.Role) != nil {
				continue
			}
			account := e.Snap.Node(trust.Role).Account
			for _, a := range e.actors("iam:PassRole", permission.OnNode(trust.Role), account, map[string]string{"iam:PassedToService": swap.service}) {
				if a.ref == trust.Role || e.Snap.Node(a.ref).Account != account {
					continue
				}
				for _, c := range changers[a.ref] {
					if e.Snap.Node(c.compute).Account != account || slices.Contains(e.rolesOf(c.compute), trust.Role) {
						continue
					}
					decisions := append([]*attack.Decision{a.decision, trust.Decision}, c.decisions...)
					s := attack.Step{
						Technique: swapRole, Premises: []attack.State{a.state}, Decisions: decisions, Conclusion: e.controls(trust.Role),
						Factors: []attack.Factor{e.factor(swapRole, existingComputePrior, trust.Role)},
						Title:   e.name(a.ref) + " makes " + e.name(c.compute) + " run as " + e.name(trust.Role),
					}
					if swap.inside {
						s.Premises = append(s.Premises, executes(c.compute))
					}
					e.addResidue(&s, attack.And(decisions...), a.ref)
					emit(s)
					if !swap.inside {
						break // one function is as good as another
					}
				}
			}
		}
	}
}

// change is a compute that a principal may change, with why.
type change struct {
	compute   graph.Ref
	decisions []*attack.Decision
}

// changers lists for every principal the compute of a kind it may change, surest
// first.
func (e *Estate) changers(swap roleSwap) map[graph.Ref][]change {
	list := map[graph.Ref][]change{}
	for _, compute := range e.Snap.ByKind(swap.kind) {
		if e.Snap.Prop(compute, graph.PropResource) == nil || e.gone(compute) {
			continue
		}
		seen := map[graph.Ref]bool{}
		for _, way := range swap.ways {
			for _, a := range e.actors(way[0], permission.OnNode(compute), e.Snap.Node(compute).Account, nil) {
				rest, ok := e.allAllowedAt(a, way[1:], compute)
				if ok && !seen[a.ref] {
					seen[a.ref] = true
					list[a.ref] = append(list[a.ref], change{compute, append([]*attack.Decision{a.decision}, rest...)})
				}
			}
		}
	}
	for _, all := range list {
		slices.SortStableFunc(all, func(a, b change) int {
			return int(attack.And(a.decisions...).Status) - int(attack.And(b.decisions...).Status)
		})
	}
	return list
}
