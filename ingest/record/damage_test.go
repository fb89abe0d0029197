package record

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDamagedBundlesSayWhereAndKeepTheRest(t *testing.T) {
	var stream bytes.Buffer
	w, err := NewStream(&stream, Manifest{StartedAt: day})
	if err != nil {
		t.Fatal(err)
	}
	write(t, w, samples(3))
	whole := stream.String()
	lines := strings.SplitAfter(whole, "\n") // header, three records, trailer, ""
	for _, c := range []struct {
		name, text string
		kept       int
		want       string
	}{
		{"no trailer", strings.Join(lines[:4], ""), 3, "b: line 5: the bundle ends here without its trailer: it was cut off (3 records before it were kept)"},
		{"cut inside a record", lines[0] + lines[1] + lines[2][:40], 1, "b: line 3: the bundle ends here without its trailer: it was cut off (1 records before it were kept)"},
		{"a record is missing", lines[0] + lines[1] + lines[3] + lines[4], 2, "b: line 4: the bundle ends here: it was cut off (2 of 3 records were kept)"},
		{"a record was changed", strings.Replace(whole, `"bucket-1"`, `"bucket-9"`, 1), 3,
			"b: line 5: the records do not match the hash of the bundle: it was changed or damaged (3 records were kept)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := NewReader(strings.NewReader(c.text), "b")
			if err != nil {
				t.Fatal(err)
			}
			records, problems := read(t, r)
			if len(records) != c.kept || len(problems) != 1 || problems[0] != c.want {
				t.Errorf("kept %d, problems %q; want %d, %q", len(records), problems, c.kept, c.want)
			}
		})
	}
	t.Run("lines that are no records", func(t *testing.T) {
		text := lines[0] + "{not json}\n" + lines[1] + `{"service":"s3"}` + "\n" + `{"service":"s3","operation":"X","outcome":"great"}` + "\n" + lines[2]
		r, err := NewReader(strings.NewReader(text), "b")
		if err != nil {
			t.Fatal(err)
		}
		records, problems := read(t, r)
		if len(records) != 2 || len(problems) != 4 {
			t.Errorf("kept %d records, problems %q", len(records), problems)
		}
		for i, want := range []string{"b: line 2: no record", "b: line 4: no record: it names no service and operation", `b: line 5: no record: unknown outcome "great"`} {
			if !strings.HasPrefix(problems[i], want) {
				t.Errorf("problem %q, want %q", problems[i], want)
			}
		}
	})
}

func TestCutFolder(t *testing.T) {
	dir := folder(t, samples(5))
	path := filepath.Join(dir, recordsName)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text[:len(text)-10], 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	records, problems := read(t, r)
	want := path + ": line 5: the bundle ends inside a record: it was cut off (4 of 5 records were kept)"
	if len(records) != 4 || len(problems) != 1 || problems[0] != want {
		t.Errorf("kept %d, problems %q", len(records), problems)
	}
}

func TestWhatIsNoBundle(t *testing.T) {
	for name, text := range map[string]string{
		"empty":         "",
		"other JSON":    `{"Vpcs":[]}` + "\n",
		"newer version": `{"bundle":{"format":"cairn.bundle","version":99}}` + "\n",
		"other format":  `{"bundle":{"format":"zip","version":1}}` + "\n",
	} {
		if _, err := NewReader(strings.NewReader(text), name); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Open(t.TempDir()); !errors.Is(err, ErrFormat) {
		t.Errorf("an empty folder: %v", err)
	}
}

func TestUnknownFieldsAreCounted(t *testing.T) {
	text := `{"bundle":{"format":"cairn.bundle","version":1,"mood":"good"}}
{"service":"s3","operation":"ListBuckets","outcome":"empty","color":"red"}
{"service":"s3","operation":"ListBuckets","outcome":"empty","color":"blue","size":1}
`
	r, err := NewReader(strings.NewReader(text), "b")
	if err != nil {
		t.Fatal(err)
	}
	records, _ := read(t, r)
	report := r.Report()
	if len(records) != 2 || report.Unknown["color"] != 2 || report.Unknown["size"] != 1 || report.Records != 2 {
		t.Errorf("%d records, report %+v", len(records), report)
	}
}

func FuzzReader(f *testing.F) {
	var stream bytes.Buffer
	w, err := NewStream(&stream, Manifest{StartedAt: day})
	if err != nil {
		f.Fatal(err)
	}
	write(f, w, samples(2))
	f.Add(stream.Bytes())
	f.Add([]byte(`{"bundle":{"format":"cairn.bundle","version":1}}` + "\n{}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := NewReader(bytes.NewReader(text), "fuzz")
		if err != nil {
			return
		}
		for rec, err := range r.Records() {
			if err == nil && (rec.Service == "" || Severity(rec.Outcome) < 0) {
				t.Fatalf("an unusable record came through: %+v", rec)
			}
		}
	})
}
