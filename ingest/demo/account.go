package demo

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/record"
)

// object is a JSON object of an AWS reply.
type object = map[string]any

const region = "eu-west-1"

// account collects what a collector would have read in one account.
type account struct {
	c        *company
	id, name string
	users    []object
	groups   []object
	roles    []object
	policies []object
	report   []string // rows of the credential report
	ec2      map[string][]any
	lists    map[listKey][]any
}

type listKey struct{ service, operation, field string }

// add puts an item into the reply of a list or describe call.
func (a *account) add(service, operation, field string, item any) {
	k := listKey{service, operation, field}
	a.lists[k] = append(a.lists[k], item)
}

// reply records the answer of a call about one resource.
func (a *account) reply(service, operation string, params map[string]string, body any) {
	raw, err := json.Marshal(body)
	if err != nil {
		a.c.fail(fmt.Errorf("%s %s: %w", service, operation, err))
		return
	}
	a.c.emit(record.Record{Account: a.id, Region: regionOf(service), Service: service, Operation: operation, Params: params,
		Outcome: graph.OutcomeOK, Source: "demo", ReadAt: a.c.tick(), Body: raw})
}

// none records that a call about one resource found nothing set.
func (a *account) none(service, operation string, params map[string]string) {
	a.c.emit(record.Record{Account: a.id, Region: regionOf(service), Service: service, Operation: operation, Params: params,
		Outcome: graph.OutcomeEmpty, Source: "demo", ReadAt: a.c.tick()})
}

// refused records a read that was not answered.
func (a *account) refused(service, operation string, outcome graph.Outcome, params map[string]string, detail string) {
	a.c.emit(record.Record{Account: a.id, Region: regionOf(service), Service: service, Operation: operation, Params: params,
		Outcome: outcome, Detail: detail, Source: "demo", ReadAt: a.c.tick()})
}

func regionOf(service string) string {
	switch service {
	case "iam", "sts", "organizations", "s3", "s3control", record.ServiceCairn:
		return "global"
	}
	return region
}

func (a *account) arn(service, resource string) string {
	switch service {
	case "iam":
		return "arn:aws:iam::" + a.id + ":" + resource
	case "s3":
		return "arn:aws:s3:::" + resource
	}
	return "arn:aws:" + service + ":" + region + ":" + a.id + ":" + resource
}

// flush turns the collected lists into records, in a stable order.
func (a *account) flush() {
	a.reply("sts", "GetCallerIdentity", nil, object{"Account": a.id, "Arn": "arn:aws:sts::" + a.id + ":assumed-role/cairn-read/scan", "UserId": "AROADEMO:scan"})
	a.reply("iam", "ListAccountAliases", nil, object{"AccountAliases": []string{a.name}})
	a.reply("iam", "GetAccountAuthorizationDetails", nil, object{
		"UserDetailList": orEmpty(a.users), "GroupDetailList": orEmpty(a.groups), "RoleDetailList": orEmpty(a.roles), "Policies": orEmpty(a.policies),
	})
	if len(a.report) > 0 {
		a.credentialReport()
	}
	for _, op := range listOperations {
		items := a.lists[op]
		if len(items) == 0 {
			a.none(op.service, op.operation, nil)
			continue
		}
		a.reply(op.service, op.operation, nil, object{op.field: items})
	}
}

func orEmpty(list []object) []object {
	if list == nil {
		return []object{}
	}
	return list
}

// listOperations are the list calls the demo answers, in order.
var listOperations = []listKey{
	{"ec2", "DescribeVpcs", "Vpcs"}, {"ec2", "DescribeSubnets", "Subnets"}, {"ec2", "DescribeRouteTables", "RouteTables"},
	{"ec2", "DescribeInternetGateways", "InternetGateways"}, {"ec2", "DescribeNetworkAcls", "NetworkAcls"},
	{"ec2", "DescribeSecurityGroups", "SecurityGroups"}, {"ec2", "DescribeNetworkInterfaces", "NetworkInterfaces"},
	{"ec2", "DescribeInstances", "Reservations"}, {"ec2", "DescribeVpcPeeringConnections", "VpcPeeringConnections"},
	{"ec2", "DescribeVpcEndpoints", "VpcEndpoints"}, {"ec2", "DescribeAddresses", "Addresses"}, {"ec2", "DescribeVolumes", "Volumes"}, {"ec2", "DescribeSnapshots", "Snapshots"},
	{"elbv2", "DescribeLoadBalancers", "LoadBalancers"}, {"elbv2", "DescribeTargetGroups", "TargetGroups"},
	{"rds", "DescribeDBInstances", "DBInstances"}, {"rds", "DescribeDBSnapshots", "DBSnapshots"}, {"rds", "DescribeDBSubnetGroups", "DBSubnetGroups"},
	{"lambda", "ListFunctions", "Functions"}, {"kms", "ListKeys", "Keys"}, {"secretsmanager", "ListSecrets", "SecretList"},
	{"dynamodb", "ListTables", "TableNames"}, {"sqs", "ListQueues", "QueueUrls"}, {"sns", "ListTopics", "Topics"},
	{"s3", "ListBuckets", "Buckets"},
}

// date is a time in the company's past, in the form AWS prints.
func (c *company) daysAgo(days int) string {
	return c.takenAt.AddDate(0, 0, -days).Format(time.RFC3339)
}
