package awscli

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest"
	"github.com/cairn-security/cairn/ingest/record"
)

func sprint(r reply) string {
	return fmt.Sprintf("%s %s %v %s", r.service, r.operation, r.params, r.body)
}

var taken = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)

// files is a folder of texts by path.
func files(texts map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range texts {
		fsys[name] = &fstest.MapFile{Data: []byte(text), ModTime: taken}
	}
	return fsys
}

// gather reads a folder: one line per record that was collected, and the problems.
func gather(t testing.TB, fsys fstest.MapFS) (records, problems []string, missing int) {
	t.Helper()
	for r, err := range New(fsys, "dump").Records(context.Background()) {
		switch {
		case err != nil:
			problems = append(problems, err.Error())
		case r.Outcome == graph.OutcomeNotCollected:
			missing++
		default:
			records = append(records, strings.TrimSpace(fmt.Sprintf("%s %s %s %s %s %s %s", r.File, r.Account, r.Region, r.Service, r.Operation, r.Outcome, r.Detail)))
			if !r.ReadAt.Equal(taken) || r.Source != "awscli" {
				t.Errorf("%s was read at %v from %q", r.File, r.ReadAt, r.Source)
			}
		}
	}
	slices.Sort(records)
	slices.Sort(problems)
	return records, problems, missing
}

func TestAccountsAndRegions(t *testing.T) {
	records, problems, _ := gather(t, files(map[string]string{
		// Accounts by path, region by path.
		"a/accounts/111122223333/eu-west-1/Vpcs.json": `{"Vpcs":[{"VpcId":"vpc-1"}]}`,
		// Account by identity, region by path; identity services are global.
		"b/sts-get-caller-identity.json":           `{"Account":"444455556666","Arn":"x","UserId":"y"}`,
		"b/us-east-1/sts-get-caller-identity.json": `{"Account":"444455556666","Arn":"x","UserId":"y"}`,
		"b/us-east-1/s3-list-buckets.json":         `{"Buckets":[]}`,
		// Account by owner ids, region by zones.
		"c/Vpcs.json":    `{"Vpcs":[{"VpcId":"vpc-1","OwnerId":"777788889999"}]}`,
		"c/Subnets.json": `{"Subnets":[{"SubnetId":"subnet-1","AvailabilityZone":"ap-south-1a","OwnerId":"777788889999"}]}`,
		// Nothing says either.
		"d/Vpcs.json": `{"Vpcs":[{"VpcId":"vpc-1"}]}`,
	}))
	if diff := cmp.Diff([]string{
		"a/accounts/111122223333/eu-west-1/Vpcs.json 111122223333 eu-west-1 ec2 DescribeVpcs ok",
		"b/sts-get-caller-identity.json 444455556666 global sts GetCallerIdentity ok",
		"b/us-east-1/s3-list-buckets.json 444455556666 global s3 ListBuckets empty",
		"b/us-east-1/sts-get-caller-identity.json 444455556666 global sts GetCallerIdentity ok",
		"c/Subnets.json 777788889999 ap-south-1 ec2 DescribeSubnets ok",
		"c/Vpcs.json 777788889999 ap-south-1 ec2 DescribeVpcs ok",
		"d/Vpcs.json   ec2 DescribeVpcs ok",
	}, records); diff != "" || problems != nil {
		t.Errorf("problems %v, records (-want +got):\n%s", problems, diff)
	}
}

