package aws

import (
	"context"
	"reflect"

	sdk "github.com/aws/aws-sdk-go-v2/aws"

	"github.com/cairn-security/cairn/ingest/aws/operations"
)

// scope is where a service is asked.
type scope uint8

const (
	global   scope = iota // once per account
	regional              // once per account and region
	home                  // once per run, in the organization's account
)

// service is one service's part of the collector.
type service struct {
	name  string
	scope scope
	// operations are the rows of its table, for estimates and tests.
	operations []rowInfo
	// collect walks the table.
	collect func(ctx context.Context, s *session, j *job)
}

// rowInfo is a row without its client.
type rowInfo struct {
	operation string
	perItem   bool
	in, out   reflect.Type // nil for rows that are no single SDK call
}

// newService ties a table to the client it is walked with; rows of the data
// block are left out where the run asks for no data.
func newService[C any](o *Options, name string, where scope, client func(sdk.Config) C, table []row[C]) service {
	if o.NoData {
		table = withoutData(name, table)
	}
	return service{name: name, scope: where, operations: infos(table),
		collect: func(ctx context.Context, s *session, j *job) {
			region := j.region
			if where != regional {
				region = s.cfg.Region
			}
			walk(ctx, j, client(s.in(region)), table)
		}}
}

func infos[C any](table []row[C]) []rowInfo {
	list := make([]rowInfo, len(table))
	for i, r := range table {
		in, out := r.types()
		list[i] = rowInfo{r.operation(), len(r.sources()) > 0, in, out}
	}
	return list
}

// withoutData leaves out the rows of the data block.
func withoutData[C any](service string, table []row[C]) []row[C] {
	var kept []row[C]
	for _, r := range table {
		if op, ok := operations.Find(service, r.operation()); !ok || op.Block != operations.Data {
			kept = append(kept, r)
		}
	}
	return kept
}
