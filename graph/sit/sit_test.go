package sit

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestCatalogueIsSound(t *testing.T) {
	seen := map[ID]bool{}
	for _, typ := range All() {
		if seen[typ.ID] {
			t.Errorf("%s stands twice", typ.ID)
		}
		seen[typ.ID] = true
		if typ.Name == "" || !typ.Category.Known() || len(typ.Regimes) == 0 && typ.Category != PII {
			t.Errorf("%s is incomplete: %+v", typ.ID, typ)
		}
		if typ.PassRate < 0 || typ.PassRate > 1 || typ.Confidence < Low || typ.Confidence > High {
			t.Errorf("%s: pass rate %v, confidence %v out of range", typ.ID, typ.PassRate, typ.Confidence)
		}
		if got, ok := Lookup(typ.ID); !ok || got.Name != typ.Name {
			t.Errorf("Lookup(%s) = %v, %v", typ.ID, got, ok)
		}
	}
	if _, ok := Lookup("no_such_type"); ok {
		t.Error("Lookup finds what is not there")
	}
}

func TestAllIsACopy(t *testing.T) {
	All()[0].Name = "changed"
	if All()[0].Name == "changed" {
		t.Error("a caller can change the catalogue")
	}
}

func TestRegimes(t *testing.T) {
	got := Regimes("us_npi", "credit_card_number", "us_npi", "nonsense")
	if !slices.IsSorted(got) || !slices.Contains(got, "HIPAA") || !slices.Contains(got, "PCI DSS") {
		t.Errorf("Regimes = %v", got)
	}
	if len(slices.Compact(slices.Clone(got))) != len(got) {
		t.Errorf("Regimes repeats itself: %v", got)
	}
}

func TestLabels(t *testing.T) {
	labels := Labels{"Public", "Internal", "Confidential", "Confidential/Finance", "Secret"}
	for _, c := range []struct {
		label string
		rank  int
	}{{"Public", 0}, {"Confidential/Finance", 3}, {"Confidential/Legal", 2}, {"Secret/A/B", 4}, {"Other", -1}, {"", -1}} {
		if got := labels.Rank(c.label); got != c.rank {
			t.Errorf("Rank(%q) = %d, want %d", c.label, got, c.rank)
		}
	}
	if !labels.AtLeast("Secret", "Confidential") || labels.AtLeast("Internal", "Confidential") || labels.AtLeast("Other", "Public") {
		t.Error("AtLeast orders wrongly")
	}
	if got := labels.Higher("Internal", "Secret"); got != "Secret" {
		t.Errorf("Higher = %q", got)
	}
	if got := labels.Higher("Internal", "Other"); got != "Internal" {
		t.Errorf("Higher with an unknown label = %q", got)
	}
	for _, bad := range []Labels{nil, {""}, {"A", "A"}, {"A/"}} {
		if bad.Check() == nil {
			t.Errorf("Check accepts %q", bad)
		}
	}
}

func TestConfidenceText(t *testing.T) {
	for score, want := range map[int]Confidence{0: Low, 74: Low, 75: Medium, 84: Medium, 85: High, 100: High} {
		got := OfScore(score)
		raw, err := json.Marshal(got)
		var back Confidence
		if err2 := json.Unmarshal(raw, &back); got != want || err != nil || err2 != nil || back != want {
			t.Errorf("score %d: %v, %s, %v %v", score, got, raw, err, err2)
		}
	}
	var c Confidence
	if c.UnmarshalText([]byte("HIGH")) == nil {
		t.Error("an unknown word is accepted")
	}
}

// Reference values of the Wilson interval: n=10, k=0 and k=5 (Newcombe 1998
// gives the formula; the numbers follow from it by hand).
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		hits, n int
		lo, hi  float64
	}{{0, 0, 0, 1}, {0, 10, 0, 0.27753}, {5, 10, 0.23659, 0.76341}, {10, 10, 0.72247, 1}} {
		got := Wilson(c.hits, c.n)
		if math.Abs(got[0]-c.lo) > 1e-4 || math.Abs(got[1]-c.hi) > 1e-4 {
			t.Errorf("Wilson(%d, %d) = %v, want %v %v", c.hits, c.n, got, c.lo, c.hi)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 100000).Draw(t, "n")
		k := rapid.IntRange(0, n).Draw(t, "k")
		got, p := Wilson(k, n), float64(k)/float64(n)
		if got[0] < 0 || got[1] > 1 || got[0] > p || got[1] < p {
			t.Fatalf("Wilson(%d, %d) = %v does not hold %v", k, n, got, p)
		}
	})
}

// The known table: 59 objects without a hit bound the share at 5 %, 299 at 1 %.
func TestZeroBound(t *testing.T) {
	for n, share := range map[int]float64{0: 1, 59: 0.05, 299: 0.01} {
		if got := ZeroBound(n, 0.95); got.Share > share || got.Share < share*0.98 {
			t.Errorf("ZeroBound(%d) = %v, want just below %v", n, got.Share, share)
		}
	}
}
