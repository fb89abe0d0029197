package classify

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/cairn-security/cairn/graph/sit"
	"github.com/cairn-security/cairn/ingest/classify/detect"
)

// JSON removes the secrets of a document of any shape and returns it with
// everything else as it was, byte for byte. Environment variables and user
// data are recognised by the keys that the AWS APIs and Terraform use and get
// the strict treatment of Environment and Text; other strings lose what is
// surely a credential. Finds are at "at#path". The error says that doc is not
// JSON; then nothing of it may be kept.
func (s *Scrubber) JSON(doc []byte, at string) ([]byte, []sit.Credential, error) {
	groups, err := environments(doc)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", at, err)
	}
	var (
		out   []byte
		found []sit.Credential
		last  int
		n     int
		work  = s.start()
	)
	err = walk(doc, nil, func(l leaf) error {
		group := groups[n]
		n++
		if !l.text || len(l.value) == 0 {
			if group == nil {
				return nil
			}
		}
		script := group == nil && userData(l.path)
		if group == nil && !script && (len(l.value) < shortestSecret || len(work.scanner.Scan(l.value, work.fieldOf(l))) == 0) {
			return nil // nearly every value
		}
		value := string(l.value)
		clean, creds := value, []sit.Credential(nil)
		place := at + "#" + string(l.path)
		switch {
		case group != nil:
			clean, creds = work.variable(string(l.name), value, group, place)
			for i := range creds {
				creds[i].FoundAt = place
				if !strings.HasSuffix(place, string(l.name)) {
					creds[i].FoundAt += "." + string(l.name)
				}
			}
		case script:
			clean, creds = s.userData(value, place)
		default:
			clean, creds = work.text(l.value, work.fieldOf(l), string(l.name), place, false)
			creds = withoutListedKeys(creds, l.name)
		}
		found = append(found, creds...)
		if clean == value {
			return nil
		}
		out = append(out, doc[last:l.offset]...)
		out = appendString(out, clean)
		last = l.end
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", at, err)
	}
	if last == 0 {
		return doc, found, nil
	}
	return append(out, doc[last:]...), found, nil
}

// shortestSecret is the least length of a value that is looked at outside of
// environments.
const shortestSecret = 4

// fieldOf gives the name of a scalar as context. Only the key itself counts:
// in a reply about secrets every path speaks of them.
func (s *scrubbing) fieldOf(l leaf) *detect.Field {
	if len(l.name) == 0 || bytes.HasSuffix(l.name, []byte("Tokens")) { // HttpTokens is a setting
		return nil
	}
	return s.field(string(l.name))
}

// withoutListedKeys leaves out access key ids in the place where the provider
// lists them: that a key exists is no find.
func withoutListedKeys(creds []sit.Credential, name []byte) []sit.Credential {
	switch string(name) {
	case "AccessKeyId", "UserAccessKeyId", "access_key_id", "accessKeyId":
	default:
		return creds
	}
	kept := creds[:0]
	for _, c := range creds {
		if c.Type != "aws_access_key" {
			kept = append(kept, c)
		}
	}
	return kept
}

func appendString(out []byte, s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return append(out, `""`...)
	}
	return append(out, bytes.TrimSuffix(b.Bytes(), newline)...)
}

// environments finds, for every scalar of a document in order, the variables
// it stands among, or nil where it is no environment variable.
func environments(doc []byte) ([]map[string]string, error) {
	var (
		groups []map[string]string
		group  map[string]string
		before string
	)
	err := walk(doc, nil, func(l leaf) error {
		prefix, ok := environmentPath(l)
		if !ok {
			groups = append(groups, nil)
			return nil
		}
		name := string(l.name)
		// The same name again is the next container or function.
		if _, again := group[name]; group == nil || again || prefix != before {
			group, before = map[string]string{}, prefix
		}
		group[name] = string(l.value)
		groups = append(groups, group)
		return nil
	})
	return groups, err
}

// environmentPath reports values of environment variables: Lambda and Amplify
// write Environment.Variables.NAME, ECS and CodeBuild lists of name and value,
// Terraform environment[].variables.NAME, Elastic Beanstalk and App Runner the
// rest.
func environmentPath(l leaf) (string, bool) {
	if !bytes.Contains(l.path, []byte("nvironment")) && !bytes.Contains(l.path, []byte("NVIRONMENT")) {
		return "", false
	}
	path := strings.ToLower(string(l.path))
	at := strings.LastIndex(path, "environment")
	if at < 0 {
		return "", false
	}
	rest := path[at:]
	for _, form := range []string{"environment.variables.", "environment[].variables.", "environment[].value", "environmentvariables[].value", "environmentvariables.", "environment_variables.", "environment_variable[].value", "environment_variables[].value"} {
		if tail, ok := strings.CutPrefix(rest, form); ok {
			if strings.HasSuffix(form, ".value") && tail != "" {
				continue
			}
			return path[:at] + form, true
		}
	}
	// A map right under "environment": compose files, task definitions as some
	// tools print them.
	if tail, ok := strings.CutPrefix(rest, "environment."); ok && !strings.ContainsAny(tail, ".[") && strings.ToUpper(string(l.name)) == string(l.name) {
		return path[:at] + "environment.", true
	}
	return "", false
}

// userData reports the script that an instance runs at its start.
func userData(path []byte) bool {
	if n := len(path); n < 8 || !bytes.ContainsAny(path[n-1:], "aAeE4") {
		return false
	}
	p := strings.ToLower(string(path[max(0, len(path)-20):]))
	return strings.HasSuffix(p, "userdata") || strings.HasSuffix(p, "userdata.value") || strings.HasSuffix(p, "user_data") || strings.HasSuffix(p, "user_data_base64")
}

// userData scrubs a script, which the API gives in base64.
func (s *Scrubber) userData(value, at string) (string, []sit.Credential) {
	raw, err := base64.StdEncoding.DecodeString(value)
	if err != nil || !utf8.Valid(raw) || len(value) < 8 {
		return s.Text(value, at)
	}
	clean, found := s.Text(string(raw), at)
	if clean == string(raw) {
		return value, found
	}
	return base64.StdEncoding.EncodeToString([]byte(clean)), found
}
