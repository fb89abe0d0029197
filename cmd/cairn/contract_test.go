package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// contract lists, per schema, paths that must be present in every document
// ("*" stands for every element of a list). A trailing "?" allows null.
var contract = map[string][]string{
	"cairn.paths/v1": {"snapshot", "truncated", "targets.reached", "targets.unknown", "targets.noPathSeen", "families.*.id", "families.*.rank", "families.*.entry.id",
		"families.*.entryKind", "families.*.target.kind", "families.*.outcome", "families.*.status", "families.*.conditions", "families.*.gaps", "families.*.assumptions",
		"families.*.likelihood.value", "families.*.likelihood.lower", "families.*.likelihood.upper", "families.*.likelihood.source", "families.*.risk", "families.*.riskInterval",
		"families.*.level", "families.*.count", "families.*.behind", "families.*.title", "families.*.detections", "families.*.choke", "families.*.closedBy",
		"families.*.paths.*.id", "families.*.paths.*.status", "families.*.paths.*.steps.*.technique", "families.*.paths.*.steps.*.title", "families.*.paths.*.steps.*.attack",
		"families.*.paths.*.steps.*.premises.*.kind", "families.*.paths.*.steps.*.premises.*.node.id", "families.*.paths.*.steps.*.premises.*.qualifier?", "families.*.paths.*.steps.*.premises.*.port?",
		"families.*.paths.*.steps.*.conclusion.kind", "families.*.paths.*.steps.*.status", "families.*.paths.*.steps.*.likelihood.source", "families.*.paths.*.steps.*.checks",
		"families.*.paths.*.steps.*.evidence.*.node.id", "families.*.paths.*.steps.*.evidence.*.document", "families.*.paths.*.steps.*.evidence.*.pointer", "families.*.paths.*.steps.*.evidence.*.lines?",
		"families.*.paths.*.steps.*.evidence.*.sid?", "families.*.paths.*.steps.*.evidence.*.text", "families.*.paths.*.steps.*.evidence.*.call", "families.*.paths.*.steps.*.evidence.*.readAt?",
		"families.*.paths.*.steps.*.verify"},
	"cairn.blast/v1":      {"from.id", "states.*.kind", "states.*.node.id", "states.*.status", "states.*.likelihood.value", "states.*.hops", "states.*.via", "counts"},
	"cairn.choke/v1":      {"points.*.mandatory", "points.*.riskRemoved", "points.*.reach"},
	"cairn.principals/v1": {"principals.*.node.id", "principals.*.administrator", "principals.*.administratorStatus", "principals.*.residualDenies", "principals.*.escalates", "principals.*.escalation?", "principals.*.because", "principals.*.conditions"},
	"cairn.decision/v1":   {"decision", "explicit", "conditions", "reasons.*.policy", "reasons.*.effect", "reasons.*.pointer", "missing"},
	"cairn.whocan/v1":     {"everyone", "principals.*.node.id", "principals.*.decision"},
	"cairn.reach/v1":      {"from", "to", "verdict", "network.verdict", "service?", "layer", "ranges", "chain.*.element", "chain.*.rule", "chain.*.decision", "blockedBy?", "opens?", "missing"},
	"cairn.exposed/v1":    {"endpoints.*.node.id", "endpoints.*.class", "endpoints.*.layer", "endpoints.*.assumed", "endpoints.*.ranges", "endpoints.*.chain"},
	"cairn.data/v1": {"datastores.*.node.id", "datastores.*.types", "datastores.*.label?", "datastores.*.critical", "datastores.*.regimes", "datastores.*.source", "datastores.*.discovery",
		"datastores.*.catalogue?", "datastores.*.bound?", "datastores.*.scannedAt?", "datastores.*.bytes?", "datastores.*.records?", "datastores.*.unreadable", "datastores.*.exposure",
		"datastores.*.encryption.atRest", "datastores.*.encryption.key?", "datastores.*.encryption.inTransit", "datastores.*.access.read?", "datastores.*.access.anonymous", "datastores.*.violations", "datastores.*.bestPath?"},
	"cairn.plan/v1": {"fixes.*.id", "fixes.*.title", "fixes.*.kind", "fixes.*.node.id", "fixes.*.effort", "fixes.*.riskRemoved", "fixes.*.closes", "fixes.*.breaks?", "fixes.*.artefacts.policyDiff?",
		"fixes.*.artefacts.cli", "fixes.*.artefacts.terraform?", "fixes.*.artefacts.markdown", "certificate?", "unclosable", "curve?"},
	"cairn.findings/v1": {"findings.*.id", "findings.*.rule", "findings.*.severity", "findings.*.priority", "findings.*.status", "findings.*.label?", "findings.*.node.id", "findings.*.title",
		"findings.*.evidence", "findings.*.controls.*.framework", "findings.*.controls.*.id", "findings.*.onPaths"},
	"cairn.coverage/v1":  {"tasks.ok", "gaps.*.id", "gaps.*.account", "gaps.*.region", "gaps.*.service", "gaps.*.operation", "gaps.*.outcome", "gaps.*.detail", "gaps.*.affects"},
	"cairn.snapshots/v1": {"snapshots.*.id", "snapshots.*.takenAt", "snapshots.*.nodes"},
}

