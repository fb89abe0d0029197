package permission

import (
	"strings"

	"github.com/cairn-security/cairn/analysis/policy"
)

// relevance is, for one action and one kind of datastore, which datastores
// have policies of their own that could matter to whom. What nothing here
// names is decided by the caller's own policies alone.
type relevance struct {
	n      int
	denies who
	allows who
	unread bitset
}

// who groups datastores by whom their statements name and under which
// condition block.
type who struct {
	everyone []blockStores
	account  map[string][]blockStores
	named    map[string]bitset // by principal ARN, role name key, or unique id
}

type blockStores struct {
	block  string
	sample *policy.Compiled // any statement with that block
	stores bitset
}

func (w *who) add(list []blockStores, st *policy.Compiled, i int32, n int) []blockStores {
	block := st.ConditionBlock()
	for j := range list {
		if list[j].block == block {
			list[j].stores.set(i)
			return list
		}
	}
	b := blockStores{block, st, newBits(n)}
	b.stores.set(i)
	return append(list, b)
}

func (r *relevance) statement(st *policy.Compiled, i int32) {
	w := &r.allows
	if st.Effect == policy.Deny {
		w = &r.denies
	}
	if st.NotPrincipal {
		w.everyone = w.add(w.everyone, st, i, r.n)
		return
	}
	for _, p := range st.Principals {
		switch acc := accountNamed(p); {
		case p.Value == "*":
			w.everyone = w.add(w.everyone, st, i, r.n)
		case acc != "":
			w.account[acc] = w.add(w.account[acc], st, i, r.n)
		default:
			key := namedKey(p.Value)
			if w.named[key] == nil {
				w.named[key] = newBits(r.n)
			}
			w.named[key].set(i)
		}
	}
}

// namedKey folds a session ARN to its role by name, as a role can be named in
// both forms.
func namedKey(arn string) string {
	c := CallerFromARN(arn)
	if c.Kind == policy.CallerRole {
		return c.Account + "/" + lastSegment(c.RoleARN)
	}
	return arn
}

// callerKeys are the names under which a caller stands in relevance.
func callerKeys(c *policy.Caller) []string {
	keys := []string{c.ARN}
	if c.Kind == policy.CallerRole {
		keys = []string{c.Account + "/" + lastSegment(c.RoleARN)}
	}
	if c.UniqueID != "" {
		keys = append(keys, c.UniqueID)
	}
	return keys
}

// of returns the relevance of an action, made on first use.
func (e *Engine) relevanceOf(s *storeIndex, action string) *relevance {
	if r, ok := s.relevance[action]; ok {
		return r
	}
	n := len(s.refs)
	r := &relevance{n: n, unread: newBits(n),
		denies: who{account: map[string][]blockStores{}, named: map[string]bitset{}},
		allows: who{account: map[string][]blockStores{}, named: map[string]bitset{}}}
	service, _, _ := strings.Cut(action, ":")
	for i, ref := range s.refs {
		res := e.resources[ref]
		sets := res.sets
		if rcpSupports(service) {
			sets = append(sets[:len(sets):len(sets)], res.account.rcps...)
		}
		for _, set := range sets {
			if set.Unread != nil {
				r.unread.set(int32(i))
			}
			c := set.of(service)
			for _, list := range [2][]statement{c.allow, c.deny} {
				for j := range list {
					if set.Kind == ResourceControlPolicy && list[j].Effect == policy.Allow {
						continue
					}
					if list[j].CoversAction(service, action) {
						r.statement(list[j].Compiled, int32(i))
					}
				}
			}
		}
	}
	s.relevance[action] = r
	return r
}

// select adds to out the datastores whose statements may apply to the caller.
func (w *who) sel(c *policy.Caller, holds func(*blockStores) bool, withAccount bool, out bitset) {
	for i := range w.everyone {
		if b := &w.everyone[i]; holds(b) {
			out.or(b.stores)
		}
	}
	if withAccount {
		for i := range w.account[c.Account] {
			if b := &w.account[c.Account][i]; holds(b) {
				out.or(b.stores)
			}
		}
	}
	for _, key := range callerKeys(c) {
		if b := w.named[key]; b != nil {
			out.or(b)
		}
	}
}
