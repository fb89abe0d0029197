package technique

import (
	"strings"
	"testing"
)

func TestEveryTechniqueIsDocumented(t *testing.T) {
	headings := []string{"## Details", "## Prerequisites", "## Evidence", "## Detection", "## Remediation", "## References"}
	seen := map[string]bool{}
	for _, tech := range All() {
		if seen[string(tech.ID)] {
			t.Errorf("%s stands twice", tech.ID)
		}
		seen[string(tech.ID)] = true
		page := tech.Page()
		at := 0
		for _, h := range headings {
			i := strings.Index(page[at:], h)
			if i < 0 {
				t.Errorf("page of %s lacks %q, or has it out of order", tech.ID, h)
				break
			}
			at += i
		}
		_, isEntry := EntryKindOf(tech.ID)
		if len(tech.Attack) == 0 && !isEntry {
			t.Errorf("%s names no ATT&CK technique", tech.ID)
		}
		if tech.Name == "" {
			t.Errorf("%s has no name", tech.ID)
		}
	}
	files, err := pages.ReadDir("pages")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if id := strings.TrimSuffix(f.Name(), ".md"); !seen[id] {
			t.Errorf("page %s belongs to no technique", f.Name())
		}
	}
}
