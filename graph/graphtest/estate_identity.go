package graphtest

import (
	"fmt"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// privileged adds what every account has for people and pipelines: a role that
// administers, one that deploys (passes roles to new compute) and one that
// operates (runs commands on machines).
func (a *account) privileged() {
	a.link(a.role("administrator"), a.admin, graph.EdgeHasPolicy)
	deploy, operate := a.role("deploy"), a.role("operate")
	a.set(deploy, graph.PropInlinePrefix+"deploy", a.originIAM, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["lambda:CreateFunction","lambda:InvokeFunction","lambda:UpdateFunctionCode","ecs:RegisterTaskDefinition"],"Resource":"*"},{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::%s:role/role-*"}]}`, a.id)
	a.set(operate, graph.PropInlinePrefix+"operate", a.originIAM, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ssm:SendCommand","ssm:StartSession"],"Resource":"*"}]}`)
}

// role adds a role with its trust, an inline policy over some buckets,
// attached policies and an instance profile; without a name it gets a number.
func (a *account) role(name string) graph.Handle {
	if name == "" {
		name = fmt.Sprintf("role-%d", a.next())
	}
	id := "arn:aws:iam::" + a.id + ":role/" + name
	role := a.add(graph.KindRole, id, name)
	a.trust(role)
	var resources []string
	for range 1 + a.rng.IntN(3) {
		if target := a.someBucket(); target != "" {
			resources = append(resources, fmt.Sprintf(`"%s/*"`, target))
			a.link(role, a.b.Refer(graph.Node{ID: target, Kind: graph.KindBucket}), graph.EdgeRefers)
		}
	}
	if len(resources) == 0 {
		resources = []string{`"*"`}
	}
	a.set(role, graph.PropInlinePrefix+"data", a.originIAM, `{"Version":"2012-10-17","Statement":[{"Sid":"Data","Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":[%s]},{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}]}`, strings.Join(resources, ","))
	if n := len(a.secretIDs); n > 0 && a.rng.IntN(4) == 0 {
		secret := a.secretIDs[a.skewed(n)]
		a.set(role, graph.PropInlinePrefix+"secret", a.originIAM, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":%q}}`, secret)
		a.link(role, a.b.Refer(graph.Node{ID: secret, Kind: graph.KindSecret}), graph.EdgeRefers)
	}
	a.link(role, a.readOnly, graph.EdgeHasPolicy)
	for range 1 + a.rng.IntN(3) {
		a.link(role, a.policies[a.skewed(len(a.policies))], graph.EdgeHasPolicy)
	}
	if a.rng.Float64() < 0.3 {
		a.link(role, a.policies[0], graph.EdgeBoundary)
	}
	if len(a.profiles) == 0 || a.rng.Float64() < 0.2 {
		profile := a.add(graph.KindInstanceProfile, "arn:aws:iam::"+a.id+":instance-profile/"+name, name)
		a.link(profile, role, graph.EdgeHasRole)
		a.profiles = append(a.profiles, profile)
	}
	a.roleNodes, a.roleIDs = append(a.roleNodes, role), append(a.roleIDs, id)
	return role
}

// trust lets a service in, or another role of the account, or the account
// itself, or, one in twenty, a role of another account.
func (a *account) trust(role graph.Handle) {
	principal, service := `"Service":"ec2.amazonaws.com"`, true
	switch p := a.rng.Float64(); {
	case p < 0.05 && len(a.roles) > 0:
		principal, service = fmt.Sprintf(`"AWS":%q`, a.roles[a.rng.IntN(len(a.roles))]), false
	case p < 0.3 && len(a.roleIDs) > 0:
		principal, service = fmt.Sprintf(`"AWS":%q`, a.roleIDs[a.skewed(len(a.roleIDs))]), false
	case p < 0.45:
		principal, service = fmt.Sprintf(`"AWS":"arn:aws:iam::%s:root"`, a.id), false
	case p < 0.7:
		principal = `"Service":"lambda.amazonaws.com"`
	}
	_, who, _ := strings.Cut(principal, ":")
	target := graph.Node{ID: strings.Trim(who, `"`), Kind: graph.KindRole}
	if strings.HasSuffix(target.ID, ":root") {
		target = a.b.Node(a.self)
	}
	if service {
		target = graph.Node{ID: "service:" + target.ID, Kind: graph.KindService, Name: target.ID}
	}
	a.link(role, a.b.Refer(target), graph.EdgeTrusts)
	a.set(role, graph.PropTrust, a.originIAM, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{%s},"Action":"sts:AssumeRole"}]}`, principal)
}

func (a *account) user() {
	name := fmt.Sprintf("user-%d", a.next())
	user := a.add(graph.KindUser, "arn:aws:iam::"+a.id+":user/"+name, name)
	a.link(user, a.teams[a.skewed(len(a.teams))], graph.EdgeMemberOf)
	a.link(user, a.teams[a.rng.IntN(len(a.teams))], graph.EdgeMemberOf)
	a.link(user, a.policies[a.skewed(len(a.policies))], graph.EdgeHasPolicy)
	role := a.skewed(len(a.roleIDs))
	a.link(user, a.roleNodes[role], graph.EdgeRefers)
	a.set(user, graph.PropInlinePrefix+"assume", a.originIAM, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Resource":%q}}`, a.roleIDs[role])
	a.set(user, graph.PropCredentialReport, a.originIAM, `{"password_enabled":"true","mfa_active":"%t","access_key_1_active":"true"}`, a.rng.IntN(2) == 0)
	key := a.add(graph.KindAccessKey, fmt.Sprintf("AKIA%016X", a.next()), "")
	a.set(key, graph.PropResource, a.originIAM, `{"UserName":%q,"Status":"Active","CreateDate":"2024-03-01T00:00:00Z"}`, name)
	a.link(user, key, graph.EdgeHasKey)
}

// someBucket is a bucket of the account or, one in ten, of another one.
func (a *account) someBucket() string {
	if len(a.buckets) > 0 && a.rng.Float64() < 0.1 {
		return a.buckets[a.rng.IntN(len(a.buckets))]
	}
	if len(a.bucketIDs) == 0 {
		return ""
	}
	return a.bucketIDs[a.skewed(len(a.bucketIDs))]
}
