package policy

import (
	"encoding/base64"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// compiledCondition is one operator/key pair, ready to test.
type compiledCondition struct {
	src    *Condition
	op     operator
	key    string // lower case
	values []conditionValue
	// malformed: some value is not of the operator's type.
	malformed bool
}

// conditionValue is one policy value in the form its operator compares.
type conditionValue struct {
	pattern Pattern     // strings; ARN text for opArn
	arn     *arnPattern // opArn without variables
	number  number      // numeric, and dates as seconds since the epoch
	prefix  netip.Prefix
	text    string // bool in lower case, binary decoded
	valid   bool
}

func compileCondition(c *Condition, variables bool) compiledCondition {
	op, _ := parseOperator(c.Operator)
	out := compiledCondition{src: c, op: op, key: strings.ToLower(c.Key)}
	out.values = make([]conditionValue, len(c.Values))
	for i, v := range c.Values {
		out.values[i] = compileValue(op.base, v, variables)
		out.malformed = out.malformed || !out.values[i].valid
	}
	return out
}

func compileValue(base baseOperator, s string, variables bool) conditionValue {
	v := conditionValue{valid: true}
	switch base {
	case opString, opStringIgnoreCase:
		v.pattern = compilePattern(s, syntax{variables: variables})
	case opLike:
		v.pattern = compilePattern(s, syntax{variables: variables, wildcards: true})
	case opArn:
		v.pattern = compilePattern(s, syntax{variables: variables, wildcards: true})
		if v.pattern.kind != matchDynamic {
			a, ok := newArnPattern(encoded(s))
			v.arn, v.valid = &a, ok
		}
	case opNumericEqual, opNumericLess, opNumericLessEqual, opNumericGreater, opNumericGreaterEqual:
		v.number, v.valid = parseNumber(s)
	case opDateEqual, opDateLess, opDateLessEqual, opDateGreater, opDateGreaterEqual:
		v.number.value, v.valid = parseDate(s)
	case opBool, opNull:
		v.text = strings.ToLower(s)
		v.valid = isBool(v.text)
		if v.pattern = compilePattern(s, syntax{variables: variables && base == opBool}); v.pattern.kind == matchDynamic {
			v.valid = true
		}
	case opIP:
		v.prefix, v.valid = parsePrefix(s)
	case opBinary:
		v.text, v.valid = parseBinary(s)
	}
	return v
}

// test evaluates the condition.
//
// A key that is absent makes positive operators false, negated ones true and
// IfExists true; ForAllValues is true on an absent or empty key, ForAnyValue
// false. Operators without a set qualifier do not match a multivalued key.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func (c *compiledCondition) test(ctx *Context) Truth {
	v := ctx.lookup(c.key)
	if c.op.base == opUnknown {
		return Maybe
	}
	if c.op.base == opNull {
		return c.testNull(v)
	}
	switch v.Presence {
	case Unknown, PresentUnknown:
		if c.excluded(v) {
			return truth(c.op.negated)
		}
		return Maybe
	case Absent:
		switch c.op.set {
		case forAny:
			return False
		case forAll:
			return True
		}
		return truth(c.op.negated || c.op.ifExists)
	}
	if !v.Multi {
		return c.testValue(v.One, ctx)
	}
	switch c.op.set {
	case forAny:
		best := False
		for _, s := range v.Many {
			best = max(best, c.testValue(s, ctx))
		}
		return best
	case forAll:
		worst := True
		for _, s := range v.Many {
			worst = min(worst, c.testValue(s, ctx))
		}
		return worst
	}
	return False
}

// excluded reports whether all values of the policy are among those that the
// key is known not to have, so that its value does not matter.
func (c *compiledCondition) excluded(v *Values) bool {
	switch {
	case len(v.Not) == 0 || c.op.base != opString && c.op.base != opLike:
		return false
	case c.op.set == forAll || c.op.set == forAny && c.op.negated || c.op.ifExists && v.Presence == Unknown:
		return false // an absent key would answer otherwise
	}
	for _, value := range c.src.Values {
		if !slices.Contains(v.Not, value) {
			return false
		}
	}
	return true
}

func (c *compiledCondition) testNull(v *Values) Truth {
	if v.Presence == Unknown {
		return Maybe
	}
	for i := range c.values {
		if c.values[i].valid && (c.values[i].text == "true") == (v.Presence == Absent) {
			return True
		}
	}
	return False
}

