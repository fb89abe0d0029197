package aws

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"github.com/cairn-security/cairn/graph/sit"
)

// Scrubber finds credentials in texts that themselves never leave the
// collector.
type Scrubber interface {
	// Text searches a text; at says where it stood.
	Text(at, text string) []sit.Credential
	// Variables searches environment variables.
	Variables(at string, variables map[string]string) []sit.Credential
}

// finds gathers credentials from the parts of one resource.
type finds struct{ list []sit.Credential }

// words searches a command line and returns it, or nothing where it holds a
// credential.
func (f *finds) words(s Scrubber, at string, line []string) []string {
	if len(line) == 0 {
		return line
	}
	found := s.Text(at, strings.Join(line, " "))
	if len(found) == 0 {
		return line
	}
	f.list = append(f.list, found...)
	return nil
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
