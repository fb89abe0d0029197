package operations

import (
	"strings"
)

// Role is what the template for one account of many needs to know.
type Role struct {
	Name       string // of the role in every account: "cairn-collector"
	Principal  string // who assumes it: an account id or an ARN
	ExternalID string // empty for none
	NoData     bool   // leave the data block out
}

// Template is a role for many accounts: the documents and the commands of the
// AWS CLI that create it, to be run once in each account.
type Template struct {
	Trust    Policy
	Metadata Policy
	Data     *Policy `json:",omitempty"`
	Commands []string
}

// Template returns the documents of the role and the commands that create it
// from files of those names beside them.
func (r Role) Template() Template {
	t := Template{Trust: TrustPolicy(r.Principal, r.ExternalID), Metadata: ReadPolicy(Metadata)}
	name := quote(r.Name)
	t.Commands = []string{
		"aws iam create-role --role-name " + name + " --assume-role-policy-document file://trust.json",
		"aws iam put-role-policy --role-name " + name + " --policy-name cairn-metadata --policy-document file://metadata.json",
	}
	if !r.NoData {
		data := ReadPolicy(Data)
		t.Data = &data
		t.Commands = append(t.Commands,
			"aws iam put-role-policy --role-name "+name+" --policy-name cairn-data --policy-document file://data.json")
	}
	return t
}

// quote makes one word for a POSIX shell.
func quote(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_+=,.@-/", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
