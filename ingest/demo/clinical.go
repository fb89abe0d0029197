package demo

// clinicalAccount is nw-prod-clinical: the patient database and the imaging
// archive.
func (n *northwind) clinicalAccount() {
	a := n.clinical
	v := a.vpc("clinical", "10.20.0.0/16", false)
	n.clinicalNet = v
	n.webToClinical, n.clinicalToWeb = peer(n.webNet, v)
	v.subnet("data-a", "10.20.0.0/24", false, n.clinicalToWeb)
	v.subnet("data-b", "10.20.1.0/24", false, n.clinicalToWeb)
	v.group("patients-db", "patient database", rule(5432, 5432, cidr("10.10.0.0/16", "portal")))
	v.group("lab-db", "laboratory database", rule(5432, 5432, cidr("10.20.0.0/16", "clinical only")))

	// The login lies in a secret whose policy and key let the reporting role of
	// another account in: both must, and its own policy must too.
	readers := statement{Sid: "Reporting", Effect: "Allow", Principal: aws("arn:aws:iam::" + n.platform.id + ":role/reporting-etl"), Action: []string{"kms:Decrypt", "kms:DescribeKey"}, Resource: "*"}
	key := a.key("patient database", readers)
	shared := document(statement{Sid: "Reporting", Effect: "Allow", Principal: aws("arn:aws:iam::" + n.platform.id + ":role/reporting-etl"), Action: "secretsmanager:GetSecretValue", Resource: "*"})
	dbARN := a.arn("rds", "db:patients-db")
	login := a.secret("prod/patients-db", key, &shared, object{"aws:rds:primaryDBInstanceArn": dbARN})
	a.database(database{name: "patients-db", engine: "postgres", port: 5432, secret: login, key: key, vpc: v, group: "patients-db", subnets: []string{"data-a", "data-b"},
		address: "10.20.0.50", tags: object{"data-classification": "Highly Confidential", "phi": "true"}})
	// Same credentials pattern, but no route of the portal leads here: the group
	// admits the clinical network alone. A near miss.
	labLogin := a.secret("prod/lab-db", key, nil, object{"aws:rds:primaryDBInstanceArn": a.arn("rds", "db:lab-db")})
	a.database(database{name: "lab-db", engine: "postgres", port: 5432, secret: labLogin, key: key, vpc: v, group: "lab-db", subnets: []string{"data-b"},
		address: "10.20.1.60", tags: object{"phi": "true"}})
	a.databaseSnapshot("claims-2025-11", "claims-db-retired", "", object{"data-classification": "Confidential", "phi": "true"}, "all")
	a.databaseSnapshot("patients-2026-02", "patients-db", key, object{"phi": "true"})

	imagingKey := a.key("imaging archive")
	n.imaging = a.bucket(bucket{name: "nwc-imaging-archive", key: imagingKey, files: []file{{"index/2026.json", imaging(200)}, {"series/0001.dcm", text("\x00DICM binary")}}})
	thumbs := a.role("dicom-thumb-exec", trust("Lambda", service("lambda.amazonaws.com")),
		rolePolicy("Thumbs", allow("Read", "s3:GetObject", n.imaging+"/*"), allow("Decrypt", "kms:Decrypt", imagingKey)))
	open := document(
		statement{Sid: "FunctionURLAllowPublicAccess", Effect: "Allow", Principal: "*", Action: "lambda:InvokeFunctionUrl", Resource: a.arn("lambda", "function:dicom-thumb"),
			Condition: object{"StringEquals": object{"lambda:FunctionUrlAuthType": "NONE"}}},
		statement{Sid: "FunctionURLInvokeAllowPublicAccess", Effect: "Allow", Principal: "*", Action: "lambda:InvokeFunction", Resource: a.arn("lambda", "function:dicom-thumb"),
			Condition: object{"Bool": object{"lambda:InvokedViaFunctionUrl": "true"}}})
	a.function("dicom-thumb", thumbs, "NONE", &open)
	// May fetch the encrypted images but not decrypt them. A near miss.
	viewer := a.role("viewer-exec", trust("Lambda", service("lambda.amazonaws.com")), rolePolicy("Fetch", allow("Read", "s3:GetObject", n.imaging+"/*")))
	openViewer := document(
		statement{Sid: "FunctionURLAllowPublicAccess", Effect: "Allow", Principal: "*", Action: "lambda:InvokeFunctionUrl", Resource: a.arn("lambda", "function:viewer"),
			Condition: object{"StringEquals": object{"lambda:FunctionUrlAuthType": "NONE"}}},
		statement{Sid: "FunctionURLInvokeAllowPublicAccess", Effect: "Allow", Principal: "*", Action: "lambda:InvokeFunction", Resource: a.arn("lambda", "function:viewer"),
			Condition: object{"Bool": object{"lambda:InvokedViaFunctionUrl": "true"}}})
	a.function("viewer", viewer, "NONE", &openViewer)
	// Signed calls only.
	a.function("appointment-api", a.role("appointment-exec", trust("Lambda", service("lambda.amazonaws.com")),
		rolePolicy("Slots", allow("Table", []string{"dynamodb:GetItem", "dynamodb:Query"}, a.arn("dynamodb", "table/lab-results")))), "AWS_IAM", nil)

	labKey := a.key("laboratory")
	a.table("lab-results", labKey, object{"phi": "true"})
	a.table("appointments", "", object{"data-classification": "Internal"})
	a.group("DataScience", groupPolicy("Scan", allow("Results", []string{"dynamodb:Scan", "dynamodb:Query", "dynamodb:GetItem"}, a.arn("dynamodb", "table/lab-results")), allow("Key", "kms:Decrypt", labKey)))
	for i, name := range []string{"amara.obi", "jonas.weber", "li.chen", "maria.santos", "tom.reilly", "yuki.tanaka"} {
		console := "password"
		if i%2 == 0 {
			console = "mfa"
		}
		a.user(name, 0, console, groups("DataScience"))
	}
}
