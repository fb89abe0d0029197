package aws

import (
	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// stsService records who read the account.
func stsService(o *Options) service {
	return newService(o, "sts", global, func(cfg sdk.Config) stsAPI { return sts.NewFromConfig(cfg) }, stsTable)
}

var stsTable = []row[stsAPI]{
	list("GetCallerIdentity", stsAPI.GetCallerIdentity),
}
