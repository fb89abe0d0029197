package permission

import "github.com/cairn-security/cairn/analysis/permission/actions"

// rcpSupports reports whether resource control policies cover a service.
func rcpSupports(service string) bool { return actions.ResourceControlled(service) }

// AccountLevel reports whether an action takes no resource, so that it is
// always asked on *.
func AccountLevel(action string) bool {
	a, ok := actions.Lookup(action)
	return ok && len(a.Types) == 0
}
