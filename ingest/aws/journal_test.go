package aws

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/record"
)

// writeUnit writes a unit with one record and says how it ended.
func writeUnit(j *journal, name string, whole bool) {
	unit := j.begin()
	r := record.Record{Account: "1", Service: "s", Operation: name, Outcome: graph.OutcomeOK, Source: source, Body: []byte(`{"A":1}`)}
	j.write(unit, r)
	j.end(unit, unitKey(&r), whole)
}

func TestJournalSurvivesAnEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bundle.journal")
	broken := func(err error) { t.Error(err) }
	j, err := createJournal(path, "run one", false, broken)
	if err != nil {
		t.Fatal(err)
	}
	writeUnit(j, "Whole", true)
	writeUnit(j, "Denied", false)
	open := j.begin()
	j.write(open, record.Record{Service: "s", Operation: "Open", Outcome: graph.OutcomeOK})
	writeUnit(j, "Vanished", true)
	if err := j.out.Flush(); err != nil {
		t.Fatal(err)
	}
	// The process dies in the middle of a line.
	if _, err := j.file.WriteString(`9 {"account":"1","serv`); err != nil {
		t.Fatal(err)
	}
	if err := j.close(path, false); err != nil {
		t.Fatal(err)
	}

	if _, err := createJournal(path, "run two", true, broken); err == nil {
		t.Fatal("the journal of another run was taken over")
	}
	j, err = createJournal(path, "run one", true, broken)
	if err != nil {
		t.Fatal(err)
	}
	key := func(operation string) string {
		return unitKey(&record.Record{Account: "1", Service: "s", Operation: operation})
	}
	if !j.reuse(key("Whole")) || j.reuse(key("Denied")) || j.reuse(key("Open")) {
		t.Error("only what ended whole is reused")
	}
	writeUnit(j, "Denied", true)
	dir := filepath.Join(t.TempDir(), "bundle")
	if err := publish(j, dir, record.Manifest{Source: source}); err != nil {
		t.Fatal(err)
	}
	if err := j.close(path, true); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range openBundle(t, dir) {
		got = append(got, r.Operation)
	}
	// What nobody asked for again is no longer there and left out.
	if len(got) != 2 || got[0] != "Whole" || got[1] != "Denied" {
		t.Errorf("bundle holds %q", got)
	}
}

func TestResumeWithoutAJournalStartsAnew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bundle.journal")
	j, err := createJournal(path, "run", true, func(err error) { t.Error(err) })
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("journal %v, %v", info, err)
	}
	if err := j.close(path, true); err != nil {
		t.Error(err)
	}
}
