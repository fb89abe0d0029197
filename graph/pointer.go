package graph

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// Element returns the value a JSON pointer (RFC 6901) names inside raw; ok is
// false when it names nothing. Cost: O(len(raw)) per level.
func Element(raw json.RawMessage, pointer string) (element json.RawMessage, ok bool) {
	if pointer == "" {
		return raw, len(raw) > 0
	}
	if pointer[0] != '/' {
		return nil, false
	}
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for token := range strings.SplitSeq(pointer[1:], "/") {
		token = unescape.Replace(token)
		var object map[string]json.RawMessage
		if json.Unmarshal(raw, &object) == nil && object != nil {
			if raw, ok = object[token]; !ok {
				return nil, false
			}
			continue
		}
		var list []json.RawMessage
		i, err := strconv.Atoi(token)
		if json.Unmarshal(raw, &list) != nil || err != nil || i < 0 || i >= len(list) {
			return nil, false
		}
		raw = list[i]
	}
	return raw, true
}

// WithoutElement returns raw with the value a pointer names removed. Keys keep
// their order. ok is false when the pointer names nothing or the whole value.
func WithoutElement(raw json.RawMessage, pointer string) (rest json.RawMessage, ok bool) {
	if pointer == "" || pointer[0] != '/' {
		return nil, false
	}
	cut := strings.LastIndexByte(pointer, '/')
	parent, found := Element(raw, pointer[:cut])
	if !found {
		return nil, false
	}
	token := strings.NewReplacer("~1", "/", "~0", "~").Replace(pointer[cut+1:])
	var replaced json.RawMessage
	var list []json.RawMessage
	if json.Unmarshal(parent, &list) == nil && list != nil {
		i, err := strconv.Atoi(token)
		if err != nil || i < 0 || i >= len(list) {
			return nil, false
		}
		replaced = joinList(append(append([]json.RawMessage{}, list[:i]...), list[i+1:]...))
	} else {
		members, err := members(parent)
		if err != nil {
			return nil, false
		}
		kept := members[:0:0]
		for _, m := range members {
			if m.key != token {
				kept = append(kept, m)
			}
		}
		if len(kept) == len(members) {
			return nil, false
		}
		replaced = joinMembers(kept)
	}
	return WithElement(raw, pointer[:cut], replaced)
}

// WithElement returns raw with the value a pointer names replaced, or, for a
// missing last object key, added. Keys keep their order.
func WithElement(raw json.RawMessage, pointer string, value json.RawMessage) (out json.RawMessage, ok bool) {
	if pointer == "" {
		return value, true
	}
	if pointer[0] != '/' {
		return nil, false
	}
	first, rest, _ := strings.Cut(pointer[1:], "/")
	if rest != "" {
		rest = "/" + rest
	}
	token := strings.NewReplacer("~1", "/", "~0", "~").Replace(first)
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil && list != nil {
		i, err := strconv.Atoi(token)
		if err != nil || i < 0 || i >= len(list) {
			return nil, false
		}
		inner, ok := WithElement(list[i], rest, value)
		if !ok {
			return nil, false
		}
		list[i] = inner
		return joinList(list), true
	}
	all, err := members(raw)
	if err != nil {
		return nil, false
	}
	for i := range all {
		if all[i].key == token {
			inner, ok := WithElement(all[i].value, rest, value)
			if !ok {
				return nil, false
			}
			all[i].value = inner
			return joinMembers(all), true
		}
	}
	if rest != "" {
		return nil, false
	}
	return joinMembers(append(all, member{token, value})), true
}

var errNotObject = errors.New("not a JSON object")

type member struct {
	key   string
	value json.RawMessage
}

// members reads an object's members in the order they stand.
func members(raw json.RawMessage) ([]member, error) {
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	tok, err := dec.Token()
	if err != nil {
		return nil, err
	}
	if tok != json.Delim('{') {
		return nil, errNotObject
	}
	var all []member
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
		all = append(all, member{key.(string), value})
	}
	return all, nil
}

func joinList(list []json.RawMessage) json.RawMessage {
	out := []byte{'['}
	for i, v := range list {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, v...)
	}
	return append(out, ']')
}

func joinMembers(all []member) json.RawMessage {
	out := []byte{'{'}
	for i, m := range all {
		if i > 0 {
			out = append(out, ',')
		}
		key, _ := json.Marshal(m.key) // a string always encodes
		out = append(append(append(out, key...), ':'), m.value...)
	}
	return append(out, '}')
}
