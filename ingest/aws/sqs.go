package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// sqsAPI reads queues and their policies; never a message.
type sqsAPI interface {
	ListQueues(context.Context, *sqs.ListQueuesInput, ...func(*sqs.Options)) (*sqs.ListQueuesOutput, error)
	ListQueueTags(context.Context, *sqs.ListQueueTagsInput, ...func(*sqs.Options)) (*sqs.ListQueueTagsOutput, error)
	GetQueueAttributes(context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error)
}

func sqsService(o *Options) service {
	return newService(o, "sqs", regional, func(cfg sdk.Config) sqsAPI { return sqs.NewFromConfig(cfg) }, sqsTable)
}

var sqsTable = []row[sqsAPI]{
	// SQS hands out a page token only where a page size was asked for.
	list("ListQueues", sqsAPI.ListQueues, &sqs.ListQueuesInput{MaxResults: sdk.Int32(1000)}),
	each("GetQueueAttributes", sqsAPI.GetQueueAttributes,
		from("ListQueues", func(o *sqs.ListQueuesOutput) (in []*sqs.GetQueueAttributesInput) {
			for _, url := range o.QueueUrls {
				in = append(in, &sqs.GetQueueAttributesInput{QueueUrl: sdk.String(url),
					AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameAll}})
			}
			return in
		})),
	each("ListQueueTags", sqsAPI.ListQueueTags,
		from("ListQueues", func(o *sqs.ListQueuesOutput) (in []*sqs.ListQueueTagsInput) {
			for _, url := range o.QueueUrls {
				in = append(in, &sqs.ListQueueTagsInput{QueueUrl: sdk.String(url)})
			}
			return in
		})),
}
