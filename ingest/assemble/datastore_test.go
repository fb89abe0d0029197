package assemble

import (
	"testing"

	"github.com/cairn-security/cairn/graph"
)

func TestKeysAreFoundByEveryName(t *testing.T) {
	s, report := build(t,
		rec("secretsmanager", "ListSecrets", `{"SecretList":[{"ARN":"`+regionalID("secretsmanager", "secret:db-AbCdEf")+`","Name":"db","KmsKeyId":"alias/app"}]}`),
		rec("ssm", "DescribeParameters", `{"Parameters":[{"Name":"/db/url","KeyId":"k-1"},{"Name":"plain","KeyId":"`+regionalID("kms", "alias/app")+`"}]}`),
		rec("secretsmanager", "GetResourcePolicy", `{"ARN":"x","ResourcePolicy":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\"}]}"}`, "SecretId", "db"),
		rec("kms", "ListAliases", `{"Aliases":[{"AliasName":"alias/app","TargetKeyId":"k-1"},{"AliasName":"alias/aws/rds"}]}`),
		rec("kms", "ListKeys", `{"Keys":[{"KeyId":"k-1","KeyArn":"`+regionalID("kms", "key/k-1")+`"}]}`),
		rec("kms", "GetKeyPolicy", `{"Policy":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"}}]}"}`, "KeyId", "k-1", "PolicyName", "default"),
		rec("kms", "ListGrants", `{"Grants":[{"GrantId":"g","GranteePrincipal":"arn:aws:iam::111122223333:role/r","Operations":["Decrypt"]},{"GrantId":"h","GranteePrincipal":"rds.eu-west-1.amazonaws.com"}]}`, "KeyId", "k-1"))
	wantProblems(t, report)
	wantGraph(t, s, `
		secretsmanager:secret:db-AbCdEf ENCRYPTED_BY kms:key/k-1
		secretsmanager:secret:db-AbCdEf REFERS any-aws-principal
		ssm:parameter/db/url ENCRYPTED_BY kms:key/k-1
		ssm:parameter/plain ENCRYPTED_BY kms:key/k-1
		kms:key/k-1 REFERS iam:root
		kms:key/k-1 REFERS iam:role/r
		unknown iam:role/r
		kms:key/k-1 REFERS service:rds.eu-west-1.amazonaws.com`)
	if n := s.Node(wantKind(t, s, regionalID("kms", "key/k-1"), graph.KindKey)); n.Name != "alias/app" {
		t.Errorf("the key is called %q", n.Name)
	}
	wantKind(t, s, regionalID("ssm", "parameter/db/url"), graph.KindParameter)
}

// Secrets that name no key have the one that AWS manages for the account.
func TestSecretWithoutAKey(t *testing.T) {
	s, report := build(t, rec("secretsmanager", "DescribeSecret", `{"ARN":"`+regionalID("secretsmanager", "secret:a-AbCdEf")+`","Name":"a"}`, "SecretId", "a"),
		rec("secretsmanager", "ListSecrets", `{"SecretList":[{"ARN":"`+regionalID("secretsmanager", "secret:b-AbCdEf")+`","Name":"b","KmsKeyId":null},{"ARN":"`+regionalID("secretsmanager", "secret:c-AbCdEf")+`","Name":"c","KmsKeyId":"k"}]}`))
	wantProblems(t, report)
	wantGraph(t, s, `
		secretsmanager:secret:a-AbCdEf ENCRYPTED_BY kms:alias/aws/secretsmanager
		secretsmanager:secret:b-AbCdEf ENCRYPTED_BY kms:alias/aws/secretsmanager
		secretsmanager:secret:c-AbCdEf ENCRYPTED_BY kms:key/k
		unknown kms:key/k`)
	wantKind(t, s, regionalID("kms", "alias/aws/secretsmanager"), graph.KindKey)
}

