package sit

// CredentialKind says what sort of credential was found, as far as linking
// needs it.
type CredentialKind string

// The kinds that have a locator of their own.
const (
	AccessKey     CredentialKind = "accessKey"     // locator: the access key id
	DatabaseLogin CredentialKind = "databaseLogin" // locator: host:port/database/user
	SecretRef     CredentialKind = "secretRef"     // locator: ARN of a secret or parameter: a reference, no secret itself
	DatabaseHost  CredentialKind = "databaseHost"  // locator: host:port of a database: a reference, no secret itself
	Webhook       CredentialKind = "webhook"       // locator: host
	Token         CredentialKind = "token"         // locator: host of the provider where it is known
	PrivateKey    CredentialKind = "privateKey"    // no locator
	Password      CredentialKind = "password"      // locator: the name it is assigned to
)

// Credential is a credential found somewhere, without its secret part: what it
// opens (Locator), where it stood (FoundAt) and a keyed hash that tells two
// finds of the same secret from two different ones.
type Credential struct {
	Kind CredentialKind `json:"kind"`
	Type ID             `json:"type,omitempty"`
	// Locator is what links the credential to what it opens; empty where
	// nothing but the secret part is known.
	Locator string `json:"locator,omitempty"`
	// FoundAt is the object, variable or document path.
	FoundAt string `json:"foundAt"`
	// KeyedHash is HMAC-SHA-256 of the secret part under the hash key, hex;
	// empty for references.
	KeyedHash string `json:"keyedHash,omitempty"`
}
