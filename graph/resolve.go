package graph

import (
	"fmt"
	"strings"
)

// AmbiguousError says that a name stands for several nodes.
type AmbiguousError struct {
	Name       string
	Candidates []string // ids
}

func (e *AmbiguousError) Error() string {
	list := e.Candidates
	more := ""
	if len(list) > 8 {
		more = fmt.Sprintf(" and %d more", len(list)-8)
		list = list[:8]
	}
	return fmt.Sprintf("%q names %d nodes: %s%s; give the id", e.Name, len(e.Candidates), strings.Join(list, ", "), more)
}

// NotFoundError says that neither an id nor a name matches.
type NotFoundError struct{ Name string }

func (e *NotFoundError) Error() string {
	return fmt.Sprintf("no node has the id or name %q in this snapshot", e.Name)
}

// Resolve finds the node an argument means: an id, a unique name, or the
// resource part of an ARN where it is unique. Errors are *NotFoundError and
// *AmbiguousError. A role
// goes before the instance profile of its name. The first name asked for builds an index; a miss costs O(nodes).
func (s *Snapshot) Resolve(arg string) (Ref, error) {
	return s.ResolveAs(arg, func(k Kind) bool { return k != KindInstanceProfile })
}

// ResolveAs is Resolve where the kind of node is known: of several nodes with
// the name, those that fit are meant. A name that none of them fits, and an id,
// stand for what they name.
func (s *Snapshot) ResolveAs(arg string, fits func(Kind) bool) (Ref, error) {
	if ref, ok := s.Lookup(arg); ok {
		return ref, nil
	}
	if len(arg) == 12 && strings.Trim(arg, "0123456789") == "" {
		if ref, ok := s.Lookup(AccountID(arg)); ok {
			return ref, nil
		}
	}
	refs := s.byName().all(arg)
	if len(refs) == 0 {
		refs = s.bySuffix(arg)
	}
	if len(refs) > 1 {
		var fitting []Ref
		for _, r := range refs {
			if fits(s.nodes[r].Kind) {
				fitting = append(fitting, r)
			}
		}
		if len(fitting) > 0 {
			refs = fitting
		}
	}
	switch len(refs) {
	case 0:
		return NoRef, &NotFoundError{Name: arg}
	case 1:
		return refs[0], nil
	}
	ids := make([]string, len(refs))
	for i, r := range refs {
		ids[i] = s.nodes[r].ID
	}
	return NoRef, &AmbiguousError{Name: arg, Candidates: ids}
}

func (s *Snapshot) bySuffix(arg string) []Ref {
	if arg == "" {
		return nil
	}
	var refs []Ref
	for i, n := range s.nodes {
		if rest, ok := strings.CutSuffix(n.ID, arg); ok && (strings.HasSuffix(rest, "/") || strings.HasSuffix(rest, ":")) {
			refs = append(refs, Ref(i))
		}
	}
	return refs
}
