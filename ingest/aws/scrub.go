package aws

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"github.com/cairn-security/cairn/graph/sit"
	"github.com/cairn-security/cairn/ingest/classify"
)

// finds gathers credentials from the parts of one resource.
type finds struct {
	scrubber *classify.Scrubber
	list     []sit.Credential
}

// variables searches environment variables; none of their values is kept.
func (f *finds) variables(at string, variables map[string]string) {
	_, found := f.scrubber.Environment(variables, at)
	f.list = append(f.list, found...)
}

// words searches a command line and returns it, or nothing where it holds a
// credential.
func (f *finds) words(at string, line []string) []string {
	if len(line) == 0 {
		return line
	}
	text := strings.Join(line, " ")
	clean, found := f.scrubber.Text(text, at)
	f.list = append(f.list, found...)
	if clean == text {
		return line
	}
	return nil
}

// word is words for a text that stands alone.
func (f *finds) word(at string, text *string) *string {
	if text == nil || *text == "" {
		return text
	}
	clean, found := f.scrubber.Text(*text, at)
	f.list = append(f.list, found...)
	if clean == *text {
		return text
	}
	return nil
}

// foundIn records what was found in a resource, if anything was.
func (u *unit) foundIn(node string, f finds) {
	if len(f.list) > 0 {
		u.credentials(node, f.list)
	}
}

// blank keeps the names of variables and drops their values.
func blank(variables map[string]string) {
	for name := range variables {
		variables[name] = ""
	}
}

// userDataLimit bounds what compressed user data may unfold to; AWS takes at
// most 16 KB of it before encoding.
const userDataLimit = 4 << 20

// decodeUserData undoes base64 and, where cloud-init would, gzip.
func decodeUserData(encoded string) (string, error) {
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return "", fmt.Errorf("user data: %w", err)
	}
	if !bytes.HasPrefix(raw, []byte{0x1f, 0x8b}) {
		return string(raw), nil
	}
	unpack, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return "", fmt.Errorf("user data: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(unpack, userDataLimit))
	if err != nil {
		return "", fmt.Errorf("user data: %w", err)
	}
	return string(text), nil
}
