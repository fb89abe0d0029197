package permission

import (
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// Access is what somebody may do with a datastore.
type Access uint8

// Kinds of access.
const (
	ReadAccess Access = iota
	WriteAccess
	DestroyAccess
	AdministerAccess
	accessCount
)

func (a Access) String() string { return [...]string{"read", "write", "destroy", "administer"}[a] }

// AllAccess lists the kinds of access in order.
func AllAccess() []Access { return []Access{ReadAccess, WriteAccess, DestroyAccess, AdministerAccess} }

// operation is one way to get an access: an action on the datastore and, where
// the datastore is encrypted with a customer's key, an action on that key.
type operation struct {
	action string
	key    string // action on the key, "" if the key is not needed
}

const (
	decrypt = "kms:Decrypt"
	dataKey = "kms:GenerateDataKey"
)

// operations are the actions by which each kind of datastore is read, written,
// destroyed or taken over, directly through the AWS API; any one suffices.
// Access over the network (a database login, an NFS mount) is not here.
// Source: the AWS Service Authorization Reference, and for keys the encryption
// chapter of each service's guide, for example
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
func operations(k graph.Kind, a Access) []operation { return dataPlane[k][a] }

// BucketActions are the actions that give an access to a bucket: those about
// single objects, and those that act on the bucket and so on all of them.
func BucketActions(a Access) (objects, whole []string) {
	some := graph.Node{Kind: graph.KindBucket, ID: "arn:aws:s3:::bucket"}
	for _, op := range operations(graph.KindBucket, a) {
		if aboutContents(some, strings.ToLower(op.action)) {
			objects = append(objects, op.action)
		} else {
			whole = append(whole, op.action)
		}
	}
	return objects, whole
}

var dataPlane = map[graph.Kind][accessCount][]operation{
	graph.KindBucket: {
		{{"s3:GetObject", decrypt}, {"s3:GetObjectVersion", decrypt}},
		{{"s3:PutObject", dataKey}},
		{{"s3:DeleteObject", ""}, {"s3:DeleteObjectVersion", ""}, {"s3:PutLifecycleConfiguration", ""}},
		{{"s3:PutBucketPolicy", ""}, {"s3:PutBucketAcl", ""}, {"s3:PutBucketOwnershipControls", ""}},
	},
	graph.KindTable: {
		{{"dynamodb:GetItem", decrypt}, {"dynamodb:Query", decrypt}, {"dynamodb:Scan", decrypt}, {"dynamodb:BatchGetItem", decrypt},
			{"dynamodb:PartiQLSelect", decrypt}, {"dynamodb:ExportTableToPointInTime", ""}},
		{{"dynamodb:PutItem", decrypt}, {"dynamodb:UpdateItem", decrypt}, {"dynamodb:BatchWriteItem", decrypt}, {"dynamodb:PartiQLInsert", decrypt}, {"dynamodb:PartiQLUpdate", decrypt}},
		{{"dynamodb:DeleteTable", ""}, {"dynamodb:DeleteItem", decrypt}},
		{{"dynamodb:PutResourcePolicy", ""}},
	},
	graph.KindQueue: {
		{{"sqs:ReceiveMessage", decrypt}},
		{{"sqs:SendMessage", dataKey}},
		{{"sqs:DeleteQueue", ""}, {"sqs:PurgeQueue", ""}},
		{{"sqs:SetQueueAttributes", ""}, {"sqs:AddPermission", ""}},
	},
	graph.KindTopic: {
		{{"sns:Subscribe", ""}},
		{{"sns:Publish", dataKey}},
		{{"sns:DeleteTopic", ""}},
		{{"sns:SetTopicAttributes", ""}, {"sns:AddPermission", ""}},
	},
	graph.KindStream: {
		{{"kinesis:GetRecords", decrypt}},
		{{"kinesis:PutRecord", dataKey}, {"kinesis:PutRecords", dataKey}},
		{{"kinesis:DeleteStream", ""}},
		{{"kinesis:PutResourcePolicy", ""}},
	},
	graph.KindFileSystem: {
		{{"elasticfilesystem:ClientMount", ""}},
		{{"elasticfilesystem:ClientWrite", ""}, {"elasticfilesystem:ClientRootAccess", ""}},
		{{"elasticfilesystem:DeleteFileSystem", ""}},
		{{"elasticfilesystem:PutFileSystemPolicy", ""}, {"elasticfilesystem:DeleteFileSystemPolicy", ""}},
	},
	graph.KindRepository: {
		{{"ecr:BatchGetImage", ""}, {"ecr:GetDownloadUrlForLayer", ""}},
		{{"ecr:PutImage", ""}},
		{{"ecr:BatchDeleteImage", ""}, {"ecr:DeleteRepository", ""}},
		{{"ecr:SetRepositoryPolicy", ""}},
	},
	graph.KindSecret: {
		{{"secretsmanager:GetSecretValue", decrypt}},
		{{"secretsmanager:PutSecretValue", dataKey}, {"secretsmanager:UpdateSecret", dataKey}},
		{{"secretsmanager:DeleteSecret", ""}},
		{{"secretsmanager:PutResourcePolicy", ""}},
	},
	graph.KindParameter: {
		{{"ssm:GetParameter", decrypt}, {"ssm:GetParameters", decrypt}, {"ssm:GetParametersByPath", decrypt}, {"ssm:GetParameterHistory", decrypt}},
		{{"ssm:PutParameter", ""}},
		{{"ssm:DeleteParameter", ""}, {"ssm:DeleteParameters", ""}},
		{{"ssm:PutResourcePolicy", ""}},
	},
	graph.KindDBInstance: {
		nil,
		nil,
		{{"rds:DeleteDBInstance", ""}},
		{{"rds:ModifyDBInstance", ""}},
	},
	graph.KindDBCluster: {
		{{"rds-data:ExecuteStatement", ""}, {"rds-data:BatchExecuteStatement", ""}},
		{{"rds-data:ExecuteStatement", ""}},
		{{"rds:DeleteDBCluster", ""}},
		{{"rds:ModifyDBCluster", ""}},
	},
	graph.KindDBSnapshot: {
		{{"rds:RestoreDBInstanceFromDBSnapshot", decrypt}, {"rds:RestoreDBClusterFromSnapshot", decrypt}, {"rds:CopyDBSnapshot", decrypt},
			{"rds:CopyDBClusterSnapshot", decrypt}, {"rds:StartExportTask", decrypt}},
		nil,
		{{"rds:DeleteDBSnapshot", ""}, {"rds:DeleteDBClusterSnapshot", ""}},
		{{"rds:ModifyDBSnapshotAttribute", ""}, {"rds:ModifyDBClusterSnapshotAttribute", ""}},
	},
	graph.KindVolume: {
		{{"ec2:CreateSnapshot", ""}},
		nil,
		{{"ec2:DeleteVolume", ""}},
		nil,
	},
	graph.KindVolumeSnapshot: {
		{{"ebs:GetSnapshotBlock", decrypt}, {"ec2:CreateVolume", decrypt}, {"ec2:CopySnapshot", decrypt}},
		nil,
		{{"ec2:DeleteSnapshot", ""}},
		{{"ec2:ModifySnapshotAttribute", ""}},
	},
	graph.KindImage: {
		{{"ec2:RunInstances", ""}, {"ec2:CopyImage", ""}},
		nil,
		{{"ec2:DeregisterImage", ""}},
		{{"ec2:ModifyImageAttribute", ""}},
	},
	graph.KindWarehouse: {
		{{"redshift-data:ExecuteStatement", ""}},
		{{"redshift-data:ExecuteStatement", ""}},
		{{"redshift:DeleteCluster", ""}},
		{{"redshift:ModifyCluster", ""}},
	},
	graph.KindSearchDomain: {
		{{"es:ESHttpGet", ""}, {"es:ESHttpPost", ""}},
		{{"es:ESHttpPut", ""}, {"es:ESHttpPost", ""}, {"es:ESHttpPatch", ""}},
		{{"es:ESHttpDelete", ""}, {"es:DeleteDomain", ""}},
		{{"es:UpdateDomainConfig", ""}},
	},
	graph.KindCache: {
		{{"elasticache:Connect", ""}},
		{{"elasticache:Connect", ""}},
		{{"elasticache:DeleteReplicationGroup", ""}, {"elasticache:DeleteCacheCluster", ""}},
		{{"elasticache:ModifyReplicationGroup", ""}},
	},
	graph.KindBroker: {
		nil,
		nil,
		{{"kafka:DeleteCluster", ""}, {"mq:DeleteBroker", ""}},
		{{"kafka:PutClusterPolicy", ""}, {"mq:UpdateUser", ""}},
	},
	graph.KindBackupVault: {
		nil,
		nil,
		{{"backup:DeleteRecoveryPoint", ""}, {"backup:DeleteBackupVault", ""}},
		{{"backup:PutBackupVaultAccessPolicy", ""}},
	},
}
