package demo

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/graph/settings"
	"github.com/cairn-security/cairn/ingest"
)

func TestTheCompanyIsReadWholeAndTheSameEveryTime(t *testing.T) {
	var ids []string
	for range 2 {
		result, err := ingest.Run(context.Background(), Source{Settings: settings.Default()}, ingest.Options{Now: TakenAt})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range result.Report.Problems {
			t.Errorf("problem: %v", p)
		}
		if len(result.Report.Unknown) > 0 {
			t.Errorf("operations nobody reads: %v", result.Report.Unknown)
		}
		if got := len(result.Snapshot.Meta().Accounts); got != 12 {
			t.Errorf("%d accounts, want 12", got)
		}
		ids = append(ids, result.Snapshot.ID())
	}
	if ids[0] != ids[1] {
		t.Errorf("snapshot ids differ: %v", ids)
	}
}

// Detectors must be able to trust the check digits of what is made up here.
func TestMadeUpNumbersAreValid(t *testing.T) {
	r := dice(3)
	for range 200 {
		number := card(r)
		sum := 0
		for i, c := range number {
			d := int(c - '0')
			if i%2 == 0 {
				if d *= 2; d > 9 {
					d -= 9
				}
			}
			sum += d
		}
		if len(number) != 16 || sum%10 != 0 {
			t.Fatalf("card %s fails the Luhn test", number)
		}
		account := iban(r)
		rest := 0
		for _, c := range account[4:] + account[:4] {
			if c >= 'A' {
				rest = (rest*100 + int(c-'A') + 10) % 97
			} else {
				rest = (rest*10 + int(c-'0')) % 97
			}
		}
		if rest != 1 {
			t.Fatalf("account %s fails the mod 97 test", account)
		}
		if area := ssn(r)[:3]; slices.Contains([]string{"000", "666"}, area) || strings.HasPrefix(area, "9") {
			t.Fatalf("area %s is never issued", area)
		}
	}
}
