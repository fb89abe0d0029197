package posture

import (
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/analysis/reach/headerspace"
	"github.com/cairn-security/cairn/graph"
)

const protocolTCP = 6

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
		x := e.exposure(ref)
		if x == nil {
			continue
		}
		switch {
		case x.Class == reach.ClassUnknown:
			out(ref, Unknown, "Whether "+e.name(ref)+" can be administered from the internet was not read")
		case x.Class != reach.ClassInternet && x.Class != reach.ClassBroad:
			out(ref, Pass, e.name(ref)+" cannot be administered from the internet")
		default:
			e.judgePorts(ref, x, out)
		}
	}
}

func (e *Estate) judgePorts(ref graph.Ref, x *reach.Endpoint, out emit) {
	services := x.Flows.Services()
	for _, p := range adminPorts {
		if services.Contains(headerspace.MakeKey(protocolTCP, p.port)) {
			out(ref, Fail, p.name+" of "+e.name(ref)+" answers the internet", e.arrival(x.Resource.ID, int(p.port))...)
			return
		}
	}
	out(ref, Pass, e.name(ref)+" cannot be administered from the internet")
}

// arrival explains why packets from the internet arrive at a port.
func (e *Estate) arrival(id string, port int) []attack.Reason {
	answer, err := e.Reach.Query("internet", id, reach.Options{Protocol: "tcp", Port: port})
	if err != nil {
		return nil
	}
	return answer.Decision().Reasons
}

func databaseOpen(e *Estate, out emit) {
	for _, kind := range []graph.Kind{graph.KindDBInstance, graph.KindDBCluster, graph.KindWarehouse, graph.KindSearchDomain, graph.KindCache} {
		for _, ref := range e.Snap.ByKind(kind) {
			x := e.exposure(ref)
			if x == nil {
				continue
			}
			switch x.Class {
			case reach.ClassInternet, reach.ClassBroad:
				answer, err := e.Reach.Query("internet", x.Resource.ID, reach.Options{})
				var reasons []attack.Reason
				if err == nil {
					reasons = answer.Decision().Reasons
				}
				out(ref, Fail, e.name(ref)+" answers the internet", reasons...)
			case reach.ClassUnknown:
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
			MetadataOptions *struct{ HttpEndpoint, HttpTokens string }
		}
		ok, err := e.Snap.Decode(ref, graph.PropResource, &doc)
		switch {
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
