package assemble

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairn-security/cairn/graph"
)

// short leaves out of an id what is the same everywhere in these tests.
var short = strings.NewReplacer("arn:aws:", "", ":eu-west-1:"+account+":", ":", "::"+account+":", ":")

// wantGraph compares every edge but those from the account to what stands in
// it, one "FROM KIND TO" a line, and every node that nothing described.
func wantGraph(t *testing.T, s *graph.Snapshot, want string) {
	t.Helper()
	var lines []string
	for ref := range s.Refs() {
		from := s.Node(ref)
		if from.Kind == graph.KindGap {
			continue
		}
		for kind, to := range s.Out(ref) {
			if kind == graph.EdgeContains && from.Kind == graph.KindAccount {
				continue
			}
			lines = append(lines, short.Replace(from.ID)+" "+kind.String()+" "+short.Replace(s.Node(to).ID))
		}
	}
	for _, ref := range s.ByKind(graph.KindUnknown) {
		lines = append(lines, "unknown "+short.Replace(s.Node(ref).ID))
	}
	slices.Sort(lines)
	wanted := strings.Split(strings.TrimSpace(want), "\n")
	for i := range wanted {
		wanted[i] = strings.TrimSpace(wanted[i])
	}
	slices.Sort(wanted)
	if diff := cmp.Diff(strings.Join(wanted, "\n"), strings.Join(lines, "\n")); diff != "" {
		t.Errorf("graph (-want +got):\n%s", diff)
	}
}

// name is the full id of a short one with a region.
func regionalID(service, resource string) string {
	return "arn:aws:" + service + ":eu-west-1:" + account + ":" + resource
}
