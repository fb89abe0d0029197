package permission

import (
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
)

// callers are all principals questions are asked for: the public ones, users
// and roles, identities of other accounts and services that appear in the
// snapshot. Root users are left out: they may do everything in their account.
// Principals are numbered in the order of answers.
type callers struct {
	list []*principal
	// others is how many come before the users and roles: none of them has
	// identity policies.
	others int
	// byAccount and byName are users and roles; names as in callerKeys.
	byAccount map[string][]int32
	byName    map[string][]int32
	// holders are the users and roles of each distinct set of identity policies.
	holders map[*Set][]int32

	mu    sync.Mutex
	given map[string]*holders // by action
}

// holders are the users and roles whose identity policies may allow an action,
// whatever it is about.
type holders struct {
	all       []int32
	byAccount map[string][]int32
}

// maxGiven bounds how many actions are remembered. A run asks about some
// hundred; questions of analysts come on top.
const maxGiven = 2048

func (e *Engine) newCallers() *callers {
	c := &callers{byAccount: map[string][]int32{}, byName: map[string][]int32{}, holders: map[*Set][]int32{}, given: map[string]*holders{}}
	for _, kind := range otherKinds {
		if kind == graph.KindAccount {
			continue
		}
		for _, ref := range e.snap.ByKind(kind) {
			c.list = append(c.list, e.principals[ref])
		}
	}
	c.others = len(c.list)
	c.list = append(c.list, e.order...)
	for i, p := range c.list[c.others:] {
		n := int32(c.others + i)
		c.byAccount[p.caller.Account] = append(c.byAccount[p.caller.Account], n)
		for _, key := range callerKeys(&p.caller) {
			c.byName[key] = append(c.byName[key], n)
		}
		if p.identity != nil {
			c.holders[p.identity] = append(c.holders[p.identity], n)
		}
	}
	return c
}

// givenTo returns the users and roles whose identity policies may allow an action.
func (c *callers) givenTo(action string) *holders {
	c.mu.Lock()
	defer c.mu.Unlock()
	if h, ok := c.given[action]; ok {
		return h
	}
	h := &holders{byAccount: map[string][]int32{}}
	service, _, _ := strings.Cut(action, ":")
	for set, list := range c.holders {
		if set.mayAllow(service, action) {
			h.all = append(h.all, list...)
		}
	}
	slices.Sort(h.all)
	for _, n := range h.all {
		account := c.list[n].caller.Account
		h.byAccount[account] = append(h.byAccount[account], n)
	}
	if len(c.given) < maxGiven {
		c.given[action] = h
	}
	return h
}

// mayAllow reports whether the set allows an action on anything, or may.
func (s *Set) mayAllow(service, action string) bool {
	return s.Unread != nil || slices.ContainsFunc(s.of(service).allow, func(st statement) bool { return st.CoversAction(service, action) })
}

// candidates iterates over the principals that may be allowed, in order: all
// whom the resource's own policies name, and those users and roles whose own
// policies give them the action, of the resource's account or of an account
// that its policies name. Nobody else can be, see evaluate.
func (e *Engine) candidates(t *target, on Resource) iter.Seq[*principal] {
	c := e.callers()
	given := c.givenTo(t.action)
	var chosen []int32
	switch {
	case on.fresh != "":
		chosen = given.all
	case t.own && t.asked == graph.NoRef:
		chosen = given.all
	case t.own:
		chosen = given.byAccount[e.snap.Node(t.asked).Account]
	case t.owner == "":
		chosen = given.all
	default:
		chosen = given.byAccount[t.owner]
	}
	everyone := t.action == callerIdentity
	if t.resource != nil {
		chosen = slices.Clone(chosen)
		everyone = everyone || !t.resource.names(t.action, func(p policy.Principal) {
			if account := accountNamed(p); account != "" {
				if account != t.owner {
					chosen = append(chosen, given.byAccount[account]...)
				}
				return
			}
			chosen = append(chosen, c.byName[namedKey(p.Value)]...)
		})
		slices.Sort(chosen)
		chosen = slices.Compact(chosen)
	}
	return func(yield func(*principal) bool) {
		if everyone {
			for _, p := range c.list {
				if !yield(p) {
					return
				}
			}
			return
		}
		for _, p := range c.list[:c.others] {
			if !yield(p) {
				return
			}
		}
		for _, n := range chosen {
			if !yield(c.list[n]) {
				return
			}
		}
	}
}

// names tells each principal that the resource's policies may allow an action
// to. It returns false when they may allow it to anybody: because they say so,
// or because one was not read.
func (r *resource) names(action string, each func(policy.Principal)) bool {
	service, _, _ := strings.Cut(action, ":")
	for _, set := range r.sets {
		if set.Unread != nil {
			return false
		}
		list := set.of(service).allow
		for i := range list {
			st := &list[i]
			if !st.CoversAction(service, action) {
				continue
			}
			if st.NotPrincipal {
				return false
			}
			for _, p := range st.Principals {
				if p.Value == "*" {
					return false
				}
				each(p)
			}
		}
	}
	return true
}
