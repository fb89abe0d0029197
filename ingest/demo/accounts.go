package demo

import "github.com/cairn-security/cairn/graph"

// northwind is the whole company.
type northwind struct {
	*company
	management, web, platform, clinical, billing, people, backup, network, dev, security, logs, analytics *account

	webNet, clinicalNet          *vpc
	webToClinical, clinicalToWeb object
	exports, imaging, reporting  string
}

func newNorthwind() *northwind {
	c := &company{takenAt: TakenAt, clock: TakenAt.Add(-9 * 60 * 1e9)}
	return &northwind{company: c,
		management: c.account("100020003000", "nw-management"), web: c.account("111122223333", "nw-prod-web"),
		platform: c.account("444455556666", "nw-data-platform"), clinical: c.account("777788889999", "nw-prod-clinical"),
		billing: c.account("222233334444", "nw-billing"), people: c.account("555566667777", "nw-people"),
		backup: c.account("333344445555", "nw-backup"), network: c.account("666677778888", "nw-network"),
		dev: c.account("888899990000", "nw-dev"), security: c.account("121212121212", "nw-security"),
		logs: c.account("343434343434", "nw-logs"), analytics: c.account("565656565656", "nw-analytics"),
	}
}

func (n *northwind) all() []*account {
	return []*account{n.management, n.web, n.platform, n.clinical, n.billing, n.people, n.backup, n.network, n.dev, n.security, n.logs, n.analytics}
}

// build describes every account in the order in which they depend on each other.
func (n *northwind) build() {
	n.organization()
	n.webAccount()
	n.clinicalAccount()
	n.webMachines()
	n.platformAccount()
	n.billingAccount()
	n.peopleAccount()
	n.backupAccount()
	n.networkAccount()
	n.devAccount()
	n.analyticsAccount()
	n.quietAccounts()
	for _, a := range n.all() {
		a.flush()
	}
}

// billingAccount: a key 611 days old reads the payment secret and the login of
// a ledger that is open to the internet: position and credential, both.
func (n *northwind) billingAccount() {
	a := n.billing
	v := a.vpc("billing", "10.50.0.0/16", true)
	v.subnet("billing-public", "10.50.0.0/24", true)
	v.group("ledger", "ledger database", rule(3306, 3306, cidr(anywhere, "accountant at home")))
	key := a.key("billing")
	login := a.secret("prod/billing-ledger", key, nil, object{"aws:rds:primaryDBInstanceArn": a.arn("rds", "db:billing-ledger")})
	a.database(database{name: "billing-ledger", engine: "mysql", port: 3306, secret: login, key: key, vpc: v, group: "ledger", subnets: []string{"billing-public"},
		address: "10.50.0.40", public: true, tags: object{"pci": "true"}})
	payment := a.secret("prod/payment-gateway", key, nil, object{"data-classification": "Highly Confidential"})
	a.user("svc-billing-sync", 611, "", userPolicy("Sync", allow("Secrets", "secretsmanager:GetSecretValue", []string{login, payment}), allow("Decrypt", "kms:Decrypt", key)))
	a.bucket(bucket{name: "nwc-invoices", files: []file{{"2026/02/invoices.csv", invoices(180)}}})
}

// peopleAccount: one staff list is public by policy with the block switched off.
func (n *northwind) peopleAccount() {
	a := n.people
	a.bucket(bucket{name: "nwc-staff-hr", openBlock: true, policy: public("nwc-staff-hr"), files: []file{{"payroll/2026-02.csv", payroll(120)}}})
	// Public by policy too, but its bucket blocks public access: a near miss.
	a.bucket(bucket{name: "nwc-staff-contracts", policy: public("nwc-staff-contracts"), files: []file{{"contracts/2025.csv", payroll(60)}}})
	a.role("hr-app", trust("Ec2", service("ec2.amazonaws.com")), rolePolicy("Payroll", allow("Read", "s3:GetObject", "arn:aws:s3:::nwc-staff-hr/*")))
}