func TestDatabases(t *testing.T) {
	s, report := build(t,
		rec("rds", "DescribeDBInstances", `{"DBInstances":[{"DBInstanceIdentifier":"main","DBInstanceArn":"`+regionalID("rds", "db:main")+`","DBClusterIdentifier":"aurora","KmsKeyId":"`+regionalID("kms", "key/k")+`",
			"VpcSecurityGroups":[{"VpcSecurityGroupId":"sg-1"}],"DBSubnetGroup":{"DBSubnetGroupName":"g","VpcId":"vpc-1","Subnets":[{"SubnetIdentifier":"subnet-1"}]},
			"MasterUserSecret":{"SecretArn":"`+regionalID("secretsmanager", "secret:rds!x")+`"},"TagList":[{"Key":"pii","Value":"true"}]}]}`),
		rec("rds", "DescribeDBClusters", `{"DBClusters":[{"DBClusterIdentifier":"aurora","DBClusterArn":"`+regionalID("rds", "cluster:aurora")+`","DBSubnetGroup":"g","DBClusterMembers":[{"DBInstanceIdentifier":"main"}]}]}`),
		rec("rds", "DescribeDBSubnetGroups", `{"DBSubnetGroups":[{"DBSubnetGroupName":"g","VpcId":"vpc-1","Subnets":[{"SubnetIdentifier":"subnet-1"}]}]}`),
		rec("rds", "DescribeDBSnapshots", `{"DBSnapshots":[{"DBSnapshotIdentifier":"rds:main-1","DBInstanceIdentifier":"main"}]}`),
		rec("rds", "DescribeDBSnapshotAttributes", `{"DBSnapshotAttributesResult":{"DBSnapshotAttributes":[{"AttributeName":"restore","AttributeValues":["all"]}]}}`, "DBSnapshotIdentifier", "rds:main-1"),
		rec("rds", "DescribeDBClusterSnapshots", `{"DBClusterSnapshots":[{"DBClusterSnapshotIdentifier":"c-1","DBClusterIdentifier":"aurora"}]}`))
	wantProblems(t, report)
	wantGraph(t, s, `
		rds:db:main USES rds:cluster:aurora
		rds:db:main USES rds:subgrp:g
		rds:db:main USES ec2:subnet/subnet-1
		rds:db:main USES ec2:security-group/sg-1
		rds:db:main ENCRYPTED_BY kms:key/k
		secretsmanager:secret:rds!x SECRET_OF rds:db:main
		ec2:vpc/vpc-1 CONTAINS rds:db:main
		ec2:vpc/vpc-1 CONTAINS rds:subgrp:g
		rds:subgrp:g USES ec2:subnet/subnet-1
		rds:cluster:aurora USES rds:subgrp:g
		rds:snapshot:rds:main-1 SNAPSHOT_OF rds:db:main
		rds:cluster-snapshot:c-1 SNAPSHOT_OF rds:cluster:aurora
		unknown ec2:subnet/subnet-1
		unknown ec2:security-group/sg-1
		unknown kms:key/k
		unknown secretsmanager:secret:rds!x
		unknown ec2:vpc/vpc-1`)
	wantProp(t, s, wantKind(t, s, regionalID("rds", "db:main"), graph.KindDBInstance), graph.PropTags, `{"pii":"true"}`)
	wantProp(t, s, wantKind(t, s, regionalID("rds", "snapshot:rds:main-1"), graph.KindDBSnapshot), graph.PropAttributes, `[{"AttributeName":"restore","AttributeValues":["all"]}]`)
}

func TestQueuesTopicsTables(t *testing.T) {
	s, report := build(t,
		rec("sqs", "ListQueues", `{"QueueUrls":["https://sqs.eu-west-1.amazonaws.com/111122223333/jobs","nonsense"]}`),
		rec("sqs", "GetQueueAttributes", `{"Attributes":{"QueueArn":"`+regionalID("sqs", "jobs")+`","Policy":"{\"Statement\":[]}","KmsMasterKeyId":"alias/q"}}`, "QueueUrl", "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs"),
		rec("sns", "ListTopics", `{"Topics":[{"TopicArn":"`+regionalID("sns", "news")+`"}]}`),
		rec("sns", "GetTopicAttributes", `{"Attributes":{"Policy":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"}}]}"}}`, "TopicArn", regionalID("sns", "news")),
		rec("sns", "ListSubscriptions", `{"Subscriptions":[{"TopicArn":"`+regionalID("sns", "news")+`","Endpoint":"`+regionalID("sqs", "jobs")+`"},{"TopicArn":"x","Endpoint":"a@example.org"}]}`),
		rec("dynamodb", "ListTables", `{"TableNames":["users","orders"]}`),
		rec("dynamodb", "DescribeTable", `{"Table":{"TableName":"users","TableArn":"`+regionalID("dynamodb", "table/users")+`","ItemCount":7}}`, "TableName", "users"),
		rec("dynamodb", "GetResourcePolicy", `{"Policy":"{\"Statement\":[]}"}`, "ResourceArn", regionalID("dynamodb", "table/users")),
		rec("ecr", "DescribeRepositories", `{"repositories":[{"repositoryArn":"`+regionalID("ecr", "repository/app")+`","repositoryName":"app","registryId":"111122223333"}]}`),
		rec("ecr", "GetRepositoryPolicy", `{"policyText":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\"}]}"}`, "repositoryName", "app"))
	wantProblems(t, report, "sqs ListQueues: QueueUrls: is no address of a queue")
	wantGraph(t, s, `
		sqs:jobs ENCRYPTED_BY kms:alias/q
		unknown kms:alias/q
		sns:news REFERS any-aws-principal
		sns:news TARGETS sqs:jobs
		ecr:repository/app REFERS any-aws-principal`)
	queue := wantKind(t, s, regionalID("sqs", "jobs"), graph.KindQueue)
	wantProp(t, s, queue, graph.PropPolicy, `{"Statement":[]}`)
	wantKind(t, s, regionalID("dynamodb", "table/orders"), graph.KindTable)
}

