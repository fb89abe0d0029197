package aws

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go/middleware"
)

// Retry limits. Adaptive mode slows a client down to what its service grants,
// so that more attempts cost time, not throttles.
const (
	maxAttempts = 8
	maxBackoff  = 20 * time.Second
	callTimeout = 3 * time.Minute
)

// newRetryer makes the retryer of one client. Adaptive mode is meant for one
// throttling scope: one account, region and service.
func newRetryer(attempts int) func() sdk.Retryer {
	return func() sdk.Retryer {
		return retry.NewAdaptiveMode(func(o *retry.AdaptiveModeOptions) {
			o.StandardOptions = append(o.StandardOptions, func(so *retry.StandardOptions) {
				so.MaxAttempts = attempts
				so.MaxBackoff = maxBackoff
				// The quota of the standard mode gives up on whole services when
				// thousands of per-resource calls are throttled at once.
				so.RateLimiter = ratelimit.None
				so.Retryables = append([]retry.IsErrorRetryable{retry.IsErrorRetryableFunc(hopeless)}, so.Retryables...)
			})
		})
	}
}

// hopeless stops retries where the endpoint or the operation does not exist.
func hopeless(err error) sdk.Ternary {
	var refused *RefusedError
	if _, html := response(err); html || noSuchHost(err) || errors.As(err, &refused) {
		return sdk.FalseTernary
	}
	return sdk.UnknownTernary
}

// inFlight bounds the requests a run has under way at one moment, over all
// accounts, regions and services.
const inFlight = 96

// counter counts attempts as they are made, retries included, and holds them
// back while too many are under way. A call that waits to be retried holds no
// place.
type counter struct {
	calls, throttles atomic.Int64
	places           chan struct{}
}

func (c *counter) count(stack *middleware.Stack) error {
	return stack.Finalize.Insert(middleware.FinalizeMiddlewareFunc("CairnCount", func(
		ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler,
	) (middleware.FinalizeOutput, middleware.Metadata, error) {
		select {
		case c.places <- struct{}{}:
		case <-ctx.Done():
			return middleware.FinalizeOutput{}, middleware.Metadata{}, ctx.Err()
		}
		out, metadata, err := next.HandleFinalize(ctx, in)
		<-c.places
		c.calls.Add(1)
		if err != nil {
			if status, _ := response(err); isThrottle(err, status) {
				c.throttles.Add(1)
			}
		}
		return out, metadata, err
	}), "Retry", middleware.After)
}
