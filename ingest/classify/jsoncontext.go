package classify

import (
	"bytes"

	"github.com/cairn-security/cairn/ingest/classify/detect"
)

// contextOf gives the field whose name is context of a scalar: the last two
// keys of the path, or the name that stands beside the value.
func (s *session) contextOf(l leaf) *detect.Field {
	name := l.path
	if !bytes.HasSuffix(l.path, l.name) && len(l.name) > 0 && !bytes.HasSuffix(l.path, listMark) {
		name = l.name
	}
	// Two keys say enough: "customer.card" is about cards, the rest of a path
	// is about something else.
	if at := bytes.LastIndexByte(name, '.'); at > 0 {
		if before := bytes.LastIndexByte(name[:at], '.'); before >= 0 {
			name = name[before+1:]
		}
	}
	return s.field(name)
}

var listMark = []byte("[]")