func TestLoadBalancers(t *testing.T) {
	lb, group := regionalID("elasticloadbalancing", "loadbalancer/app/web/1"), regionalID("elasticloadbalancing", "targetgroup/t/2")
	listener := regionalID("elasticloadbalancing", "listener/app/web/1/3")
	s, report := build(t,
		rec("elbv2", "DescribeLoadBalancers", `{"LoadBalancers":[{"LoadBalancerArn":"`+lb+`","LoadBalancerName":"web","VpcId":"vpc-1","SecurityGroups":["sg-1"],"AvailabilityZones":[{"SubnetId":"subnet-1"}]}]}`),
		rec("elbv2", "DescribeLoadBalancerAttributes", `{"Attributes":[{"Key":"a","Value":"b"}]}`, "LoadBalancerArn", lb),
		rec("elbv2", "DescribeListeners", `{"Listeners":[{"ListenerArn":"`+listener+`","LoadBalancerArn":"`+lb+`","Port":443,"DefaultActions":[{"Type":"forward","TargetGroupArn":"`+group+`"}]},{"ListenerArn":"`+listener+`4","LoadBalancerArn":"`+lb+`","Port":80}]}`, "LoadBalancerArn", lb),
		rec("elbv2", "DescribeRules", `{"Rules":[{"RuleArn":"`+regionalID("elasticloadbalancing", "listener-rule/app/web/1/3/5")+`","Actions":[{"ForwardConfig":{"TargetGroups":[{"TargetGroupArn":"`+group+`"}]}}]}]}`, "ListenerArn", listener),
		rec("elbv2", "DescribeTargetGroups", `{"TargetGroups":[{"TargetGroupArn":"`+group+`","TargetGroupName":"t","LoadBalancerArns":["`+lb+`"]}]}`),
		rec("elbv2", "DescribeTargetHealth", `{"TargetHealthDescriptions":[{"Target":{"Id":"i-1","Port":8080}},{"Target":{"Id":"10.0.0.1"}}]}`, "TargetGroupArn", group),
		rec("elb", "DescribeLoadBalancers", `{"LoadBalancerDescriptions":[{"LoadBalancerName":"old","VPCId":"vpc-1","Subnets":["subnet-1"],"SecurityGroups":["sg-1"],"Instances":[{"InstanceId":"i-1"}]}]}`))
	wantProblems(t, report)
	const elb = "elasticloadbalancing:"
	wantGraph(t, s, `
		ec2:vpc/vpc-1 CONTAINS `+elb+`loadbalancer/app/web/1
		ec2:vpc/vpc-1 CONTAINS `+elb+`loadbalancer/old
		`+elb+`loadbalancer/app/web/1 USES ec2:subnet/subnet-1
		`+elb+`loadbalancer/app/web/1 USES ec2:security-group/sg-1
		`+elb+`loadbalancer/app/web/1 USES `+elb+`listener/app/web/1/3
		`+elb+`loadbalancer/app/web/1 USES `+elb+`listener/app/web/1/34
		`+elb+`loadbalancer/app/web/1 TARGETS `+elb+`targetgroup/t/2
		`+elb+`listener/app/web/1/3 TARGETS `+elb+`targetgroup/t/2
		`+elb+`targetgroup/t/2 TARGETS ec2:instance/i-1
		`+elb+`loadbalancer/old USES ec2:subnet/subnet-1
		`+elb+`loadbalancer/old USES ec2:security-group/sg-1
		`+elb+`loadbalancer/old TARGETS ec2:instance/i-1
		unknown ec2:vpc/vpc-1
		unknown ec2:subnet/subnet-1
		unknown ec2:security-group/sg-1
		unknown ec2:instance/i-1`)
	balancer := wantKind(t, s, lb, graph.KindLoadBalancer)
	var listeners, rules []struct{ ListenerArn, RuleArn string }
	for key, list := range map[string]any{graph.PropListeners: &listeners, graph.PropRules: &rules} {
		if _, err := s.Decode(balancer, key, list); err != nil {
			t.Error(err)
		}
	}
	if len(listeners) != 2 || len(rules) != 1 {
		t.Errorf("%d listeners, %d rules", len(listeners), len(rules))
	}
}

