package technique

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/analysis/sensitivity"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/settings"
)

// holdings are the objects of a bucket that an access is worth something for.
// Policies grant prefixes: who reads public/ has not read what lies in private/.
type holdings struct {
	sensitive   []string // in which sampling found what makes the bucket's label
	credentials []string // in which it found credentials
	complete    bool     // every object was read: nothing else is there
}

// holdingsOf is what sampling knows of a datastore's objects; empty for
// everything but buckets, and where the label does not rest on a sample.
func (e *Estate) holdingsOf(store graph.Ref) *holdings {
	if h, ok := e.held[store]; ok {
		return h
	}
	h := &holdings{}
	if e.held == nil {
		e.held = map[graph.Ref]*holdings{}
	}
	e.held[store] = h
	if e.Snap.Kind(store) != graph.KindBucket {
		return h
	}
	for _, c := range e.credentials(store) {
		h.credentials = append(h.credentials, objectOf(c.FoundAt))
	}
	slices.Sort(h.credentials)
	h.credentials = slices.Compact(h.credentials)
	if d := e.Data.Of(store); d != nil && d.Source == sensitivity.Scan && d.Sampling != nil {
		h.sensitive = e.sensitiveObjects(d)
		h.complete = d.Sampling.Objects >= 0 && int64(d.Sampling.Sampled-d.Sampling.Unreadable) == d.Sampling.Objects
	}
	return h
}

// sensitiveObjects are the objects that are sensitive by themselves; where only
// all together make the label, all in which anything was found.
func (e *Estate) sensitiveObjects(d *sensitivity.Datastore) []string {
	found := map[string]settings.Counts{}
	for _, s := range d.Sampling.Seen {
		if !e.Settings.TypeEnabled(s.Type) {
			continue
		}
		if found[s.Object] == nil {
			found[s.Object] = settings.Counts{}
		}
		found[s.Object][s.Type] += s.Count
	}
	var all, alone []string
	for object, counts := range found {
		all = append(all, object)
		if label, rule := e.Settings.LabelFor(counts); rule != nil && e.Settings.Sensitive(label) {
			alone = append(alone, object)
		}
	}
	if len(alone) > 0 {
		all = alone
	}
	slices.Sort(all)
	return all
}

// objectOf takes the object from a place OBJECT[#FIELD][:LINE].
func objectOf(place string) string {
	if i := strings.LastIndexByte(place, ':'); i >= 0 && strings.Trim(place[i+1:], "0123456789") == "" {
		place = place[:i]
	}
	if i := strings.LastIndexByte(place, '#'); i > 0 {
		place = place[:i]
	}
	object, _, _ := strings.Cut(place, "!") // a member of an archive
	return object
}

// gainsAs is gains for what an access of one principal to a bucket extends to.
func (e *Estate) gainsAs(s attack.Step, who, store graph.Ref, o int, g permission.Given, emit func(attack.Step)) {
	e.gainsThrough(s, who, store, store, o, g, emit)
}

// gainsThrough is gainsAs through a door: the bucket itself, or one of its
// access points.
func (e *Estate) gainsThrough(s attack.Step, who, door, store graph.Ref, o int, g permission.Given, emit func(attack.Step)) {
	k, h := outcomes[o].state, e.holdingsOf(store)
	if len(h.sensitive) == 0 && len(h.credentials) == 0 {
		e.gains(s, store, k, emit)
		return
	}
	if k == attack.Reads && e.covers(who, door, o, h.credentials, g) {
		s.Conclusion = knows(store)
		emit(s)
	}
	if len(h.sensitive) > 0 && !e.covers(who, door, o, h.sensitive, g) {
		if h.complete {
			return
		}
		left := e.elsewhere(store, h.sensitive)
		s.Decisions = append(slices.Clone(s.Decisions), left)
		s.Factors = append(slices.Clone(s.Factors), e.conditionFactor(left, store))
	}
	s.Conclusion = attack.State{Kind: k, Node: store}
	emit(s)
}

// covers reports whether a principal's access through a door extends to any of
// some objects. Cost: a decision per object until one is covered.
func (e *Estate) covers(who, door graph.Ref, o int, objects []string, g permission.Given) bool {
	single, whole := permission.BucketActions(outcomes[o].access)
	within := e.Snap.Node(door).ID + "/"
	if e.Snap.Kind(door) == graph.KindAccessPoint {
		within += "object/"
	} else {
		for _, action := range whole {
			if e.Perm.Can(who, action, permission.OnNode(door), g).Allowed {
				return true
			}
		}
	}
	for _, object := range objects {
		for _, action := range single {
			if e.Perm.Can(who, action, permission.OnARN(within+object), g).Allowed {
				return true
			}
		}
	}
	return false
}

// elsewhere is the decision left over when an access does not extend to any
// object in which something was found, and others were not looked at.
func (e *Estate) elsewhere(bucket graph.Ref, objects []string) *attack.Decision {
	const most = 3
	shown := objects[:min(most, len(objects))]
	return &attack.Decision{
		Allowed: true, Status: attack.Conditional,
		Conditions: [][]attack.Condition{{{Key: "s3:sensitiveObject", Operator: "notAmongSampled", Values: shown}}},
		Reasons: []attack.Reason{{Fact: present(e.Snap, bucket, graph.PropSensitivity, ""), Policy: "sample", Effect: "elsewhere",
			Text: fmt.Sprintf("the access does not extend to the %d objects of %s in which something was found (%s); others were not sampled", len(objects), e.name(bucket), strings.Join(shown, ", "))}},
	}
}
