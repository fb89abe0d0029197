package main

import (
	"testing"

	"github.com/cairn-security/cairn/analysis/report"
)

// TestBlastSaysWhatItRestsOn: a conditional state names its conditions, an
// unknown one its gaps, a decided one neither; what needs no luck is derived.
func TestBlastSaysWhatItRestsOn(t *testing.T) {
	store := copyOfDemo(t)
	seen := map[string]int{}
	for _, args := range [][]string{{"internet"}, {"any-aws-principal"}, {"vendor-readonly"}, {"bi-server"}, {"jenkins"}, {"legacy-admin"}, {"ci-runner"}, {"999900001111"}, {"999900002222"}, {"nwc-patient-exports", "--to"}, {"nwc-backup-vault", "--to"}} {
		doc := ask[report.Blast](t, append([]string{"blast", "--store", store}, args...)...)
		for _, s := range doc.States {
			seen[s.Status.Status]++
			if (s.Status.Status == "conditional") != (len(s.Conditions) > 0) && s.Status.Status != "unknown" {
				t.Errorf("%v: %s %s is %s under %d conditions", args, s.Kind, s.Node.Name, s.Status.Status, len(s.Conditions))
			}
			if (s.Status.Status == "unknown") != (len(s.Gaps) > 0) {
				t.Errorf("%v: %s %s is %s with %d gaps", args, s.Kind, s.Node.Name, s.Status.Status, len(s.Gaps))
			}
			if s.Hops == 0 && (s.Likelihood.Value != 1 || s.Likelihood.Source != "derived") {
				t.Errorf("%v: %s %s is held at the start with %v", args, s.Kind, s.Node.Name, s.Likelihood)
			}
		}
	}
	for _, status := range []string{"decided", "conditional", "unknown"} {
		if seen[status] == 0 {
			t.Errorf("no state is %s: %v", status, seen)
		}
	}
}

// TestBlastOfWhatHoldsNothing: a bucket, a load balancer, a security group hold
// no credentials; what others can do is not their blast radius.
func TestBlastOfWhatHoldsNothing(t *testing.T) {
	store := copyOfDemo(t)
	for _, c := range []struct {
		node string
		want []string // names of the nodes it leads to, itself left out
	}{
		{"nwc-newsletter", nil}, {"patient-portal", nil}, {"portal-web-sg", nil}, {"nwc-cloudtrail", nil},
		{"nwc-public-site", []string{"svc-site-deploy"}}, // a key lies in it
	} {
		doc := ask[report.Blast](t, "blast", c.node, "--store", store)
		seen := map[string]bool{}
		for _, s := range doc.States {
			if s.Node.Name != c.node {
				seen[s.Node.Name] = true
			}
		}
		if len(c.want) == 0 && len(seen) > 0 {
			t.Errorf("%s leads to %v", c.node, seen)
		}
		for _, name := range c.want {
			if !seen[name] {
				t.Errorf("%s does not lead to %s but to %v", c.node, name, seen)
			}
		}
	}
}
