package report_test

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/analysistest"
	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/settings"
)

var ctx = context.Background()

// run analyses a scenario; set changes the settings first.
func run(t *testing.T, text string, set ...func(*settings.Settings)) (*analysistest.Estate, *analysis.Result) {
	t.Helper()
	e, err := analysistest.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	opts := analysis.Options{Marks: e.Marks, Settings: settings.Default()}
	opts.Entries.Breached = e.From
	for _, f := range set {
		f(opts.Settings)
	}
	r, err := analysis.Run(ctx, e.Snap, opts)
	if err != nil {
		t.Fatal(err)
	}
	return e, r
}

// clinic has a path of every status, an administrator, and what is closed.
const clinic = `
account 222222222222
bucket unread
  label Confidential
gap denied s3 GetBucketPolicy bucket/unread
account 111111111111
from user/nina
user nina
  allow s3:GetObject on bucket/records/*
  allow sts:AssumeRole on role/admin
  allow iam:CreateAccessKey on user/boss if {"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}
role admin
  trusts arn:aws:iam::111111111111:root
  allow * on *
  deny s3:* on bucket/vault,bucket/vault/* 
user boss
  allow * on *
user clerk
bucket records
  label Confidential
bucket open
  label Confidential
  policy {"Version":"2012-10-17","Statement":[{"Sid":"Public","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::open/*"}]}
bucket vault
  label Highly Confidential
bucket plain
`

