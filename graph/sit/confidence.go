package sit

import "fmt"

// Confidence is how sure a match is, in the three steps of the field's tools.
type Confidence uint8

// The steps; the zero value is no confidence at all and never appears in
// results.
const (
	Low Confidence = iota + 1
	Medium
	High
)

// Score thresholds (0 to 100) of the steps.
const (
	mediumScore = 75
	highScore   = 85
)

// OfScore gives the step a score of 0 to 100 falls in.
func OfScore(score int) Confidence {
	switch {
	case score >= highScore:
		return High
	case score >= mediumScore:
		return Medium
	default:
		return Low
	}
}

// String returns low, medium, high, or none for the zero value.
func (c Confidence) String() string {
	switch c {
	case Low:
		return "low"
	case Medium:
		return "medium"
	case High:
		return "high"
	default:
		return "none"
	}
}

// MarshalText writes the word.
func (c Confidence) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads low, medium or high.
func (c *Confidence) UnmarshalText(text []byte) error {
	switch string(text) {
	case "low":
		*c = Low
	case "medium":
		*c = Medium
	case "high":
		*c = High
	default:
		return fmt.Errorf("confidence %q: want low, medium or high", text)
	}
	return nil
}
