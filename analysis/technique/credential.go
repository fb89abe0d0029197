package technique

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/sit"
)

const secretFound attack.TechniqueID = "secret-found"

// leakAge is how old a key must be before its age speaks for a leak.
const leakAge = 90 * 24 * time.Hour

// accessKey is an active long-term key of a user with what is known of it.
type accessKey struct {
	id       string
	created  time.Time
	lastUsed time.Time
	never    bool // known to be never used
	fact     attack.Fact
}

// accessKeys lists a user's active keys: key nodes where they were read, else
// the rows of the credential report, which name no key ids.
func accessKeys(snap *graph.Snapshot, user graph.Ref) []accessKey {
	var keys []accessKey
	for ref := range snap.OutKind(user, graph.EdgeHasKey) {
		var doc struct {
			AccessKeyID  string `json:"AccessKeyId"`
			Status       string
			CreateDate   time.Time
			LastUsedDate *time.Time
		}
		if ok, err := snap.Decode(ref, graph.PropResource, &doc); !ok || err != nil || doc.Status == "Inactive" {
			continue
		}
		k := accessKey{id: doc.AccessKeyID, created: doc.CreateDate, fact: present(snap, ref, graph.PropResource, "")}
		if doc.LastUsedDate != nil {
			k.lastUsed = *doc.LastUsedDate
		}
		keys = append(keys, k)
	}
	if len(keys) > 0 {
		return keys
	}
	return reportedKeys(snap, user)
}

// reportedKeys reads the two key columns of the credential report.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
func reportedKeys(snap *graph.Snapshot, user graph.Ref) []accessKey {
	row := map[string]string{}
	if ok, err := snap.Decode(user, graph.PropCredentialReport, &row); !ok || err != nil {
		return nil
	}
	var keys []accessKey
	for _, n := range []string{"1", "2"} {
		column := "access_key_" + n
		if row[column+"_active"] != "true" {
			continue
		}
		k := accessKey{fact: present(snap, user, graph.PropCredentialReport, "/"+column+"_active")}
		k.created, _ = time.Parse(time.RFC3339, row[column+"_last_rotated"]) // "N/A" leaves the zero time: age unknown
		used := row[column+"_last_used_date"]
		k.never = used == "N/A" || used == "no_information"
		k.lastUsed, _ = time.Parse(time.RFC3339, used)
		keys = append(keys, k)
	}
	return keys
}

// leakVariant says which fact speaks for a leak, "" when none does.
func (k accessKey) leakVariant(now time.Time) (variant, why string) {
	age := now.Sub(k.created)
	switch {
	case k.created.IsZero():
		return "", ""
	case age >= leakAge:
		return "old", fmt.Sprintf("it is %d days old", int(age.Hours()/24))
	case k.never:
		return "old", "it was never used"
	}
	return "", ""
}

func (k accessKey) decision(_ graph.Ref, why string) *attack.Decision {
	return observed(attack.Reason{Fact: k.fact, Policy: "credential", Effect: "active", Text: "an active access key exists: " + why})
}

// find is a credential in text and the state that it gives.
type find struct {
	place  graph.Ref
	index  int // among the credentials of the place
	what   sit.Credential
	target attack.State
}

// finds lists the credentials that open something, by place. Access keys lead to
// their user, logins to their database.
func (e *Estate) finds() []find {
	if e.found != nil {
		return e.found
	}
	e.found = []find{}
	users := map[string]graph.Ref{}
	for _, user := range e.Snap.ByKind(graph.KindUser) {
		for _, k := range accessKeys(e.Snap, user) {
			if k.id != "" {
				users[k.id] = user
			}
		}
	}
	databases := e.databasesByHost()
	for ref := range e.Snap.Refs() {
		for i, c := range e.credentials(ref) {
			switch c.Kind {
			case sit.AccessKey:
				if user, ok := users[c.Locator]; ok {
					e.found = append(e.found, find{ref, i, c, e.controls(user)})
				}
			case sit.DatabaseLogin:
				if db, ok := databases[hostOf(c.Locator)]; ok {
					e.found = append(e.found, find{ref, i, c, knows(db)})
				}
			}
		}
	}
	return e.found
}

