package awscli

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/cairn-security/cairn/ingest/assemble"
	"github.com/cairn-security/cairn/ingest/fields"
)

// reply is a part of a file that is one reply.
type reply struct {
	call
	body json.RawMessage
}

// byKey are the replies that their top-level key alone identifies. Keys that
// several services use are told apart by a field of their elements.
var byKey = map[string]call{
	"Account":                        {service: "sts", operation: "GetCallerIdentity"},
	"UserDetailList":                 {service: "iam", operation: "GetAccountAuthorizationDetails"},
	"GroupDetailList":                {service: "iam", operation: "GetAccountAuthorizationDetails"},
	"RoleDetailList":                 {service: "iam", operation: "GetAccountAuthorizationDetails"},
	"Users":                          {service: "iam", operation: "ListUsers"},
	"Roles":                          {service: "iam", operation: "ListRoles"},
	"Groups":                         {service: "iam", operation: "ListGroups"},
	"InstanceProfiles":               {service: "iam", operation: "ListInstanceProfiles"},
	"AccessKeyMetadata":              {service: "iam", operation: "ListAccessKeys"},
	"SAMLProviderList":               {service: "iam", operation: "ListSAMLProviders"},
	"OpenIDConnectProviderList":      {service: "iam", operation: "ListOpenIDConnectProviders"},
	"AccountAliases":                 {service: "iam", operation: "ListAccountAliases"},
	"Policies":                       {service: "iam", operation: "ListPolicies"},
	"Accounts":                       {service: "organizations", operation: "ListAccounts"},
	"Buckets":                        {service: "s3", operation: "ListBuckets"},
	"AccessPointList":                {service: "s3control", operation: "ListAccessPoints"},
	"Reservations":                   {service: "ec2", operation: "DescribeInstances"},
	"IamInstanceProfileAssociations": {service: "ec2", operation: "DescribeIamInstanceProfileAssociations"},
	"ElasticsearchDomains":           {service: "opensearch", operation: "DescribeDomains"},
	"DomainStatusList":               {service: "opensearch", operation: "DescribeDomains"},
	"DBInstances":                    {service: "rds", operation: "DescribeDBInstances"},
	"DBClusters":                     {service: "rds", operation: "DescribeDBClusters"},
	"DBClusterSnapshots":             {service: "rds", operation: "DescribeDBClusterSnapshots"},
	"ClusterInfoList":                {service: "kafka", operation: "ListClustersV2"},
	"RdsInstances":                   {service: "rds", operation: "DescribeDBInstances"},
	"LoadBalancerDescriptions":       {service: "elb", operation: "DescribeLoadBalancers"},
	"LoadBalancers":                  {service: "elbv2", operation: "DescribeLoadBalancers"},
	"TargetGroups":                   {service: "elbv2", operation: "DescribeTargetGroups"},
	"ManagedPrefixLists":             {service: "ec2", operation: "DescribeManagedPrefixLists"},
	"PrefixLists":                    {service: "ec2", operation: "DescribeManagedPrefixLists"},
	"ServiceDetails":                 {service: "ec2", operation: "DescribeVpcEndpointServices"},
	"ServiceNames":                   {service: "ec2", operation: "DescribeVpcEndpointServices"},
	"VpcEndpointServices":            {service: "ec2", operation: "DescribeVpcEndpointServices"},
	"VpcBlockPublicAccessOptions":    {service: "ec2", operation: "DescribeVpcBlockPublicAccessOptions"},
	"RestApis":                       {service: "apigateway", operation: "GetRestApis"},
	"QueueUrls":                      {service: "sqs", operation: "ListQueues"},
	"TopicArns":                      {service: "sns", operation: "ListTopics"},
	"Regions":                        {service: "ec2", operation: "DescribeRegions"},
	"AvailabilityZones":              {service: "ec2", operation: "DescribeAvailabilityZones"},
	"AccountAuthorizationDetails":    {service: "iam", operation: "GetAccountAuthorizationDetails"},
	"MountTargets":                   {service: "efs", operation: "DescribeMountTargets"},
	"FunctionUrlConfigs":             {service: "lambda", operation: "ListFunctionUrlConfigs"},
}

