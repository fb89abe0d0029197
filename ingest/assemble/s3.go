package assemble

import (
	"encoding/json"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
	"github.com/cairn-security/cairn/ingest/fields"
)

func bucket(c *call, name string) node {
	id := name
	if _, ok := arn.Parse(name); !ok && name != "" {
		id = arn.Bucket(name)
	}
	n := c.refer(id, graph.KindBucket)
	if n != none {
		c.nodes[n].Account = c.rec.Account
	}
	return n
}

// bucketCall is a call about one bucket.
func bucketCall(name string, facts ...fact) operation {
	return operation{service: "s3", name: name, params: []string{"Bucket"}, about: param("Bucket", bucket), facts: facts}
}

var s3Operations = []operation{
	{service: "s3", name: "ListBuckets", listing: "Buckets/*", handle: listBuckets},
	{service: "s3", name: "GetBucketLocation", params: []string{"Bucket"}, about: param("Bucket", bucket), handle: bucketLocation, onEmpty: bucketLocation},
	bucketCall("GetBucketPolicy", fact{"Policy", graph.PropPolicy, readPolicy}),
	bucketCall("GetBucketPolicyStatus"),
	bucketCall("GetBucketAcl", fact{".", graph.PropACL, nil}),
	bucketCall("GetBucketOwnershipControls", fact{"OwnershipControls", graph.PropOwnership, nil}),
	bucketCall("GetPublicAccessBlock", fact{"PublicAccessBlockConfiguration", graph.PropPublicAccessBlock, nil}),
	bucketCall("GetBucketEncryption",
		fact{"ServerSideEncryptionConfiguration", graph.PropEncryption, nil},
		fact{"ServerSideEncryptionConfiguration/Rules/*/ApplyServerSideEncryptionByDefault/KMSMasterKeyID", "", encryptedBy}),
	bucketCall("GetBucketVersioning", fact{".", graph.PropVersioning, nil}),
	bucketCall("GetBucketTagging", fact{"TagSet", graph.PropTags, readTags}),
	bucketCall("GetBucketLogging"),
	bucketCall("GetBucketWebsite"),
	bucketCall("GetBucketReplication"),
	bucketCall("GetBucketNotificationConfiguration"),
	bucketCall("GetBucketLifecycleConfiguration"),
	bucketCall("GetObjectLockConfiguration"),
	// Refused reads of content: what a sample came to is a record of its own.
	bucketCall("ListObjectsV2"),
	bucketCall("GetObject"),
	{service: "s3", name: "GetObjectAcl", params: []string{"Bucket", "Key"}, about: param("Bucket", bucket), handle: objectList},
	{service: "s3control", name: "GetPublicAccessBlock", params: []string{"AccountId"},
		about: func(c *call) node {
			if id := c.rec.Params["AccountId"]; arn.IsAccount(id) {
				return c.accountNode(id)
			}
			return own(c)
		},
		facts: []fact{{"PublicAccessBlockConfiguration", graph.PropPublicAccessBlock, nil}}},
	{service: "s3control", name: "ListAccessPoints", items: []list{{"AccessPointList/*", accessPoint}}},
	{service: "s3control", name: "GetAccessPoint", params: []string{"Name"}, about: param("Name", to(accessPoint)),
		facts: []fact{{"PublicAccessBlockConfiguration", graph.PropPublicAccessBlock, nil}}},
	{service: "s3control", name: "GetAccessPointPolicy", params: []string{"Name"}, about: param("Name", to(accessPoint)),
		facts: []fact{{"Policy", graph.PropPolicy, readPolicy}}},
}

var accessPoint = &spec{
	kind: graph.KindAccessPoint, service: "s3", typ: "accesspoint/", arn: "AccessPointArn", id: "Name",
	links: []link{{path: "Bucket", kind: graph.EdgeUses, to: bucket}, {path: "VpcConfiguration/VpcId", kind: graph.EdgeUses, to: toVPC}},
}

// encryptedBy links what is encrypted with its key.
func encryptedBy(c *call, of node, _ string, value []byte) {
	if v := fields.Text(value); v != "" {
		c.link(of, key(c, v), graph.EdgeEncryptedBy)
	}
}

// objectList keeps the access control list of an object where it lets in
// anybody but the owner.
func objectList(c *call, of node) {
	var acl struct {
		Owner  struct{ ID string }
		Grants []struct{ Grantee struct{ ID string } }
	}
	if err := json.Unmarshal(c.rec.Body, &acl); err != nil {
		c.malformed(of, graph.PropObjectACL+c.rec.Params["Key"], err.Error())
		return
	}
	for _, g := range acl.Grants {
		if of != none && (g.Grantee.ID == "" || g.Grantee.ID != acl.Owner.ID) {
			c.set(of, graph.PropObjectACL+c.rec.Params["Key"], c.rec.Body)
			return
		}
	}
}

var bucketShape = fields.New("Buckets/*")
var bucketFields = fields.New("Name", "BucketRegion", "CreationDate")

func listBuckets(c *call, _ node) {
	bucketShape.Scan(c.rec.Body, func(_ int, item []byte) {
		var name, region string
		bucketFields.Scan(item, func(path int, value []byte) {
			switch path {
			case 0:
				name = fields.Text(value)
			case 1:
				region = fields.Text(value)
			}
		})
		if name == "" {
			c.malformed(none, "Buckets", "a bucket has no Name")
			return
		}
		n := c.describe(graph.Node{ID: arn.Bucket(name), Kind: graph.KindBucket, Name: name, Account: c.rec.Account, Region: region}, "")
		c.nodes[n].sum = sumOf(item)
		c.set(n, graph.PropResource, item)
		c.setText(n, graph.PropLocation, region)
	})
}

// bucketLocation is the region behind a location constraint.
func bucketLocation(c *call, of node) {
	region := "us-east-1" // which S3 prints as null
	locationShape.Scan(c.rec.Body, func(_ int, value []byte) {
		if v := fields.Text(value); v == "EU" {
			region = "eu-west-1"
		} else if v != "" {
			region = v
		}
	})
	if of == none {
		return
	}
	c.nodes[of].Region = region
	c.setText(of, graph.PropLocation, region)
}

var locationShape = fields.New("LocationConstraint")
