package reach_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/reach"
)

type networkCase struct {
	ID          string          `json:"id"`
	Fixture     string          `json:"fixture_dir"`
	Source      string          `json:"source"`
	Destination string          `json:"destination"`
	SrcIP       string          `json:"src_ip"`
	DstIP       string          `json:"dst_ip"`
	SrcPort     int             `json:"src_port"`
	Protocol    string          `json:"protocol"`
	Port        json.RawMessage `json:"port"`
	Checks      string          `json:"checks"`
	Layer       string          `json:"layer"`
	Expected    string          `json:"expected"`
	Where       string          `json:"where_blocked"`
	Basis       string          `json:"basis"`
	Trust       string          `json:"trust"`
	Note        string          `json:"note"`
}

func (c *networkCase) options() reach.Options {
	o := reach.Options{Protocol: c.Protocol, SourcePort: c.SrcPort, Forward: c.Checks == "forward", Policy: anonymousPolicy}
	o.SourceAddress, _ = netip.ParseAddr(c.SrcIP)
	o.DestAddress, _ = netip.ParseAddr(c.DstIP)
	var pair []int
	var text string
	switch {
	case json.Unmarshal(c.Port, &pair) == nil && len(pair) == 2:
		o.ICMP = fmt.Sprintf("%d/%d", pair[0], pair[1])
	case json.Unmarshal(c.Port, &o.Port) == nil:
	case json.Unmarshal(c.Port, &text) == nil:
		o.ICMP = text
	}
	return o
}

// anonymousPolicy is as much of policy evaluation as the cases need: allow
// statements for everybody, with a condition on the caller's address or none.
func anonymousPolicy(r *reach.Resource, action string) *attack.Decision {
	var doc struct {
		Statement []struct {
			Effect    string
			Condition map[string]map[string]any
		}
	}
	if len(r.PolicyDocument()) > 0 && json.Unmarshal(r.PolicyDocument(), &doc) != nil {
		return &attack.Decision{Allowed: true, Status: attack.Unknown}
	}
	for _, s := range doc.Statement {
		if s.Effect != "Allow" {
			continue
		}
		if len(s.Condition) == 0 {
			return &attack.Decision{Allowed: true}
		}
		d := &attack.Decision{Allowed: true, Status: attack.Conditional}
		for op, keys := range s.Condition {
			for k, v := range keys {
				d.Conditions = append(d.Conditions, []attack.Condition{{Key: k, Operator: op, Values: []string{fmt.Sprint(v)}}})
			}
		}
		return d
	}
	return &attack.Decision{}
}

// TestConformance answers every case. Cases of high trust that a document or
// another tool's tests assert must agree; for the rest differences are listed
// with our reason.
func TestConformance(t *testing.T) {
	root := filepath.Join(conformance(t), "network")
	raw, err := os.ReadFile(filepath.Join(root, "cases.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	estates := map[string]*reach.Estate{}
	type tally struct{ agree, differ int }
	tallies := map[string]*tally{}
	lines := bufio.NewScanner(bytes.NewReader(raw))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c networkCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		est := estates[c.Fixture]
		if est == nil {
			est = load(t, filepath.Join(root, "fixtures", c.Fixture))
			estates[c.Fixture] = est
		}
		key := c.Basis + " " + c.Trust
		if tallies[key] == nil {
			tallies[key] = &tally{}
		}
		a, err := est.Query(c.Source, c.Destination, c.options())
		got, why := "error", ""
		if err != nil {
			why = err.Error()
		} else {
			got = string(a.Verdict)
			if a.BlockedBy != nil {
				why = a.BlockedBy.Element + ": " + a.BlockedBy.Why
			}
			if a.Verdict == reach.Unknown {
				why = strings.Join(a.Missing, "; ")
			}
		}
		if testing.Verbose() && got == "blocked" {
			t.Logf("%s: ours %q, theirs %s", c.ID, why, c.Where)
		}
		if got == c.Expected {
			tallies[key].agree++
			continue
		}
		tallies[key].differ++
		report := t.Logf
		if c.Trust == "high" && c.Basis != "derived" {
			report = t.Errorf
		}
		report("%s (%s, trust %s): %s -> %s %s %s: got %s, want %s (%s); %s", c.ID, c.Basis, c.Trust, c.Source, c.Destination, c.Protocol, c.Port, got, c.Expected, c.Where, why)
	}
	for key, n := range tallies {
		t.Logf("%-24s agree %3d, differ %d", key, n.agree, n.differ)
	}
}
