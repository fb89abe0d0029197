package technique

import (
	"bytes"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/sit"
)

// loginCredential is something that opens a database, once known.
type loginCredential struct {
	state attack.State
	link  *attack.Decision // why the credential is one of this database
}

// loginCredentials are the secrets and findings that open a database. A secret
// is linked by the database's own reference to its managed password or by a
// rotation target. Where nothing of the kind links it, what stands together in
// one configuration does, then a name; such links stay conditional, since what
// is in a secret is never read.
func (e *Estate) loginCredentials(db graph.Ref) []loginCredential {
	list := []loginCredential{{state: knows(db), link: &attack.Decision{Allowed: true}}}
	linked := map[graph.Ref]bool{}
	add := func(secret graph.Ref, link *attack.Decision) {
		if !linked[secret] && link != nil {
			linked[secret] = true
			list = append(list, loginCredential{state: knows(secret), link: link})
		}
	}
	for secret := range e.Snap.InKind(db, graph.EdgeSecretOf) {
		add(secret, e.secretLink(db, secret))
	}
	for _, p := range e.pairings() {
		if p.db == db {
			add(p.secret, e.conditionalLink(p.at, graph.PropResource, "", "namedTogether", []string{e.name(p.secret), e.name(db)},
				"the configuration of "+e.name(p.at)+" names both "+e.name(p.secret)+" and "+e.name(db)))
		}
	}
	for _, kind := range []graph.Kind{graph.KindSecret, graph.KindParameter} {
		for _, secret := range e.Snap.ByKind(kind) {
			if e.Snap.Node(secret).Account == e.Snap.Node(db).Account {
				add(secret, e.linkByName(secret, db))
			}
		}
	}
	return list
}

func (e *Estate) secretLink(db, secret graph.Ref) *attack.Decision {
	for _, p := range []string{"/MasterUserSecret", "/MasterPasswordSecretArn"} {
		if _, ok := graph.Element(e.Snap.Prop(db, graph.PropResource), p); ok {
			return observed(attack.Reason{Fact: present(e.Snap, db, graph.PropResource, p), Policy: "managed password",
				Effect: "names", Text: e.name(db) + " keeps its master password in " + e.name(secret)})
		}
	}
	return observed(attack.Reason{Fact: present(e.Snap, secret, graph.PropResource, ""), Policy: "secret",
		Effect: "names", Text: e.name(secret) + " holds a login of " + e.name(db)})
}

// conditionalLink is a link that may be one by chance.
func (e *Estate) conditionalLink(at graph.Ref, property, pointer, how string, values []string, text string) *attack.Decision {
	return &attack.Decision{
		Allowed: true, Status: attack.Conditional,
		Conditions: [][]attack.Condition{{{Key: "secret:database", Operator: how, Values: values}}},
		Reasons:    []attack.Reason{{Fact: present(e.Snap, at, property, pointer), Policy: "secret", Effect: "resembles", Text: text}},
	}
}

// linkByName: the secret's name says the database's, or that it is the login of a
// database while there is only one.
func (e *Estate) linkByName(secret, db graph.Ref) *attack.Decision {
	s, d := e.name(secret), e.name(db)
	switch {
	case namesResemble(s, d):
		return e.conditionalLink(secret, graph.PropResource, "/Name", "namesResemble", []string{s, d}, "the secret's name resembles that of "+d+"; nothing else links them")
	case speaksOfLogin(s) && sharesWord(s, d) && e.nobodyElse(db, func(other graph.Ref) bool { return sharesWord(s, e.name(other)) }):
		return e.conditionalLink(secret, graph.PropResource, "/Name", "sharesWord", []string{s, d}, "the secret's name speaks of a login and has a word of "+d+" and of no other database; nothing else links them")
	case speaksOfDatabase(s) && e.nobodyElse(db, func(graph.Ref) bool { return true }):
		return e.conditionalLink(secret, graph.PropResource, "/Name", "onlyDatabase", []string{s, d}, "the secret's name speaks of a database, and "+d+" is the only one there; nothing else links them")
	}
	return nil
}

// nobodyElse reports whether an account has no other database like that in the
// region.
func (e *Estate) nobodyElse(db graph.Ref, like func(graph.Ref) bool) bool {
	n := e.Snap.Node(db)
	for _, kind := range []graph.Kind{graph.KindDBInstance, graph.KindDBCluster, graph.KindWarehouse} {
		for _, other := range e.Snap.ByKind(kind) {
			o := e.Snap.Node(other)
			if other != db && e.databaseOf(other) != db && o.Account == n.Account && o.Region == n.Region && like(other) {
				return false
			}
		}
	}
	return true
}

