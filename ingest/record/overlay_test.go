package record

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/cairn-security/cairn/graph"
)

func sets(t testing.TB, records ...Record) []graph.RecordSet {
	t.Helper()
	g := NewGrouper()
	for i := range records {
		if err := g.Add(&records[i]); err != nil {
			t.Fatal(err)
		}
	}
	list, err := g.Sets()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// said is a record about a bucket, short: outcome, hours after the first day,
// content.
func said(bucket string, o graph.Outcome, hour int, content string) Record {
	r := sample(0)
	r.Params, r.Outcome, r.ReadAt, r.Body = map[string]string{"Bucket": bucket}, o, day.Add(time.Duration(hour)*time.Hour), nil
	if content != "" {
		r.Body = json.RawMessage(`"` + content + `"`)
	}
	if !Answered(o) {
		r.Detail = "why"
	}
	if bucket == "" {
		r.Params = nil
	}
	return r
}

func summary(t testing.TB, list []graph.RecordSet) []string {
	t.Helper()
	var out []string
	for r, err := range UnpackAll(list) {
		if err != nil {
			t.Fatal(err)
		}
		line := fmt.Sprintf("%s %s %s", r.Params["Bucket"], r.Outcome, r.Body)
		if r.Stale {
			line += " stale"
		}
		if r.Detail != "" {
			line += " " + r.Detail
		}
		out = append(out, line)
	}
	return out
}

func TestOverlay(t *testing.T) {
	for _, c := range []struct {
		name         string
		base, update []Record
		want         []string
	}{
		{"answers replace", []Record{said("a", "ok", 0, "old")}, []Record{said("a", "ok", 1, "new")}, []string{`a ok "new"`}},
		{"empty replaces", []Record{said("a", "ok", 0, "old")}, []Record{said("a", "empty", 1, "")}, []string{`a empty `}},
		{"what was not asked stays", []Record{said("a", "ok", 0, "old"), said("b", "ok", 0, "old")}, []Record{said("b", "ok", 1, "new")},
			[]string{`a ok "old" stale`, `b ok "new"`}},
		{"a refusal keeps the old answer", []Record{said("a", "ok", 0, "old")}, []Record{said("a", "denied", 1, "")},
			[]string{`a ok "old" stale kept: denied at 2026-11-24T09:15:00Z: why`}},
		{"a refusal replaces a refusal", []Record{said("a", "throttled", 0, "")}, []Record{said("a", "denied", 1, "")}, []string{`a denied  why`}},
		{"an answer replaces a refusal", []Record{said("a", "denied", 0, "")}, []Record{said("a", "ok", 1, "new")}, []string{`a ok "new"`}},
		{"a part does not replace the whole", []Record{said("", "ok", 0, "old")}, []Record{said("", "truncated", 1, "part")},
			[]string{` ok "old" stale kept: truncated at 2026-11-24T09:15:00Z: why`}},
		{"the newest answer wins", []Record{said("a", "ok", 5, "later")}, []Record{said("a", "ok", 1, "earlier")}, []string{`a ok "later" stale`}},
		{"pages replace as a whole", []Record{said("", "ok", 0, "1"), said("", "ok", 0, "2")}, []Record{said("", "ok", 1, "all")}, []string{` ok "all"`}},
		{"not collected hides nothing", []Record{said("a", "ok", 0, "old")}, []Record{said("", "notCollected", 1, "")}, []string{`a ok "old" stale`}},
		{"collected now", []Record{said("", "notCollected", 0, "")}, []Record{said("a", "ok", 1, "new")}, []string{`a ok "new"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			merged, err := Overlay(sets(t, c.base...), sets(t, c.update...))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, summary(t, merged)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSlicesOfOneReadingOnly(t *testing.T) {
	other := said("a", "ok", 0, "old")
	other.Service = "kms"
	merged, err := Overlay(sets(t, other), sets(t, said("a", "denied", 1, "")))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, set := range merged {
		got = append(got, set.Service+" "+string(set.Outcome))
	}
	if diff := cmp.Diff([]string{"kms ok", "s3 denied"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestOverlayRules checks what holds for any two readings: no resource is
// lost, none is invented, and an answer never gives way to a refusal.
func TestOverlayRules(t *testing.T) {
	reading := func(t *rapid.T, label string, hour int) map[string]Record {
		m := map[string]Record{}
		for _, name := range rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 0, 4).Draw(t, label) {
			o := rapid.SampledFrom(severities).Draw(t, label+" outcome")
			content := ""
			if o == graph.OutcomeOK || o == graph.OutcomeTruncated {
				content = label
			}
			m[name] = said(name, o, hour, content)
		}
		return m
	}
	rapid.Check(t, func(t *rapid.T) {
		before, after := reading(t, "before", 0), reading(t, "after", 1)
		merged, err := Overlay(packed1(t, before), packed1(t, after))
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]Record{}
		for r, err := range UnpackAll(merged) {
			if err != nil {
				t.Fatal(err)
			}
			got[r.Params["Bucket"]] = r
		}
		for _, name := range []string{"a", "b", "c", "d"} {
			b, inB := before[name]
			a, inA := after[name]
			g, in := got[name]
			if in && !inA && !inB {
				t.Fatalf("%s was invented", name)
			}
			if (Answered(a.Outcome) && inA || Answered(b.Outcome) && inB) && (!in || !Answered(g.Outcome)) {
				t.Fatalf("%s: an answer was lost: %v and %v gave %v", name, b.Outcome, a.Outcome, g.Outcome)
			}
			if inA && Answered(a.Outcome) && (g.Outcome != a.Outcome || g.Stale) {
				t.Fatalf("%s: the newer answer does not stand: %+v", name, g)
			}
		}
	})
}

func packed1(t *rapid.T, m map[string]Record) []graph.RecordSet {
	g := NewGrouper()
	for _, r := range m {
		if err := g.Add(&r); err != nil {
			t.Fatal(err)
		}
	}
	list, err := g.Sets()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestSetsDescribeTheirRecords(t *testing.T) {
	list := sets(t, said("a", "ok", 1, strings.Repeat("x", blockSize)), said("b", "denied", 3, ""), said("c", "ok", 2, strings.Repeat("y", 10)))
	if len(list) != 1 {
		t.Fatalf("%d sets", len(list))
	}
	s := list[0]
	if s.Outcome != graph.OutcomeDenied || s.Counts["ok"] != 2 || s.Counts["denied"] != 1 || !s.ReadAt.Equal(day.Add(3*time.Hour)) {
		t.Errorf("set is %+v", s)
	}
	if got := summary(t, list); len(got) != 3 { // in more than one block
		t.Errorf("%d records came back", len(got))
	}
	s.Blob = s.Blob[:len(s.Blob)/2]
	failed := false
	for _, err := range Unpack(s) {
		failed = failed || err != nil
	}
	if !failed {
		t.Error("half a blob reads without an error")
	}
}
