package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/cairn-security/cairn/"

// layers says what a package, and everything under it, must never depend on.
// Names without a dot in the first element are packages of this module.
var layers = []struct {
	of    string
	never []string
	why   string
}{
	{"graph", []string{"ingest", "analysis", "gql", "cmd", "web"}, "the model is what both sides share"},
	{"graph/arn", []string{"graph", "ingest", "analysis"}, "a leaf imports nothing of ours"},
	{"graph/sit", []string{"graph", "ingest", "analysis"}, "a leaf imports nothing of ours"},
	{"graph/boltstore", []string{"graph/neo4jstore"}, "stores do not know each other"},
	{"graph/neo4jstore", []string{"graph/boltstore"}, "stores do not know each other"},
	{"ingest", []string{"analysis", "gql", "cmd", "web"}, "data flows one way"},
	{"ingest/record", []string{"github.com/aws"}, "records are free of SDKs"},
	{"ingest/assemble", []string{"github.com/aws"}, "assembly is free of SDKs"},
	{"ingest/awscli", []string{"github.com/aws"}, "importers are free of SDKs"},
	{"ingest/gaad", []string{"github.com/aws"}, "importers are free of SDKs"},
	{"ingest/classify", []string{"github.com/aws"}, "classification is free of SDKs"},
	{"ingest/demo", []string{"github.com/aws"}, "the sample company is free of SDKs"},
	{"ingest/aws/operations", []string{"github.com/aws"}, "the list of operations is free of SDKs"},
	{"analysis", []string{"ingest", "gql", "cmd", "web", "graph/boltstore", "graph/neo4jstore", "github.com/aws"}, "analysis sees the graph alone"},
	{"analysis/policy", []string{"graph", "ingest", "analysis/permission", "analysis/attack", "analysis/reach"}, "the policy language is a leaf"},
	{"analysis/attack", []string{"analysis/policy", "analysis/permission", "analysis/reach", "analysis/route"}, "the vocabulary is a leaf"},
	{"analysis/permission", []string{"gonum.org", "analysis/reach", "analysis/route"}, "decisions do not search"},
	{"analysis/reach", []string{"analysis/policy", "analysis/permission", "analysis/route"}, "packets and policies are decided apart"},
	{"analysis/route", []string{"analysis/policy", "analysis/permission", "analysis/reach"}, "the search knows steps, not policies"},
	{"analysis/posture", []string{"analysis/route"}, "findings do not search"},
	{"gql", []string{"ingest", "cmd", "github.com/aws"}, "the API answers from the store"},
	{"cmd/cairn", []string{"github.com/aws"}, "the analyst's command holds no credentials"},
	{"cmd/cairn-aws", []string{"analysis", "gql", "graph/boltstore", "graph/neo4jstore"}, "the collector draws no conclusions"},
}

// exempt are dependencies that the matrix would forbid by prefix alone.
var exempt = map[string][]string{
	"graph/arn": {"graph/arn"}, "graph/sit": {"graph/sit"},
}

func TestLayering(t *testing.T) {
	deps := dependencies(t)
	for _, layer := range layers {
		for pkg, imports := range deps {
			if !within(pkg, module+layer.of) {
				continue
			}
			for _, dep := range imports {
				for _, never := range layer.never {
					if within(dep, qualified(never)) && !allowed(layer.of, dep) && dep != pkg {
						t.Errorf("%s depends on %s: %s", strings.TrimPrefix(pkg, module), strings.TrimPrefix(dep, module), layer.why)
					}
				}
			}
		}
	}
}

func qualified(name string) string {
	first, _, _ := strings.Cut(name, "/")
	if strings.Contains(first, ".") {
		return name
	}
	return module + name
}

func within(pkg, root string) bool { return pkg == root || strings.HasPrefix(pkg, root+"/") }

func allowed(of, dep string) bool {
	for _, e := range exempt[of] {
		if dep == module+e {
			return true
		}
	}
	return false
}

// dependencies lists what every package of the module depends on, test files
// left out.
func dependencies(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Deps", module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	deps := map[string][]string{}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p struct {
			ImportPath string
			Deps       []string
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return deps
		} else if err != nil {
			t.Fatal(err)
		}
		deps[p.ImportPath] = p.Deps
	}
}
