package technique

import (
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/analysis/permission/actions"
	"github.com/cairn-security/cairn/graph"
)

const newComputePrior = "pass-role-new-compute"

// passRole is one family of "pass a role to new compute of a service": the
// service the role must trust, and ways to make the compute and have it run.
type passRole struct {
	id      attack.TechniqueID
	name    string // short
	service string
	// ways are alternatives, each a list of actions that are all needed besides
	// iam:PassRole.
	ways [][]string
	// extra, where set, lists alternatives of what an actor needs for a role
	// beyond the ways; nil means nothing, an empty list that nothing helps.
	extra func(*Estate, graph.Ref) [][]need
	// attackID is the ATT&CK technique; event what CloudTrail shows.
	attackID, event string
}

// need is an action and what it acts on.
type need struct {
	action string
	on     permission.Resource
}

// passRoles are the families, as pathfinding.cloud (Apache-2.0) names the
// permissions: new-passrole entries. Actions and their required resources come
// from the service authorization reference that package permission embeds.
var passRoles = []passRole{
	{id: "pass-role-function", name: "Pass role to function", service: "lambda.amazonaws.com", attackID: "T1648", event: "CreateFunction20150331",
		ways: [][]string{{"lambda:CreateFunction", "lambda:InvokeFunction"}, {"lambda:CreateFunction", "lambda:AddPermission"}, {"lambda:CreateFunction", "lambda:CreateEventSourceMapping"}}},
	{id: "pass-role-instance", name: "Pass role to instance", service: "ec2.amazonaws.com", attackID: "T1578.002", event: "RunInstances", extra: instanceProfileNeeds,
		ways: [][]string{{"ec2:RunInstances"}, {"ec2:RequestSpotInstances"}, {"autoscaling:CreateLaunchConfiguration", "autoscaling:CreateAutoScalingGroup"}, {"ec2:CreateLaunchTemplate", "autoscaling:CreateAutoScalingGroup"}}},
	{id: "pass-role-task", name: "Pass role to container", service: "ecs-tasks.amazonaws.com", attackID: "T1610", event: "RegisterTaskDefinition",
		ways: [][]string{{"ecs:RegisterTaskDefinition", "ecs:RunTask"}, {"ecs:RegisterTaskDefinition", "ecs:StartTask"}, {"ecs:RegisterTaskDefinition", "ecs:CreateService"}, {"batch:RegisterJobDefinition", "batch:SubmitJob"}}},
	{id: "pass-role-stack", name: "Pass role to stack", service: "cloudformation.amazonaws.com", attackID: "T1578", event: "CreateStack",
		ways: [][]string{{"cloudformation:CreateStack"}, {"cloudformation:CreateStackSet", "cloudformation:CreateStackInstances"}, {"cloudformation:UpdateStackSet"}, {"cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"}}},
	{id: "pass-role-build", name: "Pass role to build", service: "codebuild.amazonaws.com", attackID: "T1648", event: "CreateProject",
		ways: [][]string{{"codebuild:CreateProject", "codebuild:StartBuild"}, {"codebuild:CreateProject", "codebuild:StartBuildBatch"}}},
	{id: "pass-role-glue", name: "Pass role to Glue", service: "glue.amazonaws.com", attackID: "T1648", event: "CreateJob, CreateDevEndpoint",
		ways: [][]string{{"glue:CreateDevEndpoint"}, {"glue:CreateJob", "glue:StartJobRun"}, {"glue:CreateJob", "glue:CreateTrigger"}, {"glue:UpdateJob", "glue:StartJobRun"}, {"glue:UpdateJob", "glue:CreateTrigger"}, {"glue:CreateSession", "glue:RunStatement"}}},
	{id: "pass-role-notebook", name: "Pass role to SageMaker", service: "sagemaker.amazonaws.com", attackID: "T1648", event: "CreateNotebookInstance, CreateTrainingJob, CreateProcessingJob",
		ways: [][]string{{"sagemaker:CreateNotebookInstance"}, {"sagemaker:CreateTrainingJob"}, {"sagemaker:CreateProcessingJob"}}},
	{id: "pass-role-app-runner", name: "Pass role to App Runner", service: "tasks.apprunner.amazonaws.com", attackID: "T1648", event: "CreateService",
		ways: [][]string{{"apprunner:CreateService"}}},
	{id: "pass-role-pipeline", name: "Pass role to pipeline", service: "datapipeline.amazonaws.com", attackID: "T1648", event: "ActivatePipeline",
		ways: [][]string{{"datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition", "datapipeline:ActivatePipeline"}}},
	{id: "pass-role-interpreter", name: "Pass role to interpreter", service: "bedrock-agentcore.amazonaws.com", attackID: "T1648", event: "CreateCodeInterpreter",
		ways: [][]string{{"bedrock-agentcore:CreateCodeInterpreter", "bedrock-agentcore:StartCodeInterpreterSession", "bedrock-agentcore:InvokeCodeInterpreter"}}},
	{id: "pass-role-state-machine", name: "Pass role to state machine", service: "states.amazonaws.com", attackID: "T1648", event: "CreateStateMachine",
		ways: [][]string{{"states:CreateStateMachine", "states:StartExecution"}, {"states:UpdateStateMachine", "states:StartExecution"}}},
	{id: "pass-role-schedule", name: "Pass role to schedule", service: "scheduler.amazonaws.com", attackID: "T1053", event: "CreateSchedule",
		ways: [][]string{{"scheduler:CreateSchedule"}}},
	{id: "pass-role-automation", name: "Pass role to automation", service: "ssm.amazonaws.com", attackID: "T1651", event: "StartAutomationExecution",
		ways: [][]string{{"ssm:CreateDocument", "ssm:StartAutomationExecution"}}},
	{id: "pass-role-emr", name: "Pass role to EMR", service: "elasticmapreduce.amazonaws.com", attackID: "T1578.002", event: "RunJobFlow",
		ways: [][]string{{"elasticmapreduce:RunJobFlow"}}},
	{id: "pass-role-emr-serverless", name: "Pass role to EMR Serverless", service: "emr-serverless.amazonaws.com", attackID: "T1648", event: "StartJobRun",
		ways: [][]string{{"emr-serverless:CreateApplication", "emr-serverless:StartJobRun"}}},
}

