package technique

import (
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

const (
	passRoleFunction attack.TechniqueID = "pass-role-function"
	passRoleInstance attack.TechniqueID = "pass-role-instance"
	updateFunction   attack.TechniqueID = "update-function-code"
	runCommand       attack.TechniqueID = "run-command"

	newComputePrior      = "pass-role-new-compute"
	existingComputePrior = "existing-compute"
)

// derivePassRoleFunction: pass a role to a function of one's own and call it.
func derivePassRoleFunction(e *Estate, emit func(attack.Step)) {
	for _, t := range e.trustsService("lambda.amazonaws.com") {
		account := e.Snap.Node(t.Role).Account
		fresh := permission.OnARN("arn:aws:lambda:" + e.anyRegion() + ":" + account + ":function:new-function")
		e.passRole(t, "lambda.amazonaws.com", passRoleFunction, []need{{"lambda:CreateFunction", fresh}, {"lambda:InvokeFunction", fresh}}, emit)
	}
}

// derivePassRoleInstance: start an instance with a profile that holds the role.
// A role without a profile needs one made first, which is another permission.
func derivePassRoleInstance(e *Estate, emit func(attack.Step)) {
	for _, t := range e.trustsService("ec2.amazonaws.com") {
		account := e.Snap.Node(t.Role).Account
		needs := []need{{"ec2:RunInstances", permission.OnARN("arn:aws:ec2:" + e.anyRegion() + ":" + account + ":instance/i-new")}}
		if !e.hasProfile(t.Role) {
			profile := permission.OnARN("arn:aws:iam::" + account + ":instance-profile/new-profile")
			needs = append(needs, need{"iam:CreateInstanceProfile", profile}, need{"iam:AddRoleToInstanceProfile", profile})
		}
		e.passRole(t, "ec2.amazonaws.com", passRoleInstance, needs, emit)
	}
}

func (e *Estate) hasProfile(role graph.Ref) bool {
	for from := range e.Snap.InKind(role, graph.EdgeHasRole) {
		if e.Snap.Kind(from) == graph.KindInstanceProfile {
			return true
		}
	}
	return false
}

// need is one more action that a technique takes.
type need struct {
	action string
	on     permission.Resource
}

func (e *Estate) passRole(trust permission.Assumption, service string, id attack.TechniqueID, needs []need, emit func(attack.Step)) {
	account := e.Snap.Node(trust.Role).Account
	passed := map[string]string{"iam:PassedToService": service}
	for _, a := range e.actors("iam:PassRole", permission.OnNode(trust.Role), account, passed) {
		// PassRole across accounts is impossible.
		if e.Snap.Node(a.ref).Account != account {
			continue
		}
		decisions, ok := e.allNeeds(a, needs)
		if !ok {
			continue
		}
		decisions = append([]*attack.Decision{a.decision, trust.Decision}, decisions...)
		s := attack.Step{
			Technique: id, Premises: []attack.State{a.state}, Decisions: decisions, Conclusion: e.controls(trust.Role),
			Factors: []attack.Factor{e.factor(id, newComputePrior, trust.Role)},
			Title:   e.name(a.ref) + " runs code of its own as " + e.name(trust.Role),
		}
		e.addResidue(&s, attack.And(decisions...), a.ref)
		emit(s)
	}
}

func (e *Estate) allNeeds(a actor, needs []need) ([]*attack.Decision, bool) {
	var decisions []*attack.Decision
	for _, n := range needs {
		d, ok := e.allowed(a, n.action, n.on, nil)
		if !ok {
			return nil, false
		}
		decisions = append(decisions, d)
	}
	return decisions, true
}

// deriveUpdateFunction: replace the code of a function that has a role.
func deriveUpdateFunction(e *Estate, emit func(attack.Step)) {
	for _, f := range e.Snap.ByKind(graph.KindFunction) {
		account := e.Snap.Node(f).Account
		for _, a := range e.actors("lambda:UpdateFunctionCode", permission.OnNode(f), account, nil) {
			s := attack.Step{
				Technique: updateFunction, Premises: []attack.State{a.state}, Decisions: []*attack.Decision{a.decision}, Conclusion: executes(f),
				Factors: []attack.Factor{e.factor(updateFunction, existingComputePrior, f)},
				Title:   e.name(a.ref) + " replaces the code of " + e.name(f),
			}
			e.addResidue(&s, a.decision, a.ref)
			emit(s)
		}
	}
}

// deriveRunCommand: Systems Manager runs a command on a managed instance. An
// instance is managed when its role lets the agent open its channel; without
// that nothing listens.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html
func deriveRunCommand(e *Estate, emit func(attack.Step)) {
	for _, instance := range e.Snap.ByKind(graph.KindInstance) {
		agent := e.agentPermission(instance)
		if agent == nil {
			continue
		}
		n := e.Snap.Node(instance)
		region := n.Region
		if region == "" {
			region = e.anyRegion()
		}
		document := permission.OnARN("arn:aws:ssm:" + region + "::document/AWS-RunShellScript")
		seen := map[graph.Ref]bool{}
		for _, action := range []string{"ssm:StartSession", "ssm:SendCommand"} {
			for _, a := range e.actors(action, permission.OnNode(instance), n.Account, nil) {
				decisions := []*attack.Decision{a.decision, agent}
				if action == "ssm:SendCommand" {
					d, ok := e.allowed(a, action, document, nil)
					if !ok {
						continue
					}
					decisions = append(decisions, d)
				}
				if seen[a.ref] {
					continue // one hop, whichever call makes it
				}
				seen[a.ref] = true
				s := attack.Step{
					Technique: runCommand, Premises: []attack.State{a.state}, Decisions: decisions, Conclusion: executes(instance),
					Factors: []attack.Factor{e.factor(runCommand, existingComputePrior, instance)},
					Title:   e.name(a.ref) + " runs commands on " + e.name(instance),
					Checks:  []attack.Check{{Name: "instance registered with Systems Manager", Outcome: "unknown", SettledBy: "ssm DescribeInstanceInformation"}},
				}
				e.addResidue(&s, attack.And(decisions...), a.ref)
				emit(s)
			}
		}
	}
}

func (e *Estate) agentPermission(instance graph.Ref) *attack.Decision {
	for _, role := range e.rolesOf(instance) {
		if d := e.Perm.Can(role, "ssmmessages:CreateControlChannel", permission.OnAccount(), e.given()); d.Allowed {
			return d
		}
	}
	return nil
}
