package risk

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Estimate is a chance with its 95 % interval. Exact: it was summed up, not
// simulated, and the three are equal unless something unread counts in Upper.
type Estimate struct {
	Value, Lower, Upper float64
	Exact               bool
}

// Times scales an estimate, for instance to a risk by an impact.
func (e Estimate) Times(x float64) Estimate {
	return Estimate{e.Value * x, e.Lower * x, e.Upper * x, e.Exact}
}

// exactly is an estimate without uncertainty.
func exactly(p float64) Estimate {
	p = min(max(p, 0), 1)
	return Estimate{p, p, p, true}
}

// simulated is the interval of C. J. Clopper and E. S. Pearson (Biometrika 26,
// 1934) for a share of worlds.
func simulated(share float64, worlds int) Estimate {
	n := float64(worlds)
	hits := math.Round(share * n)
	e := Estimate{Value: hits / n, Upper: 1}
	if hits > 0 {
		e.Lower = distuv.Beta{Alpha: hits, Beta: n - hits + 1}.Quantile(0.025)
	}
	if hits < n {
		e.Upper = distuv.Beta{Alpha: hits + 1, Beta: n - hits}.Quantile(0.975)
	}
	return e
}

// withUnread adds what is only possible if something unread is permissive.
func (e Estimate) withUnread(upper Estimate) Estimate {
	e.Upper = max(e.Upper, upper.Upper)
	return e
}
