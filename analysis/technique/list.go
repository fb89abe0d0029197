package technique

import "slices"

// catalogue is every technique in the order in which steps are derived.
var catalogue = slices.Concat(entries, computeTechniques, takeComputeTechniques(), swapTechniques, passRoleTechniques(), identityTechniques, dataTechniques)

var entries = []Technique{
	{ID: entry(EntryInternet), Name: "Internet", derive: deriveEntryInternet},
	{ID: entry(EntryAnyAWS), Name: "Any AWS account", derive: deriveEntryAnyAWS},
	{ID: entry(EntryForeign), Name: "Foreign account", Attack: []string{"T1199"}, derive: deriveEntryForeign,
		Detections: []string{"CloudTrail AssumeRole from outside the organization"}},
	{ID: entry(EntryCI), Name: "CI identity", Attack: []string{"T1199"}, derive: deriveEntryCI,
		Detections: []string{"CloudTrail AssumeRoleWithWebIdentity with a foreign subject"},
		Verify:     "aws iam get-role: the trust policy has no condition on the subject, or its pattern leaves the owner open."},
	{ID: entry(EntryLeakedKey), Name: "Leaked key", Attack: []string{"T1078.004"}, derive: deriveEntryLeakedKey,
		Detections: []string{"CloudTrail use of the key from a new address"}},
	{ID: entry(EntryBreach), Name: "Assumed breach", Attack: []string{"T1078"}, derive: deriveEntryBreach},
}

// computeTechniques give execution on compute and what runs there.
var computeTechniques = []Technique{
	{ID: exploitWorkload, Name: "Exploit workload", Attack: []string{"T1190"}, derive: deriveExploitWorkload,
		Detections: []string{"Load balancer and VPC flow logs", "GuardDuty findings on the workload"},
		Verify:     "From outside, open a TCP connection to the port and close it again."},
	{ID: callFunction, Name: "Call open function", Attack: []string{"T1190"}, derive: deriveCallFunction,
		Detections: []string{"CloudTrail InvokeFunctionUrl data events"},
		Verify:     "Request the function URL with HTTP HEAD and no credentials: anything but 403 means it is open."},
	{ID: instanceMetadata, Name: "Instance metadata", Attack: []string{"T1552.005"}, derive: deriveInstanceMetadata,
		Detections: []string{"GuardDuty InstanceCredentialExfiltration"},
		Verify:     "aws ec2 describe-instances --query 'Reservations[].Instances[].MetadataOptions'"},
	{ID: runtimeCredentials, Name: "Runtime credentials", Attack: []string{"T1552"}, derive: deriveRuntimeCredentials,
		Detections: []string{"CloudTrail use of the role from outside the service"}},
}

// swapTechniques put another role on compute that exists.
var swapTechniques = []Technique{
	{ID: swapRole, Name: "Swap role", Attack: []string{"T1098.003"}, derive: deriveSwapRole,
		Detections: []string{"CloudTrail UpdateFunctionConfiguration, UpdateProject, AssociateIamInstanceProfile, ReplaceIamInstanceProfileAssociation"},
		Verify:     "aws iam simulate-principal-policy for iam:PassRole on the role and for the change on the compute."},
}

// identityTechniques turn one identity into another or into more.
var identityTechniques = []Technique{
	{ID: assumeRole, Name: "Assume role", Attack: []string{"T1078.004", "T1550"}, derive: deriveAssumeRole,
		Detections: []string{"CloudTrail AssumeRole"},
		Verify:     "aws iam simulate-principal-policy for sts:AssumeRole on the role, and read the trust policy."},
	{ID: createAccessKey, Name: "Create access key", Attack: []string{"T1098.001"}, derive: deriveCredentials,
		Detections: []string{"CloudTrail CreateAccessKey by another principal"}, Verify: "aws iam simulate-principal-policy for iam:CreateAccessKey on the user."},
	{ID: setPassword, Name: "Set password", Attack: []string{"T1098.001"},
		Detections: []string{"CloudTrail CreateLoginProfile and UpdateLoginProfile"}, Verify: "aws iam simulate-principal-policy for iam:UpdateLoginProfile on the user."},
	{ID: changeTrust, Name: "Rewrite trust", Attack: []string{"T1098.003"}, derive: deriveChangeTrust,
		Detections: []string{"CloudTrail UpdateAssumeRolePolicy"}, Verify: "aws iam simulate-principal-policy for iam:UpdateAssumeRolePolicy on the role."},
	{ID: grantPolicy, Name: "Grant policy", Attack: []string{"T1098.003", "T1548"}, derive: deriveGrantPolicy,
		Detections: []string{"CloudTrail Attach*Policy, Put*Policy, CreatePolicyVersion"}, Verify: "aws iam simulate-principal-policy for the write on the identity."},
	{ID: createIdentity, Name: "Create identity", Attack: []string{"T1136.003", "T1098.003"}, derive: deriveCreateIdentity,
		Detections: []string{"CloudTrail CreateUser and CreateRole, with Put*Policy or Attach*Policy after them"}, Verify: "aws iam simulate-principal-policy for the calls on a name that is not taken."},
	{ID: changePolicies, Name: "Change policies", Attack: []string{"T1098.003", "T1548"}, derive: deriveChangePolicies,
		Detections: []string{"CloudTrail AddUserToGroup, SetDefaultPolicyVersion, Delete*PermissionsBoundary, Detach*Policy"}, Verify: "aws iam simulate-principal-policy for the write."},
	{ID: administrator, Name: "Administer account", Attack: []string{"T1078.004"}, derive: deriveAdministrator,
		Verify: "aws iam simulate-principal-policy for a few unrelated actions on *."},
}

