package assemble

import (
	"strings"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/fields"
)

const elbService = "elasticloadbalancing"

var elbOperations = []operation{
	describe("elbv2", "DescribeLoadBalancers", "LoadBalancers/*", loadBalancer),
	perResource("elbv2", "DescribeLoadBalancerAttributes", "LoadBalancerArn", loadBalancer, fact{"Attributes", graph.PropAttributes, nil}),
	{service: "elbv2", name: "DescribeListeners", params: []string{"LoadBalancerArn"}, about: param("LoadBalancerArn", to(loadBalancer)),
		items: []list{{"Listeners/*", listener}}},
	{service: "elbv2", name: "DescribeRules", params: []string{"ListenerArn"}, about: param("ListenerArn", to(listener)), handle: listenerRules},
	describe("elbv2", "DescribeTargetGroups", "TargetGroups/*", targetGroup),
	perResource("elbv2", "DescribeTargetGroupAttributes", "TargetGroupArn", targetGroup, fact{"Attributes", graph.PropAttributes, nil}),
	perResource("elbv2", "DescribeTargetHealth", "TargetGroupArn", targetGroup,
		fact{"TargetHealthDescriptions", graph.PropHealth, nil},
		fact{"TargetHealthDescriptions/*/Target/Id", "", func(c *call, of node, _ string, v []byte) {
			c.link(of, ec2(c, fields.Text(v)), graph.EdgeTargets) // an instance, a function, a load balancer; addresses are no nodes
		}}),
	{service: "elbv2", name: "DescribeTags"},

	describe("elb", "DescribeLoadBalancers", "LoadBalancerDescriptions/*", classicBalancer),
	perResource("elb", "DescribeLoadBalancerAttributes", "LoadBalancerName", classicBalancer, fact{"LoadBalancerAttributes", graph.PropAttributes, nil}),
	{service: "elb", name: "DescribeTags"},
}

// perResource is a call about one thing of a kind.
func perResource(service, name, parameter string, s *spec, facts ...fact) operation {
	return operation{service: service, name: name, params: []string{parameter}, about: param(parameter, to(s)), facts: facts}
}

var loadBalancer = &spec{
	kind: graph.KindLoadBalancer, service: elbService, typ: "loadbalancer/", arn: "LoadBalancerArn", name: "LoadBalancerName", id: "LoadBalancerName",
	links: []link{
		{path: "VpcId", kind: graph.EdgeContains, to: toVPC, in: true},
		{path: "AvailabilityZones/*/SubnetId", kind: graph.EdgeUses, to: toSubnet},
		{path: "AvailabilityZones/*/LoadBalancerAddresses/*/AllocationId", kind: graph.EdgeUses, to: ec2Typed("elastic-ip")},
		{path: "SecurityGroups/*", kind: graph.EdgeUses, to: toGroup}},
}

var listener = &spec{
	kind: graph.KindListener, service: elbService, arn: "ListenerArn",
	links: []link{
		{path: "LoadBalancerArn", kind: graph.EdgeUses, to: byID, in: true},
		{path: "DefaultActions/*/TargetGroupArn", kind: graph.EdgeTargets, to: byID},
		{path: "DefaultActions/*/ForwardConfig/TargetGroups/*/TargetGroupArn", kind: graph.EdgeTargets, to: byID}},
	each: func(c *call, n node, item []byte) {
		balancerShape.Scan(item, func(_ int, v []byte) {
			c.setAs(joins, to(loadBalancer)(c, fields.Text(v)), graph.PropListeners, listOf(item))
		})
	},
}

var balancerShape = fields.New("LoadBalancerArn")

// listOf is a JSON list of one element.
func listOf(element []byte) []byte {
	return append(append([]byte{'['}, element...), ']')
}

var rulesShape = fields.New("Rules/*")
var ruleFields = fields.New("RuleArn", "Actions/*/TargetGroupArn", "Actions/*/ForwardConfig/TargetGroups/*/TargetGroupArn")

// listenerRules puts rules with their load balancer and links their listener
// with where they forward to. A rule's ARN is that of its listener, whose is
// that of its load balancer, with one element more each.
func listenerRules(c *call, about node) {
	rulesShape.Scan(c.rec.Body, func(_ int, rule []byte) {
		listenerARN := c.rec.Params["ListenerArn"]
		var groups []string
		ruleFields.Scan(rule, func(path int, v []byte) {
			if path > 0 {
				groups = append(groups, fields.Text(v))
			} else if listenerARN == "" {
				listenerARN = parentARN(strings.Replace(fields.Text(v), ":listener-rule/", ":listener/", 1))
			}
		})
		of := about
		if of == none {
			of = c.refer(listenerARN, graph.KindUnknown)
		}
		for _, g := range groups {
			c.link(of, byID(c, g), graph.EdgeTargets)
		}
		balancer := parentARN(strings.Replace(listenerARN, ":listener/", ":loadbalancer/", 1))
		c.setAs(joins, byID(c, balancer), graph.PropRules, listOf(rule))
	})
}

func parentARN(name string) string {
	if cut := strings.LastIndexByte(name, '/'); cut > 0 && strings.HasPrefix(name, "arn:") {
		return name[:cut]
	}
	return ""
}

var targetGroup = &spec{
	kind: graph.KindTargetGroup, service: elbService, typ: "targetgroup/", arn: "TargetGroupArn", id: "TargetGroupName", name: "TargetGroupName",
	links: []link{
		{path: "VpcId", kind: graph.EdgeContains, to: toVPC, in: true},
		{path: "LoadBalancerArns/*", kind: graph.EdgeTargets, to: byID, in: true}},
}

var classicBalancer = &spec{
	kind: graph.KindLoadBalancer, service: elbService, typ: "loadbalancer/", id: "LoadBalancerName", name: "LoadBalancerName",
	links: []link{
		{path: "VPCId", kind: graph.EdgeContains, to: toVPC, in: true},
		{path: "Subnets/*", kind: graph.EdgeUses, to: toSubnet},
		{path: "SecurityGroups/*", kind: graph.EdgeUses, to: toGroup},
		{path: "Instances/*/InstanceId", kind: graph.EdgeTargets, to: toInstance}},
}
