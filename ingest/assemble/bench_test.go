package assemble

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/record"
)

// estate is the records of a made-up estate with about the given number of
// edges: VPCs of ten subnets, each with instances that have an interface, a
// group, a volume and a profile, and a role for every tenth instance.
func estate(edges int) []record.Record {
	const perVPC, edgesPerInstance = 200, 11
	var records []record.Record
	for v := 0; v*perVPC*edgesPerInstance < edges; v++ {
		id := fmt.Sprintf("%012d", 100000000000+v%50)
		var subnets, groups, instances, interfaces, volumes, roles []string
		for s := range 10 {
			subnets = append(subnets, fmt.Sprintf(`{"SubnetId":"subnet-%d-%d","VpcId":"vpc-%d","CidrBlock":"10.%d.%d.0/24","AvailabilityZone":"eu-west-1a","OwnerId":"%s","Tags":[{"Key":"Name","Value":"subnet %d"}]}`, v, s, v, v%256, s, id, s))
			groups = append(groups, fmt.Sprintf(`{"GroupId":"sg-%d-%d","GroupName":"group %d","VpcId":"vpc-%d","OwnerId":"%s","IpPermissions":[{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"IpRanges":[{"CidrIp":"10.0.0.0/8"}],"UserIdGroupPairs":[{"GroupId":"sg-%d-%d","UserId":"%s"}]}]}`, v, s, s, v, id, v, (s+1)%10, id))
		}
		for i := range perVPC {
			s := i % 10
			instances = append(instances, fmt.Sprintf(`{"OwnerId":"%[4]s","Instances":[{"InstanceId":"i-%[1]d-%[2]d","ImageId":"ami-1","SubnetId":"subnet-%[1]d-%[3]d","VpcId":"vpc-%[1]d","PrivateIpAddress":"10.0.0.1","State":{"Code":16,"Name":"running"},"InstanceType":"m5.large","LaunchTime":"2026-01-01T00:00:00Z","IamInstanceProfile":{"Arn":"arn:aws:iam::%[4]s:instance-profile/p-%[1]d-%[3]d"},"SecurityGroups":[{"GroupId":"sg-%[1]d-%[3]d","GroupName":"group"}],"BlockDeviceMappings":[{"DeviceName":"/dev/xvda","Ebs":{"VolumeId":"vol-%[1]d-%[2]d"}}],"MetadataOptions":{"HttpTokens":"required","HttpPutResponseHopLimit":1,"HttpEndpoint":"enabled"},"Tags":[{"Key":"Name","Value":"web %[2]d"},{"Key":"team","Value":"web"}]}]}`, v, i, s, id))
			interfaces = append(interfaces, fmt.Sprintf(`{"NetworkInterfaceId":"eni-%[1]d-%[2]d","SubnetId":"subnet-%[1]d-%[3]d","VpcId":"vpc-%[1]d","OwnerId":"%[4]s","Groups":[{"GroupId":"sg-%[1]d-%[3]d","GroupName":"group"}],"Attachment":{"InstanceId":"i-%[1]d-%[2]d","DeviceIndex":0},"PrivateIpAddresses":[{"PrivateIpAddress":"10.0.0.1","Primary":true}],"SourceDestCheck":true,"Status":"in-use","TagSet":[]}`, v, i, s, id))
			volumes = append(volumes, fmt.Sprintf(`{"VolumeId":"vol-%[1]d-%[2]d","Attachments":[{"InstanceId":"i-%[1]d-%[2]d"}],"KmsKeyId":"alias/aws/ebs","Encrypted":true,"Size":100}`, v, i))
		}
		for r := range perVPC / 10 {
			roles = append(roles, fmt.Sprintf(`{"RoleName":"r-%[1]d-%[2]d","Arn":"arn:aws:iam::%[3]s:role/r-%[1]d-%[2]d","AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]},"RolePolicyList":[{"PolicyName":"inline","PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":"*"}]}}],"AttachedManagedPolicies":[{"PolicyArn":"arn:aws:iam::aws:policy/ReadOnlyAccess","PolicyName":"ReadOnlyAccess"}],"InstanceProfileList":[{"InstanceProfileName":"p-%[1]d-%[2]d","Arn":"arn:aws:iam::%[3]s:instance-profile/p-%[1]d-%[2]d"}]}`, v, r, id))
		}
		add := func(service, operation, key string, items []string) {
			r := rec(service, operation, `{"`+key+`":[`+strings.Join(items, ",")+`]}`)
			r.Account = id
			records = append(records, r)
		}
		add("ec2", "DescribeVpcs", "Vpcs", []string{fmt.Sprintf(`{"VpcId":"vpc-%d","CidrBlock":"10.0.0.0/8","OwnerId":"%s"}`, v, id)})
		add("ec2", "DescribeSubnets", "Subnets", subnets)
		add("ec2", "DescribeSecurityGroups", "SecurityGroups", groups)
		add("ec2", "DescribeInstances", "Reservations", instances)
		add("ec2", "DescribeNetworkInterfaces", "NetworkInterfaces", interfaces)
		add("ec2", "DescribeVolumes", "Volumes", volumes)
		add("iam", "GetAccountAuthorizationDetails", "RoleDetailList", roles)
	}
	return records
}

func BenchmarkAssemble(b *testing.B) {
	for _, edges := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(edges), func(b *testing.B) {
			records := estate(edges)
			var bytes int64
			for _, r := range records {
				bytes += int64(len(r.Body))
			}
			b.SetBytes(bytes)
			b.ReportAllocs()
			var snap *graph.Snapshot
			for b.Loop() {
				var err error
				if snap, _, err = Assemble(context.Background(), sequence(records), graph.Meta{ID: "s"}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(snap.Edges()), "edges")
			b.ReportMetric(float64(snap.Len()), "nodes")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(snap.Edges()), "ns/edge")
		})
	}
}
