package demo

import (
	"maps"
	"slices"
)

func sortedKeys(o object) []string { return slices.Sorted(maps.Keys(o)) }

// bucket is an S3 bucket to add; the zero value of a field means that the
// account never set it.
type bucket struct {
	name      string
	policy    *policyDocument
	key       string // KMS key ARN; empty: SSE-S3
	openBlock bool   // block public access is off
	tags      object
	files     []file
}

// bucket adds a bucket and returns its ARN.
func (a *account) bucket(b bucket) string {
	in := map[string]string{"Bucket": b.name}
	a.add("s3", "ListBuckets", "Buckets", object{"Name": b.name, "BucketRegion": region, "CreationDate": a.c.daysAgo(500)})
	a.reply("s3", "GetBucketLocation", in, object{"LocationConstraint": region})
	if b.policy != nil {
		a.reply("s3", "GetBucketPolicy", in, object{"Policy": b.policy})
	} else {
		a.none("s3", "GetBucketPolicy", in)
	}
	a.reply("s3", "GetPublicAccessBlock", in, object{"PublicAccessBlockConfiguration": block(!b.openBlock)})
	a.reply("s3", "GetBucketOwnershipControls", in, object{"OwnershipControls": object{"Rules": []any{object{"ObjectOwnership": "BucketOwnerEnforced"}}}})
	owner := object{"DisplayName": a.name, "ID": hexID("owner", a.id, "canonical")}
	a.reply("s3", "GetBucketAcl", in, object{"Owner": owner, "Grants": []any{object{"Grantee": object{"Type": "CanonicalUser", "ID": owner["ID"]}, "Permission": "FULL_CONTROL"}}})
	by := object{"SSEAlgorithm": "AES256"}
	if b.key != "" {
		by = object{"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": b.key}
	}
	a.reply("s3", "GetBucketEncryption", in, object{"ServerSideEncryptionConfiguration": object{"Rules": []any{object{"ApplyServerSideEncryptionByDefault": by, "BucketKeyEnabled": true}}}})
	a.reply("s3", "GetBucketVersioning", in, object{"Status": "Enabled"})
	if len(b.tags) > 0 {
		a.reply("s3", "GetBucketTagging", in, object{"TagSet": tagList(b.tags)})
	} else {
		a.none("s3", "GetBucketTagging", in)
	}
	arn := a.arn("s3", b.name)
	a.c.sample(a, arn, b.files)
	return arn
}

func block(on bool) object {
	return object{"BlockPublicAcls": on, "IgnorePublicAcls": on, "BlockPublicPolicy": on, "RestrictPublicBuckets": on}
}

// key adds a customer key with its policy and returns its ARN. Without
// statements it has the one AWS sets itself, which leaves the key to the
// account's identity policies.
func (a *account) key(name string, s ...statement) string {
	id := hexID("mrk", a.id, name)[4:12] + "-1111-4222-8333-" + hexID("k", a.id, name)[2:14]
	arn := a.arn("kms", "key/"+id)
	a.add("kms", "ListKeys", "Keys", object{"KeyId": id, "KeyArn": arn})
	in := map[string]string{"KeyId": id}
	a.reply("kms", "DescribeKey", in, object{"KeyMetadata": object{"AWSAccountId": a.id, "KeyId": id, "Arn": arn, "Enabled": true, "Description": name,
		"KeyUsage": "ENCRYPT_DECRYPT", "KeyState": "Enabled", "Origin": "AWS_KMS", "KeyManager": "CUSTOMER", "MultiRegion": false}})
	delegation := statement{Sid: "Enable IAM User Permissions", Effect: "Allow", Principal: aws(a.arn("iam", "root")), Action: "kms:*", Resource: "*"}
	a.reply("kms", "GetKeyPolicy", map[string]string{"KeyId": id, "PolicyName": "default"}, object{"Policy": document(append([]statement{delegation}, s...)...), "PolicyName": "default"})
	a.reply("kms", "ListGrants", in, object{"Grants": []any{}})
	return arn
}

