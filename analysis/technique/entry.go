package technique

import (
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
)

// EntryKind names where an attacker starts.
type EntryKind string

// Entry kinds, named as their priors.
const (
	EntryInternet   EntryKind = "internet"
	EntryAnyAWS     EntryKind = "any-aws-principal"
	EntryForeign    EntryKind = "foreign-account"
	EntryCI         EntryKind = "ci-identity"
	EntryWorkload   EntryKind = "vulnerable-workload"
	EntryLeakedKey  EntryKind = "leaked-key"
	EntryBreach     EntryKind = "assume-breach"
	entryTechnique            = "entry-"
	metadataV1Prior           = "metadata-v1"
	metadataV2Prior           = "metadata-v2"
)

// DefaultEntries are the entry kinds that are on unless a run says otherwise.
func DefaultEntries() []EntryKind {
	return []EntryKind{EntryInternet, EntryAnyAWS, EntryForeign, EntryCI, EntryWorkload, EntryLeakedKey}
}

// Entries says where attackers start in one run.
type Entries struct {
	Kinds []EntryKind // nil means DefaultEntries
	// Breached principals are held from the start (kind assume-breach).
	Breached []graph.Ref
}

// On reports whether an entry kind is switched on.
func (e Entries) On(k EntryKind) bool {
	if e.Kinds == nil {
		return slices.Contains(DefaultEntries(), k)
	}
	return slices.Contains(e.Kinds, k)
}

// EntryKindOf says which entry a technique id stands for; ok is false for a
// technique that is no entry.
func EntryKindOf(id attack.TechniqueID) (k EntryKind, ok bool) {
	kind, ok := strings.CutPrefix(string(id), entryTechnique)
	return EntryKind(kind), ok
}

func entry(k EntryKind) attack.TechniqueID { return attack.TechniqueID(entryTechnique + string(k)) }

// The internet is one entry: a network position outside and requests without
// credentials. Controls(internet) stands for both. Where only exposed workloads
// are asked about, the position is what is left of it.
func deriveEntryInternet(e *Estate, emit func(attack.Step)) {
	if e.internet == graph.NoRef || !e.Entries.On(EntryInternet) && (!e.Entries.On(EntryWorkload) || len(e.Entries.Breached) > 0) {
		return
	}
	emit(attack.Step{
		Technique:  entry(EntryInternet),
		Conclusion: e.outside(),
		Factors:    []attack.Factor{e.entryFactor(EntryInternet, "", e.internet)},
		Title:      "Someone on the internet tries",
	})
}

// outside is the position from which exposed workloads are attacked: the
// internet, which may be what is taken as breached.
func (e *Estate) outside() attack.State {
	if e.Entries.On(EntryInternet) || len(e.Entries.Breached) > 0 {
		return e.controls(e.internet)
	}
	return attack.State{Kind: attack.At, Node: e.internet}
}

func deriveEntryAnyAWS(e *Estate, emit func(attack.Step)) {
	anyone := e.special("any-aws-principal")
	if !e.Entries.On(EntryAnyAWS) || anyone == graph.NoRef {
		return
	}
	emit(attack.Step{
		Technique:  entry(EntryAnyAWS),
		Conclusion: e.controls(anyone),
		Factors:    []attack.Factor{e.entryFactor(EntryAnyAWS, "", anyone)},
		Title:      "Someone opens an AWS account of their own",
	})
}

// A foreign account is one that something of the estate trusts and that was
// not read.
func deriveEntryForeign(e *Estate, emit func(attack.Step)) {
	if !e.Entries.On(EntryForeign) {
		return
	}
	for _, account := range e.Snap.ByKind(graph.KindExternalAccount) {
		variant := ""
		if e.withoutExternalID(account) {
			variant = "no-external-id"
		}
		emit(attack.Step{
			Technique:  entry(EntryForeign),
			Conclusion: e.controls(account),
			Factors:    []attack.Factor{e.entryFactor(EntryForeign, variant, account)},
			Title:      "The trusted account " + e.name(account) + " is compromised",
		})
	}
}

// deriveForeignIdentities: who holds a foreign account is any user and role of it
// that policies of the estate name.
func deriveForeignIdentities(e *Estate, emit func(attack.Step)) {
	for _, p := range e.Perm.ForeignIdentities() {
		account := e.special(graph.AccountID(accountNumber(e.Snap.Node(p).ID)))
		held, ok := e.principalState(p)
		if !ok || account == graph.NoRef || e.Snap.Kind(account) != graph.KindExternalAccount {
			continue
		}
		emit(attack.Step{Technique: administrator, Premises: []attack.State{e.controls(account)}, Conclusion: held,
			Title: "Who holds the account " + e.name(account) + " is " + e.name(p)})
	}
}

// accountNumber takes the account from an ARN.
func accountNumber(id string) string {
	a, _ := arn.Parse(id)
	return a.Account
}

// A leaked key is an entry of its own only where a fact speaks for the leak;
// direct access by any key somebody might lose is inventory, not a path.
func deriveEntryLeakedKey(e *Estate, emit func(attack.Step)) {
	if !e.Entries.On(EntryLeakedKey) {
		return
	}
	for _, user := range e.Snap.ByKind(graph.KindUser) {
		for _, key := range accessKeys(e.Snap, user) {
			variant, why := key.leakVariant(e.Snap.Meta().TakenAt)
			if variant == "" {
				continue
			}
			emit(attack.Step{
				Technique:  entry(EntryLeakedKey),
				Decisions:  []*attack.Decision{key.decision(user, why)},
				Conclusion: e.controls(user),
				Factors:    []attack.Factor{e.entryFactor(EntryLeakedKey, variant, user)},
				Title:      "A key of " + e.name(user) + " leaks: " + why,
			})
		}
	}
}

func deriveEntryBreach(e *Estate, emit func(attack.Step)) {
	for _, p := range e.Entries.Breached {
		s := e.controls(p)
		if e.Snap.Kind(p).Compute() {
			s = executes(p)
		}
		emit(attack.Step{
			Technique:  entry(EntryBreach),
			Factors:    []attack.Factor{{Key: "entry:" + string(EntryBreach) + "@" + e.Snap.Node(p).ID, Value: 1, Source: "derived", Reason: "assumed by the question"}},
			Conclusion: s,
			Title:      "Assumed from the start: " + s.Kind.String() + " " + e.name(p),
		})
	}
}

// AllEntries lists every entry kind that can be asked for.
func AllEntries() []EntryKind { return append(DefaultEntries(), EntryBreach) }

// KnownEntry reports whether an entry kind exists.
func KnownEntry(k EntryKind) bool { return slices.Contains(AllEntries(), k) }

// Breachable reports whether a kind of node can be taken as held from the start.
func Breachable(k graph.Kind) bool {
	switch k {
	case graph.KindUser, graph.KindRole, graph.KindExternalAccount, graph.KindAnyPrincipal, graph.KindInternet:
		return true
	}
	return k.Compute()
}