// marked are keys that several services use: the field marks whose it is.
var marked = map[string][]struct {
	field string
	call
}{
	"Clusters": {
		{"resourcesVpcConfig", call{service: "eks", operation: "DescribeCluster"}},
		{"ClusterIdentifier", call{service: "redshift", operation: "DescribeClusters"}},
	},
	"Snapshots": {
		{"SnapshotId", call{service: "ec2", operation: "DescribeSnapshots"}},
		{"SnapshotIdentifier", call{service: "redshift", operation: "DescribeClusterSnapshots"}},
	},
	"Rules": {
		{"RuleArn", call{service: "elbv2", operation: "DescribeRules"}},
	},
	"Listeners": {
		{"LoadBalancerArn", call{service: "elbv2", operation: "DescribeListeners"}},
	},
	"Policies": {
		{"PolicyVersionList", call{service: "iam", operation: "GetAccountAuthorizationDetails"}},
	},
	"PrefixLists": {
		{"Cidrs", call{service: "ec2", operation: "DescribePrefixLists"}},
	},
}

// wrapped are keys under which tools gather the replies of calls that are made
// once per resource: the element's fields say for which.
var wrapped = map[string]struct {
	call
	param string
}{
	"LoadBalancerListeners":      {call{service: "elbv2", operation: "DescribeListeners"}, "LoadBalancerArn"},
	"LoadBalancerTargetHealth":   {call{service: "elbv2", operation: "DescribeTargetHealth"}, "TargetGroupArn"},
	"TargetGroupAttributes":      {call{service: "elbv2", operation: "DescribeTargetGroupAttributes"}, "TargetGroupArn"},
	"ListenerRules":              {call{service: "elbv2", operation: "DescribeRules"}, "ListenerArn"},
	"LoadBalancerAttributes":     {call{service: "elbv2", operation: "DescribeLoadBalancerAttributes"}, "LoadBalancerArn"},
	"TransitGatewayPropagations": {call{service: "ec2", operation: "GetTransitGatewayRouteTablePropagations"}, "TransitGatewayRouteTableId"},
	"TransitGatewayStaticRoutes": {call{service: "ec2", operation: "SearchTransitGatewayRoutes"}, "TransitGatewayRouteTableId"},
}

// single are operations asked per resource whose results tools gather in one
// list: the list's elements become replies under a key of their own, alone or,
// where the reply holds a list, as one.
var single = map[string]gathered{
	"eks DescribeCluster":           {"cluster", "name", "name", false},
	"efs DescribeMountTargets":      {"MountTargets", "FileSystemId", "FileSystemId", true},
	"lambda ListFunctionUrlConfigs": {"FunctionUrlConfigs", "FunctionName", "FunctionArn", true},
}

// gathered says where an element goes, and what it is about: the parameter's
// value stands in the element's member id.
type gathered struct {
	key, param, id string
	list           bool
}

// topLevel are the members of an object in order.
func topLevel(text []byte) (keys []string, values map[string]json.RawMessage, err error) {
	if err := json.Unmarshal(text, &values); err != nil {
		return nil, nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	if _, err := dec.Token(); err != nil {
		return nil, nil, err
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, nil, err
		}
		if name, ok := key.(string); ok {
			keys = append(keys, name)
		}
		var skip json.RawMessage
		if err := dec.Decode(&skip); err != nil {
			return nil, nil, err
		}
	}
	return keys, values, nil
}

