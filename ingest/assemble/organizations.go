package assemble

import (
	"strings"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
	"github.com/cairn-security/cairn/ingest/fields"
)

var organizationOperations = []operation{
	{service: "organizations", name: "DescribeOrganization", items: []list{{"Organization/*", &spec{
		kind: graph.KindOrganization, service: "organizations", arn: "Arn", id: "Id", anywhere: true,
		links: []link{{path: "MasterAccountId", kind: graph.EdgeRefers, to: byAccount}},
		each: func(c *call, _ node, item []byte) {
			managementShape.Scan(item, func(_ int, v []byte) {
				c.set(c.accountNode(fields.Text(v)), graph.PropManagement, []byte("true"))
			})
		}}}}},
	{service: "organizations", name: "ListRoots", items: []list{{"Roots/*", &spec{
		kind: graph.KindOrgUnit, service: "organizations", arn: "Arn", id: "Id", name: "Name", anywhere: true,
		links: []link{{path: "Arn", kind: graph.EdgeContains, to: organizationOf, in: true}}}}}},
	{service: "organizations", name: "ListOrganizationalUnitsForParent", params: []string{"ParentId"}, items: []list{{"OrganizationalUnits/*", unit}}},
	{service: "organizations", name: "DescribeOrganizationalUnit", params: []string{"OrganizationalUnitId"}, items: []list{{"OrganizationalUnit/*", plain(unit)}}},
	{service: "organizations", name: "ListAccounts", listing: "Accounts/*", handle: accounts},
	{service: "organizations", name: "DescribeAccount", params: []string{"AccountId"}, handle: accounts},
	{service: "organizations", name: "ListAccountsForParent", params: []string{"ParentId"}, listing: "Accounts/*", handle: accounts},
	{service: "organizations", name: "ListPolicies", params: []string{"Filter"}, items: []list{{"Policies/*", orgPolicy}}},
	{service: "organizations", name: "DescribePolicy", params: []string{"PolicyId"}, about: param("PolicyId", to(orgPolicy)),
		facts: []fact{{"Policy/Content", graph.PropDocument, readDocument}, {"Policy/PolicySummary", "", func(c *call, _ node, _ string, v []byte) {
			orgPolicy.read(c, v, "Policy/PolicySummary")
		}}}},
	{service: "organizations", name: "ListTargetsForPolicy", params: []string{"PolicyId"}, about: param("PolicyId", to(orgPolicy)),
		facts: []fact{{"Targets/*/TargetId", "", func(c *call, of node, _ string, v []byte) {
			c.link(byTarget(c, fields.Text(v)), of, graph.EdgeOrgPolicy)
		}}}},
	{service: "organizations", name: "ListPoliciesForTarget", params: []string{"TargetId", "Filter"}, about: param("TargetId", byTarget),
		facts: []fact{{"Policies/*", "", func(c *call, of node, _ string, v []byte) {
			c.link(of, orgPolicy.read(c, v, "Policies"), graph.EdgeOrgPolicy)
		}}}},
	{service: "organizations", name: "ListTagsForResource", params: []string{"ResourceId"}, about: param("ResourceId", byTarget),
		facts: []fact{{"Tags", graph.PropTags, readTags}}},
	{service: "organizations", name: "ListDelegatedAdministrators"},
	{service: "organizations", name: "ListParents", params: []string{"ChildId"}},
}

var managementShape = fields.New("MasterAccountId")

func byAccount(c *call, id string) node { return c.accountNode(id) }

// byTarget is what a policy is attached to: a root, a unit or an account.
func byTarget(c *call, id string) node {
	if arn.IsAccount(id) {
		return c.accountNode(id)
	}
	return c.byName(id, id, true)
}

// organizationOf is the organization that the ARN of a root or unit names.
func organizationOf(c *call, name string) node {
	a, ok := arn.Parse(name)
	if !ok {
		return none
	}
	id, _, _ := strings.Cut(a.ID(), "/")
	a.Resource = "organization/" + id
	return c.refer(a.String(), graph.KindOrganization)
}

// below puts a unit or account under the parent that the call was about; under
// another one it would be described differently.
func (c *call) below(n node) {
	if parent := c.rec.Params["ParentId"]; parent != "" {
		c.nodes[n].sum += sumOf([]byte(parent))
		c.link(byTarget(c, parent), n, graph.EdgeContains)
	}
}

var unit = &spec{
	kind: graph.KindOrgUnit, service: "organizations", arn: "Arn", id: "Id", name: "Name", anywhere: true,
	each: func(c *call, n node, _ []byte) { c.below(n) },
}

var orgPolicy = &spec{
	kind: graph.KindOrgPolicy, service: "organizations", arn: "Arn", id: "Id", name: "Name", anywhere: true, mode: yields,
	facts: []fact{{"Type", graph.PropOrgPolicyType, nil}},
}

var accountsShape = fields.New("Accounts/*", "Account/*")
var accountFields = fields.New("Id", "Name")

// accounts describes member accounts, and puts them under the parent that a
// call was about.
func accounts(c *call, _ node) {
	accountsShape.Scan(c.rec.Body, func(_ int, item []byte) {
		var id, name string
		accountFields.Scan(item, func(path int, v []byte) {
			if path == 0 {
				id = fields.Text(v)
			} else {
				name = fields.Text(v)
			}
		})
		if !arn.IsAccount(id) {
			c.malformed(none, "Accounts", "an account has no Id of 12 digits")
			return
		}
		n := c.describe(graph.Node{ID: graph.AccountID(id), Kind: graph.KindAccount, Name: name, Account: id}, "")
		c.nodes[n].sum = sumOf(item)
		c.setAs(yields, n, graph.PropResource, item)
		c.setText(n, graph.PropAlias, name)
		c.below(n)
	})
}
