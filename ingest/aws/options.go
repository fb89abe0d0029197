package aws

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph/settings"
)

// Options say what a run reads and as whom.
type Options struct {
	Profile  string   // of the AWS configuration files; empty for the default chain
	Regions  []string // empty for every region the account has enabled
	Accounts []string // assume RoleName in each of these
	Org      bool     // assume RoleName in each active account of the organization
	// RoleName is the role's name, path included, in every account; with neither
	// Accounts nor Org it is assumed in the caller's own account.
	RoleName   string
	ExternalID string
	// Endpoint replaces every service's endpoint (an emulator, a proxy).
	Endpoint string
	// Attempts per call, the first included; 0 for the default.
	Attempts int

	// NoData leaves out what the data block of the policy grants.
	NoData bool
	// Discovery bounds sampling: the byte, object, request and time budgets of
	// one account, and datastores that are never read.
	Discovery settings.Discovery
	// SampleObjects bounds the objects sampled from one bucket.
	SampleObjects int
	// Scrubber finds credentials in texts and types in samples.
	Scrubber Scrubber
}

// Check reports the first fault of the options.
func (o *Options) Check() error {
	switch {
	case o.Org && len(o.Accounts) > 0:
		return errors.New("--org and --accounts exclude each other")
	case (o.Org || len(o.Accounts) > 0) && o.RoleName == "":
		return errors.New("--accounts and --org need --role-name: the role to assume in each account")
	case o.ExternalID != "" && o.RoleName == "":
		return errors.New("--external-id needs --role-name")
	case o.SampleObjects < 0:
		return errors.New("--sample-objects must not be negative")
	}
	for _, a := range o.Accounts {
		if len(a) != 12 || strings.Trim(a, "0123456789") != "" {
			return fmt.Errorf("--accounts: %q is no account id (12 digits)", a)
		}
	}
	if slices.Contains(o.Regions, "") {
		return errors.New("--regions: empty name")
	}
	return nil
}
