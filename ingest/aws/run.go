package aws

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/cairn-security/cairn/ingest/classify"
	"github.com/cairn-security/cairn/ingest/record"
)

// Result is how a run ended.
type Result struct {
	Caller   string   // ARN
	Accounts []string // asked for
	Progress Progress
	// Interrupted says why not everything was asked: cancelled, or the session
	// expired. The bundle is whole all the same: what was not asked is in it as
	// a gap.
	Interrupted error
}

// errCancelled is the reason a cancelled context gives.
var errCancelled = errors.New("cancelled")

// Stream reads what the options say and writes a bundle in stream form. Observe,
// where given, is called every half second and once at the end. It fails only
// where nothing could be read or written.
func Stream(ctx context.Context, o Options, out io.Writer, tool string, observe func(Progress)) (Result, error) {
	r, accounts, err := prepare(ctx, &o)
	if err != nil {
		return Result{}, err
	}
	bundle, err := record.NewStream(out, manifest(r.base, tool))
	if err != nil {
		return Result{}, err
	}
	result, err := r.watch(ctx, accounts, observe, func(broken func(error)) (sink, error) {
		return &stream{bundle: bundle, broken: broken}, nil
	})
	if err != nil {
		return result, errors.Join(err, bundle.Abort())
	}
	return result, bundle.Close()
}

// Folder reads what the options say and writes a bundle as a folder. While it
// runs, a journal stands beside the folder (dir + ".journal"); it stays when the
// run is interrupted or dies, and with resume the next run takes over what it
// holds. A cancelled run ends with a bundle in which the rest is gaps; a run
// that dies leaves the journal alone.
func Folder(ctx context.Context, o Options, dir string, resume bool, tool string, observe func(Progress)) (Result, error) {
	dir = filepath.Clean(dir)
	if err := vacant(dir, resume); err != nil {
		return Result{}, err
	}
	r, accounts, err := prepare(ctx, &o)
	if err != nil {
		return Result{}, err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return Result{}, err
	}
	path := dir + ".journal"
	var j *journal
	result, err := r.watch(ctx, accounts, observe, func(broken func(error)) (sink, error) {
		j, err = createJournal(path, r.fingerprint(), resume, broken)
		return j, err
	})
	if err != nil {
		if j != nil {
			err = errors.Join(err, j.close(path, false))
		}
		return result, err
	}
	err = publish(j, dir, manifest(r.base, tool))
	return result, errors.Join(err, j.close(path, err == nil && result.Interrupted == nil))
}

// vacant checks early what would fail late: the bundle's place is taken. A
// bundle that an interrupted run left is replaced by the run that resumes it.
func vacant(dir string, resume bool) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) || err == nil && (len(entries) == 0 || resume) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("%s: exists and is not empty", dir)
}

// publish copies the journal into a bundle at dir.
func publish(j *journal, dir string, m record.Manifest) error {
	earlier := dir + ".earlier"
	err := os.Rename(dir, earlier)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	had := err == nil
	bundle, err := record.Create(dir, m)
	if err == nil {
		if err = j.copyTo(bundle); err == nil {
			err = bundle.Close()
		}
		err = errors.Join(err, bundle.Abort())
	}
	if !had {
		return err
	}
	if err != nil {
		return errors.Join(err, os.Rename(earlier, dir))
	}
	return os.RemoveAll(earlier)
}

func manifest(s *session, tool string) record.Manifest {
	return record.Manifest{Source: source, Tool: tool, StartedAt: time.Now().UTC(), Caller: s.caller}
}

// prepare connects and finds out which accounts are meant.
func prepare(ctx context.Context, o *Options) (*run, []string, error) {
	if err := o.Check(); err != nil {
		return nil, nil, err
	}
	o.complete()
	r := &run{options: o, services: allServices(o), progress: newProgress(),
		scrubber: classify.NewScrubber(o.Hasher)}
	var err error
	if r.base, err = connect(ctx, o, &r.progress.counter); err != nil {
		return nil, nil, err
	}
	accounts, err := wanted(ctx, r.base, o)
	return r, accounts, err
}

// watch collects into a sink and reports progress until it is done.
func (r *run) watch(ctx context.Context, accounts []string, observe func(Progress), open func(broken func(error)) (sink, error)) (Result, error) {
	result := Result{Caller: r.base.caller, Accounts: accounts}
	ctx, r.cancel = context.WithCancelCause(ctx)
	defer r.cancel(nil)
	var err error
	if r.sink, err = open(func(err error) { r.cancel(&sinkError{err}) }); err != nil {
		return result, err
	}
	done := make(chan struct{})
	reported := make(chan struct{})
	go func() {
		defer close(reported)
		r.report(done, observe)
	}()
	err = r.collect(ctx, accounts)
	cause := context.Cause(ctx) // before anybody cancels what is over
	close(done)
	<-reported
	result.Progress = r.progress.snapshot()
	var broken *sinkError
	switch {
	case errors.As(cause, &broken):
		return result, broken.err
	case errors.Is(cause, ErrExpired):
		result.Interrupted = ErrExpired
	case cause != nil:
		result.Interrupted = errCancelled
	}
	return result, err
}

// sinkError marks the failure to write, which ends a run.
type sinkError struct{ err error }

func (e *sinkError) Error() string { return e.err.Error() }

const reportEvery = 500 * time.Millisecond

func (r *run) report(done <-chan struct{}, observe func(Progress)) {
	if observe == nil {
		<-done
		return
	}
	tick := time.NewTicker(reportEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			observe(r.progress.snapshot())
		case <-done:
			observe(r.progress.snapshot())
			return
		}
	}
}

// fingerprint names what a run reads, so that a journal of another is refused.
func (r *run) fingerprint() string {
	o := r.options
	endpoint := ""
	if r.base.cfg.BaseEndpoint != nil {
		endpoint = *r.base.cfg.BaseEndpoint
	}
	return strings.Join([]string{r.base.partition, r.base.account, endpoint, o.RoleName,
		strings.Join(o.Accounts, ","), strings.Join(o.Regions, ","),
		fmt.Sprint(o.Org, o.NoData, o.SampleObjects)}, " ")
}
