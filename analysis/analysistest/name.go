package analysistest

import (
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// names says how AWS names the things of a kind; A and R stand for account and
// region, N for the name.
var names = map[string]string{
	"user": "arn:aws:iam::A:user/N", "group": "arn:aws:iam::A:group/N", "role": "arn:aws:iam::A:role/N", "policy": "arn:aws:iam::A:policy/N",
	"instance-profile": "arn:aws:iam::A:instance-profile/N", "access-key": "N", "identity-provider": "arn:aws:iam::A:oidc-provider/N",
	"organization": "arn:aws:organizations::A:organization/N", "organizational-unit": "arn:aws:organizations::A:ou/o-1/N", "organization-policy": "arn:aws:organizations::A:policy/o-1/service_control_policy/N",
	"bucket": "arn:aws:s3:::N", "function": "arn:aws:lambda:R:A:function:N", "task": "arn:aws:ecs:R:A:task/N", "build": "arn:aws:codebuild:R:A:project/N",
	"notebook": "arn:aws:sagemaker:R:A:notebook-instance/N", "app-service": "arn:aws:apprunner:R:A:service/N", "cluster": "arn:aws:eks:R:A:cluster/N",
	"db-instance": "arn:aws:rds:R:A:db:N", "db-cluster": "arn:aws:rds:R:A:cluster:N", "db-snapshot": "arn:aws:rds:R:A:snapshot:N", "secret": "arn:aws:secretsmanager:R:A:secret:N",
	"parameter": "arn:aws:ssm:R:A:parameter/N", "access-point": "arn:aws:s3:R:A:accesspoint/N", "key": "arn:aws:kms:R:A:key/N", "table": "arn:aws:dynamodb:R:A:table/N",
	"queue": "arn:aws:sqs:R:A:N", "topic": "arn:aws:sns:R:A:N", "repository": "arn:aws:ecr:R:A:repository/N", "file-system": "arn:aws:elasticfilesystem:R:A:file-system/N",
	"volume-snapshot": "arn:aws:ec2:R:A:snapshot/N", "image": "arn:aws:ec2:R:A:image/N", "volume": "arn:aws:ec2:R:A:volume/N",
	"instance": "arn:aws:ec2:R:A:instance/N", "vpc": "arn:aws:ec2:R:A:vpc/N", "subnet": "arn:aws:ec2:R:A:subnet/N", "route-table": "arn:aws:ec2:R:A:route-table/N",
	"internet-gateway": "arn:aws:ec2:R:A:internet-gateway/N", "network-acl": "arn:aws:ec2:R:A:network-acl/N", "security-group": "arn:aws:ec2:R:A:security-group/N",
	"network-interface": "arn:aws:ec2:R:A:network-interface/N", "vpc-endpoint": "arn:aws:ec2:R:A:vpc-endpoint/N",
	"account": "arn:aws:iam::N:root", "service": "service:N", "external-account": "arn:aws:iam::N:root",
}

// global kinds stand in no region.
var global = map[graph.Kind]bool{
	graph.KindUser: true, graph.KindGroup: true, graph.KindRole: true, graph.KindPolicy: true, graph.KindInstanceProfile: true,
	graph.KindAccessKey: true, graph.KindOrganization: true, graph.KindOrgUnit: true, graph.KindOrgPolicy: true, graph.KindIdentityProvider: true, graph.KindService: true,
}

// idOf expands a name; what is none stays as it is.
func idOf(name, account string) string {
	kind, rest, ok := strings.Cut(name, "/")
	if !ok {
		return name
	}
	if a, k, ok := strings.Cut(kind, ":"); ok && (len(a) == 12 || a == "aws") {
		account, kind = a, k
	}
	format, ok := names[kind]
	if !ok {
		return name
	}
	return strings.NewReplacer("A:", account+":", "R:", Region+":", "N", rest).Replace(format)
}

// ID is the id behind a name.
func (r *reader) ID(name string) string { return idOf(name, r.account) }

// named makes a node, or finds one made before.
func (r *reader) named(kind graph.Kind, name string) *node {
	account := r.account
	if kind == graph.KindService {
		account = ""
	}
	if rest, ok := strings.CutPrefix(name, "aws:"); ok { // a policy of AWS itself
		return r.node(kind, "arn:aws:iam::aws:policy/"+rest, rest, "")
	}
	n := r.node(kind, idOf(kind.String()+"/"+name, r.account), name, account)
	if !global[kind] && n.Region == "" && kind != graph.KindAccount {
		n.Region = Region
	}
	return n
}