// techniques turns the table into entries of the catalogue.
func passRoleTechniques() []Technique {
	list := make([]Technique, 0, len(passRoles))
	for _, p := range passRoles {
		list = append(list, Technique{ID: p.id, Name: p.name, Attack: []string{p.attackID}, derive: p.derive,
			Detections: []string{"CloudTrail " + p.event + " with a role that is new for the caller"},
			Verify:     "aws iam simulate-principal-policy for iam:PassRole on the role and for " + p.ways[0][0] + "."})
	}
	return list
}

// derive emits a step per principal that may pass a role of the service and run
// something with it. Several ways for one principal and role are one hop.
func (p passRole) derive(e *Estate, emit func(attack.Step)) {
	for _, trust := range e.trustsService(p.service) {
		account := e.Snap.Node(trust.Role).Account
		var more [][]need
		if p.extra != nil {
			more = p.extra(e, trust.Role)
		}
		passed := map[string]string{"iam:PassedToService": p.service}
		for _, a := range e.actors("iam:PassRole", permission.OnNode(trust.Role), account, passed) {
			// PassRole across accounts is impossible; one's own role gives nothing.
			if e.Snap.Node(a.ref).Account != account || a.ref == trust.Role {
				continue
			}
			best, by := e.bestWay(a, account, p.ways)
			if best == nil {
				continue
			}
			also, ok := e.firstAllowed(a, more)
			if !ok {
				continue
			}
			decisions := slices.Concat([]*attack.Decision{a.decision, trust.Decision}, best, also)
			s := attack.Step{
				Technique: p.id, Premises: []attack.State{a.state}, Decisions: decisions, Conclusion: e.controls(trust.Role),
				Factors: []attack.Factor{e.factor(p.id, newComputePrior, trust.Role)},
				Title:   e.name(a.ref) + " runs code of its own as " + e.name(trust.Role) + " (" + by + ")",
			}
			e.addResidue(&s, attack.And(decisions...), a.ref)
			emit(s)
		}
	}
}