// secret adds a secret's metadata (its value is never read) and returns its ARN.
func (a *account) secret(name, key string, policy *policyDocument, tags object) string {
	arn := a.arn("secretsmanager", "secret:"+name+"-"+hexID("s", a.id, name)[3:9])
	o := object{"ARN": arn, "Name": name, "CreatedDate": a.c.daysAgo(200), "LastChangedDate": a.c.daysAgo(90), "Tags": tagList(tags)}
	if key != "" {
		o["KmsKeyId"] = key
	}
	if owner, ok := tags["aws:rds:primaryDBInstanceArn"]; ok && owner != "" {
		o["OwningService"] = "rds"
	}
	a.add("secretsmanager", "ListSecrets", "SecretList", o)
	in := map[string]string{"SecretId": arn}
	if policy == nil {
		a.none("secretsmanager", "GetResourcePolicy", in)
		return arn
	}
	a.reply("secretsmanager", "GetResourcePolicy", in, object{"ARN": arn, "Name": name, "ResourcePolicy": policy})
	return arn
}

// database is an RDS instance to add.
type database struct {
	name, engine, secret, key string
	port                      int
	vpc                       *vpc
	group                     string
	subnets                   []string
	address                   string // of its interface
	public                    bool
	tags                      object
}

// database adds a database instance with its interface and returns its ARN.
func (a *account) database(d database) string {
	arn := a.arn("rds", "db:"+d.name)
	var subnets []any
	var ids []string
	for _, s := range d.subnets {
		subnets = append(subnets, object{"SubnetIdentifier": d.vpc.subnets[s], "SubnetStatus": "Active", "SubnetAvailabilityZone": object{"Name": region + "a"}})
		ids = append(ids, d.vpc.subnets[s])
	}
	groupName := d.name + "-subnets"
	subnetGroup := object{"DBSubnetGroupName": groupName, "VpcId": d.vpc.id, "SubnetGroupStatus": "Complete", "Subnets": subnets, "DBSubnetGroupArn": a.arn("rds", "subgrp:"+groupName)}
	a.add("rds", "DescribeDBSubnetGroups", "DBSubnetGroups", subnetGroup)
	o := object{"DBInstanceIdentifier": d.name, "DBInstanceArn": arn, "DBInstanceClass": "db.r6g.large", "Engine": d.engine, "EngineVersion": "15.5",
		"DBInstanceStatus": "available", "MasterUsername": "app", "DBName": "app", "AllocatedStorage": 200, "MultiAZ": true, "PubliclyAccessible": d.public,
		"Endpoint":          object{"Address": d.name + ".c9akciq32." + region + ".rds.amazonaws.com", "Port": d.port, "HostedZoneId": "Z29XKXDKYMONMX"},
		"VpcSecurityGroups": []any{object{"VpcSecurityGroupId": d.vpc.groups[d.group], "Status": "active"}}, "DBSubnetGroup": subnetGroup,
		"StorageEncrypted": d.key != "", "IAMDatabaseAuthenticationEnabled": false, "BackupRetentionPeriod": 7, "DeletionProtection": true,
		"InstanceCreateTime": a.c.daysAgo(420), "TagList": tagList(d.tags)}
	if d.key != "" {
		o["KmsKeyId"] = d.key
	}
	if d.secret != "" {
		o["MasterUserSecret"] = object{"SecretArn": d.secret, "SecretStatus": "active", "KmsKeyId": d.key}
	}
	a.add("rds", "DescribeDBInstances", "DBInstances", o)
	iface := object{"NetworkInterfaceId": hexID("eni", a.id, d.name), "VpcId": d.vpc.id, "SubnetId": ids[0], "OwnerId": a.id, "Status": "in-use",
		"InterfaceType": "interface", "RequesterId": "amazon-rds", "Description": "RDSNetworkInterface", "PrivateIpAddress": d.address,
		"PrivateIpAddresses": []any{object{"Primary": true, "PrivateIpAddress": d.address}}, "Groups": []any{object{"GroupId": d.vpc.groups[d.group], "GroupName": d.group + "-sg"}},
		"SourceDestCheck": true, "Ipv6Addresses": []any{}}
	if d.public {
		public := object{"PublicIp": "198.51.100.90", "IpOwnerId": "amazon-rds"}
		iface["Association"] = public
		iface["PrivateIpAddresses"] = []any{object{"Primary": true, "PrivateIpAddress": d.address, "Association": public}}
	}
	a.add("ec2", "DescribeNetworkInterfaces", "NetworkInterfaces", iface)
	return arn
}

