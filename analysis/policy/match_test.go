package policy

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestResourceMatching(t *testing.T) {
	for _, tc := range []struct {
		pattern, resource string
		want              bool
	}{
		{"*", "arn:aws:s3:::b", true},
		{"*", "*", true},
		{"arn:aws:s3:::b", "*", false},
		{"arn:aws:s3:::b", "arn:aws:s3:::b", true},
		{"arn:aws:s3:::B", "arn:aws:s3:::b", false},
		{"arn:aws:s3:::b/*", "arn:aws:s3:::b", false},
		{"arn:aws:s3:::b*", "arn:aws:s3:::b-other/k", true},
		{"arn:aws:s3:::b/a/*.csv", "arn:aws:s3:::b/a/x/y.csv", true},
		{"arn:aws:s3:::b/?", "arn:aws:s3:::b/ä", true},
		{"arn:aws:s3:::b/?", "arn:aws:s3:::b/ab", false},
		{"arn:aws:sqs", "arn:aws:sqs:us-east-1:1:q", true},
		{"arn:aws:sqs:us-east-1", "arn:aws:sqs:us-west-1:1:q", false},
		{"arn:aws:sqs:*", "arn:aws:sqs:us-east-1:1:q", true},
		{"arn:aws:*:us-east-1:1:q", "arn:aws:sqs:us-east-1:1:q", false},
		{"arn:aws:s*:us-east-1:1:q", "arn:aws:sqs:us-east-1:1:q", false},
		{"arn:aws:sns:*:topic", "arn:aws:sns:us-east-1:111111111111:topic", true},
		{"arn:aws:sns:us-*-1:1:t", "arn:aws:sns:us-east-1:1:t", true},
		{"arn:aws:sns:us-*-1:1:t", "arn:aws:sns:us-east-9:x-1:1:t", false},
		{"arn:aws:logs:*:a:b", "arn:aws:logs:us-east-1:1:log-group:a:b", true}, // a * that ends a segment runs on
		{"arn:aws:logs:*:*:log-group:a:*", "arn:aws:logs:us-east-1:1:log-group:a:log-stream:x", true},
	} {
		r := compileResource(tc.pattern, true)
		if got := r.test(tc.resource, nil) == True; got != tc.want {
			t.Errorf("%s on %s: %v, want %v", tc.pattern, tc.resource, got, tc.want)
		}
	}
}

func TestVariables(t *testing.T) {
	ctx := NewContext(Absent).Set("aws:username", "dev").Set("aws:PrincipalTag/star", "*").SetPresence("aws:userid", Unknown)
	for _, tc := range []struct {
		pattern, value string
		version2012    bool
		want           Truth
	}{
		{"home/${aws:username}/*", "home/dev/x", true, True},
		{"home/${AWS:UserName}/*", "home/dev/x", true, True},
		{"home/${aws:username}/*", "home/${aws:username}/x", false, True},
		{"home/${aws:PrincipalTag/team}/*", "home//x", true, False},
		{"home/${aws:PrincipalTag/team, 'none'}/*", "home/none/x", true, True},
		{"home/${aws:PrincipalTag/team,'none'}/*", "home/none/x", true, True}, // without the space that the page asks for
		{"home/${aws:PrincipalTag/team, none}/*", "home/none/x", true, False},
		{"home/${aws:PrincipalTag/team, 'it''s'}", "home/it''s", true, True},
		{"${aws:PrincipalTag/star}", "x", true, False},
		{"${aws:PrincipalTag/star}", "*", true, True},
		{"a${*}b", "a*b", true, True},
		{"a${*}b", "axb", true, False},
		{"a${?}${$}{x}", "a?${x}", true, True},
		{"${aws:userid}/*", "x/y", true, Maybe},
		{"a/${aws:userid}/*", "b/y/z", true, False},
		{"${unclosed", "${unclosed", true, True},
	} {
		p := compilePattern(tc.pattern, syntax{variables: tc.version2012, wildcards: true})
		if got := p.match(tc.value, ctx); got != tc.want {
			t.Errorf("%s on %s: %v, want %v", tc.pattern, tc.value, got, tc.want)
		}
	}
}

