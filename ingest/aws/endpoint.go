package aws

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/logging"
)

// pinnedClient returns an HTTP client that connects to the host of endpoint
// only, whatever host a request names: S3 and S3 Control put the bucket or the
// account before it, which an emulator's name does not resolve.
func pinnedClient(endpoint string) (*http.Client, error) {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("endpoint %q: want http://HOST:PORT or https://HOST:PORT", endpoint)
	}
	port := u.Port()
	if port == "" {
		port = u.Scheme
	}
	address := net.JoinHostPort(u.Hostname(), port)
	transport := newTransport()
	transport.Proxy = nil
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return dial(ctx, network, address)
	}
	return &http.Client{Transport: transport, CheckRedirect: noRedirect}, nil
}

// noRedirect leaves redirects to the SDK, which signs again.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 20 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          256,
		MaxIdleConnsPerHost:   16,
		IdleConnTimeout:       60 * time.Second,
		TLSHandshakeTimeout:   20 * time.Second,
		ResponseHeaderTimeout: time.Minute,
	}
}

// readOnly returns a copy of a configuration whose clients refuse writes, retry
// adaptively, count their calls and, with an endpoint of one's own, talk to it
// alone. It must be applied after credentials are set up: signing in and
// assuming roles go through clients of their own.
func readOnly(cfg sdk.Config, c *counter, attempts int, client *http.Client) sdk.Config {
	cfg = cfg.Copy()
	cfg.APIOptions = append(cfg.APIOptions, refuseWrites, c.count)
	cfg.Retryer = newRetryer(attempts)
	cfg.HTTPClient = client
	cfg.Logger = logging.Nop{} // what matters is an outcome
	cfg.RequestChecksumCalculation = sdk.RequestChecksumCalculationWhenRequired
	cfg.ResponseChecksumValidation = sdk.ResponseChecksumValidationWhenRequired
	return cfg
}
