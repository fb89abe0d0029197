package technique

import (
	"encoding/json"
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/graph"
)

const existingComputePrior = "existing-compute"

// takeCompute is one way to run code on compute that exists already.
type takeCompute struct {
	id   attack.TechniqueID
	name string
	kind graph.Kind
	// ways are alternatives, each a list of actions, all needed; the first acts on
	// the compute.
	ways [][]string
	verb string
	// also decides what else must hold of the compute: false where it cannot
	// work there, nil decision where nothing else is needed.
	also func(*Estate, graph.Ref) (*attack.Decision, bool)
	// confirm asks an actor for what a way needs beyond the compute itself.
	confirm  func(e *Estate, a actor, action string, compute graph.Ref) (*attack.Decision, bool)
	checks   []attack.Check
	attackID string
	event    string
}

// takeComputes are pathfinding.cloud's existing-passrole entries for what is
// collected.
var takeComputes = []takeCompute{
	{id: "update-function-code", name: "Replace function code", kind: graph.KindFunction, verb: "replaces the code of", attackID: "T1648", event: "UpdateFunctionCode20150331v2",
		ways: [][]string{{"lambda:UpdateFunctionCode"}, {"lambda:UpdateFunctionConfiguration"}}},
	{id: "run-command", name: "Run command", kind: graph.KindInstance, verb: "runs commands on", attackID: "T1651", event: "SendCommand, StartSession", also: managedInstance, confirm: runDocument,
		ways:   [][]string{{"ssm:StartSession"}, {"ssm:SendCommand"}},
		checks: []attack.Check{{Name: "instance registered with Systems Manager", Outcome: "unknown", SettledBy: "ssm DescribeInstanceInformation"}}},
	{id: "change-user-data", name: "Change user data", kind: graph.KindInstance, verb: "changes what starts on", attackID: "T1578.005", event: "ModifyInstanceAttribute",
		ways: [][]string{{"ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"}}},
	{id: "push-ssh-key", name: "Push SSH key", kind: graph.KindInstance, verb: "pushes a key to", attackID: "T1098.004", event: "SendSSHPublicKey", also: sshFromOutside,
		ways: [][]string{{"ec2-instance-connect:SendSSHPublicKey"}}},
	{id: "exec-in-task", name: "Execute in task", kind: graph.KindTask, verb: "executes in", attackID: "T1609", event: "ExecuteCommand", also: execEnabled,
		ways: [][]string{{"ecs:ExecuteCommand"}}},
	{id: "start-build", name: "Start build", kind: graph.KindBuild, verb: "starts, with commands of its own,", attackID: "T1648", event: "StartBuild",
		ways: [][]string{{"codebuild:StartBuild"}, {"codebuild:StartBuildBatch"}}},
	{id: "open-notebook", name: "Open notebook", kind: graph.KindNotebook, verb: "opens", attackID: "T1648", event: "CreatePresignedNotebookInstanceUrl",
		ways: [][]string{{"sagemaker:CreatePresignedNotebookInstanceUrl"}, {"sagemaker:UpdateNotebookInstance", "sagemaker:StopNotebookInstance", "sagemaker:StartNotebookInstance", "sagemaker:CreateNotebookInstanceLifecycleConfig"}}},
	{id: "update-app-service", name: "Replace service image", kind: graph.KindAppService, verb: "replaces the image of", attackID: "T1648", event: "UpdateService",
		ways: [][]string{{"apprunner:UpdateService"}}},
}

func takeComputeTechniques() []Technique {
	list := make([]Technique, 0, len(takeComputes))
	for _, t := range takeComputes {
		list = append(list, Technique{ID: t.id, Name: t.name, Attack: []string{t.attackID}, derive: t.derive, Detections: []string{"CloudTrail " + t.event},
			Verify: "aws iam simulate-principal-policy for " + t.ways[0][0] + " on the resource."})
	}
	return list
}

