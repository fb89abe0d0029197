package aws

import (
	"context"
	"net/http"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/cairn-security/cairn/graph"
)

// withLists serves two objects whose access control lists are as told.
func withLists(ownership string, status int, list string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/xml")
		switch q := r.URL.Query(); {
		case q.Has("acl"):
			w.WriteHeader(status)
			_, _ = w.Write([]byte(list))
		case q.Has("ownershipControls"):
			_, _ = w.Write([]byte(`<OwnershipControls><Rule><ObjectOwnership>` + ownership + `</ObjectOwnership></Rule></OwnershipControls>`))
		case r.URL.Path == "/b" || r.URL.Path == "/b/":
			_, _ = w.Write([]byte(`<ListBucketResult><Contents><Key>a.txt</Key><Size>2</Size></Contents><Contents><Key>b.txt</Key><Size>2</Size></Contents></ListBucketResult>`))
		default:
			w.Header().Set("Content-Type", "text/plain")
			_, _ = w.Write([]byte("ok"))
		}
	}
}

const openList = `<AccessControlPolicy><Owner><ID>o</ID></Owner><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>`

func TestAccessListsOfSampledObjects(t *testing.T) {
	const denied = `<Error><Code>AccessDenied</Code><Message>no</Message></Error>`
	for _, c := range []struct {
		name, ownership string
		status          int
		list            string
		want            []graph.Outcome
	}{
		{"they count", "ObjectWriter", http.StatusOK, openList, []graph.Outcome{graph.OutcomeOK, graph.OutcomeOK}},
		{"the owner owns everything", "BucketOwnerEnforced", http.StatusOK, openList, nil},
		{"refused: one gap says it", "ObjectWriter", http.StatusForbidden, denied, []graph.Outcome{graph.OutcomeDenied}},
		{"deleted meanwhile", "ObjectWriter", http.StatusNotFound, `<Error><Code>NoSuchKey</Code></Error>`, []graph.Outcome{graph.OutcomeEmpty, graph.OutcomeEmpty}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg, p := fakeAPI(t, 1, withLists(c.ownership, c.status, c.list))
			j, m := fakeJob(t, "s3", p)
			o := testOptions(t)
			o.complete()
			client := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
			sampleBuckets(context.Background(), &o, j, client, []s3types.Bucket{{Name: sdk.String("b")}}, newBudget(o.budget(), 1))
			checkRecords(t, m.records)
			var got []graph.Outcome
			for _, r := range m.records {
				if r.Operation == "GetObjectAcl" {
					got = append(got, r.Outcome)
					if r.Outcome == graph.OutcomeOK && !contains(r, "AllUsers") || r.Params["Bucket"] != "b" || r.Params["Key"] == "" {
						t.Errorf("%s: %+v", r.Body, r)
					}
				}
			}
			if len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

// TestOwnershipIsAskedOnce: what the settings said of a bucket is not asked again.
func TestOwnershipIsAskedOnce(t *testing.T) {
	asked := 0
	cfg, _ := fakeAPI(t, 1, func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.Header().Set("Content-Type", "application/xml")
		switch r.URL.Path {
		case "/set":
			_, _ = w.Write([]byte(`<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>`))
		case "/unset":
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`<Error><Code>OwnershipControlsNotFoundError</Code></Error>`))
		default:
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(`<Error><Code>AccessDenied</Code></Error>`))
		}
	})
	o := &ownership{Client: s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }), known: map[string]ownershipReply{}}
	for bucket, want := range map[string]struct {
		asked int
		err   string
	}{"set": {1, ""}, "unset": {1, "OwnershipControlsNotFoundError"}, "refused": {2, "AccessDenied"}} {
		asked = 0
		for range 2 {
			out, err := o.GetBucketOwnershipControls(context.Background(), &s3.GetBucketOwnershipControlsInput{Bucket: sdk.String(bucket)})
			if errorCode(err) != want.err || (err == nil) != (out != nil) {
				t.Errorf("%s: %v, %v", bucket, out, err)
			}
		}
		if asked != want.asked {
			t.Errorf("%s: asked %d times, want %d", bucket, asked, want.asked)
		}
	}
}