// testValue tests one value of the request against the alternatives of the
// policy; for negated operators against none of them. What is not of the
// operator's type matches in neither case, and a variable without a value makes
// the statement invalid.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func (c *compiledCondition) testValue(s string, ctx *Context) Truth {
	if c.op.negated && c.malformed {
		return False
	}
	got := False
	switch c.op.base {
	case opString, opLike:
		for i := range c.values {
			got = max(got, c.invalid(&c.values[i], ctx), c.values[i].pattern.match(s, ctx))
		}
	case opStringIgnoreCase:
		for i := range c.values {
			got = max(got, c.invalid(&c.values[i], ctx), c.values[i].pattern.equalFold(s, ctx))
		}
	case opArn:
		if strings.Count(s, ":") < 5 {
			return False
		}
		for i := range c.values {
			got = max(got, c.invalid(&c.values[i], ctx), c.values[i].matchArn(s, ctx))
		}
	case opBool:
		if !isBool(strings.ToLower(s)) {
			return False
		}
		for i := range c.values {
			if c.values[i].valid {
				got = max(got, c.values[i].pattern.equalFold(s, ctx))
			}
		}
	case opIP:
		addr, err := netip.ParseAddr(s)
		if err != nil {
			return False
		}
		addr = addr.Unmap()
		for i := range c.values {
			got = max(got, truth(c.values[i].valid && c.values[i].prefix.Contains(addr)))
		}
	case opBinary:
		raw, ok := parseBinary(s)
		for i := range c.values {
			got = max(got, truth(ok && c.values[i].valid && c.values[i].text == raw))
		}
	default:
		n, ok := number{}, false
		if c.op.base >= opDateEqual {
			n.value, ok = parseDate(s)
		} else {
			n, ok = parseNumber(s)
		}
		if !ok {
			return False
		}
		for i := range c.values {
			got = max(got, truth(c.values[i].valid && compare(c.op.base, n, c.values[i].number)))
		}
	}
	if c.op.negated {
		return got.Not()
	}
	return got
}

// invalid reports whether a value of a negated operator keeps the statement from
// applying because it has a variable without a value.
func (c *compiledCondition) invalid(v *conditionValue, ctx *Context) Truth {
	if !c.op.negated || v.pattern.kind != matchDynamic {
		return False
	}
	return v.pattern.invalid(ctx)
}

func compare(base baseOperator, n, limit number) bool {
	order := n.compare(limit)
	switch base {
	case opNumericEqual, opDateEqual:
		return order == 0
	case opNumericLess, opDateLess:
		return order < 0
	case opNumericLessEqual, opDateLessEqual:
		return order <= 0
	case opNumericGreater, opDateGreater:
		return order > 0
	}
	return order >= 0
}

func isBool(s string) bool { return s == "true" || s == "false" }

func (p *Pattern) equalFold(s string, ctx *Context) Truth {
	if p.kind != matchDynamic {
		return truth(strings.EqualFold(p.text, s))
	}
	enc, ok := p.resolve(ctx)
	if ok == True {
		return truth(strings.EqualFold(decode(enc), s))
	}
	return ok
}

func (v *conditionValue) matchArn(s string, ctx *Context) Truth {
	if v.pattern.kind != matchDynamic {
		return truth(v.valid && v.arn.match(s))
	}
	enc, ok := v.pattern.resolve(ctx)
	if ok != True {
		return ok
	}
	a, valid := newArnPattern(enc)
	return truth(valid && a.match(s))
}

// parseDate reads ISO 8601 in the W3C profiles, or seconds since the epoch.
func parseDate(s string) (float64, bool) {
	if n, ok := parseNumber(s); ok && len(s) != 4 {
		return n.value, true
	}
	for _, layout := range [...]string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02", "2006-01", "2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return float64(t.UnixNano()) / 1e9, true
		}
	}
	return 0, false
}

// parsePrefix reads CIDR notation; an address without a length is that single
// address.
func parsePrefix(s string) (netip.Prefix, bool) {
	if strings.IndexByte(s, '/') < 0 {
		addr, err := netip.ParseAddr(s)
		if err != nil {
			return netip.Prefix{}, false
		}
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), true
	}
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err == nil
}

func parseBinary(s string) (string, bool) {
	raw, err := base64.StdEncoding.DecodeString(s)
	return string(raw), err == nil
}
