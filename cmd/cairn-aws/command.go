package main

import (
	"context"
	"errors"
	"io"
	"runtime/debug"

	"github.com/cairn-security/cairn/graph/settings"
	"github.com/cairn-security/cairn/ingest/aws"
	"github.com/cairn-security/cairn/ingest/classify"
)

// command is the command line.
type command struct {
	Profile     string
	Regions     []string
	Accounts    []string
	Org         bool
	RoleName    string
	ExternalID  string
	EndpointURL string

	NoData        bool
	SampleBudget  size
	SampleObjects int
	HashKey       string
	Config        string

	Out    string
	Resume bool
	DryRun bool

	JSON    bool
	Quiet   bool
	NoColor bool // accepted for uniformity; nothing is coloured
	Version bool
	Help    bool
}

// flags are the options that fill the command.
func (c *command) flags() []option {
	return []option{
		{name: "help", short: "h", set: turn(&c.Help), help: "Show context-sensitive help."},
		{name: "profile", value: "STRING", set: text(&c.Profile), help: "Profile of the AWS configuration files."},
		{name: "regions", value: "REGIONS,...", set: list(&c.Regions), help: "Regions to read, separated by commas; all that the account has enabled if absent."},
		{name: "accounts", value: "ACCOUNTS,...", set: list(&c.Accounts), help: "Account ids to read through --role-name, separated by commas."},
		{name: "org", set: turn(&c.Org), help: "Read every active account of the organization through --role-name."},
		{name: "role-name", value: "STRING", set: text(&c.RoleName), help: "Role to assume in each account, the caller's own included."},
		{name: "external-id", value: "STRING", set: text(&c.ExternalID), help: "External id the role demands."},
		{name: "endpoint-url", value: "STRING", env: "AWS_ENDPOINT_URL", set: text(&c.EndpointURL), help: "Endpoint in place of AWS, for emulators and proxies."},

		{name: "no-data", set: turn(&c.NoData), help: "Read no content: no sampling, no user data."},
		{name: "sample-budget", value: "SIZE", set: bytesOf(&c.SampleBudget), help: "Bytes to sample from one account, such as 1GiB; as the settings say if absent."},
		{name: "sample-objects", value: "INT", set: number(&c.SampleObjects), help: "Objects to sample from one bucket at most."},
		{name: "hash-key", value: "STRING", set: file(&c.HashKey), help: "File with the key that hashes secrets; one in the user's data folder, made once, if absent."},
		{name: "config", value: "STRING", env: "CAIRN_CONFIG", set: text(&c.Config), help: "Settings file."},

		{name: "out", short: "o", value: "STRING", set: text(&c.Out), help: "Folder to write the bundle to, or - for standard output."},
		{name: "resume", set: turn(&c.Resume), help: "Go on with the run into the same folder that was interrupted."},
		{name: "dry-run", set: turn(&c.DryRun), help: "Read nothing but who, where and what is allowed; estimate calls and cost."},

		{name: "json", set: turn(&c.JSON), help: "Print one JSON document on standard output."},
		{name: "quiet", short: "q", set: turn(&c.Quiet), help: "No progress on standard error."},
		{name: "no-color", set: turn(&c.NoColor), help: "Accepted for uniformity; nothing is coloured."},
		{name: "version", set: turn(&c.Version), help: "Print the version."},
	}
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
