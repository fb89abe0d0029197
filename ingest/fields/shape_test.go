package fields

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func found(s *Shape, raw string) []string {
	var out []string
	s.Scan([]byte(raw), func(path int, value []byte) { out = append(out, fmt.Sprintf("%d=%s", path, value)) })
	return out
}

func TestScan(t *testing.T) {
	for _, c := range []struct {
		name  string
		paths []string
		raw   string
		want  []string
	}{
		{"fields", []string{"a", "b/c"}, ` { "a" : 1 , "b" : { "c" : "x" , "d" : 2 } } `, []string{"0=1", `1="x"`}},
		{"elements", []string{"l/*/id"}, `{"l":[{"id":"1"},{"x":[{"id":"9"}],"id":"2"},7,null]}`, []string{`0="1"`, `0="2"`}},
		{"one object where a list belongs", []string{"l/*/id"}, `{"l":{"id":"1"}}`, []string{`0="1"`}},
		{"one string where a list belongs", []string{"l/*"}, `{"l":"x"}`, []string{`0="x"`}},
		{"null is nothing", []string{"a", "l/*"}, `{"a":null,"l":null}`, nil},
		{"a value and what is in it", []string{"a", "a/b"}, `{"a":{"b":true}}`, []string{`0={"b":true}`, `1=true`}},
		{"the value itself", []string{".", "a"}, `{"a":1}`, []string{`0={"a":1}`, `1=1`}},
		{"escaped names", []string{"é"}, `{"\u00e9":1}`, []string{"0=1"}},
		{"brackets in strings", []string{"b"}, `{"a":"}]\"{","b":1}`, []string{"0=1"}},
		{"no path", []string{"", "a"}, `{"a":1}`, []string{"1=1"}},
		{"not JSON", []string{"a"}, `{"a" 1}`, nil},
		{"cut off", []string{"a/*"}, `{"a":[1,2,`, []string{"0=1", "0=2"}},
	} {
		if diff := cmp.Diff(c.want, found(New(c.paths...), c.raw)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestOffset(t *testing.T) {
	raw := []byte(`{"a":[{"b":"x"}]}`)
	New("a/*").Scan(raw, func(_ int, item []byte) {
		New("b").Scan(item, func(_ int, v []byte) {
			if at := Offset(raw, v); string(raw[at:at+len(v)]) != `"x"` {
				t.Errorf("offset %d is %q", at, raw[at:])
			}
		})
	})
}

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		`"a"`: "a", `"\u00e9\n"`: "é\n", `12`: "12", `true`: "true", `null`: "", `{}`: "", `[1]`: "", ``: "", `"`: "", "\"\xff\"": "\ufffd",
	} {
		if got := Text([]byte(in)); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}

// walk is what a scan should find, by decoding: the oracle.
func walk(v any, path []string, visit func(any)) {
	if v == nil {
		return
	}
	if len(path) == 0 {
		visit(v)
		return
	}
	if path[0] != "*" {
		if object, ok := v.(map[string]any); ok {
			walk(object[path[0]], path[1:], visit)
		}
		return
	}
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	for _, element := range list {
		walk(element, path[1:], visit)
	}
}

func TestScanAgreesWithDecoding(t *testing.T) {
	names := []string{"a", "b", "c"}
	var value func(t *rapid.T, depth int) any
	value = func(t *rapid.T, depth int) any {
		kind := rapid.IntRange(0, 5).Draw(t, "kind")
		if depth == 0 {
			kind %= 3
		}
		switch kind {
		case 0:
			return rapid.String().Draw(t, "text")
		case 1:
			return rapid.Bool().Draw(t, "flag")
		case 2:
			return nil
		case 3:
			list := make([]any, rapid.IntRange(0, 3).Draw(t, "length"))
			for i := range list {
				list[i] = value(t, depth-1)
			}
			return list
		}
		object := map[string]any{}
		for _, name := range names {
			if rapid.Bool().Draw(t, "has") {
				object[name] = value(t, depth-1)
			}
		}
		return object
	}
	rapid.Check(t, func(t *rapid.T) {
		doc := value(t, 4)
		raw, err := json.MarshalIndent(doc, "", rapid.SampledFrom([]string{"", " ", "\t"}).Draw(t, "indent"))
		if err != nil {
			t.Fatal(err)
		}
		path := rapid.SliceOfN(rapid.SampledFrom(append(slices.Clone(names), "*")), 1, 4).Draw(t, "path")
		want, got := map[string]int{}, map[string]int{}
		walk(doc, path, func(v any) { want[canonical(t, v)]++ })
		New(strings.Join(path, "/")).Scan(raw, func(_ int, found []byte) {
			var v any
			if err := json.Unmarshal(found, &v); err != nil {
				t.Fatalf("%s: %v", found, err)
			}
			got[canonical(t, v)]++
		})
		if !maps.Equal(want, got) {
			t.Fatalf("%v in %s: want %v, got %v", path, raw, want, got)
		}
	})
}

func canonical(t *rapid.T, v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func FuzzScan(f *testing.F) {
	f.Add([]byte(`{"a":[{"b":1},{"b":"x"}],"c":null}`))
	f.Add([]byte(`[[[[`))
	shape := New("a/*/b", "c", "*/d", ".")
	f.Fuzz(func(t *testing.T, raw []byte) {
		shape.Scan(raw, func(_ int, value []byte) {
			if at := Offset(raw, value); at < 0 || at+len(value) > len(raw) {
				t.Fatalf("a value outside the text: %d+%d of %d", at, len(value), len(raw))
			}
			_ = Text(value)
		})
	})
}

func BenchmarkScan(b *testing.B) {
	item := `{"NetworkInterfaceId":"eni-0123456789abcdef0","SubnetId":"subnet-0123456789abcdef0","Groups":[{"GroupId":"sg-1","GroupName":"web"}],"PrivateIpAddress":"10.0.0.1","TagSet":[{"Key":"Name","Value":"web"}]}`
	raw := []byte(`{"NetworkInterfaces":[` + strings.Repeat(item+",", 9999) + item + `]}`)
	shape := New("NetworkInterfaces/*/NetworkInterfaceId", "NetworkInterfaces/*/SubnetId", "NetworkInterfaces/*/Groups/*/GroupId")
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		n := 0
		shape.Scan(raw, func(int, []byte) { n++ })
		if n != 30000 {
			b.Fatal(n)
		}
	}
}
