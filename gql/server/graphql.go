package server

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/cairn-security/cairn/gql/generated"
	"github.com/cairn-security/cairn/gql/resolver"
	"github.com/cairn-security/cairn/gql/view"
)

// Codes of errors that are the server's own.
const (
	codeLimit           = "LIMIT"
	codeAnalysing       = "ANALYSING" // in time the same question is answered
	codeUnauthenticated = "UNAUTHENTICATED"
	codeBadRequest      = "BAD_REQUEST"
	codeStore           = "STORE"
	codeInternal        = "INTERNAL"
)

// errStore marks errors of the store.
var errStore = errors.New("the store does not answer")

const maxBody = 256 << 10

// graphQL serves POST requests with a JSON body.
func (s *Server) graphQL() http.Handler {
	root := &resolver.Resolver{Source: s.estates, Version: s.options.Version, Loopback: s.options.Loopback, StoreName: s.options.StoreName, Role: roleOf}
	exec := executor.New(generated.NewExecutableSchema(generated.Config{Resolvers: root}))
	exec.SetQueryCache(newQueries())
	exec.SetParserTokenLimit(maxTokens)
	exec.Use(limits{})
	exec.SetErrorPresenter(s.present)
	exec.SetRecoverFunc(func(_ context.Context, p any) error {
		s.options.Logger.Error("answering", "panic", p)
		return &gqlerror.Error{Message: "internal error", Extensions: map[string]any{"code": codeInternal}}
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		params, ok := readParams(w, r)
		if !ok {
			return
		}
		start := time.Now()
		ctx, cancel := context.WithTimeout(graphql.StartOperationTrace(r.Context()), s.options.Timeout)
		defer cancel()
		reply, err := encode(answer(ctx, exec, params))
		if err != nil {
			s.options.Logger.Error("answering", "error", err)
			refuse(w, http.StatusInternalServerError, codeInternal, "internal error")
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(reply) // whoever asked is gone: nothing to do
		s.metrics.queries.Observe(time.Since(start).Seconds())
	})
}

// encode writes a response. Data without errors, the usual case and the large
// one, is JSON already and is not gone through once more.
func encode(r *graphql.Response) ([]byte, error) {
	if len(r.Errors) > 0 || len(r.Extensions) > 0 || len(r.Data) == 0 {
		return json.Marshal(r)
	}
	out := make([]byte, 0, len(r.Data)+len(`{"data":}`))
	out = append(out, `{"data":`...)
	out = append(out, r.Data...)
	return append(out, '}'), nil
}

// answer runs one operation.
func answer(ctx context.Context, exec *executor.Executor, params *graphql.RawParams) *graphql.Response {
	op, errs := exec.CreateOperationContext(ctx, params)
	if len(errs) > 0 {
		return exec.DispatchError(graphql.WithOperationContext(ctx, op), errs)
	}
	next, inner := exec.DispatchOperation(ctx, op)
	if reply := next(inner); reply != nil {
		return reply
	}
	// The executor does not begin when time is up already.
	return exec.DispatchError(graphql.WithOperationContext(ctx, op), gqlerror.List{gqlerror.Wrap(context.Cause(ctx))})
}

// readParams reads the body of a request, or refuses it.
func readParams(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, bool) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, http.StatusMethodNotAllowed, codeBadRequest, "GraphQL takes POST requests only")
		return nil, false
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, codeBadRequest, "send the query as application/json")
		return nil, false
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.UseNumber() // 64-bit integers keep their digits
	var params graphql.RawParams
	err := decoder.Decode(&params)
	if err == nil {
		if _, more := decoder.Token(); !errors.Is(more, io.EOF) {
			err = cmp.Or(more, errors.New("more than one document"))
		}
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		refuse(w, http.StatusRequestEntityTooLarge, codeLimit, "the request is larger than 256 KiB")
	case err != nil:
		refuse(w, http.StatusBadRequest, codeBadRequest, "the body is not one JSON object with a query: "+err.Error())
	default:
		return &params, true
	}
	return nil, false
}

// queries keeps parsed queries. The interface has a few dozen; when strangers
// fill it, it starts over.
type queries struct {
	mu   sync.Mutex
	docs map[string]*ast.QueryDocument
}

const (
	maxQueries = 512
	maxKept    = 16 << 10 // longest text kept
)

func newQueries() *queries { return &queries{docs: map[string]*ast.QueryDocument{}} }

// Get finds a parsed query.
func (q *queries) Get(_ context.Context, text string) (*ast.QueryDocument, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	doc, ok := q.docs[text]
	return doc, ok
}

// Add keeps a parsed query.
func (q *queries) Add(_ context.Context, text string, doc *ast.QueryDocument) {
	if len(text) > maxKept {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.docs) >= maxQueries {
		clear(q.docs)
	}
	q.docs[text] = doc
}

// present gives errors their code. What is the server's own fault is logged and
// not told.
func (s *Server) present(ctx context.Context, err error) *gqlerror.Error {
	out := graphql.DefaultErrorPresenter(ctx, err)
	var question *view.Error
	code := ""
	switch {
	case errors.As(err, &question):
		code = question.Code
		out.Message = question.Message
	case errors.Is(err, context.DeadlineExceeded):
		code, out.Message = codeLimit, "the answer takes longer than "+s.options.Timeout.String()+"; ask for less, or again in a moment"
	case errors.Is(err, context.Canceled):
		code, out.Message = codeLimit, "the question was given up"
	case errors.Is(err, errStore):
		code = codeStore
		s.options.Logger.Warn("answering", "error", err)
	default:
		if have, ok := out.Extensions["code"].(string); ok {
			code = have // of parsing and validation
			break
		}
		var own *gqlerror.Error
		if errors.As(err, &own) && own.Err == nil {
			code = codeBadRequest // of the executor: arguments that do not fit the schema
			break
		}
		code = codeInternal
		s.options.Logger.Error("answering", "path", out.Path.String(), "error", err)
		out.Message = "internal error"
	}
	if out.Extensions == nil {
		out.Extensions = map[string]any{}
	}
	out.Extensions["code"] = code
	if question != nil && len(question.Candidates) > 0 {
		out.Extensions["candidates"] = question.Candidates
	}
	s.metrics.errors.WithLabelValues(code).Inc()
	return out
}

// refuse answers in the form of GraphQL, so that clients read one form only.
func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	type extensions struct {
		Code string `json:"code"`
	}
	type problem struct {
		Message    string     `json:"message"`
		Extensions extensions `json:"extensions"`
	}
	_ = json.NewEncoder(w).Encode(struct { // whoever asked is gone: nothing to do
		Errors []problem `json:"errors"`
	}{[]problem{{message, extensions{code}}}})
}
