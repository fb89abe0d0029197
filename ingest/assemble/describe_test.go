package assemble

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/record"
)

// said is what a graph says of a node: its properties, then its edges, without
// the gaps and what the account contains.
func said(t *testing.T, s *graph.Snapshot, id string) string {
	t.Helper()
	ref, ok := s.Lookup(id)
	if !ok {
		t.Fatalf("no node %s", id)
	}
	var b strings.Builder
	for _, p := range s.Props(ref) {
		fmt.Fprintf(&b, "%s=%s\n", p.Key, p.Value)
	}
	for kind, to := range s.Out(ref) {
		fmt.Fprintf(&b, "%s -> %s\n", kind, short.Replace(s.Node(to).ID))
	}
	for kind, from := range s.In(ref) {
		if n := s.Node(from); n.Kind != graph.KindGap && n.Kind != graph.KindAccount {
			fmt.Fprintf(&b, "%s <- %s\n", kind, short.Replace(n.ID))
		}
	}
	return b.String()
}

// groups are described by a call of their own, which has nothing else to say.
func groups(names ...string) record.Record {
	var list []string
	for _, name := range names {
		list = append(list, `{"GroupName":"`+name+`","Arn":"`+iamID("group/"+name)+`"}`)
	}
	return rec("iam", "ListGroups", `{"Groups":[`+strings.Join(list, ",")+`]}`)
}

func of(file string, r record.Record) record.Record {
	r.File = file
	return r
}

const allowAll = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

func iamID(resource string) string { return "arn:aws:iam::" + account + ":" + resource }

