package graph

import (
	"encoding/json"
	"time"
)

// Property keys. A value is JSON. A key that is absent was not read or does
// not exist; which of the two, the gaps that affect the node say.
const (
	// PropResource is the provider's own description of the node: one item of
	// a describe or list reply, in the shape the AWS CLI prints.
	PropResource = "resource"
	// PropPolicy is the resource policy (bucket, key, queue, function, secret ...).
	PropPolicy = "policy"
	// PropTrust is the trust policy of a role.
	PropTrust = "trust"
	// PropDocument is the text of a managed or organization policy.
	PropDocument = "document"
	// PropInlinePrefix + name is an inline policy of a user, group or role.
	PropInlinePrefix = "inline/"
	// PropOrgPolicyType is "SERVICE_CONTROL_POLICY" or "RESOURCE_CONTROL_POLICY".
	PropOrgPolicyType = "policyType"
	// PropTags is an object of tag key to tag value.
	PropTags = "tags"
	// PropACL is the access control list of a bucket (GetBucketAcl reply).
	PropACL = "acl"
	// PropObjectACL + key is the access control list of one object of a bucket
	// (GetObjectAcl reply); those of the owner alone are left out.
	PropObjectACL = "objectAcl/"
	// PropOwnership is GetBucketOwnershipControls' OwnershipControls.
	PropOwnership = "ownership"
	// PropPublicAccessBlock is the four flags of a bucket or account.
	PropPublicAccessBlock = "publicAccessBlock"
	// PropEncryption is GetBucketEncryption's ServerSideEncryptionConfiguration.
	PropEncryption = "encryption"
	// PropVersioning is GetBucketVersioning's reply.
	PropVersioning = "versioning"
	// PropLocation is the region a bucket lives in.
	PropLocation = "location"
	// PropAttributes is what a get-attributes call said: snapshot sharing
	// (list of attribute values; permissions of an EBS snapshot or image), load
	// balancer and target group attributes, queue and topic attributes, the
	// allowed principals of an endpoint service, the mount targets of a file system.
	PropAttributes = "attributes"
	// PropGrants is the list of grants of a KMS key.
	PropGrants = "grants"
	// PropURL is GetFunctionUrlConfig's reply.
	PropURL = "url"
	// PropListeners and PropRules are the listeners of a load balancer (or
	// accelerator) and the rules of all of them, PropHealth the targets of a
	// target group.
	PropListeners = "listeners"
	PropRules     = "rules"
	PropHealth    = "health"
	// PropRoutes are the routes of a transit gateway route table, PropPropagations
	// and PropAssociations its other two lists; PropEntries are a prefix list's entries.
	PropRoutes       = "routes"
	PropPropagations = "propagations"
	PropAssociations = "associations"
	PropEntries      = "entries"
	// PropUserData is what was found in user data, PropEnvironment an object of
	// the names of environment variables: never a value, only scrubbed
	// references and findings.
	PropUserData    = "userData"
	PropEnvironment = "environment"
	// PropCredentials is the list of credentials found in the node (sit.Credential).
	PropCredentials = "credentials"
	// PropSensitivity is what sampling found in a datastore (sit.Sampling).
	PropSensitivity = "sensitivity"
	// PropCatalogue is a classification taken over from a catalogue.
	PropCatalogue = "catalogue"
	// PropCredentialReport is a user's row of the IAM credential report.
	PropCredentialReport = "credentialReport"
	// PropLoginProfile is a user's console password (GetLoginProfile's
	// LoginProfile), PropMFADevices the list of its MFA devices, PropLastUsed when
	// an access key was used last (GetAccessKeyLastUsed's AccessKeyLastUsed).
	PropLoginProfile = "loginProfile"
	PropMFADevices   = "mfaDevices"
	PropLastUsed     = "lastUsed"
	// PropSnapshotBlockPrefix, PropImageBlockPrefix and PropMetadataDefaultsPrefix
	// + region are an account's settings for one region (replies of
	// GetSnapshotBlockPublicAccessState, GetImageBlockPublicAccessState,
	// GetInstanceMetadataDefaults).
	PropSnapshotBlockPrefix    = "snapshotBlockPublicAccess/"
	PropImageBlockPrefix       = "imageBlockPublicAccess/"
	PropMetadataDefaultsPrefix = "instanceMetadataDefaults/"
	// PropManagement is true on the management account of an organization.
	PropManagement = "managementAccount"
	// PropAlias is an account's display name.
	PropAlias = "alias"
)

// Prop is one property of a node: a key, a JSON value and where it was read.
type Prop struct {
	Key    string
	Value  json.RawMessage
	Origin OriginID
}

// OriginID indexes [Snapshot.Origin].
type OriginID uint32

// Origin says where and when a property was read.
type Origin struct {
	Source    string    `json:"source"`          // "aws", "gaad", "awscli", "demo" ...
	Account   string    `json:"account"`         // 12 digits, or empty
	Region    string    `json:"region"`          // or "global"
	Service   string    `json:"service"`         // "iam"
	Operation string    `json:"operation"`       // "GetAccountAuthorizationDetails"
	File      string    `json:"file,omitempty"`  // file inside the source, where it has files
	ReadAt    time.Time `json:"readAt,omitzero"` // UTC
	Stale     bool      `json:"stale,omitempty"` // kept from an earlier snapshot
}

// Call is "service Operation", as evidence prints it.
func (o Origin) Call() string {
	if o.Service == "" {
		return o.Operation
	}
	return o.Service + " " + o.Operation
}
