package reach

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
	"github.com/cairn-security/cairn/graph"
)

func (b *Builder) addTasks() {
	e := b.est
	for _, it := range b.items[graph.KindTask] {
		var d taskDoc
		if !b.decode(it, &d) {
			continue
		}
		r := Resource{origin: it.origin, ID: cmp.Or(it.id, d.TaskArn), Kind: graph.KindTask, Account: it.account, Region: it.region,
			Name: strings.TrimPrefix(strings.TrimPrefix(d.Group, "family:"), "service:")}
		if d.LastStatus == "STOPPED" {
			r.down = "stopped"
		}
		for _, a := range d.Attachments {
			detail := map[string]string{}
			for _, x := range a.Details {
				detail[x.Name] = x.Value
			}
			id := detail["networkInterfaceId"]
			if id == "" {
				continue
			}
			if i := e.lookup(isInterface, id); i != none {
				r.ifaces = append(r.ifaces, i)
				continue
			}
			sub := e.lookup(isSubnet, detail["subnetId"])
			p, err := headerspace.ParseAddr(detail["privateIPv4Address"])
			if sub == none || err != nil {
				b.problem("task %s: its interface %s was not read", r.ID, id)
				continue
			}
			i := b.standIn(it.origin, id, it.account, sub, nil, headerspace.One(p), plainInterface)
			e.interfaces[i].unread = "interface " + id + " of task " + r.ID + " was not read"
			r.ifaces = append(r.ifaces, i)
		}
		b.resource(r, r.Name, d.ClusterArn[strings.LastIndexByte(d.ClusterArn, '/')+1:])
	}
}

// addContainerServices: a service wants a number of tasks. Where none of them is
// listed (they come and go), it stands for them: in its subnets, behind its
// groups, in its target groups.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html
func (b *Builder) addContainerServices() {
	for _, it := range b.items[graph.KindContainerService] {
		var d containerServiceDoc
		if !b.decode(it, &d) || d.DesiredCount == 0 || d.NetworkConfiguration == nil || b.runsTasks(&d) {
			continue
		}
		net := d.NetworkConfiguration.AwsvpcConfiguration
		ifaces := b.standIns(it, d.ServiceName, net.Subnets, net.SecurityGroups, plainInterface)
		for _, i := range ifaces {
			b.est.interfaces[i].publicGuess = net.AssignPublicIp == "ENABLED"
		}
		b.resource(Resource{origin: it.origin, ID: cmp.Or(it.id, d.ServiceArn), Kind: it.kind, Name: d.ServiceName, Account: it.account, Region: it.region, ifaces: ifaces}, d.ServiceName)
		for k, lb := range d.LoadBalancers {
			for _, i := range ifaces {
				b.awaited[lb.TargetGroupArn] = append(b.awaited[lb.TargetGroupArn], target{id: d.ServiceName, iface: i, alb: none, port: uint16(lb.ContainerPort),
					dst: b.est.interfaces[i].private, assumed: "a task of " + d.ServiceName + " runs: the service wants some and none is listed",
					from: it.origin.at("/loadBalancers/" + strconv.Itoa(k))})
			}
		}
	}
}

// runsTasks reports whether a task of the service is listed.
func (b *Builder) runsTasks(d *containerServiceDoc) bool {
	for _, it := range b.items[graph.KindTask] {
		var t taskDoc
		if b.decode(it, &t) && t.Group == "service:"+d.ServiceName && t.ClusterArn == d.ClusterArn {
			return true
		}
	}
	return false
}
