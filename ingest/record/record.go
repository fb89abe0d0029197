package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/cairn-security/cairn/graph"
)

// ServiceCairn marks records whose body cairn computed.
const ServiceCairn = "cairn"

// Operations of [ServiceCairn].
const (
	// OpClassify: params Node = datastore id; body sit.Sampling.
	OpClassify = "Classify"
	// OpFindCredentials: params Node = id of what was searched; body is a list of sit.Credential.
	OpFindCredentials = "FindCredentials"
	// OpReadBundle is the reading of a bundle itself; it is recorded where that
	// did not reach the end.
	OpReadBundle = "ReadBundle"
)

// Record is one reply. Per-resource calls make one record per resource.
type Record struct {
	Account   string `json:"account"` // 12 digits; empty where the source does not say
	Region    string `json:"region"`  // "global" for services without one
	Service   string `json:"service"` // as in the AWS CLI: "iam", "s3", "ec2", "elbv2" ...
	Operation string `json:"operation"`
	// Params is what was asked for, as the API names it: {"Bucket": "x"}.
	// Empty for list and describe calls over everything.
	Params  map[string]string `json:"params,omitempty"`
	Outcome graph.Outcome     `json:"outcome"`
	Detail  string            `json:"detail,omitempty"` // error code and message, one line
	Source  string            `json:"source"`           // "aws", "gaad", "awscli", "demo"
	File    string            `json:"file,omitempty"`   // where in the source
	ReadAt  time.Time         `json:"readAt"`
	Stale   bool              `json:"stale,omitempty"` // kept from an earlier snapshot
	// Body is the reply in AWS CLI shape; null unless the outcome is ok or truncated.
	Body json.RawMessage `json:"body,omitempty"`
}

// Slice is the unit a later scan replaces.
func (r *Record) Slice() graph.Slice {
	return graph.Slice{Account: r.Account, Region: r.Region, Service: r.Service, Operation: r.Operation}
}

// Key identifies the record inside its slice: its params in canonical order.
// Pages of one list call share a key; they replace each other as a whole.
func (r *Record) Key() string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(r.Params)) {
		b.WriteString(k)
		b.WriteByte('=')
		b.WriteString(r.Params[k])
		b.WriteByte('\x00')
	}
	return b.String()
}

// Place names the record in messages: where a person would look for it.
func (r *Record) Place() string {
	p := r.Service + " " + r.Operation
	if r.File != "" {
		p = r.File
	}
	for _, k := range slices.Sorted(maps.Keys(r.Params)) {
		p += " " + k + "=" + r.Params[k]
	}
	return p
}

// Origin is what properties made from the record carry.
func (r *Record) Origin() graph.Origin {
	return graph.Origin{Source: r.Source, Account: r.Account, Region: r.Region, Service: r.Service,
		Operation: r.Operation, File: r.File, ReadAt: r.ReadAt, Stale: r.Stale}
}

// recordFields are the fields of a record line.
var recordFields = []string{"account", "region", "service", "operation", "params", "outcome", "detail", "source", "file", "readAt", "stale", "body"}

// check refuses what no writer of this format writes.
func (r *Record) check() error {
	if r.Service == "" || r.Operation == "" {
		return errors.New("it names no service and operation")
	}
	if Severity(r.Outcome) < 0 {
		return fmt.Errorf("unknown outcome %q", r.Outcome)
	}
	return nil
}
