package assemble

import (
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
	"github.com/cairn-security/cairn/ingest/fields"
)

var contentShape = fields.New("Content")

// credentialReport gives every user (and the account, for its root user) a row
// of the IAM credential report as an object of column to value. The report is
// CSV, in base64 where the reply was not decoded.
func credentialReport(c *call, _ node) {
	var content string
	contentShape.Scan(c.rec.Body, func(_ int, value []byte) { content = fields.Text(value) })
	if plain, err := base64.StdEncoding.DecodeString(content); err == nil && len(plain) > 0 {
		content = string(plain)
	}
	r := csv.NewReader(strings.NewReader(content))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		c.malformed(none, "Content", fmt.Sprintf("the credential report is no CSV: %v", err))
	}
	if len(rows) == 0 {
		return
	}
	for _, row := range rows[1:] {
		fields := map[string]string{}
		for i, value := range row {
			if i < len(rows[0]) {
				fields[rows[0][i]] = value
			}
		}
		c.credentialRow(fields)
	}
}

func (c *call) credentialRow(fields map[string]string) {
	object, err := json.Marshal(fields)
	a, ok := arn.Parse(fields["arn"])
	if err != nil || !ok {
		c.problem("Content", fmt.Sprintf("a row of the credential report has no ARN (user %q)", fields["user"]))
		return
	}
	n := c.accountNode(a.Account)
	if fields["user"] != "<root_account>" {
		n = c.describe(graph.Node{ID: a.String(), Kind: graph.KindUser, Name: fields["user"], Account: accountOf(a)}, "iam:user/"+fields["user"])
	}
	c.set(n, graph.PropCredentialReport, object)
}
