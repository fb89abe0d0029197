package policy

import "strings"

// operator is a parsed condition operator.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
type operator struct {
	base     baseOperator
	set      setQualifier
	negated  bool
	ifExists bool
}

type baseOperator uint8

const (
	opUnknown baseOperator = iota
	opString
	opStringIgnoreCase
	opLike
	opArn
	opNumericEqual
	opNumericLess
	opNumericLessEqual
	opNumericGreater
	opNumericGreaterEqual
	opDateEqual
	opDateLess
	opDateLessEqual
	opDateGreater
	opDateGreaterEqual
	opBool
	opIP
	opBinary
	opNull
)

type setQualifier uint8

const (
	scalar setQualifier = iota
	forAny
	forAll
)

var operators = map[string]operator{
	"stringequals":              {base: opString},
	"stringnotequals":           {base: opString, negated: true},
	"stringequalsignorecase":    {base: opStringIgnoreCase},
	"stringnotequalsignorecase": {base: opStringIgnoreCase, negated: true},
	"stringlike":                {base: opLike},
	"stringnotlike":             {base: opLike, negated: true},
	"arnequals":                 {base: opArn},
	"arnlike":                   {base: opArn},
	"arnnotequals":              {base: opArn, negated: true},
	"arnnotlike":                {base: opArn, negated: true},
	"numericequals":             {base: opNumericEqual},
	"numericnotequals":          {base: opNumericEqual, negated: true},
	"numericlessthan":           {base: opNumericLess},
	"numericlessthanequals":     {base: opNumericLessEqual},
	"numericgreaterthan":        {base: opNumericGreater},
	"numericgreaterthanequals":  {base: opNumericGreaterEqual},
	"dateequals":                {base: opDateEqual},
	"datenotequals":             {base: opDateEqual, negated: true},
	"datelessthan":              {base: opDateLess},
	"datelessthanequals":        {base: opDateLessEqual},
	"dategreaterthan":           {base: opDateGreater},
	"dategreaterthanequals":     {base: opDateGreaterEqual},
	"bool":                      {base: opBool},
	"ipaddress":                 {base: opIP},
	"notipaddress":              {base: opIP, negated: true},
	"binaryequals":              {base: opBinary},
	"null":                      {base: opNull},
}

// parseOperator reads an operator name with its set qualifier and IfExists
// suffix; names ignore case. ok is false for an operator that does not exist.
func parseOperator(name string) (op operator, ok bool) {
	s := strings.ToLower(name)
	set := scalar
	if rest, cut := strings.CutPrefix(s, "foranyvalue:"); cut {
		set, s = forAny, rest
	} else if rest, cut := strings.CutPrefix(s, "forallvalues:"); cut {
		set, s = forAll, rest
	}
	s, ifExists := strings.CutSuffix(s, "ifexists")
	op, ok = operators[s]
	if !ok || ifExists && op.base == opNull {
		return operator{}, false
	}
	op.set, op.ifExists = set, ifExists
	return op, true
}
