package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftserverless"
)

// workgroupAPI reads the endpoints of Redshift Serverless.
type workgroupAPI interface {
	ListWorkgroups(context.Context, *redshiftserverless.ListWorkgroupsInput, ...func(*redshiftserverless.Options)) (*redshiftserverless.ListWorkgroupsOutput, error)
}

func redshiftServerlessService(o *Options) service {
	return newService(o, "redshift-serverless", regional, func(cfg sdk.Config) workgroupAPI { return redshiftserverless.NewFromConfig(cfg) },
		[]row[workgroupAPI]{list("ListWorkgroups", workgroupAPI.ListWorkgroups)})
}
