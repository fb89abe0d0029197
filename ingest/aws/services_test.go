package aws

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairn-security/cairn/ingest/aws/operations"
)

// What the tables call is what the policy grants and the middleware lets pass:
// nothing missing, nothing more.
func TestTablesAndOperationsAgree(t *testing.T) {
	called := map[string]bool{"sts:AssumeRole": true, "ec2:DescribeRegions": true, "iam:GenerateCredentialReport": true}
	for _, s := range allServices(&Options{}) {
		for _, r := range s.operations {
			called[s.name+":"+r.operation] = true
		}
	}
	listed := map[string]bool{}
	for _, s := range operations.All() {
		for _, op := range s.Operations {
			listed[s.Name+":"+op.Name] = true
		}
	}
	if diff := cmp.Diff(listed, called); diff != "" {
		t.Errorf("listed (-) and called (+) differ:\n%s", diff)
	}
}

func TestNoDataLeavesOutTheDataBlock(t *testing.T) {
	for _, s := range allServices(&Options{NoData: true}) {
		for _, r := range s.operations {
			if op, ok := operations.Find(s.name, r.operation); !ok || op.Block == operations.Data {
				t.Errorf("%s %s would be called", s.name, r.operation)
			}
		}
	}
}

// A reply that names a next page must be one whose next page is asked for: a
// token under a name that nobody knows would silently cut a listing.
func TestEveryTokenIsFollowed(t *testing.T) {
	checked := 0
	for _, s := range allServices(&Options{}) {
		for _, r := range s.operations {
			if r.in == nil || pagerOf(r.in, r.out).pages() {
				continue
			}
			checked++
			for i := range r.out.NumField() {
				name := r.out.Field(i).Name
				if strings.Contains(name, "Token") || strings.Contains(name, "Marker") || strings.Contains(name, "Truncated") {
					t.Errorf("%s %s: nothing follows %s", s.name, r.operation, name)
				}
			}
		}
	}
	if checked < 30 {
		t.Errorf("only %d operations without pages", checked)
	}
}

func TestLevels(t *testing.T) {
	var order []string
	for _, level := range levels(organizationsTable) {
		for _, r := range level {
			order = append(order, r.operation())
		}
	}
	before := func(a, b string) {
		if slices.Index(order, a) >= slices.Index(order, b) {
			t.Errorf("%s must come before %s: %v", a, b, order)
		}
	}
	before("ListRoots", "ListOrganizationalUnitsForParent")
	before("ListOrganizationalUnitsForParent", "ListAccountsForParent")
	before("ListPolicies", "DescribePolicy")
}
