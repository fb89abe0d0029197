package remediate

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// groupRule is one entry of IpPermissions.
type groupRule struct {
	IpProtocol       string
	FromPort, ToPort *int
}

// ports says in words what a rule lets in.
func (r *groupRule) ports() string {
	switch {
	case r.IpProtocol == "-1":
		return "every port"
	case r.IpProtocol != "tcp" && r.IpProtocol != "udp":
		return r.IpProtocol // types of ICMP, or a protocol without ports
	case r.FromPort == nil || r.ToPort == nil || *r.FromPort <= 0 && *r.ToPort >= 65535:
		return "every " + r.IpProtocol + " port"
	case *r.FromPort == *r.ToPort:
		return fmt.Sprintf("%s %d", r.IpProtocol, *r.FromPort)
	}
	return fmt.Sprintf("%s %d-%d", r.IpProtocol, *r.FromPort, *r.ToPort)
}

// removeGroupRule takes a peer (or, where the fact is a whole rule, the rule)
// out of a security group's inbound rules.
func removeGroupRule(p *problem) []Change {
	parts := strings.Split(p.fact.Pointer, "/") // "", IpPermissions, N[, list of peers, M]
	if p.node.Kind != graph.KindSecurityGroup || !p.is(graph.PropResource) || len(parts) != 3 && len(parts) != 5 || parts[1] != "IpPermissions" {
		return nil
	}
	patch, ok := p.withoutElement()
	if !ok {
		return nil
	}
	raw, _ := graph.Element(p.document(), strings.Join(parts[:3], "/"))
	var rule groupRule
	if json.Unmarshal(raw, &rule) != nil {
		return nil
	}
	peer, gone := "its peers", raw
	if len(parts) == 5 {
		peer = peerName(p.element())
		gone = rulePart(rule, parts[3], p.element())
	}
	return []Change{{Title: fmt.Sprintf("Close %s of %s to %s", rule.ports(), name(p.node), peer), Kind: "security group rule", Node: p.fact.Node, Effort: 2, Patch: patch,
		what: rule.ports() + p.fact.Anchor, Commands: cli(fmt.Sprintf("ec2 revoke-security-group-ingress --group-id %s --ip-permissions '[%s]'", bareID(p.node.ID), gone))}}
}

// rulePart is the part of a rule that names one peer.
func rulePart(rule groupRule, list string, peer json.RawMessage) json.RawMessage {
	part, err := json.Marshal(struct {
		IpProtocol string
		FromPort   *int `json:",omitempty"`
		ToPort     *int `json:",omitempty"`
	}(rule))
	if err != nil {
		return nil // strings and numbers marshal
	}
	part, _ = graph.WithElement(part, "/"+list, json.RawMessage("["+string(peer)+"]"))
	return part
}

func peerName(raw json.RawMessage) string {
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

// closeDatabase takes a database's public address away.
func closeDatabase(p *problem) []Change {
	if !p.is(graph.PropResource) || p.fact.Pointer != "/PubliclyAccessible" || string(p.element()) != "true" {
		return nil
	}
	command := ""
	switch p.node.Kind {
	case graph.KindDBInstance:
		command = "rds modify-db-instance --db-instance-identifier " + p.node.Name + " --no-publicly-accessible"
	case graph.KindWarehouse:
		command = "redshift modify-cluster --cluster-identifier " + p.node.Name + " --no-publicly-accessible"
	case graph.KindDBCluster:
	default:
		return nil // brokers, for instance, are made anew
	}
	patch, ok := p.withElement(p.fact.Pointer, "false")
	if !ok {
		return nil
	}
	return []Change{{Title: "Make " + name(p.node) + " private", Kind: "public access", Node: p.fact.Node, Effort: 2, Patch: patch, Commands: cli(command)}}
}
