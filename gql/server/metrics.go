package server

import (
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are the server's own; every label has few values that no caller chooses.
type metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	queries   prometheus.Histogram
	errors    *prometheus.CounterVec
	analysis  prometheus.Histogram
	snapshots prometheus.Gauge
}

func newMetrics() *metrics {
	m := &metrics{
		registry:  prometheus.NewRegistry(),
		requests:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "cairn_http_requests_total", Help: "Requests by route and status."}, []string{"route", "status"}),
		queries:   prometheus.NewHistogram(prometheus.HistogramOpts{Name: "cairn_graphql_seconds", Help: "Time to answer a GraphQL request.", Buckets: prometheus.ExponentialBuckets(0.001, 2, 16)}),
		errors:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "cairn_graphql_errors_total", Help: "GraphQL errors by code."}, []string{"code"}),
		analysis:  prometheus.NewHistogram(prometheus.HistogramOpts{Name: "cairn_analysis_seconds", Help: "Time to analyse a snapshot.", Buckets: prometheus.ExponentialBuckets(0.05, 2, 14)}),
		snapshots: prometheus.NewGauge(prometheus.GaugeOpts{Name: "cairn_snapshots", Help: "Snapshots in the store."}),
	}
	m.registry.MustRegister(m.requests, m.queries, m.errors, m.analysis, m.snapshots, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// counted counts the requests of a route by status.
func (s *Server) counted(route string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(seen, r)
		s.metrics.requests.WithLabelValues(route, strconv.Itoa(seen.status)).Inc()
	})
}

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader remembers and passes on.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap gives http.ResponseController the writer below.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