// TestContradictionsCountAsNotRead: where two descriptions of one thing differ,
// what they differ in is gone, whichever stands first, and a gap says so.
func TestContradictionsCountAsNotRead(t *testing.T) {
	dump := func(lists string) record.Record { return rec("iam", "GetAccountAuthorizationDetails", lists) }
	user := func(more string) string { return `{"UserName":"ann","Arn":"` + iamID("user/ann") + `"` + more + `}` }
	role := func(more string) string { return `{"RoleName":"r","Arn":"` + iamID("role/r") + `"` + more + `}` }
	group := func(port int) string {
		return fmt.Sprintf(`{"GroupId":"sg-1","VpcId":"vpc-1","IpPermissions":[{"IpProtocol":"tcp","FromPort":%d,"ToPort":%d,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]}`, port, port)
	}
	policy := func(text string) string {
		return `{"PolicyName":"p","Arn":"` + iamID("policy/p") + `","PolicyVersionList":[{"VersionId":"v1","IsDefaultVersion":true,"Document":` + text + `}]}`
	}
	bucketPolicy := func(file, sid string) record.Record {
		return of(file, rec("s3", "GetBucketPolicy", `{"Policy":"{\"Statement\":[{\"Sid\":\"`+sid+`\",\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}`, "Bucket", "b"))
	}
	for name, c := range map[string]struct {
		records []record.Record
		node    string
		want    string
		gap     string // its operation
	}{
		"a user whose policies differ": {
			[]record.Record{dump(`{"UserDetailList":[` + user(`,"UserPolicyList":[],"GroupList":["g"]`) + `,` +
				user(`,"UserPolicyList":[{"PolicyName":"a","PolicyDocument":`+allowAll+`}],"GroupList":["g","admins"]`) + `]}`), groups("g", "admins")},
			iamID("user/ann"), "MEMBER_OF -> iam:group/g\n", "GetAccountAuthorizationDetails"},
		"a user in two files": {
			[]record.Record{of("a.json", dump(`{"UserDetailList":[`+user(``)+`]}`)), of("b.json", dump(`{"UserDetailList":[`+user(`,"AttachedManagedPolicies":[{"PolicyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}]`)+`]}`))},
			iamID("user/ann"), "", "GetAccountAuthorizationDetails"},
		"one inline policy twice": {
			[]record.Record{dump(`{"UserDetailList":[` + user(`,"UserPolicyList":[{"PolicyName":"a","PolicyDocument":`+allowAll+`},{"PolicyName":"a","PolicyDocument":{}}]`) + `]}`)},
			iamID("user/ann"), `resource=` + user(`,"UserPolicyList":[{"PolicyName":"a","PolicyDocument":`+allowAll+`},{"PolicyName":"a","PolicyDocument":{}}]`) + "\n", "GetAccountAuthorizationDetails"},
		"a role whose trust agrees and whose boundary differs": {
			[]record.Record{dump(`{"RoleDetailList":[` +
				role(`,"AssumeRolePolicyDocument":`+allowAll+`,"PermissionsBoundary":{"PermissionsBoundaryArn":"`+iamID("policy/b")+`"}`) + `,` +
				role(`,"AssumeRolePolicyDocument":`+allowAll) + `]}`)},
			iamID("role/r"), "trust=" + allowAll + "\n", "GetAccountAuthorizationDetails"},
		"a managed policy in two versions": {
			[]record.Record{dump(`{"Policies":[` + policy(`{}`) + `,` + policy(allowAll) + `]}`)},
			iamID("policy/p"), "", "GetAccountAuthorizationDetails"},
		"a policy version that two files tell differently": {
			[]record.Record{of("a", rec("iam", "GetPolicyVersion", `{"PolicyVersion":{"IsDefaultVersion":true,"Document":{}}}`, "PolicyArn", iamID("policy/p"), "VersionId", "v1")),
				of("b", rec("iam", "GetPolicyVersion", `{"PolicyVersion":{"IsDefaultVersion":true,"Document":`+allowAll+`}}`, "PolicyArn", iamID("policy/p"), "VersionId", "v1"))},
			iamID("policy/p"), "", "GetPolicyVersion"},
		"attachments that two files tell differently": {
			[]record.Record{of("a", rec("iam", "ListAttachedUserPolicies", `{"AttachedPolicies":[{"PolicyArn":"`+iamID("policy/p")+`"},{"PolicyArn":"`+iamID("policy/q")+`"}]}`, "UserName", "ann")),
				of("b", rec("iam", "ListAttachedUserPolicies", `{"AttachedPolicies":[{"PolicyArn":"`+iamID("policy/q")+`"}]}`, "UserName", "ann")), dump(`{"Policies":[]}`)},
			iamID("user/ann"), "HAS_POLICY -> iam:policy/q\n", "ListAttachedUserPolicies"},
		"a bucket policy": {
			[]record.Record{bucketPolicy("a", "1"), bucketPolicy("b", "2")}, "arn:aws:s3:::b", "", "GetBucketPolicy"},
		"a security group": {
			[]record.Record{rec("ec2", "DescribeSecurityGroups", `{"SecurityGroups":[`+group(22)+`,`+group(443)+`]}`)},
			regionalID("ec2", "security-group/sg-1"), "CONTAINS <- ec2:vpc/vpc-1\n", "DescribeSecurityGroups"},
		"what an instance runs as": {
			[]record.Record{of("a", rec("ec2", "DescribeInstances", `{"Reservations":[{"Instances":[{"InstanceId":"i-1","ImageId":"ami-1","IamInstanceProfile":{"Arn":"`+iamID("instance-profile/p")+`"}}]}]}`)),
				of("b", rec("ec2", "DescribeInstances", `{"Reservations":[{"Instances":[{"InstanceId":"i-1","ImageId":"ami-2","IamInstanceProfile":{"Arn":"`+iamID("instance-profile/q")+`"}}]}]}`))},
			regionalID("ec2", "instance/i-1"), "HAS_PROFILE -> iam:instance-profile/p\nHAS_PROFILE -> iam:instance-profile/q\n", "DescribeInstances"},
		"an account below two parents": {
			[]record.Record{rec("organizations", "ListAccountsForParent", `{"Accounts":[{"Id":"444455556666"}]}`, "ParentId", "ou-1"),
				rec("organizations", "ListAccountsForParent", `{"Accounts":[{"Id":"444455556666"}]}`, "ParentId", "ou-2")},
			"arn:aws:iam::444455556666:root", "resource={\"Id\":\"444455556666\"}\n", "ListAccountsForParent"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, records := range [][]record.Record{c.records, backwards(c.records)} {
				s, report := build(t, records...)
				if diff := cmp.Diff(c.want, said(t, s, c.node)); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
				ref, _ := s.Lookup(c.node)
				if gaps := s.GapsOf(ref); len(gaps) != 1 || gaps[0].Outcome != graph.OutcomeMalformed || gaps[0].Operation != c.gap {
					t.Errorf("gaps %+v", gaps)
				}
				if p := report.Problems; len(p) != 1 || p[0].File == "" || p[0].Place != c.node || !strings.Contains(p[0].Message, "twice with different content") {
					t.Errorf("problems %v", p)
				}
			}
		})
	}
}

