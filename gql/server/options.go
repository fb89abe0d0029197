package server

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"time"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/gql/view"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/settings"
)

// Options say what to serve and to whom.
type Options struct {
	// Open opens the store; what it returns is closed after each use. Required.
	Open func(ctx context.Context) (graph.Store, error)
	// StoreName is how messages call the store.
	StoreName string
	Settings  *settings.Settings // nil: the defaults
	Version   string
	UI        fs.FS // index.html and assets; nil serves GraphQL alone

	// Token, when not empty, has to be given: as bearer, or once at /session in
	// exchange for a cookie. Whoever has it is an editor.
	Token string
	// ViewerToken, when not empty, is taken like Token; whoever has it may look
	// and change nothing.
	ViewerToken string
	// Loopback says that only this machine can connect: without a token
	// everybody who does is then an editor, otherwise a viewer.
	Loopback bool
	// Secure says that browsers see HTTPS, from TLS here or at a proxy: cookies
	// are then marked and HSTS is sent. BehindProxy implies it.
	Secure      bool
	BehindProxy bool
	// AllowedHosts are further names (without port) that requests may give as
	// Host, beside localhost and loopback addresses. Without any, a server with
	// a token takes every name: a page that rebinds its own name to this
	// address has no cookie here.
	AllowedHosts []string

	// Permissions names the provider's permissions that one read needs, such as
	// iam:ListUsers for iam ListUsers; nil where that is not known.
	Permissions func(service, operation string) []string
	// Actor is who marks, for the ledger.
	Actor string
	// Initial is an analysis already made, so that it is not made again.
	Initial *analysis.Result

	// Analysing hears that a snapshot is analysed and returns what hears the
	// stages of that; nil: nobody is told.
	Analysing func(snapshot string) (stage func(name string))
	// Tried hears how many of how many changes were tried on a snapshot in the
	// background, one call at a time for each; nil: nobody is told.
	Tried func(snapshot string, tried, total int)
	// Prove tries the changes, and Patience is how long after it began questions
	// still wait for the end; nil and 0: as package view has it.
	Prove    view.Prover
	Patience time.Duration

	// PollEvery is how often the store is asked for something newer; 0: 3 s.
	PollEvery time.Duration
	// Timeout ends a query; 0: 30 s.
	Timeout time.Duration
	Logger  *slog.Logger     // nil: discarded
	Now     func() time.Time // nil: time.Now
}

func (o *Options) check() error {
	if o.Open == nil {
		return errors.New("server: no store to open")
	}
	if o.Settings == nil {
		o.Settings = settings.Default()
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.PollEvery <= 0 {
		o.PollEvery = 3 * time.Second
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.BehindProxy {
		o.Secure = true
	}
	if o.Actor == "" {
		o.Actor = "editor"
	}
	return nil
}
