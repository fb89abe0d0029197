package detect

import "bytes"

var (
	kPassword = kind("generic_password")
	kKey      = kind("generic_api_key")
	kAWS      = kind("aws_secret_key")
	kAuth     = kind("http_auth_header")
	kSQL      = kind("azure_sql_connection")
)

// assignment is what the name of a variable, column or header promises.
type assignment uint8

const (
	noSecret  assignment = iota
	weakKey              // "key", "auth": the value must look random
	secretKey            // "secret", "token", "api key"
	password
	awsSecret
	authHeader
	userAndPassword
)

// assignmentOf reads a name.
func assignmentOf(name []byte) assignment {
	var buf [64]byte
	b := buf[:0]
	if len(name) > len(buf) {
		name = name[len(name)-len(buf):]
	}
	for _, c := range name {
		if class[c]&alnum != 0 {
			b = append(b, lowerByte(c))
		}
	}
	found := noSecret
	for i := 0; i+2 < len(b); i++ {
		switch b[i] {
		case 'p':
			if startsWith(b, i, "passw") || startsWith(b, i, "passphrase") || startsWith(b, i, "pwd") || startsWith(b, i, "passcode") || startsWith(b, i, "pass") && i+4 == len(b) {
				found = max(found, password)
			} else if startsWith(b, i, "privatekey") {
				found = max(found, secretKey)
			}
		case 's':
			if startsWith(b, i, "secret") || startsWith(b, i, "signingkey") || startsWith(b, i, "sharedaccesskey") {
				found = max(found, secretKey)
			}
		case 't':
			if startsWith(b, i, "token") {
				found = max(found, secretKey)
			}
		case 'a':
			if startsWith(b, i, "apikey") || startsWith(b, i, "accesskey") || startsWith(b, i, "accountkey") || startsWith(b, i, "authkey") {
				found = max(found, secretKey)
			} else if startsWith(b, i, "authorization") {
				found = max(found, authHeader)
			} else if startsWith(b, i, "auth") && !startsWith(b, i, "author") {
				found = max(found, weakKey)
			}
		case 'k':
			if startsWith(b, i, "key") && !startsWith(b, i, "keyb") && !startsWith(b, i, "keyw") && !startsWith(b, i, "keyst") {
				found = max(found, weakKey)
			} else if startsWith(b, i, "kennwort") {
				found = max(found, password)
			}
		case 'c':
			if startsWith(b, i, "credential") {
				found = max(found, weakKey)
			} else if startsWith(b, i, "contrasena") {
				found = max(found, password)
			}
		case 'l':
			if startsWith(b, i, "login") && i+5 == len(b) {
				found = max(found, weakKey)
			}
		case 'e':
			if startsWith(b, i, "encryptionkey") {
				found = max(found, secretKey)
			}
		}
	}
	if found == noSecret {
		if bytes.Contains(b, []byte("bundle")) {
			return userAndPassword
		}
		return noSecret
	}
	if found != authHeader && harmless(b) {
		return noSecret
	}
	if found == secretKey && bytes.Contains(b, []byte("secret")) && (bytes.Contains(b, []byte("aws")) || bytes.Contains(b, []byte("accesskey"))) {
		return awsSecret
	}
	return found
}

// harmlessEnds are last words after which a name speaks about a secret and
// does not hold one.
var harmlessEnds = []string{"id", "ids", "name", "names", "file", "path", "dir", "url", "uri", "type", "types", "length", "len",
	"size", "count", "hash", "arn", "ref", "expiry", "expires", "expiresin", "expiration", "ttl", "version", "param", "label",
	"prefix", "suffix", "host", "endpoint", "field", "column", "format", "algorithm", "alg", "policy", "enabled", "required",
	"rotation", "status", "created", "age", "limit", "index", "usage", "chars", "results", "selector", "alias", "pair", "signatures",
	"lastused", "lastchanged", "changed", "nextrotation", "reset", "min", "max", "description", "issuer"}