// backwards turns the order of the records around, and that of the list in one
// that stands alone.
func backwards(records []record.Record) []record.Record {
	if len(records) > 1 && records[0].Operation == records[1].Operation {
		return append([]record.Record{records[1], records[0]}, records[2:]...)
	}
	var reply map[string][]json.RawMessage
	if json.Unmarshal(records[0].Body, &reply) != nil {
		return records
	}
	for _, list := range reply {
		slices.Reverse(list)
	}
	turned := records[0]
	turned.Body, _ = json.Marshal(reply)
	return append([]record.Record{turned}, records[1:]...)
}

// TestThreeDescriptions: what two of three agree on does not hold either.
func TestThreeDescriptions(t *testing.T) {
	user := func(groups string) string {
		return `{"UserName":"ann","Arn":"` + iamID("user/ann") + `","GroupList":[` + groups + `]}`
	}
	s, _ := build(t, rec("iam", "GetAccountAuthorizationDetails",
		`{"UserDetailList":[`+user(`"a","b"`)+`,`+user(`"a"`)+`,`+user(`"a","b"`)+`]}`))
	if diff := cmp.Diff("MEMBER_OF -> iam:group/a\n", said(t, s, iamID("user/ann"))); diff != "" {
		t.Error(diff)
	}
}

// TestEqualDescriptionsAreSilent: order, nulls and what changes by itself make
// no contradiction; nor does what two slices say, or a page more.
func TestEqualDescriptionsAreSilent(t *testing.T) {
	user := `{"UserName":"ann","Arn":"` + iamID("user/ann") + `","GroupList":["a","b"],"PasswordLastUsed":"2026-01-01T00:00:00Z"}`
	same := `{"Arn":"` + iamID("user/ann") + `", "UserName":"ann", "GroupList":["b","a"],"PermissionsBoundary":null,"PasswordLastUsed":"2026-02-02T00:00:00Z"}`
	peering := `{"VpcPeeringConnections":[{"VpcPeeringConnectionId":"pcx-1","RequesterVpcInfo":{"VpcId":"vpc-1","OwnerId":"111122223333","Region":"eu-west-1"},"Tags":%s}]}`
	other := rec("ec2", "DescribeVpcPeeringConnections", fmt.Sprintf(peering, `[]`))
	other.Account = "444455556666"
	s, report := build(t,
		of("eu-west-1/iam.json", rec("iam", "GetAccountAuthorizationDetails", `{"UserDetailList":[`+user+`]}`)),
		of("us-east-1/iam.json", rec("iam", "GetAccountAuthorizationDetails", `{"UserDetailList":[`+same+`]}`)),
		rec("ec2", "DescribeVpcPeeringConnections", fmt.Sprintf(peering, `[{"Key":"Name","Value":"x"}]`)), other,
		rec("ec2", "GetManagedPrefixListEntries", `{"Entries":[{"Cidr":"10.0.0.0/8"}]}`, "PrefixListId", "pl-1"),
		rec("ec2", "GetManagedPrefixListEntries", `{"Entries":[{"Cidr":"10.0.0.0/8"},{"Cidr":"192.168.0.0/16"}]}`, "PrefixListId", "pl-1"),
		rec("kms", "ListGrants", `{"Grants":[{"GrantId":"1"}]}`, "KeyId", "k"), rec("kms", "ListGrants", `{"Grants":[{"GrantId":"2"}]}`, "KeyId", "k"),
		rec("dynamodb", "ListTagsOfResource", `{"Tags":[{"Key":"a","Value":"1"}]}`, "ResourceArn", regionalID("dynamodb", "table/t")),
		rec("dynamodb", "ListTagsOfResource", `{"Tags":[{"Key":"b","Value":"2"}]}`, "ResourceArn", regionalID("dynamodb", "table/t")),
		groups("a", "b"))
	wantProblems(t, report)
	if gaps := s.Gaps(); len(gaps) != 0 {
		t.Errorf("gaps %+v", gaps)
	}
	wantEdges(t, s, graph.EdgeMemberOf, iamID("user/ann")+" -> "+iamID("group/a"), iamID("user/ann")+" -> "+iamID("group/b"))
	wantProp(t, s, wantKind(t, s, regionalID("ec2", "prefix-list/pl-1"), graph.KindPrefixList), graph.PropEntries, `[{"Cidr":"10.0.0.0/8"},{"Cidr":"192.168.0.0/16"}]`)
	wantProp(t, s, wantKind(t, s, regionalID("kms", "key/k"), graph.KindKey), graph.PropGrants, `[{"GrantId":"1"},{"GrantId":"2"}]`)
	wantProp(t, s, wantKind(t, s, regionalID("dynamodb", "table/t"), graph.KindTable), graph.PropTags, `{"a":"1","b":"2"}`)
}

