package remediate

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

const allBlocked = `{"BlockPublicAcls":true,"IgnorePublicAcls":true,"BlockPublicPolicy":true,"RestrictPublicBuckets":true}`

// set is a change of one property.
func set(node graph.Ref, key string, value json.RawMessage) graph.Patch {
	return graph.Patch{Set: []graph.PropChange{{Node: node, Key: key, Value: value}}}
}

// blockPublicAccess switches the block on where its absence, or a flag that is
// off, lets the public in.
func blockPublicAccess(snap *graph.Snapshot, f attack.Fact, _ []graph.Ref) []Change {
	n := snap.Node(f.Node)
	if f.Property != graph.PropPublicAccessBlock || n.Kind != graph.KindBucket {
		return nil
	}
	return []Change{{Title: "Block public access to " + name(n), Kind: "block public access", Node: f.Node, Effort: 1,
		Patch: set(f.Node, f.Property, json.RawMessage(allBlocked)),
		Commands: []string{"aws s3api put-public-access-block --bucket " + n.Name +
			" --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"}}}
}

// element takes the element a fact names out of its property.
func element(snap *graph.Snapshot, f attack.Fact) (graph.Patch, bool) {
	if f.Absent {
		return graph.Patch{}, false
	}
	rest, ok := graph.WithoutElement(snap.Prop(f.Node, f.Property), f.Pointer)
	if !ok {
		return graph.Patch{}, false
	}
	return set(f.Node, f.Property, rest), true
}

// removeGroupRule takes a peer (or, where the fact is a whole rule, the rule)
// out of a security group's inbound rules.
func removeGroupRule(snap *graph.Snapshot, f attack.Fact, _ []graph.Ref) []Change {
	n := snap.Node(f.Node)
	if n.Kind != graph.KindSecurityGroup || f.Property != graph.PropResource || !strings.HasPrefix(f.Pointer, "/IpPermissions/") {
		return nil
	}
	patch, ok := element(snap, f)
	if !ok {
		return nil
	}
	parts := strings.SplitN(f.Pointer, "/", 4) // "", IpPermissions, N, rest
	raw, _ := graph.Element(snap.Prop(f.Node, f.Property), "/"+parts[1]+"/"+parts[2])
	var rule struct {
		IpProtocol       string
		FromPort, ToPort int
	}
	if json.Unmarshal(raw, &rule) != nil {
		return nil
	}
	ports := "every port"
	if rule.IpProtocol != "-1" {
		ports = fmt.Sprintf("%s %d", rule.IpProtocol, rule.FromPort)
		if rule.ToPort != rule.FromPort {
			ports += fmt.Sprintf("-%d", rule.ToPort)
		}
	}
	peer := peerOf(snap, f)
	return []Change{{Title: fmt.Sprintf("Close %s of %s to %s", ports, name(n), peer), Kind: "security group rule", Node: f.Node, Effort: 2, Patch: patch,
		Commands: []string{fmt.Sprintf("aws ec2 revoke-security-group-ingress --group-id %s --ip-permissions file://rule.json", bareID(n.ID))}}}
}

func peerOf(snap *graph.Snapshot, f attack.Fact) string {
	raw, _ := graph.Element(snap.Prop(f.Node, f.Property), f.Pointer)
	var peer struct{ CidrIp, CidrIpv6, GroupId, PrefixListId string }
	if json.Unmarshal(raw, &peer) != nil {
		return "its peers"
	}
	for _, s := range []string{peer.CidrIp, peer.CidrIpv6, peer.GroupId, peer.PrefixListId} {
		if s != "" {
			return s
		}
	}
	return "its peers"
}

