package demo

// platformAccount is nw-data-platform: reporting and exports, trusted by many.
func (n *northwind) platformAccount() {
	a := n.platform
	exportsKey := a.key("patient exports")
	n.exports = a.bucket(bucket{name: "nwc-patient-exports", key: exportsKey, tags: object{"pii": "true", "owner": "data-platform"},
		files: []file{{"daily/2026-03-12.csv", patients(300)}, {"daily/2026-03-13.csv", patients(320)}, {"README.txt", text("Daily export of the patient master.")}}})
	a.bucket(bucket{name: "nwc-claims-archive", files: []file{{"2025/claims-q4.json", claims(250)}}})

	// The trust names the whole web account: whatever there may call
	// sts:AssumeRole on reporting-* gets in.
	n.reporting = a.role("reporting-etl", trust("EtlCallers", aws("arn:aws:iam::"+n.web.id+":root")),
		rolePolicy("Reporting",
			allow("DatabaseLogin", "secretsmanager:GetSecretValue", "arn:aws:secretsmanager:"+region+":"+n.clinical.id+":secret:prod/patients-db-*"),
			allow("Decrypt", "kms:Decrypt", "arn:aws:kms:"+region+":"+n.clinical.id+":key/*")))

	// A vendor without an external id reads every bucket of the account.
	a.role("vendor-readonly", trust("Vendor", aws("arn:aws:iam::"+vendorAccount+":root")),
		rolePolicy("ReadAll", allow("Buckets", []string{"s3:GetObject", "s3:ListBucket"}, "*"), allow("Keys", "kms:Decrypt", exportsKey)))
	// The auditor's trust has an external id, and a deny keeps it from data.
	external := trust("Auditor", aws("arn:aws:iam::"+auditorAccount+":root"))
	external.Statement[0].Condition = object{"StringEquals": object{"sts:ExternalId": "nw-audit-7c1e"}}
	a.role("auditor", external, managed(securityAudit), rolePolicy("NoData", deny("NoObjects", "s3:GetObject*", "*")))
	a.managedPolicy(securityAudit, "SecurityAudit", document(allow("", []string{"s3:Get*", "s3:List*", "iam:Get*", "iam:List*", "ec2:Describe*"}, "*")))

	// etl-admin may read the exports; functions may run as it.
	a.role("etl-admin", trust("Lambda", service("lambda.amazonaws.com")),
		rolePolicy("Exports", allow("Read", []string{"s3:GetObject", "s3:ListBucket"}, []string{n.exports, n.exports + "/*"}), allow("Decrypt", "kms:Decrypt", exportsKey)))
	// A builder that answers the internet may create functions and pass roles.
	v := a.vpc("build", "10.40.0.0/16", true)
	v.subnet("build-public", "10.40.0.0/24", true)
	v.group("jenkins", "build server", rule(8443, 8443, cidr(anywhere, "webhooks")))
	v.instance(machine{name: "jenkins", subnet: "build-public", group: "jenkins", role: "ci-runner", address: "10.40.0.20", public: "198.51.100.40", tokens: "required"})
	a.role("ci-runner", trust("Ec2", service("ec2.amazonaws.com")), a.profile("ci-runner"),
		rolePolicy("Deploy",
			allow("Functions", []string{"lambda:CreateFunction", "lambda:InvokeFunction"}, "*"),
			statement{Sid: "PassEtl", Effect: "Allow", Action: "iam:PassRole", Resource: a.arn("iam", "role/etl-*"),
				Condition: object{"StringEquals": object{"iam:PassedToService": "lambda.amazonaws.com"}}}))

	// Tagged like patient data; anyone inside the build network may read it,
	// which has an endpoint for S3.
	v.endpoint("s3")
	a.bucket(bucket{name: "nwc-research-cohorts", openBlock: true, policy: fromNetwork("nwc-research-cohorts", v.id), tags: object{"phi": "true"}})

	// The wiki may make access keys for one user, who reads the claims.
	v.group("wiki", "staff wiki", rule(443, 443, cidr(anywhere, "staff at home")))
	v.instance(machine{name: "staff-wiki", subnet: "build-public", group: "wiki", role: "wiki-app", address: "10.40.0.30", public: "198.51.100.41", tokens: "required"})
	a.role("wiki-app", trust("Ec2", service("ec2.amazonaws.com")), a.profile("wiki-app"),
		rolePolicy("Backup", allow("RotateKey", []string{"iam:CreateAccessKey", "iam:DeleteAccessKey"}, a.arn("iam", "user/backup-operator"))))
	a.user("backup-operator", 30, "", userPolicy("Claims", allow("Read", []string{"s3:GetObject", "s3:ListBucket"}, []string{"arn:aws:s3:::nwc-claims-archive", "arn:aws:s3:::nwc-claims-archive/*"})))

	// The notebook role is bounded: its policy says everything, the boundary
	// leaves it nothing that matters. A near miss.
	limit := a.policy("notebook-boundary", allow("Notebooks", []string{"sagemaker:*", "logs:*"}, "*"))
	v.group("notebook", "research notebook", rule(8888, 8888, cidr(anywhere, "researchers")))
	v.instance(machine{name: "research-notebook", subnet: "build-public", group: "notebook", role: "notebook", address: "10.40.0.50", public: "198.51.100.42", tokens: "optional"})
	a.role("notebook", trust("Ec2", service("ec2.amazonaws.com")), a.profile("notebook"), boundary(limit), rolePolicy("Everything", allow("All", "*", "*")))
}

const (
	securityAudit  = "arn:aws:iam::aws:policy/SecurityAudit"
	vendorAccount  = "999900001111"
	auditorAccount = "999900002222"
)

// fromNetwork lets everyone in who comes from one virtual network.
func fromNetwork(name, vpc string) *policyDocument {
	d := document(statement{Sid: "Cohorts", Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::" + name + "/*",
		Condition: object{"StringEquals": object{"aws:SourceVpc": vpc}}})
	return &d
}
