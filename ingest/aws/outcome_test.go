package aws

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/cairn-security/cairn/graph"
)

// answered is a failure as the SDK reports it.
func answered(status int, contentType, code string) error {
	var cause error = errors.New("deserialization failed")
	if code != "" {
		cause = &smithy.GenericAPIError{Code: code, Message: "the message"}
	}
	return &smithy.OperationError{ServiceID: "S", OperationName: "O", Err: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {contentType}}}},
		Err:      cause}}
}

func TestOutcomeOf(t *testing.T) {
	none := []string{"NoSuchBucketPolicy"}
	tests := []struct {
		name string
		err  error
		want graph.Outcome
	}{
		{"nothing set", answered(404, "application/xml", "NoSuchBucketPolicy"), graph.OutcomeEmpty},
		{"another thing missing", answered(404, "application/xml", "NoSuchBucket"), graph.OutcomeUnsupported},
		{"denied", answered(403, "application/xml", "AccessDenied"), graph.OutcomeDenied},
		{"denied, EC2's word", answered(403, "text/xml", "UnauthorizedOperation"), graph.OutcomeDenied},
		{"denied with 400", answered(400, "application/x-amz-json-1.1", "AccessDeniedException"), graph.OutcomeDenied},
		{"denied, status only", answered(403, "application/xml", "403"), graph.OutcomeDenied},
		{"denied by a web page", answered(403, "text/html", "Forbidden"), graph.OutcomeDenied},
		{"region off", answered(403, "text/xml", "OptInRequired"), graph.OutcomeUnsupported},
		{"throttled", answered(503, "text/xml", "RequestLimitExceeded"), graph.OutcomeThrottled},
		{"throttled by status", answered(429, "application/json", ""), graph.OutcomeThrottled},
		{"unimplemented, query protocol", answered(500, "text/html; charset=utf-8", ""), graph.OutcomeUnsupported},
		{"unimplemented, REST", answered(404, "text/html", ""), graph.OutcomeUnsupported},
		{"unknown operation", answered(400, "application/json", "UnknownOperationException"), graph.OutcomeUnsupported},
		{"server failed", answered(500, "application/json", "InternalFailure"), graph.OutcomeTimeout},
		{"gateway page", answered(503, "text/html", ""), graph.OutcomeTimeout},
		{"reply unreadable", answered(200, "application/json", ""), graph.OutcomeMalformed},
		{"too slow", fmt.Errorf("op: %w", context.DeadlineExceeded), graph.OutcomeTimeout},
		{"cancelled", fmt.Errorf("op: %w", context.Canceled), graph.OutcomeTimeout},
		{"no such region", &net.OpError{Op: "dial", Err: &net.DNSError{Name: "x", IsNotFound: true}}, graph.OutcomeUnsupported},
		{"no connection", &net.OpError{Op: "dial", Err: errors.New("refused")}, graph.OutcomeTimeout},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, detail := outcomeOf(tt.err, none)
			if got != tt.want {
				t.Errorf("got %s (%s), want %s", got, detail, tt.want)
			}
			if strings.Contains(detail, "\n") || (detail == "") != (got == graph.OutcomeEmpty) {
				t.Errorf("detail %q", detail)
			}
		})
	}
}

func TestDetailIsOneShortLine(t *testing.T) {
	_, detail := outcomeOf(&smithy.GenericAPIError{Code: "AccessDenied", Message: strings.Repeat("ü\n", 2000)}, nil)
	if len(detail) > detailLimit+4 || strings.Contains(detail, "\n") || !strings.HasPrefix(detail, "AccessDenied: ") {
		t.Errorf("%d bytes: %.40q", len(detail), detail)
	}
}

// No attempt is wasted where the operation does not exist.
func TestHopelessCallsAreNotRetried(t *testing.T) {
	retryer := newRetryer(8)()
	for name, tt := range map[string]struct {
		err  error
		want bool
	}{
		"web page":    {answered(500, "text/html", ""), false},
		"no such DNS": {&net.DNSError{IsNotFound: true}, false},
		"refused":     {&RefusedError{"S3", "DeleteBucket"}, false},
		"busy":        {answered(503, "text/html", ""), true},
		"failed":      {answered(500, "application/json", "InternalFailure"), true},
		"throttled":   {answered(400, "application/json", "ThrottlingException"), true},
	} {
		if got := retryer.IsErrorRetryable(tt.err); got != tt.want {
			t.Errorf("%s: retryable %v, want %v", name, got, tt.want)
		}
	}
}

func TestIsExpired(t *testing.T) {
	for text, want := range map[string]bool{
		"failed to refresh cached credentials, the SSO session has expired or is invalid: expected access token": true,
		"refresh cached SSO token failed, unable to refresh SSO token":                                           true,
		"failed to refresh cached credentials, no EC2 IMDS role found":                                           false,
	} {
		if isExpired(errors.New(text)) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
	if !isExpired(answered(400, "application/x-amz-json-1.1", "ExpiredTokenException")) {
		t.Error("ExpiredTokenException")
	}
}
