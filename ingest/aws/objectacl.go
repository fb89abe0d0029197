package aws

import (
	"context"
	"slices"
	"sync"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/classify"
)

// objectListAPI reads the access control lists of single objects.
type objectListAPI interface {
	GetBucketOwnershipControls(context.Context, *s3.GetBucketOwnershipControlsInput, ...func(*s3.Options)) (*s3.GetBucketOwnershipControlsOutput, error)
	GetObjectAcl(context.Context, *s3.GetObjectAclInput, ...func(*s3.Options)) (*s3.GetObjectAclOutput, error)
}

// ownership remembers who owns the objects of each bucket: settings are read
// first, and samples ask the same again.
type ownership struct {
	*s3.Client
	mu    sync.Mutex
	known map[string]ownershipReply
}

type ownershipReply struct {
	out *s3.GetBucketOwnershipControlsOutput
	err error // that nothing is set
}

func (o *ownership) GetBucketOwnershipControls(ctx context.Context, in *s3.GetBucketOwnershipControlsInput, opts ...func(*s3.Options)) (*s3.GetBucketOwnershipControlsOutput, error) {
	name := sdk.ToString(in.Bucket)
	o.mu.Lock()
	reply, ok := o.known[name]
	o.mu.Unlock()
	if ok {
		return reply.out, reply.err
	}
	out, err := o.Client.GetBucketOwnershipControls(ctx, in, opts...)
	if err == nil || errorCode(err) == "OwnershipControlsNotFoundError" {
		o.mu.Lock()
		o.known[name] = ownershipReply{out, err}
		o.mu.Unlock()
	}
	return out, err
}

// accessLists records the access control lists of the objects that are sampled,
// where such lists count at all: not where the bucket's owner owns everything.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
func (s *sampler) accessLists(ctx context.Context, reads []classify.Read) {
	if len(reads) == 0 || s.ownerEnforced(ctx) {
		return
	}
	for _, r := range reads {
		params := map[string]string{"Bucket": s.bucket, "Key": r.Object.Key}
		if ctx.Err() != nil || !s.budget.request() {
			return
		}
		s.u.j.expect(1) // those that are not asked any more were never due
		if s.u.j.reuse("GetObjectAcl", params) {
			continue
		}
		u := s.u.j.unit("GetObjectAcl", params)
		outcome := s.accessList(ctx, u)
		u.end()
		if outcome == graph.OutcomeDenied {
			return // the next ones would be denied as well: one gap says it
		}
	}
}

func (s *sampler) accessList(ctx context.Context, u *unit) graph.Outcome {
	callCtx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	out, err := s.client.GetObjectAcl(callCtx, &s3.GetObjectAclInput{Bucket: sdk.String(s.bucket), Key: sdk.String(u.base.Params["Key"])})
	if err != nil {
		outcome, _ := outcomeOf(err, nil)
		u.fail(ctx, err, []string{"NoSuchKey"}) // deleted meanwhile
		return outcome
	}
	u.reply(out, false, false, "")
	return graph.OutcomeOK
}

// ownerEnforced asks whether access control lists are switched off. Where that
// cannot be read they are taken to count.
func (s *sampler) ownerEnforced(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	out, err := s.client.GetBucketOwnershipControls(ctx, &s3.GetBucketOwnershipControlsInput{Bucket: sdk.String(s.bucket)})
	return err == nil && out.OwnershipControls != nil && slices.ContainsFunc(out.OwnershipControls.Rules, func(r s3types.OwnershipControlsRule) bool {
		return r.ObjectOwnership == s3types.ObjectOwnershipBucketOwnerEnforced
	})
}
