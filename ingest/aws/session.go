package aws

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	awsarn "github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"
)

// Errors that end a run before it reads anything; each is one line that says
// what to do.
var (
	ErrNoCredentials = errors.New("no AWS credentials: name a profile with --profile or AWS_PROFILE, " +
		"or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	ErrExpired = errors.New("the AWS session has expired: sign in again (aws sso login, or new session credentials) and repeat")
)

// stsAPI is what a session needs to know itself and to become another.
type stsAPI interface {
	GetCallerIdentity(context.Context, *sts.GetCallerIdentityInput, ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error)
	AssumeRole(context.Context, *sts.AssumeRoleInput, ...func(*sts.Options)) (*sts.AssumeRoleOutput, error)
}

// session is one account with credentials for it.
type session struct {
	account   string
	caller    string // ARN
	partition string
	// configured is the region of the profile or environment; the region of cfg
	// is where the partition's global services are asked.
	configured string
	cfg        sdk.Config // its clients refuse writes
	emulated   bool       // an endpoint of one's own
}

// connect loads credentials and asks who they belong to.
func connect(ctx context.Context, o *Options, c *counter) (*session, error) {
	// What the SDK remarks on the way is no news: errors say what went wrong.
	load := []func(*config.LoadOptions) error{config.WithLogger(logging.Nop{})}
	if o.Profile != "" {
		load = append(load, config.WithSharedConfigProfile(o.Profile))
	}
	cfg, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		var missing config.SharedConfigProfileNotExistError
		if errors.As(err, &missing) {
			return nil, fmt.Errorf("profile %q is not in the AWS configuration files", missing.Profile)
		}
		return nil, fmt.Errorf("AWS configuration: %s", oneLine(err))
	}
	endpoint := o.Endpoint
	if endpoint == "" && cfg.BaseEndpoint != nil {
		endpoint = *cfg.BaseEndpoint
	}
	client := &http.Client{Transport: newTransport(), CheckRedirect: noRedirect}
	if endpoint != "" {
		if client, err = pinnedClient(endpoint); err != nil {
			return nil, err
		}
		cfg.BaseEndpoint = sdk.String(endpoint)
	}
	attempts := o.Attempts
	if attempts == 0 {
		attempts = maxAttempts
	}
	if cfg.Region == "" {
		cfg.Region = "us-east-1"
		if len(o.Regions) > 0 {
			cfg.Region = o.Regions[0]
		}
	}
	s := &session{configured: cfg.Region, cfg: readOnly(cfg, c, attempts, client), emulated: endpoint != ""}
	if err := s.identify(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// identify asks who the credentials belong to and moves the session to the
// region where the partition's global services are.
func (s *session) identify(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	out, err := stsAPI(sts.NewFromConfig(s.cfg)).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return identityError(err)
	}
	s.account, s.caller, s.partition = sdk.ToString(out.Account), sdk.ToString(out.Arn), "aws"
	if a, err := awsarn.Parse(s.caller); err == nil {
		s.partition = a.Partition
	}
	s.cfg.Region = homeRegion(s.partition, s.cfg.Region)
	return nil
}

func identityError(err error) error {
	text := err.Error()
	switch {
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case isExpired(err):
		return ErrExpired
	case errorCode(err) == "" && (strings.Contains(text, "get credentials") || strings.Contains(text, "failed to refresh cached credentials")) &&
		(strings.Contains(text, "no EC2 IMDS role found") || strings.Contains(text, "static credentials are empty")):
		return ErrNoCredentials
	default:
		return &plainError{"cannot tell who is calling: " + oneLine(err), err}
	}
}

// plainError says in one line what the SDK says in many words, and keeps those.
type plainError struct {
	text string
	err  error
}

func (e *plainError) Error() string { return e.text }
func (e *plainError) Unwrap() error { return e.err }

// homeRegion is where a partition answers for its global services.
func homeRegion(partition, configured string) string {
	switch partition {
	case "aws":
		return "us-east-1"
	case "aws-cn":
		return "cn-north-1"
	case "aws-us-gov":
		return "us-gov-west-1"
	default:
		return configured
	}
}

// sessionName is what CloudTrail shows for the collector's calls; assumed
// credentials are renewed this long before they end.
const (
	sessionName  = "cairn"
	expiryWindow = 5 * time.Minute
)

// assume returns a session of the role in another account. Its credentials
// renew themselves shortly before they end.
func (s *session) assume(ctx context.Context, account, role, externalID string) (*session, error) {
	arn := roleARN(s.partition, account, role)
	provider := stscreds.NewAssumeRoleProvider(stsAPI(sts.NewFromConfig(s.cfg)), arn, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName = sessionName
		if externalID != "" {
			o.ExternalID = sdk.String(externalID)
		}
	})
	other := &session{cfg: s.cfg.Copy(), emulated: s.emulated}
	other.cfg.Credentials = sdk.NewCredentialsCache(provider, func(o *sdk.CredentialsCacheOptions) {
		o.ExpiryWindow, o.ExpiryWindowJitterFrac = expiryWindow, 0.5
	})
	if err := other.identify(ctx); err != nil {
		return nil, err
	}
	if other.account != account {
		return nil, fmt.Errorf("%s led to account %s", arn, other.account)
	}
	return other, nil
}

// roleARN builds the role's name; the role may carry a path.
func roleARN(partition, account, role string) string {
	return "arn:" + partition + ":iam::" + account + ":role/" + strings.TrimPrefix(role, "/")
}

// in returns the session's configuration for one region.
func (s *session) in(region string) sdk.Config {
	cfg := s.cfg.Copy()
	cfg.Region = region
	return cfg
}
