package aws

import (
	"bytes"
	"context"
	"net/http"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
	"github.com/cairn-security/cairn/graph/settings"
	"github.com/cairn-security/cairn/ingest/record"
)

// twoObjects serves a bucket of two objects, one of them behind a key that the
// caller may not use.
func twoObjects(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/xml")
	switch r.URL.Path {
	case "/b", "/b/":
		_, _ = w.Write([]byte(`<ListBucketResult><Contents><Key>open.txt</Key><Size>22</Size></Contents>
			<Contents><Key>sealed.txt</Key><Size>22</Size></Contents>
			<Contents><Key>cold.txt</Key><Size>9</Size><StorageClass>GLACIER</StorageClass></Contents>
			<Contents><Key>folder/</Key><Size>0</Size></Contents></ListBucketResult>`))
	case "/b/open.txt":
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write([]byte("ask ada@example.org ok"))
	default:
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`<Error><Code>AccessDenied</Code><Message>kms:Decrypt</Message></Error>`))
	}
}

func sampleOne(t *testing.T, change func(*Options)) collected {
	t.Helper()
	cfg, p := fakeAPI(t, 1, twoObjects)
	j, m := fakeJob(t, "s3", p)
	o := testOptions(t)
	change(&o)
	o.complete()
	client := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	sampleBuckets(context.Background(), &o, j, client, []s3types.Bucket{{Name: sdk.String("b")}}, newBudget(o.budget(), 1))
	return m.records
}

func TestSampleOfABucketThatIsPartlyReadable(t *testing.T) {
	all := sampleOne(t, func(*Options) {})
	checkRecords(t, all)
	got := all.one(t, record.ServiceCairn, record.OpClassify, "Node", arn.Bucket("b"))
	want := `"objects":3,"sampled":1,"unreadable":2,`
	if got.Outcome != graph.OutcomeOK || !contains(got, want) || !contains(got, `"why":"AccessDenied"`) || !contains(got, `"why":"archived"`) {
		t.Errorf("%s %s", got.Outcome, got.Body)
	}
	if r := all.one(t, "s3", "GetObject", "Bucket", "b"); r.Outcome != graph.OutcomeDenied {
		t.Errorf("%+v", r)
	}
}

func TestSampleBounds(t *testing.T) {
	spent := sampleOne(t, func(o *Options) { o.SampleBudget = 30 })
	if r := spent.one(t, record.ServiceCairn, record.OpClassify); r.Outcome != graph.OutcomeTruncated || r.Detail == "" {
		t.Errorf("over the budget: %+v", r)
	}
	excluded := sampleOne(t, func(o *Options) {
		s := *settings.Default()
		s.Discovery.Exclude = []string{"b"}
		o.Settings = &s
	})
	if r := excluded.one(t, record.ServiceCairn, record.OpClassify); r.Outcome != graph.OutcomeNotCollected || len(excluded) != 1 {
		t.Errorf("excluded: %+v", excluded)
	}
}

func contains(r record.Record, text string) bool { return bytes.Contains(r.Body, []byte(text)) }
