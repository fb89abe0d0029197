package server

import (
	"context"
	"math"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Limits of one operation. The largest query of the interface has a tenth of
// each. Validation compares fields of one name with each other, so that its time
// grows with the square of the tokens: a quarter of a second for all of them.
const (
	maxTokens  = 2000
	maxDepth   = 20
	maxAliases = 50
	maxCost    = 300_000
	// listCost is how many elements a list without `first` is taken to have.
	listCost = 4
)

// dear are root fields that compute their answer from the whole estate when they
// are asked: what each costs beside the fields below it.
var dear = map[string]int{"whoCan": 30_000, "can": 5_000, "reach": 5_000, "search": 2_000}

// limits refuses operations that are nested too deep, alias too much, or ask
// for too much: each field costs 1, times the elements of the lists around it.
// Fragments are measured once, so that the check itself stays cheap however
// often they are spread.
type limits struct{}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = limits{}

// ExtensionName names the extension.
func (limits) ExtensionName() string { return "Limits" }

// Validate accepts every schema.
func (limits) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext measures the operation. The schema may be asked for:
// the query page completes from it.
func (limits) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	op.DisableIntrospection = false
	m := meter{variables: op.Variables, fragments: map[string]extent{}}
	e := m.set(op.Operation.SelectionSet)
	switch {
	case e.depth > maxDepth:
		return tooMuch("the query is nested %d deep, more than %d", e.depth, maxDepth)
	case e.aliases > maxAliases:
		return tooMuch("the query has %d aliases, more than %d", e.aliases, maxAliases)
	case e.cost > maxCost:
		return tooMuch("the query asks for about %d fields, more than %d: ask for fewer rows or fields", e.cost, maxCost)
	}
	return nil
}

func tooMuch(format string, args ...any) *gqlerror.Error {
	err := gqlerror.Errorf(format, args...)
	err.Extensions = map[string]any{"code": codeLimit}
	return err
}

// extent is the size of a selection. Sums stop at a number far over every limit.
type extent struct{ depth, aliases, cost int }

type meter struct {
	variables map[string]any
	fragments map[string]extent
}

func (m *meter) set(set ast.SelectionSet) extent {
	var all extent
	for _, s := range set {
		var e extent
		switch s := s.(type) {
		case *ast.Field:
			e = m.field(s)
		case *ast.InlineFragment:
			e = m.set(s.SelectionSet)
		case *ast.FragmentSpread:
			e = m.fragment(s)
		}
		all.depth = max(all.depth, e.depth)
		all.aliases = plus(all.aliases, e.aliases)
		all.cost = plus(all.cost, e.cost)
	}
	return all
}

func (m *meter) field(f *ast.Field) extent {
	inner := m.set(f.SelectionSet)
	e := extent{depth: inner.depth + 1, aliases: inner.aliases, cost: plus(1, times(m.elements(f), inner.cost))}
	if f.ObjectDefinition != nil && f.ObjectDefinition.Name == "Query" {
		e.cost = plus(e.cost, dear[f.Name])
	}
	if f.Alias != f.Name {
		e.aliases = plus(e.aliases, 1)
	}
	return e
}

// fragment measures a fragment once; validation has ruled cycles out.
func (m *meter) fragment(s *ast.FragmentSpread) extent {
	if s.Definition == nil {
		return extent{}
	}
	e, seen := m.fragments[s.Name]
	if !seen {
		e = m.set(s.Definition.SelectionSet)
		m.fragments[s.Name] = e
	}
	return e
}

// elements is how often the selection below a field is answered. The rows of a
// connection were counted where `first` stands.
func (m *meter) elements(f *ast.Field) int {
	if f.Definition == nil {
		return 1
	}
	if arg := f.Definition.Arguments.ForName("first"); arg != nil {
		if n, ok := number(f.ArgumentMap(m.variables)["first"]); ok {
			return max(n, 1)
		}
		return 50
	}
	switch {
	case f.Definition.Type.Elem == nil, f.Name == "nodes", f.Name == "edges", len(f.Name) > 1 && f.Name[:2] == "__":
		return 1
	case f.ObjectDefinition != nil && len(f.ObjectDefinition.Name) > 1 && f.ObjectDefinition.Name[:2] == "__":
		return 1 // the schema is small and always the same
	}
	return listCost
}

func number(v any) (int, bool) {
	switch n := v.(type) {
	case int64:
		return int(n), true
	case int:
		return n, true
	case float64:
		return int(n), true
	case interface{ Int64() (int64, error) }: // json.Number
		i, err := n.Int64()
		return int(i), err == nil
	}
	return 0, false
}

func plus(a, b int) int { return min(a+b, math.MaxInt32) }

func times(a, b int) int {
	if a > 0 && b > math.MaxInt32/a {
		return math.MaxInt32
	}
	return a * b
}
