package aws

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/cairn-security/cairn/ingest/aws/operations"
)

// PreflightSchema names the document that [Preflight] returns.
const PreflightSchema = "cairn.preflight/v1"

// Plan says who would read what, about how much that is, and what is allowed.
type Plan struct {
	Schema   string   `json:"schema"`
	Caller   string   `json:"caller"` // ARN
	Accounts []string `json:"accounts"`
	Regions  []string `json:"regions"` // of the first account
	// Calls is an estimate: every listing in every region of every account, and
	// the calls per resource that the probed region suggests.
	Calls int `json:"calls"`
	// Objects bounds the objects sampled from above; null without data.
	Objects *int        `json:"objects"`
	Cost    Cost        `json:"cost"`
	Probes  []ProbeLine `json:"operations"`
	// Why says for each null field why it does not apply.
	Why map[string]string `json:"why,omitempty"`
}

// Cost bounds from above what AWS charges for the run.
type Cost struct {
	Currency string  `json:"currency"`
	Upper    float64 `json:"upper"`
	Basis    string  `json:"basis"`
}

// ProbeLine is one operation and whether the caller may call it.
type ProbeLine struct {
	Operation string   `json:"operation"` // "s3:GetBucketPolicy": service and API operation
	Outcome   string   `json:"outcome"`   // allowed, denied, notTested
	Actions   []string `json:"actions"`   // IAM actions it needs
}

// S3 list prices of us-east-1 in USD
// (https://aws.amazon.com/s3/pricing/): the only calls of the collector that are
// charged, and the transfer of what is sampled when read from outside AWS.
const (
	pricePerList = 0.005 / 1000
	pricePerGet  = 0.0004 / 1000
	pricePerGiB  = 0.09
)

// Preflight asks who is calling, which accounts and regions there are, and
// tries every operation once, in the first account and region, without keeping
// what it answers. Operations of the data block are not tried.
func Preflight(ctx context.Context, o Options) (*Plan, error) {
	r, accounts, err := prepare(ctx, &o)
	if err != nil {
		return nil, err
	}
	ctx, r.cancel = context.WithCancelCause(ctx)
	defer r.cancel(nil)
	r.probe = newProbe()
	r.sink = r.probe
	s, err := r.open(ctx, accounts[0])
	if err != nil {
		return nil, fmt.Errorf("account %s: %s", accounts[0], oneLine(err))
	}
	regions := r.regions(ctx, s)
	r.tryAll(ctx, s, regions[0])
	if cause := context.Cause(ctx); cause != nil {
		return nil, cause
	}
	plan := &Plan{Schema: PreflightSchema, Caller: r.base.caller, Accounts: accounts, Regions: regions}
	plan.Calls = r.estimate(len(accounts), len(regions))
	plan.Probes = r.lines()
	r.price(plan)
	return plan, nil
}

// tryAll walks every table once as a probe; what reads content is left out.
func (r *run) tryAll(ctx context.Context, s *session, region string) {
	o := *r.options
	o.NoData = true
	var group errgroup.Group
	group.SetLimit(parallelServices)
	group.Go(func() error {
		r.aboutOrganization(ctx, map[string]*session{s.account: s})
		return nil
	})
	for _, service := range allServices(&o) {
		at := globalRegion
		switch service.scope {
		case regional:
			at = region
		case home:
			continue
		}
		group.Go(func() error {
			service.collect(ctx, s, r.job(s.account, at, service.name))
			return nil
		})
	}
	_ = group.Wait() // the probe keeps how the calls ended
}

// estimate multiplies what the probe saw.
func (r *run) estimate(accounts, regions int) int {
	calls := 0
	for _, s := range r.services {
		for _, row := range s.operations {
			n := 1
			if row.perItem {
				n = r.probe.inputs[s.name+":"+row.operation]
			}
			switch s.scope {
			case global:
				n *= accounts
			case regional:
				if !row.perItem {
					n *= regions
				}
				n *= accounts
			}
			calls += n
		}
	}
	return calls
}

// lines lists every operation a run would call, sorted.
func (r *run) lines() []ProbeLine {
	var lines []ProbeLine
	for _, s := range operations.All() {
		for _, op := range s.Operations {
			key := s.Name + ":" + op.Name
			if op.Block == operations.Data && r.options.NoData || key == "sts:AssumeRole" && r.options.RoleName == "" {
				continue
			}
			outcome := r.probe.verdict(key)
			if key == "sts:AssumeRole" { // there is a session of the role
				outcome = "allowed"
			}
			lines = append(lines, ProbeLine{key, outcome, slices.Clip(append([]string{}, op.Actions...))})
		}
	}
	slices.SortFunc(lines, func(a, b ProbeLine) int { return strings.Compare(a.Operation, b.Operation) })
	return lines
}

// price bounds the sampled objects and the charges.
func (r *run) price(plan *Plan) {
	buckets := r.probe.inputs["s3:buckets"] * len(plan.Accounts)
	usd := float64(buckets*len(bucketTable)) * pricePerGet
	basis := "S3 list prices of us-east-1; reading settings of other services is free"
	if !r.options.NoData {
		budget := r.options.budget()
		objects := buckets * r.options.sampleObjects()
		if budget.Objects > 0 {
			objects = min(objects, budget.Objects*len(plan.Accounts))
		}
		plan.Objects = &objects
		usd += float64(buckets*listPages)*pricePerList + float64(objects)*pricePerGet
		read := float64(objects) * objectBytes
		if budget.Bytes > 0 {
			read = min(read, float64(budget.Bytes)*float64(len(plan.Accounts)))
		}
		usd += read / (1 << 30) * pricePerGiB
		basis += "; transfer as from outside AWS"
	} else {
		plan.Why = map[string]string{"objects": "no data is read (--no-data)"}
	}
	plan.Cost = Cost{Currency: "USD", Upper: math.Ceil(usd*10_000) / 10_000, Basis: basis}
}
