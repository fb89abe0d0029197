package remediate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairn-security/cairn/analysis/analysistest"
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/remediate"
	"github.com/cairn-security/cairn/graph"
)

var estate = analysistest.MustParse(`
account 111111111111
bucket data
  policy {"Version":"2012-10-17","Statement":[{"Sid":"Public","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"},{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]}
  acl {"Owner":{"ID":"o"},"Grants":[{"Grantee":{"Type":"Group","URI":"http://acs.amazonaws.com/groups/global/AllUsers"},"Permission":"READ"}]}
  publicAccessBlock {"BlockPublicAcls":true,"IgnorePublicAcls":true,"BlockPublicPolicy":false,"RestrictPublicBuckets":false}
bucket one
  policy {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}}
key data
  policy {"Statement":[{"Sid":"Account","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"kms:*","Resource":"*"},{"Sid":"Short","Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"kms:*","Resource":"*"},{"Sid":"App","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:role/app"},"Action":"kms:Decrypt","Resource":"*"}]}
  grants [{"GrantId":"g-1","GranteePrincipal":"arn:aws:iam::111111111111:role/app"}]
role app
  trust {"Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"},{"Sid":"Vendor","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":"sts:AssumeRole"}]}
  inline/data {"Statement":[{"Sid":"Read","Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}
  inline/more {"Statement":[{"Sid":"Read","Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Sid":"Write","Effect":"Allow","Action":"s3:PutObject","Resource":"*"}]}
  > HAS_POLICY aws:policy/Power
role lone
  trust {"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]}
role deploy
  trust {"Statement":[{"Sid":"CI","Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111111111111:oidc-provider/gitlab.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"gitlab.com:aud":"aws"},"StringLike":{"Gitlab.com:sub":"project_path:*"}}},{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111111111111:oidc-provider/login.example"},"Action":"sts:AssumeRoleWithWebIdentity"}]}
group staff
  > HAS_POLICY aws:policy/Power
user nina
  > MEMBER_OF group/staff
  credentialReport {"access_key_1_active":"true","mfa_active":"false"}
  > HAS_KEY access-key/AKIANINA
access-key AKIANINA
  resource {"AccessKeyId":"AKIANINA","Status":"Active","UserName":"nina"}
policy own
  document {"Statement":[{"Sid":"All","Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}
policy aws:Power
  document {"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}
function hook
  policy {"Statement":[{"Sid":"Open","Effect":"Allow","Principal":"*","Action":"lambda:InvokeFunctionUrl","Resource":"*"}]}
  url {"AuthType":"NONE"}
security-group web
  resource {"GroupId":"web","IpPermissions":[{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"IpRanges":[{"CidrIp":"198.51.100.0/24"},{"CidrIp":"0.0.0.0/0"}]},{"IpProtocol":"-1","UserIdGroupPairs":[{"GroupId":"sg-9"}]},{"IpProtocol":"icmp","FromPort":-1,"ToPort":-1,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}],"IpPermissionsEgress":[{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]}
instance i-1
  resource {"InstanceId":"i-1","IamInstanceProfile":{"Arn":"arn:aws:iam::111111111111:instance-profile/web"}}
  > HAS_PROFILE instance-profile/web
instance-profile web
db-instance orders
  resource {"DBInstanceIdentifier":"orders","PubliclyAccessible":true}
db-instance private
  resource {"DBInstanceIdentifier":"private","PubliclyAccessible":false}
db-snapshot nightly
  attributes [{"AttributeName":"restore","AttributeValues":["all","222222222222"]}]
volume-snapshot snap-1
  attributes [{"Group":"all"},{"UserId":"222222222222"}]
bucket notes
  credentials [{"kind":"accessKey","locator":"AKIANINA","foundAt":"a.env:3","keyedHash":"h"}]
`)

// fact is what stands at a pointer of a property; "-" before the property: an absence.
func fact(t *testing.T, name, property, pointer string) attack.Fact {
	t.Helper()
	ref := estate.Ref(name)
	if absent, ok := strings.CutPrefix(property, "-"); ok {
		return attack.Fact{Node: ref, Property: absent, Anchor: pointer, Absent: true}
	}
	element, ok := graph.Element(estate.Snap.Prop(ref, property), pointer)
	if !ok {
		t.Fatalf("%s has nothing at %s%s", name, property, pointer)
	}
	return attack.Fact{Node: ref, Property: property, Pointer: pointer, Anchor: graph.Anchor(element)}
}

