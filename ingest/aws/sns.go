package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
)

// snsAPI reads topics, their policies and who listens.
type snsAPI interface {
	ListTopics(context.Context, *sns.ListTopicsInput, ...func(*sns.Options)) (*sns.ListTopicsOutput, error)
	GetTopicAttributes(context.Context, *sns.GetTopicAttributesInput, ...func(*sns.Options)) (*sns.GetTopicAttributesOutput, error)
	ListTagsForResource(context.Context, *sns.ListTagsForResourceInput, ...func(*sns.Options)) (*sns.ListTagsForResourceOutput, error)
	ListSubscriptions(context.Context, *sns.ListSubscriptionsInput, ...func(*sns.Options)) (*sns.ListSubscriptionsOutput, error)
}

func snsService(o *Options) service {
	return newService(o, "sns", regional, func(cfg sdk.Config) snsAPI { return sns.NewFromConfig(cfg) }, snsTable)
}

var snsTable = []row[snsAPI]{
	list("ListTopics", snsAPI.ListTopics),
	list("ListSubscriptions", snsAPI.ListSubscriptions),
	each("GetTopicAttributes", snsAPI.GetTopicAttributes,
		from("ListTopics", func(o *sns.ListTopicsOutput) (in []*sns.GetTopicAttributesInput) {
			for _, t := range o.Topics {
				in = append(in, &sns.GetTopicAttributesInput{TopicArn: t.TopicArn})
			}
			return in
		})),
	each("ListTagsForResource", snsAPI.ListTagsForResource,
		from("ListTopics", func(o *sns.ListTopicsOutput) (in []*sns.ListTagsForResourceInput) {
			for _, t := range o.Topics {
				in = append(in, &sns.ListTagsForResourceInput{ResourceArn: t.TopicArn})
			}
			return in
		})),
}
