package view

import (
	"errors"
	"fmt"

	"github.com/cairn-security/cairn/graph"
)

// Codes of errors, in extensions.code.
const (
	NotFound    = "NOT_FOUND"
	Ambiguous   = "AMBIGUOUS" // with extensions.candidates
	BadInput    = "BAD_INPUT"
	StaleCursor = "STALE_CURSOR"
	Forbidden   = "FORBIDDEN"
)

// Error is an error about the question, with its code.
type Error struct {
	Code       string
	Message    string
	Candidates []string // ids, of Ambiguous
}

func (e *Error) Error() string { return e.Message }

// Errorf makes an error with a code.
func Errorf(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// named gives errors about names of nodes their code; every other error is
// about the input.
func named(err error) error {
	var missing *graph.NotFoundError
	var several *graph.AmbiguousError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &missing):
		return Errorf(NotFound, "%s", err)
	case errors.As(err, &several):
		return &Error{Ambiguous, err.Error(), several.Candidates}
	}
	return Errorf(BadInput, "%s", err)
}
