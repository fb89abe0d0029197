package main

import (
	"fmt"
	"strings"

	"github.com/cairn-security/cairn/ingest/aws/operations"
)

type policyCommand struct {
	AWS policyAWSCommand `cmd:"" name:"aws" help:"The read-only policy in two blocks, and the role template for many accounts."`
}

type policyAWSCommand struct {
	RoleName   string `help:"Name of the role in each account." default:"cairn-collector" placeholder:"NAME"`
	Principal  string `help:"Account id or ARN that assumes the role; prints the role template too." placeholder:"ID|ARN"`
	ExternalID string `name:"external-id" help:"External id the role asks for." placeholder:"X"`
	NoData     bool   `help:"Leave the data block out: no content is read."`
}

func (c *policyAWSCommand) Run(e *environment) error {
	role := operations.Role{Name: c.RoleName, Principal: c.Principal, ExternalID: c.ExternalID, NoData: c.NoData}
	template := role.Template()
	if e.globals.JSON {
		doc := struct {
			Schema   string             `json:"schema"`
			Metadata operations.Policy  `json:"metadata"`
			Data     *operations.Policy `json:"data"`
			Trust    *operations.Policy `json:"trust"`
			Commands []string           `json:"commands"`
			Why      map[string]string  `json:"why,omitempty"`
		}{Schema: "cairn.policy/v1", Metadata: template.Metadata, Data: template.Data, Commands: []string{}}
		doc.Why = map[string]string{}
		if c.Principal != "" {
			doc.Trust, doc.Commands = &template.Trust, template.Commands
		} else {
			doc.Why["trust"] = "--principal names who assumes the role"
		}
		if template.Data == nil {
			doc.Why["data"] = "--no-data leaves it out"
		}
		return e.writeJSON(doc)
	}
	fmt.Fprintf(e.stdout, "# metadata.json: configuration, never content\n%s", template.Metadata.JSON())
	if template.Data != nil {
		fmt.Fprintf(e.stdout, "\n# data.json: samples of objects and user data, for classification; leave it out to read no content\n%s", template.Data.JSON())
	}
	if c.Principal == "" {
		fmt.Fprintln(e.stdout, "\n# cairn policy aws --principal ACCOUNT|ARN --external-id X prints the role for many accounts too")
		return nil
	}
	fmt.Fprintf(e.stdout, "\n# trust.json: who may assume the role\n%s\n# in each account, with the three files beside:\n%s\n", template.Trust.JSON(), strings.Join(template.Commands, "\n"))
	return nil
}