// A fact, and what is proposed to end it: kind, title, command.
var cases = []struct {
	name, property, pointer string
	holders                 []string
	want                    [][3]string
}{
	{"bucket/data", "policy", "/Statement/0", nil, [][3]string{{"bucket policy", `Remove the statement "Public" from the bucket policy of data`, "aws s3api put-bucket-policy --bucket data --policy file://policy.json"}}},
	{"bucket/data", "policy", "/Statement/1", nil, nil},
	{"bucket/one", "policy", "/Statement", nil, [][3]string{{"bucket policy", `Remove the statement at /Statement from the bucket policy of one`, "aws s3api delete-bucket-policy --bucket one"}}},
	{"bucket/data", "publicAccessBlock", "/RestrictPublicBuckets", nil, [][3]string{{"block public access", "Block public access to data", "aws s3api put-public-access-block --bucket data --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"}}},
	{"bucket/one", "-publicAccessBlock", "RestrictPublicBuckets", nil, [][3]string{{"block public access", "Block public access to one", "aws s3api put-public-access-block --bucket one --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"}}},
	{"bucket/data", "acl", "/Grants/0", nil, [][3]string{{"grant", "Remove a grant of data", "aws s3api put-bucket-acl --bucket data --access-control-policy file://acl.json"}}},
	{"key/data", "policy", "/Statement/0", nil, nil}, // the account's own access
	{"key/data", "policy", "/Statement/1", nil, nil},
	{"key/data", "policy", "/Statement/2", nil, [][3]string{{"key policy", `Remove the statement "App" from the key policy of data`, "aws kms put-key-policy --key-id arn:aws:kms:eu-west-1:111111111111:key/data --policy-name default --policy file://policy.json"}}},
	{"key/data", "grants", "/0", nil, [][3]string{{"grant", "Remove a grant of data", "aws kms revoke-grant --key-id arn:aws:kms:eu-west-1:111111111111:key/data --grant-id g-1"}}},
	{"role/app", "trust", "/Statement/1", nil, [][3]string{{"trust policy", `Remove the statement "Vendor" from the trust policy of app`, "aws iam update-assume-role-policy --role-name app --policy-document file://policy.json"}}},
	{"role/lone", "trust", "/Statement/0", nil, [][3]string{{"trust policy", "Remove the statement at /Statement/0 from the trust policy of lone", ""}}},
	{"role/deploy", "trust", "/Statement/0", nil, [][3]string{
		{"trust policy condition", "Pin the trust policy of deploy to your own pipelines at gitlab.com", "aws iam update-assume-role-policy --role-name deploy --policy-document file://policy.json"},
		{"trust policy", `Remove the statement "CI" from the trust policy of deploy`, "aws iam update-assume-role-policy --role-name deploy --policy-document file://policy.json"}}},
	{"role/deploy", "trust", "/Statement/1", nil, [][3]string{{"trust policy", "Remove the statement at /Statement/1 from the trust policy of deploy", "aws iam update-assume-role-policy --role-name deploy --policy-document file://policy.json"}}},
	{"role/app", "inline/data", "/Statement/0", nil, [][3]string{{"inline policy", `Remove the statement "Read" from the inline policy of app`, "aws iam delete-role-policy --role-name app --policy-name data"}}},
	{"role/app", "inline/more", "/Statement/0", nil, [][3]string{{"inline policy", `Remove the statement "Read" from the inline policy of app`, "aws iam put-role-policy --role-name app --policy-name more --policy-document file://policy.json"}}},
	{"policy/own", "document", "/Statement/0", []string{"role/app"}, [][3]string{{"managed policy", `Remove the statement "All" from the managed policy of own`, "aws iam create-policy-version --policy-arn arn:aws:iam::111111111111:policy/own --policy-document file://policy.json --set-as-default"}}},
	{"arn:aws:iam::aws:policy/Power", "document", "/Statement/0", []string{"role/app"}, [][3]string{{"policy attachment", "Detach Power from app", "aws iam detach-role-policy --role-name app --policy-arn arn:aws:iam::aws:policy/Power"}}},
	{"arn:aws:iam::aws:policy/Power", "document", "/Statement/0", []string{"user/nina"}, [][3]string{{"policy attachment", "Detach Power from staff", "aws iam detach-group-policy --group-name staff --policy-arn arn:aws:iam::aws:policy/Power"}}},
	{"arn:aws:iam::aws:policy/Power", "document", "/Statement/0", []string{"role/lone"}, nil},
	{"function/hook", "policy", "/Statement/0", nil, [][3]string{{"resource policy", `Remove the statement "Open" from the resource policy of hook`, "aws lambda remove-permission --function-name arn:aws:lambda:eu-west-1:111111111111:function:hook --statement-id Open"}}},
	{"function/hook", "url", "/AuthType", nil, [][3]string{{"function URL", "Require signed calls on the URL of hook", "aws lambda update-function-url-config --function-name hook --auth-type AWS_IAM"}}},
	{"security-group/web", "resource", "/IpPermissions/0/IpRanges/1", nil, [][3]string{{"security group rule", "Close tcp 22 of web to 0.0.0.0/0", `aws ec2 revoke-security-group-ingress --group-id web --ip-permissions '[{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]'`}}},
	{"security-group/web", "resource", "/IpPermissions/1/UserIdGroupPairs/0", nil, [][3]string{{"security group rule", "Close every port of web to sg-9", `aws ec2 revoke-security-group-ingress --group-id web --ip-permissions '[{"IpProtocol":"-1","UserIdGroupPairs":[{"GroupId":"sg-9"}]}]'`}}},
	{"security-group/web", "resource", "/IpPermissions/2", nil, [][3]string{{"security group rule", "Close icmp of web to its peers", `aws ec2 revoke-security-group-ingress --group-id web --ip-permissions '[{"IpProtocol":"icmp","FromPort":-1,"ToPort":-1,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]'`}}},
	{"security-group/web", "resource", "/IpPermissionsEgress/0", nil, nil}, // what leaves lets nobody in
	{"security-group/web", "-resource", "no rule denies", nil, nil},
	{"instance/i-1", "resource", "/IamInstanceProfile", nil, [][3]string{{"instance profile", "Take the role from i-1", ""}}},
	{"instance/i-1", "resource", "/InstanceId", nil, nil},
	{"user/nina", "credentialReport", "/access_key_1_active", nil, [][3]string{{"access key", "Retire the access key of nina", ""}}},
	{"user/nina", "credentialReport", "/mfa_active", nil, nil},
	{"access-key/AKIANINA", "resource", "", nil, [][3]string{{"access key", "Retire the access key AKIANINA", "aws iam update-access-key --user-name nina --access-key-id AKIANINA --status Inactive"}}},
	{"bucket/notes", "credentials", "/0", nil, [][3]string{{"credential", "Remove and rotate the credential in notes", ""}}},
	{"db-instance/orders", "resource", "/PubliclyAccessible", nil, [][3]string{{"public access", "Make orders private", "aws rds modify-db-instance --db-instance-identifier orders --no-publicly-accessible"}}},
	{"db-instance/private", "resource", "/PubliclyAccessible", nil, nil},
	{"db-snapshot/nightly", "attributes", "/0", nil, [][3]string{{"sharing attribute", "Stop sharing nightly", "aws rds modify-db-snapshot-attribute --db-snapshot-identifier nightly --attribute-name restore --values-to-remove all 222222222222"}}},
	{"volume-snapshot/snap-1", "attributes", "/0", nil, [][3]string{{"sharing attribute", "Stop sharing snap-1", "aws ec2 modify-snapshot-attribute --snapshot-id snap-1 --attribute createVolumePermission --operation-type remove --group-names all"}}},
	{"volume-snapshot/snap-1", "attributes", "/1", nil, [][3]string{{"sharing attribute", "Stop sharing snap-1", "aws ec2 modify-snapshot-attribute --snapshot-id snap-1 --attribute createVolumePermission --operation-type remove --user-ids 222222222222"}}},
}

