package policy

import "strings"

// Presence says what is known about a context key of a request.
type Presence uint8

const (
	// Absent: the request has no such key.
	Absent Presence = iota
	// Present: the request has the key with the given value or values.
	Present
	// Unknown: nothing is known, the key may be absent.
	Unknown
	// PresentUnknown: every request has the key, its value is not known.
	PresentUnknown
)

// Values is what is known about one key.
type Values struct {
	Presence Presence
	Multi    bool // the key holds a list: scalar operators do not match it
	One      string
	Many     []string
	// Not are values that a key whose value is not known is known not to have.
	Not []string
}

// Context is the request context: what is known about each key. Contexts
// chain, so that what is fixed for a principal, a resource or a position can
// be made once and shared; the first that knows a key wins. A Context must not
// change while it is used.
type Context struct {
	entries  []contextEntry
	prefixes []contextEntry // families of keys: aws:principaltag/
	next     *Context
	rest     Values
	never    func(key string) bool // keys no such request can carry
}

type contextEntry struct {
	key string // lower case
	val Values
}

// NewContext returns a context in which keys that were not set are absent
// (strict) or unknown.
func NewContext(rest Presence) *Context {
	return &Context{rest: Values{Presence: rest}}
}

// Extend returns a new context that is asked before c.
func (c *Context) Extend() *Context { return &Context{next: c} }

// Over returns a context that asks c's own keys first and then next.
func (c *Context) Over(next *Context) *Context {
	return &Context{entries: c.entries, prefixes: c.prefixes, next: next}
}

// Without returns a context at the end of a chain in which the keys that never
// reports, in lower case, are absent and all others as in c.
func (c *Context) Without(never func(key string) bool) *Context {
	return &Context{entries: c.entries, prefixes: c.prefixes, rest: c.rest, never: never}
}

// Set says that the request has the key with one value.
func (c *Context) Set(key, value string) *Context {
	return c.put(key, Values{Presence: Present, One: value})
}

// SetList says that the request has the key with a list of values.
func (c *Context) SetList(key string, values []string) *Context {
	return c.put(key, Values{Presence: Present, Multi: true, Many: values})
}

// SetPresence says what is known when there is no value.
func (c *Context) SetPresence(key string, p Presence) *Context {
	return c.put(key, Values{Presence: p})
}

// SetNot says that the value is not known but for what it is not.
func (c *Context) SetNot(key string, p Presence, not ...string) *Context {
	return c.put(key, Values{Presence: p, Not: not})
}

// SetFamily says what is known about all keys with a prefix that are not set
// themselves, such as "aws:PrincipalTag/".
func (c *Context) SetFamily(prefix string, p Presence) *Context {
	c.prefixes = append(c.prefixes, contextEntry{strings.ToLower(prefix), Values{Presence: p}})
	return c
}

func (c *Context) put(key string, v Values) *Context {
	key = strings.ToLower(key)
	for i := range c.entries {
		if c.entries[i].key == key {
			c.entries[i].val = v
			return c
		}
	}
	c.entries = append(c.entries, contextEntry{key, v})
	return c
}

// Lookup returns what is known about a key; key names ignore case.
func (c *Context) Lookup(key string) Values { return *c.lookup(strings.ToLower(key)) }

// Keys calls yield for every key set in c itself, not in the contexts behind it.
func (c *Context) Keys(yield func(key string, v Values) bool) {
	for i := range c.entries {
		if !yield(c.entries[i].key, c.entries[i].val) {
			return
		}
	}
}

var absent = Values{Presence: Absent}

func (c *Context) lookup(key string) *Values {
	for {
		if c == nil {
			return &absent
		}
		for i := range c.entries {
			if c.entries[i].key == key {
				return &c.entries[i].val
			}
		}
		for i := range c.prefixes {
			if strings.HasPrefix(key, c.prefixes[i].key) {
				return &c.prefixes[i].val
			}
		}
		if c.next == nil {
			if c.never != nil && c.never(key) {
				return &absent
			}
			return &c.rest
		}
		c = c.next
	}
}
