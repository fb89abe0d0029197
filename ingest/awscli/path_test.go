package awscli

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLocateAndRecognise(t *testing.T) {
	type result struct {
		root, account, region, service, operation, param string
	}
	for _, c := range []struct {
		path string
		want result
	}{
		{"us-east-1/ec2-describe-vpcs.json", result{"", "", "us-east-1", "ec2", "DescribeVpcs", ""}},
		{"account-data/demo/us-east-1/ec2-describe-vpcs.json", result{"account-data/demo", "", "us-east-1", "ec2", "DescribeVpcs", ""}},
		{"us-east-1/s3-get-bucket-policy/my_bucket", result{"", "", "us-east-1", "s3", "GetBucketPolicy", "my_bucket"}},
		{"us-east-1/s3api-get-bucket-acl/my.bucket.json", result{"", "", "us-east-1", "s3", "GetBucketAcl", "my.bucket"}},
		{"eu-west-1/sqs-get-queue-attributes/https%3A%2F%2Fqueue.amazonaws.com%2F123456789012%2Fdemo",
			result{"", "", "eu-west-1", "sqs", "GetQueueAttributes", "https://queue.amazonaws.com/123456789012/demo"}},
		{"eu-west-1/ecs-describe-tasks/CLUSTER/TASK", result{"", "", "eu-west-1", "ecs", "DescribeTasks", "CLUSTER"}},
		{"us-east-1/route53-list-hosted-zones-by-vpc/us-east-1/vpc-1", result{"", "", "us-east-1", "route53", "ListHostedZonesByVpc", ""}},
		{"accounts/111122223333/eu-west-1/Vpcs.json", result{"accounts/111122223333", "111122223333", "eu-west-1", "", "", ""}},
		{"accounts/111122223333/Vpcs.json", result{"accounts/111122223333", "111122223333", "", "", "", ""}},
		{"Vpcs.json", result{}},
		{"rds/describe-db-instances.json", result{"", "", "", "rds", "DescribeDBInstances", ""}},
		{"dump/lambda/get-policy__charge.json", result{"dump", "", "", "lambda", "GetPolicy", "charge"}},
		{"iam-get-account-authorization-details.json", result{"", "", "", "iam", "GetAccountAuthorizationDetails", ""}},
		{"us-east-1/iam-list-saml-providers.json", result{"", "", "us-east-1", "iam", "ListSAMLProviders", ""}},
		{"us-gov-west-1/cognito-idp-list-user-pools.json", result{"", "", "us-gov-west-1", "cognito-idp", "ListUserPools", ""}},
		{"eu-west-1/notes.json", result{"", "", "eu-west-1", "", "", ""}},
		{"describe-regions.json", result{}},
	} {
		f := locate(c.path)
		found, _ := recognise(f.inside)
		got := result{f.root, f.account, f.region, found.service, found.operation, ""}
		for _, v := range found.params {
			if got.param == "" || v == "CLUSTER" {
				got.param = v
			}
		}
		if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(result{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.path, diff)
		}
	}
}

func TestTopLevelKeys(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
		unknown    []string
	}{
		{"one list", `{"SecurityGroups":[{"GroupId":"sg-1"}]}`, []string{`ec2 DescribeSecurityGroups map[] {"SecurityGroups":[{"GroupId":"sg-1"}]}`}, nil},
		{"several replies in one file", `{"RestApis":[{"id":"a"}],"DomainStatusList":[]}`,
			[]string{`apigateway GetRestApis map[] {"items":[{"id":"a"}]}`, `opensearch DescribeDomains map[] {"DomainStatusList":[]}`}, nil},
		{"one reply of several lists", `{"UserDetailList":[],"Policies":[{"PolicyVersionList":[]}]}`,
			[]string{`iam GetAccountAuthorizationDetails map[] {"UserDetailList":[],"Policies":[{"PolicyVersionList":[]}]}`}, nil},
		{"gathered per resource", `{"LoadBalancerListeners":[{"LoadBalancerArn":"a","Listeners":[]},{"LoadBalancerArn":"b","Listeners":[]}]}`,
			[]string{`elbv2 DescribeListeners map[LoadBalancerArn:a] {"LoadBalancerArn":"a","Listeners":[]}`,
				`elbv2 DescribeListeners map[LoadBalancerArn:b] {"LoadBalancerArn":"b","Listeners":[]}`}, nil},
		{"clusters of Kubernetes", `{"Clusters":[{"name":"c","resourcesVpcConfig":{}}]}`,
			[]string{`eks DescribeCluster map[name:c] {"cluster":{"name":"c","resourcesVpcConfig":{}}}`}, nil},
		{"lists per resource", `{"MountTargets":[{"FileSystemId":"fs-1","SubnetId":"a"},{"FileSystemId":"fs-2"},{"FileSystemId":"fs-1","SubnetId":"b"}]}`,
			[]string{`efs DescribeMountTargets map[FileSystemId:fs-1] {"MountTargets":[{"FileSystemId":"fs-1","SubnetId":"a"},{"FileSystemId":"fs-1","SubnetId":"b"}]}`,
				`efs DescribeMountTargets map[FileSystemId:fs-2] {"MountTargets":[{"FileSystemId":"fs-2"}]}`}, nil},
		{"rules of listeners", `{"Rules":[{"RuleArn":"r"}]}`, []string{`elbv2 DescribeRules map[] {"Rules":[{"RuleArn":"r"}]}`}, nil},
		{"rules of something else", `{"Rules":[{"EventPattern":"r"}]}`, nil, []string{"Rules"}},
		{"clusters of Redshift", `{"Clusters":[{"ClusterIdentifier":"c"}]}`, []string{`redshift DescribeClusters map[] {"Clusters":[{"ClusterIdentifier":"c"}]}`}, nil},
		{"filed under another name", `{"ManagedPrefixLists":[{"PrefixListId":"pl-1"}]}`, []string{`ec2 DescribeManagedPrefixLists map[] {"PrefixLists":[{"PrefixListId":"pl-1"}]}`}, nil},
		{"caller", `{"Account":"111122223333","Arn":"x","UserId":"y"}`, []string{`sts GetCallerIdentity map[] {"Account":"111122223333"}`}, nil},
		{"unknown", `{"Weather":1,"NextToken":"x"}`, nil, []string{"Weather"}},
	} {
		keys, values, err := topLevel([]byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		replies, unknown := byContent(keys, values)
		var got []string
		for _, r := range replies {
			got = append(got, sprint(r))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		if diff := cmp.Diff(c.unknown, unknown); diff != "" {
			t.Errorf("%s unknown (-want +got):\n%s", c.name, diff)
		}
	}
}
