package reach_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/graph"
)

// Both sides of a question are named as nodes are everywhere; of several with
// one name those are meant that packets reach.
func TestSides(t *testing.T) {
	nodes := publicHost()
	nodes["arn:aws:iam::111122223333:role/pg"] = oddItem{graph.KindRole, `{}`}
	nodes["arn:aws:iam::111122223333:role/app"] = oddItem{graph.KindRole, `{}`}
	nodes[prefix+"instance/i-2"] = oddItem{graph.KindInstance, `{"InstanceId":"i-2","State":{"Name":"running"},"Tags":[{"Key":"Name","Value":"twin"}]}`}
	nodes[prefix+"instance/i-3"] = oddItem{graph.KindInstance, `{"InstanceId":"i-3","State":{"Name":"running"},"Tags":[{"Key":"Name","Value":"twin"}]}`}
	snap := snapshot(t, nodes)
	est := reach.FromSnapshot(snap)
	for _, c := range []struct{ arg, want, problem string }{
		{"internet", "internet", ""},
		{"onprem", "onprem", ""},
		{"ip:10.0.1.5", "ip:10.0.1.5", ""},
		{prefix + "instance/i-1", prefix + "instance/i-1", ""},
		{"i-1", "i-1", ""},
		{"web", "web", ""},
		{"vpc-1", "vpc-1", ""},
		{"eni-1", "eni-1", ""},
		{"pg", prefix + "db/pg", ""},
		{"db/pg", prefix + "db/pg", ""},
		{"app", "", "neither sends nor takes packets"},
		{"sg-db", "", "neither sends nor takes packets"},
		{"nothing", "", "no node has the id or name"},
		{"", "", "no node has the id or name"},
	} {
		got, err := est.Side(snap, c.arg)
		switch {
		case c.problem == "" && (err != nil || got != c.want):
			t.Errorf("%q: %q, %v; want %q", c.arg, got, err, c.want)
		case c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)):
			t.Errorf("%q: %q, %v; want an error that says %q", c.arg, got, err, c.problem)
		}
		if c.problem == "" {
			if _, err := est.Query("internet", got, reach.Options{}); err != nil {
				t.Errorf("%q as a side: %v", c.arg, err)
			}
		}
	}
	var several *graph.AmbiguousError
	if _, err := est.Side(snap, "twin"); !errors.As(err, &several) || len(several.Candidates) != 2 {
		t.Errorf("twin: %v, want both candidates", err)
	}
}
