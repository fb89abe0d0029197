package sit

import (
	"fmt"
	"strings"
)

// Labels are a tenant's sensitivity labels from least to most sensitive. A
// sub-label is written "Parent/Child"; one that is not listed itself ranks
// like its parent.
type Labels []string

// Rank gives the position of a label (0 is least sensitive), or -1 where
// neither it nor its parent is listed.
func (l Labels) Rank(label string) int {
	for i, known := range l {
		if known == label {
			return i
		}
	}
	if parent, _, ok := strings.Cut(label, "/"); ok {
		return l.Rank(parent)
	}
	return -1
}

// AtLeast reports whether label is as sensitive as threshold or more. A label
// that is not known is not.
func (l Labels) AtLeast(label, threshold string) bool {
	rank := l.Rank(label)
	return rank >= 0 && rank >= l.Rank(threshold)
}

// Higher returns the more sensitive of two labels; an unknown one loses.
func (l Labels) Higher(a, b string) string {
	if l.Rank(b) > l.Rank(a) {
		return b
	}
	return a
}

// Check reports the first fault of the list: none at all, an empty name, a
// name twice.
func (l Labels) Check() error {
	if len(l) == 0 {
		return fmt.Errorf("labels: at least one is needed")
	}
	seen := make(map[string]bool, len(l))
	for _, name := range l {
		if strings.TrimSpace(name) == "" || strings.HasSuffix(name, "/") || strings.HasPrefix(name, "/") {
			return fmt.Errorf("labels: %q is not a name", name)
		}
		if seen[name] {
			return fmt.Errorf("labels: %q stands twice", name)
		}
		seen[name] = true
	}
	return nil
}
