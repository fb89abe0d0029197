package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/gql/server"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/aws/operations"
	"github.com/cairn-security/cairn/web"
)

const defaultAddress = "127.0.0.1:8470"

type serveCommand struct {
	Listen      string   `help:"Address to serve on; port 8470 or the next free one by default." default:"" placeholder:"ADDRESS"`
	TokenFile   string   `help:"File with the token that callers must give; needed beyond loopback." type:"path" placeholder:"FILE"`
	ViewerToken string   `name:"viewer-token-file" help:"File with a token for people who may look and change nothing." type:"path" placeholder:"FILE"`
	TLSCert     string   `name:"tls-cert" help:"Certificate chain (PEM)." type:"path" placeholder:"FILE"`
	TLSKey      string   `name:"tls-key" help:"Private key (PEM)." type:"path" placeholder:"FILE"`
	BehindProxy bool     `help:"A proxy in front speaks TLS."`
	AllowHost   []string `help:"Further host names that requests may carry." placeholder:"NAME"`
}

func (c *serveCommand) Run(e *environment) error { return c.serve(e, nil) }

// serve listens, prints one line with the address and serves until ctx ends.
// initial is an analysis already made, nil for none.
func (c *serveCommand) serve(e *environment, initial *analysis.Result) error {
	if err := c.checkTLS(); err != nil {
		return err
	}
	token, err := readToken("--token-file", c.TokenFile)
	if err != nil {
		return err
	}
	viewer, err := readToken("--viewer-token-file", c.ViewerToken)
	if err != nil {
		return err
	}
	if token != "" && token == viewer {
		return errors.New("--viewer-token-file and --token-file hold the same token: whoever has it would be an editor")
	}
	set, err := e.settings()
	if err != nil {
		return err
	}
	listener, err := c.listen(e.ctx)
	if err != nil {
		return err
	}
	defer listener.Close()
	loopback := isLoopback(listener.Addr())
	version, _ := buildVersion()
	logger := slog.New(slog.NewTextHandler(e.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	handler, err := server.New(server.Options{
		Open: func(ctx context.Context) (graph.Store, error) { return openStore(ctx, e.storeURL()) }, StoreName: e.storeURL(),
		Settings: set, Version: version, UI: web.FS, Token: token, ViewerToken: viewer, Loopback: loopback, Secure: c.TLSCert != "", BehindProxy: c.BehindProxy,
		AllowedHosts: c.AllowHost, Permissions: permissionsOf, Actor: actor(), Initial: initial, Analysing: e.analysing, Tried: e.triedOn(),
		Logger: logger,
	})
	if err != nil {
		return err
	}
	httpServer := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 1 << 16,
		ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelWarn), BaseContext: func(net.Listener) context.Context { return e.ctx }}
	fmt.Fprintln(e.stdout, c.address(listener.Addr(), cmp.Or(token, viewer)))

	group, ctx := errgroup.WithContext(e.ctx)
	group.Go(func() error {
		if c.TLSCert != "" {
			return httpServer.ServeTLS(listener, c.TLSCert, c.TLSKey)
		}
		return httpServer.Serve(listener)
	})
	group.Go(func() error { return handler.Run(ctx) })
	group.Go(func() error {
		<-ctx.Done()
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer cancel()
		return httpServer.Shutdown(stopping)
	})
	err = group.Wait()
	if e.ctx.Err() != nil {
		return nil // asked to stop: that is how serving ends
	}
	return err
}

func (c *serveCommand) checkTLS() error {
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return errors.New("--tls-cert and --tls-key go together")
	}
	if c.TLSCert != "" {
		if _, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey); err != nil {
			return fmt.Errorf("--tls-cert: %w", err)
		}
	}
	return nil
}

// readToken reads a token file; its content without white space around it is
// the token, "" where no file is named.
func readToken(flag, file string) (string, error) {
	if file == "" {
		return "", nil
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("%s: %w", flag, err)
	}
	token := strings.TrimSpace(string(raw))
	const least = 16
	switch {
	case len(token) < least:
		return "", fmt.Errorf("%s %s: a token of %d characters is too short, use at least %d", flag, file, len(token), least)
	case strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "", fmt.Errorf("%s %s: a token is one word of printable ASCII", flag, file)
	}
	return token, nil
}

// portsTried is how many ports after the default one are tried.
const portsTried = 20

func (c *serveCommand) listen(ctx context.Context) (net.Listener, error) {
	address := c.Listen
	if address == "" {
		address = defaultAddress
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("--listen %s: want HOST:PORT", address)
	}
	if !loopbackHost(host) && (c.TokenFile == "" && c.ViewerToken == "" || (c.TLSCert == "" && !c.BehindProxy)) {
		return nil, fmt.Errorf("--listen %s is not loopback: that needs --token-file, and --tls-cert with --tls-key or --behind-proxy", address)
	}
	var config net.ListenConfig
	first, err := config.Listen(ctx, "tcp", address)
	if err == nil || c.Listen != "" {
		return first, err
	}
	var n int
	if _, scan := fmt.Sscan(port, &n); scan != nil {
		return nil, err
	}
	for i := 1; i <= portsTried; i++ {
		if l, err := config.Listen(ctx, "tcp", net.JoinHostPort(host, fmt.Sprint(n+i))); err == nil {
			return l, nil
		}
	}
	return nil, err
}

func loopbackHost(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func isLoopback(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// address is the one line that is printed: where to go, and with a token how to
// sign in. The token stands in the fragment, which browsers do not send.
func (c *serveCommand) address(a net.Addr, token string) string {
	scheme := "http"
	if c.TLSCert != "" {
		scheme = "https"
	}
	address := scheme + "://" + a.String()
	if tcp, ok := a.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		address = scheme + "://" + net.JoinHostPort("127.0.0.1", fmt.Sprint(tcp.Port))
	}
	if token != "" {
		address += "/#token=" + url.QueryEscape(token)
	}
	return address
}

// permissionsOf names what has to be allowed for one read.
func permissionsOf(service, operation string) []string {
	if op, ok := operations.Find(service, operation); ok {
		return op.Actions
	}
	return nil
}
