package classify

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph/sit"
	"github.com/cairn-security/cairn/ingest/classify/detect"
)

// Environment scrubs the variables of a function, a task or a build. Values
// are dropped unless they are plainly references (ARNs, host names, ports,
// regions, names of databases and users), because links need those and nobody
// needs the rest. at says where the variables stood; finds are at "at#NAME".
func (s *Scrubber) Environment(vars map[string]string, at string) (map[string]string, []sit.Credential) {
	work := s.start()
	clean := make(map[string]string, len(vars))
	var found []sit.Credential
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		value, creds := work.variable(name, vars[name], vars, at)
		clean[name] = value
		found = append(found, creds...)
	}
	return clean, found
}

// variable scrubs one variable; all are its siblings, which may say what a
// password opens.
func (s *scrubbing) variable(name, value string, all map[string]string, at string) (string, []sit.Credential) {
	place := at + "#" + name
	if value == "" {
		return "", nil
	}
	if ref, ok := secretReference(value); ok {
		return value, []sit.Credential{{Kind: sit.SecretRef, Locator: ref, FoundAt: place}}
	}
	if databaseHost.MatchString(value) {
		return value, []sit.Credential{{Kind: sit.DatabaseHost, Locator: strings.ToLower(value), FoundAt: place}}
	}
	field := s.field(name)
	clean, found := s.text([]byte(value), field, name, place, true)
	for i := range found {
		if found[i].Kind == sit.AccessKey && found[i].Locator == "" {
			found[i].Locator = siblingKeyID(all)
		}
		if found[i].Kind == sit.Password {
			if l := siblingLocator(name, all); l != "" {
				found[i].Kind, found[i].Locator = sit.DatabaseLogin, l
			}
		}
	}
	if clean != value {
		if withoutSecret(clean) {
			return clean, found
		}
		// The rest of the value may hold more of the same.
		_, from, _ := strings.Cut(clean, removedPrefix)
		typ, _, _ := strings.Cut(from, "]")
		return removed(sit.ID(typ)), found
	}
	if plainReference(name, value) {
		return value, found
	}
	if len(found) > 0 { // an access key id
		return value, found
	}
	if field.Secret() {
		// A name that promises a secret and a value that no detector knows.
		c := sit.Credential{Kind: sit.Password, Type: "generic_password", Locator: name, FoundAt: place, KeyedHash: s.hasher.Sum([]byte(value))}
		if l := siblingLocator(name, all); l != "" {
			c.Kind, c.Locator = sit.DatabaseLogin, l
		}
		return removed("generic_password"), append(found, c)
	}
	return removed(unnamed), found
}

// withoutSecret: a URL or connection string whose secret part is gone keeps
// its locator.
func withoutSecret(clean string) bool {
	return strings.Count(clean, removedPrefix) == 1 && (strings.Contains(clean, "://") && strings.Contains(clean, removed("db_url_credentials")+"@") || strings.Contains(clean, removed("azure_sql_connection")))
}

var (
	arnForm      = regexp.MustCompile(`^arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:[A-Za-z0-9_./:*+=@-]{1,512}$`)
	hostForm     = regexp.MustCompile(`^(?i:[a-z0-9_-]{1,63}\.)+[a-z]{2,24}(:[0-9]{1,5})?$`)
	regionForm   = regexp.MustCompile(`^[a-z]{2}(-[a-z]+){1,2}-[0-9]$`)
	numberForm   = regexp.MustCompile(`^[0-9]{1,6}$`)
	nameForm     = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]{0,62}$`)
	addressForm  = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{1,3}){3}(:[0-9]{1,5})?$`)
	resourceForm = regexp.MustCompile(`^(i|vpc|subnet|sg|eni|vol|ami|snap|fs|rtb|igw|nat|vpce)-[0-9a-f]{8,17}$`)
)

// plainReference reports values that are no secret whatever the name is, and
// plain names in variables that are called after what they name.
func plainReference(name, value string) bool {
	switch {
	case len(value) > 600:
		return false
	case arnForm.MatchString(value), regionForm.MatchString(value), resourceForm.MatchString(value):
		return true
	case hostForm.MatchString(value), addressForm.MatchString(value):
		return true
	}
	switch strings.ToLower(value) {
	case "true", "false", "yes", "no", "on", "off", "production", "prod", "staging", "stage", "development", "dev", "test",
		"debug", "info", "warn", "warning", "error", "none", "null", "enabled", "disabled", "utc":
		return true
	}
	if detect.NewField(name).Secret() {
		return false
	}
	if u, err := url.Parse(value); err == nil && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == "" && len(u.Path) < 64 && (hostForm.MatchString(u.Host) || addressForm.MatchString(u.Host)) {
		return true
	}
	if numberForm.MatchString(value) {
		return numericName(name)
	}
	return nameForm.MatchString(value) && namesSomething(name) && detect.Entropy([]byte(value)) < 3.9
}

