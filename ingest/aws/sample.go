package aws

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"sync/atomic"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"golang.org/x/sync/errgroup"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
	"github.com/cairn-security/cairn/graph/sit"
	"github.com/cairn-security/cairn/ingest/classify"
	"github.com/cairn-security/cairn/ingest/record"
)

// objectAPI reads a sample of a bucket's objects.
type objectAPI interface {
	objectListAPI
	ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
}

// Bounds of looking for a sample: pages of a thousand keys of one bucket, and
// bytes reserved for one object in estimates.
const (
	listPages       = 20
	objectBytes     = 256 << 10
	parallelBuckets = 4
)

// listing is what looking through a bucket showed.
type listing struct {
	objects      []classify.Object
	count, bytes int64 // -1 each where the listing was not whole
}

// sampleBuckets reads and classifies a sample of every bucket. Nothing that was
// read is kept but what the classifier says about it.
func sampleBuckets(ctx context.Context, o *Options, j *job, client objectAPI, buckets []s3types.Bucket, b *budget) {
	var group errgroup.Group
	group.SetLimit(parallelBuckets)
	j.expect(len(buckets))
	for _, bucket := range buckets {
		name := sdk.ToString(bucket.Name)
		group.Go(func() error {
			if j.reuse("GetObject", map[string]string{"Bucket": name}) {
				return nil
			}
			s := sampler{o: o, u: j.unit("GetObject", map[string]string{"Bucket": name}), client: client, bucket: name,
				budget: b, share: b.share()}
			s.run(ctx)
			s.u.end()
			return nil
		})
	}
	_ = group.Wait() // failures are records
}

// sampler samples one bucket. What was read leaves no record of its own: only
// what the sample came to, or why it could not be read.
type sampler struct {
	o      *Options
	u      *unit
	client objectAPI
	bucket string
	budget *budget
	share  int64 // bytes that one bucket may take; 0 for no limit
}

func (s *sampler) run(ctx context.Context) {
	if s.o.excluded(arn.Bucket(s.bucket), s.bucket) {
		s.write(graph.OutcomeNotCollected, "excluded by the settings", sit.Sampling{})
		return
	}
	list, err := s.list(ctx)
	if err != nil {
		s.failed(ctx, "ListObjectsV2", err)
		return
	}
	sample := s.o.Classifier.NewSampling(s.o.Hasher)
	for _, object := range list.objects {
		if object.Archived {
			sample.Unreadable(object.Key, "archived")
		}
	}
	reads := s.plan(list.objects)
	s.accessLists(ctx, reads)
	failure, spent := s.readAll(ctx, sample, reads)
	if failure != nil {
		s.failed(ctx, "GetObject", failure)
	}
	sampling, credentials := sample.Result(list.count, list.bytes)
	switch {
	case spent:
		s.write(graph.OutcomeTruncated, "the sampling budget is used up", sampling)
	case failure == nil || sampling.Sampled > 0:
		s.write(graph.OutcomeOK, "", sampling)
	default:
		return // the failed read says it all
	}
	s.u.credentials(arn.Bucket(s.bucket), credentials)
}

// plan chooses what to read. The choice depends on the bucket alone, so that two
// scans of an unchanged bucket read the same.
func (s *sampler) plan(objects []classify.Object) []classify.Read {
	seed := fnv.New64a()
	_, _ = io.WriteString(seed, s.bucket) // a hash takes everything
	budget := classify.Budget{Objects: s.o.sampleObjects(), Bytes: s.share}
	var reads []classify.Read
	for _, r := range classify.Plan(objects, budget, seed.Sum64()) {
		if r.From == 0 { // one read an object, so that objects can be counted
			reads = append(reads, r)
		}
	}
	return reads
}

// readAll reads what was chosen. It returns the last failure, and whether the
// budget ended before the choice did.
func (s *sampler) readAll(ctx context.Context, sample *classify.Sampling, reads []classify.Read) (failure error, spent bool) {
	for _, r := range reads {
		if !s.budget.take(r.Length) {
			return failure, true
		}
		if err := s.read(ctx, sample, r); err != nil {
			failure = err
			sample.Unreadable(r.Object.Key, reason(err))
		}
		if ctx.Err() != nil {
			return ctx.Err(), false
		}
	}
	return failure, false
}

// list looks through the bucket.
func (s *sampler) list(ctx context.Context) (listing, error) {
	var l listing
	in := s3.ListObjectsV2Input{Bucket: sdk.String(s.bucket)}
	for page := 0; ; page++ {
		if page == listPages || !s.budget.request() {
			l.count, l.bytes = -1, -1
			return l, nil
		}
		callCtx, cancel := context.WithTimeout(ctx, callTimeout)
		out, err := s.client.ListObjectsV2(callCtx, &in)
		cancel()
		if err != nil {
			return l, err
		}
		for _, o := range out.Contents {
			object := classify.Object{Key: sdk.ToString(o.Key), Size: sdk.ToInt64(o.Size), Modified: sdk.ToTime(o.LastModified),
				Archived: o.StorageClass == s3types.ObjectStorageClassGlacier || o.StorageClass == s3types.ObjectStorageClassDeepArchive}
			if object.Size == 0 {
				continue // folders of the console, markers
			}
			l.count++
			l.bytes += object.Size
			l.objects = append(l.objects, object)
		}
		if in.ContinuationToken = out.NextContinuationToken; sdk.ToString(in.ContinuationToken) == "" {
			return l, nil
		}
	}
}

// read hands the beginning of an object to the sample.
func (s *sampler) read(ctx context.Context, sample *classify.Sampling, r classify.Read) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	in := &s3.GetObjectInput{Bucket: sdk.String(s.bucket), Key: sdk.String(r.Object.Key)}
	if r.Length < r.Object.Size {
		in.Range = sdk.String(fmt.Sprintf("bytes=0-%d", r.Length-1))
	}
	out, err := s.client.GetObject(ctx, in)
	if err != nil {
		return err
	}
	defer out.Body.Close()
	s.u.j.progress.objects.Add(1)
	body := &counted{io.LimitReader(out.Body, r.Length), &s.u.j.progress.bytes}
	return sample.Object(ctx, r.Object.Key, r.Object.Size, body, classify.Options{})
}

// counted adds the bytes that pass to the run's progress.
type counted struct {
	io.Reader
	bytes *atomic.Int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.bytes.Add(int64(n))
	return n, err
}

// failed records a call that failed, once per bucket.
func (s *sampler) failed(ctx context.Context, operation string, err error) {
	s.u.base.Operation = operation
	s.u.fail(ctx, err, nil)
	s.u.base.Operation = "GetObject"
}

// write records what the sample came to.
func (s *sampler) write(outcome graph.Outcome, detail string, sampling sit.Sampling) {
	r := s.u.base
	r.Service, r.Operation = record.ServiceCairn, record.OpClassify
	r.Params = map[string]string{"Node": arn.Bucket(s.bucket)}
	r.Outcome, r.Detail, r.ReadAt = outcome, detail, time.Now().UTC()
	if outcome != graph.OutcomeNotCollected {
		body, err := json.Marshal(sampling)
		if err != nil {
			r.Outcome, r.Detail = graph.OutcomeMalformed, err.Error()
		}
		r.Body = body
	}
	s.u.put(r)
}

// reason says in a word why an object was not read.
func reason(err error) string {
	if code := errorCode(err); code != "" {
		return code
	}
	return oneLine(err)
}
