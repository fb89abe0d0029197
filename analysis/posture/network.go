package posture

import (
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/analysis/reach/headerspace"
	"github.com/cairn-security/cairn/graph"
)

// exposure is what the network engine says of a node's way to the internet, nil
// where it says nothing.
func (e *Estate) exposure(ref graph.Ref) *reach.Endpoint {
	if e.exposed == nil {
		e.exposed = map[graph.Ref]*reach.Endpoint{}
		all := e.Reach.Exposed(reach.Options{})
		for i := range all {
			if node := all[i].Resource.Node(); node != graph.NoRef {
				e.exposed[node] = &all[i]
			}
		}
	}
	return e.exposed[ref]
}

// adminPorts are those that people administer machines by.
var adminPorts = []struct {
	port uint16
	name string
}{{22, "SSH"}, {3389, "RDP"}}

func adminPortOpen(e *Estate, out emit) {
	for _, ref := range e.Snap.ByKind(graph.KindInstance) {
		if x := e.exposure(ref); x != nil && e.described(ref) {
			e.judgePorts(ref, x, out)
		}
	}
}

// judgePorts measures who gets to each port by itself: a machine may answer the
// internet on one port and an office on another.
func (e *Estate) judgePorts(ref graph.Ref, x *reach.Endpoint, out emit) {
	var open []string
	var reasons []attack.Reason
	for _, p := range adminPorts {
		if nearlyEverybody(reach.ClassOf(sourcesOf(x.Flows, p.port))) {
			open = append(open, p.name)
			reasons = append(reasons, e.arrival(x.Resource.ID, int(p.port))...)
		}
	}
	switch {
	case len(open) > 0:
		out(ref, Fail, e.name(ref)+" answers the internet by "+strings.Join(open, " and "), reasons...)
	case len(x.Missing) > 0:
		out(ref, Unknown, "Whether "+e.name(ref)+" can be administered from the internet was not read")
	default:
		out(ref, Pass, e.name(ref)+" cannot be administered from the internet")
	}
}

// sourcesOf are the addresses from which packets arrive at a TCP port.
func sourcesOf(flows headerspace.Space, port uint16) headerspace.Addrs {
	var sources headerspace.Addrs
	for _, c := range flows {
		if c.Svc.Contains(headerspace.MakeKey(headerspace.TCP, port)) {
			sources = sources.Union(c.Src)
		}
	}
	return sources
}

func nearlyEverybody(c reach.Class) bool { return c == reach.ClassInternet || c == reach.ClassBroad }

// arrival explains why packets from the internet arrive at a TCP port, or, for
// port 0, at all.
func (e *Estate) arrival(id string, port int) []attack.Reason {
	var o reach.Options
	if port > 0 {
		o = reach.Options{Protocol: "tcp", Port: port}
	}
	answer, err := e.Reach.Query("internet", id, o)
	if err != nil {
		return nil
	}
	return answer.Decision().Reasons
}

func databaseOpen(e *Estate, out emit) {
	for _, kind := range []graph.Kind{graph.KindDBInstance, graph.KindDBCluster, graph.KindWarehouse, graph.KindSearchDomain, graph.KindCache} {
		for _, ref := range e.Snap.ByKind(kind) {
			x := e.exposure(ref)
			if x == nil || !e.described(ref) {
				continue
			}
			switch {
			case nearlyEverybody(x.Class):
				out(ref, Fail, e.name(ref)+" answers the internet", e.arrival(x.Resource.ID, 0)...)
			case len(x.Missing) > 0:
				out(ref, Unknown, "Whether "+e.name(ref)+" answers the internet was not read")
			default:
				out(ref, Pass, e.name(ref)+" does not answer the internet")
			}
		}
	}
}

func metadataV1(e *Estate, out emit) {
	for _, ref := range e.Snap.ByKind(graph.KindInstance) {
		var doc struct {
			State           struct{ Name string }
			MetadataOptions *struct{ HttpEndpoint, HttpTokens string }
		}
		ok, err := e.Snap.Decode(ref, graph.PropResource, &doc)
		switch {
		case doc.State.Name == "terminated" || !e.described(ref):
		case !ok || err != nil || doc.MetadataOptions == nil:
			out(ref, Unknown, "The metadata options of "+e.name(ref)+" were not read")
		case doc.MetadataOptions.HttpEndpoint != "disabled" && doc.MetadataOptions.HttpTokens == "optional":
			out(ref, Fail, e.name(ref)+" hands out credentials without a session token (metadata version 1)",
				e.reason(ref, graph.PropResource, "/MetadataOptions/HttpTokens", "metadata options", "session tokens are optional"))
		default:
			out(ref, Pass, e.name(ref)+" requires session tokens for metadata")
		}
	}
}

func databaseUnencrypted(e *Estate, out emit) {
	for _, kind := range []graph.Kind{graph.KindDBInstance, graph.KindDBCluster} {
		for _, ref := range e.Snap.ByKind(kind) {
			var doc struct{ StorageEncrypted *bool }
			ok, err := e.Snap.Decode(ref, graph.PropResource, &doc)
			switch {
			case !e.described(ref):
			case !ok || err != nil || doc.StorageEncrypted == nil:
				out(ref, Unknown, "Whether "+e.name(ref)+" is encrypted was not read")
			case !*doc.StorageEncrypted:
				out(ref, Fail, e.name(ref)+" is not encrypted at rest", e.reason(ref, graph.PropResource, "/StorageEncrypted", "storage", "storage is not encrypted"))
			default:
				out(ref, Pass, e.name(ref)+" is encrypted at rest")
			}
		}
	}
}
