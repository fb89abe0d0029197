package main

import (
	"strings"
	"testing"

	"github.com/cairn-security/cairn/analysis/report"
)

// TestFindingsOnPaths: a finding counts the families that use what it is about,
// whichever of the interchangeable nodes it is.
func TestFindingsOnPaths(t *testing.T) {
	doc := ask[report.Findings](t, "findings", "--store", copyOfDemo(t))
	for _, c := range []struct {
		rule, node string
		on         bool
	}{
		{"AWS-EC2-004", "portal-web-1", true}, {"AWS-EC2-004", "portal-web-2", true}, {"AWS-EC2-004", "portal-web-3", true}, {"AWS-EC2-004", "portal-web-4", true},
		{"AWS-EC2-004", "legacy-booking", false}, {"AWS-EC2-004", "dev-box", false},
		{"AWS-S3-001", "nwc-staff-hr", true}, {"AWS-S3-001", "nwc-backup-vault", false},
	} {
		found := false
		for _, f := range doc.Findings {
			if f.Rule != c.rule || f.Node.Name != c.node {
				continue
			}
			found = true
			if (f.OnPaths > 0) != c.on {
				t.Errorf("%s of %s is on %d paths, want some: %v", c.rule, c.node, f.OnPaths, c.on)
			}
		}
		if !found {
			t.Errorf("no finding %s of %s: %s", c.rule, c.node, strings.Join(rulesOf(&doc), " "))
		}
	}
}

func rulesOf(doc *report.Findings) (rules []string) {
	for _, f := range doc.Findings {
		rules = append(rules, f.Rule+":"+f.Node.Name)
	}
	return rules
}
