package classify

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// classify lists "place type value" of every match.
func classify(t testing.TB, name string, r io.Reader, opts Options) ([]string, Report) {
	t.Helper()
	var out []string
	report, err := New(nil).Classify(context.Background(), name, r, opts, func(f *Finding) error {
		place := f.Field
		if place == "" {
			place = "-"
		}
		if f.Member != "" {
			place = f.Member + "!" + place
		}
		out = append(out, fmt.Sprintf("%d %d %s %s %s %d-%d", f.Record, f.Line, place, f.Type, f.value, f.Start, f.End))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out, report
}

func utf16le(s string) string {
	var b strings.Builder
	b.WriteString("\xFF\xFE")
	for _, u := range utf16.Encode([]rune(s)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

func TestReaders(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
		records    int64
	}{
		{"a.csv", "id,ssn,\"note, free\"\r\n1,512-48-7391,\"say \"\"hi\"\" to ann@corp.example\"\r\n\r\n2,,\"two\nlines 192.168.4.20\"\r\n", []string{
			"0 2 ssn us_ssn 512-48-7391 0-11", "0 2 note, free email_address ann@corp.example 12-28", "1 4 note, free ip_address 192.168.4.20 10-22",
		}, 2},
		{"noheader.csv", "1,ann@corp.example\n2,bob@corp.example\n", []string{
			"0 1 #2 email_address ann@corp.example 0-16", "1 2 #2 email_address bob@corp.example 0-16",
		}, 2},
		{"semi", "name;iban;city\nAnn;DE89370400440532013000;X\nBob;GB82WEST12345698765432;Y\nCid;;Z\n", []string{
			"0 2 iban iban DE89370400440532013000 0-22", "1 3 iban iban GB82WEST12345698765432 0-22",
		}, 3},
		{"t.tsv", "mail\tn\nann@corp.example\t1\n", []string{"0 2 mail email_address ann@corp.example 0-16"}, 1},
		{"d.json", "[\n {\"ssn\": \"512487391\", \"n\": 512487391},\n {\"a\": {\"card\": 4539148803436467}, \"t\": \"x\\u0020ann@corp.example\"}\n]", []string{
			"0 2 [].ssn us_ssn 512487391 0-9", "1 3 [].a.card credit_card_number 4539148803436467 0-16", "1 3 [].t email_address ann@corp.example 2-18",
		}, 2},
		{"broken.json", "{\"ssn\": \"512-48-7391\", ", []string{"-1 1 - us_ssn 512-48-7391 9-20"}, -1},
		{"e.jsonl", "{\"m\":\"ann@corp.example\"}\nnot json: bob@corp.example\n\n{\"m\":\"none\"}\n", []string{
			"0 1 m email_address ann@corp.example 0-16", "1 2 - email_address bob@corp.example 10-26",
		}, 3},
		{"sniffed", "{\"m\":\"ann@corp.example\"}\n{\"m\":\"bob@corp.example\"}\n", []string{
			"0 1 m email_address ann@corp.example 0-16", "1 2 m email_address bob@corp.example 0-16",
		}, 2},
		{"l.log", "one\ntwo ann@corp.example\n\nfour bob@corp.example", []string{
			"-1 2 - email_address ann@corp.example 8-24", "-1 4 - email_address bob@corp.example 31-47",
		}, -1},
		{"bom.txt", "\xEF\xBB\xBFann@corp.example", []string{"-1 1 - email_address ann@corp.example 0-16"}, -1},
		{"wide.txt", utf16le("é ann@corp.example"), []string{"-1 1 - email_address ann@corp.example 3-19"}, -1},
		{"empty.csv", "", nil, 0}, {"empty.json", "", nil, -1}, {"empty", "", nil, -1},
	} {
		for how, r := range map[string]io.Reader{
			"whole": strings.NewReader(c.text), "by byte": iotest.OneByteReader(strings.NewReader(c.text)),
			"halves": iotest.HalfReader(strings.NewReader(c.text)), "with end": iotest.DataErrReader(strings.NewReader(c.text)),
		} {
			got, report := classify(t, c.name, r, Options{})
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", c.name, how, diff)
			}
			if report.Records != c.records || len(report.Skipped) > 0 {
				t.Errorf("%s, %s: %d records, want %d; skipped %v", c.name, how, report.Records, c.records, report.Skipped)
			}
		}
	}
}

func TestUnreadableIsNeverClean(t *testing.T) {
	for name, text := range map[string]string{
		"a.parquet": "PAR1\x00\x01", "b.pdf": "%PDF-1.7", "c.bin": "ab\x00cd", "d.tar": strings.Repeat("x", 257) + "ustar" + strings.Repeat("\x00", 300), "e.xls": "\xD0\xCF\x11\xE0....",
		"cut.gz": gz("hello")[:12], "bad.zip": "PK\x03\x04junk",
	} {
		got, report := classify(t, name, strings.NewReader(text), Options{})
		if len(got) > 0 || len(report.Skipped) != 1 || report.Skipped[0].Why == "" || report.Skipped[0].Object != name {
			t.Errorf("%s: %v, skipped %v", name, got, report.Skipped)
		}
	}
}

func gz(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text))
	z.Close()
	return b.String()
}

