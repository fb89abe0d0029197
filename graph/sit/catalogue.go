package sit

import "slices"

// catalogue is every type the product detects: credentials first, then by
// sensitivity. Random pass rates of check digits were measured on 100,000
// uniform candidates each.
var catalogue = slices.Concat(secrets, financial, health, personal)

var index = func() map[ID]int {
	m := make(map[ID]int, len(catalogue))
	for i, t := range catalogue {
		m[t.ID] = i
	}
	return m
}()
