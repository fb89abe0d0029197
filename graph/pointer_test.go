package graph

import (
	"encoding/json"
	"testing"
)

func TestElementAndEdits(t *testing.T) {
	raw := json.RawMessage(`{"b":{"x/y":[1,{"k":2},3]},"a":null}`)
	if got, ok := Element(raw, "/b/x~1y/1/k"); !ok || string(got) != "2" {
		t.Errorf("Element = %s, %v", got, ok)
	}
	for _, p := range []string{"/c", "/b/x~1y/9", "/b/x~1y/k", "b", "/a/z"} {
		if got, ok := Element(raw, p); ok {
			t.Errorf("Element(%q) = %s, want nothing", p, got)
		}
	}
	for _, c := range []struct{ pointer, want string }{
		{"/b/x~1y/1", `{"b":{"x/y":[1,3]},"a":null}`},
		{"/a", `{"b":{"x/y":[1,{"k":2},3]}}`},
		{"/b/x~1y/1/k", `{"b":{"x/y":[1,{},3]},"a":null}`},
	} {
		got, ok := WithoutElement(raw, c.pointer)
		if !ok || string(got) != c.want {
			t.Errorf("WithoutElement(%q) = %s, %v, want %s", c.pointer, got, ok, c.want)
		}
	}
	if _, ok := WithoutElement(raw, "/nope"); ok {
		t.Error("removing what is not there succeeds")
	}
	if got, ok := WithElement(raw, "/b/new", json.RawMessage(`true`)); !ok || string(got) != `{"b":{"x/y":[1,{"k":2},3],"new":true},"a":null}` {
		t.Errorf("WithElement = %s, %v", got, ok)
	}
}

func FuzzPointer(f *testing.F) {
	f.Add(`{"a":[1]}`, "/a/0")
	f.Add(`[`, "/")
	f.Add(`{"a":[0]}`, "0") // no pointer: it begins without a slash
	f.Fuzz(func(t *testing.T, raw, pointer string) {
		before, ok := Element(json.RawMessage(raw), pointer)
		rest, removed := WithoutElement(json.RawMessage(raw), pointer)
		if _, set := WithElement(json.RawMessage(raw), pointer, json.RawMessage("1")); set && pointer != "" && pointer[0] != '/' {
			t.Errorf("%q is taken for a pointer", pointer)
		}
		if removed && !json.Valid(rest) && json.Valid([]byte(raw)) {
			t.Errorf("removing %q (%s, %v) leaves invalid JSON %s", pointer, before, ok, rest)
		}
	})
}
