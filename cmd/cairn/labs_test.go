package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/ingest"
	"github.com/cairn-security/cairn/ingest/gaad"
)

// lab is an account in which a user named start has some permissions; the
// permissions are those of the escalation paths that pathfinding.cloud lists.
type lab struct {
	name    string
	actions string // of start, on everything, separated by spaces
	on      string // resource of the statement; empty: *
	// service is what the administrator role trusts; empty: nobody but itself.
	service string
	// more are further members of the dump, as JSON: users, groups, roles, policies.
	users, groups, roles, policies string
	startExtra                     string // further fields of start
	climbs                         bool
}

const (
	labAccount = "111122223333"
	everything = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	nothing    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}`
	byStart    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/start"},"Action":"sts:AssumeRole"}]}`
)

func labRole(name, trust, policy string) string {
	return `{"RoleName":"` + name + `","Arn":"arn:aws:iam::111122223333:role/` + name + `","AssumeRolePolicyDocument":` + trust +
		`,"RolePolicyList":[{"PolicyName":"p","PolicyDocument":` + policy + `}],"AttachedManagedPolicies":[],"InstanceProfileList":[]}`
}

func labUser(name, policy, extra string) string {
	return `{"UserName":"` + name + `","Arn":"arn:aws:iam::111122223333:user/` + name + `","GroupList":[],"UserPolicyList":[{"PolicyName":"p","PolicyDocument":` + policy + `}]` + extra + `}`
}

