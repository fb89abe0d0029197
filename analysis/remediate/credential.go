package remediate

import (
	"encoding/json"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// detachProfile takes the role from an instance.
func detachProfile(p *problem) []Change {
	if p.node.Kind != graph.KindInstance || !p.is(graph.PropResource) || p.fact.Pointer != "/IamInstanceProfile" {
		return nil
	}
	patch, ok := p.withoutElement()
	if !ok {
		return nil
	}
	for _, kind := range []graph.EdgeKind{graph.EdgeHasProfile, graph.EdgeHasRole} {
		for to := range p.snap.OutKind(p.fact.Node, kind) {
			patch.Unlink = append(patch.Unlink, graph.EdgeChange{From: p.fact.Node, To: to, Kind: kind})
		}
	}
	return []Change{{Title: "Take the role from " + name(p.node), Kind: "instance profile", Node: p.fact.Node, Effort: 3, Patch: patch}}
}

// retireReportedKey ends a long-term key that the credential report shows,
// which names no key ids.
func retireReportedKey(p *problem) []Change {
	if p.node.Kind != graph.KindUser || !p.is(graph.PropCredentialReport) || !strings.HasPrefix(p.fact.Pointer, "/access_key_") {
		return nil
	}
	patch, ok := p.withElement(p.fact.Pointer, `"false"`)
	if !ok {
		return nil
	}
	return []Change{{Title: "Retire the access key of " + name(p.node), Kind: "access key", Node: p.fact.Node, Effort: 2, Patch: patch, what: p.fact.Pointer}}
}

// retireKey ends a long-term key.
func retireKey(p *problem) []Change {
	if p.node.Kind != graph.KindAccessKey || !p.is(graph.PropResource) {
		return nil
	}
	patch, ok := p.withElement("/Status", `"Inactive"`)
	if !ok {
		return nil
	}
	var key struct {
		AccessKeyId, UserName string
	}
	command := ""
	if json.Unmarshal(p.document(), &key) == nil && key.AccessKeyId != "" && key.UserName != "" {
		command = "iam update-access-key --user-name " + key.UserName + " --access-key-id " + key.AccessKeyId + " --status Inactive"
	}
	return []Change{{Title: "Retire the access key " + name(p.node), Kind: "access key", Node: p.fact.Node, Effort: 2, Patch: patch, Commands: cli(command)}}
}

// removeCredential takes a credential out of the text it lies in. Whoever has
// read it keeps it: rotate it as well.
func removeCredential(p *problem) []Change {
	if !p.is(graph.PropCredentials) {
		return nil
	}
	patch, ok := p.withoutElement()
	if !ok {
		return nil
	}
	return []Change{{Title: "Remove and rotate the credential in " + name(p.node), Kind: "credential", Node: p.fact.Node, Effort: 2, Patch: patch, what: p.fact.Anchor}}
}
