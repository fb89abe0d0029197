package graphtest

import (
	"fmt"

	"github.com/cairn-security/cairn/graph"
)

const allBlocked, noneBlocked = `{"BlockPublicAcls":true,"IgnorePublicAcls":true,"BlockPublicPolicy":true,"RestrictPublicBuckets":true}`, `{"BlockPublicAcls":false,"IgnorePublicAcls":false,"BlockPublicPolicy":false,"RestrictPublicBuckets":false}`

// bucket adds a bucket; half have a policy that names a role, one in a
// hundred is open to everyone, one in a hundred would be but for the block.
func (a *account) bucket() {
	name := fmt.Sprintf("data-%d-%s", a.next(), a.id[6:])
	if a.rng.IntN(10) == 0 {
		name = "customers-" + name
	}
	id := "arn:aws:s3:::" + name
	bucket := a.add(graph.KindBucket, id, name)
	a.set(bucket, graph.PropLocation, a.originS3, "%q", a.region)
	a.set(bucket, graph.PropEncryption, a.originS3, `{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":%q}}]}`, a.b.Node(a.keys[0]).ID)
	a.link(bucket, a.key(), graph.EdgeEncryptedBy)
	p, block := a.rng.Float64(), allBlocked
	if p < 0.01 {
		block = noneBlocked
	}
	a.set(bucket, graph.PropPublicAccessBlock, a.originS3, "%s", block)
	switch {
	case p < 0.02:
		a.set(bucket, graph.PropPolicy, a.originS3, `{"Version":"2012-10-17","Statement":[{"Sid":"Public","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"%s/*"}]}`, id)
	case p < 0.5:
		role := a.skewed(len(a.roleIDs))
		a.set(bucket, graph.PropPolicy, a.originS3, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":%q},"Action":["s3:GetObject","s3:PutObject"],"Resource":"%s/*"},{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"%s/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`, a.roleIDs[role], id, id)
		a.link(bucket, a.roleNodes[role], graph.EdgeRefers)
	}
	a.bucketNodes, a.bucketIDs = append(a.bucketNodes, bucket), append(a.bucketIDs, id)
}

func (a *account) function() {
	name := fmt.Sprintf("fn-%d", a.next())
	id := a.arn("lambda", "function:"+name)
	function := a.add(graph.KindFunction, id, name)
	role := a.skewed(len(a.roleIDs))
	a.link(function, a.roleNodes[role], graph.EdgeHasRole)
	a.link(function, a.bucketNodes[a.skewed(len(a.bucketNodes))], graph.EdgeRefers)
	config := ""
	if a.rng.IntN(2) == 0 {
		subnet, group := a.subnets[1+a.rng.IntN(3)], a.groups[a.skewed(len(a.groups))]
		a.link(function, subnet, graph.EdgeUses)
		a.link(function, group, graph.EdgeUses)
		config = fmt.Sprintf(`,"VpcConfig":{"VpcId":%q,"SubnetIds":[%q],"SecurityGroupIds":[%q]}`, a.vpcID, a.b.Node(subnet).ID, a.b.Node(group).ID)
	}
	a.set(function, graph.PropResource, a.originElse, `{"FunctionName":%q,"FunctionArn":%q,"Runtime":"python3.12","Role":%q,"Handler":"main.handler","Timeout":30%s}`, name, id, a.roleIDs[role], config)
}

func (a *account) database() {
	name := fmt.Sprintf("db-%d", a.next())
	if a.rng.IntN(3) == 0 {
		name = "payroll-" + name
	}
	db := a.add(graph.KindDBInstance, a.arn("rds", "db:"+name), name)
	group := a.groups[databaseGroup]
	a.link(db, group, graph.EdgeUses)
	a.link(db, a.key(), graph.EdgeEncryptedBy)
	for _, subnet := range a.subnets[1:] {
		a.link(db, subnet, graph.EdgeUses)
	}
	a.set(db, graph.PropResource, a.originElse, `{"DBInstanceIdentifier":%q,"Engine":"postgres","PubliclyAccessible":false,"StorageEncrypted":true,"Endpoint":{"Address":"%s.%s.rds.amazonaws.com","Port":5432},"VpcSecurityGroups":[{"VpcSecurityGroupId":%q,"Status":"active"}],"DBSubnetGroup":{"VpcId":%q,"Subnets":[{"SubnetIdentifier":%q},{"SubnetIdentifier":%q}]}}`,
		name, name, a.region, a.b.Node(group).ID, a.vpcID, a.b.Node(a.subnets[1]).ID, a.b.Node(a.subnets[2]).ID)
	secret := a.secret()
	a.link(secret, db, graph.EdgeSecretOf)
}

func (a *account) secret() graph.Handle {
	name := fmt.Sprintf("app/secret-%d", a.next())
	secret := a.add(graph.KindSecret, a.arn("secretsmanager", "secret:"+name+"-AbCdEf"), name)
	a.link(secret, a.key(), graph.EdgeEncryptedBy)
	a.secretIDs = append(a.secretIDs, a.b.Node(secret).ID)
	a.set(secret, graph.PropResource, a.originElse, `{"Name":%q,"RotationEnabled":false}`, name)
	return secret
}