var harmlessParts = []string{"public", "pubkey", "primarykey", "foreignkey", "partitionkey", "sortkey", "issuerkey", "cachekey",
	"objectkey", "s3key", "bucketkey", "keyvault", "keyword", "schemakey", "monkey", "csrf", "nexttoken", "pagetoken",
	"continuationtoken", "accessor", "credentialsid", "resultkey", "rowkey", "idempotency", "hotkey", "i18nkey", "tokenizer", "maxtoken", "numtoken"}

func harmless(b []byte) bool {
	for _, w := range harmlessEnds {
		if bytes.HasSuffix(b, []byte(w)) {
			return true
		}
	}
	for _, w := range harmlessParts {
		if bytes.Contains(b, []byte(w)) {
			return true
		}
	}
	return false
}

// assigned looks at '=' or ':' between a name and a value.
func (s *Scanner) assigned(i int) int {
	text := s.text
	if i > 0 && isDigit(text[i-1]) && i+1 < len(text) {
		if isDigit(text[i+1]) {
			return i + 1 // a time, a port
		}
		if s.telegram(i) {
			return s.addressEnd
		}
	}
	from, end, quote := valueAfter(text, i)
	if end-from < 4 {
		return i + 1
	}
	name := nameBefore(text, i)
	if len(name) < 3 {
		return i + 1
	}
	if text[i] == ':' && colonList(text, i, len(name)) {
		return i + 1
	}
	what := assignmentOf(name)
	if what == noSecret && startsWithFold(name, len(name)-5, "value") {
		what = assignmentOf(attributeBefore(text, i))
	}
	if what == noSecret {
		return i + 1
	}
	s.secret(what, from, end, quote != 0)
	return i + 1
}

// colonList reports that the name before i, of length n, stands in a list of
// colons such as an ARN: secretsmanager:eu-west-1:1234:secret:prod.
func colonList(text []byte, i, n int) bool {
	at := i - n - 1
	return at > 0 && text[at] == ':' && isWord(text[at-1])
}

// valueAfter finds the value behind the operator at i: quoted, or up to a
// space or a mark that ends values.
func valueAfter(text []byte, i int) (from, end int, quote byte) {
	from = i + 1
	for from < len(text) && from-i < 4 && (text[from] == '=' || text[from] == '>') {
		from++
	}
	for from < len(text) && from-i < 12 && (text[from] == ' ' || text[from] == '\t') {
		from++
	}
	if from < len(text) && text[from] == '\\' {
		from++
	}
	if from < len(text) && (text[from] == '"' || text[from] == '\'' || text[from] == '`') {
		quote = text[from]
		from++
	}
	end = from
	for end < len(text) && end-from < 600 {
		c := text[end]
		if quote != 0 {
			if c == quote || c == '\n' || c == '\\' && end+1 < len(text) && text[end+1] == quote {
				break
			}
		} else if isSpace(c) || c == '"' || c == '\'' || c == '`' || c == ',' || c == ';' || c == '<' || c == '&' || c == ')' || c == '\\' {
			break
		}
		end++
	}
	return from, end, quote
}

// nameBefore is the text before the operator at i, as far as the last mark
// that cannot be part of a name, without quotes, at most 48 bytes.
func nameBefore(text []byte, i int) []byte {
	end := i
	for end > 0 && i-end < 12 {
		switch text[end-1] {
		case ' ', '\t', '"', '\'', '`', ':', '=', '?', '+', '.', '\\', '|', '~', ']':
			end--
			continue
		}
		break
	}
	direct := text[i] == '=' && end == i
	start := end
	for start > 0 && end-start < 48 {
		c := text[start-1]
		if c == ' ' {
			// In key=value a space ends the key; elsewhere a name may have several
			// words, or a type may stand behind it.
			if direct && !startsWith(text, start, "string") && !startsWith(text, start, "String") {
				break
			}
			if start-2 < 0 || !isAlnum(text[start-2]) {
				break
			}
		} else if class[c]&(alnum|under) == 0 && c != '.' && c != '-' && c != '[' {
			break
		}
		start--
	}
	return text[start:end]
}
