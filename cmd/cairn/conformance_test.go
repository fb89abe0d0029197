package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest"
	"github.com/cairn-security/cairn/ingest/awscli"
)

// conformance is the folder of cases that CAIRN_CONFORMANCE names; a relative
// path counts from the module root.
func conformance(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("CAIRN_CONFORMANCE")
	if folder == "" {
		t.Skip("CAIRN_CONFORMANCE names no folder of cases")
	}
	if !filepath.IsAbs(folder) {
		folder = filepath.Join("..", "..", folder)
	}
	return folder
}

type networkCase struct {
	ID         string          `json:"id"`
	FixtureDir string          `json:"fixture_dir"`
	Source     string          `json:"source"`
	Target     string          `json:"destination"`
	SrcIP      string          `json:"src_ip"`
	DstIP      string          `json:"dst_ip"`
	SrcPort    int             `json:"src_port"`
	Protocol   json.RawMessage `json:"protocol"`
	Port       json.RawMessage `json:"port"`
	Checks     string          `json:"checks"`
	Expected   string          `json:"expected"`
	Basis      string          `json:"basis"`
	Trust      string          `json:"trust"`
}

func (c *networkCase) options(t *testing.T) reach.Options {
	t.Helper()
	o := reach.Options{Protocol: strings.Trim(string(c.Protocol), `"`), SourcePort: c.SrcPort, Forward: c.Checks == "forward"}
	if o.Protocol == "null" {
		o.Protocol = ""
	}
	// An ICMP type and code come as "8/0" or [8, 0].
	port := strings.Trim(strings.NewReplacer("[", "", "]", "", " ", "", ",", "/").Replace(string(c.Port)), `"`)
	switch {
	case port == "null" || port == "":
	case strings.Contains(port, "/"):
		o.ICMP = port
	default:
		if _, err := fmt.Sscan(port, &o.Port); err != nil {
			t.Fatalf("%s: port %s", c.ID, c.Port)
		}
	}
	for text, to := range map[string]*netip.Addr{c.SrcIP: &o.SourceAddress, c.DstIP: &o.DestAddress} {
		if text != "" {
			var err error
			if *to, err = netip.ParseAddr(text); err != nil {
				t.Fatalf("%s: %v", c.ID, err)
			}
		}
	}
	return o
}

// TestNetworkConformance asks the cases the way a person does: import the
// folder, then ask.
func TestNetworkConformance(t *testing.T) {
	folder := filepath.Join(conformance(t), "network")
	f, err := os.Open(filepath.Join(folder, "cases.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	type estate struct {
		net    *reach.Estate
		policy reach.PolicyFunc
	}
	estates := map[string]estate{}
	agreed, all := map[string]int{}, map[string]int{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var c networkCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		e, ok := estates[c.FixtureDir]
		if !ok {
			snap := importFolder(t, filepath.Join(folder, "fixtures", c.FixtureDir))
			perm, err := permission.New(context.Background(), snap, permission.Options{})
			if err != nil {
				t.Fatal(err)
			}
			e = estate{reach.FromSnapshot(snap), analysis.AnonymousPolicy(snap, perm)}
			estates[c.FixtureDir] = e
		}
		o := c.options(t)
		o.Policy = e.policy
		verdict := "error"
		if answer, err := e.net.Query(c.Source, c.Target, o); err == nil {
			verdict = string(answer.Verdict)
		}
		basis := c.Basis + ", trust " + c.Trust
		all[basis]++
		if verdict == c.Expected {
			agreed[basis]++
		} else if c.Trust == "high" && c.Basis != "derived" {
			t.Errorf("%s: %s, want %s", c.ID, verdict, c.Expected)
		} else {
			t.Logf("%s (%s): %s, the case says %s", c.ID, basis, verdict, c.Expected)
		}
	}
	for basis, n := range all {
		t.Logf("%s: %d of %d", basis, agreed[basis], n)
	}
}

func importFolder(t *testing.T, path string) *graph.Snapshot {
	t.Helper()
	source, err := awscli.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	result, err := ingest.Run(context.Background(), source, ingest.Options{})
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return result.Snapshot
}

// TestAccountDump expects of the whole account what its makers say of it.
func TestAccountDump(t *testing.T) {
	snap := importFolder(t, filepath.Join(conformance(t), "dumps", "cloudmapper-demo"))
	r, err := analysis.Run(context.Background(), snap, analysis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	classes := map[string]string{}
	for _, x := range r.Endpoints() {
		classes[x.Resource.Name] = string(x.Class)
	}
	for name, want := range map[string]string{"myecs": "internet", "Bastion": "restricted", "weblb": "none", "cloudmapper_demo": "internet", "demo_public": "internet", "demo_private": "none", "cloudmapper": "internet"} {
		if classes[name] != want {
			t.Errorf("%s is %q, want %q", name, classes[name], want)
		}
	}
	rules := map[string]bool{}
	for _, f := range r.Findings {
		if f.Status == "fail" {
			rules[f.Rule+" "+snap.Node(f.Node).Name] = true
		}
	}
	for _, want := range []string{"AWS-S3-001 cloudmapper_demo", "AWS-ECR-001 cloudmapper", "AWS-SQS-001 demo", "AWS-SNS-001 demo_public", "AWS-IAM-010 bad_role"} {
		if !rules[want] {
			t.Errorf("%s is no finding", want)
		}
	}
}
