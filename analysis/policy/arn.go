package policy

import "strings"

// arnPattern compares the six colon-separated components of an ARN one by one,
// wildcards in each, as the ARN condition operators do.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
type arnPattern struct{ parts [6]string } // encoded globs

// newArnPattern splits an encoded glob; ok is false if it has fewer than six
// components.
func newArnPattern(enc string) (a arnPattern, ok bool) {
	for i := 0; i < 5; i++ {
		n := strings.IndexByte(enc, ':')
		if n < 0 {
			return a, false
		}
		a.parts[i], enc = enc[:n], enc[n+1:]
	}
	a.parts[5] = enc
	return a, true
}

func (a *arnPattern) match(s string) bool {
	for i := 0; i < 5; i++ {
		n := strings.IndexByte(s, ':')
		if n < 0 || !globMatch(a.parts[i], s[:n]) {
			return false
		}
		s = s[n+1:]
	}
	return globMatch(a.parts[5], s)
}

// encoded turns text with wildcards and without variables into a glob.
func encoded(s string) string {
	enc := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		enc = appendEncoded(enc, s[i], true)
	}
	return string(enc)
}

// compileResource compiles an entry of a Resource element.
//
// A * that ends a segment runs on over colons; one inside a segment does not
// leave it. The service segment takes no wildcard, AWS refuses such a
// document, so it matches nothing. An ARN that stops early is padded: whatever
// follows matches.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
func compileResource(s string, variables bool) resourcePattern {
	p := compilePattern(s, syntax{variables: variables, wildcards: true})
	r := resourcePattern{Pattern: p}
	if p.kind == matchAll {
		return r
	}
	segments := strings.SplitN(s, ":", 6)
	if segments[0] != "arn" {
		return r // not an ARN: compared as a whole
	}
	if len(segments) > 2 && strings.ContainsAny(segments[2], "*?") {
		r.kind = matchNever
		return r
	}
	if len(segments) < 6 && p.kind != matchDynamic && !strings.HasSuffix(s, "*") {
		padded := compilePattern(s+":*", syntax{variables: variables, wildcards: true})
		if p.kind == matchGlob {
			r.padded = &padded // the wildcards may make up for the missing segments
			return r
		}
		r.Pattern, r.raw = padded, s
		return r
	}
	if p.kind == matchGlob {
		for _, seg := range segments[:min(5, len(segments))] {
			if i := strings.IndexByte(seg, '*'); i >= 0 && i < len(seg)-1 {
				if a, ok := newArnPattern(p.text); ok {
					r.segments = &a
				}
			}
		}
	}
	return r
}

type resourcePattern struct {
	Pattern
	segments *arnPattern // set when a wildcard must stay inside its segment
	padded   *Pattern    // second form of an ARN that stops early
}

func (r *resourcePattern) test(resource string, ctx *Context) Truth {
	if r.segments != nil {
		return truth(r.segments.match(resource))
	}
	if r.padded != nil && r.padded.match(resource, ctx) == True {
		return True
	}
	return r.match(resource, ctx)
}

// names is test for an entry of Resource; for one of NotResource it says whether
// the entry keeps the statement from covering the resource, which it also does
// when a variable has no value. Not so where another partition, service, region
// or account decides already.
func (r *resourcePattern) names(resource string, ctx *Context, exempts bool) Truth {
	got := r.test(resource, ctx)
	if exempts && got == False && r.kind == matchDynamic && r.sameOwner(resource) {
		return r.invalid(ctx)
	}
	return got
}

// sameOwner compares all but the last component of the ARNs, variables as *.
func (r *resourcePattern) sameOwner(resource string) bool {
	a, ok := newArnPattern(r.relaxed())
	if !ok {
		return true
	}
	a.parts[5] = "*"
	return strings.Count(resource, ":") < 5 || a.match(resource)
}