// TestFindingsAddUp: what was found in a thing, in two files, contradicts nothing.
func TestFindingsAddUp(t *testing.T) {
	found := func(file, body string) record.Record {
		return of(file, rec(record.ServiceCairn, record.OpFindCredentials, body, "Node", "arn:aws:s3:::b"))
	}
	s, report := build(t, rec("s3", "ListBuckets", `{"Buckets":[{"Name":"b"}]}`), found("a", `[{"locator":"1"}]`), found("b", `[{"locator":"1"},{"locator":"2"}]`))
	wantProblems(t, report)
	wantProp(t, s, wantKind(t, s, "arn:aws:s3:::b", graph.KindBucket), graph.PropCredentials, `[{"locator":"1"},{"locator":"2"}]`)
}

// TestNewerReadingHolds: of a reply that was kept and a newer one nothing is
// contradicted.
func TestNewerReadingHolds(t *testing.T) {
	task := func(role, tasks string, stale bool, at time.Duration) record.Record {
		r := rec("ecs", "DescribeTasks", `{"tasks":[{"taskArn":"arn:aws:ecs:eu-west-1:111122223333:task/c/1","overrides":{"taskRoleArn":"`+iamID("role/"+role)+`"},"tags":[{"key":"`+role+`","value":""}]}]}`, "tasks", tasks)
		r.Stale, r.ReadAt = stale, readAt.Add(at)
		return r
	}
	older, old, now := task("older", "1", true, -2*time.Hour), task("old", "1,2", true, -time.Hour), task("now", "1,2,3", false, 0)
	for _, records := range [][]record.Record{{older, old, now}, {now, old, older}, {old, now, older}} {
		s, report := build(t, records...)
		wantProblems(t, report)
		wantEdges(t, s, graph.EdgeHasRole, "arn:aws:ecs:eu-west-1:111122223333:task/c/1 -> "+iamID("role/now"))
		wantProp(t, s, wantKind(t, s, "arn:aws:ecs:eu-west-1:111122223333:task/c/1", graph.KindTask), graph.PropTags, `{"now":""}`)
	}
}

