package demo

// organization describes the tree of accounts and the policies attached to it,
// as the management account sees them.
func (n *northwind) organization() {
	a := n.management
	const root, prod, sandbox = "r-nw01", "ou-nw01-prod0001", "ou-nw01-sandbox1"
	organizationARN := "arn:aws:organizations::" + a.id + ":organization/o-northwind01"
	a.reply("organizations", "DescribeOrganization", nil, object{"Organization": object{"Id": "o-northwind01", "Arn": organizationARN, "FeatureSet": "ALL",
		"MasterAccountArn": "arn:aws:organizations::" + a.id + ":account/o-northwind01/" + a.id, "MasterAccountId": a.id, "MasterAccountEmail": "cloud@northwind.example"}})
	a.reply("organizations", "ListRoots", nil, object{"Roots": []any{object{"Id": root, "Arn": "arn:aws:organizations::" + a.id + ":root/o-northwind01/" + root, "Name": "Root",
		"PolicyTypes": []any{object{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}}}}})
	unit := func(id, name string) object {
		return object{"Id": id, "Arn": "arn:aws:organizations::" + a.id + ":ou/o-northwind01/" + id, "Name": name}
	}
	a.reply("organizations", "ListOrganizationalUnitsForParent", map[string]string{"ParentId": root}, object{"OrganizationalUnits": []any{unit(prod, "Production"), unit(sandbox, "Sandbox")}})
	describe := func(x *account) object {
		return object{"Id": x.id, "Arn": "arn:aws:organizations::" + a.id + ":account/o-northwind01/" + x.id, "Name": x.name, "Email": x.name + "@northwind.example", "Status": "ACTIVE", "JoinedMethod": "CREATED"}
	}
	var everyone, production []any
	for _, x := range n.all() {
		everyone = append(everyone, describe(x))
		if x != a && x != n.dev {
			production = append(production, describe(x))
		}
	}
	a.reply("organizations", "ListAccounts", nil, object{"Accounts": everyone})
	a.reply("organizations", "ListAccountsForParent", map[string]string{"ParentId": root}, object{"Accounts": []any{describe(a)}})
	a.reply("organizations", "ListAccountsForParent", map[string]string{"ParentId": prod}, object{"Accounts": production})
	a.reply("organizations", "ListAccountsForParent", map[string]string{"ParentId": sandbox}, object{"Accounts": []any{describe(n.dev)}})

	full, noData := "p-FullAWSAccess", "p-sandboxdata"
	policyOf := func(id, name string) object {
		return object{"Id": id, "Arn": "arn:aws:organizations::" + a.id + ":policy/o-northwind01/service_control_policy/" + id, "Name": name, "Type": "SERVICE_CONTROL_POLICY", "AwsManaged": id == full}
	}
	a.reply("organizations", "ListPolicies", map[string]string{"Filter": "SERVICE_CONTROL_POLICY"}, object{"Policies": []any{policyOf(full, "FullAWSAccess"), policyOf(noData, "SandboxNoObjects")}})
	content := map[string]policyDocument{
		full:   document(allow("", "*", "*")),
		noData: document(deny("NoObjects", "s3:*", "*")),
	}
	target := func(id, typ string) object { return object{"TargetId": id, "Type": typ} }
	targets := map[string][]any{
		full: {target(root, "ROOT"), target(prod, "ORGANIZATIONAL_UNIT"), target(sandbox, "ORGANIZATIONAL_UNIT")}, noData: {target(sandbox, "ORGANIZATIONAL_UNIT")}}
	for _, x := range n.all() {
		targets[full] = append(targets[full], target(x.id, "ACCOUNT"))
	}
	for _, p := range []object{policyOf(full, "FullAWSAccess"), policyOf(noData, "SandboxNoObjects")} {
		id := p["Id"].(string)
		a.reply("organizations", "DescribePolicy", map[string]string{"PolicyId": id}, object{"Policy": object{"PolicySummary": p, "Content": n.text(content[id])}})
		a.reply("organizations", "ListTargetsForPolicy", map[string]string{"PolicyId": id}, object{"Targets": targets[id]})
	}
}
