package main

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// contractTypes is the contract with people who script cairn: one object type a
// line, its name first. A field is name:type; the types are
//
//	string, number, int, bool, time, any
//	a|b|c     one of these words
//	NAME      an object of that type
//	[T] {T}   a list, an object used as a map
//	[T]#2     a list of that length
//	T?        or null
//	T!        or null, then the object's "why" says the reason
//	~name:T   the field may be absent
//	+NAME     the fields of that type, too
//
// Fields that are not listed are allowed: they may be added, never renamed.
const contractTypes = `
NODE id:string kind:string name:string account:string? region:string?
CONDITION key:string operator:string values:[string] negated:bool
STATUS status:decided|conditional|unknown conditions:[[CONDITION]] gaps:[string] assumptions:[string]
LIKELIHOOD value:number lower:number upper:number source:assumed|EPSS|KEV|measured|derived
STATE kind:controls|executes|reaches|knows|reads|writes|destroys|administers node:NODE qualifier:string? port:int?
EVIDENCE node:NODE document:string pointer:string lines:[int]#2? sid:string? text:string call:string readAt:time?
REASON +EVIDENCE policy:string effect:string
GAP id:string account:string region:string service:string operation:string outcome:denied|throttled|unsupported|timeout|truncated|malformed|notCollected detail:string affects:[string]

cairn.snapshot/v1 schema:string snapshot:string takenAt:time nodes:int edges:int datastores:int principals:int gaps:[GAP] attackPaths:int criticalAssets:int durations:DURATIONS
DURATIONS collect:number assemble:number analyse:number
cairn.preflight/v1 schema:string caller:string accounts:[string] regions:[string] calls:int objects:int! cost:any operations:[PROBE]
PROBE operation:string outcome:allowed|denied|notTested

cairn.paths/v1 schema:string snapshot:string truncated:bool targets:TARGETS families:[FAMILY]
TARGETS reached:int unknown:int noPathSeen:int
FAMILY +STATUS id:string rank:int entry:NODE entryKind:string target:NODE outcome:read|write|destroy|administer likelihood:LIKELIHOOD risk:number riskInterval:[number]#2 level:critical|high|medium|low count:int behind:[NODE] title:string detections:[string] choke:[CHOKE] closedBy:[string] paths:[PATH]
CHOKE ~node:NODE ~fact:EVIDENCE mandatory:[string] riskRemoved:[number]#3 reach:int
PATH +STATUS id:string likelihood:LIKELIHOOD steps:[STEP]
STEP +STATUS technique:string title:string attack:[string] premises:[STATE] conclusion:STATE likelihood:LIKELIHOOD checks:[CHECK] evidence:[EVIDENCE] verify:string
CHECK name:string outcome:pass|fail|unknown settledBy:string

cairn.blast/v1 schema:string from:NODE states:[HELD] counts:{int}
HELD +STATUS kind:controls|executes|reaches|knows|reads|writes|destroys|administers node:NODE likelihood:LIKELIHOOD hops:int via:[string]
cairn.choke/v1 schema:string points:[CHOKE]
cairn.principals/v1 schema:string principals:[PRINCIPAL]
PRINCIPAL node:NODE administrator:bool administratorStatus:yes|no|conditional|unknown residualDenies:[EVIDENCE] escalates:bool escalation:ESCALATION? because:[EVIDENCE] conditions:[[CONDITION]]
ESCALATION +STATUS hops:int
cairn.decision/v1 schema:string decision:allow|deny|conditional|unknown explicit:bool conditions:[[CONDITION]] reasons:[REASON] missing:[string]
cairn.whocan/v1 schema:string everyone:bool principals:[HOLDER]
HOLDER node:NODE decision:allow|conditional|unknown

cairn.reach/v1 schema:string from:string to:string verdict:reachable|blocked|unknown network:VERDICT service:VERDICT! layer:network|lb|service ranges:[RANGE] chain:[HOP] blockedBy:BLOCKED! opens:string! missing:[string]
VERDICT verdict:reachable|blocked|unknown
RANGE sources:[string] protocol:string ports:string
HOP element:string rule:string decision:string evidence:EVIDENCE?
BLOCKED element:string rule:string why:string
cairn.exposed/v1 schema:string endpoints:[ENDPOINT]
ENDPOINT node:NODE class:internet|broad|restricted|partner|internal|none|unknown layer:string assumed:[string] ranges:[RANGE] chain:[HOP]

cairn.data/v1 schema:string datastores:[DATASTORE] ~sampled:[SAMPLED]
DATASTORE node:NODE types:[TYPE] label:string! critical:bool regimes:[string] source:scan|catalogue|declared|assumed|none discovery:on|off|notPermitted catalogue:CATALOGUE! bound:BOUND! scannedAt:time! bytes:int! records:int! unreadable:int exposure:internet|broad|restricted|partner|internal|none|unknown encryption:ENCRYPTION access:ACCESS violations:[VIOLATION] bestPath:string!
TYPE type:string confidence:low|medium|high share:[number]#2 objects:int
CATALOGUE name:string link:string classifications:[string] label:string
BOUND confidence:number share:number
ENCRYPTION atRest:string key:string! inTransit:string
ACCESS read:int! write:int! administer:int! anonymous:bool
VIOLATION kind:access|region what:string
SAMPLED object:string types:[string] label:string? location:string readAt:time?

cairn.plan/v1 schema:string fixes:[FIX] certificate:any! unclosable:[UNCLOSABLE] curve:any!
FIX id:string title:string kind:string node:NODE effort:int riskRemoved:[number]#3 closes:int breaks:any! artefacts:ARTEFACTS
ARTEFACTS policyDiff:any? cli:[string] terraform:string? markdown:string
UNCLOSABLE path:string why:string
cairn.findings/v1 schema:string findings:[FINDING]
FINDING id:string rule:string severity:critical|high|medium|low|info priority:int status:pass|fail|unknown|notApplicable label:string! node:NODE title:string evidence:[EVIDENCE] controls:[CONTROL] onPaths:int
CONTROL framework:string id:string
cairn.coverage/v1 schema:string tasks:{int} gaps:[GAP]
cairn.snapshots/v1 schema:string snapshots:[SNAPSHOT]
SNAPSHOT id:string takenAt:time source:string accounts:[string] regions:[string] nodes:int edges:int gaps:int
cairn.snapshots.deleted/v1 schema:string deleted:[string]
cairn.mark/v1 schema:string node:NODE mark:any revision:int
cairn.policy/v1 schema:string metadata:any data:any! trust:any! commands:[string]
cairn.settings/v1 schema:string file:string settings:any
cairn.version/v1 schema:string version:string revision:string

SIMULATED id:string decision:allow|deny|conditional explicit:bool reasons:[any]
UNREADABLE id:string? error:string
MATCH file:string member:string? record:int? field:string? line:int? start:int end:int type:string confidence:low|medium|high score:int
SUMMARY summary:TOTALS
TOTALS files:int bytes:int matches:int skipped:[SKIPPED] types:{int}
SKIPPED file:string why:string
`

