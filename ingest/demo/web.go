package demo

// web is nw-prod-web: the patient portal behind a load balancer, the way in of
// the longest routes.
func (n *northwind) webAccount() {
	a := n.web
	v := a.vpc("portal", "10.10.0.0/16", true)
	n.webNet = v
	v.subnet("public-a", "10.10.0.0/24", true)
	v.subnet("public-b", "10.10.1.0/24", true)

	v.group("portal-lb", "portal load balancer", rule(443, 443, cidr(anywhere, "patients")))
	v.group("portal-web", "portal web servers", rule(8080, 8080, v.member("portal-lb")))
	v.group("bastion", "administrators", rule(22, 22, cidr("203.0.113.0/28", "office Dublin"), cidr("203.0.113.64/28", "office Leeds")))
	v.group("legacy", "old booking service", rule(80, 80, cidr(anywhere, "bookings")))
}

// webMachines adds what needs the routes to other networks.
func (n *northwind) webMachines() {
	a, v := n.web, n.webNet
	v.subnet("app-a", "10.10.2.0/24", false, n.webToClinical)
	// The booking service kept its public address, but its subnet lost the
	// route to the internet gateway: nothing arrives. A near miss.
	v.subnet("retired", "10.10.9.0/24", false)

	var servers []string
	for i, address := range []string{"10.10.2.11", "10.10.2.12", "10.10.2.13", "10.10.2.14"} {
		servers = append(servers, v.instance(machine{name: "portal-web-" + string(rune('1'+i)), subnet: "app-a", group: "portal-web",
			role: "portal-web-ec2", address: address, tokens: "optional", tags: object{"service": "portal"}}))
	}
	v.publicBalancer("patient-portal", "portal-lb", 443, 8080, servers, "public-a", "public-b")
	v.instance(machine{name: "legacy-booking", subnet: "retired", group: "legacy", role: "legacy-admin", address: "10.10.9.10", public: "198.51.100.10", tokens: "optional"})
	// The bastion answers two office ranges only: restricted, no way in for everybody.
	v.instance(machine{name: "bastion", subnet: "public-a", group: "bastion", role: "legacy-admin", address: "10.10.0.10", public: "198.51.100.11", tokens: "required"})

	ec2 := trust("Ec2", service("ec2.amazonaws.com"))
	a.role("portal-web-ec2", ec2, a.profile("portal-web-ec2"),
		rolePolicy("Portal",
			allow("Assets", []string{"s3:GetObject"}, "arn:aws:s3:::nwc-portal-assets/*"),
			allow("Logs", []string{"logs:CreateLogStream", "logs:PutLogEvents"}, "*"),
			allow("RunReports", "sts:AssumeRole", []string{"arn:aws:iam::" + n.platform.id + ":role/reporting-*", "arn:aws:iam::" + a.id + ":role/web-*"})))
	a.role("legacy-admin", ec2, a.profile("legacy-admin"), managed(administratorAccess))
	a.managedPolicy(administratorAccess, "AdministratorAccess", document(allow("", "*", "*")))

	// Public by policy, but the bucket's own block of public access is on.
	a.bucket(bucket{name: "nwc-portal-assets", policy: public("nwc-portal-assets"), files: []file{
		{"img/logo.txt", text("Northwind Clinics, opening hours and directions.")}}})
	a.bucket(bucket{name: "nwc-public-site", policy: public("nwc-public-site"), openBlock: true, tags: object{"data-classification": "Public"}, files: []file{
		{"index.html", text("<h1>Northwind Clinics</h1><p>Book a visit.</p>")},
		{"deploy/.env", leakedEnvironment}}})
	a.user("svc-site-deploy", 45, "", userPolicy("Newsletter",
		allow("Site", []string{"s3:PutObject", "s3:DeleteObject"}, "arn:aws:s3:::nwc-public-site/*"),
		allow("Subscribers", []string{"s3:GetObject", "s3:ListBucket"}, []string{"arn:aws:s3:::nwc-newsletter", "arn:aws:s3:::nwc-newsletter/*"})))
	a.accessKey("svc-site-deploy", leakedKeyID, 45)
	a.bucket(bucket{name: "nwc-newsletter", files: []file{{"subscribers/2026-03.csv", subscribers(400)}}})
}

const administratorAccess = "arn:aws:iam::aws:policy/AdministratorAccess"

// public is the policy that opens a bucket's objects to everyone.
func public(name string) *policyDocument {
	d := document(statement{Sid: "PublicRead", Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::" + name + "/*"})
	return &d
}
