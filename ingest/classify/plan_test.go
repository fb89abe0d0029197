package classify

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPlanReadsEveryStratumFirst(t *testing.T) {
	var objects []Object
	for i := range 5000 {
		objects = append(objects, Object{Key: fmt.Sprintf("logs/2024-%02d-%02d/app-%d.log", i%12+1, i%28+1, i), Size: 1000})
	}
	for i := range 3 {
		objects = append(objects, Object{Key: fmt.Sprintf("exports/customers-%d.csv", i), Size: 1000}, Object{Key: fmt.Sprintf("backup/%d.json", i), Size: 1000})
	}
	objects = append(objects, Object{Key: "cold/a.csv", Size: 10, Archived: true}, Object{Key: "folder/"}, Object{Key: "empty.csv"})
	reads := Plan(objects, Budget{Objects: 10}, 1)
	seen := map[string]int{}
	for _, r := range reads {
		seen[template(r.Object.Key)]++
	}
	if seen["exports"] == 0 || seen["backup"] == 0 || seen["logs/0-0-0"] == 0 || len(reads) != 10 || seen["cold"] > 0 {
		t.Errorf("plan of ten reads %v", seen)
	}
}

func TestTemplate(t *testing.T) {
	for key, want := range map[string]string{
		"a.csv": ".", "logs/2024/03/12/x.gz": "logs/0/0/0", "t/year=2024/month=3/x": "t/year=*/month=*",
		"u/9f86d081-884c-4d65/x": "u/*", "deadbeef/x": "deadbeef", "a/b/c/d/e/f": "a/b/c/d", "v2/data": "v0",
	} {
		if got := template(key); got != want {
			t.Errorf("template(%q) = %q, want %q", key, got, want)
		}
	}
}

// Small sensitive folders among many large ones: reading in listing order
// finds none of them, a plan nearly always finds one.
func TestPlanFindsSmallFolders(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var objects []Object
	for i := range 20_000 {
		objects = append(objects, Object{Key: fmt.Sprintf("data-%c%c/part-%05d.csv", 'a'+r.IntN(14), 'a'+r.IntN(14), i), Size: 50_000})
	}
	sensitive := map[string]bool{"zz-hr": true, "zz-crm": true, "zz-pay": true}
	for folder := range sensitive {
		for i := range 30 {
			objects = append(objects, Object{Key: fmt.Sprintf("%s/f%d.csv", folder, i), Size: 50_000})
		}
	}
	found := map[string]bool{}
	for _, read := range Plan(objects, Budget{Objects: 300}, 42) {
		found[template(read.Object.Key)] = true
	}
	for folder := range sensitive {
		if !found[folder] {
			t.Errorf("300 objects of %d do not touch %s", len(objects), folder)
		}
	}
}

func TestPlanProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objects := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) Object {
			return Object{
				Key:  rapid.StringMatching(`[ab]{1,2}/[0-9]{1,4}\.(csv|gz|json|log|zip)`).Draw(t, "key"),
				Size: rapid.Int64Range(0, 100<<20).Draw(t, "size"), Archived: rapid.Bool().Draw(t, "archived"),
			}
		}), 0, 60, func(o Object) string { return o.Key }).Draw(t, "objects")
		budget := Budget{Bytes: rapid.Int64Range(0, 50<<20).Draw(t, "bytes"), Objects: rapid.IntRange(0, 40).Draw(t, "n"), Requests: rapid.IntRange(0, 80).Draw(t, "requests")}
		seed := rapid.Uint64().Draw(t, "seed")
		reads := Plan(objects, budget, seed)
		bytes, count, requests := Estimate(reads)
		if budget.Bytes > 0 && bytes > budget.Bytes || budget.Objects > 0 && count > budget.Objects || budget.Requests > 0 && requests > budget.Requests {
			t.Fatalf("%d bytes, %d objects, %d requests exceed %+v", bytes, count, requests, budget)
		}
		end := map[string]int64{}
		for _, r := range reads {
			if r.Object.Archived || r.From < 0 || r.Length <= 0 || r.From+r.Length > r.Object.Size || r.From < end[r.Object.Key] {
				t.Fatalf("read %+v behind %d", r, end[r.Object.Key])
			}
			end[r.Object.Key] = r.From + r.Length
		}
		shuffled := append([]Object(nil), objects...)
		rand.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if diff := cmp.Diff(reads, Plan(shuffled, budget, seed)); diff != "" {
			t.Fatalf("the order of the listing matters: %s", diff)
		}
		if budget.Objects > 0 {
			smaller := map[string]bool{}
			for _, r := range Plan(objects, Budget{Objects: budget.Objects}, seed) {
				smaller[r.Object.Key] = true
			}
			for _, r := range Plan(objects, Budget{Objects: budget.Objects + 5}, seed) {
				delete(smaller, r.Object.Key)
			}
			if len(smaller) > 0 {
				t.Fatalf("a larger budget leaves out %v", smaller)
			}
		}
	})
}
