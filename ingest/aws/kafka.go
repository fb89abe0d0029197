package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kafka"
)

// kafkaAPI reads Kafka clusters and their policies.
type kafkaAPI interface {
	ListClustersV2(context.Context, *kafka.ListClustersV2Input, ...func(*kafka.Options)) (*kafka.ListClustersV2Output, error)
	GetClusterPolicy(context.Context, *kafka.GetClusterPolicyInput, ...func(*kafka.Options)) (*kafka.GetClusterPolicyOutput, error)
}

func kafkaService(o *Options) service {
	return newService(o, "kafka", regional, func(cfg sdk.Config) kafkaAPI { return kafka.NewFromConfig(cfg) }, kafkaTable)
}

var kafkaTable = []row[kafkaAPI]{
	list("ListClustersV2", kafkaAPI.ListClustersV2),
	each("GetClusterPolicy", kafkaAPI.GetClusterPolicy,
		from("ListClustersV2", func(o *kafka.ListClustersV2Output) (in []*kafka.GetClusterPolicyInput) {
			for _, c := range o.ClusterInfoList {
				in = append(in, &kafka.GetClusterPolicyInput{ClusterArn: c.ClusterArn})
			}
			return in
		})).empty("NotFoundException"),
}
