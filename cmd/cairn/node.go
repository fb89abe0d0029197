package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// nodeHelp is what help says of every NODE.
const nodeHelp = "id, ARN, account number or unique name"

// wanted says what a command asks about: which kinds fit, and what they are called.
type wanted struct {
	fits func(graph.Kind) bool
	what string
}

var (
	anyNode    = wanted{func(k graph.Kind) bool { return k != graph.KindInstanceProfile }, ""}
	aDatastore = wanted{graph.Kind.Datastore, "datastore"}
	aTarget    = wanted{func(k graph.Kind) bool { return k.Datastore() || k == graph.KindAccount }, "datastore or account"}
	anAsker    = wanted{func(k graph.Kind) bool {
		return k.Principal() || k == graph.KindAccount || k == graph.KindIdentityProvider
	}, "principal"}
)

// node finds the node an argument means, in every command the same way: an id
// (an ARN, a resource id), an account number, a unique name, or the resource
// part of an ARN. Of several nodes with one name those are meant that fit.
func node(snap *graph.Snapshot, arg string, want wanted) (graph.Ref, error) {
	ref, err := snap.ResolveAs(arg, want.fits)
	if err != nil {
		return graph.NoRef, similar(snap, err)
	}
	if k := snap.Kind(ref); !want.fits(k) && want.what != "" {
		hint := ""
		if want.fits(graph.KindRole) {
			hint = runsAs(snap, ref)
		}
		return graph.NoRef, fmt.Errorf("%s (%s) is no %s%s", arg, k.Title(), want.what, hint)
	}
	return ref, nil
}

// runsAs names the roles of a workload, which are what may act.
func runsAs(snap *graph.Snapshot, ref graph.Ref) string {
	var roles []string
	add := func(of graph.Ref) {
		for role := range snap.OutKind(of, graph.EdgeHasRole) {
			roles = append(roles, snap.Node(role).Name)
		}
	}
	add(ref)
	for profile := range snap.OutKind(ref, graph.EdgeHasProfile) {
		add(profile)
	}
	if len(roles) == 0 {
		return ""
	}
	return "; it runs as " + strings.Join(roles, ", ")
}

// mostSimilar is how many names are offered for one that is not there.
const mostSimilar = 5

// similar adds to an error about a name what is called alike.
func similar(snap *graph.Snapshot, err error) error {
	var missing *graph.NotFoundError
	if !errors.As(err, &missing) || len(missing.Name) < 3 {
		return err
	}
	part := strings.ToLower(missing.Name)
	var names []string
	for ref := range graph.Ref(snap.Len()) {
		name := snap.Node(ref).Name
		if lower := strings.ToLower(name); name != "" && (strings.Contains(lower, part) || len(lower) > 3 && strings.Contains(part, lower)) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) == 0 {
		return err
	}
	more := ""
	if n := len(names) - mostSimilar; n > 0 {
		names, more = names[:mostSimilar], fmt.Sprintf(" and %d more", n)
	}
	return fmt.Errorf("%w; called alike: %s%s", err, strings.Join(names, ", "), more)
}