// byContent splits a file into the replies that its top-level keys name. Keys
// that nothing names are returned apart.
func byContent(keys []string, values map[string]json.RawMessage) (replies []reply, unknown []string) {
	seen := map[string]int{}
	for _, key := range keys {
		value := values[key]
		if w, ok := wrapped[key]; ok {
			replies = append(replies, unwrap(w.call, w.param, value)...)
			continue
		}
		c, ok := identify(key, value)
		if !ok {
			if !slices.Contains(beside, key) {
				unknown = append(unknown, key)
			}
			continue
		}
		name := c.service + " " + c.operation
		if s, ok := single[name]; ok {
			replies = append(replies, s.separate(c, value)...)
			continue
		}
		if at, ok := seen[name]; ok { // one reply with several lists
			replies[at].body = member(replies[at].body, key, value)
			continue
		}
		seen[name] = len(replies)
		replies = append(replies, reply{c, member(nil, listName(c, key), value)})
	}
	return replies, unknown
}

// beside are members that stand beside what a reply is about.
var beside = []string{"NextToken", "ResponseMetadata", "IsTruncated", "Marker", "Owner", "UserId", "Arn"}

func identify(key string, value json.RawMessage) (call, bool) {
	for _, m := range marked[key] {
		has := false
		fields.New("*/"+m.field).Scan(value, func(int, []byte) { has = true })
		if has {
			return m.call, true
		}
	}
	if c, ok := byKey[key]; ok {
		return c, true
	}
	c, ok := lists()[key]
	return c, ok
}

// listName is how the reply itself calls a list that tools file under another name.
func listName(c call, key string) string {
	if op, ok := byName()[c.service+" "+strings.ToLower(c.operation)]; ok && len(op.Lists) == 1 {
		return op.Lists[0]
	}
	return key
}

// member adds a member to an object, nil for the first.
func member(object json.RawMessage, key string, value json.RawMessage) json.RawMessage {
	name, _ := json.Marshal(key) // a string always encodes
	if len(object) < 2 {
		return slices.Concat([]byte("{"), name, []byte(":"), value, []byte("}"))
	}
	return slices.Concat(object[:len(object)-1], []byte(","), name, []byte(":"), value, []byte("}"))
}

func unwrap(c call, param string, value json.RawMessage) []reply {
	var replies []reply
	elements.Scan(value, func(_ int, element []byte) {
		one := c
		fields.New(param).Scan(element, func(_ int, id []byte) { one.params = map[string]string{param: fields.Text(id)} })
		replies = append(replies, reply{one, element})
	})
	if len(replies) == 0 {
		replies = []reply{{c, json.RawMessage("{}")}} // there are none
	}
	return replies
}

func (g gathered) separate(c call, value json.RawMessage) []reply {
	var replies []reply
	lists := map[string][]json.RawMessage{} // by what they are about
	var order []string
	elements.Scan(value, func(_ int, element []byte) {
		about := ""
		fields.New(g.id).Scan(element, func(_ int, v []byte) { about = fields.Text(v) })
		if g.list {
			if lists[about] == nil {
				order = append(order, about)
			}
			lists[about] = append(lists[about], element)
			return
		}
		one := c
		one.params = map[string]string{g.param: about}
		replies = append(replies, reply{one, member(nil, g.key, element)})
	})
	for _, about := range order {
		one := c
		one.params = map[string]string{g.param: about}
		if list, err := json.Marshal(lists[about]); err == nil {
			replies = append(replies, reply{one, member(nil, g.key, list)})
		}
	}
	if len(replies) == 0 {
		replies = []reply{{c, json.RawMessage("{}")}}
	}
	return replies
}

var elements = fields.New("*")

// vague are list names too common to say whose they are.
var vague = []string{"items", "Items", "Policy"}

// lists are the list names that only one operation's replies have.
var lists = sync.OnceValue(func() map[string]call {
	m := map[string]call{}
	ambiguous := map[string]bool{}
	for _, op := range assemble.Operations() {
		for _, list := range op.Lists {
			if _, taken := m[list]; taken || slices.Contains(vague, list) {
				ambiguous[list] = true
			}
			m[list] = call{service: op.Service, operation: op.Name}
		}
	}
	for list := range ambiguous {
		delete(m, list)
	}
	return m
})