// A variable without a value makes the whole statement invalid, also where it
// stands in NotResource.
func TestStatementWithoutVariableValue(t *testing.T) {
	for _, tc := range []struct {
		element, pattern string
		presence         Presence
		want             Truth
	}{
		{"Resource", "arn:aws:s3:::${aws:username}", Absent, False},
		{"NotResource", "arn:aws:s3:::${aws:username}", Absent, False},
		{"NotResource", "arn:aws:s3:::${aws:username, 'x'}", Absent, True},
		{"NotResource", "arn:aws:sqs:*:*:${aws:username}", Absent, True}, // another service, whatever the value
		{"NotResource", "arn:aws:sqs:*:*:${aws:username}", Unknown, True},
		{"NotResource", "arn:aws:s3:::home/${aws:username}", Absent, False},
		{"NotResource", "arn:aws:s3:::home/${aws:username}", Unknown, Maybe},
		{"NotResource", "arn:aws:s3:::home/${aws:username}", PresentUnknown, True},
	} {
		doc, err := Parse("", []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","`+tc.element+`":"`+tc.pattern+`"}}`))
		if err != nil {
			t.Fatal(err)
		}
		ctx := NewContext(Absent).SetPresence("aws:username", tc.presence)
		if got := Compile(doc).Statements[0].CoversResource("arn:aws:s3:::b", ctx); got != tc.want {
			t.Errorf("%s %s with presence %d: %v, want %v", tc.element, tc.pattern, tc.presence, got, tc.want)
		}
	}
}

// TestGlobAgreesWithRegexp compares the matcher with regular expressions.
func TestGlobAgreesWithRegexp(t *testing.T) {
	alphabet := rapid.SampledFrom([]string{"a", "b", "*", "?", "/", ":", "ä", "\x00"})
	rapid.Check(t, func(t *rapid.T) {
		pattern := strings.Join(rapid.SliceOfN(alphabet, 0, 8).Draw(t, "pattern"), "")
		plain := rapid.SampledFrom([]string{"a", "b", "/", ":", "ä", "\x00"})
		value := strings.Join(rapid.SliceOfN(plain, 0, 10).Draw(t, "value"), "")
		if rapid.Bool().Draw(t, "near") { // one that matches, or nearly
			value = ""
			for _, c := range pattern {
				switch c {
				case '*':
					value += strings.Join(rapid.SliceOfN(plain, 0, 2).Draw(t, "run"), "")
				case '?':
					value += rapid.SampledFrom([]string{"ä", "b"}).Draw(t, "one")
				default:
					value += string(c)
				}
			}
			value += strings.Join(rapid.SliceOfN(plain, 0, 1).Draw(t, "more"), "")
		}
		expr := regexp.QuoteMeta(pattern)
		expr = "(?s)^" + strings.ReplaceAll(strings.ReplaceAll(expr, `\*`, ".*"), `\?`, ".") + "$"
		p := compilePattern(pattern, syntax{wildcards: true})
		if got, want := p.match(value, nil) == True, regexp.MustCompile(expr).MatchString(value); got != want {
			t.Fatalf("%q on %q: %v, want %v", pattern, value, got, want)
		}
	})
}

// TestOverlapFindsAWitness: a witness matches both patterns, and none is missed
// among short strings.
func TestOverlapFindsAWitness(t *testing.T) {
	alphabet := rapid.SampledFrom([]string{"a", "b", "*", "?"})
	rapid.Check(t, func(t *rapid.T) {
		p := encoded(strings.Join(rapid.SliceOfN(alphabet, 0, 5).Draw(t, "p"), ""))
		q := encoded(strings.Join(rapid.SliceOfN(alphabet, 0, 5).Draw(t, "q"), ""))
		s, ok := overlap(p, q)
		if ok && (!globMatch(p, s) || !globMatch(q, s)) {
			t.Fatalf("%q does not match %q and %q", s, p, q)
		}
		if !ok {
			for _, s := range words("ab", 5) {
				if globMatch(p, s) && globMatch(q, s) {
					t.Fatalf("missed %q for %q and %q", s, p, q)
				}
			}
		}
	})
}

// words are all strings over an alphabet up to a length.
func words(alphabet string, n int) []string {
	out, last := []string{""}, []string{""}
	for range n {
		var next []string
		for _, w := range last {
			for _, c := range alphabet {
				next = append(next, w+string(c))
			}
		}
		out, last = append(out, next...), next
	}
	return out
}

func TestConditionsOnUnknownKeys(t *testing.T) {
	for _, tc := range []struct {
		operator string
		presence Presence
		want     Truth
	}{
		{"StringEquals", Unknown, Maybe}, {"StringEquals", Absent, False}, {"StringNotEquals", Absent, True},
		{"StringEqualsIfExists", Absent, True}, {"Null", Unknown, Maybe}, {"Null", PresentUnknown, False}, {"Null", Absent, True},
		{"ForAllValues:StringEquals", Absent, True}, {"ForAnyValue:StringEquals", Absent, False}, {"NoSuchOperator", Present, Maybe},
	} {
		c := compileCondition(&Condition{Operator: tc.operator, Key: "a:b", Values: []string{"true"}}, true)
		ctx := NewContext(Absent).SetPresence("a:b", tc.presence)
		if got := c.test(ctx); got != tc.want {
			t.Errorf("%s with presence %d: %v, want %v", tc.operator, tc.presence, got, tc.want)
		}
	}
}