// dataTechniques end at data.
var dataTechniques = []Technique{
	{ID: anonymousAccess, Name: "Public access", Attack: []string{"T1530"}, derive: deriveAnonymousAccess,
		Detections: []string{"S3 server access logs and CloudTrail data events"}, Verify: "Request one object's headers with no credentials (aws s3api head-object --no-sign-request)."},
	{ID: snapshotRestore, Name: "Restore shared copy", Attack: []string{"T1537"},
		Detections: []string{"CloudTrail ModifySnapshotAttribute and ModifyDBSnapshotAttribute"}, Verify: "From another account, describe the snapshot; do not restore it."},
	{ID: dataRead, Name: "Read data", Attack: []string{"T1530"}, derive: deriveDataAccess,
		Detections: []string{"CloudTrail data events"}, Verify: "aws iam simulate-principal-policy for the read action on the datastore."},
	{ID: dataWrite, Name: "Change data", Attack: []string{"T1565.001"}, Detections: []string{"CloudTrail data events"}},
	{ID: dataDestroy, Name: "Destroy data", Attack: []string{"T1485"}, Detections: []string{"CloudTrail delete events"}},
	{ID: accessPoint, Name: "Use access point", Attack: []string{"T1530"}, derive: deriveAccessPoints,
		Detections: []string{"CloudTrail data events that name the access point"}, Verify: "aws s3control get-access-point-policy-status, and request one object's headers through the access point."},
	{ID: readSecret, Name: "Read secret", Attack: []string{"T1555.006"},
		Detections: []string{"CloudTrail GetSecretValue and GetParameter"}, Verify: "aws secretsmanager describe-secret and get-resource-policy; do not fetch the value."},
	{ID: openData, Name: "Open datastore", Attack: []string{"T1098", "T1537"}, derive: deriveOpenData,
		Detections: []string{"CloudTrail PutBucketPolicy, PutResourcePolicy, SetQueueAttributes, ModifySnapshotAttribute, ModifyDBSnapshotAttribute"},
		Verify:     "aws iam simulate-principal-policy for the write of the policy on the datastore."},
	{ID: openKeyPolicy, Name: "Open key", Attack: []string{"T1098"}, derive: deriveOpenKey,
		Detections: []string{"CloudTrail PutKeyPolicy and CreateGrant"},
		Verify:     "aws iam simulate-principal-policy for kms:PutKeyPolicy and kms:CreateGrant on the key."},
	{ID: copyData, Name: "Copy out data", Attack: []string{"T1578.001", "T1537"}, derive: deriveCopyData,
		Detections: []string{"CloudTrail CreateDBSnapshot, RestoreDBInstanceFromDBSnapshot and ModifyDBSnapshotAttribute"},
		Verify:     "aws iam simulate-principal-policy for rds:CreateDBSnapshot on the database, and for restoring or sharing a snapshot."},
	{ID: resetPassword, Name: "Reset database password", Attack: []string{"T1098"}, derive: deriveResetPassword,
		Detections: []string{"CloudTrail ModifyDBInstance and ModifyDBCluster with masterUserPassword"},
		Verify:     "aws iam simulate-principal-policy for rds:ModifyDBInstance on the database."},
	{ID: readConfiguration, Name: "Read configuration", Attack: []string{"T1552.001", "T1580"}, derive: deriveReadConfiguration,
		Detections: []string{"CloudTrail GetFunction, DescribeInstanceAttribute, DescribeTaskDefinition and BatchGetProjects by an unusual principal"},
		Verify:     "aws iam simulate-principal-policy for the describing action on the resource."},
	{ID: injectedSecret, Name: "Secret in environment", Attack: []string{"T1552.007"}, derive: deriveInjectedSecret,
		Detections: []string{"Use of the secret from an address that is not the task's"}, Verify: "aws ecs describe-task-definition: which secrets stand under containerDefinitions?"},
	{ID: secretFound, Name: "Use found credential", Attack: []string{"T1552.001"}, derive: deriveSecretFound,
		Detections: []string{"CloudTrail use of the key from a new address"}},
	{ID: networkReach, Name: "Network reach", Attack: []string{"T1046"}, derive: deriveNetworkReach, Detections: []string{"VPC flow logs"},
		Verify: "Open a TCP connection to the port from the position and close it again."},
	{ID: mountFileSystem, Name: "Mount file system", Attack: []string{"T1039"}, derive: deriveMountFileSystem,
		Detections: []string{"VPC flow logs to port 2049", "CloudTrail NewClientConnection data events"},
		Verify:     "aws efs describe-file-system-policy; do not mount."},
	{ID: databaseLogin, Name: "Log in", Attack: []string{"T1213.006", "T1078"}, derive: deriveDatabaseLogin,
		Detections: []string{"Database audit log"}},
}
