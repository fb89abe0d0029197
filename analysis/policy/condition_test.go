package policy

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// holds tests one condition against a request that has the key with one value.
func holds(operator, policyValue, requestValue string) bool {
	c := compileCondition(&Condition{Operator: operator, Key: "a:b", Values: []string{policyValue}}, true)
	return c.test(NewContext(Absent).Set("a:b", requestValue)) == True
}

// Cases follow the page on condition operators.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func TestConditionValues(t *testing.T) {
	for _, tc := range []struct {
		operator, policy, request string
		want                      bool
	}{
		{"NumericEquals", "5.0", "5", true},
		{"NumericLessThan", "10", "9", true}, // as numbers, not as text
		{"NumericLessThan", "-1", "-2", true},
		{"NumericEquals", "1e3", "1000", true},
		{"NumericEquals", "9007199254740993", "9007199254740992", false},
		{"NumericLessThan", "9007199254740993", "9007199254740992", true},
		{"NumericEquals", "0.10000000000000000000000001", "0.1", false},
		{"NumericLessThan", "1e400", "9", true},
		{"NumericGreaterThan", "1e-400", "0", false},
		{"NumericEquals", "16", "0x10", false},
		{"NumericLessThan", "Infinity", "1", false},
		{"NumericLessThan", "5", "NaN", false},
		{"NumericEquals", "1_0", "10", false},
		{"NumericEquals", "+-5", "+-5", false},
		{"NumericEquals", "", "", false},
		{"NumericLessThan", "1e99999999999", "1", false},
		{"DateLessThan", "2024-06-15T13:30:00+01:00", "2024-06-15T12:00:00Z", true},
		{"DateEquals", "2024-06-15T12:00Z", "1718452800", true},
		{"DateLessThan", "2025-13-45T00:00:00Z", "2024-06-15T12:00:00Z", false},
		{"DateLessThan", "Infinity", "2024-06-15T12:00:00Z", false},
		{"IpAddress", "203.0.113.0/24", "::ffff:203.0.113.5", true},
		{"IpAddress", "::/0", "203.0.113.1", false},
		{"IpAddress", "2001:DB8::/32", "2001:0db8:0000::1", true},
		{"IpAddress", "203.0.113.0/33", "203.0.113.1", false},
		{"BinaryEquals", "%%%", "%%%", false},
		{"StringEqualsIgnoreCase", "ZÜRICH", "zürich", true},
		// What is not of the type matches in neither case.
		{"NumericNotEquals", "ten", "10", false},
		{"NumericNotEquals", "10", "ten", false},
		{"DateNotEquals", "soon", "2024-06-15T12:00:00Z", false},
		{"NotIpAddress", "203.0.113.0/33", "10.0.0.1", false},
		{"NotIpAddress", "203.0.113.0/24", "somewhere", false},
		{"ArnNotLike", "*", "arn:aws:iam::111111111111:user/u", false},
		{"ArnNotLike", "arn:aws:iam::*:user/*", "u", false},
		{"ArnNotLike", "arn:aws:iam::*:user/*", "arn:aws:iam::111111111111:role/r", true},
		{"Bool", "yes", "yes", false},
		{"Bool", "TRUE", "true", true},
		{"Bool", "${a:b}", "true", true}, // policy variables are supported here too
		{"Bool", "${a:none}", "true", false},
		{"Bool", "${a:none, 'true'}", "true", true},
		// Nor does a statement with a variable that has no value.
		{"StringNotEquals", "${a:none}", "x", false},
		{"StringNotLike", "${a:none, 'y'}", "x", true},
		{"ArnNotLike", "arn:aws:iam::*:user/${a:none}", "arn:aws:iam::111111111111:role/r", false},
	} {
		if got := holds(tc.operator, tc.policy, tc.request); got != tc.want {
			t.Errorf("%s %q, request %q: %v, want %v", tc.operator, tc.policy, tc.request, got, tc.want)
		}
	}
}

// TestNumbersCompareExactly compares with rational arithmetic.
func TestNumbersCompareExactly(t *testing.T) {
	text := rapid.StringMatching(`[+-]?(0|[0-9]{1,24})(\.[0-9]{1,20})?(e[+-]?[0-9]{1,2})?`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		if rapid.Bool().Draw(t, "near") {
			b = a + "1"
		}
		x, okX := parseNumber(a)
		y, okY := parseNumber(b)
		p, okP := new(big.Rat).SetString(a)
		q, okQ := new(big.Rat).SetString(b)
		if !okX || !okY || !okP || !okQ {
			t.Skip()
		}
		if got, want := x.compare(y), p.Cmp(q); got != want {
			t.Fatalf("%s against %s: %d, want %d", a, b, got, want)
		}
	})
}