func TestBadFilesCostThemselvesOnly(t *testing.T) {
	records, problems, missing := gather(t, files(map[string]string{
		"111122223333/eu-west-1/Vpcs.json":                 "{\"Vpcs\":[\n  {\"VpcId\":}]}",
		"111122223333/eu-west-1/Subnets.json":              `{"Subnets":{"SubnetId":"subnet-1"}}`,
		"111122223333/eu-west-1/ec2-describe-images.json":  ``,
		"111122223333/eu-west-1/lambda-get-policy/charge":  `[1]`,
		"111122223333/eu-west-1/notes.json":                `{"todo":[]}`,
		"111122223333/eu-west-1/broken.json":               `{`,
		"111122223333/eu-west-1/README.md":                 `nothing`,
		"111122223333/eu-west-1/.hidden.json":              `{`,
		"111122223333/eu-west-1/iam-list-users.json":       `{"Users":[{"UserName":"a"}],"IsTruncated":true}`,
		"111122223333/eu-west-1/weather-get-forecast.json": `{"Sun":1}`,
	}))
	const dir = "111122223333/eu-west-1/"
	if diff := cmp.Diff([]string{
		dir + "Subnets.json 111122223333 eu-west-1 ec2 DescribeSubnets ok",
		dir + "Vpcs.json 111122223333 eu-west-1 ec2 DescribeVpcs malformed is not valid JSON: line 2, column 12: invalid character '}' looking for beginning of value",
		dir + "broken.json 111122223333 eu-west-1 unknown broken malformed is not valid JSON: line 1, column 1: unexpected end of JSON input",
		dir + "ec2-describe-images.json 111122223333 eu-west-1 ec2 DescribeImages malformed the file is empty",
		dir + "iam-list-users.json 111122223333 global iam ListUsers truncated the reply says that there are more pages",
		dir + "lambda-get-policy/charge 111122223333 eu-west-1 lambda GetPolicy malformed is a JSON array where an object belongs",
		dir + "weather-get-forecast.json 111122223333 eu-west-1 weather GetForecast ok",
	}, records); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{
		dir + "Vpcs.json: is not valid JSON: line 2, column 12: invalid character '}' looking for beginning of value",
		dir + "broken.json: is not valid JSON: line 1, column 1: unexpected end of JSON input",
		dir + "ec2-describe-images.json: the file is empty",
		dir + "lambda-get-policy/charge: is a JSON array where an object belongs",
		dir + `notes.json: no operation is known whose reply holds ["todo"]`,
	}, problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if missing == 0 {
		t.Error("nothing is missing from a folder that lacks nearly everything")
	}
}

func TestMissingKindsAreOneGapEach(t *testing.T) {
	seen := map[string]int{}
	for r, err := range New(files(map[string]string{"111122223333/eu-west-1/es-list-domain-names.json": `{"DomainNames":[]}`}), "dump").Records(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Outcome == graph.OutcomeNotCollected {
			seen[r.Service+" "+r.Operation]++
		}
	}
	for name, n := range seen {
		if n != 1 {
			t.Errorf("%s is missing %d times", name, n)
		}
	}
	for name, want := range map[string]int{"iam GetAccountAuthorizationDetails": 1, "ec2 DescribeVpcs": 1, "opensearch DescribeDomains": 0} {
		if seen[name] != want {
			t.Errorf("%s is missing %d times, want %d", name, seen[name], want)
		}
	}
}

func TestEncodingsAndArchives(t *testing.T) {
	text := `{"Vpcs":[{"VpcId":"vpc-1"}]}`
	wide := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	path := filepath.Join(t.TempDir(), "dump.tgz")
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	archive := tar.NewWriter(z)
	for name, body := range map[string][]byte{"dump/111122223333/eu-west-1/Vpcs.json": wide, "dump/111122223333/us-east-1/Vpcs.json": []byte("\xef\xbb\xbf" + text)} {
		if err := archive.WriteHeader(&tar.Header{Name: name, Size: int64(len(body)), Mode: 0o600, ModTime: taken}); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write(body); err != nil {
			t.Fatal(err)
		}
	}
	archive.Close()
	z.Close()
	if err := os.WriteFile(path, packed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	result := run(t, path)
	if len(result.Report.Problems) != 0 || len(result.Snapshot.ByKind(graph.KindVPC)) != 2 {
		t.Errorf("problems %v, %d VPCs", result.Report.Problems, len(result.Snapshot.ByKind(graph.KindVPC)))
	}
}

func TestNoSuchFolder(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("a missing folder opens")
	}
	result, err := ingest.Run(context.Background(), New(fstest.MapFS{}, "empty"), ingest.Options{})
	if err != ingest.ErrNothing || result == nil {
		t.Errorf("an empty folder: %v", err)
	}
}

func FuzzFolder(f *testing.F) {
	f.Add("eu-west-1/s3-get-bucket-policy/a%2Fb", []byte(`{"Policy":"{}"}`))
	f.Add("accounts/111122223333/eu-west-1/LoadBalancerListeners.json", []byte(`{"LoadBalancerListeners":[1,{"LoadBalancerArn":[]}]}`))
	f.Add("ec2/describe-vpcs__x.json", []byte(`{"Vpcs":null}`))
	f.Add("Clusters.json", []byte(`{"Clusters":{"resourcesVpcConfig":1}}`))
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		if !fs.ValidPath(name) || name == "." {
			return
		}
		fsys := fstest.MapFS{name: &fstest.MapFile{Data: text}}
		for r, err := range New(fsys, "fuzz").Records(context.Background()) {
			if err != nil {
				continue
			}
			if r.Service == "" || record.Severity(r.Outcome) < 0 {
				t.Fatalf("%q gives an unusable record: %+v", name, r)
			}
		}
	})
}
