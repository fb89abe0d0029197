package report_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairn-security/cairn/analysis/report"
)

func TestPrincipals(t *testing.T) {
	_, r := run(t, clinic)
	doc, err := report.PrincipalsOf(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Name, Administrator string
		Escalation          string
		Conditions, Because bool
	}
	var got []row
	for _, p := range doc.Principals {
		x := row{Name: p.Node.Name, Administrator: p.AdministratorStatus, Because: len(p.Because) > 0}
		if (p.AdministratorStatus == "yes") != p.Administrator || p.Escalates != (p.Escalation != nil) {
			t.Errorf("%+v", p)
		}
		if p.Escalation != nil {
			x.Escalation = p.Escalation.Status.Status + " " + strings.Join(p.Escalation.Via, ",")
			x.Conditions = len(p.Escalation.Conditions) > 0
		}
		got = append(got, x)
	}
	slices.SortFunc(got, func(a, b row) int { return strings.Compare(a.Name, b.Name) })
	want := []row{
		{Name: "admin", Administrator: "yes", Because: true},
		{Name: "boss", Administrator: "yes", Because: true},
		{Name: "clerk", Administrator: "no"},
		{Name: "nina", Administrator: "no", Escalation: "decided assume-role,administrator"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// An escalation that needs conditions says which.
func TestConditionalEscalation(t *testing.T) {
	_, r := run(t, strings.Replace(clinic, "  allow sts:AssumeRole on role/admin\n", "", 1)+"role admin\n  -trust\n")
	doc, err := report.PrincipalsOf(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(doc.Principals, func(p report.Principal) bool { return p.Node.Name == "nina" })
	e := doc.Principals[i].Escalation
	if e == nil || e.Status.Status != "conditional" || len(e.Conditions) != 1 || e.Conditions[0][0].Key != "aws:SourceIp" {
		t.Errorf("%+v", e)
	}
}

func TestBlastSaysWhatEachStateRestsOn(t *testing.T) {
	e, r := run(t, clinic)
	doc, err := report.BlastOf(ctx, r, e.Ref("user/nina"))
	if err != nil {
		t.Fatal(err)
	}
	find := func(kind, name string) report.HeldState {
		i := slices.IndexFunc(doc.States, func(s report.HeldState) bool { return s.Kind == kind && s.Node.Name == name })
		if i < 0 {
			t.Fatalf("nina does not get %s %s: %+v", kind, name, doc.States)
		}
		return doc.States[i]
	}
	if s := find("controls", "nina"); s.Hops != 0 || s.Status.Status != "decided" || s.Likelihood.Value != 1 || s.Likelihood.Source != "derived" {
		t.Errorf("the start is %+v", s)
	}
	if s := find("reads", "records"); s.Hops != 1 || len(s.Via) != 1 || s.Likelihood.Source != "assumed" {
		t.Errorf("%+v", s)
	}
	if doc.Counts["controls"] != 4 {
		t.Errorf("counts %v", doc.Counts)
	}
	back, err := report.ExposureOf(ctx, r, e.Ref("bucket/records"))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(back.States, func(s report.HeldState) bool { return s.Node.Name == "nina" && s.Hops == 1 }) {
		t.Errorf("nina does not lead to the records: %+v", back.States)
	}
	unread, err := report.ExposureOf(ctx, r, e.Ref("222222222222:bucket/unread"))
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(unread.States, func(s report.HeldState) bool { return s.Node.ID == "internet" })
	if i < 0 {
		t.Fatalf("%+v", unread.States)
	}
	if s := unread.States[i]; s.Status.Status != "unknown" || len(s.Gaps) == 0 || s.Likelihood.Value != 0 || s.Likelihood.Lower != 0 || s.Likelihood.Upper == 0 {
		t.Errorf("what was not read counts above only: %+v", s)
	}
}
