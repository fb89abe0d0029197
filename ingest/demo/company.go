package demo

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"time"

	"github.com/cairn-security/cairn/ingest/record"
)

// company is Northwind Clinics while it is being read.
type company struct {
	takenAt time.Time
	clock   time.Time
	records []record.Record
	err     error
	files   []datastoreFiles
}

// TakenAt is when the sample company is read, so that its figures (such as the
// age of a key) are the same on every day.
var TakenAt = time.Date(2026, time.March, 14, 6, 0, 0, 0, time.UTC)

func (c *company) account(id, name string) *account {
	return &account{c: c, id: id, name: name, lists: map[listKey][]any{}}
}

func (c *company) emit(r record.Record) { c.records = append(c.records, r) }

func (c *company) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// tick is the time of the next call: reads take a while.
func (c *company) tick() time.Time {
	c.clock = c.clock.Add(730 * time.Millisecond)
	return c.clock
}

// uid makes the unique id of an identity, stable and of AWS's shape.
func uid(prefix, account, name string) string {
	sum := sha256.Sum256([]byte(prefix + account + name))
	return prefix + base32.StdEncoding.EncodeToString(sum[:])[:17]
}

// hexID makes a resource id such as sg-0a1b...
func hexID(prefix, account, name string) string {
	const digits = "0123456789abcdef"
	sum := sha256.Sum256([]byte(prefix + account + name))
	id := make([]byte, 17)
	for i := range id {
		id[i] = digits[sum[i]&15]
	}
	id[0] = '0'
	return prefix + "-" + string(id)
}

// text is a document as a JSON string inside a reply.
func (c *company) text(d policyDocument) string {
	raw, err := json.Marshal(d)
	if err != nil {
		c.fail(err)
	}
	return string(raw)
}

// datastoreFiles is what a bucket holds, for sampling.
type datastoreFiles struct {
	a     *account
	id    string
	files []file
}

func (c *company) sample(a *account, id string, files []file) {
	if len(files) > 0 {
		c.files = append(c.files, datastoreFiles{a, id, files})
	}
}