func TestProposals(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name+"#"+c.property+c.pointer, func(t *testing.T) {
			var holders []graph.Ref
			for _, h := range c.holders {
				holders = append(holders, estate.Ref(h))
			}
			f := fact(t, c.name, c.property, c.pointer)
			var got [][3]string
			for _, change := range remediate.For(estate.Snap, f, holders) {
				got = append(got, [3]string{change.Kind, change.Title, strings.Join(change.Commands, "\n")})
				ends(t, f, change)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// ends checks that the changed estate lacks the fact, or, for an absence, has
// what was not there, and that the documents shown are those of the change.
func ends(t *testing.T, f attack.Fact, c remediate.Change) {
	t.Helper()
	after := estate.Snap.With(c.Patch)
	if c.Effort < 1 || c.Effort > 5 || c.ID == "" {
		t.Errorf("%+v", c)
	}
	if len(c.Patch.Set) == 0 {
		if c.Before != "" || c.After != "" || len(c.Patch.Unlink) == 0 {
			t.Errorf("%s: no document, yet one is shown", c.Title)
		}
		return
	}
	now := after.Prop(c.Patch.Set[0].Node, f.Property)
	if doc, err := graph.RenderDocument(now); err != nil || doc.Text != c.After || c.After == c.Before {
		t.Errorf("%s: after it stands %s, shown is %s (%v)", c.Title, now, c.After, err)
	}
	if f.Absent {
		return
	}
	element, ok := graph.Element(now, f.Pointer)
	if ok && graph.Anchor(element) == f.Anchor {
		t.Errorf("%s: the fact is still there", c.Title)
	}
	if before, ok := graph.Element(estate.Snap.Prop(f.Node, f.Property), f.Pointer); !ok || graph.Anchor(before) != f.Anchor {
		t.Errorf("%s: the estate itself was changed", c.Title)
	}
}

func TestPinnedSubject(t *testing.T) {
	list := remediate.For(estate.Snap, fact(t, "role/deploy", "trust", "/Statement/0"), nil)
	after := estate.Snap.With(list[0].Patch).Prop(estate.Ref("role/deploy"), "trust")
	got, _ := graph.Element(after, "/Statement/0/Condition")
	if want := `{"StringEquals":{"gitlab.com:aud":"aws"},"StringLike":{"gitlab.com:sub":"project_path:YOUR-GROUP/YOUR-PROJECT:*"}}`; string(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// Whatever fact asks for a change, it is one change; different changes differ.
func TestIDs(t *testing.T) {
	id := func(name, property, pointer string, holders ...graph.Ref) string {
		list := remediate.For(estate.Snap, fact(t, name, property, pointer), holders)
		if len(list) != 1 {
			t.Fatalf("%s%s: %d changes", name, pointer, len(list))
		}
		return list[0].ID
	}
	if id("bucket/data", "publicAccessBlock", "/RestrictPublicBuckets") != id("bucket/data", "publicAccessBlock", "/BlockPublicPolicy") {
		t.Error("two flags of one block are two changes")
	}
	app := estate.Ref("role/app")
	all := []string{
		id("bucket/data", "publicAccessBlock", "/RestrictPublicBuckets"), id("bucket/one", "-publicAccessBlock", "x"), id("bucket/data", "policy", "/Statement/0"),
		id("role/app", "inline/data", "/Statement/0"), id("role/app", "inline/more", "/Statement/0"), id("role/app", "inline/more", "/Statement/1"),
		id("arn:aws:iam::aws:policy/Power", "document", "/Statement/0", app), id("volume-snapshot/snap-1", "attributes", "/0"), id("volume-snapshot/snap-1", "attributes", "/1"),
		id("security-group/web", "resource", "/IpPermissions/0/IpRanges/1"), id("security-group/web", "resource", "/IpPermissions/2"), id("security-group/web", "resource", "/IpPermissions/2/IpRanges/0"),
	}
	slices.Sort(all)
	if n := len(all); len(slices.Compact(all)) != n {
		t.Errorf("two changes share an id: %v", all)
	}
}

// Facts about nothing, and documents of odd shapes, propose nothing.
func TestNothingToPropose(t *testing.T) {
	odd := analysistest.MustParse(`
account 111111111111
bucket data
  policy "a string"
  attributes {"x":1}
  acl []
security-group web
  resource {"IpPermissions":"none"}
`)
	data, web := odd.Ref("bucket/data"), odd.Ref("security-group/web")
	for _, f := range []attack.Fact{
		{Node: graph.NoRef, Anchor: "no public access block"},
		{Node: data, Property: "policy", Pointer: "/Statement/0"}, {Node: data, Property: "acl", Pointer: "/Grants/0"}, {Node: data, Property: "nothing", Pointer: "/0"},
		{Node: data, Property: "attributes", Pointer: "/x"}, {Node: web, Property: "resource", Pointer: "/IpPermissions/0/IpRanges/0"}, {Node: web, Property: "resource", Pointer: "/IpPermissions"},
	} {
		if list := remediate.For(odd.Snap, f, nil); len(list) != 0 {
			t.Errorf("%+v: %+v", f, list)
		}
	}
}
