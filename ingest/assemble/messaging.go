package assemble

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
	"github.com/cairn-security/cairn/ingest/fields"
)

var messagingOperations = []operation{
	{service: "sqs", name: "ListQueues", listing: "QueueUrls/*", handle: func(c *call, _ node) {
		queuesShape.Scan(c.rec.Body, func(_ int, v []byte) {
			n := queue(c, fields.Text(v))
			if n == none {
				c.malformed(none, "QueueUrls", "is no address of a queue")
				return
			}
			c.nodes[n].evident = true
			if item, err := json.Marshal(map[string]string{"QueueUrl": fields.Text(v)}); err == nil {
				c.set(n, graph.PropResource, item)
			}
		})
	}},
	{service: "sqs", name: "GetQueueAttributes", params: []string{"QueueUrl"}, about: param("QueueUrl", queue), facts: []fact{
		{"Attributes", graph.PropAttributes, nil},
		{"Attributes/Policy", graph.PropPolicy, readPolicy},
		{"Attributes/KmsMasterKeyId", "", encryptedBy}}},
	{service: "sqs", name: "ListQueueTags", params: []string{"QueueUrl"}, about: param("QueueUrl", queue), facts: []fact{{"Tags", graph.PropTags, readTags}}},

	describe("sns", "ListTopics", "Topics/*", topic),
	perResource("sns", "GetTopicAttributes", "TopicArn", topic,
		fact{"Attributes", graph.PropAttributes, nil},
		fact{"Attributes/Policy", graph.PropPolicy, readPolicy},
		fact{"Attributes/KmsMasterKeyId", "", encryptedBy}),
	{service: "sns", name: "ListSubscriptions", listing: "Subscriptions/*", handle: subscriptions},
	{service: "sns", name: "ListSubscriptionsByTopic", params: []string{"TopicArn"}, handle: subscriptions},
	perResource("sns", "ListTagsForResource", "ResourceArn", topic, fact{"Tags", graph.PropTags, readTags}),

	describe("kafka", "ListClusters", "ClusterInfoList/*", kafkaCluster),
	describe("kafka", "ListClustersV2", "ClusterInfoList/*", kafkaCluster),
	perResource("kafka", "GetClusterPolicy", "ClusterArn", kafkaCluster, fact{"Policy", graph.PropPolicy, readPolicy}),
	describe("mq", "ListBrokers", "BrokerSummaries/*", &spec{kind: graph.KindBroker, service: "mq", arn: "BrokerArn", name: "BrokerName", mode: yields}),
	{service: "mq", name: "DescribeBroker", params: []string{"BrokerId"}, items: []list{{".", broker}}},
}

var queuesShape = fields.New("QueueUrls/*")

// queue is the queue behind an address such as
// https://sqs.eu-west-1.amazonaws.com/111122223333/jobs; older addresses leave
// the region out.
func queue(c *call, address string) node {
	if _, ok := arn.Parse(address); ok {
		return c.refer(address, graph.KindQueue)
	}
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil {
		return none
	}
	account, name, ok := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if !ok || name == "" {
		return none
	}
	region := c.region
	if host := strings.Split(u.Hostname(), "."); len(host) == 4 && host[0] == "sqs" && region == "" {
		region = host[1]
	}
	if !arn.IsAccount(account) {
		account = c.account
	}
	id := arn.Regional("sqs", region, account, name)
	if id == "" {
		n := c.byName(address, "sqs:"+name, false)
		c.nodes[n].Kind, c.nodes[n].Node.Name = graph.KindQueue, name
		return n
	}
	return c.refer(id, graph.KindQueue)
}

var topic = &spec{
	kind: graph.KindTopic, service: "sns", arn: "TopicArn",
}

var subscriptionsShape = fields.New("Subscriptions/*")
var subscriptionFields = fields.New("TopicArn", "Endpoint")

// subscriptions link a topic with the queue or function that gets its messages.
func subscriptions(c *call, _ node) {
	subscriptionsShape.Scan(c.rec.Body, func(_ int, item []byte) {
		var from, to string
		subscriptionFields.Scan(item, func(path int, v []byte) {
			if path == 0 {
				from = fields.Text(v)
			} else {
				to = fields.Text(v)
			}
		})
		if _, ok := arn.Parse(to); ok {
			c.link(byID(c, from), byID(c, to), graph.EdgeTargets)
		}
	})
}

var kafkaCluster = &spec{
	kind: graph.KindBroker, service: "kafka", arn: "ClusterArn", name: "ClusterName",
	links: []link{
		{path: "BrokerNodeGroupInfo/ClientSubnets/*", kind: graph.EdgeUses, to: toSubnet},
		{path: "BrokerNodeGroupInfo/SecurityGroups/*", kind: graph.EdgeUses, to: toGroup},
		{path: "Provisioned/BrokerNodeGroupInfo/ClientSubnets/*", kind: graph.EdgeUses, to: toSubnet},
		{path: "Provisioned/BrokerNodeGroupInfo/SecurityGroups/*", kind: graph.EdgeUses, to: toGroup},
		{path: "Serverless/VpcConfigs/*/SubnetIds/*", kind: graph.EdgeUses, to: toSubnet},
		{path: "Serverless/VpcConfigs/*/SecurityGroupIds/*", kind: graph.EdgeUses, to: toGroup},
		{path: "EncryptionInfo/EncryptionAtRest/DataVolumeKMSKeyId", kind: graph.EdgeEncryptedBy, to: key},
		{path: "Provisioned/EncryptionInfo/EncryptionAtRest/DataVolumeKMSKeyId", kind: graph.EdgeEncryptedBy, to: key}},
}

var broker = &spec{
	kind: graph.KindBroker, service: "mq", arn: "BrokerArn", name: "BrokerName",
	links: []link{
		{path: "SubnetIds/*", kind: graph.EdgeUses, to: toSubnet},
		{path: "SecurityGroups/*", kind: graph.EdgeUses, to: toGroup},
		{path: "EncryptionOptions/KmsKeyId", kind: graph.EdgeEncryptedBy, to: key}},
}