// No list of any document is null: scripts walk them.
func TestListsAreNeverNull(t *testing.T) {
	e, r := run(t, clinic)
	principals, err := report.PrincipalsOf(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	paths, err := report.PathsOf(ctx, r, report.PathsOptions{AllPaths: true, Fixes: true})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := report.PlanOf(ctx, r, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	chokes, err := report.ChokesOf(ctx, r, graph.NoRef)
	if err != nil {
		t.Fatal(err)
	}
	blast, err := report.BlastOf(ctx, r, e.Ref("user/nina"))
	if err != nil {
		t.Fatal(err)
	}
	for _, doc := range []any{principals, paths, plan, chokes, blast, report.DataOf(r, graph.NoRef), report.FindingsOf(r, true), report.CoverageOf(r), report.ExposedOf(r)} {
		v := reflect.ValueOf(doc).Elem()
		if schema := v.FieldByName("Schema").String(); !strings.HasPrefix(schema, "cairn.") {
			t.Errorf("%T has schema %q", doc, schema)
		}
		nulls(t, v.Type().Name(), v)
	}
}

// nulls walks a document; raw JSON and what is left out when empty may be nil,
// and so may the lines of an absence.
func nulls(t *testing.T, path string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			nulls(t, path, v.Elem())
		}
	case reflect.Slice:
		if v.IsNil() && v.Type().Elem().Kind() != reflect.Uint8 && !strings.HasSuffix(path, ".Lines") {
			t.Errorf("%s is null", path)
		}
		for i := range v.Len() {
			nulls(t, path, v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.IsExported() && !strings.Contains(f.Tag.Get("json"), "omitempty") {
				nulls(t, path+"."+f.Name, v.Field(i))
			}
		}
	}
}

func TestPaths(t *testing.T) {
	_, r := run(t, clinic)
	doc, err := report.PathsOf(ctx, r, report.PathsOptions{AllPaths: true, Fixes: true})
	if err != nil {
		t.Fatal(err)
	}
	if doc.Targets != (report.Targets{Reached: 3, Unknown: 1}) {
		t.Errorf("%+v", doc.Targets)
	}
	for i, f := range doc.Families {
		if f.Rank != i+1 || f.Title == "" || f.Count != len(f.Paths) {
			t.Errorf("%+v", f)
		}
		if unknown := f.Status.Status == "unknown"; unknown != (f.Likelihood.Upper > 0 && f.Likelihood.Value == 0) || unknown != (len(f.Gaps) > 0) {
			t.Errorf("%s: %s with likelihood %+v, gaps %v", f.Title, f.Status.Status, f.Likelihood, f.Gaps)
		}
		for _, p := range f.Paths {
			inOrder(t, &p)
		}
	}
	i := slices.IndexFunc(doc.Families, func(f report.Family) bool { return f.Target.Name == "open" && f.EntryKind == "internet" })
	if i < 0 {
		t.Fatal("the open bucket is on no path")
	}
	open := doc.Families[i]
	if len(open.ClosedBy) != 2 || open.Outcome != "read" || *open.Label != "Confidential" || open.Status.Status != "decided" {
		t.Errorf("%+v", open)
	}
	evidence := open.Paths[0].Steps[0].Evidence
	j := slices.IndexFunc(evidence, func(e report.Evidence) bool { return e.Sid != nil && *e.Sid == "Public" })
	if j < 0 || len(evidence[j].Lines) != 2 || evidence[j].Lines[0] < 1 || evidence[j].Document != "arn:aws:s3:::open#policy" || evidence[j].Call == "" || evidence[j].ReadAt == nil {
		t.Errorf("the deciding statement is not shown: %+v", evidence)
	}
	top, err := report.PathsOf(ctx, r, report.PathsOptions{Top: 1})
	if err != nil || len(top.Families) != 1 || len(top.Families[0].Paths) != 1 || len(top.Families[0].ClosedBy) != 0 {
		t.Errorf("the first alone: %+v, %v", top, err)
	}
}

// inOrder: every premise is held from the start or concluded before it is used,
// and each step's likelihood is the product of its factors.
func inOrder(t *testing.T, p *report.Path) {
	t.Helper()
	concluded := map[string]bool{}
	for _, s := range p.Steps {
		concluded[s.Conclusion.Kind+s.Conclusion.Node.ID] = true
	}
	held := map[string]bool{}
	for _, s := range p.Steps {
		for _, q := range s.Premises {
			if key := q.Kind + q.Node.ID; concluded[key] && !held[key] {
				t.Errorf("%s: %s is used before it is concluded", p.ID, key)
			}
		}
		held[s.Conclusion.Kind+s.Conclusion.Node.ID] = true
		product := 1.0
		for _, f := range s.Factors {
			product *= f.Value
		}
		if s.Likelihood.Upper != product || len(s.Evidence)+len(s.Gaps) == 0 || len(s.Checks) == 0 || strings.Contains(s.Title, "{") {
			t.Errorf("%+v", s)
		}
	}
}

func TestFixes(t *testing.T) {
	_, r := run(t, clinic)
	plan, err := report.PlanOf(ctx, r, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	find := func(kind string) report.Fix {
		i := slices.IndexFunc(plan.Fixes, func(f report.Fix) bool { return f.Kind == kind && f.Node.Name == "open" })
		if i < 0 {
			t.Fatalf("no %s among %+v", kind, plan.Fixes)
		}
		return plan.Fixes[i]
	}
	block := find("block public access")
	if d := block.Artefacts.PolicyDiff; d == nil || d.Before != "" || !strings.Contains(d.After, "RestrictPublicBuckets") {
		t.Errorf("a block that was not there: %+v", block.Artefacts)
	}
	statement := find("bucket policy")
	if d := statement.Artefacts.PolicyDiff; d == nil || !strings.Contains(d.Before, "Public") || strings.Contains(d.After, "Public") {
		t.Errorf("%+v", statement.Artefacts)
	}
	for _, f := range plan.Fixes {
		nullsExplained(t, f)
		if f.RiskRemoved[0] > f.RiskRemoved[1] || f.RiskRemoved[1] > f.RiskRemoved[2] || f.Closes != len(f.Families) {
			t.Errorf("%+v", f)
		}
	}
	cheap, err := report.PlanOf(ctx, r, nil, 1)
	if err != nil || slices.ContainsFunc(cheap.Fixes, func(f report.Fix) bool { return f.Effort > 1 }) {
		t.Errorf("over budget: %+v, %v", cheap, err)
	}
	only, err := report.PlanOf(ctx, r, func(f *analysis.Family) bool { return r.Snap.Node(f.Node).Name == "open" }, 0)
	if err != nil || len(only.Fixes) != 2 || len(only.Unclosable) != 0 {
		t.Errorf("fixes of the open bucket: %+v, %v", only, err)
	}
}

// nullsExplained: what is null has a reason, what has a reason is null.
func nullsExplained(t *testing.T, f report.Fix) {
	t.Helper()
	for field, null := range map[string]bool{"breaks": f.Breaks == nil, "terraform": f.Artefacts.Terraform == nil, "policyDiff": f.Artefacts.PolicyDiff == nil} {
		if (f.Why[field] != "") != null {
			t.Errorf("%s: %s null is %v, because %q", f.Title, field, null, f.Why[field])
		}
	}
}

func TestFindings(t *testing.T) {
	_, r := run(t, clinic)
	names := func(all bool) map[string]string {
		got := map[string]string{}
		for _, f := range report.FindingsOf(r, all).Findings {
			if f.Rule == "AWS-S3-001" {
				got[f.Node.Name] = f.Status
			}
		}
		return got
	}
	if diff := cmp.Diff(map[string]string{"open": "fail", "unread": "unknown"}, names(false)); diff != "" {
		t.Error(diff)
	}
	if all := names(true); len(all) != 5 || all["plain"] != "pass" {
		t.Errorf("%v", all)
	}
	first := report.FindingsOf(r, false).Findings[0]
	if first.Node.Name != "open" || first.OnPaths == 0 || *first.Label != "Confidential" || len(first.Evidence) == 0 || len(first.Controls) == 0 {
		t.Errorf("%+v", first)
	}
}
