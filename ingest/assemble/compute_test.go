package assemble

import (
	"testing"

	"github.com/cairn-security/cairn/graph"
)

func TestInstancesAndTheirDisks(t *testing.T) {
	s, report := build(t,
		rec("ec2", "DescribeInstances", `{"Reservations":{"OwnerId":"111122223333","Instances":[{"InstanceId":"i-1","SubnetId":"subnet-1","ImageId":"ami-1",
			"SecurityGroups":[{"GroupId":"sg-1"}],"IamInstanceProfile":{"Arn":"arn:aws:iam::111122223333:instance-profile/web"},
			"BlockDeviceMappings":[{"Ebs":{"VolumeId":"vol-1"}}],"Tags":[{"Key":"Name","Value":"web"}],
			"NetworkInterfaces":[{"NetworkInterfaceId":"eni-1","SubnetId":"subnet-1","Groups":[{"GroupId":"sg-1"}]}]}]}}`),
		rec("ec2", "DescribeVolumes", `{"Volumes":[{"VolumeId":"vol-1","SnapshotId":"snap-1","KmsKeyId":"arn:aws:kms:eu-west-1:111122223333:key/k"}]}`),
		rec("ec2", "DescribeSnapshots", `{"Snapshots":[{"SnapshotId":"snap-1","VolumeId":"vol-ffffffff","OwnerId":"111122223333"},{"SnapshotId":"snap-2","VolumeId":"vol-1"}]}`),
		rec("ec2", "DescribeSnapshotAttribute", `{"SnapshotId":"snap-1","CreateVolumePermissions":[{"Group":"all"}]}`, "SnapshotId", "snap-1", "Attribute", "createVolumePermission"),
		rec("ec2", "DescribeImages", `{"Images":[{"ImageId":"ami-1","Name":"base","OwnerId":"111122223333","BlockDeviceMappings":[{"Ebs":{"SnapshotId":"snap-1"}}]}]}`),
		rec("ec2", "DescribeImageAttribute", `{"ImageId":"ami-1","LaunchPermissions":[{"UserId":"444455556666"}]}`, "ImageId", "ami-1"),
		rec("ec2", "GetSnapshotBlockPublicAccessState", `{"State":"block-new-sharing"}`))
	wantProblems(t, report)
	wantGraph(t, s, `
		ec2:subnet/subnet-1 CONTAINS ec2:instance/i-1
		ec2:subnet/subnet-1 CONTAINS ec2:network-interface/eni-1
		unknown ec2:subnet/subnet-1
		ec2:instance/i-1 USES ec2:security-group/sg-1
		ec2:network-interface/eni-1 USES ec2:security-group/sg-1
		unknown ec2:security-group/sg-1
		ec2:network-interface/eni-1 ATTACHED_TO ec2:instance/i-1
		ec2:instance/i-1 HAS_PROFILE iam:instance-profile/web
		unknown iam:instance-profile/web
		ec2:instance/i-1 REFERS ec2:image/ami-1
		ec2:volume/vol-1 ATTACHED_TO ec2:instance/i-1
		ec2:volume/vol-1 REFERS ec2:snapshot/snap-1
		ec2:volume/vol-1 ENCRYPTED_BY kms:key/k
		unknown kms:key/k
		ec2:snapshot/snap-2 SNAPSHOT_OF ec2:volume/vol-1
		ec2:image/ami-1 SNAPSHOT_OF ec2:snapshot/snap-1`)
	wantProp(t, s, wantKind(t, s, regionalID("ec2", "snapshot/snap-1"), graph.KindVolumeSnapshot), graph.PropAttributes, `[{"Group":"all"}]`)
	wantProp(t, s, wantKind(t, s, regionalID("ec2", "image/ami-1"), graph.KindImage), graph.PropAttributes, `[{"UserId":"444455556666"}]`)
	wantProp(t, s, wantKind(t, s, graph.AccountID(account), graph.KindAccount), graph.PropSnapshotBlockPrefix+"eu-west-1", `{"State":"block-new-sharing"}`)
}

func TestFunction(t *testing.T) {
	s, report := build(t,
		rec("lambda", "GetPolicy", `{"Policy":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"444455556666\"}}]}"}`, "FunctionName", "charge"),
		rec("lambda", "ListFunctions", `{"Functions":[{"FunctionName":"charge","FunctionArn":"`+regionalID("lambda", "function:charge")+`","Role":"arn:aws:iam::111122223333:role/r",
			"VpcConfig":{"SubnetIds":["subnet-1"],"SecurityGroupIds":["sg-1"]},"Environment":{"Variables":{"DB_PASSWORD":""}}}]}`),
		rec("lambda", "GetFunctionUrlConfig", `{"FunctionUrl":"https://x.lambda-url.eu-west-1.on.aws/","AuthType":"NONE"}`, "FunctionName", "charge"),
		rec("lambda", "ListEventSourceMappings", `{"EventSourceMappings":[{"FunctionArn":"`+regionalID("lambda", "function:charge")+`","EventSourceArn":"`+regionalID("sqs", "jobs")+`"}]}`))
	wantProblems(t, report)
	wantGraph(t, s, `
		lambda:function:charge HAS_ROLE iam:role/r
		unknown iam:role/r
		lambda:function:charge USES ec2:subnet/subnet-1
		unknown ec2:subnet/subnet-1
		lambda:function:charge USES ec2:security-group/sg-1
		unknown ec2:security-group/sg-1
		lambda:function:charge REFERS iam::444455556666:root
		lambda:function:charge REFERS sqs:jobs
		unknown sqs:jobs`)
	f := wantKind(t, s, regionalID("lambda", "function:charge"), graph.KindFunction)
	wantProp(t, s, f, graph.PropEnvironment, `{"DB_PASSWORD":""}`)
	wantProp(t, s, f, graph.PropURL, `{"FunctionUrl":"https://x.lambda-url.eu-west-1.on.aws/","AuthType":"NONE"}`)
	wantKind(t, s, "arn:aws:iam::444455556666:root", graph.KindExternalAccount)
}

