package aws

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/cairn-security/cairn/graph"
)

// Error codes as services send them; services differ in spelling.
var (
	deniedCodes = []string{"AccessDenied", "AccessDeniedException", "AccessDeniedFault",
		"UnauthorizedOperation", "AuthorizationError", "AuthorizationErrorException",
		"NotAuthorized", "Forbidden", "InvalidClientTokenId", "UnrecognizedClientException",
		"AuthFailure", "KMSAccessDeniedException", "InvalidAccessKeyId", "SignatureDoesNotMatch"}
	// A service or operation that this region, account or endpoint does not have.
	unsupportedCodes = []string{"OptInRequired", "SubscriptionRequiredException", "InvalidAction",
		"UnknownOperationException", "UnsupportedOperation", "UnsupportedOperationException",
		"NotImplemented", "NotImplementedException", "UnsupportedFeatureException"}
	expiredCodes = []string{"ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidGrantException"}
)

// expiredWords are what the SDK's own sign-in providers say; they have no codes.
var expiredWords = []string{"session has expired", "token has expired", "token is expired", "refresh cached SSO token failed"}

// outcomeOf says how a failed read ended and why, in one line. None lists the
// error codes by which the operation says that nothing is set.
func outcomeOf(err error, none []string) (graph.Outcome, string) {
	detail := oneLine(err)
	if errors.Is(err, context.Canceled) {
		return graph.OutcomeTimeout, "cancelled before it was read"
	}
	code := errorCode(err)
	status, html := response(err)
	switch {
	case slices.Contains(none, code):
		return graph.OutcomeEmpty, ""
	case isThrottle(err, status):
		return graph.OutcomeThrottled, detail
	case html:
		return graph.OutcomeUnsupported, fmt.Sprintf("no such operation here: a web page with HTTP status %d instead of a reply", status)
	case slices.Contains(unsupportedCodes, code), noSuchHost(err),
		status == http.StatusNotImplemented, status == http.StatusMethodNotAllowed:
		return graph.OutcomeUnsupported, detail
	case slices.Contains(deniedCodes, code), slices.Contains(expiredCodes, code),
		status == http.StatusForbidden, status == http.StatusUnauthorized:
		return graph.OutcomeDenied, detail
	case errors.Is(err, context.DeadlineExceeded), status >= 500, isConnection(err):
		return graph.OutcomeTimeout, detail
	case status >= 200 && status < 300:
		return graph.OutcomeMalformed, detail
	default:
		return graph.OutcomeUnsupported, detail
	}
}

// errorCode is the service's own code, empty where the failure is not a reply.
func errorCode(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// speaking are the statuses that mean the same whoever sent them.
var speaking = []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests,
	http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}

// response returns the HTTP status of the reply behind an error (0 for none)
// and whether it is a web page: no AWS service answers with one, but a proxy, a
// load balancer in front of a retired endpoint and an emulator do.
func response(err error) (status int, html bool) {
	var re *smithyhttp.ResponseError
	if !errors.As(err, &re) || re.Response == nil || re.Response.Response == nil {
		return 0, false
	}
	status = re.HTTPStatusCode()
	page := strings.HasPrefix(re.Response.Header.Get("Content-Type"), "text/html")
	return status, page && !slices.Contains(speaking, status)
}

func isThrottle(err error, status int) bool {
	_, listed := retry.DefaultThrottleErrorCodes[errorCode(err)]
	return listed || status == http.StatusTooManyRequests
}

// isExpired reports that the session ended, whoever noticed it: the service or
// the sign-in that should have renewed it.
func isExpired(err error) bool {
	if slices.Contains(expiredCodes, errorCode(err)) {
		return true
	}
	text := err.Error()
	return slices.ContainsFunc(expiredWords, func(words string) bool { return strings.Contains(text, words) })
}

// noSuchHost means that the service has no endpoint in the region.
func noSuchHost(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

func isConnection(err error) bool {
	var op *net.OpError
	return errors.As(err, &op)
}

// detailLimit bounds a record's detail; AWS repeats whole ARNs in messages.
const detailLimit = 600

// oneLine puts the code and the message first and drops what the SDK wraps
// around them.
func oneLine(err error) string {
	text := err.Error()
	var api smithy.APIError
	if errors.As(err, &api) {
		text = api.ErrorCode() + ": " + api.ErrorMessage()
	}
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > detailLimit {
		text = strings.ToValidUTF8(text[:detailLimit], "") + "…"
	}
	return text
}
