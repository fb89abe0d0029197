package operations

import "slices"

// Block is the part of the printed policy an operation belongs to.
type Block uint8

// The blocks.
const (
	// Metadata operations read configuration: names, policies, settings.
	Metadata Block = iota
	// Data operations read content: object listings, sampled objects, user data.
	Data
	// Session operations say who is calling and take a role. They need no grant
	// in the collecting role itself.
	Session
)

// String returns the block's word as the policy's Sid prefix has it.
func (b Block) String() string {
	switch b {
	case Data:
		return "data"
	case Session:
		return "session"
	default:
		return "metadata"
	}
}

// Service is one AWS service the collector reads.
type Service struct {
	Name   string // as in the AWS CLI and in records: "elbv2"
	ID     string // the SDK's service id: "Elastic Load Balancing v2"
	Prefix string // of its IAM actions: "elasticloadbalancing"
	// Operations in the order of the service's task table.
	Operations []Operation
}

// Operation is one API operation that may be called.
type Operation struct {
	Name  string // "DescribeVpcs"
	Block Block
	// Actions are the IAM actions the call needs; empty where none is needed.
	Actions []string
}

// All returns every service in alphabetical order with its operations.
// Callers must not change what it returns.
func All() []Service { return services }

// Find returns the operation a service has under this name. The service is
// named as in the AWS CLI.
func Find(service, operation string) (Operation, bool) {
	return find(func(s Service) bool { return s.Name == service }, operation)
}

// Allowed returns the operation the SDK is about to call, or false where the
// collector must not call it. The service is named by its SDK id.
func Allowed(serviceID, operation string) (Operation, bool) {
	return find(func(s Service) bool { return s.ID == serviceID }, operation)
}

func find(is func(Service) bool, operation string) (Operation, bool) {
	i := slices.IndexFunc(services, is)
	if i < 0 {
		return Operation{}, false
	}
	ops := services[i].Operations
	j := slices.IndexFunc(ops, func(o Operation) bool { return o.Name == operation })
	if j < 0 {
		return Operation{}, false
	}
	return ops[j], true
}
