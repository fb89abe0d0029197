package graph_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/graphtest"
	"pgregory.net/rapid"
)

func encode(t testing.TB, s *graph.Snapshot) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := graph.Encode(&buf, s); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestDecodeIsTheInverseOfEncode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := graphtest.Draw(t)
		var buf bytes.Buffer
		if err := graph.Encode(&buf, s); err != nil {
			t.Fatal(err)
		}
		first := bytes.Clone(buf.Bytes())
		back, err := graph.Decode(&buf)
		if err != nil {
			t.Fatal(err)
		}
		if d := graphtest.Difference(s, back); d != "" {
			t.Fatal(d)
		}
		if err := graph.Encode(&buf, back); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, buf.Bytes()) {
			t.Fatal("encoding what was decoded gives other bytes")
		}
	})
}

const codecText = `
snapshot s1 source=demo taken=2026-01-02T03:04:05Z accounts=1 tasks=ok:3
node account arn:aws:iam::1:root account=1
node user role/a name=a account=1
  from service=iam operation=GetRole read=2026-01-02T03:04:05Z
  trust {"Statement":[]}
  inline/x {"Statement":[{"Action":"s3:*"}]}
node role role/b account=1
edge arn:aws:iam::1:root CONTAINS role/a
edge role/a HAS_POLICY p
edge role/b TRUSTS role/a
gap g1 denied account=1 service=s3 operation=ListBuckets affects=arn:aws:iam::1:root
`

func TestDecodeRefusesCutAndChangedData(t *testing.T) {
	data := encode(t, graphtest.MustParse(t, codecText))
	for n := range data {
		if _, err := graph.Decode(bytes.NewReader(data[:n])); !errors.Is(err, graph.ErrFormat) {
			t.Fatalf("the first %d of %d bytes: %v, want ErrFormat", n, len(data), err)
		}
		changed := bytes.Clone(data)
		changed[n] ^= 0x40
		if _, err := graph.DecodeBytes(changed); !errors.Is(err, graph.ErrFormat) {
			t.Fatalf("byte %d changed: %v, want ErrFormat", n, err)
		}
	}
	if _, err := graph.DecodeBytes(append(bytes.Clone(data), 0)); !errors.Is(err, graph.ErrFormat) {
		t.Errorf("a byte too many: %v", err)
	}
}

func TestDecodeNamesThePlace(t *testing.T) {
	data := encode(t, graphtest.MustParse(t, codecText))
	for _, c := range []struct {
		name, want string
		change     func(d []byte) []byte
	}{
		{"something else", "this is not a snapshot", func(d []byte) []byte { return []byte("PK\x03\x04 and so on and so on") }},
		{"newer version", "version 9; this build reads version 1", func(d []byte) []byte { d[8] = 9; return d }},
		{"cut", "section gaps: cut off", func(d []byte) []byte { return d[:len(d)-20] }},
		{"damaged", "section checksum", func(d []byte) []byte { d[len(d)-6] ^= 1; return d }},
		{"unknown kind", `section kinds: node kind "rool" is not known`, func(d []byte) []byte {
			return seal(bytes.Replace(d, []byte("\x04role"), []byte("\x04rool"), 1))
		}},
		{"one id twice", "section nodes: two nodes have one id", func(d []byte) []byte {
			return seal(bytes.Replace(d, []byte("role/arole/b"), []byte("role/arole/a"), 1))
		}},
	} {
		_, err := graph.DecodeBytes(c.change(bytes.Clone(data)))
		if !errors.Is(err, graph.ErrFormat) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// A build that numbers kinds otherwise reads the same graph, in its own order.
func TestDecodeMapsKindsByName(t *testing.T) {
	data := encode(t, graphtest.MustParse(t, codecText))
	// Exchanging two names in the table of kinds is what a writer does that
	// numbers them the other way round.
	swapped := bytes.Replace(data, []byte("\x04user"), []byte("\x04rOle"), 1)
	swapped = bytes.Replace(swapped, []byte("\x04role"), []byte("\x04user"), 1)
	swapped = bytes.Replace(swapped, []byte("\x04rOle"), []byte("\x04role"), 1)
	got, err := graph.DecodeBytes(seal(swapped))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer("node role", "node user", "node user", "node role").Replace(codecText)
	graphtest.Equal(t, graphtest.MustParse(t, want), got)
}

// seal puts the right checksum under changed data, so that what lies behind
// the checksum is tested too.
func seal(d []byte) []byte {
	if len(d) < 4 {
		return d
	}
	binary.LittleEndian.PutUint32(d[len(d)-4:], crc32.Checksum(d[:len(d)-4], crc32.MakeTable(crc32.Castagnoli)))
	return d
}

func FuzzDecode(f *testing.F) {
	f.Add(encode(f, graphtest.MustParse(f, codecText)))
	f.Add(encode(f, graphtest.MustParse(f, "snapshot empty")))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := graph.DecodeBytes(seal(bytes.Clone(data)))
		if err != nil {
			if !errors.Is(err, graph.ErrFormat) {
				t.Fatalf("%v is no ErrFormat", err)
			}
			return
		}
		// What was accepted must be usable: walk over all of it, write it, read it.
		if d := graphtest.Difference(s, s); d != "" {
			t.Fatal(d)
		}
		back, err := graph.DecodeBytes(encode(t, s))
		if err != nil {
			t.Fatal(err)
		}
		graphtest.Equal(t, s, back)
	})
}