func (l lab) dump() string {
	quoted := `"` + strings.Join(strings.Fields(l.actions), `","`) + `"`
	on := l.on
	if on == "" {
		on = "*"
	}
	start := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[` + quoted + `],"Resource":"` + on + `"}]}`
	roles := l.roles
	if l.service != "" {
		trust := `{"Statement":[{"Effect":"Allow","Principal":{"Service":"` + l.service + `"},"Action":"sts:AssumeRole"}]}`
		roles = join(roles, labRole("admin", trust, everything))
	}
	return `{"UserDetailList":[` + join(labUser("start", start, l.startExtra), l.users) + `],"GroupDetailList":[` + l.groups + `],"RoleDetailList":[` + roles + `],"Policies":[` + l.policies + `]}`
}

func join(parts ...string) string {
	var some []string
	for _, p := range parts {
		if p != "" {
			some = append(some, p)
		}
	}
	return strings.Join(some, ",")
}

const (
	adminGroup   = `{"GroupName":"admins","Arn":"arn:aws:iam::111122223333:group/admins","GroupPolicyList":[{"PolicyName":"p","PolicyDocument":` + everything + `}],"AttachedManagedPolicies":[]}`
	ownGroup     = `{"GroupName":"team","Arn":"arn:aws:iam::111122223333:group/team","GroupPolicyList":[],"AttachedManagedPolicies":[]}`
	inGroup      = `,"GroupList":["team"]`
	attachedTeam = `,"AttachedManagedPolicies":[{"PolicyName":"team","PolicyArn":"arn:aws:iam::111122223333:policy/team"}]`
	teamPolicy   = `{"PolicyName":"team","Arn":"arn:aws:iam::111122223333:policy/team","DefaultVersionId":"v1","PolicyVersionList":[{"VersionId":"v1","IsDefaultVersion":true,"Document":` + nothing + `}]}`
	twoVersions  = `{"PolicyName":"team","Arn":"arn:aws:iam::111122223333:policy/team","DefaultVersionId":"v2","PolicyVersionList":[{"VersionId":"v1","IsDefaultVersion":false,"Document":` + everything + `},{"VersionId":"v2","IsDefaultVersion":true,"Document":` + nothing + `}]}`
	boundTeam    = `,"PermissionsBoundary":{"PermissionsBoundaryType":"Policy","PermissionsBoundaryArn":"arn:aws:iam::111122223333:policy/team"}`
	denyAll      = `,"AttachedManagedPolicies":[{"PolicyName":"deny","PolicyArn":"arn:aws:iam::111122223333:policy/deny"}]`
	denyPolicy   = `{"PolicyName":"deny","Arn":"arn:aws:iam::111122223333:policy/deny","DefaultVersionId":"v1","PolicyVersionList":[{"VersionId":"v1","IsDefaultVersion":true,"Document":{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iam:AttachUserPolicy","Resource":"*"}]}}]}`
)

var labs = []lab{
	{name: "iam-001 new policy version", actions: "iam:CreatePolicyVersion", startExtra: attachedTeam, policies: teamPolicy, climbs: true},
	{name: "iam-001 policy of nobody", actions: "iam:CreatePolicyVersion", policies: teamPolicy},
	{name: "iam-002 key of an administrator", actions: "iam:CreateAccessKey", users: labUser("boss", everything, ""), climbs: true},
	{name: "iam-002 key of nobody special", actions: "iam:CreateAccessKey", users: labUser("peer", nothing, "")},
	{name: "iam-002 own key only", actions: "iam:CreateAccessKey", on: "arn:aws:iam::111122223333:user/start", users: labUser("boss", everything, "")},
	{name: "iam-004 login profile", actions: "iam:CreateLoginProfile", users: labUser("boss", everything, ""), climbs: true},
	{name: "iam-006 login profile changed", actions: "iam:UpdateLoginProfile", users: labUser("boss", everything, ""), climbs: true},
	{name: "iam-005 role policy and assume", actions: "iam:PutRolePolicy", roles: labRole("weak", byStart, nothing), climbs: true},
	{name: "iam-005 role nobody can assume", actions: "iam:PutRolePolicy", roles: labRole("weak", `{"Statement":[]}`, nothing)},
	{name: "iam-007 own user policy", actions: "iam:PutUserPolicy", climbs: true},
	{name: "iam-007 another user's policy", actions: "iam:PutUserPolicy", on: "arn:aws:iam::111122223333:user/peer", users: labUser("peer", nothing, "")},
	{name: "iam-008 attach to self", actions: "iam:AttachUserPolicy", climbs: true},
	{name: "iam-008 bounded", actions: "iam:AttachUserPolicy", startExtra: boundTeam, policies: teamPolicy},
	{name: "iam-009 attach to role", actions: "iam:AttachRolePolicy", roles: labRole("weak", byStart, nothing), climbs: true},
	{name: "iam-010 attach to own group", actions: "iam:AttachGroupPolicy", groups: ownGroup, startExtra: inGroup, climbs: true},
	{name: "iam-010 attach to a group of others", actions: "iam:AttachGroupPolicy", groups: ownGroup},
	{name: "iam-011 own group policy", actions: "iam:PutGroupPolicy", groups: ownGroup, startExtra: inGroup, climbs: true},
	{name: "iam-012 rewrite trust", actions: "iam:UpdateAssumeRolePolicy", roles: labRole("top", `{"Statement":[]}`, everything), climbs: true},
	{name: "iam-013 join administrators", actions: "iam:AddUserToGroup", groups: adminGroup, climbs: true},
	{name: "iam-013 join nobodies", actions: "iam:AddUserToGroup", groups: ownGroup},
	{name: "iam-015 attach to user and make key", actions: "iam:AttachUserPolicy iam:CreateAccessKey", on: "arn:aws:iam::111122223333:user/peer", users: labUser("peer", nothing, ""), climbs: true},
	{name: "iam-019 attach to role and rewrite trust", actions: "iam:AttachRolePolicy iam:UpdateAssumeRolePolicy", roles: labRole("weak", `{"Statement":[]}`, nothing), climbs: true},
	{name: "old policy version", actions: "iam:SetDefaultPolicyVersion", startExtra: attachedTeam, policies: twoVersions, climbs: true},
	{name: "iam-022 drop own boundary", actions: "iam:*", startExtra: boundTeam, policies: teamPolicy},
	{name: "iam-025 drop a deny", actions: "iam:*", startExtra: denyAll, policies: denyPolicy, climbs: true},
	{name: "sts-001 assume an administrator", actions: "sts:AssumeRole", roles: labRole("top", byStart, everything), climbs: true},
	{name: "sts-001 trust of others", actions: "sts:AssumeRole", roles: labRole("top", `{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/peer"},"Action":"sts:AssumeRole"}]}`, everything), users: labUser("peer", nothing, "")},

	{name: "lambda-001", actions: "iam:PassRole lambda:CreateFunction lambda:InvokeFunction", service: "lambda.amazonaws.com", climbs: true},
	{name: "lambda-002", actions: "iam:PassRole lambda:CreateFunction lambda:CreateEventSourceMapping", service: "lambda.amazonaws.com", climbs: true},
	{name: "lambda-006", actions: "iam:PassRole lambda:CreateFunction lambda:AddPermission", service: "lambda.amazonaws.com", climbs: true},
	{name: "lambda without a way to run", actions: "iam:PassRole lambda:CreateFunction", service: "lambda.amazonaws.com"},
	{name: "lambda without a role for it", actions: "iam:PassRole lambda:CreateFunction lambda:InvokeFunction", service: "ec2.amazonaws.com"},
	{name: "lambda with no role to pass", actions: "iam:PassRole lambda:CreateFunction lambda:InvokeFunction"},
	{name: "ec2-001", actions: "iam:PassRole ec2:RunInstances iam:CreateInstanceProfile iam:AddRoleToInstanceProfile", service: "ec2.amazonaws.com", climbs: true},
	{name: "ec2-001 no profile", actions: "iam:PassRole ec2:RunInstances", service: "ec2.amazonaws.com"},
	{name: "ecs-004", actions: "iam:PassRole ecs:RegisterTaskDefinition ecs:RunTask", service: "ecs-tasks.amazonaws.com", climbs: true},
	{name: "ecs-003", actions: "iam:PassRole ecs:RegisterTaskDefinition ecs:CreateService", service: "ecs-tasks.amazonaws.com", climbs: true},
	{name: "cloudformation-001", actions: "iam:PassRole cloudformation:CreateStack", service: "cloudformation.amazonaws.com", climbs: true},
	{name: "cloudformation-003", actions: "iam:PassRole cloudformation:CreateStackSet cloudformation:CreateStackInstances", service: "cloudformation.amazonaws.com", climbs: true},
	{name: "codebuild-001", actions: "iam:PassRole codebuild:CreateProject codebuild:StartBuild", service: "codebuild.amazonaws.com", climbs: true},
	{name: "glue-001", actions: "iam:PassRole glue:CreateDevEndpoint", service: "glue.amazonaws.com", climbs: true},
	{name: "glue-003", actions: "iam:PassRole glue:CreateJob glue:StartJobRun", service: "glue.amazonaws.com", climbs: true},
	{name: "sagemaker-001", actions: "iam:PassRole sagemaker:CreateNotebookInstance", service: "sagemaker.amazonaws.com", climbs: true},
	{name: "apprunner-001", actions: "iam:PassRole apprunner:CreateService", service: "tasks.apprunner.amazonaws.com", climbs: true},
	{name: "datapipeline-001", actions: "iam:PassRole datapipeline:CreatePipeline datapipeline:PutPipelineDefinition datapipeline:ActivatePipeline", service: "datapipeline.amazonaws.com", climbs: true},
	{name: "bedrock-001", actions: "iam:PassRole bedrock-agentcore:CreateCodeInterpreter bedrock-agentcore:StartCodeInterpreterSession bedrock-agentcore:InvokeCodeInterpreter", service: "bedrock-agentcore.amazonaws.com", climbs: true},
	{name: "stepfunctions-001", actions: "iam:PassRole states:CreateStateMachine states:StartExecution", service: "states.amazonaws.com", climbs: true},
	{name: "scheduler-001", actions: "iam:PassRole scheduler:CreateSchedule", service: "scheduler.amazonaws.com", climbs: true},
}

func TestEscalationLabs(t *testing.T) {
	ctx := context.Background()
	for _, l := range labs {
		t.Run(l.name, func(t *testing.T) {
			if !json.Valid([]byte(l.dump())) {
				t.Fatalf("the lab is no JSON:\n%s", l.dump())
			}
			source, err := gaad.Read(strings.NewReader(l.dump()), l.name)
			if err != nil {
				t.Fatal(err)
			}
			result, err := ingest.Run(ctx, source, ingest.Options{})
			if err != nil {
				t.Fatal(err)
			}
			r, err := analysis.Run(ctx, result.Snapshot, analysis.Options{})
			if err != nil {
				t.Fatal(err)
			}
			all, err := r.Principals(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range all {
				if r.Snap.Node(p.Node).Name != "start" {
					continue
				}
				if got := p.Administration.Status.String(); got != "no" {
					t.Errorf("start is administrator already: %s", got)
				}
				if p.Escalates != l.climbs {
					t.Errorf("escalates = %v (%d hops via %v), want %v", p.Escalates, p.Hops, p.Via, l.climbs)
				}
				return
			}
			t.Error("start is not among the principals")
		})
	}
}
