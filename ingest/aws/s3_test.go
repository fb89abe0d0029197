package aws

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairn-security/cairn/graph"
)

// Each bucket is asked about in its own region, whether the listing says which
// it is or only GetBucketLocation does; regions that are not wanted are left
// alone.
func TestBucketsAreReadInTheirRegions(t *testing.T) {
	var mu sync.Mutex
	asked := map[string]string{}
	cfg, p := fakeAPI(t, 1, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/xml")
		region := strings.Split(r.Header.Get("Authorization"), "/")[2]
		bucket := strings.Trim(r.URL.Path, "/")
		switch {
		case bucket == "":
			fmt.Fprint(w, `<ListAllMyBucketsResult><Buckets>
				<Bucket><Name>told</Name><BucketRegion>me-south-1</BucketRegion></Bucket>
				<Bucket><Name>old</Name></Bucket><Bucket><Name>far</Name></Bucket></Buckets></ListAllMyBucketsResult>`)
		case r.URL.Query().Has("location"):
			mu.Lock()
			asked[bucket+" location"] = region
			mu.Unlock()
			fmt.Fprintf(w, `<LocationConstraint>%s</LocationConstraint>`, map[string]string{"told": "me-south-1", "old": "EU", "far": "ap-east-1"}[bucket])
		case r.URL.Query().Has("policy"):
			mu.Lock()
			asked[bucket+" policy"] = region
			mu.Unlock()
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `<Error><Code>NoSuchBucketPolicy</Code></Error>`)
		default:
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `<Error><Code>AccessDenied</Code></Error>`)
		}
	})
	cfg.Region = "us-east-1"
	j, m := fakeJob(t, "s3", p)
	j.region = globalRegion
	o := testOptions(t, "me-south-1", "eu-west-1")
	o.NoData = true
	o.complete()
	s3Service(&o).collect(context.Background(), &session{account: j.account, cfg: cfg, emulated: true}, j)
	want := map[string]string{
		"told location": "me-south-1", "old location": "us-east-1", "far location": "us-east-1",
		"told policy": "me-south-1", "old policy": "eu-west-1",
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	r := m.records.one(t, "s3", "GetBucketPolicy", "Bucket", "old")
	if r.Region != "eu-west-1" || r.Outcome != graph.OutcomeEmpty {
		t.Errorf("%+v", r)
	}
	if r := m.records.one(t, "s3", "GetBucketAcl", "Bucket", "told"); r.Outcome != graph.OutcomeDenied {
		t.Errorf("%+v", r)
	}
}
