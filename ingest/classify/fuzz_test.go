package classify

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
)

// checkRead reads a text under a name and checks every match against its own
// place.
func checkRead(t *testing.T, c *Classifier, name, text string) {
	report, err := c.Classify(context.Background(), name, strings.NewReader(text), Options{MaxExpanded: 1 << 20}, func(f *Finding) error {
		if f.Start < 0 || f.End-f.Start != len(f.value) || f.Line < 1 || f.Record < -1 || f.Score < 75 || f.Score > 100 {
			t.Fatalf("match %+v of %q", f.Match, f.value)
		}
		if !json.Valid(f.AppendJSON(nil)) {
			t.Fatalf("%s is not JSON", f.AppendJSON(nil))
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	archive := strings.HasPrefix(text, "PK") || strings.HasPrefix(text, "\x1f\x8b") // may hold nothing
	if report.Bytes == 0 && len(text) > 16 && !archive && len(report.Skipped) == 0 {
		t.Fatalf("%d bytes of %s were neither read nor skipped", len(text), name)
	}
}

func FuzzReaders(f *testing.F) {
	for _, text := range []string{
		"a,b\n1,ann@corp.example\n", "\"a\"\"\",\"b\n", "{\"a\":[1,{\"ssn\":\"512-48-7391\"}]}", "{\"a\":\"\\ud83d\\ude00\\u12\"}\n{", "[[[[",
		gz("ann@corp.example"), zipped(f, "a.csv", "ssn\n512-48-7391\n"), "\xFF\xFEa\x00", "\xEF\xBB\xBFx", "PAR1", "PK\x03\x04", "\x1f\x8b\x08",
	} {
		f.Add(text)
	}
	c := New(nil)
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"a.csv", "b.json", "c.jsonl", "d.log", "e"} {
			checkRead(t, c, name, text)
		}
	})
}

// FuzzScrub: the result of a JSON document is JSON, that of anything else an
// error, and scrubbing twice changes nothing more.
func FuzzScrub(f *testing.F) {
	f.Add(`{"Environment":{"Variables":{"A":"postgres://a:b33fb33f@c/d"}}}`, "TOKEN")
	f.Add(`[{"name":"DB_PASSWORD","value":"hunter22x"},"\ud800"]`, "X")
	key, err := NewHasher([]byte("0123456789abcdef"))
	if err != nil {
		f.Fatal(err)
	}
	s := NewScrubber(key)
	f.Fuzz(func(t *testing.T, doc, name string) {
		clean, _, err := s.JSON([]byte(doc), "d")
		if err == nil && json.Valid([]byte(doc)) && !json.Valid(clean) {
			t.Fatalf("%q became %q", doc, clean)
		}
		if err != nil && json.Valid([]byte(doc)) && strings.Count(doc, "[")+strings.Count(doc, "{") < maxNesting {
			t.Fatalf("%q is refused: %v", doc, err)
		}
		vars, _ := s.Environment(map[string]string{name: doc}, "e")
		if again, _ := s.Environment(vars, "e"); vars[name] != again[name] && !strings.HasPrefix(again[name], removedPrefix) {
			t.Fatalf("%q, then %q", vars[name], again[name])
		}
		s.Text(doc, "t")
	})
}
