package detect

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
)

// awsKeyID: access key ids are base32; documentation uses ids that end in
// EXAMPLE.
func awsKeyID(body []byte) bool {
	for _, c := range body {
		if !setBase32.has(c) && c != '8' && c != '9' && c != '0' && c != '1' {
			return false
		}
	}
	return !bytes.HasSuffix(body, []byte("EXAMPLE"))
}

func hasDigits(body []byte) bool {
	n := 0
	for _, c := range body {
		if isDigit(c) {
			n++
		}
	}
	return n >= 5
}

func endsAA(body []byte) bool { return bytes.HasSuffix(body, []byte("AA")) }

// openAIMark: keys without a project part carry base64 of "OpenAI".
func openAIMark(body []byte) bool { return bytes.Contains(body, []byte("T3BlbkFJ")) }

// airtable: 14 characters, a dot, 64 hexadecimal digits.
func airtable(body []byte) bool {
	return body[14] == '.' && setLowHex.span(body, 15, 64) == len(body)
}

func databricks(body []byte) bool {
	end := setLowHex.span(body, 0, 32)
	return end == 32 && (len(body) == 32 || len(body) == 34 && body[32] == '-' && isDigit(body[33]))
}

// oktaBody: the 42 characters mix cases, digits and usually marks, which keeps
// out hexadecimal hashes.
func oktaBody(body []byte) bool {
	mask := uint8(0)
	for _, c := range body {
		mask |= class[c]
	}
	return mask&lower != 0 && mask&upper != 0 && mask&digit != 0
}

// sourcegraph: an optional instance ("local" or 16 hex), then 40 hex in which
// both cases and digits occur.
func sourcegraph(body []byte) bool {
	if at := bytes.LastIndexByte(body, '_'); at >= 0 {
		if at != 5 && at != 16 {
			return false
		}
		body = body[at+1:]
	}
	return len(body) == 40 && setHexa.span(body, 0, 40) == 40
}

// notSampleGoogle leaves out keys that cannot be: every Google key is mixed
// case with digits.
func notSampleGoogle(body []byte) bool { return oktaBody(body) || bytes.IndexByte(body, '_') >= 0 }

// jwtBody: three base64url parts of which the first, with the prefix "eyJ",
// is a JSON object that names an algorithm or type. Grafana keys share the
// prefix and have no dots.
func jwtBody(body []byte) bool {
	first, rest, ok := bytes.Cut(body, []byte("."))
	if !ok {
		return false
	}
	second, _, ok := bytes.Cut(rest, []byte("."))
	if !ok || len(second) < 4 {
		return false
	}
	encoded := append([]byte("eyJ"), bytes.TrimRight(first, "=")...)
	raw := make([]byte, base64.RawURLEncoding.DecodedLen(len(encoded)))
	n, err := base64.RawURLEncoding.Decode(raw, encoded)
	if err != nil {
		return false
	}
	var header struct {
		Alg *string `json:"alg"`
		Typ *string `json:"typ"`
		Enc *string `json:"enc"`
	}
	if err := json.Unmarshal(raw[:n], &header); err != nil {
		return false
	}
	return header.Alg != nil || header.Typ != nil || header.Enc != nil
}

// jwtTwice: base64 of a token that itself starts with "eyJ" and the name of a
// header field.
func jwtTwice(body []byte) bool {
	encoded := append([]byte("ZXlK"), body...)
	encoded = encoded[:len(encoded)/4*4]
	raw := make([]byte, base64.StdEncoding.DecodedLen(len(encoded)))
	n, _ := base64.StdEncoding.Decode(raw, encoded)
	if n < 12 {
		return false
	}
	inner := make([]byte, 9)
	k, err := base64.RawStdEncoding.Decode(inner, raw[:12])
	if err != nil || k < 4 {
		return false
	}
	// A header field follows: {"alg …
	name, _, _ := bytes.Cut(inner[2:k], []byte{'"'})
	for _, c := range name {
		if !isAlnum(c) {
			return false
		}
	}
	return inner[0] == '{' && inner[1] == '"' && len(name) > 0
}