// deriveSecretFound: text that holds a credential gives it to whoever can read
// the text. Database logins are joined with a network position in
// deriveDatabaseLogin.
func deriveSecretFound(e *Estate, emit func(attack.Step)) {
	for _, f := range e.finds() {
		d := e.foundAt(f.place, f.index, f.what)
		for _, premise := range e.holders(f.place) {
			emit(attack.Step{
				Technique: secretFound, Premises: []attack.State{premise}, Decisions: []*attack.Decision{d},
				Conclusion: f.target, Factors: []attack.Factor{e.factor(secretFound, string(secretFound), f.place)},
				Title: fmt.Sprintf("A credential of %s lies in %s (%s)", e.name(f.target.Node), e.name(f.place), f.what.FoundAt),
			})
		}
	}
}

// holders are the states that give sight of what a node holds in text.
func (e *Estate) holders(ref graph.Ref) []attack.State {
	kind := e.Snap.Kind(ref)
	switch {
	case kind == graph.KindTaskDefinition:
		held := []attack.State{knows(ref)}
		for task := range e.Snap.InKind(ref, graph.EdgeUses) {
			if runsCode(e.Snap.Kind(task)) {
				held = append(held, executes(task))
			}
		}
		return held
	case kind.Compute():
		return []attack.State{executes(ref), knows(ref)}
	case kind == graph.KindBucket:
		return []attack.State{knows(ref)} // who reads the objects that hold it
	case kind.Datastore():
		return []attack.State{{Kind: attack.Reads, Node: ref}}
	}
	return nil
}

func (e *Estate) credentials(ref graph.Ref) []sit.Credential {
	var list []sit.Credential
	if _, err := e.Snap.Decode(ref, graph.PropCredentials, &list); err != nil {
		return nil
	}
	return list
}

func (e *Estate) foundAt(ref graph.Ref, i int, c sit.Credential) *attack.Decision {
	return observed(attack.Reason{
		Fact:   present(e.Snap, ref, graph.PropCredentials, fmt.Sprintf("/%d", i)),
		Policy: "credential found", Effect: "present", Text: fmt.Sprintf("%s at %s opens %s", c.Kind, c.FoundAt, c.Locator),
	})
}

// databasesByHost maps endpoint host names in lower case to databases.
func (e *Estate) databasesByHost() map[string]graph.Ref {
	hosts := map[string]graph.Ref{}
	for _, kind := range []graph.Kind{graph.KindDBInstance, graph.KindDBCluster, graph.KindWarehouse} {
		for _, ref := range e.Snap.ByKind(kind) {
			for _, h := range e.endpointHosts(ref) {
				hosts[strings.ToLower(h)] = e.databaseOf(ref)
			}
		}
	}
	return hosts
}

// databaseOf is the datastore an instance belongs to: its cluster, or itself.
func (e *Estate) databaseOf(ref graph.Ref) graph.Ref {
	for from := range e.Snap.InKind(ref, graph.EdgeContains) {
		if e.Snap.Kind(from) == graph.KindDBCluster {
			return from
		}
	}
	return ref
}

// endpointHosts are the names clients connect to.
func (e *Estate) endpointHosts(ref graph.Ref) []string {
	var doc struct {
		Endpoint       json.RawMessage
		ReaderEndpoint string
	}
	if ok, err := e.Snap.Decode(ref, graph.PropResource, &doc); !ok || err != nil {
		return nil
	}
	var hosts []string
	var host string
	var object struct{ Address string }
	switch {
	case json.Unmarshal(doc.Endpoint, &host) == nil && host != "":
		hosts = append(hosts, host)
	case json.Unmarshal(doc.Endpoint, &object) == nil && object.Address != "":
		hosts = append(hosts, object.Address)
	}
	if doc.ReaderEndpoint != "" {
		hosts = append(hosts, doc.ReaderEndpoint)
	}
	return hosts
}

// hostOf takes the host from a locator host:port/database/user.
func hostOf(locator string) string {
	host, _, _ := strings.Cut(locator, "/")
	if i := strings.LastIndexByte(host, ':'); i >= 0 {
		host = host[:i]
	}
	return strings.ToLower(host)
}