func TestManagedServices(t *testing.T) {
	s, report := build(t,
		rec("eks", "DescribeCluster", `{"cluster":{"name":"c","arn":"`+regionalID("eks", "cluster/c")+`","roleArn":"arn:aws:iam::111122223333:role/eks","resourcesVpcConfig":{"vpcId":"vpc-1","subnetIds":["subnet-1"],"clusterSecurityGroupId":"sg-1"}}}`, "name", "c"),
		rec("redshift", "DescribeClusters", `{"Clusters":[{"ClusterIdentifier":"wh","VpcId":"vpc-1","ClusterSubnetGroupName":"g"}]}`),
		rec("redshift", "DescribeClusterSubnetGroups", `{"ClusterSubnetGroups":[{"ClusterSubnetGroupName":"g","VpcId":"vpc-1","Subnets":[{"SubnetIdentifier":"subnet-1"}]}]}`),
		rec("opensearch", "DescribeDomains", `{"DomainStatusList":[{"DomainName":"logs","ARN":"`+regionalID("es", "domain/logs")+`","AccessPolicies":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"}}]}","VPCOptions":{"SubnetIds":["subnet-1"]}}]}`),
		rec("efs", "DescribeFileSystems", `{"FileSystems":[{"FileSystemId":"fs-1","FileSystemArn":"`+regionalID("elasticfilesystem", "file-system/fs-1")+`","Name":"share"}]}`),
		rec("efs", "DescribeMountTargets", `{"MountTargets":[{"MountTargetId":"fsmt-1","SubnetId":"subnet-1","NetworkInterfaceId":"eni-1"}]}`, "FileSystemId", "fs-1"),
		rec("mq", "DescribeBroker", `{"BrokerArn":"`+regionalID("mq", "broker:b:1")+`","BrokerName":"b","SubnetIds":["subnet-1"]}`, "BrokerId", "1"),
		rec("elasticache", "DescribeReplicationGroups", `{"ReplicationGroups":[{"ReplicationGroupId":"r"}]}`),
		rec("elasticache", "DescribeCacheClusters", `{"CacheClusters":[{"CacheClusterId":"r-1","ReplicationGroupId":"r","SecurityGroups":[{"SecurityGroupId":"sg-1"}]}]}`),
		rec("apigateway", "GetRestApis", `{"items":[{"id":"abc","name":"api","policy":"{\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Principal\\\":\\\"*\\\"}]}"}]}`),
		rec("cloudfront", "ListDistributions", `{"DistributionList":{"Items":[{"Id":"E1","ARN":"arn:aws:cloudfront::111122223333:distribution/E1","DomainName":"d.cloudfront.net","Origins":{"Items":[{"DomainName":"site.s3.eu-west-1.amazonaws.com"},{"DomainName":"www.example.org"}]}}]}}`),
		rec("codebuild", "BatchGetProjects", `{"projects":[{"name":"p","arn":"`+regionalID("codebuild", "project/p")+`","serviceRole":"arn:aws:iam::111122223333:role/build","environment":{"environmentVariables":[{"name":"TOKEN","value":""}]}}]}`, "names", "p"),
		rec("apprunner", "DescribeService", `{"Service":{"ServiceArn":"`+regionalID("apprunner", "service/s/1")+`","ServiceName":"s","InstanceConfiguration":{"InstanceRoleArn":"arn:aws:iam::111122223333:role/run"}}}`, "ServiceArn", regionalID("apprunner", "service/s/1")))
	wantProblems(t, report)
	wantGraph(t, s, `
		ec2:vpc/vpc-1 CONTAINS eks:cluster/c
		eks:cluster/c USES iam:role/eks
		eks:cluster/c USES ec2:subnet/subnet-1
		eks:cluster/c USES ec2:security-group/sg-1
		ec2:vpc/vpc-1 CONTAINS redshift:cluster:wh
		ec2:vpc/vpc-1 CONTAINS redshift:subnetgroup:g
		redshift:cluster:wh USES redshift:subnetgroup:g
		redshift:subnetgroup:g USES ec2:subnet/subnet-1
		es:domain/logs USES ec2:subnet/subnet-1
		es:domain/logs REFERS any-aws-principal
		elasticfilesystem:file-system/fs-1 USES ec2:subnet/subnet-1
		elasticfilesystem:file-system/fs-1 USES ec2:network-interface/eni-1
		mq:broker:b:1 USES ec2:subnet/subnet-1
		elasticache:cluster:r-1 USES elasticache:replicationgroup:r
		elasticache:cluster:r-1 USES ec2:security-group/sg-1
		apigateway:eu-west-1::/restapis/abc REFERS any-aws-principal
		cloudfront:distribution/E1 TARGETS s3:::site
		codebuild:project/p HAS_ROLE iam:role/build
		apprunner:service/s/1 HAS_ROLE iam:role/run
		unknown ec2:vpc/vpc-1
		unknown ec2:subnet/subnet-1
		unknown ec2:security-group/sg-1
		unknown ec2:network-interface/eni-1
		unknown iam:role/eks
		unknown iam:role/build
		unknown iam:role/run
		unknown s3:::site`)
	wantProp(t, s, wantKind(t, s, regionalID("codebuild", "project/p"), graph.KindBuild), graph.PropEnvironment, `{"TOKEN":""}`)
}