// lastWord is the last part of a variable's name, in upper case.
func lastWord(name string) string {
	name = strings.ToUpper(name)
	if at := strings.LastIndexAny(name, "_-."); at >= 0 {
		return name[at+1:]
	}
	return name
}

// numericName: numbers that configure something. Anything else of six digits
// could be a PIN.
func numericName(name string) bool {
	switch lastWord(name) {
	case "PORT", "TIMEOUT", "SIZE", "COUNT", "LIMIT", "MAX", "MIN", "TTL", "INTERVAL", "RETRIES", "WORKERS", "THREADS", "DB", "VERSION", "SECONDS", "MS", "CONCURRENCY":
		return true
	}
	return false
}

// namesSomething: variables that hold the name of a thing.
func namesSomething(name string) bool {
	switch lastWord(name) {
	case "HOST", "HOSTNAME", "SERVER", "ENDPOINT", "ADDRESS", "USER", "USERNAME", "DATABASE", "DBNAME", "DB", "NAME", "SCHEMA",
		"TABLE", "BUCKET", "QUEUE", "TOPIC", "STREAM", "CLUSTER", "REGION", "STAGE", "ENV", "ENVIRONMENT", "ROLE", "FUNCTION",
		"DRIVER", "ENGINE", "DIALECT", "LEVEL", "SERVICE", "HANDLER", "LOCALE", "TZ", "NAMESPACE", "PREFIX":
		return true
	}
	return false
}

var (
	secretARN   = regexp.MustCompile(`^arn:[a-z-]+:(secretsmanager:[a-z0-9-]*:[0-9]*:secret:|ssm:[a-z0-9-]*:[0-9]*:parameter/)[A-Za-z0-9_./+=@!-]{1,512}(:[A-Za-z0-9_.-]*){0,3}$`)
	resolveForm = regexp.MustCompile(`^\{\{resolve:(secretsmanager|ssm-secure|ssm):([A-Za-z0-9_./+=@:!-]{1,512})\}\}$`)
)

// databaseHost are the names of databases that AWS runs.
// https://docs.aws.amazon.com/general/latest/gr/rds-service.html
var databaseHost = regexp.MustCompile(`^(?i:[a-z0-9-]{1,63}\.)+(?i:rds|redshift|redshift-serverless|docdb|neptune)(?i:\.[a-z0-9-]{1,30})?\.amazonaws\.com(?i:\.cn)?(:[0-9]{1,5})?$`)

// secretReference finds the ARN or name of a secret or parameter that a value
// refers to.
func secretReference(value string) (string, bool) {
	if m := resolveForm.FindStringSubmatch(value); m != nil {
		return m[2], true
	}
	if !secretARN.MatchString(value) {
		return "", false
	}
	// A task definition may add a JSON key, stage and version behind the ARN.
	parts := strings.SplitN(value, ":", 8)
	if len(parts) == 8 {
		return strings.Join(parts[:7], ":"), true
	}
	return value, true
}

var keyIDForm = regexp.MustCompile(`^(AKIA|ASIA)[A-Z0-9]{16}$`)

// siblingKeyID is the one access key id among the variables, if there is just
// one.
func siblingKeyID(all map[string]string) string {
	id := ""
	for _, value := range all {
		if keyIDForm.MatchString(value) {
			if id != "" && id != value {
				return ""
			}
			id = value
		}
	}
	return id
}

// siblingLocator puts host:port/database/user together from the variables that
// share the prefix of a password's name: DB_PASSWORD, DB_HOST, DB_USER …
func siblingLocator(name string, all map[string]string) string {
	upper := strings.ToUpper(name)
	at := -1
	for _, word := range []string{"PASSWORD", "PASSWD", "PASSWORT", "PWD", "PASS"} {
		if at = strings.LastIndex(upper, word); at >= 0 {
			break
		}
	}
	if at < 0 {
		return ""
	}
	prefix := upper[:at]
	get := func(names ...string) string {
		for _, rest := range names {
			for key, value := range all {
				if strings.EqualFold(key, prefix+rest) && plainReference(key, value) {
					return value
				}
			}
		}
		return ""
	}
	return locator(get("HOST", "HOSTNAME", "SERVER", "ENDPOINT", "ADDRESS"), get("PORT"),
		get("NAME", "DATABASE", "DBNAME", "DB", "DB_NAME", "SCHEMA"), get("USER", "USERNAME", "USR", "LOGIN"))
}
