package main

import (
	"context"
	"errors"
	"io"
	"runtime/debug"

	"github.com/alecthomas/kong"

	"github.com/cairn-security/cairn/graph/settings"
	"github.com/cairn-security/cairn/ingest/aws"
	"github.com/cairn-security/cairn/ingest/classify"
)

// command is the command line.
type command struct {
	Profile     string   `help:"Profile of the AWS configuration files."`
	Regions     []string `help:"Regions to read, separated by commas; all that the account has enabled if absent."`
	Accounts    []string `help:"Account ids to read through --role-name, separated by commas."`
	Org         bool     `help:"Read every active account of the organization through --role-name."`
	RoleName    string   `help:"Role to assume in each account, the caller's own included."`
	ExternalID  string   `name:"external-id" help:"External id the role demands."`
	EndpointURL string   `name:"endpoint-url" env:"AWS_ENDPOINT_URL" help:"Endpoint in place of AWS, for emulators and proxies."`

	NoData        bool   `help:"Read no content: no sampling, no user data."`
	SampleBudget  size   `help:"Bytes to sample from one account, such as 1GiB; as the settings say if absent."`
	SampleObjects int    `help:"Objects to sample from one bucket at most."`
	HashKey       string `type:"path" help:"File with the key that hashes secrets; one in the user's data folder, made once, if absent."`
	Config        string `env:"CAIRN_CONFIG" help:"Settings file."`

	Out    string `short:"o" help:"Folder to write the bundle to, or - for standard output."`
	Resume bool   `help:"Go on with the run into the same folder that was interrupted."`
	DryRun bool   `help:"Read nothing but who, where and what is allowed; estimate calls and cost."`

	JSON    bool             `name:"json" help:"Print one JSON document on standard output."`
	Quiet   bool             `short:"q" help:"No progress on standard error."`
	NoColor bool             `help:"Accepted for uniformity; nothing is coloured."`
	Version kong.VersionFlag `help:"Print the version."`
}

func (c *command) run(ctx context.Context, stdout, stderr io.Writer) error {
	o, err := c.options()
	if err != nil {
		return err
	}
	if err := o.Check(); err != nil {
		return err
	}
	if c.DryRun {
		return c.dryRun(ctx, o, stdout)
	}
	if c.Out == "" {
		return errors.New("say where the bundle goes: --out FOLDER, or --out - for standard output")
	}
	if c.Out == "-" && c.Resume {
		return errors.New("--resume needs --out FOLDER: a stream cannot be taken up again")
	}
	if c.Out == "-" && c.JSON {
		return errors.New("--json and --out - both want standard output")
	}
	return c.collect(ctx, o, stdout, stderr)
}

func (c *command) options() (aws.Options, error) {
	s, err := c.settings()
	if err != nil {
		return aws.Options{}, err
	}
	if c.HashKey == "" {
		if c.HashKey, err = defaultHashKey(); err != nil {
			return aws.Options{}, err
		}
	}
	hasher, err := classify.LoadHasher(c.HashKey)
	if err != nil {
		return aws.Options{}, err
	}
	return aws.Options{Profile: c.Profile, Regions: c.Regions, Accounts: c.Accounts, Org: c.Org,
		RoleName: c.RoleName, ExternalID: c.ExternalID, Endpoint: c.EndpointURL,
		NoData: c.NoData, Settings: s, SampleBudget: int64(c.SampleBudget), SampleObjects: c.SampleObjects,
		Classifier: classify.New(s), Hasher: hasher}, nil
}

func (c *command) settings() (*settings.Settings, error) {
	if c.Config == "" {
		return settings.Default(), nil
	}
	return settings.Load(c.Config)
}

// size is a number of bytes on the command line.
type size int64

// UnmarshalText reads a number with or without a unit, such as 1GiB.
func (s *size) UnmarshalText(text []byte) error {
	n, err := settings.ParseBytes(string(text))
	*s = size(n)
	return err
}

// version is what the build recorded of the source.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "cairn-aws (unknown build)"
	}
	return "cairn-aws " + info.Main.Version
}