// backupAccount was read in part: its bucket policy was refused, so nobody can
// say who gets at the vault.
func (n *northwind) backupAccount() {
	a := n.backup
	name := "nwc-backup-vault"
	in := map[string]string{"Bucket": name}
	a.add("s3", "ListBuckets", "Buckets", object{"Name": name, "BucketRegion": region, "CreationDate": a.c.daysAgo(500)})
	a.reply("s3", "GetBucketLocation", in, object{"LocationConstraint": region})
	a.reply("s3", "GetBucketTagging", in, object{"TagSet": tagList(object{"phi": "true"})})
	a.refused("s3", "GetBucketPolicy", graph.OutcomeDenied, in, "AccessDenied: explicit deny in a service control policy")
	a.refused("s3", "GetPublicAccessBlock", graph.OutcomeDenied, in, "AccessDenied: explicit deny in a service control policy")
	a.reply("s3", "GetBucketOwnershipControls", in, object{"OwnershipControls": object{"Rules": []any{object{"ObjectOwnership": "BucketOwnerEnforced"}}}})
	a.refused("secretsmanager", "ListSecrets", graph.OutcomeThrottled, nil, "ThrottlingException: rate exceeded after 8 tries")
	a.lists[listKey{"secretsmanager", "ListSecrets", "SecretList"}] = nil
}

// networkAccount holds the way to the clinics' own sites.
func (n *northwind) networkAccount() {
	a := n.network
	a.vpc("transit", "10.60.0.0/16", false).subnet("transit-a", "10.60.0.0/24", false)
	a.refused("ec2", "DescribeTransitGateways", graph.OutcomeDenied, nil, "UnauthorizedOperation: not authorized to perform ec2:DescribeTransitGateways")
}

// devAccount is open in many ways, and an organization policy keeps it from
// objects altogether: near misses.
func (n *northwind) devAccount() {
	a := n.dev
	v := a.vpc("dev", "10.70.0.0/16", true)
	v.subnet("dev-public", "10.70.0.0/24", true)
	v.group("dev-open", "try things", rule(80, 80, cidr(anywhere, "demo")))
	v.instance(machine{name: "dev-box", subnet: "dev-public", group: "dev-open", role: "dev-explorer", address: "10.70.0.10", public: "198.51.100.70", tokens: "optional"})
	a.role("dev-explorer", trust("Ec2", service("ec2.amazonaws.com")), a.profile("dev-explorer"), rolePolicy("Explore", allow("Objects", "s3:*", "*")))
	a.bucket(bucket{name: "nwc-dev-customer-copy", tags: object{"pii": "true"}, files: []file{{"copy.csv", patients(80)}}})
}

// analyticsAccount: a role that may attach policies to itself stands one step
// from administering the account.
func (n *northwind) analyticsAccount() {
	a := n.analytics
	v := a.vpc("analytics", "10.80.0.0/16", true)
	v.subnet("bi-public", "10.80.0.0/24", true)
	v.group("superset", "dashboards", rule(8088, 8088, cidr(anywhere, "partners")))
	v.instance(machine{name: "superset", subnet: "bi-public", group: "superset", role: "bi-server", address: "10.80.0.15", public: "198.51.100.80", tokens: "optional"})
	a.role("bi-server", trust("Ec2", service("ec2.amazonaws.com")), a.profile("bi-server"),
		rolePolicy("SelfService", allow("OwnPolicies", []string{"iam:AttachRolePolicy", "iam:PutRolePolicy"}, a.arn("iam", "role/bi-server"))))
	a.bucket(bucket{name: "nwc-analytics-lake", files: []file{{"warehouse/visits.csv", patients(220)}}})
	a.table("visit-facts", "", object{"phi": "true"})
}

// quietAccounts hold what most accounts hold: logs and roles of their own.
func (n *northwind) quietAccounts() {
	n.security.role("security-audit", trust("Team", aws(n.security.arn("iam", "root"))), managed(securityAudit))
	n.security.managedPolicy(securityAudit, "SecurityAudit", document(allow("", []string{"s3:Get*", "s3:List*", "iam:Get*", "iam:List*", "ec2:Describe*"}, "*")))
	n.logs.bucket(bucket{name: "nwc-cloudtrail", tags: object{"data-classification": "Internal"}, files: []file{{"AWSLogs/o-demo/2026/03/13.json", text(`{"Records":[]}`)}}})
	n.logs.bucket(bucket{name: "nwc-flow-logs", tags: object{"data-classification": "Internal"}})
	n.management.role("org-admin", trust("Break", aws(n.management.arn("iam", "root"))), managed(administratorAccess))
	n.management.managedPolicy(administratorAccess, "AdministratorAccess", document(allow("", "*", "*")))
}
