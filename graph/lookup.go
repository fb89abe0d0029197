package graph

import "hash/maphash"

// lookup finds references by a string of their node: open addressing over a
// power-of-two table of references, half full at most, so an entry costs 8 to
// 16 bytes and a look-up one or two cache misses. References that share a
// string are chained in ascending order.
type lookup struct {
	seed  maphash.Seed
	text  func(Ref) string
	table []Ref // slot -> first reference of its string, or NoRef
	next  []Ref // reference -> next one with an equal string, or NoRef; nil while all differ
}

// newLookup indexes references 0 to n-1; text gives the string of one, and a
// reference whose string is empty is left out.
func newLookup(n int, text func(Ref) string) *lookup {
	size := 8
	for size < 2*n {
		size *= 2
	}
	l := &lookup{seed: maphash.MakeSeed(), text: text, table: make([]Ref, size)}
	for i := range l.table {
		l.table[i] = NoRef
	}
	for i := n - 1; i >= 0; i-- { // backwards, so that a chain ascends
		if ref := Ref(i); text(ref) != "" {
			l.insert(ref, n)
		}
	}
	return l
}

func (l *lookup) insert(ref Ref, n int) {
	slot := l.slot(l.text(ref))
	if first := l.table[slot]; first != NoRef {
		if l.next == nil {
			l.next = make([]Ref, n)
			for i := range l.next {
				l.next[i] = NoRef
			}
		}
		l.next[ref] = first
	}
	l.table[slot] = ref
}

// slot returns the place of a string: the one that holds it or the free one
// where it belongs.
func (l *lookup) slot(s string) int {
	mask := len(l.table) - 1
	slot := int(maphash.String(l.seed, s)) & mask
	for l.table[slot] != NoRef && l.text(l.table[slot]) != s {
		slot = (slot + 1) & mask
	}
	return slot
}

// first returns the lowest reference with a string, NoRef when there is none.
func (l *lookup) first(s string) Ref { return l.table[l.slot(s)] }

// all returns every reference with a string in ascending order.
func (l *lookup) all(s string) []Ref {
	var refs []Ref
	for ref := l.first(s); ref != NoRef; {
		refs = append(refs, ref)
		if l.next == nil {
			break
		}
		ref = l.next[ref]
	}
	return refs
}

// unique reports whether no two references share a string.
func (l *lookup) unique() bool { return l.next == nil }
