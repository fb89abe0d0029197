package aws

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/cairn-security/cairn/graph"
)

// IAM's listing, recorded in form: three pages, the second of them empty.
func TestFollowsEveryPage(t *testing.T) {
	var asked []string
	cfg, p := fakeAPI(t, 1, func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		if r.Form.Get("Action") != "GetAccountAuthorizationDetails" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		marker := r.Form.Get("Marker")
		asked = append(asked, marker)
		pages := map[string]string{
			"":   page("r1", "m1"),
			"m1": page("", "m2"),
			"m2": page("r2", ""),
		}
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprint(w, pages[marker])
	})
	j, m := fakeJob(t, "iam", p)
	walk(context.Background(), j, iamAPI(iam.NewFromConfig(cfg)), iamTable[:1])
	if want := []string{"", "m1", "m2"}; !slices.Equal(asked, want) {
		t.Errorf("asked for pages %q, want %q", asked, want)
	}
	pages := m.records.of("iam", "GetAccountAuthorizationDetails")
	if len(pages) != 2 {
		t.Fatalf("%d records, want one for each page that says something", len(pages))
	}
	for i, want := range []string{`"RoleName":"r1"`, `"RoleName":"r2"`} {
		r := pages[i]
		if r.Outcome != graph.OutcomeOK || !strings.Contains(string(r.Body), want) || len(r.Params) != 0 {
			t.Errorf("page %d: %s %v %s", i, r.Outcome, r.Params, r.Body)
		}
		if !strings.Contains(string(r.Body), `"AssumeRolePolicyDocument":{"Version":"2012-10-17"`) {
			t.Errorf("page %d: the policy is no object: %s", i, r.Body)
		}
		if strings.Contains(string(r.Body), "Marker") || strings.Contains(string(r.Body), "IsTruncated") {
			t.Errorf("page %d holds what only steers paging: %s", i, r.Body)
		}
	}
}

func page(role, next string) string {
	var b strings.Builder
	b.WriteString(`<GetAccountAuthorizationDetailsResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetAccountAuthorizationDetailsResult>`)
	if role != "" {
		fmt.Fprintf(&b, `<RoleDetailList><member><RoleName>%s</RoleName><AssumeRolePolicyDocument>%%7B%%22Version%%22%%3A%%222012-10-17%%22%%7D</AssumeRolePolicyDocument></member></RoleDetailList>`, role)
	}
	if next != "" {
		fmt.Fprintf(&b, `<IsTruncated>true</IsTruncated><Marker>%s</Marker>`, next)
	}
	b.WriteString(`</GetAccountAuthorizationDetailsResult></GetAccountAuthorizationDetailsResponse>`)
	return b.String()
}

// A failure on a later page leaves the earlier ones and says that the listing is
// not whole; a token that comes back ends it.
func TestListingThatBreaksOff(t *testing.T) {
	tests := map[string]struct {
		second func(w http.ResponseWriter)
		want   graph.Outcome
	}{
		"denied": {func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"__type":"AccessDeniedException","message":"no"}`)
		}, graph.OutcomeDenied},
		"throttled": {func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"__type":"ThrottlingException","message":"Rate exceeded"}`)
		}, graph.OutcomeThrottled},
		"repeated token": {func(w http.ResponseWriter) {
			fmt.Fprint(w, `{"Keys":[{"KeyId":"k2"}],"NextMarker":"again","Truncated":true}`)
		}, graph.OutcomeTruncated},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			cfg, p := fakeAPI(t, 1, func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				w.Header().Set("Content-Type", "application/x-amz-json-1.1")
				if strings.Contains(string(body), "again") {
					tt.second(w)
					return
				}
				fmt.Fprint(w, `{"Keys":[{"KeyId":"k1"}],"NextMarker":"again","Truncated":true}`)
			})
			j, m := fakeJob(t, "kms", p)
			walk(context.Background(), j, kmsAPI(kms.NewFromConfig(cfg)), kmsTable[:1])
			if len(m.records) < 2 || m.records[0].Outcome != graph.OutcomeOK {
				t.Fatalf("the first page is lost: %+v", m.records)
			}
			if last := m.records[len(m.records)-1]; last.Outcome != tt.want || last.Key() != m.records[0].Key() {
				t.Errorf("ends %s (%s), want %s", last.Outcome, last.Detail, tt.want)
			}
			for _, whole := range m.whole {
				if whole {
					t.Error("a resumed run would not ask again")
				}
			}
			if tt.want == graph.OutcomeThrottled && p.throttles.Load() != 1 {
				t.Errorf("%d throttles counted", p.throttles.Load())
			}
		})
	}
}

// Every resource a listing names is asked about once, under the API's names.
func TestAsksEachResource(t *testing.T) {
	cfg, p := fakeAPI(t, 1, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		if strings.HasSuffix(r.Header.Get("X-Amz-Target"), "ListQueues") {
			fmt.Fprint(w, `{"QueueUrls":["https://q/1","https://q/2","https://q/1"]}`)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if strings.Contains(string(body), "https://q/2") {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `<Error>an XML answer to a JSON client</Error>`)
			return
		}
		fmt.Fprint(w, `{"Attributes":{"QueueArn":"arn:q1","Policy":"{\"Version\":\"2012-10-17\"}"}}`)
	})
	j, m := fakeJob(t, "sqs", p)
	walk(context.Background(), j, sqsAPI(sqs.NewFromConfig(cfg)), sqsTable)
	one := m.records.of("sqs", "GetQueueAttributes", "QueueUrl", "https://q/1")
	if len(one) != 1 || one[0].Outcome != graph.OutcomeOK ||
		string(one[0].Body) != `{"Attributes":{"Policy":"{\"Version\":\"2012-10-17\"}","QueueArn":"arn:q1"}}` {
		t.Errorf("queue 1: %+v", one)
	}
	two := m.records.of("sqs", "GetQueueAttributes", "QueueUrl", "https://q/2")
	if len(two) != 1 || two[0].Outcome != graph.OutcomeDenied {
		t.Errorf("queue 2: %+v", two)
	}
	if p.done.Load() != 5 || p.total.Load() != 5 || p.gaps.Load() != 2 { // attributes and tags
		t.Errorf("progress %+v", p.snapshot())
	}
}
