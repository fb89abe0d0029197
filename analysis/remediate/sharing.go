package remediate

import (
	"encoding/json"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

const allBlocked = `{"BlockPublicAcls":true,"IgnorePublicAcls":true,"BlockPublicPolicy":true,"RestrictPublicBuckets":true}`

// blockPublicAccess switches the block on where its absence, or a flag that is
// off, lets the public in.
func blockPublicAccess(p *problem) []Change {
	if p.fact.Property != graph.PropPublicAccessBlock || p.node.Kind != graph.KindBucket {
		return nil
	}
	return []Change{{Title: "Block public access to " + name(p.node), Kind: "block public access", Node: p.fact.Node, Effort: 1,
		Patch: set(p.fact.Node, p.fact.Property, json.RawMessage(allBlocked)),
		Commands: cli("s3api put-public-access-block --bucket " + p.node.Name +
			" --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true")}}
}

// removeSharing takes a receiver out of a snapshot's or image's sharing list.
func removeSharing(p *problem) []Change {
	if !p.is(graph.PropAttributes) {
		return nil
	}
	patch, ok := p.withoutElement()
	if !ok {
		return nil
	}
	var shared struct {
		Group, UserId   string
		AttributeValues []string
	}
	_ = json.Unmarshal(p.element(), &shared) // of another shape: the change stands without its call
	command := ""
	switch p.node.Kind {
	case graph.KindDBSnapshot:
		if len(shared.AttributeValues) > 0 {
			command = "rds modify-db-snapshot-attribute --db-snapshot-identifier " + p.node.Name + " --attribute-name restore --values-to-remove " + strings.Join(shared.AttributeValues, " ")
		}
	case graph.KindVolumeSnapshot:
		command = receivers("ec2 modify-snapshot-attribute --snapshot-id "+bareID(p.node.ID)+" --attribute createVolumePermission --operation-type remove", shared.Group, shared.UserId)
	case graph.KindImage:
		command = receivers("ec2 modify-image-attribute --image-id "+bareID(p.node.ID)+" --attribute launchPermission --operation-type remove", shared.Group, shared.UserId)
	default:
		return nil
	}
	return []Change{{Title: "Stop sharing " + name(p.node), Kind: "sharing attribute", Node: p.fact.Node, Effort: 1, Patch: patch, Commands: cli(command), what: p.fact.Anchor}}
}

func receivers(command, group, user string) string {
	switch {
	case group != "":
		return command + " --group-names " + group
	case user != "":
		return command + " --user-ids " + user
	}
	return ""
}

func bareID(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// removeGrant takes a grant out of an access control list or of a key.
func removeGrant(p *problem) []Change {
	if !p.is(graph.PropACL) && !p.is(graph.PropGrants) {
		return nil
	}
	patch, ok := p.withoutElement()
	if !ok {
		return nil
	}
	var grant struct{ GrantId string }
	_ = json.Unmarshal(p.element(), &grant) // of another shape: the change stands without its call
	command := ""
	switch {
	case p.node.Kind == graph.KindBucket:
		command = "s3api put-bucket-acl --bucket " + p.node.Name + " --access-control-policy file://acl.json"
	case p.node.Kind == graph.KindKey && grant.GrantId != "":
		command = "kms revoke-grant --key-id " + p.node.ID + " --grant-id " + grant.GrantId
	}
	return []Change{{Title: "Remove a grant of " + name(p.node), Kind: "grant", Node: p.fact.Node, Effort: 1, Patch: patch, Commands: cli(command), what: p.fact.Anchor}}
}

// requireSignedCalls makes a function URL ask for signatures.
func requireSignedCalls(p *problem) []Change {
	if !p.is(graph.PropURL) || p.fact.Pointer != "/AuthType" {
		return nil
	}
	patch, ok := p.withElement(p.fact.Pointer, `"AWS_IAM"`)
	if !ok {
		return nil
	}
	return []Change{{Title: "Require signed calls on the URL of " + name(p.node), Kind: "function URL", Node: p.fact.Node, Effort: 1, Patch: patch,
		Commands: cli("lambda update-function-url-config --function-name " + p.node.Name + " --auth-type AWS_IAM")}}
}
