package classify

import (
	"bytes"

	"github.com/cairn-security/cairn/ingest/classify/detect"
)

// scrubField gives the name of a scalar as context. Only the key itself
// counts: in a reply about secrets every path speaks of them.
func scrubField(l leaf) *detect.Field {
	if len(l.name) == 0 || bytes.HasSuffix(l.name, []byte("Tokens")) { // HttpTokens is a setting
		return nil
	}
	return detect.NewField(string(l.name))
}
