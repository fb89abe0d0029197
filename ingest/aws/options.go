package aws

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph/settings"
	"github.com/cairn-security/cairn/ingest/classify"
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
	// Settings bound sampling and exclude datastores from it; nil for the
	// defaults.
	Settings *settings.Settings
	// SampleBudget replaces the settings' bytes per account; 0 keeps them.
	SampleBudget int64
	// SampleObjects bounds the objects sampled from one bucket; 0 for the
	// default.
	SampleObjects int
	// Classifier finds types in samples and credentials in user data and
	// environments; Hasher hashes what it finds. Both are needed.
	Classifier *classify.Classifier
	Hasher     *classify.Hasher
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
	case o.SampleObjects < 0 || o.SampleBudget < 0:
		return errors.New("--sample-objects and --sample-budget must not be negative")
	case o.Classifier == nil || o.Hasher == nil:
		return errors.New("nothing to scrub with: user data and environments would have to be left out")
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

// defaultSampleObjects leaves a type that half of a bucket's objects hold
// undetected once in 10^15.
const defaultSampleObjects = 50

func (o *Options) sampleObjects() int {
	if o.SampleObjects > 0 {
		return o.SampleObjects
	}
	return defaultSampleObjects
}

// complete fills in the settings.
func (o *Options) complete() {
	if o.Settings == nil {
		o.Settings = settings.Default()
	}
	o.NoData = o.NoData || !o.Settings.Discovery.On
}

func (o *Options) budget() settings.Budget {
	b := o.Settings.Discovery.Budget
	if o.SampleBudget > 0 {
		b.Bytes = o.SampleBudget
	}
	return b
}

func (o *Options) excluded(id, name string) bool { return o.Settings.Excluded(id, name) }
