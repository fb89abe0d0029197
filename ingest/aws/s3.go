package aws

import (
	"context"
	"slices"
	"sync"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"golang.org/x/sync/errgroup"
)

// bucketsAPI finds the account's buckets.
type bucketsAPI interface {
	ListBuckets(context.Context, *s3.ListBucketsInput, ...func(*s3.Options)) (*s3.ListBucketsOutput, error)
	GetBucketLocation(context.Context, *s3.GetBucketLocationInput, ...func(*s3.Options)) (*s3.GetBucketLocationOutput, error)
}

// bucketAPI reads one bucket's settings in the bucket's own region.
type bucketAPI interface {
	GetBucketPolicy(context.Context, *s3.GetBucketPolicyInput, ...func(*s3.Options)) (*s3.GetBucketPolicyOutput, error)
	GetPublicAccessBlock(context.Context, *s3.GetPublicAccessBlockInput, ...func(*s3.Options)) (*s3.GetPublicAccessBlockOutput, error)
	GetBucketAcl(context.Context, *s3.GetBucketAclInput, ...func(*s3.Options)) (*s3.GetBucketAclOutput, error)
	GetBucketOwnershipControls(context.Context, *s3.GetBucketOwnershipControlsInput, ...func(*s3.Options)) (*s3.GetBucketOwnershipControlsOutput, error)
	GetBucketEncryption(context.Context, *s3.GetBucketEncryptionInput, ...func(*s3.Options)) (*s3.GetBucketEncryptionOutput, error)
	GetBucketTagging(context.Context, *s3.GetBucketTaggingInput, ...func(*s3.Options)) (*s3.GetBucketTaggingOutput, error)
	GetBucketVersioning(context.Context, *s3.GetBucketVersioningInput, ...func(*s3.Options)) (*s3.GetBucketVersioningOutput, error)
	GetBucketLogging(context.Context, *s3.GetBucketLoggingInput, ...func(*s3.Options)) (*s3.GetBucketLoggingOutput, error)
	GetBucketWebsite(context.Context, *s3.GetBucketWebsiteInput, ...func(*s3.Options)) (*s3.GetBucketWebsiteOutput, error)
	GetBucketReplication(context.Context, *s3.GetBucketReplicationInput, ...func(*s3.Options)) (*s3.GetBucketReplicationOutput, error)
}

// bucketsTable is asked once per account. Page size: only with one does S3 say
// in which region a bucket lies.
var bucketsTable = []row[bucketsAPI]{
	list("ListBuckets", bucketsAPI.ListBuckets, &s3.ListBucketsInput{MaxBuckets: sdk.Int32(10_000)}),
	each("GetBucketLocation", bucketsAPI.GetBucketLocation, perBucket(func(name *string) *s3.GetBucketLocationInput {
		return &s3.GetBucketLocationInput{Bucket: name}
	})).saying(`{"LocationConstraint":null}`).anew(),
}

// bucketTable is asked in each region that has buckets; the seed of ListBuckets
// names them. The error codes are how S3 says that a setting was never made.
var bucketTable = []row[bucketAPI]{
	each("GetBucketPolicy", bucketAPI.GetBucketPolicy, perBucket(func(name *string) *s3.GetBucketPolicyInput {
		return &s3.GetBucketPolicyInput{Bucket: name}
	})).empty("NoSuchBucketPolicy"),
	each("GetPublicAccessBlock", bucketAPI.GetPublicAccessBlock, perBucket(func(name *string) *s3.GetPublicAccessBlockInput {
		return &s3.GetPublicAccessBlockInput{Bucket: name}
	})).empty("NoSuchPublicAccessBlockConfiguration"),
	each("GetBucketAcl", bucketAPI.GetBucketAcl, perBucket(func(name *string) *s3.GetBucketAclInput {
		return &s3.GetBucketAclInput{Bucket: name}
	})),
	each("GetBucketOwnershipControls", bucketAPI.GetBucketOwnershipControls, perBucket(func(name *string) *s3.GetBucketOwnershipControlsInput {
		return &s3.GetBucketOwnershipControlsInput{Bucket: name}
	})).empty("OwnershipControlsNotFoundError"),
	each("GetBucketEncryption", bucketAPI.GetBucketEncryption, perBucket(func(name *string) *s3.GetBucketEncryptionInput {
		return &s3.GetBucketEncryptionInput{Bucket: name}
	})).empty("ServerSideEncryptionConfigurationNotFoundError"),
	each("GetBucketTagging", bucketAPI.GetBucketTagging, perBucket(func(name *string) *s3.GetBucketTaggingInput {
		return &s3.GetBucketTaggingInput{Bucket: name}
	})).empty("NoSuchTagSet", "NoSuchTagSetError"),
	each("GetBucketVersioning", bucketAPI.GetBucketVersioning, perBucket(func(name *string) *s3.GetBucketVersioningInput {
		return &s3.GetBucketVersioningInput{Bucket: name}
	})),
	each("GetBucketLogging", bucketAPI.GetBucketLogging, perBucket(func(name *string) *s3.GetBucketLoggingInput {
		return &s3.GetBucketLoggingInput{Bucket: name}
	})),
	each("GetBucketWebsite", bucketAPI.GetBucketWebsite, perBucket(func(name *string) *s3.GetBucketWebsiteInput {
		return &s3.GetBucketWebsiteInput{Bucket: name}
	})).empty("NoSuchWebsiteConfiguration"),
	each("GetBucketReplication", bucketAPI.GetBucketReplication, perBucket(func(name *string) *s3.GetBucketReplicationInput {
		return &s3.GetBucketReplicationInput{Bucket: name}
	})).empty("ReplicationConfigurationNotFoundError"),
}

