package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/globalaccelerator"
)

// acceleratorAPI reads accelerators and what they lead to.
type acceleratorAPI interface {
	ListAccelerators(context.Context, *globalaccelerator.ListAcceleratorsInput, ...func(*globalaccelerator.Options)) (*globalaccelerator.ListAcceleratorsOutput, error)
	ListListeners(context.Context, *globalaccelerator.ListListenersInput, ...func(*globalaccelerator.Options)) (*globalaccelerator.ListListenersOutput, error)
	ListEndpointGroups(context.Context, *globalaccelerator.ListEndpointGroupsInput, ...func(*globalaccelerator.Options)) (*globalaccelerator.ListEndpointGroupsOutput, error)
}

func globalacceleratorService(o *Options) service {
	return newService(o, "globalaccelerator", global, func(cfg sdk.Config) acceleratorAPI {
		return globalaccelerator.NewFromConfig(cfg, func(o *globalaccelerator.Options) { o.Region = acceleratorRegion })
	}, acceleratorTable)
}

var acceleratorTable = []row[acceleratorAPI]{
	list("ListAccelerators", acceleratorAPI.ListAccelerators),
	each("ListListeners", acceleratorAPI.ListListeners,
		from("ListAccelerators", func(o *globalaccelerator.ListAcceleratorsOutput) (in []*globalaccelerator.ListListenersInput) {
			for _, a := range o.Accelerators {
				in = append(in, &globalaccelerator.ListListenersInput{AcceleratorArn: a.AcceleratorArn})
			}
			return in
		})),
	each("ListEndpointGroups", acceleratorAPI.ListEndpointGroups,
		from("ListListeners", func(o *globalaccelerator.ListListenersOutput) (in []*globalaccelerator.ListEndpointGroupsInput) {
			for _, l := range o.Listeners {
				in = append(in, &globalaccelerator.ListEndpointGroupsInput{ListenerArn: l.ListenerArn})
			}
			return in
		})),
}

// acceleratorRegion is the one region that answers for all accelerators
// (https://docs.aws.amazon.com/general/latest/gr/global_accelerator.html).
const acceleratorRegion = "us-west-2"
