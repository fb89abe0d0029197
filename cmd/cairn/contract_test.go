package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// document decodes what a command printed with --json and holds it to the
// contract of its schema.
func document(t *testing.T, where, text string) (schema string) {
	t.Helper()
	if !strings.HasPrefix(text, "{\n  \"schema\": \"cairn.") {
		t.Errorf("%s does not start with its schema: %.60s", where, text)
	}
	var doc map[string]any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Errorf("%s: %v", where, err)
		return ""
	}
	schema, _ = doc["schema"].(string)
	if objectTypes[schema] == nil {
		t.Errorf("%s: the contract has no %s", where, schema)
		return ""
	}
	complain(t, where, departures("", schema, doc))
	return schema
}

// complain prints the first few departures: the others are mostly the same.
func complain(t *testing.T, where string, all []string) {
	t.Helper()
	const shown = 8
	for i, d := range all {
		if i == shown {
			t.Errorf("%s: %d more", where, len(all)-shown)
			return
		}
		t.Errorf("%s: %s", where, d)
	}
}

// TestDocumentsKeepTheContract: every command's document has every field of the
// contract in its type, and is the same whenever it is asked for.
func TestDocumentsKeepTheContract(t *testing.T) {
	store := demoStore(t)
	family := ask[struct{ Families []struct{ ID string } }](t, "paths", "--store", store).Families[0].ID
	seen := map[string]bool{}
	for _, args := range [][]string{
		{"paths"}, {"paths", "--to", "nwc-analytics-lake"},
		{"explain", family}, {"blast", "jenkins"}, {"blast", "internet"}, {"blast", "--to", "nwc-patient-exports"}, {"choke"}, {"choke", "--to", "patients-db"}, {"principals"},
		{"can", "vendor-readonly", "s3:GetObject", "nwc-patient-exports"}, {"can", "anonymous", "s3:GetObject", "nwc-backup-vault"}, {"can", "dev-explorer", "s3:GetObject", "nwc-dev-customer-copy"},
		{"who-can", "s3:GetObject", "nwc-patient-exports"}, {"who-can", "s3:GetObject", "nwc-public-site"},
		{"reach", "internet", "bastion", "--port", "22"}, {"reach", "internet", "legacy-booking"}, {"reach", "internet", "nwc-public-site"}, {"exposed"},
		{"data"}, {"data", "nwc-staff-hr"}, {"fix"}, {"findings"}, {"findings", "--all"}, {"coverage"},
		{"snapshots"}, {"snapshots", "show"}, {"policy", "aws"}, {"policy", "aws", "--principal", "111122223333", "--no-data"}, {"version"},
		{"demo", "--no-serve"},
	} {
		where := "cairn " + strings.Join(args, " ")
		all := append(args, "--json", "--quiet", "--store", store)
		code, first, stderr := cairn(t, all...)
		if code != exitDone || stderr != "" {
			t.Errorf("%s exits with %d: %s", where, code, stderr)
			continue
		}
		schema := document(t, where, first)
		if seen[schema] {
			continue // one answer of a kind is enough to see whether it is stable
		}
		seen[schema] = true
		if _, second, _ := cairn(t, all...); second != first {
			t.Errorf("%s prints something else the second time", where)
		}
	}
	for _, args := range changing(t) {
		code, stdout, stderr := cairn(t, append(args, "--json", "--quiet")...)
		if code != exitDone {
			t.Errorf("cairn %v exits with %d: %s", args, code, stderr)
			continue
		}
		seen[document(t, "cairn "+strings.Join(args, " "), stdout)] = true
	}
	for schema := range objectTypes {
		if strings.HasPrefix(schema, "cairn.") && !seen[schema] && schema != "cairn.preflight/v1" { // printed by the collector
			t.Errorf("no command printed %s", schema)
		}
	}
}

// changing are the commands that change a store, or that name a file.
func changing(t *testing.T) [][]string {
	t.Helper()
	folder := t.TempDir()
	dump, settings := filepath.Join(folder, "dump.json"), filepath.Join(folder, "settings.yaml")
	if err := os.WriteFile(dump, []byte(lab{actions: "iam:PutUserPolicy"}.dump()), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(settings, []byte("version: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	own, imported := copyOfDemo(t), "file:"+filepath.Join(folder, "x.db")
	return [][]string{
		{"settings", "check", settings},
		{"mark", "nwc-portal-assets", "--label", "Confidential", "--store", own}, {"mark", "nwc-portal-assets", "--critical", "--store", own},
		{"mark", "nwc-portal-assets", "--clear", "--store", own}, {"data", "nwc-portal-assets", "--store", own},
		{"import", "gaad", dump, "--store", imported}, {"import", "gaad", dump, "--add", "--store", imported}, {"snapshots", "--store", imported},
		{"paths", "--store", imported}, {"data", "--store", imported}, {"principals", "--store", imported}, {"exposed", "--store", imported}, {"coverage", "--store", imported},
		{"snapshots", "prune", "--keep", "1", "--store", imported}, {"snapshots", "list", "--store", "file:" + filepath.Join(folder, "none.db")},
	}
}

// TestLinesKeepTheContract: the commands that print one document a line.
func TestLinesKeepTheContract(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	cases := write("cases.jsonl", `{"id":"a","request":{"principal":"arn:aws:iam::111122223333:user/a","action":"s3:GetObject","resource":"arn:aws:s3:::b/k","resource_account":"111122223333"},"identity_policies":[`+everything+"]}\n{\"id\":7\n\n[]\n")
	cards := write("cards.csv", "name,card_number\nAda,4111111111111111\n")
	rows := write("rows.jsonl", "{\"text\":\"card 4111 1111 1111 1111\"}\nnot json\n")
	text := write("mail.txt", "write to ada@example.org\n")
	for _, tt := range []struct {
		args  []string
		types []string // of the lines, in turn
		code  int
	}{
		{[]string{"simulate", cases}, []string{"SIMULATED", "UNREADABLE", "UNREADABLE"}, exitError},
		{[]string{"classify", cards, text}, []string{"MATCH", "MATCH", "SUMMARY"}, exitDone},
		{[]string{"classify", "--jsonl-field", "text", rows}, []string{"MATCH", "SUMMARY"}, exitDone},
		{[]string{"classify", "--summary", cards}, []string{"SUMMARY"}, exitDone},
		{[]string{"classify", filepath.Join(folder, "nothing")}, []string{"SUMMARY"}, exitError},
	} {
		code, stdout, stderr := cairn(t, tt.args...)
		lines := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
		if code != tt.code || len(lines) != len(tt.types) {
			t.Errorf("cairn %v exits with %d, want %d, and prints %d lines, want %d: %s\n%s", tt.args, code, tt.code, len(lines), len(tt.types), stderr, stdout)
			continue
		}
		for i, line := range lines {
			var doc any
			if err := json.Unmarshal([]byte(line), &doc); err != nil {
				t.Errorf("cairn %v, line %d: %v", tt.args, i+1, err)
				continue
			}
			complain(t, line, departures("", tt.types[i], doc))
		}
	}
}
