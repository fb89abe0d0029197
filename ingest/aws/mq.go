package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/mq"
)

// mqAPI reads message brokers.
type mqAPI interface {
	ListBrokers(context.Context, *mq.ListBrokersInput, ...func(*mq.Options)) (*mq.ListBrokersOutput, error)
	DescribeBroker(context.Context, *mq.DescribeBrokerInput, ...func(*mq.Options)) (*mq.DescribeBrokerOutput, error)
}

func mqService(o *Options) service {
	return newService(o, "mq", regional, func(cfg sdk.Config) mqAPI { return mq.NewFromConfig(cfg) }, mqTable)
}

var mqTable = []row[mqAPI]{
	list("ListBrokers", mqAPI.ListBrokers),
	each("DescribeBroker", mqAPI.DescribeBroker,
		from("ListBrokers", func(o *mq.ListBrokersOutput) (in []*mq.DescribeBrokerInput) {
			for _, b := range o.BrokerSummaries {
				in = append(in, &mq.DescribeBrokerInput{BrokerId: b.BrokerId})
			}
			return in
		})),
}