func bareID(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// removeSharing takes a receiver out of a snapshot's or image's sharing list.
func removeSharing(snap *graph.Snapshot, f attack.Fact, _ []graph.Ref) []Change {
	n := snap.Node(f.Node)
	switch n.Kind {
	case graph.KindDBSnapshot, graph.KindVolumeSnapshot, graph.KindImage:
	default:
		return nil
	}
	if f.Property != graph.PropAttributes {
		return nil
	}
	patch, ok := element(snap, f)
	if !ok {
		return nil
	}
	var commands []string
	if n.Kind == graph.KindDBSnapshot {
		commands = []string{"aws rds modify-db-snapshot-attribute --db-snapshot-identifier " + n.Name + " --attribute-name restore --values-to-remove all"}
	}
	return []Change{{Title: "Stop sharing " + name(n), Kind: "sharing attribute", Node: f.Node, Effort: 1, Patch: patch, Commands: commands}}
}

// removeGrant takes a grant out of an access control list or of a key.
func removeGrant(snap *graph.Snapshot, f attack.Fact, _ []graph.Ref) []Change {
	if f.Property != graph.PropACL && f.Property != graph.PropGrants {
		return nil
	}
	patch, ok := element(snap, f)
	if !ok {
		return nil
	}
	n := snap.Node(f.Node)
	return []Change{{Title: "Remove a grant of " + name(n), Kind: "grant", Node: f.Node, Effort: 1, Patch: patch}}
}

// requireSignedCalls makes a function URL ask for signatures.
func requireSignedCalls(snap *graph.Snapshot, f attack.Fact, _ []graph.Ref) []Change {
	if f.Property != graph.PropURL || f.Pointer != "/AuthType" || f.Absent {
		return nil
	}
	n := snap.Node(f.Node)
	signed, ok := graph.WithElement(snap.Prop(f.Node, f.Property), f.Pointer, json.RawMessage(`"AWS_IAM"`))
	if !ok {
		return nil
	}
	return []Change{{Title: "Require signed calls on the URL of " + name(n), Kind: "function URL", Node: f.Node, Effort: 1, Patch: set(f.Node, f.Property, signed),
		Commands: []string{"aws lambda update-function-url-config --function-name " + n.Name + " --auth-type AWS_IAM"}}}
}

// detachProfile takes the role from an instance.
func detachProfile(snap *graph.Snapshot, f attack.Fact, _ []graph.Ref) []Change {
	n := snap.Node(f.Node)
	if n.Kind != graph.KindInstance || f.Property != graph.PropResource || f.Pointer != "/IamInstanceProfile" {
		return nil
	}
	patch, ok := element(snap, f)
	if !ok {
		return nil
	}
	for _, kind := range []graph.EdgeKind{graph.EdgeHasProfile, graph.EdgeHasRole} {
		for to := range snap.OutKind(f.Node, kind) {
			patch.Unlink = append(patch.Unlink, graph.EdgeChange{From: f.Node, To: to, Kind: kind})
		}
	}
	return []Change{{Title: "Take the role from " + name(n), Kind: "instance profile", Node: f.Node, Effort: 3, Patch: patch}}
}

// retireKey ends a long-term key.
func retireKey(snap *graph.Snapshot, f attack.Fact, _ []graph.Ref) []Change {
	n := snap.Node(f.Node)
	switch {
	case f.Absent:
		return nil
	case n.Kind == graph.KindUser && f.Property == graph.PropCredentialReport:
		off, ok := graph.WithElement(snap.Prop(f.Node, f.Property), f.Pointer, json.RawMessage(`"false"`))
		if !ok {
			return nil
		}
		return []Change{{Title: "Retire the access key of " + name(n), Kind: "access key", Node: f.Node, Effort: 2, Patch: set(f.Node, f.Property, off)}}
	case n.Kind == graph.KindAccessKey && f.Property == graph.PropResource:
		off, ok := graph.WithElement(snap.Prop(f.Node, f.Property), "/Status", json.RawMessage(`"Inactive"`))
		if !ok {
			return nil
		}
		return []Change{{Title: "Retire the access key " + name(n), Kind: "access key", Node: f.Node, Effort: 2, Patch: set(f.Node, f.Property, off)}}
	}
	return nil
}

// removeCredential takes a credential out of the text it lies in. Whoever has
// read it keeps it: rotate it as well.
func removeCredential(snap *graph.Snapshot, f attack.Fact, _ []graph.Ref) []Change {
	if f.Property != graph.PropCredentials {
		return nil
	}
	patch, ok := element(snap, f)
	if !ok {
		return nil
	}
	return []Change{{Title: "Remove and rotate the credential in " + name(snap.Node(f.Node)), Kind: "credential", Node: f.Node, Effort: 2, Patch: patch}}
}

// closeDatabase takes a database's public address away.
func closeDatabase(snap *graph.Snapshot, f attack.Fact, _ []graph.Ref) []Change {
	n := snap.Node(f.Node)
	if f.Property != graph.PropResource || f.Pointer != "/PubliclyAccessible" || f.Absent {
		return nil
	}
	closed, ok := graph.WithElement(snap.Prop(f.Node, f.Property), f.Pointer, json.RawMessage("false"))
	if !ok {
		return nil
	}
	return []Change{{Title: "Make " + name(n) + " private", Kind: "public access", Node: f.Node, Effort: 2, Patch: set(f.Node, f.Property, closed),
		Commands: []string{"aws rds modify-db-instance --db-instance-identifier " + n.Name + " --no-publicly-accessible"}}}
}
