package sit

import "math"

// Sampling is what reading a sample of one datastore showed. It holds counts
// and places, never a value.
type Sampling struct {
	// Types has one entry per type seen, by id.
	Types []Summary `json:"types"`
	// Objects is how many objects the datastore holds, -1 where not known;
	// Sampled of them were read, in whole or in part, Unreadable were tried
	// without success (encrypted, archived, unsupported format, error).
	Objects    int64 `json:"objects"`
	Sampled    int   `json:"sampled"`
	Unreadable int   `json:"unreadable"`
	// Bytes is the size of the datastore, -1 where not known; BytesRead is what
	// the sample cost.
	Bytes     int64 `json:"bytes"`
	BytesRead int64 `json:"bytesRead"`
	// Records estimates rows or documents in the whole datastore from the
	// sample, -1 where nothing countable was read.
	Records int64 `json:"records"`
	// Bound: at Confidence, at most Share of the objects hold a type that the
	// sample did not show.
	Bound Bound `json:"bound"`
	// Seen lists where types were found, at most a few per object and type.
	Seen []Location `json:"seen"`
	// Skipped lists objects that could not be read, with the reason.
	Skipped []Skipped `json:"skipped"`
}

// Skipped is an object that was not read, and why.
type Skipped struct {
	Object string `json:"object"`
	Why    string `json:"why"`
}

// Bound is a one-sided confidence bound on a share of objects.
type Bound struct {
	Confidence float64 `json:"confidence"`
	Share      float64 `json:"share"`
}

// ZeroBound is the largest share of n objects that can hold something while a
// random sample of that many misses it with probability 1-confidence:
// 1-(1-confidence)^(1/n). Nothing sampled bounds nothing.
func ZeroBound(n int, confidence float64) Bound {
	if n <= 0 {
		return Bound{confidence, 1}
	}
	return Bound{confidence, 1 - math.Pow(1-confidence, 1/float64(n))}
}