// TestPolicyToldByTwoCalls: a policy has one text whichever call tells it. Of
// two the newer holds; where both are as old, neither. A call that describes the
// thing in less detail counts only where nothing else tells.
func TestPolicyToldByTwoCalls(t *testing.T) {
	user := rec("iam", "GetAccountAuthorizationDetails", `{"UserDetailList":[{"UserName":"ann","Arn":"`+iamID("user/ann")+`","UserPolicyList":[{"PolicyName":"a","PolicyDocument":{"Id":"dump"}}]}]}`)
	inline := rec("iam", "GetUserPolicy", `{"UserName":"ann","PolicyName":"a","PolicyDocument":{"Id":"single"}}`, "UserName", "ann", "PolicyName", "a")
	role := rec("iam", "GetAccountAuthorizationDetails", `{"RoleDetailList":[{"RoleName":"r","Arn":"`+iamID("role/r")+`","AssumeRolePolicyDocument":{"Id":"dump"}}]}`)
	trust := rec("iam", "GetRole", `{"Role":{"RoleName":"r","Arn":"`+iamID("role/r")+`","AssumeRolePolicyDocument":{"Id":"single"}}}`, "RoleName", "r")
	for _, c := range []struct {
		dump, single record.Record
		node, key    string
		want         map[time.Duration]string // by how much later the single one was read
	}{
		{user, inline, iamID("user/ann"), graph.PropInlinePrefix + "a", map[time.Duration]string{0: ``, time.Hour: `{"Id":"single"}`, -time.Hour: `{"Id":"dump"}`}},
		{role, trust, iamID("role/r"), graph.PropTrust, map[time.Duration]string{0: `{"Id":"dump"}`, time.Hour: `{"Id":"dump"}`}}, // which says less of a role
	} {
		for later, want := range c.want {
			r := c.single
			r.ReadAt = readAt.Add(later)
			for _, records := range [][]record.Record{{c.dump, r}, {r, c.dump}} {
				s, report := build(t, records...)
				ref, _ := s.Lookup(c.node)
				wantProp(t, s, ref, c.key, want)
				if len(report.Problems) != len(s.Gaps()) || (want == "") != (len(s.Gaps()) == 1) {
					t.Errorf("%v: problems %v, gaps %v", later, report.Problems, s.Gaps())
				}
			}
		}
	}
}

// TestVersionThatIsNotInForceSaysNothing: only the default version of a policy counts.
func TestVersionThatIsNotInForceSaysNothing(t *testing.T) {
	version := func(id, inForce, text string) record.Record {
		return rec("iam", "GetPolicyVersion", `{"PolicyVersion":{"Document":`+text+`,"VersionId":"`+id+`","IsDefaultVersion":`+inForce+`}}`, "PolicyArn", iamID("policy/p"), "VersionId", id)
	}
	s, report := build(t, version("v2", "true", `{"Id":"in force"}`), version("v1", "false", allowAll),
		rec("iam", "ListPolicies", `{"Policies":[{"Arn":"`+iamID("policy/p")+`"}]}`))
	wantProblems(t, report)
	wantProp(t, s, wantKind(t, s, iamID("policy/p"), graph.KindPolicy), graph.PropDocument, `{"Id":"in force"}`)
}

func TestSum(t *testing.T) {
	for _, pair := range [][2]string{
		{`{"a":1,"b":[1,2]}`, ` { "b" : [ 2 , 1 ] , "a" : 1 } `}, {`{"a":null}`, `{}`}, {`{"RoleLastUsed":{"x":1},"a":"\""}`, `{"a":"\""}`},
	} {
		if sumOf([]byte(pair[0])) != sumOf([]byte(pair[1])) {
			t.Errorf("%s and %s differ", pair[0], pair[1])
		}
	}
	seen := map[uint64]string{}
	for _, text := range []string{`{}`, `[]`, `""`, `0`, `1`, `true`, `{"a":1}`, `{"a":[1]}`, `{"a":[1,1]}`, `{"a":{"b":1}}`, `{"a":{"RoleLastUsed":1}}`,
		`[[1],[2]]`, `[[1,2]]`, `{"a":"1"}`, `{"a":"x","b":"y"}`, `{"a":"y","b":"x"}`} {
		sum := sumOf([]byte(text))
		if before, ok := seen[sum]; ok {
			t.Errorf("%s and %s are taken for the same", before, text)
		}
		seen[sum] = text
	}
	for _, broken := range []string{"", "{", `{"a`, `{"a":`, "[", "[1", `"\`, "}", ",", `{]`, `[}`} {
		sumOf([]byte(broken)) // ends
	}
}
