package sit

import "math"

// Summary is what sampling measured about one type in one datastore.
type Summary struct {
	Type       ID         `json:"type"`
	Confidence Confidence `json:"confidence"`
	// Distinct counts different values seen in the sample (at most; an estimate
	// once the counter is full).
	Distinct int `json:"distinct"`
	// Matches counts all occurrences in the sample.
	Matches int `json:"matches"`
	// Share is the 95 % interval of the share of objects that hold the type.
	Share [2]float64 `json:"share"`
	// Objects counts sampled objects with at least one match.
	Objects int `json:"objects"`
}

// Location is where in a datastore a type was seen: an object, and inside it a
// column or field path where the format has one. Never a value.
type Location struct {
	Object string `json:"object"`
	Column string `json:"column,omitempty"`
	Type   ID     `json:"type"`
	Count  int    `json:"count"`
}

// wilsonZ is the two-sided 95 % quantile of the normal distribution.
const wilsonZ = 1.959963984540054

// Wilson returns the 95 % score interval of a share when hits of n were seen
// (E. B. Wilson, "Probable inference, the law of succession, and statistical
// inference", 1927). Nothing seen of nothing looked at is [0,1].
func Wilson(hits, n int) [2]float64 {
	if n <= 0 {
		return [2]float64{0, 1}
	}
	hits = min(max(hits, 0), n)
	p, size := float64(hits)/float64(n), float64(n)
	z2 := wilsonZ * wilsonZ
	centre := (p + z2/(2*size)) / (1 + z2/size)
	half := wilsonZ / (1 + z2/size) * math.Sqrt(p*(1-p)/size+z2/(4*size*size))
	lo, hi := max(0, centre-half), min(1, centre+half)
	// Exact ends: rounding must not exclude 0 or 1 when they were observed.
	if hits == 0 {
		lo = 0
	}
	if hits == n {
		hi = 1
	}
	return [2]float64{lo, hi}
}