func TestDocumentsKeepTheContract(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	store := "file:" + filepath.Join(t.TempDir(), "demo.db")
	if code, _, stderr := cairn(t, "demo", "--no-serve", "--quiet", "--store", store); code != exitDone {
		t.Fatalf("cairn demo exits with %d: %s", code, stderr)
	}
	seen := map[string]bool{}
	for _, args := range [][]string{
		{"paths"}, {"paths", "--to", "nwc-analytics-lake"}, {"blast", "jenkins"}, {"blast", "--to", "nwc-patient-exports"}, {"choke"}, {"principals"},
		{"can", "vendor-readonly", "s3:GetObject", "nwc-patient-exports"}, {"who-can", "s3:GetObject", "nwc-patient-exports"},
		{"reach", "internet", "bastion", "--port", "22"}, {"reach", "internet", "legacy-booking"}, {"exposed"}, {"data"}, {"data", "nwc-staff-hr"},
		{"fix"}, {"findings", "--all"}, {"coverage"}, {"snapshots"},
	} {
		all := append(args, "--json", "--quiet", "--store", store)
		code, first, stderr := cairn(t, all...)
		if code != exitDone {
			t.Errorf("cairn %v exits with %d: %s", args, code, stderr)
			continue
		}
		if !strings.HasPrefix(first, "{\n  \"schema\": \"cairn.") {
			t.Errorf("cairn %v does not start with its schema: %.60s", args, first)
		}
		if _, second, _ := cairn(t, all...); second != first {
			t.Errorf("cairn %v prints something else the second time", args)
		}
		var doc map[string]any
		if err := json.Unmarshal([]byte(first), &doc); err != nil {
			t.Errorf("cairn %v: %v", args, err)
			continue
		}
		schema, _ := doc["schema"].(string)
		seen[schema] = true
		for _, path := range contract[schema] {
			check(t, strings.Join(args, " ")+": ", doc, strings.Split(path, "."), path)
		}
	}
	for schema := range contract {
		if !seen[schema] {
			t.Errorf("no command printed %s", schema)
		}
	}
}

// check walks one path of the contract through a document.
func check(t *testing.T, where string, at any, path []string, whole string) {
	t.Helper()
	if len(path) == 0 {
		return
	}
	if path[0] == "*" {
		list, ok := at.([]any)
		if !ok {
			t.Errorf("%s%s: no list", where, whole)
		}
		for _, item := range list {
			check(t, where, item, path[1:], whole)
		}
		return
	}
	key, nullable := strings.CutSuffix(path[0], "?")
	object, ok := at.(map[string]any)
	if !ok {
		t.Errorf("%s%s: no object", where, whole)
		return
	}
	value, ok := object[key]
	switch {
	case !ok:
		t.Errorf("%s%s is missing", where, whole)
	case value == nil && !nullable:
		t.Errorf("%s%s is null", where, whole)
	case value != nil:
		check(t, where, value, path[1:], whole)
	}
}
