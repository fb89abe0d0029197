package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/ingest/aws/estatetest"
	"github.com/cairn-security/cairn/ingest/aws/mototest"
)

// cairn runs the command and returns what it printed.
func cairn(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(context.Background(), args, strings.NewReader(""), &out, &err)
	return code, out.String(), err.String()
}

// ask runs a command that must succeed and decodes its document.
func ask[T any](t *testing.T, args ...string) T {
	t.Helper()
	code, stdout, stderr := cairn(t, append(args, "--json", "--quiet")...)
	if code != exitDone {
		t.Fatalf("cairn %v exits with %d: %s", args, code, stderr)
	}
	var doc T
	if err := json.Unmarshal([]byte(stdout), &doc); err != nil {
		t.Fatalf("cairn %v: %v\n%s", args, err, stdout)
	}
	return doc
}

// buildCollector puts cairn-aws on PATH. The AWS SDK takes minutes to compile
// the first time.
func buildCollector(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("building the collector takes long: left out in short mode")
	}
	folder := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", folder, module+"cmd/cairn-aws").CombinedOutput(); err != nil {
		t.Fatalf("building the collector: %v\n%s", err, out)
	}
	t.Setenv("PATH", folder+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// route is a family in short: where it starts, what it does to what.
func route(f report.Family) string { return f.EntryKind + " " + f.Outcome + " " + f.Target.Name }

// TestScan runs the collector, built once, against an estate that is created
// once through the AWS API of the emulator.
func TestScan(t *testing.T) {
	server := mototest.Start(t) // skips where there is none, before anything is built
	buildCollector(t)
	server.Environ(t)
	estate := estatetest.Create(t, server.URL)
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	t.Run("finds the paths that work", func(t *testing.T) { scanOfARealAPI(t, server) })
	t.Run("dry run", func(t *testing.T) { dryRunReadsNothing(t, server) })
	t.Run("is refused", func(t *testing.T) { scanThatIsRefused(t, server, estate) }) // last: refusals stay on
}

// scanOfARealAPI expects exactly the paths that work: not those that a deny, a
// boundary, a missing route or a key forbids.
func scanOfARealAPI(t *testing.T, server *mototest.Server) {
	folder := t.TempDir()
	store, bundle := "file:"+filepath.Join(folder, "x.db"), filepath.Join(folder, "bundle")

	doc := ask[report.Snapshot](t, "scan", "aws", "--store", store, "--endpoint-url", server.URL, "--regions", estatetest.Region,
		"--accounts", estatetest.Account+","+estatetest.Partner, "--role-name", estatetest.Collector, "--record", bundle)
	if doc.AttackPaths == 0 || doc.CriticalAssets == 0 {
		t.Fatalf("%d attack paths to %d critical assets", doc.AttackPaths, doc.CriticalAssets)
	}

	paths := ask[report.Paths](t, "paths", "--store", store, "--outcome", "read")
	var got []string
	for _, f := range paths.Families {
		if f.Status.Status == "decided" {
			got = append(got, route(f))
		}
		if slices.Contains([]string{estatetest.Sealed, estatetest.Barred, estatetest.Inner}, f.Target.Name) && f.Status.Status == "decided" {
			t.Errorf("a path that cannot work: %s", f.Title)
		}
	}
	for _, want := range []string{"internet read " + estatetest.Cards, "internet read " + estatetest.Open} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is not among the paths %q", want, got)
		}
	}
	for _, p := range ask[report.Principals](t, "principals", "--store", store).Principals {
		if p.Node.Name == estatetest.Bounded && (p.Administrator || p.AdministratorStatus == "yes") {
			t.Error("the bounded role counts as administrator")
		}
	}
	// The chain over two accounts, from the key that lies in user data.
	blast := ask[report.Blast](t, "blast", "--store", store, estatetest.Developer)
	if !slices.ContainsFunc(blast.States, func(s report.HeldState) bool { return s.Kind == "reads" && s.Node.Name == estatetest.Lent }) {
		t.Errorf("%s does not lead to %s of the partner account: %v", estatetest.Developer, estatetest.Lent, blast.Counts)
	}
	holdsNoSecret(t, folder)
}

// holdsNoSecret looks for raw values in everything that was written.
func holdsNoSecret(t *testing.T, folder string) {
	t.Helper()
	secrets := append(slices.Clone(estatetest.Secrets), strings.Split(strings.Split(estatetest.CardsCSV(1), "\n")[1], ",")[2])
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		for _, s := range secrets {
			if bytes.Contains(content, []byte(s)) {
				t.Errorf("%s holds a raw value", path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// scanThatIsRefused: what the caller may not read becomes gaps, and the
// scan ends well all the same.
func scanThatIsRefused(t *testing.T, server *mototest.Server, estate *estatetest.Estate) {
	store := "file:" + filepath.Join(t.TempDir(), "x.db")
	key := estatetest.Limited(t, estate.Config, "ec2:Describe*", "s3:ListAllMyBuckets", "s3:GetBucketLocation", "sts:GetCallerIdentity", "iam:GetAccountAuthorizationDetails")
	t.Setenv("AWS_ACCESS_KEY_ID", key.ID)
	t.Setenv("AWS_SECRET_ACCESS_KEY", key.Secret)
	server.EnforceAfter(0)

	doc := ask[report.Snapshot](t, "scan", "aws", "--store", store, "--endpoint-url", server.URL, "--regions", estatetest.Region)
	denied := map[string]bool{}
	for _, g := range doc.Gaps {
		if g.Outcome == "denied" {
			denied[g.Service+" "+g.Operation] = true
		}
	}
	for _, want := range []string{"s3 GetBucketPolicy", "rds DescribeDBInstances"} {
		if !denied[want] {
			t.Errorf("%s is no gap; denied were %v", want, denied)
		}
	}
	// A bucket whose policy was not read is unknown, not closed.
	d := ask[report.Decision](t, "can", "--store", store, "anonymous", "s3:GetObject", estatetest.Open)
	if d.Decision != "unknown" {
		t.Errorf("anonymous reads %s: %s, want unknown", estatetest.Open, d.Decision)
	}
}

func dryRunReadsNothing(t *testing.T, server *mototest.Server) {
	doc := ask[map[string]any](t, "scan", "aws", "--dry-run", "--endpoint-url", server.URL, "--regions", estatetest.Region)
	for _, field := range []string{"schema", "caller", "accounts", "regions", "calls", "cost", "operations"} {
		if _, ok := doc[field]; !ok {
			t.Errorf("the preflight has no %s", field)
		}
	}
}