// existing are the things that the first action of a way changes and that no
// source lists: they are taken to be there, and the step says so.
var existing = map[string]string{
	"glue:UpdateJob":                "a Glue job is taken to exist: jobs are no part of the source",
	"cloudformation:UpdateStackSet": "a stack set is taken to exist: stack sets are no part of the source",
	"states:UpdateStateMachine":     "a state machine is taken to exist: state machines are no part of the source",
}

// bestWay asks every way and returns the decisions of the most certain one.
func (e *Estate) bestWay(a actor, account string, ways [][]string) (best []*attack.Decision, by string) {
	status := attack.Unknown + 1
	for _, way := range ways {
		decisions, ok := e.allAllowed(a, way, permission.OnNew(account))
		if !ok {
			continue
		}
		if text := existing[way[0]]; text != "" {
			decisions = append(decisions, &attack.Decision{Allowed: true, Assumptions: []string{text}})
		}
		if s := attack.And(decisions...).Status; s < status {
			best, by, status = decisions, way[0], s
		}
	}
	return best, by
}

func (e *Estate) allAllowed(a actor, list []string, on permission.Resource) ([]*attack.Decision, bool) {
	decisions := make([]*attack.Decision, 0, len(list))
	for _, action := range list {
		d, ok := e.allowed(a, action, on, nil)
		if !ok {
			return nil, false
		}
		decisions = append(decisions, d)
	}
	return decisions, true
}

// allAllowedAt asks actions about one thing; those that act on things of another
// type (a configuration that the thing will use) are asked about a new one.
func (e *Estate) allAllowedAt(a actor, list []string, thing graph.Ref) ([]*attack.Decision, bool) {
	n := e.Snap.Node(thing)
	decisions := make([]*attack.Decision, 0, len(list))
	for _, action := range list {
		on := permission.OnNode(thing)
		if !actsOn(action, n.ID) {
			on = permission.OnNew(n.Account)
		}
		d, ok := e.allowed(a, action, on, nil)
		if !ok {
			return nil, false
		}
		decisions = append(decisions, d)
	}
	return decisions, true
}

// actsOn reports whether an action takes resources named like this one.
func actsOn(action, id string) bool {
	known, ok := actions.Lookup(action)
	return !ok || len(known.Types) == 0 || known.ActsOn(id)
}

// firstAllowed returns the decisions of the first alternative of which all is
// allowed.
func (e *Estate) firstAllowed(a actor, alternatives [][]need) ([]*attack.Decision, bool) {
	for _, all := range alternatives {
		var decisions []*attack.Decision
		for _, n := range all {
			d, ok := e.allowed(a, n.action, n.on, nil)
			if !ok {
				break
			}
			decisions = append(decisions, d)
		}
		if len(decisions) == len(all) {
			return decisions, true
		}
	}
	return nil, alternatives == nil
}

// instanceProfileNeeds: a role that no instance profile holds needs one made, or
// put into one that is there. A profile holds one role: another one must leave.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html
func instanceProfileNeeds(e *Estate, role graph.Ref) [][]need {
	const add, remove = "iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile"
	for from := range e.Snap.InKind(role, graph.EdgeHasRole) {
		if e.Snap.Kind(from) == graph.KindInstanceProfile {
			return nil
		}
	}
	account := e.Snap.Node(role).Account
	alternatives := [][]need{{{"iam:CreateInstanceProfile", permission.OnNew(account)}, {add, permission.OnNew(account)}}}
	for _, profile := range e.Snap.ByKind(graph.KindInstanceProfile) {
		if e.Snap.Node(profile).Account != account {
			continue
		}
		needs := []need{{add, permission.OnNode(profile)}}
		for range e.Snap.OutKind(profile, graph.EdgeHasRole) {
			needs = append(needs, need{remove, permission.OnNode(profile)})
			break
		}
		alternatives = append(alternatives, needs)
	}
	return alternatives
}
