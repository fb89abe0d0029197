package server

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/cairn-security/cairn/graph"
)

// Server answers HTTP requests. It is safe for concurrent use.
type Server struct {
	options Options
	estates *estates
	metrics *metrics
	keys    *keys
	handler http.Handler
}

// New returns a server; nothing is read yet.
func New(o Options) (*Server, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	s := &Server{options: o, metrics: newMetrics(), keys: newKeys(&o)}
	s.estates = newEstates(&s.options, s.metrics)
	s.handler = s.routes()
	return s, nil
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/graphql", s.counted("graphql", s.sameOrigin(s.signedIn(s.graphQL()))))
	mux.Handle("/session", s.counted("session", s.sameOrigin(http.HandlerFunc(s.session))))
	mux.Handle("GET /metrics", s.counted("metrics", s.signedIn(s.metrics.handler())))
	if s.options.UI != nil {
		mux.Handle("/", s.counted("ui", newFiles(s.options.UI)))
	}
	outer := http.NewServeMux()
	// Probes carry whatever Host their maker likes and say nothing about the estate.
	outer.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { text(w, http.StatusOK, "ok") })
	outer.HandleFunc("GET /readyz", s.ready)
	outer.Handle("/", s.knownHost(mux))
	return s.secured(outer)
}

// ServeHTTP serves /graphql, /session, /healthz, /readyz, /metrics and the
// interface everywhere else.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Run watches the store until ctx ends: a newer snapshot or mark is analysed
// before anybody asks. Run it beside the listener. What was being computed ends
// with it.
func (s *Server) Run(ctx context.Context) error {
	defer s.estates.close()
	every := time.NewTicker(s.options.PollEvery)
	defer every.Stop()
	for {
		err := s.estates.advance(ctx)
		if err != nil && ctx.Err() == nil && !errors.Is(err, graph.ErrBusy) {
			s.options.Logger.Warn("looking for a newer snapshot", "store", s.options.StoreName, "error", err)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-every.C:
		}
	}
}

// ready answers once the store did, or a snapshot is analysed.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	if s.estates.answered() {
		text(w, http.StatusOK, "ready")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := s.estates.refresh(ctx); err != nil {
		text(w, http.StatusServiceUnavailable, "the store does not answer")
		return
	}
	text(w, http.StatusOK, "ready")
}

func text(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body + "\n")) // whoever asked is gone: nothing to do
}
