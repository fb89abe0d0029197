package aws

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/cairn-security/cairn/ingest/classify"
	"github.com/cairn-security/cairn/ingest/record"
)

// fakeAPI is a configuration whose clients talk to handler, with so many
// attempts a call.
func fakeAPI(t *testing.T, attempts int, handler http.HandlerFunc) (sdk.Config, *progress) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	client, err := pinnedClient(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	p := newProgress()
	return readOnly(sdk.Config{Region: "eu-central-1", BaseEndpoint: sdk.String(server.URL),
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "")}, &p.counter, attempts, client), p
}

// memory is a sink that keeps everything.
type memory struct {
	mu      sync.Mutex
	records collected
	whole   map[string]bool
}

func (m *memory) begin() int        { return 0 }
func (m *memory) reuse(string) bool { return false }

func (m *memory) write(_ int, r record.Record) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.records = append(m.records, r)
}

func (m *memory) end(_ int, key string, whole bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.whole == nil {
		m.whole = map[string]bool{}
	}
	m.whole[key] = whole
}

// fakeJob is a job whose records are kept in memory.
func fakeJob(t *testing.T, service string, p *progress) (*job, *memory) {
	t.Helper()
	m := &memory{}
	return &job{account: "111122223333", region: "eu-central-1", service: service, shape: shapeOf(service),
		sink: m, progress: p, scrubber: classify.NewScrubber(testHasher(t)), expired: func(error) {}}, m
}
