package policy

import "strings"

// CallerKind says what kind of principal makes a request.
type CallerKind uint8

const (
	// CallerUser is an IAM user.
	CallerUser CallerKind = iota
	// CallerRole is a session of a role.
	CallerRole
	// CallerRoot is the root user of an account.
	CallerRoot
	// CallerFederatedUser is a session of sts:GetFederationToken.
	CallerFederatedUser
	// CallerService is an AWS service acting for itself.
	CallerService
	// CallerFederated is an identity of a SAML or OIDC provider.
	CallerFederated
	// CallerAnonymous has no credentials.
	CallerAnonymous
	// CallerAnyAWS is some principal of some account that nobody here knows.
	CallerAnyAWS
)

// Caller is the principal of a request in the forms a policy can name it.
type Caller struct {
	Kind CallerKind
	// ARN is the principal as the request carries it: the user, the session,
	// the root user, the identity provider; for a service its host name.
	ARN     string
	Account string // 12 digits, empty where there is none
	// RoleARN is the role of a session with its path where that is known.
	RoleARN string
	// RolePathKnown is false when RoleARN was derived from a session ARN,
	// which does not show the path.
	RolePathKnown bool
	// SessionUnknown: the session's name is the attacker's to choose or not
	// known; ARN is then empty for a role.
	SessionUnknown bool
	// UniqueID is the AIDA…/AROA… id, empty if not known.
	UniqueID string
	// CanonicalUser is the S3 canonical id of the account, empty if not known.
	CanonicalUser string
	HasBoundary   bool
}

// Naming says how a Principal element names a caller; a statement may do so in
// several ways.
type Naming uint8

const (
	// NamesAccount: by its account, which delegates to the account's policies.
	NamesAccount Naming = 1 << iota
	// NamesRole: by the role of the session.
	NamesRole
	// NamesDirectly: the user, the session, the service or the provider itself.
	NamesDirectly
	// NamesEveryone: by *.
	NamesEveryone
	// NamesSession: by a session of the caller's role whose name is not known
	// to be the caller's.
	NamesSession
)

// compiledPrincipal is one entry of a Principal element.
type compiledPrincipal struct {
	kind    principalKind
	value   string
	account string // for roles and sessions
	name    string // role name without path
	session string
}

type principalKind uint8

const (
	principalNobody principalKind = iota
	principalEveryone
	principalAccount
	principalUser
	principalRole
	principalSession
	principalFederatedUser
	principalUnique
	principalService
	principalFederated
	principalCanonical
)

// compilePrincipal reads one entry. Wildcards inside an ARN are not expanded,
// and groups are no principals.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func compilePrincipal(p Principal) compiledPrincipal {
	c := compiledPrincipal{value: p.Value}
	switch p.Type {
	case "*":
		c.kind = principalEveryone
	case "Service":
		c.kind, c.value = principalService, strings.ToLower(p.Value)
	case "Federated":
		c.kind = principalFederated
	case "CanonicalUser":
		c.kind = principalCanonical
	case "AWS":
		c.aws(p.Value)
	}
	if p.Value == "*" && p.Type != "CanonicalUser" && p.Type != "AWS" && p.Type != "*" {
		c.kind = principalNobody // only AWS takes the bare wildcard
		if p.Type == "Federated" {
			c.kind = principalFederated
		}
	}
	return c
}

func (c *compiledPrincipal) aws(v string) {
	if v == "*" {
		c.kind = principalEveryone
		return
	}
	if len(v) == 12 && strings.Trim(v, "0123456789") == "" {
		c.kind, c.account = principalAccount, v
		return
	}
	parts := strings.SplitN(v, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		if strings.HasPrefix(v, "A") && strings.ToUpper(v) == v {
			c.kind = principalUnique // AIDA…, AROA…: a stored id of a deleted principal
		}
		return
	}
	c.account = parts[4]
	kind, rest, _ := strings.Cut(parts[5], "/")
	switch {
	case parts[2] == "iam" && parts[5] == "root":
		c.kind = principalAccount
	case parts[2] == "iam" && kind == "user":
		c.kind = principalUser
	case parts[2] == "iam" && kind == "role":
		c.kind, c.name = principalRole, rest[strings.LastIndexByte(rest, '/')+1:]
	case parts[2] == "sts" && kind == "assumed-role":
		c.kind = principalSession
		c.name, c.session, _ = strings.Cut(rest, "/")
	case parts[2] == "sts" && kind == "federated-user":
		c.kind = principalFederatedUser
	case parts[2] == "iam" && (kind == "saml-provider" || kind == "oidc-provider"):
		c.kind = principalFederated
	}
}

// names says how the entry names the caller, 0 if it does not.
func (c *compiledPrincipal) names(who *Caller) Naming {
	switch c.kind {
	case principalEveryone:
		return NamesEveryone
	case principalAccount:
		if who.Account == "" || who.Account != c.account || who.Kind == CallerFederated || who.Kind == CallerService {
			return 0
		}
		if who.Kind == CallerRoot {
			return NamesAccount | NamesDirectly
		}
		return NamesAccount
	case principalUser, principalFederatedUser:
		if (who.Kind == CallerUser || who.Kind == CallerFederatedUser) && who.ARN == c.value {
			return NamesDirectly
		}
	case principalRole:
		if who.Kind == CallerRole && c.isRole(who) {
			return NamesRole
		}
	case principalSession:
		if who.Kind != CallerRole || who.Account != c.account {
			return 0
		}
		if who.ARN == c.value {
			return NamesDirectly
		}
		if who.SessionUnknown && roleName(who.RoleARN) == c.name {
			return NamesSession
		}
	case principalUnique:
		if who.UniqueID != "" && who.UniqueID == c.value {
			if who.Kind == CallerRole {
				return NamesRole
			}
			return NamesDirectly
		}
	case principalService:
		if who.Kind == CallerService && strings.EqualFold(who.ARN, c.value) {
			return NamesDirectly
		}
	case principalFederated:
		if who.Kind == CallerFederated && (who.ARN == c.value || c.value == "*") {
			return NamesDirectly
		}
	case principalCanonical:
		if who.CanonicalUser != "" && who.CanonicalUser == c.value {
			return NamesAccount
		}
	}
	return 0
}

func (c *compiledPrincipal) isRole(who *Caller) bool {
	if who.RolePathKnown {
		return who.RoleARN == c.value
	}
	return who.Account == c.account && roleName(who.RoleARN) == c.name
}

func roleName(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// naming says how a Principal element names the caller.
func (s *Compiled) naming(who *Caller) Naming {
	var n Naming
	for i := range s.principals {
		n |= s.principals[i].names(who)
	}
	return n
}

// exempts says whether a NotPrincipal element spares the caller: the account
// and, below it, the user or the role must be listed. A principal with a
// permissions boundary is never spared.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func (s *Compiled) exempts(who *Caller) bool {
	if who.HasBoundary {
		return false
	}
	n := s.naming(who)
	switch who.Kind {
	case CallerUser, CallerRole, CallerFederatedUser:
		return n&NamesEveryone != 0 || n&NamesAccount != 0 && n&(NamesDirectly|NamesRole) != 0
	}
	return n != 0
}
