package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// dynamodbAPI reads tables and who may read them; never an item.
type dynamodbAPI interface {
	ListTables(context.Context, *dynamodb.ListTablesInput, ...func(*dynamodb.Options)) (*dynamodb.ListTablesOutput, error)
	DescribeTable(context.Context, *dynamodb.DescribeTableInput, ...func(*dynamodb.Options)) (*dynamodb.DescribeTableOutput, error)
	GetResourcePolicy(context.Context, *dynamodb.GetResourcePolicyInput, ...func(*dynamodb.Options)) (*dynamodb.GetResourcePolicyOutput, error)
	ListTagsOfResource(context.Context, *dynamodb.ListTagsOfResourceInput, ...func(*dynamodb.Options)) (*dynamodb.ListTagsOfResourceOutput, error)
}

func dynamodbService(o *Options) service {
	return newService(o, "dynamodb", regional, func(cfg sdk.Config) dynamodbAPI { return dynamodb.NewFromConfig(cfg) }, dynamodbTable)
}

var dynamodbTable = []row[dynamodbAPI]{
	list("ListTables", dynamodbAPI.ListTables),
	each("DescribeTable", dynamodbAPI.DescribeTable,
		from("ListTables", func(o *dynamodb.ListTablesOutput) (in []*dynamodb.DescribeTableInput) {
			for _, name := range o.TableNames {
				in = append(in, &dynamodb.DescribeTableInput{TableName: sdk.String(name)})
			}
			return in
		})),
	each("GetResourcePolicy", dynamodbAPI.GetResourcePolicy,
		from("DescribeTable", func(o *dynamodb.DescribeTableOutput) (in []*dynamodb.GetResourcePolicyInput) {
			if o.Table != nil {
				in = append(in, &dynamodb.GetResourcePolicyInput{ResourceArn: o.Table.TableArn})
			}
			return in
		})).empty("PolicyNotFoundException"),
	each("ListTagsOfResource", dynamodbAPI.ListTagsOfResource,
		from("DescribeTable", func(o *dynamodb.DescribeTableOutput) (in []*dynamodb.ListTagsOfResourceInput) {
			if o.Table != nil {
				in = append(in, &dynamodb.ListTagsOfResourceInput{ResourceArn: o.Table.TableArn})
			}
			return in
		})),
}