func perBucket[I any](input func(name *string) *I) feed[I] {
	return from("ListBuckets", func(o *s3.ListBucketsOutput) (in []*I) {
		for _, b := range o.Buckets {
			in = append(in, input(b.Name))
		}
		return in
	})
}

// s3Service lists buckets once and reads each in its own region, settings
// first, samples last.
func s3Service(o *Options) service {
	s := service{name: "s3", scope: global, operations: slices.Concat(infos(bucketsTable), infos(bucketTable))}
	if !o.NoData {
		s.operations = append(s.operations, rowInfo{operation: "ListObjectsV2", perItem: true}, rowInfo{operation: "GetObject", perItem: true},
			rowInfo{operation: "GetObjectAcl", perItem: true})
	}
	s.collect = func(ctx context.Context, in *session, j *job) {
		places := bucketPlaces(ctx, in, j)
		count := 0
		for _, buckets := range places {
			count += len(buckets)
		}
		budget := newBudget(o.budget(), count)
		var group errgroup.Group
		group.SetLimit(parallelServices)
		for region, buckets := range places {
			if len(o.Regions) > 0 && !slices.Contains(o.Regions, region) {
				continue
			}
			if j.probe != nil && !j.probe.once("s3 region") {
				break
			}
			group.Go(func() error {
				readBuckets(ctx, o, in, j.at(region), buckets, budget)
				return nil
			})
		}
		_ = group.Wait() // failed reads are records
	}
	return s
}

func readBuckets(ctx context.Context, o *Options, s *session, j *job, buckets []s3types.Bucket, budget *budget) {
	client := &ownership{Client: newS3(s, j.region), known: map[string]ownershipReply{}}
	named := seed{"ListBuckets", &s3.ListBucketsInput{}, &s3.ListBucketsOutput{Buckets: buckets}}
	walk(ctx, j, bucketAPI(client), bucketTable, named)
	if !o.NoData && j.probe == nil {
		sampleBuckets(ctx, o, j, client, buckets, budget)
	}
}

func newS3(s *session, region string) *s3.Client {
	return s3.NewFromConfig(s.in(region), func(o *s3.Options) {
		o.UsePathStyle = s.emulated
		o.DisableLogOutputChecksumValidationSkipped = true
	})
}

// bucketPlaces lists the buckets by region: as the listing says, or as
// GetBucketLocation does, or where neither may be read in the home region.
func bucketPlaces(ctx context.Context, s *session, j *job) map[string][]s3types.Bucket {
	client := &locator{Client: newS3(s, s.cfg.Region), regions: map[string]string{}}
	walk(ctx, j, bucketsAPI(client), bucketsTable)
	if j.probe != nil {
		j.probe.planned(j.service, "buckets", len(client.buckets))
	}
	places := map[string][]s3types.Bucket{}
	for _, b := range client.buckets {
		region := client.regions[sdk.ToString(b.Name)]
		if region == "" {
			region = s.cfg.Region
		}
		places[region] = append(places[region], b)
	}
	return places
}

// locator remembers where the buckets it was asked about lie.
type locator struct {
	*s3.Client
	mu      sync.Mutex
	buckets []s3types.Bucket
	regions map[string]string
}

func (l *locator) ListBuckets(ctx context.Context, in *s3.ListBucketsInput, o ...func(*s3.Options)) (*s3.ListBucketsOutput, error) {
	out, err := l.Client.ListBuckets(ctx, in, o...)
	if err == nil {
		l.mu.Lock()
		l.buckets = append(l.buckets, out.Buckets...)
		for _, b := range out.Buckets {
			l.regions[sdk.ToString(b.Name)] = sdk.ToString(b.BucketRegion)
		}
		l.mu.Unlock()
	}
	return out, err
}

func (l *locator) GetBucketLocation(ctx context.Context, in *s3.GetBucketLocationInput, o ...func(*s3.Options)) (*s3.GetBucketLocationOutput, error) {
	l.mu.Lock()
	region := l.regions[sdk.ToString(in.Bucket)]
	l.mu.Unlock()
	if region != "" { // regions that are opted into answer for themselves only
		o = append(o, func(o *s3.Options) { o.Region = region })
	}
	out, err := l.Client.GetBucketLocation(ctx, in, o...)
	if err == nil {
		l.mu.Lock()
		l.regions[sdk.ToString(in.Bucket)] = locationRegion(out.LocationConstraint)
		l.mu.Unlock()
	}
	return out, err
}

// locationRegion undoes S3's history: no constraint is us-east-1, EU is
// eu-west-1
// (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html).
func locationRegion(constraint s3types.BucketLocationConstraint) string {
	switch constraint {
	case "":
		return "us-east-1"
	case s3types.BucketLocationConstraintEu:
		return "eu-west-1"
	default:
		return string(constraint)
	}
}
