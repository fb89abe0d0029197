package aws

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// shape writes SDK replies as the AWS CLI prints them: members under the API's
// names, absent members left out, times as RFC 3339, blobs as base64, IAM
// policy documents as objects instead of URL-encoded text.
type shape struct {
	// lower: the service's members begin with a small letter (ECS, EKS), which
	// the SDK's exported fields have lost.
	lower bool
	// decode: policy documents come URL-encoded (IAM).
	decode bool
}

// shapeOf returns the shape of a service named as in the AWS CLI.
func shapeOf(service string) shape {
	return shape{
		lower:  slices.Contains([]string{"apigateway", "appsync", "codebuild", "directconnect", "ecr", "ecs", "eks", "redshift-serverless"}, service),
		decode: service == "iam",
	}
}

var (
	timeType = reflect.TypeFor[time.Time]()
	blobType = reflect.TypeFor[[]byte]()
)

// reply renders an output struct. Nothing is true where the reply says nothing
// at all, or where a listing lists nothing.
func (s shape) reply(out any, listing bool) (body json.RawMessage, nothing bool, err error) {
	v := reflect.Indirect(reflect.ValueOf(out))
	if v.Kind() != reflect.Struct {
		return nil, false, fmt.Errorf("reply is a %s, not a struct", v.Kind())
	}
	var b bytes.Buffer
	if err := s.object(&b, v, true); err != nil {
		return nil, false, err
	}
	return b.Bytes(), saysNothing(v, listing), nil
}

// saysNothing looks at the top level only: a listing is empty when all its
// lists and maps are, whatever else it carries (an owner, a flag that there are
// no more pages); any other reply when every member is absent.
func saysNothing(v reflect.Value, listing bool) bool {
	lists := 0
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !isMember(field) || isToken(field.Name) {
			continue
		}
		f := v.Field(i)
		switch f.Kind() {
		case reflect.Slice, reflect.Map:
			lists++
			if f.Len() > 0 {
				return false
			}
		default:
			if !listing && !absent(f) {
				return false
			}
		}
	}
	return !listing || lists > 0
}

// isMember leaves out what the SDK adds to a reply.
func isMember(f reflect.StructField) bool {
	return f.IsExported() && f.Name != "ResultMetadata"
}

// absent reports members the service did not send: nil, or the zero string of
// an enumeration. Numbers and flags without a pointer always count as sent.
func absent(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface, reflect.Func, reflect.Chan:
		return v.IsNil()
	case reflect.String:
		return v.Len() == 0
	default:
		return false
	}
}

func (s shape) value(b *bytes.Buffer, v reflect.Value, name string) error {
	switch v.Kind() {
	case reflect.Pointer:
		return s.value(b, v.Elem(), name)
	case reflect.Interface:
		return s.union(b, v.Elem())
	case reflect.String:
		s.text(b, v.String(), name)
	case reflect.Bool:
		b.WriteString(strconv.FormatBool(v.Bool()))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		b.WriteString(strconv.FormatInt(v.Int(), 10))
	case reflect.Float32, reflect.Float64:
		number, err := json.Marshal(v.Float())
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		b.Write(number)
	case reflect.Slice:
		if v.Type() == blobType {
			writeString(b, base64.StdEncoding.EncodeToString(v.Bytes()))
			return nil
		}
		return s.list(b, v, name)
	case reflect.Map:
		return s.dict(b, v)
	case reflect.Struct:
		if v.Type() == timeType {
			writeString(b, v.Interface().(time.Time).UTC().Format(time.RFC3339Nano))
			return nil
		}
		return s.object(b, v, false)
	default:
		return fmt.Errorf("%s: a %s has no place in a reply", name, v.Kind())
	}
	return nil
}

// object writes a struct; at the top of a reply without what only steers paging.
func (s shape) object(b *bytes.Buffer, v reflect.Value, top bool) error {
	b.WriteByte('{')
	first := true
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !isMember(field) || absent(v.Field(i)) || top && isToken(field.Name) {
			continue
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		writeString(b, s.name(field.Name))
		b.WriteByte(':')
		if err := s.value(b, v.Field(i), field.Name); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

func (s shape) list(b *bytes.Buffer, v reflect.Value, name string) error {
	b.WriteByte('[')
	for i := range v.Len() {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := s.value(b, v.Index(i), name); err != nil {
			return err
		}
	}
	b.WriteByte(']')
	return nil
}

func (s shape) dict(b *bytes.Buffer, v reflect.Value) error {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(x, y reflect.Value) int { return strings.Compare(x.String(), y.String()) })
	b.WriteByte('{')
	for i, key := range keys {
		if i > 0 {
			b.WriteByte(',')
		}
		writeString(b, key.String())
		b.WriteByte(':')
		if err := s.value(b, v.MapIndex(key), key.String()); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

// union renders the SDK's tagged unions, types named UNIONMemberMEMBER with a
// single field Value, as an object with that one member.
func (s shape) union(b *bytes.Buffer, v reflect.Value) error {
	v = reflect.Indirect(v)
	_, member, ok := strings.Cut(v.Type().Name(), "Member")
	if v.Kind() != reflect.Struct || !ok || !v.FieldByName("Value").IsValid() {
		return fmt.Errorf("%s has no place in a reply", v.Type())
	}
	b.WriteByte('{')
	writeString(b, s.name(member))
	b.WriteByte(':')
	if err := s.value(b, v.FieldByName("Value"), member); err != nil {
		return err
	}
	b.WriteByte('}')
	return nil
}

// text writes a string; an IAM policy document becomes the object it encodes,
// or stays the decoded text where that is no JSON.
func (s shape) text(b *bytes.Buffer, text, member string) {
	if s.decode && strings.HasSuffix(member, "Document") {
		if plain, err := url.PathUnescape(text); err == nil {
			text = plain
		}
		if json.Valid([]byte(text)) && strings.HasPrefix(strings.TrimSpace(text), "{") {
			// Compact cannot fail on valid JSON.
			_ = json.Compact(b, []byte(text))
			return
		}
	}
	writeString(b, text)
}

func (s shape) name(field string) string {
	if !s.lower {
		return field
	}
	_, size := utf8.DecodeRuneInString(field)
	return strings.ToLower(field[:size]) + field[size:]
}

// writeString writes a JSON string with < and > as they are, the way the CLI
// prints them; bytes that are no UTF-8 are replaced.
func writeString(b *bytes.Buffer, text string) {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a string always encodes
	b.Truncate(b.Len() - 1)
}
