package record

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cairn-security/cairn/graph"
)

var day = time.Date(2026, 11, 24, 8, 15, 0, 0, time.UTC)

func sample(i int) Record {
	return Record{Account: "111122223333", Region: "eu-west-1", Service: "s3", Operation: "GetBucketPolicy",
		Params: map[string]string{"Bucket": fmt.Sprintf("bucket-%d", i)}, Outcome: graph.OutcomeOK, Source: "test", ReadAt: day,
		Body: json.RawMessage(fmt.Sprintf(`{"Policy":"%d"}`, i))}
}

func samples(n int) []Record {
	list := make([]Record, n)
	for i := range list {
		list[i] = sample(i)
	}
	return list
}

func write(t testing.TB, w *Writer, records []Record) {
	t.Helper()
	for _, r := range records {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// read returns the records of a bundle and the problems met on the way.
func read(t testing.TB, r *Reader) (records []Record, problems []string) {
	t.Helper()
	for rec, err := range r.Records() {
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		records = append(records, rec)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return records, problems
}

func folder(t testing.TB, records []Record) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "bundle")
	w, err := Create(dir, Manifest{Source: "test", StartedAt: day})
	if err != nil {
		t.Fatal(err)
	}
	write(t, w, records)
	return dir
}

func TestEveryFormKeepsTheRecords(t *testing.T) {
	want := samples(20)
	dir := folder(t, want)
	var stream bytes.Buffer
	w, err := NewStream(&stream, Manifest{Source: "test", StartedAt: day})
	if err != nil {
		t.Fatal(err)
	}
	write(t, w, want)
	streamFile := filepath.Join(t.TempDir(), "bundle.ndjson")
	if err := os.WriteFile(streamFile, stream.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"folder": dir, "stream": streamFile, "zip": zipped(t, dir), "tar": tarred(t, dir, "b.tar"), "tgz": tarred(t, dir, "b.tgz"),
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Open(path)
			if err != nil {
				t.Fatal(err)
			}
			got, problems := read(t, r)
			if diff := cmp.Diff(want, got); diff != "" || problems != nil {
				t.Errorf("problems %v, records (-want +got):\n%s", problems, diff)
			}
			if m := r.Manifest(); m.Records != 20 || m.Source != "test" {
				t.Errorf("manifest %+v", m)
			}
		})
	}
}

func zipped(t *testing.T, dir string) string {
	path := filepath.Join(t.TempDir(), "b.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for _, name := range []string{manifestName, recordsName} {
		out, err := z.Create("scan-1/" + name)
		if err != nil {
			t.Fatal(err)
		}
		copyFile(t, out, filepath.Join(dir, name))
	}
	if err := errors.Join(z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func tarred(t *testing.T, dir, name string) string {
	var plain bytes.Buffer
	archive := tar.NewWriter(&plain)
	for _, name := range []string{recordsName, manifestName} { // the manifest may come last
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := archive.WriteHeader(&tar.Header{Name: "./x/" + name, Size: int64(len(text)), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	text := plain.Bytes()
	if strings.HasSuffix(name, "gz") {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		if _, err := z.Write(text); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		text = packed.Bytes()
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func copyFile(t *testing.T, out interface{ Write([]byte) (int, error) }, path string) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.Write(text); err != nil {
		t.Fatal(err)
	}
}

func TestConcurrentWritersLoseNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "bundle")
	w, err := Create(dir, Manifest{})
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for i := range 50 {
		wait.Go(func() {
			if err := w.Write(sample(i)); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	records, problems := read(t, r)
	seen := map[string]bool{}
	for _, rec := range records {
		seen[rec.Params["Bucket"]] = true
	}
	if len(seen) != 50 || problems != nil {
		t.Errorf("%d different records, problems %v", len(seen), problems)
	}
}

func TestInterruptedWriterLeavesNoBundle(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "bundle")
	w, err := Create(dir, Manifest{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Write(sample(1)), w.Flush()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the bundle is there before it is closed: %v", err)
	}
	// What a killed writer leaves has no manifest.
	left, err := filepath.Glob(filepath.Join(parent, ".*"))
	if err != nil || len(left) != 1 {
		t.Fatalf("left behind: %v %v", left, err)
	}
	if _, err := Open(left[0]); !errors.Is(err, ErrFormat) {
		t.Errorf("an unfinished bundle opens: %v", err)
	}
	if err := w.Abort(); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(parent, ".*")); len(left) != 0 {
		t.Errorf("abort left %v", left)
	}
	if err := w.Write(sample(2)); err == nil {
		t.Error("a closed writer takes records")
	}
}
