package sit

import (
	"slices"
	"strings"
)

// ID names a sensitive information type; lower case with underscores, stable
// over releases because settings and scripts refer to it.
type ID string

// Category groups types for label rules and settings.
type Category string

// The categories of the catalogue. Custom types may name one of these only.
const (
	Credentials Category = "credentials"
	Financial   Category = "financial"
	PCI         Category = "PCI"
	PII         Category = "PII"
	PHI         Category = "PHI"
)

// Categories lists every category in the order in which they are shown.
func Categories() []Category { return []Category{Credentials, Financial, PCI, PII, PHI} }

// Known reports whether c is a category of the catalogue (case matters).
func (c Category) Known() bool { return slices.Contains(Categories(), c) }

// Type is one sensitive information type that the product detects.
type Type struct {
	ID       ID       `json:"id"`
	Name     string   `json:"name"`
	Category Category `json:"category"`
	// Country is an ISO 3166 code, or empty where the type is international.
	Country string `json:"country,omitempty"`
	// Regimes are the laws and standards that name such data.
	Regimes []string `json:"regimes,omitempty"`
	// Confidence is what a single well-formed match has without any context
	// (field name or keyword nearby).
	Confidence Confidence `json:"confidence"`
	// PassRate is the share of random candidates of the right shape that pass
	// the checks of the type: 1 where nothing can be checked, about 0 where a
	// prefix makes accidents impossible. It says how much one match proves.
	PassRate float64 `json:"passRate"`
}

// All returns the catalogue in its stable order; the caller owns the slice.
func All() []Type { return slices.Clone(catalogue) }

// Lookup finds a type by id.
func Lookup(id ID) (Type, bool) {
	i, ok := index[id]
	if !ok {
		return Type{}, false
	}
	return catalogue[i], true
}

// Regimes unites the regimes of the given types, sorted. Unknown ids add
// nothing.
func Regimes(ids ...ID) []string {
	var all []string
	for _, id := range ids {
		if t, ok := Lookup(id); ok {
			all = append(all, t.Regimes...)
		}
	}
	slices.SortFunc(all, func(a, b string) int { return strings.Compare(a, b) })
	return slices.Compact(all)
}