// derive emits a step per principal and compute; several ways are one hop.
func (t takeCompute) derive(e *Estate, emit func(attack.Step)) {
	for _, compute := range e.Snap.ByKind(t.kind) {
		if e.Snap.Prop(compute, graph.PropResource) == nil || e.gone(compute) {
			continue // only referred to, or no more
		}
		var extra *attack.Decision
		if t.also != nil {
			ok := false
			if extra, ok = t.also(e, compute); !ok {
				continue
			}
		}
		best := map[graph.Ref]attack.Step{}
		var order []graph.Ref
		for _, way := range t.ways {
			actors := e.actors(way[0], permission.OnNode(compute), e.Snap.Node(compute).Account, nil)
			for _, a := range slices.Concat(e.taggers(way[0], compute, actors), actors) {
				rest, ok := e.allAllowedAt(a, way[1:], compute)
				if !ok {
					continue
				}
				if t.confirm != nil {
					d, ok := t.confirm(e, a, way[0], compute)
					if !ok {
						continue
					}
					if d != nil {
						rest = append(rest, d)
					}
				}
				s := t.step(e, a, compute, append([]*attack.Decision{a.decision}, rest...), extra)
				old, seen := best[a.ref]
				if !seen {
					order = append(order, a.ref)
				}
				if !seen || s.Status() < old.Status() {
					best[a.ref] = s
				}
			}
		}
		for _, ref := range order {
			emit(best[ref])
		}
	}
}

func (t takeCompute) step(e *Estate, a actor, compute graph.Ref, decisions []*attack.Decision, extra *attack.Decision) attack.Step {
	if extra != nil {
		decisions = append(decisions, extra)
	}
	s := attack.Step{
		Technique: t.id, Premises: []attack.State{a.state}, Decisions: decisions, Conclusion: executes(compute), Checks: t.checks,
		Factors: []attack.Factor{e.factor(t.id, existingComputePrior, compute)}, Title: e.name(a.ref) + " " + t.verb + " " + e.name(compute),
	}
	e.addResidue(&s, attack.And(decisions...), a.ref)
	return s
}

// gone reports whether a machine was terminated: it is listed for a while.
func (e *Estate) gone(compute graph.Ref) bool {
	if e.Snap.Kind(compute) != graph.KindInstance {
		return false
	}
	var doc struct{ State struct{ Name string } }
	_, err := e.Snap.Decode(compute, graph.PropResource, &doc)
	return err == nil && (doc.State.Name == "terminated" || doc.State.Name == "shutting-down")
}

// managedInstance: an instance is managed when its role lets the agent open its
// channel; without that nothing listens.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html
func managedInstance(e *Estate, instance graph.Ref) (*attack.Decision, bool) {
	for _, role := range e.rolesOf(instance) {
		for _, action := range []string{"ssmmessages:CreateControlChannel", "ssm:UpdateInstanceInformation"} {
			if d := e.Perm.Can(role, action, permission.OnAccount(), e.given()); d.Allowed {
				return d, true
			}
		}
	}
	return nil, false
}

// runDocument: SendCommand must be allowed on the document it runs as well.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
func runDocument(e *Estate, a actor, action string, instance graph.Ref) (*attack.Decision, bool) {
	if action != "ssm:SendCommand" {
		return nil, true
	}
	region := e.Snap.Node(instance).Region
	if region == "" {
		region = e.anyRegion()
	}
	return e.allowed(a, action, permission.OnARN("arn:aws:ssm:"+region+"::document/AWS-RunShellScript"), nil)
}

// sshFromOutside: a pushed key is of use to who reaches the SSH port.
func sshFromOutside(e *Estate, instance graph.Ref) (*attack.Decision, bool) {
	d := e.arrival("internet", e.Snap.Node(instance).ID, reach.Options{Protocol: "tcp", Port: 22})
	return d, d != nil
}

// execEnabled: ECS Exec works on tasks that were started with it.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
func execEnabled(e *Estate, task graph.Ref) (*attack.Decision, bool) {
	for _, pointer := range []string{"/enableExecuteCommand", "/EnableExecuteCommand"} {
		raw, ok := graph.Element(e.Snap.Prop(task, graph.PropResource), pointer)
		var on bool
		if ok && json.Unmarshal(raw, &on) == nil && on {
			return observed(attack.Reason{Fact: present(e.Snap, task, graph.PropResource, pointer), Policy: "task", Effect: "enabled", Text: "execution of commands is enabled"}), true
		}
	}
	return nil, false
}
