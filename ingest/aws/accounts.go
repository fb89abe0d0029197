package aws

import (
	"context"
	"errors"
	"fmt"
	"slices"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"github.com/cairn-security/cairn/graph"
)

// wanted returns the accounts the run is to read, sorted.
func wanted(ctx context.Context, base *session, o *Options) ([]string, error) {
	accounts := slices.Clone(o.Accounts)
	if o.Org {
		var err error
		if accounts, err = activeAccounts(ctx, organizations.NewFromConfig(base.cfg)); err != nil {
			return nil, fmt.Errorf("--org: cannot list the organization's accounts: %s", oneLine(err))
		}
	}
	if len(accounts) == 0 {
		accounts = []string{base.account}
	}
	slices.Sort(accounts)
	return slices.Compact(accounts), nil
}

// activeAccounts lists the accounts that can be read: suspended and closing
// ones refuse every call.
func activeAccounts(ctx context.Context, client organizations.ListAccountsAPIClient) ([]string, error) {
	var accounts []string
	pages := organizations.NewListAccountsPaginator(client, &organizations.ListAccountsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, a := range page.Accounts {
			state := string(a.State)
			if state == "" { // older answers have the status only
				state = string(a.Status)
			}
			if state == string(orgtypes.AccountStateActive) {
				accounts = append(accounts, sdk.ToString(a.Id))
			}
		}
	}
	return accounts, nil
}

// open returns a session for an account: the caller's own credentials, or the
// role assumed from them.
func (r *run) open(ctx context.Context, account string) (*session, error) {
	if r.options.RoleName == "" {
		return r.base, nil
	}
	return r.base.assume(ctx, account, r.options.RoleName, r.options.ExternalID)
}

// unreachable records that an account's role could not be taken.
func (r *run) unreachable(ctx context.Context, account string, err error) {
	j := r.job(account, globalRegion, "sts")
	u := j.unit("AssumeRole", map[string]string{
		"RoleArn": roleARN(r.base.partition, account, r.options.RoleName)})
	j.expect(1)
	if errors.Is(err, ErrExpired) {
		u.write(graph.OutcomeDenied, err.Error(), nil)
	} else {
		u.fail(ctx, err, nil)
	}
	u.end()
}
