package gaad

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"time"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
	"github.com/cairn-security/cairn/ingest"
	"github.com/cairn-security/cairn/ingest/assemble"
	"github.com/cairn-security/cairn/ingest/fields"
	"github.com/cairn-security/cairn/ingest/record"
)

// maxSize bounds a reply; IAM's quotas keep real ones far below.
const maxSize = 1 << 30

// The reply's call.
const (
	service   = "iam"
	operation = "GetAccountAuthorizationDetails"
)

// Source is one reply.
type Source struct {
	text   []byte
	name   string
	readAt time.Time
}

// Open reads a file, gzip-compressed or not.
func Open(name string) (*Source, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	s, err := Read(f, name)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	s.readAt = info.ModTime().UTC().Truncate(time.Second)
	return s, nil
}

// Read reads a reply from a stream; name stands for it in messages.
func Read(in io.Reader, name string) (*Source, error) {
	text, err := io.ReadAll(io.LimitReader(in, maxSize+1))
	if err == nil && bytes.HasPrefix(text, []byte{0x1f, 0x8b}) {
		text, err = unpack(text)
	}
	if err == nil && len(text) > maxSize {
		err = fmt.Errorf("is larger than %d bytes", int64(maxSize))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &Source{text: record.PlainText(text), name: name, readAt: time.Now().UTC().Truncate(time.Second)}, nil
}

func unpack(text []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, maxSize+1))
}

// Info describes the source.
func (s *Source) Info() ingest.Info { return ingest.Info{Name: "gaad", Path: s.name} }

// Records yields the reply and what it is no part of. A text that is no such
// reply is an error, because nothing is left then.
func (s *Source) Records(ctx context.Context) iter.Seq2[record.Record, error] {
	return func(yield func(record.Record, error) bool) {
		if err := check(s.text); err != nil {
			yield(record.Record{}, fmt.Errorf("%s: %w", s.name, err))
			return
		}
		r := record.Record{Account: account(s.text), Region: "global", Service: service, Operation: operation, Source: "gaad",
			File: s.name, ReadAt: s.readAt, Outcome: graph.OutcomeOK, Body: s.text}
		truncated.Scan(s.text, func(_ int, v []byte) {
			if fields.Text(v) == "true" {
				r.Outcome, r.Detail = graph.OutcomeTruncated, "the reply says that there are more pages"
			}
		})
		if !holds(s.text) {
			r.Outcome, r.Body = graph.OutcomeEmpty, nil
		}
		if !yield(r, nil) {
			return
		}
		for _, missing := range assemble.NotCollected(map[string]bool{service + " " + operation: true}) {
			if ctx.Err() != nil {
				yield(record.Record{}, context.Cause(ctx))
				return
			}
			if !yield(record.Record{Account: r.Account, Region: "global", Service: missing.Service, Operation: missing.Name, Source: "gaad",
				Outcome: graph.OutcomeNotCollected, Detail: "no part of an account authorization dump", ReadAt: s.readAt}, nil) {
				return
			}
		}
	}
}

var (
	truncated = fields.New("IsTruncated")
	entries   = fields.New("UserDetailList/*", "GroupDetailList/*", "RoleDetailList/*", "Policies/*")
	arns      = fields.New("UserDetailList/*/Arn", "GroupDetailList/*/Arn", "RoleDetailList/*/Arn", "Policies/*/Arn")
)

// check says what is wrong with a text that is no reply of the call.
func check(text []byte) error {
	var lists map[string]json.RawMessage
	if err := json.Unmarshal(text, &lists); err != nil {
		return record.BrokenJSON(text, err)
	}
	for _, name := range []string{"UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"} {
		if _, ok := lists[name]; ok {
			return nil
		}
	}
	return errors.New("is no GetAccountAuthorizationDetails reply: it has none of UserDetailList, GroupDetailList, RoleDetailList, Policies")
}

func holds(text []byte) bool {
	found := false
	entries.Scan(text, func(int, []byte) { found = true })
	return found
}

// account is the account that most ARNs name; AWS's own policies name none.
func account(text []byte) string {
	counts := map[string]int{}
	best := ""
	arns.Scan(text, func(_ int, v []byte) {
		a, ok := arn.Parse(fields.Text(v))
		if !ok || !arn.IsAccount(a.Account) {
			return
		}
		counts[a.Account]++
		if best == "" || counts[a.Account] > counts[best] {
			best = a.Account
		}
	})
	return best
}
