package actions

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/policy"
)

// Version is the version of the source package.
func Version() string { return load().version }

// Date is the day the source was updated, YYYY-MM-DD.
func Date() string { return load().date }

// Lookup finds an action by its full name; case does not matter.
func Lookup(action string) (*Action, bool) {
	service, name, _ := strings.Cut(strings.ToLower(action), ":")
	s := load().services[service]
	if s == nil {
		return nil, false
	}
	a, ok := s.byName[name]
	return a, ok
}

// ResourceControlled reports whether resource control policies cover a service.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
func ResourceControlled(service string) bool {
	s := load().services[service]
	return s != nil && s.rcp
}

// All iterates over every action, by service and name.
func All() iter.Seq[*Action] {
	return func(yield func(*Action) bool) {
		t := load()
		for _, name := range slices.Sorted(maps.Keys(t.services)) {
			for _, a := range t.services[name].actions {
				if !yield(a) {
					return
				}
			}
		}
	}
}

// Expand returns the actions an Action pattern such as s3:Get* covers, in
// order. Cost: one pass over the table, or over one service where the pattern
// names one.
func Expand(pattern string) []*Action {
	var out []*Action
	service, _, _ := strings.Cut(strings.ToLower(pattern), ":")
	if s := load().services[service]; s != nil {
		for _, a := range s.actions {
			if policy.MatchAction(pattern, a.String()) {
				out = append(out, a)
			}
		}
		return out
	}
	if !strings.ContainsAny(service, "*?") {
		return nil
	}
	for a := range All() {
		if policy.MatchAction(pattern, a.String()) {
			out = append(out, a)
		}
	}
	return out
}

// String is the full name: s3:GetObject.
func (a *Action) String() string { return a.Service + ":" + a.Name }

// ActsOn reports whether the action can act on the resource: it has a type
// whose ARN format fits, or it takes no resource and resource is *.
func (a *Action) ActsOn(resource string) bool {
	if len(a.Types) == 0 {
		return resource == "*"
	}
	for _, t := range a.Types {
		if t.Matches(resource) {
			return true
		}
	}
	return false
}

// newResourceType compiles an ARN format. Variables match any text, bucket and
// table names no slash.
func newResourceType(name, format string, keys []int) *ResourceType {
	t := &ResourceType{Name: name, ARN: format, keys: keys}
	var b strings.Builder
	rest := format
	for {
		head, tail, ok := strings.Cut(rest, "${")
		b.WriteString(head)
		if !ok {
			break
		}
		b.WriteByte('*')
		_, rest, _ = strings.Cut(tail, "}")
	}
	t.glob = policy.NewGlob(b.String())
	for _, flat := range [...]string{"${BucketName}", "${TableName}"} {
		if head, ok := strings.CutSuffix(format, flat); ok {
			t.flat, t.slashes = true, strings.Count(head[strings.LastIndexByte(head, ':')+1:], "/")
		}
	}
	return t
}

// Matches reports whether an ARN has the format of the type.
func (t *ResourceType) Matches(arn string) bool {
	return t.glob.Match(arn) && (!t.flat || strings.Count(arn[strings.LastIndexByte(arn, ':')+1:], "/") == t.slashes)
}

// Supports reports whether requests of the action can carry a condition key of
// the action's own service. Keys of other services and global keys (aws:…) are
// not its to say: it answers true. Case does not matter.
func (a *Action) Supports(contextKey string) bool {
	name := strings.ToLower(contextKey)
	if !strings.HasPrefix(name, a.Service+":") {
		return true
	}
	if !slices.ContainsFunc(a.owner.keys, func(k key) bool { return k.fits(name) }) {
		return true // not in the table: nothing to say
	}
	has := func(i int) bool { return a.owner.keys[i].fits(name) }
	if slices.ContainsFunc(a.keys, has) {
		return true
	}
	for _, t := range a.Types {
		if slices.ContainsFunc(t.keys, has) {
			return true
		}
	}
	return false
}

func (k *key) fits(name string) bool {
	if k.open {
		return strings.HasPrefix(name, k.name)
	}
	return name == k.name
}
