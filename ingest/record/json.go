package record

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
)

// PlainText returns a file's text as UTF-8 without a byte order mark: replies
// that were redirected into a file in PowerShell are UTF-16.
func PlainText(file []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(file, []byte{0xef, 0xbb, 0xbf}):
		return file[3:]
	case bytes.HasPrefix(file, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(file, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	default:
		return file
	}
	units := make([]uint16, 0, len(file)/2)
	for i := 2; i+1 < len(file); i += 2 {
		units = append(units, order.Uint16(file[i:]))
	}
	return []byte(string(utf16.Decode(units)))
}

// BrokenJSON says where a text stops being JSON, for an error of encoding/json
// about it.
func BrokenJSON(text []byte, err error) error {
	if len(text) == 0 {
		return errors.New("the file is empty")
	}
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) {
			return fmt.Errorf("is a JSON %s where an object belongs", kind.Value)
		}
		return fmt.Errorf("is no JSON object: %w", err)
	}
	before := string(text[:min(int(syntax.Offset), len(text))])
	line := 1 + strings.Count(before, "\n")
	return fmt.Errorf("is not valid JSON: line %d, column %d: %w", line, len(before)-strings.LastIndexByte(before, '\n')-1, err)
}