// objectTypes are the lines of contractTypes by their first word.
var objectTypes = func() map[string][]string {
	types := map[string][]string{}
	for line := range strings.Lines(contractTypes) {
		if words := strings.Fields(line); len(words) > 0 {
			types[words[0]] = words[1:]
		}
	}
	return types
}()

// departures lists where a value is not what the type says.
func departures(place, kind string, value any) []string {
	wrong := func() []string { return []string{fmt.Sprintf("%s: %s, want %s", place, short(value), kind)} }
	if of, nullable := strings.CutSuffix(kind, "?"); nullable {
		if value == nil {
			return nil
		}
		kind = of
	}
	switch {
	case kind == "any":
		return nil
	case strings.HasPrefix(kind, "["):
		return listDepartures(place, kind, value)
	case strings.HasPrefix(kind, "{"):
		object, ok := value.(map[string]any)
		if !ok {
			return wrong()
		}
		var all []string
		for key, v := range object {
			all = append(all, departures(place+"."+key, strings.Trim(kind, "{}"), v)...)
		}
		return all
	case objectTypes[kind] != nil:
		object, ok := value.(map[string]any)
		if !ok {
			return wrong()
		}
		return objectDepartures(place, kind, object)
	}
	ok := false
	switch v := value.(type) {
	case string:
		_, err := time.Parse(time.RFC3339Nano, v)
		ok = kind == "string" || (kind == "time" && err == nil) || slices.Contains(strings.Split(kind, "|"), v)
	case float64:
		ok = kind == "number" || (kind == "int" && v == math.Trunc(v))
	case bool:
		ok = kind == "bool"
	}
	if !ok {
		return wrong()
	}
	return nil
}

func listDepartures(place, kind string, value any) []string {
	of, length, fixed := strings.Cut(kind, "]#")
	if !fixed {
		of = strings.TrimSuffix(kind, "]")
	}
	of = strings.TrimPrefix(of, "[")
	list, ok := value.([]any)
	if n, _ := strconv.Atoi(length); !ok || (fixed && len(list) != n) {
		return []string{fmt.Sprintf("%s: %s, want %s", place, short(value), kind)}
	}
	var all []string
	for i, v := range list {
		all = append(all, departures(fmt.Sprintf("%s[%d]", place, i), of, v)...)
	}
	return all
}

func objectDepartures(place, name string, object map[string]any) []string {
	var all []string
	why, _ := object["why"].(map[string]any)
	for _, field := range objectTypes[name] {
		if of, embedded := strings.CutPrefix(field, "+"); embedded {
			all = append(all, objectDepartures(place, of, object)...)
			continue
		}
		field, optional := strings.CutPrefix(field, "~")
		key, kind, _ := strings.Cut(field, ":")
		value, there := object[key]
		kind, explained := strings.CutSuffix(kind, "!")
		switch {
		case !there && optional:
		case !there:
			all = append(all, place+"."+key+" is missing")
		case value == nil && explained && why[key] == nil:
			all = append(all, place+"."+key+" is null, and why does not say the reason")
		case value == nil && explained:
		default:
			all = append(all, departures(place+"."+key, kind, value)...)
		}
	}
	return all
}

func short(value any) string {
	raw, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(raw[:min(len(raw), 60)])
}
