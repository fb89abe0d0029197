package awscli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest"
)

// outside is a folder of test data that stands outside the repository, named
// by an environment variable; a relative path counts from the module root.
func outside(t *testing.T, variable string, parts ...string) string {
	t.Helper()
	root := os.Getenv(variable)
	if root == "" {
		t.Skip(variable + " is not set")
	}
	if !filepath.IsAbs(root) {
		root = filepath.Join("..", "..", root)
	}
	return filepath.Join(append([]string{root}, parts...)...)
}

func run(t testing.TB, dir string) *ingest.Result {
	t.Helper()
	source, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	result, err := ingest.Run(context.Background(), source, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestFixturesImportWhole(t *testing.T) {
	dirs, err := filepath.Glob(filepath.Join(outside(t, "CAIRN_CONFORMANCE", "network", "fixtures"), "*", "*"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, dir := range dirs {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() || strings.Contains(dir, "cloudmapper-demo") {
			continue
		}
		t.Run(filepath.Base(filepath.Dir(dir))+"/"+filepath.Base(dir), func(t *testing.T) {
			result := run(t, dir)
			for _, p := range result.Report.Problems {
				t.Errorf("problem: %v", p)
			}
			if len(result.Report.Unknown) > 0 {
				t.Errorf("not understood: %v", result.Report.Unknown)
			}
			s := result.Snapshot
			if len(s.ByKind(graph.KindVPC)) == 0 || len(s.Gaps()) == 0 {
				t.Errorf("%d VPCs, %d gaps", len(s.ByKind(graph.KindVPC)), len(s.Gaps()))
			}
			for _, g := range s.Gaps() {
				if g.Refused() {
					t.Errorf("a folder refuses nothing: %+v", g)
				}
			}
		})
	}
}

func TestServiceFileImportsWhole(t *testing.T) {
	s := run(t, outside(t, "CAIRN_CONFORMANCE", "network", "fixtures", "cartography-aws-service")).Snapshot
	if apis, domains := len(s.ByKind(graph.KindAPI)), len(s.ByKind(graph.KindSearchDomain)); apis != 2 || domains != 2 {
		t.Errorf("%d APIs, %d search domains", apis, domains)
	}
}

// TestDumpImportsWhole: every reply that the dump holds is in the graph; three
// instances share one invented interface id, which is reported.
func TestDumpImportsWhole(t *testing.T) {
	result := run(t, outside(t, "CAIRN_CONFORMANCE", "dumps", "cloudmapper-demo"))
	for _, p := range result.Report.Problems {
		if !strings.Contains(p.Message, "described twice") || p.File != "us-east-1/ec2-describe-instances.json" {
			t.Errorf("problem: %v", p)
		}
	}
	s := result.Snapshot
	for kind, want := range map[graph.Kind]int{
		graph.KindUser: 4, graph.KindGroup: 1, graph.KindRole: 5, graph.KindPolicy: 2, graph.KindBucket: 1, graph.KindVPC: 1, graph.KindSubnet: 4,
		graph.KindSecurityGroup: 8, graph.KindInstance: 3, graph.KindTask: 1, graph.KindFunction: 1, graph.KindLoadBalancer: 2, graph.KindDBInstance: 1,
		graph.KindWarehouse: 1, graph.KindSearchDomain: 1, graph.KindQueue: 1, graph.KindTopic: 2, graph.KindRepository: 1, graph.KindSecret: 1,
		graph.KindBroker: 1, graph.KindVPCEndpoint: 2,
	} {
		if got := len(s.ByKind(kind)); got != want {
			t.Errorf("%d nodes of kind %s, want %d", got, kind, want)
		}
	}
	for _, id := range []string{"arn:aws:s3:::cloudmapper_demo", "arn:aws:ecr:us-east-1:123456789012:repository/cloudmapper",
		"arn:aws:sqs:us-east-1:123456789012:demo", "arn:aws:sns:us-east-1:123456789012:demo_public", "arn:aws:es:us-east-1:123456789012:domain/myvpcdomain"} {
		ref, ok := s.Lookup(id)
		if !ok {
			t.Errorf("no node %s", id)
			continue
		}
		if policy := string(s.Prop(ref, graph.PropPolicy)); !strings.HasPrefix(policy, "{") {
			t.Errorf("%s has the policy %q", id, policy)
		}
	}
	if got := s.Meta(); len(got.Accounts) != 1 || got.Accounts[0] != "123456789012" || len(got.Regions) != 1 {
		t.Errorf("accounts %v, regions %v", got.Accounts, got.Regions)
	}
	missing := map[string]bool{}
	for _, g := range s.Gaps() {
		missing[g.Service+" "+g.Operation] = !g.Refused()
	}
	if !missing["ec2 DescribeRouteTables"] || !missing["organizations DescribeOrganization"] || missing["iam GetAccountAuthorizationDetails"] {
		t.Errorf("missing kinds: %v", missing)
	}
}

// TestSamplesImport reads replies of many services with invented ids; what is
// odd in them must stay a problem of its own.
func TestSamplesImport(t *testing.T) {
	result := run(t, outside(t, "CAIRN_SAMPLES", "aws-api"))
	for _, p := range result.Report.Problems {
		t.Logf("problem: %v", p)
	}
	t.Logf("%d nodes, %d edges, not understood: %v", result.Snapshot.Len(), result.Snapshot.Edges(), result.Report.Unknown)
	for _, kind := range []graph.Kind{graph.KindInstance, graph.KindBucket, graph.KindKey, graph.KindDBInstance, graph.KindTable, graph.KindQueue, graph.KindFunction,
		graph.KindFileSystem, graph.KindRole, graph.KindStream, graph.KindNotebook, graph.KindBackupVault, graph.KindCache, graph.KindDistribution, graph.KindAPI} {
		if len(result.Snapshot.ByKind(kind)) == 0 {
			t.Errorf("no node of kind %s", kind)
		}
	}
}