// words splits a name at everything that is no letter or digit.
func words(name string) []string {
	return strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
}

// databaseWords say that something is, or is about, some database.
var databaseWords = []string{"db", "database", "rds", "aurora", "postgres", "postgresql", "mysql", "mariadb", "mssql", "sqlserver", "oracle", "redshift", "warehouse"}

// plainWords say nothing about which database it is.
var plainWords = append([]string{"prod", "production", "prd", "dev", "development", "test", "staging", "stage", "main", "primary", "master", "cluster", "instance",
	"app", "my", "the", "eu", "us", "1", "01"}, databaseWords...)

func speaksOfDatabase(name string) bool {
	return slices.ContainsFunc(words(name), func(w string) bool { return slices.Contains(databaseWords, w) })
}

// loginWords say that something is a login.
var loginWords = []string{"credential", "credentials", "creds", "login", "password", "passwd", "pwd", "user", "connection", "dsn"}

func speaksOfLogin(name string) bool {
	return speaksOfDatabase(name) || slices.ContainsFunc(words(name), func(w string) bool { return slices.Contains(loginWords, w) })
}

// sharesWord reports whether two names share a word that tells something.
func sharesWord(a, b string) bool {
	const tooShort = 3
	in := words(a)
	return slices.ContainsFunc(words(b), func(w string) bool {
		return len(w) >= tooShort && slices.Contains(in, w) && !slices.Contains(plainWords, w) && !slices.Contains(loginWords, w)
	})
}

// namesResemble: every word of the database's name that tells it from others
// stands in the secret's name, so that "prod/patients/login" resembles
// "patients-db" and "prod/db" alone resembles nothing.
func namesResemble(secret, db string) bool {
	in, telling := words(secret), 0
	for _, w := range words(db) {
		if slices.Contains(plainWords, w) {
			continue
		}
		if !slices.Contains(in, w) {
			return false
		}
		telling += len(w)
	}
	const tooShort = 3
	return telling >= tooShort
}

// pairing is a secret and a database that one configuration names.
type pairing struct{ at, secret, db graph.Ref }

// pairings looks through the configurations that refer to secrets for the hosts
// of databases. One that names several of both says nothing.
func (e *Estate) pairings() []pairing {
	if e.paired != nil {
		return e.paired
	}
	e.paired = []pairing{}
	hosts := e.databasesByHost()
	for ref := range e.Snap.Refs() {
		kind := e.Snap.Kind(ref)
		if !kind.Compute() && kind != graph.KindTaskDefinition {
			continue
		}
		secrets := e.secretsNamed(ref)
		if len(secrets) != 1 {
			continue
		}
		raw := bytes.ToLower(e.Snap.Prop(ref, graph.PropResource))
		var named []graph.Ref
		for host, db := range hosts {
			if !slices.Contains(named, db) && (bytes.Contains(raw, []byte(host)) || e.namesHost(ref, host)) {
				named = append(named, db)
			}
		}
		if len(named) == 1 {
			e.paired = append(e.paired, pairing{ref, secrets[0], named[0]})
		}
	}
	return e.paired
}

// namesHost reports whether a host stood in a configuration whose values were
// not kept.
func (e *Estate) namesHost(ref graph.Ref, host string) bool {
	return slices.ContainsFunc(e.credentials(ref), func(c sit.Credential) bool { return c.Kind == sit.DatabaseHost && hostOf(c.Locator) == host })
}

// secretsNamed are the secrets and parameters that a configuration refers to.
func (e *Estate) secretsNamed(ref graph.Ref) []graph.Ref {
	var list []graph.Ref
	for to := range e.Snap.OutKind(ref, graph.EdgeRefers) {
		list = append(list, to)
	}
	for _, c := range e.credentials(ref) {
		if to, ok := e.Snap.Lookup(c.Locator); ok && c.Kind == sit.SecretRef {
			list = append(list, to)
		}
	}
	list = slices.DeleteFunc(list, func(to graph.Ref) bool { return !holdsSecret(e.Snap.Kind(to)) })
	slices.Sort(list)
	return slices.Compact(list)
}
