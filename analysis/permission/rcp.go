package permission

// rcpSupports reports whether resource control policies cover a service.
func rcpSupports(service string) bool { return true }

// AccountLevel reports whether an action takes no resource, so that it is
// always asked on *.
func AccountLevel(action string) bool { return false }