// databaseSnapshot adds a manual snapshot, shared with the accounts given
// ("all" is everyone), and returns its ARN.
func (a *account) databaseSnapshot(name, of, key string, tags object, sharedWith ...string) string {
	arn := a.arn("rds", "snapshot:"+name)
	o := object{"DBSnapshotIdentifier": name, "DBSnapshotArn": arn, "DBInstanceIdentifier": of, "SnapshotType": "manual", "Status": "available",
		"Engine": "postgres", "Encrypted": key != "", "SnapshotCreateTime": a.c.daysAgo(120), "AllocatedStorage": 200, "TagList": tagList(tags)}
	if key != "" {
		o["KmsKeyId"] = key
	}
	a.add("rds", "DescribeDBSnapshots", "DBSnapshots", o)
	values := sharedWith
	if values == nil {
		values = []string{}
	}
	a.reply("rds", "DescribeDBSnapshotAttributes", map[string]string{"DBSnapshotIdentifier": name}, object{"DBSnapshotAttributesResult": object{
		"DBSnapshotIdentifier": name, "DBSnapshotAttributes": []any{object{"AttributeName": "restore", "AttributeValues": values}}}})
	return arn
}

// function adds a function and returns its ARN. url is the authorization type
// of its URL, empty for none; policy its resource policy.
func (a *account) function(name, role, url string, policy *policyDocument) string {
	arn := a.arn("lambda", "function:"+name)
	in := map[string]string{"FunctionName": name}
	a.add("lambda", "ListFunctions", "Functions", object{"FunctionName": name, "FunctionArn": arn, "Runtime": "python3.12", "Role": role,
		"Handler": "app.handler", "MemorySize": 512, "Timeout": 60, "LastModified": a.c.daysAgo(30), "PackageType": "Zip", "State": "Active"})
	if policy != nil {
		a.reply("lambda", "GetPolicy", in, object{"Policy": policy, "RevisionId": hexID("rev", a.id, name)})
	} else {
		a.none("lambda", "GetPolicy", in)
	}
	if url == "" {
		a.none("lambda", "GetFunctionUrlConfig", in)
		return arn
	}
	a.reply("lambda", "GetFunctionUrlConfig", in, object{"FunctionUrl": "https://" + hexID("u", a.id, name)[2:] + ".lambda-url." + region + ".on.aws/",
		"FunctionArn": arn, "AuthType": url, "CreationTime": a.c.daysAgo(100), "InvokeMode": "BUFFERED"})
	return arn
}

// table adds a DynamoDB table and returns its ARN.
func (a *account) table(name, key string, tags object) string {
	arn := a.arn("dynamodb", "table/"+name)
	a.add("dynamodb", "ListTables", "TableNames", name)
	o := object{"TableName": name, "TableArn": arn, "TableStatus": "ACTIVE", "ItemCount": 48210, "TableSizeBytes": 91248511, "CreationDateTime": a.c.daysAgo(380)}
	if key != "" {
		o["SSEDescription"] = object{"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key}
	}
	a.reply("dynamodb", "DescribeTable", map[string]string{"TableName": name}, object{"Table": o})
	a.none("dynamodb", "GetResourcePolicy", map[string]string{"ResourceArn": arn})
	if len(tags) > 0 {
		a.reply("dynamodb", "ListTagsOfResource", map[string]string{"ResourceArn": arn}, object{"Tags": tagList(tags)})
	}
	return arn
}