// TestTagsReadApart: some services tell the tags of a resource by a call of their own.
func TestTagsReadApart(t *testing.T) {
	const topic, queue = "arn:aws:sns:eu-west-1:111122223333:t", "https://sqs.eu-west-1.amazonaws.com/111122223333/q"
	const repository, domain = "arn:aws:ecr:eu-west-1:111122223333:repository/r", "arn:aws:es:eu-west-1:111122223333:domain/d"
	s, report := build(t,
		rec("sns", "ListTopics", `{"Topics":[{"TopicArn":"`+topic+`"}]}`), rec("sns", "ListTagsForResource", `{"Tags":[{"Key":"pii","Value":"true"}]}`, "ResourceArn", topic),
		rec("sqs", "ListQueues", `{"QueueUrls":["`+queue+`"]}`), rec("sqs", "ListQueueTags", `{"Tags":{"pii":"true"}}`, "QueueUrl", queue),
		rec("ecr", "DescribeRepositories", `{"repositories":[{"repositoryArn":"`+repository+`","repositoryName":"r"}]}`),
		rec("ecr", "ListTagsForResource", `{"tags":[{"Key":"pii","Value":"true"}]}`, "resourceArn", repository),
		rec("opensearch", "ListDomainNames", `{"DomainNames":[{"DomainName":"d"}]}`), rec("opensearch", "ListTags", `{"TagList":[{"Key":"pii","Value":"true"}]}`, "ARN", domain),
		rec("ssm", "DescribeParameters", `{"Parameters":[{"Name":"/app/p"}]}`), rec("ssm", "ListTagsForResource", `{"TagList":[{"Key":"pii","Value":"true"}]}`, "ResourceId", "/app/p", "ResourceType", "Parameter"))
	wantProblems(t, report)
	for id, kind := range map[string]graph.Kind{topic: graph.KindTopic, "arn:aws:sqs:eu-west-1:111122223333:q": graph.KindQueue, repository: graph.KindRepository,
		domain: graph.KindSearchDomain, "arn:aws:ssm:eu-west-1:111122223333:parameter/app/p": graph.KindParameter} {
		wantProp(t, s, wantKind(t, s, id, kind), graph.PropTags, `{"pii":"true"}`)
	}
}
