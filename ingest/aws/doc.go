// Package aws collects from live AWS accounts: it calls read operations, turns
// every reply into a record in the shape the AWS CLI prints, and says of every
// (account, region, service, operation), and of every resource where the call
// is per resource, how the read ended.
//
// Each service has a file with the client interface it needs and a table of its
// calls (see [call]): which operation, whether it lists a whole region or asks
// per resource, and which reply names those resources. One engine walks every
// table. A middleware refuses whatever operations.Allowed does not list, before
// anything is signed or sent.
//
// What never happens here: a write, a read of a secret's or parameter's value,
// a raw secret or sampled byte in a record. User data, environments and sampled
// objects pass the scrubber of ingest/classify first.
package aws