func TestContainerTasks(t *testing.T) {
	definition := regionalID("ecs", "task-definition/web:3")
	s, report := build(t,
		rec("ecs", "DescribeTasks", `{"tasks":[
			{"taskArn":"`+regionalID("ecs", "task/c/1")+`","group":"service:web","taskDefinitionArn":"`+definition+`","containerInstanceArn":"`+regionalID("ecs", "container-instance/c/9")+`",
				"attachments":[{"details":[{"name":"networkInterfaceId","value":"eni-1"},{"name":"subnetId","value":"subnet-1"}]}]},
			{"taskArn":"`+regionalID("ecs", "task/c/2")+`","group":"family:web","taskDefinitionArn":"`+definition+`","overrides":{"taskRoleArn":"arn:aws:iam::111122223333:role/other"}}]}`, "cluster", "c", "tasks", "1,2"),
		rec("ecs", "DescribeTaskDefinition", `{"taskDefinition":{"taskDefinitionArn":"`+definition+`","family":"web","taskRoleArn":"arn:aws:iam::111122223333:role/web",
			"containerDefinitions":[{"environment":[{"name":"URL","value":""}],"secrets":[{"name":"DB","valueFrom":"`+regionalID("secretsmanager", "secret:db-AbCdEf:password::")+`"}]}]}}`, "taskDefinition", definition),
		rec("ecs", "DescribeContainerInstances", `{"containerInstances":[{"containerInstanceArn":"`+regionalID("ecs", "container-instance/c/9")+`","ec2InstanceId":"i-1"}]}`, "cluster", "c"),
		rec("ecs", "DescribeServices", `{"services":[{"serviceArn":"`+regionalID("ecs", "service/c/web")+`","serviceName":"web","taskDefinition":"`+definition+`"}]}`, "cluster", "c"))
	wantProblems(t, report)
	wantGraph(t, s, `
		ecs:task/c/1 USES ecs:task-definition/web:3
		ecs:task/c/1 HAS_ROLE iam:role/web
		ecs:task/c/1 ATTACHED_TO ec2:instance/i-1
		unknown ec2:instance/i-1
		ec2:network-interface/eni-1 ATTACHED_TO ecs:task/c/1
		unknown ec2:network-interface/eni-1
		ec2:subnet/subnet-1 CONTAINS ecs:task/c/1
		unknown ec2:subnet/subnet-1
		ecs:task/c/2 USES ecs:task-definition/web:3
		ecs:task/c/2 HAS_ROLE iam:role/other
		unknown iam:role/other
		ecs:task-definition/web:3 HAS_ROLE iam:role/web
		unknown iam:role/web
		ecs:task-definition/web:3 REFERS secretsmanager:secret:db-AbCdEf
		unknown secretsmanager:secret:db-AbCdEf
		ecs:service/c/web USES ecs:task-definition/web:3`)
	wantProp(t, s, wantKind(t, s, definition, graph.KindTaskDefinition), graph.PropEnvironment, `{"URL":""}`)
	if n := s.Node(wantKind(t, s, regionalID("ecs", "task/c/1"), graph.KindTask)); n.Name != "web" {
		t.Errorf("task is called %q", n.Name)
	}
}

// TestCopiesOfOthers: lists of snapshots and images may hold public ones and such
// as are shared with the account; they are nothing of the estate.
func TestCopiesOfOthers(t *testing.T) {
	s, _ := build(t,
		rec("ec2", "DescribeSnapshots", `{"Snapshots":[{"SnapshotId":"snap-1","OwnerId":"111122223333"},{"SnapshotId":"snap-2","OwnerId":"444455556666"}]}`),
		rec("ec2", "DescribeImages", `{"Images":[{"ImageId":"ami-1","OwnerId":"111122223333"},{"ImageId":"ami-2","OwnerId":"137112412989"}]}`))
	for _, kind := range []graph.Kind{graph.KindVolumeSnapshot, graph.KindImage} {
		if refs := s.ByKind(kind); len(refs) != 1 || s.Node(refs[0]).Account != account {
			t.Errorf("%s: %d nodes", kind, len(refs))
		}
	}
}

// TestRefusedDescription: what a listing names is there although its own
// description was refused, and the refusal is a gap of it.
func TestRefusedDescription(t *testing.T) {
	s, report := build(t, rec("eks", "ListClusters", `{"clusters":["shop"]}`), refused("eks", "DescribeCluster", "denied", "name", "shop"),
		rec("dynamodb", "ListTables", `{"TableNames":["orders"]}`), refused("dynamodb", "DescribeTable", "throttled", "TableName", "orders"))
	wantProblems(t, report)
	for id, kind := range map[string]graph.Kind{regionalID("eks", "cluster/shop"): graph.KindCluster, regionalID("dynamodb", "table/orders"): graph.KindTable} {
		ref := wantKind(t, s, id, kind)
		if gaps := s.GapsOf(ref); len(gaps) != 1 || !gaps[0].Refused() {
			t.Errorf("%s: gaps %v", id, gaps)
		}
	}
}
