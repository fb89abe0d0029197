package permission

import (
	"testing"

	"github.com/cairn-security/cairn/analysis/permission/actions"
	"github.com/cairn-security/cairn/graph"
)

// sampleARN is a resource of each kind of datastore, with what it contains
// where actions are about that.
var sampleARN = map[graph.Kind][]string{
	graph.KindBucket:         {"arn:aws:s3:::b", "arn:aws:s3:::b/k"},
	graph.KindTable:          {"arn:aws:dynamodb:us-east-1:111111111111:table/t"},
	graph.KindQueue:          {"arn:aws:sqs:us-east-1:111111111111:q"},
	graph.KindTopic:          {"arn:aws:sns:us-east-1:111111111111:t"},
	graph.KindStream:         {"arn:aws:kinesis:us-east-1:111111111111:stream/s"},
	graph.KindFileSystem:     {"arn:aws:elasticfilesystem:us-east-1:111111111111:file-system/fs-1"},
	graph.KindRepository:     {"arn:aws:ecr:us-east-1:111111111111:repository/r"},
	graph.KindSecret:         {"arn:aws:secretsmanager:us-east-1:111111111111:secret:s-AbCdEf"},
	graph.KindParameter:      {"arn:aws:ssm:us-east-1:111111111111:parameter/p"},
	graph.KindDBInstance:     {"arn:aws:rds:us-east-1:111111111111:db:d"},
	graph.KindDBCluster:      {"arn:aws:rds:us-east-1:111111111111:cluster:c"},
	graph.KindDBSnapshot:     {"arn:aws:rds:us-east-1:111111111111:snapshot:s", "arn:aws:rds:us-east-1:111111111111:cluster-snapshot:s"},
	graph.KindVolume:         {"arn:aws:ec2:us-east-1:111111111111:volume/vol-1"},
	graph.KindVolumeSnapshot: {"arn:aws:ec2:us-east-1::snapshot/snap-1"},
	graph.KindImage:          {"arn:aws:ec2:us-east-1::image/ami-1"},
	graph.KindWarehouse:      {"arn:aws:redshift:us-east-1:111111111111:cluster:c"},
	graph.KindSearchDomain:   {"arn:aws:es:us-east-1:111111111111:domain/d"},
	graph.KindCache:          {"arn:aws:elasticache:us-east-1:111111111111:replicationgroup:c", "arn:aws:elasticache:us-east-1:111111111111:cluster:c"},
	graph.KindBroker:         {"arn:aws:kafka:us-east-1:111111111111:cluster/c/u", "arn:aws:mq:us-east-1:111111111111:broker:b:b-1"},
	graph.KindBackupVault:    {"arn:aws:backup:us-east-1:111111111111:backup-vault:v"},
}

func TestDataPlaneActionsActOnTheirKind(t *testing.T) {
	for _, kind := range graph.Kinds() {
		if !kind.Datastore() {
			continue
		}
		if len(sampleARN[kind]) == 0 {
			t.Errorf("%v has no sample", kind)
		}
		for _, a := range AllAccess() {
			for _, op := range operations(kind, a) {
				act, ok := actions.Lookup(op.action)
				if !ok {
					t.Errorf("%v %v: %s is not in the reference", kind, a, op.action)
					continue
				}
				acts := false
				for _, arn := range sampleARN[kind] {
					acts = acts || act.ActsOn(arn)
				}
				if !acts {
					var formats []string
					for _, on := range act.Types {
						formats = append(formats, on.ARN)
					}
					t.Errorf("%v %v: %s does not act on %v but %v", kind, a, op.action, sampleARN[kind], formats)
				}
			}
		}
	}
}

func TestControlActionsExist(t *testing.T) {
	for _, name := range controlActions {
		if act, ok := actions.Lookup(name); !ok || act.String() != name {
			t.Errorf("%s is not in the reference", name)
		}
	}
}
