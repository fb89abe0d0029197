package classify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/graph/sit"
	"github.com/google/go-cmp/cmp"
)

func object(t testing.TB, s *Sampling, name, text string) {
	t.Helper()
	if err := s.Object(context.Background(), name, int64(len(text)), strings.NewReader(text), Options{}); err != nil {
		t.Fatal(err)
	}
}

func TestSampling(t *testing.T) {
	s := New(nil).NewSampling(hasher(t))
	object(t, s, "a.csv", "ssn,mail\n512-48-7391,ann@corp.example\n512 48 7391,bob@corp.example\n515-48-7391,ann@corp.example\n")
	object(t, s, "b.log", "nothing here\n")
	object(t, s, "c.env", "AWS_ACCESS_KEY_ID=AKIAJ7QX2M5PLR6TWZ4B\nAWS_SECRET_ACCESS_KEY=qTs9Kf2LpVx7Rb4Wm8Yc3Zd6Nh1Jg5Ua0Ie+Oi/E\nURL=mysql://svc:Zx81Spectrum@db.corp/app\n")
	object(t, s, "d.parquet", "PAR1")
	s.Unreadable("e.csv", "AccessDenied")
	got, found := s.Result(10, 10_000)
	want := sit.Sampling{
		Types: []sit.Summary{
			{Type: "aws_access_key", Confidence: sit.High, Distinct: 1, Matches: 1, Share: sit.Wilson(1, 3), Objects: 1},
			{Type: "aws_secret_key", Confidence: sit.High, Distinct: 1, Matches: 1, Share: sit.Wilson(1, 3), Objects: 1},
			{Type: "db_url_credentials", Confidence: sit.High, Distinct: 1, Matches: 1, Share: sit.Wilson(1, 3), Objects: 1},
			{Type: "email_address", Confidence: sit.High, Distinct: 2, Matches: 3, Share: sit.Wilson(1, 3), Objects: 1},
			{Type: "us_ssn", Confidence: sit.High, Distinct: 2, Matches: 3, Share: sit.Wilson(1, 3), Objects: 1},
		},
		Objects: 10, Sampled: 3, Unreadable: 2, Bytes: 10_000, BytesRead: got.BytesRead, Records: got.Records, Bound: sit.ZeroBound(3, 0.95),
		Seen: []sit.Location{
			{Object: "a.csv", Column: "mail", Type: "email_address", Count: 3}, {Object: "a.csv", Column: "ssn", Type: "us_ssn", Count: 3},
			{Object: "c.env", Type: "aws_access_key", Count: 1}, {Object: "c.env", Type: "aws_secret_key", Count: 1}, {Object: "c.env", Type: "db_url_credentials", Count: 1},
		},
		Skipped: []sit.Skipped{{Object: "d.parquet", Why: "format not supported: Parquet"}, {Object: "e.csv", Why: "AccessDenied"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got.Records < 100 || got.Records > 200 { // 3 rows in 261 of 10,000 bytes
		t.Errorf("records %d", got.Records)
	}
	wantFound := []sit.Credential{
		{Kind: sit.AccessKey, Type: "aws_access_key", Locator: "AKIAJ7QX2M5PLR6TWZ4B", FoundAt: "c.env:1"},
		{Kind: sit.AccessKey, Type: "aws_secret_key", Locator: "AKIAJ7QX2M5PLR6TWZ4B", FoundAt: "c.env:2", KeyedHash: "#"},
		{Kind: sit.DatabaseLogin, Type: "db_url_credentials", Locator: "db.corp:3306/app/svc", FoundAt: "c.env:3", KeyedHash: "#"},
	}
	if diff := cmp.Diff(wantFound, withoutHashes(found)); diff != "" {
		t.Error(diff)
	}
	raw, err := json.Marshal([]any{got, found})
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{"512", "ann@", "Zx81", "qTs9"} {
		if bytes.Contains(raw, []byte(value)) {
			t.Errorf("the result holds the value %q", value)
		}
	}
}

// Pieces of an object count as one object and keep the names of its columns.
func TestPiecesCountOnce(t *testing.T) {
	text := "mail,ssn\n" + strings.Repeat("ann@corp.example,512487391\n", 1000)
	s := New(nil).NewSampling(hasher(t))
	for _, part := range [][2]int{{0, 5000}, {9003, 12_000}, {20_000, 25_000}} {
		if err := s.Object(context.Background(), "a.csv", int64(len(text)), strings.NewReader(text[part[0]:part[1]]), Options{From: int64(part[0])}); err != nil {
			t.Fatal(err)
		}
	}
	object(t, s, "b.csv", "mail,n\nbob@corp.example,1\n")
	got, _ := s.Result(2, int64(len(text)+26))
	if got.Sampled != 2 || len(got.Types) != 2 || len(got.Seen) != 3 {
		t.Fatalf("%+v", got)
	}
	if mail, ssn := got.Types[0], got.Types[1]; mail.Objects != 2 || mail.Distinct != 2 || ssn.Objects != 1 || ssn.Distinct != 1 {
		t.Errorf("%+v", got.Types)
	}
	if got.Records < 950 || got.Records > 1050 {
		t.Errorf("about %d records, want about 1001", got.Records)
	}
	if got.Bound.Share == 0 {
		t.Error("the bound says that everything was read")
	}
}

func TestNothingSampled(t *testing.T) {
	got, found := New(nil).NewSampling(hasher(t)).Result(-1, -1)
	want := sit.Sampling{Types: []sit.Summary{}, Objects: -1, Bytes: -1, Records: -1, Bound: sit.Bound{Confidence: 0.95, Share: 1}, Seen: []sit.Location{}, Skipped: []sit.Skipped{}}
	if diff := cmp.Diff(want, got); diff != "" || len(found) > 0 {
		t.Error(diff, found)
	}
	all := New(nil).NewSampling(hasher(t))
	object(t, all, "x.log", "nothing\n")
	if got, _ := all.Result(1, 8); got.Bound.Share != 0 {
		t.Errorf("everything was read, yet the bound is %v", got.Bound)
	}
}

// Numbers with a check digit: a column in which one in ten passes is no
// evidence, one in which all pass is.
func TestColumnsAreJudgedAsAWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	check := func(d string) byte { // the digit that completes a Luhn number
		for c := byte('0'); c <= '9'; c++ {
			sum := 0
			for i := range len(d) + 1 {
				v := int(append([]byte(d), c)[len(d)-i] - '0')
				if i%2 == 1 {
					if v *= 2; v > 9 {
						v -= 9
					}
				}
				sum += v
			}
			if sum%10 == 0 {
				return c
			}
		}
		return '0'
	}
	orders, cards := "reference\n", "reference\n"
	for range 400 {
		d := fmt.Sprintf("4%014d", r.Int64N(1e14))
		orders += d + fmt.Sprint(r.IntN(10)) + "\n"
		cards += d + string(check(d)) + "\n"
	}
	has := func(text string) bool {
		s := New(nil).NewSampling(hasher(t))
		object(t, s, "x.csv", text)
		got, _ := s.Result(1, 1)
		for _, typ := range got.Types {
			if typ.Type == "credit_card_number" {
				return true
			}
		}
		return false
	}
	if has(orders) {
		t.Error("order numbers of which one in ten passes count as cards")
	}
	if !has(cards) {
		t.Error("cards in a column without a name are missed")
	}
}

func TestSketch(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var s, other sketch
	for i := range 200_000 {
		h := r.Uint64()
		s.add(h)
		s.add(h)
		if i < 3000 {
			other.add(h)
		}
	}
	if n := other.count(); n != 3000 {
		t.Errorf("small sketch counts %d of 3000", n)
	}
	if n := s.count(); n < 188_000 || n > 212_000 {
		t.Errorf("large sketch counts %d of 200000", n)
	}
	before := s.count()
	s.merge(&other)
	if s.count() != before {
		t.Error("merging what is known changes the count")
	}
}

func TestHashKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "hash.key")
	a, err := LoadHasher(path)
	if err != nil {
		t.Fatal(err)
	}
	b, err := LoadHasher(path)
	if err != nil || a.Sum([]byte("x")) != b.Sum([]byte("x")) {
		t.Errorf("the second load has another key (%v)", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadHasher(path); err == nil {
		t.Error("a short key is accepted")
	}
}

func TestRun(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a.csv", "ssn\n512-48-7391\n")
	write("b.txt", "plain\n")
	write("c.parquet", "PAR1")
	var out bytes.Buffer
	got, err := Run(context.Background(), RunOptions{Paths: []string{dir, "-", filepath.Join(dir, "gone")}, In: strings.NewReader("ann@corp.example"), FailLabel: "Confidential"}, &out)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(out.String(), dir+string(filepath.Separator), "")
	want := `{"file":"a.csv","member":null,"record":0,"field":"ssn","line":2,"start":0,"end":11,"type":"us_ssn","confidence":"high","score":97}
{"file":"-","member":null,"record":null,"field":null,"line":1,"start":0,"end":16,"type":"email_address","confidence":"high","score":95}
{"summary":{"files":3,"bytes":38,"matches":2,"skipped":[{"file":"c.parquet","why":"format not supported: Parquet"},{"file":"gone","why":"no such file or directory"}],"types":{"email_address":1,"us_ssn":1},"label":"Confidential"}}
`
	if diff := cmp.Diff(want, text); diff != "" {
		t.Error(diff)
	}
	if !got.Failed {
		t.Error("the label was reached and the run did not fail")
	}
	out.Reset()
	got, err = Run(context.Background(), RunOptions{Paths: []string{filepath.Join(dir, "b.txt")}, SummaryOnly: true, FailLabel: "Public"}, &out)
	if err != nil || got.Failed || strings.Count(out.String(), "\n") != 1 {
		t.Errorf("%v %+v %s", err, got, out.String())
	}
	if _, err := Run(context.Background(), RunOptions{FailLabel: "Nonsense"}, &out); err == nil {
		t.Error("an unknown label is accepted")
	}
	if _, err := Run(context.Background(), RunOptions{Paths: []string{filepath.Join(dir, "gone")}}, &out); err == nil {
		t.Error("nothing could be read, and nobody says so")
	}
	if _, err := Run(context.Background(), RunOptions{Paths: []string{dir}}, brokenWriter{}); !errors.Is(err, errBroken) {
		t.Errorf("a broken output: %v", err)
	}
}

var errBroken = errors.New("broken")

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }
