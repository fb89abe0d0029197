package reach

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// NoSideError says that a node is nothing that packets come from or go to.
type NoSideError struct {
	Name string
	Kind graph.Kind
}

func (e *NoSideError) Error() string {
	return fmt.Sprintf("%s (%s) neither sends nor takes packets: want a workload, a network, a service with an endpoint, internet, onprem or ip:ADDRESS", e.Name, e.Kind.Title())
}

// Side turns what a person writes into what [Estate.Query] takes: the words of
// Query stay as they are, and a node is named as everywhere (an id, a unique
// name, the resource part of an ARN, see [graph.Snapshot.Resolve]), where of
// several nodes with the name those are meant that packets reach. What only the
// network names, such as elb:web, is taken too. Errors are
// *graph.NotFoundError, *graph.AmbiguousError and *NoSideError.
func (e *Estate) Side(snap *graph.Snapshot, arg string) (string, error) {
	if arg == "internet" || arg == "onprem" || strings.HasPrefix(arg, "ip:") {
		return arg, nil
	}
	if _, ok := e.byID[arg]; ok {
		if _, err := e.party(arg); err == nil {
			return arg, nil
		}
	}
	ref, err := snap.Resolve(arg)
	var several *graph.AmbiguousError
	var missing *graph.NotFoundError
	switch {
	case errors.As(err, &several):
		sides := e.sides(snap, several.Candidates)
		if len(sides) == 1 {
			return sides[0], nil
		}
		if len(sides) > 1 {
			several.Candidates = sides
		}
		return "", several
	case errors.As(err, &missing):
		_, err := e.Resource(arg)
		var unclear *AmbiguousError
		switch {
		case err == nil:
			return arg, nil
		case errors.As(err, &unclear):
			return "", &graph.AmbiguousError{Name: arg, Candidates: unclear.Candidates}
		}
		return "", missing
	case err != nil:
		return "", err
	}
	id := snap.Node(ref).ID
	if len(e.sides(snap, []string{id})) == 0 {
		return "", &NoSideError{arg, snap.Kind(ref)}
	}
	return id, nil
}

// sides keeps the ids that packets come from or go to, one for each resource:
// an interface of a workload that is there itself is left out. A whole network
// is meant only where no resource is.
func (e *Estate) sides(snap *graph.Snapshot, ids []string) []string {
	var list, networks []string
	at := map[int32]int{} // resource -> place in list
	for _, id := range ids {
		p, err := e.party(id)
		if err != nil {
			continue
		}
		if p.res == nil {
			networks = append(networks, id)
			continue
		}
		i, seen := at[p.res.index]
		if !seen {
			at[p.res.index] = len(list)
			list = append(list, id)
		} else if ref, ok := snap.Lookup(id); ok && p.res.node == ref {
			list[i] = id
		}
	}
	if len(list) == 0 {
		return networks
	}
	return list
}
