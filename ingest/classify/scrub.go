package classify

import (
	"strings"

	"github.com/cairn-security/cairn/graph/settings"
	"github.com/cairn-security/cairn/graph/sit"
	"github.com/cairn-security/cairn/ingest/classify/detect"
)

// Scrubber takes secrets out of documents before anything stores them and says
// what they were: type, place, locator, keyed hash. It errs on the side of
// removing. It is safe for several goroutines.
type Scrubber struct {
	classifier *Classifier
	hasher     *Hasher
}

// NewScrubber makes a scrubber. Which types a tenant has enabled does not
// matter here: secrets never leave.
func NewScrubber(h *Hasher) *Scrubber {
	all := settings.Default()
	c := New(all)
	c.least = 60
	return &Scrubber{c, h}
}

// Removed stands in the place of a value that was taken out.
const removedPrefix = "[removed:"

func removed(typ sit.ID) string { return removedPrefix + string(typ) + "]" }

// unnamed marks a value that no detector knew but that is kept back all the
// same.
const unnamed sit.ID = "unclassified"

// Text removes the secrets of a text such as user data; at says where it
// stood. Everything that looks like a sensitive type is removed, credentials
// or not: a script has no business with either.
func (s *Scrubber) Text(text, at string) (string, []sit.Credential) {
	return s.start().text([]byte(text), nil, "", at, true)
}

// scrubbing is the work on one document.
type scrubbing struct {
	*Scrubber
	scanner *detect.Scanner
	fields  map[string]*detect.Field
}

func (s *Scrubber) start() *scrubbing {
	return &scrubbing{s, s.classifier.detector.Scanner(), map[string]*detect.Field{}}
}

// field prepares a name once.
func (s *scrubbing) field(name string) *detect.Field {
	f := s.fields[name]
	if f == nil {
		if len(s.fields) >= maxFields {
			clear(s.fields)
		}
		f = detect.NewField(name)
		s.fields[name] = f
	}
	return f
}

// text removes the finds in one value. name is the variable or key it belongs
// to; personal says whether other types than credentials go too.
func (s *scrubbing) text(text []byte, field *detect.Field, name, at string, personal bool) (string, []sit.Credential) {
	var (
		out   strings.Builder
		found []sit.Credential
		last  int
		keyID string
	)
	for _, h := range s.scanner.Scan(text, field) {
		if h.Score < s.classifier.least {
			continue
		}
		typ := s.classifier.detector.ID(h.Kind)
		credential := s.classifier.detector.Category(h.Kind) == sit.Credentials
		if !credential && !personal {
			continue
		}
		if credential {
			c := credentialOf(typ, text[h.Start:h.End], text[h.SecretStart:h.SecretEnd], name, at, s.hasher)
			switch {
			case c.Kind == sit.AccessKey && c.Locator != "":
				keyID = c.Locator
			case c.Kind == sit.AccessKey:
				c.Locator = keyID
			}
			found = append(found, c)
			if typ == "aws_access_key" {
				continue // the id is the locator, not the secret
			}
		}
		out.Write(text[last:h.SecretStart])
		out.WriteString(removed(typ))
		last = h.SecretEnd
	}
	if last == 0 {
		return string(text), found
	}
	out.Write(text[last:])
	return out.String(), found
}