func zipped(t testing.TB, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(files[i+1]))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestArchives(t *testing.T) {
	inner := zipped(t, "deep.txt", "ann@corp.example")
	got, report := classify(t, "a.zip", strings.NewReader(zipped(t, "x.csv", "mail\nann@corp.example\n", "y.log.gz", gz("bob@corp.example"), "in.zip", inner, "z.parquet", "PAR1")), Options{})
	want := []string{"0 2 x.csv!mail email_address ann@corp.example 0-16", "-1 1 y.log.gz!- email_address bob@corp.example 0-16", "-1 1 in.zip!deep.txt!- email_address ann@corp.example 0-16"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(report.Skipped) != 1 || report.Skipped[0].Object != "a.zip!z.parquet" {
		t.Errorf("skipped %v", report.Skipped)
	}
	// The file behind the first bytes of a cut gzip is read as far as it goes.
	long := gz(strings.Repeat("ann@corp.example some more text\n", 100) + string(file("app.log", 20000)))
	got, report = classify(t, "cut.log.gz", strings.NewReader(long[:len(long)-20]), Options{})
	if len(got) < 90 || len(report.Skipped) != 1 {
		t.Errorf("%d found in a cut file, skipped %v", len(got), report.Skipped)
	}
}

func TestBombsAreBounded(t *testing.T) {
	bomb := gz("ann@corp.example\n" + strings.Repeat("\n", 20<<20))
	got, report := classify(t, "bomb.log.gz", strings.NewReader(bomb), Options{MaxExpanded: 1 << 20})
	if report.Bytes > 1<<20 || len(report.Skipped) != 1 || len(got) != 1 {
		t.Errorf("read %d bytes, found %v, skipped %v", report.Bytes, got, report.Skipped)
	}
	nested := "ann@corp.example"
	for range 10 {
		nested = gz(nested)
	}
	if got, report := classify(t, "n.gz", strings.NewReader(nested), Options{}); len(got) > 0 || len(report.Skipped) != 1 {
		t.Errorf("found %v, skipped %v", got, report.Skipped)
	}
}

func TestJSONLField(t *testing.T) {
	var rows []string
	text := "{\"text\":\"mail ann@corp.example\",\"other\":\"bob@corp.example\"}\n{\"n\":1}\n{\"text\":\"512-48-7391\"}\n"
	_, err := New(nil).Classify(context.Background(), "r.jsonl", strings.NewReader(text), Options{JSONLField: "text"}, func(f *Finding) error {
		rows = append(rows, string(f.AppendJSON(nil)))
		return nil
	})
	want := []string{
		`{"file":"r.jsonl","member":null,"record":0,"field":"text","row":0,"line":1,"start":5,"end":21,"type":"email_address","confidence":"high","score":95}`,
		`{"file":"r.jsonl","member":null,"record":2,"field":"text","row":2,"line":3,"start":0,"end":11,"type":"us_ssn","confidence":"medium","score":78}`,
	}
	if diff := cmp.Diff(want, rows); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}

func TestPiecesOfFiles(t *testing.T) {
	got, _ := classify(t, "big.csv", strings.NewReader("orn,512-48-7391\nann@corp.example,7\n"), Options{From: 4096})
	if diff := cmp.Diff([]string{"0 2 #1 email_address ann@corp.example 0-16"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestErrors(t *testing.T) {
	boom := errors.New("boom")
	c := New(nil)
	if _, err := c.Classify(context.Background(), "x", strings.NewReader("ann@corp.example"), Options{}, func(*Finding) error { return boom }); !errors.Is(err, boom) {
		t.Errorf("error of emit: %v", err)
	}
	if _, err := c.Classify(context.Background(), "x.zip", strings.NewReader(zipped(t, "a.txt", "ann@corp.example")), Options{}, func(*Finding) error { return boom }); !errors.Is(err, boom) {
		t.Errorf("error of emit in an archive: %v", err)
	}
	if _, err := c.Classify(context.Background(), "x", iotest.ErrReader(boom), Options{}, nil); !errors.Is(err, boom) {
		t.Errorf("error of the reader: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := c.Classify(ctx, "x.log", strings.NewReader(strings.Repeat("line\n", 1000)), Options{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// A long text gives the same matches whatever the size of the blocks.
func TestBlocksDoNotMatter(t *testing.T) {
	pieces := []string{"ann@corp.example", " ", "\n", "512-48-7391", "ssn ", "DE89 3704 0044 0532 0130 00", "password: hunter22x\n", "filler text\n", strings.Repeat("0123 abc ", 300)}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 80).Draw(t, "pieces"), "")
		run := func(block int) (out []string) {
			s := &session{ctx: context.Background(), classifier: New(nil), emit: func(f *Finding) error {
				out = append(out, fmt.Sprint(f.Match, string(f.value)))
				return nil
			}}
			s.scanner = s.classifier.detector.Scanner()
			if err := s.stream(iotest.HalfReader(strings.NewReader(text)), block); err != nil {
				t.Fatal(err)
			}
			return out
		}
		if diff := cmp.Diff(run(1<<20), run(rapid.IntRange(1, 4000).Draw(t, "block"))); diff != "" {
			t.Fatal(diff)
		}
	})
}
