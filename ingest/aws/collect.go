package aws

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"golang.org/x/sync/errgroup"

	"github.com/cairn-security/cairn/ingest/classify"
)

// Accounts and services read at the same time. The requests under way at one
// moment are bounded apart (inFlight).
const (
	parallelAccounts = 8
	parallelServices = 16
)

// run is one collection.
type run struct {
	options  *Options
	base     *session
	services []service
	sink     sink
	progress *progress
	scrubber *classify.Scrubber
	probe    *probe // nil but in a dry run
	cancel   context.CancelCauseFunc
}

// job returns the reading of one service in one region.
func (r *run) job(account, region, service string) *job {
	return &job{account: account, region: region, service: service, shape: shapeOf(service),
		sink: r.sink, progress: r.progress, scrubber: r.scrubber, probe: r.probe,
		expired: func(error) { r.cancel(ErrExpired) }}
}

// collect reads every account. What fails is in the records; the error is of
// the run as a whole: no account could be read, or the sink failed.
func (r *run) collect(ctx context.Context, accounts []string) error {
	var (
		opening  errgroup.Group
		mu       sync.Mutex
		failures []error
		sessions = map[string]*session{}
	)
	opening.SetLimit(parallelAccounts)
	for _, account := range accounts {
		opening.Go(func() error {
			s, err := r.open(ctx, account)
			if err != nil {
				r.unreachable(ctx, account, err)
			}
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failures = append(failures, fmt.Errorf("account %s: %s", account, oneLine(err)))
			} else {
				sessions[account] = s
			}
			return nil
		})
	}
	_ = opening.Wait() // failures are kept apart: the other accounts are still read
	if len(sessions) == 0 {
		if ctx.Err() != nil {
			return ctx.Err() // the failures say no more than that
		}
		return fmt.Errorf("no account could be read: %w", errors.Join(failures...))
	}
	var group errgroup.Group
	group.SetLimit(parallelAccounts)
	for _, account := range accounts {
		if s := sessions[account]; s != nil {
			group.Go(func() error {
				r.account(ctx, s)
				return nil
			})
		}
	}
	group.Go(func() error {
		r.aboutOrganization(ctx, sessions)
		return nil
	})
	_ = group.Wait() // failed reads are records
	return nil
}

// account reads one account: its global services and its regions.
func (r *run) account(ctx context.Context, s *session) {
	var group errgroup.Group
	group.SetLimit(parallelServices)
	r.start(ctx, &group, s, global, globalRegion)
	for _, region := range r.regions(ctx, s) {
		r.start(ctx, &group, s, regional, region)
	}
	_ = group.Wait()
}

func (r *run) start(ctx context.Context, group *errgroup.Group, s *session, where scope, region string) {
	for _, service := range r.services {
		if service.scope == where {
			group.Go(func() error {
				service.collect(ctx, s, r.job(s.account, region, service.name))
				return nil
			})
		}
	}
}

// aboutOrganization reads what is asked once for all accounts.
func (r *run) aboutOrganization(ctx context.Context, sessions map[string]*session) {
	s, member := r.organization(ctx, sessions)
	for _, service := range r.services {
		if service.scope != home {
			continue
		}
		j := r.job(s.account, globalRegion, service.name)
		if member {
			j.elsewhere = notManagement
		}
		service.collect(ctx, s, j)
	}
}

// organization picks the session that is asked about the organization: the
// management account's where it is among those that are read, else the
// caller's. member is true where that is known to be another account's.
func (r *run) organization(ctx context.Context, sessions map[string]*session) (s *session, member bool) {
	out, err := organizationsAPI(organizations.NewFromConfig(r.base.cfg)).DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	if err != nil || out.Organization == nil || out.Organization.MasterAccountId == nil {
		return r.base, false
	}
	management := *out.Organization.MasterAccountId
	if s := sessions[management]; s != nil {
		return s, false
	}
	return r.base, r.base.account != management
}
