package aws

import (
	"context"
	"fmt"

	"github.com/aws/smithy-go/middleware"

	"github.com/cairn-security/cairn/ingest/aws/operations"
)

// RefusedError is the answer to a call that is not on the allow-list. Nothing
// was signed or sent.
type RefusedError struct{ Service, Operation string }

func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s %s is not on the list of read operations: refused before it was sent", e.Service, e.Operation)
}

// refuseWrites is the first middleware of every client.
func refuseWrites(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("CairnReadOnly", func(
		ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
	) (middleware.InitializeOutput, middleware.Metadata, error) {
		service, operation := middleware.GetServiceID(ctx), middleware.GetOperationName(ctx)
		if _, ok := operations.Allowed(service, operation); !ok {
			return middleware.InitializeOutput{}, middleware.Metadata{}, &RefusedError{service, operation}
		}
		return next.HandleInitialize(ctx, in)
	}), middleware.Before)
}
