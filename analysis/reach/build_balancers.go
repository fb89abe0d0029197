package reach

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
	"github.com/cairn-security/cairn/graph"
)

type balancerKind uint8

const (
	applicationBalancer balancerKind = iota
	networkBalancer
	gatewayBalancer
	classicBalancer
)

// loadBalancer is an application, network, gateway or classic load balancer.
type loadBalancer struct {
	origin
	kind      balancerKind
	public    bool   // scheme internet-facing
	assumed   string // what was taken for granted of the scheme
	vpc       int32
	groups    []string
	nodes     []int32 // interfaces
	listeners []listener
	unread    string // why the listeners are not known
	crossZone bool
	resource  int32
	enforce   bool // groups apply to PrivateLink traffic too
}

// listener accepts on one port and forwards to target groups.
type listener struct {
	id      string
	svc     services
	groups  []int32 // target groups, default action and rules
	missing []string
	other   []string // actions that reach no target: redirect, fixed-response
	from    evidence
}

// targetGroup is where listeners forward to.
type targetGroup struct {
	origin
	kind      string // instance, ip, lambda, alb
	svc       services
	proto     uint8
	port      uint16
	vpc       int32
	preserve  bool // targets see the client's address
	crossZone string
	members   []target
	unread    string
}

type target struct {
	id     string
	iface  int32
	dst    addrs
	port   uint16
	alb    int32 // load balancer, none
	health string
	from   evidence
	// assumed is what was taken for granted of the target.
	assumed string
}

func (b *Builder) addBalancers() {
	e := b.est
	for _, it := range b.items[graph.KindTargetGroup] {
		b.addTargetGroup(it)
	}
	for _, it := range b.items[graph.KindLoadBalancer] {
		var which struct{ LoadBalancerArn string }
		if !b.decode(it, &which) {
			continue
		}
		if which.LoadBalancerArn == "" {
			b.addClassic(it)
			continue
		}
		var d loadBalancerDoc
		if !b.decode(it, &d) {
			continue
		}
		i := int32(len(e.balancers))
		lb := loadBalancer{origin: it.origin, vpc: b.vpcOf(d.VpcId, it.account, it.region), groups: d.SecurityGroups, crossZone: true,
			enforce: d.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic != "off"}
		lb.scheme(d.Scheme, d.LoadBalancerName, d.DNSName)
		switch d.Type {
		case "network":
			lb.kind, lb.crossZone = networkBalancer, false
		case "gateway":
			lb.kind = gatewayBalancer
		}
		if !b.register(&lb.origin, d.LoadBalancerArn, isBalancer, i) {
			continue
		}
		var attrs []attributeDoc
		b.decodeProp(it, graph.PropAttributes, &attrs)
		for _, a := range attrs {
			if a.Key == "load_balancing.cross_zone.enabled" {
				lb.crossZone = a.Value == "true"
			}
		}
		_, short, _ := strings.Cut(d.LoadBalancerArn, "loadbalancer/")
		lb.nodes = b.descriptions["ELB "+short]
		var subnets []string
		for _, z := range d.AvailabilityZones {
			subnets = append(subnets, z.SubnetId)
		}
		b.addNodes(&lb, it, subnets)
		b.addListeners(&lb, it)
		lb.resource = b.resource(Resource{origin: it.origin, ID: cmp.Or(it.id, d.LoadBalancerArn), Name: d.LoadBalancerName, Kind: graph.KindLoadBalancer, Account: it.account, Region: it.region,
			ifaces: lb.nodes, balancer: i + 1, listens: lb.ports()}, d.LoadBalancerName, d.DNSName, short)
		e.balancers = append(e.balancers, lb)
	}
}

// scheme reads whether nodes have public addresses. A description may leave the
// scheme out: load balancers are made internet-facing unless told otherwise, and
// the names of internal ones say so.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
func (lb *loadBalancer) scheme(scheme, name, dns string) {
	switch {
	case scheme != "":
		lb.public = scheme == "internet-facing"
	case !strings.HasPrefix(dns, "internal-"):
		lb.public, lb.assumed = true, "the scheme of "+name+" is no part of its description: internet-facing, the default"
	}
}

// ports are the services of all listeners; nil when they are not known.
func (lb *loadBalancer) ports() services {
	if lb.unread != "" {
		return nil
	}
	out := services{}
	for _, l := range lb.listeners {
		out = out.Union(l.svc)
	}
	return out
}

// addNodes finds or makes the interfaces of a load balancer: one per subnet.
func (b *Builder) addNodes(lb *loadBalancer, it item, subnets []string) {
	e := b.est
	if len(lb.nodes) == 0 {
		lb.nodes = b.standIns(it, lb.id, subnets, lb.groups, balancerInterface)
		for _, n := range lb.nodes {
			e.interfaces[n].publicGuess = lb.public
		}
	}
	for _, n := range lb.nodes {
		e.interfaces[n].kind, e.interfaces[n].unread = balancerInterface, ""
	}
}

func (b *Builder) addListeners(lb *loadBalancer, it item) {
	var list []listenerDoc
	if !b.decodeProp(it, graph.PropListeners, &list) {
		lb.unread = b.est.unread("listeners of", lb.id, "DescribeListeners", it.account, it.region)
		return
	}
	var rules []listenerRuleDoc
	b.decodeProp(it, graph.PropRules, &rules)
	for k, d := range list {
		svc, err := listenerServices(d.Protocol, d.Port)
		if err != nil {
			b.problem("listener %s: %v", d.ListenerArn, err)
			continue
		}
		l := listener{id: cmp.Or(d.ListenerArn, lb.id+":"+strconv.Itoa(d.Port)), svc: svc,
			from: evidence{node: lb.node, property: graph.PropListeners, pointer: "/" + strconv.Itoa(k), raw: it.props[graph.PropListeners]}}
		l.actions(b, d.DefaultActions)
		for _, r := range rules {
			// Rule ARNs carry their listener's: …:listener-rule/app/lb/ID/LISTENER/RULE.
			if r.ListenerArn == d.ListenerArn || strings.HasPrefix(r.RuleArn, strings.Replace(d.ListenerArn, ":listener/", ":listener-rule/", 1)+"/") {
				l.actions(b, r.Actions)
			}
		}
		lb.listeners = append(lb.listeners, l)
	}
}

func (l *listener) actions(b *Builder, list []actionDoc) {
	for _, a := range list {
		arns := []string{a.TargetGroupArn}
		if a.ForwardConfig != nil {
			arns = nil
			for _, g := range a.ForwardConfig.TargetGroups {
				if g.Weight == nil || *g.Weight > 0 || len(a.ForwardConfig.TargetGroups) == 1 {
					arns = append(arns, g.TargetGroupArn)
				}
			}
		}
		if a.Type != "forward" && a.Type != "" {
			l.other = append(l.other, a.Type)
			continue
		}
		for _, arn := range arns {
			if arn == "" {
				continue
			}
			if g := b.est.lookup(isTarget, arn); g == none {
				l.missing = append(l.missing, arn)
			} else if !containsInterface(l.groups, g) {
				l.groups = append(l.groups, g)
			}
		}
	}
}

// listenerServices maps a listener's or target group's protocol to packets.
func listenerServices(protocol string, port int) (services, error) {
	if protocol == "GENEVE" {
		return headerspace.AnyService, nil
	}
	if port < 1 || port > 65535 {
		return nil, fmt.Errorf("port %d is not one", port)
	}
	p := uint16(port)
	switch protocol {
	case "UDP", "QUIC":
		return headerspace.Ports(headerspace.UDP, p, p), nil
	case "TCP_UDP", "TCP_QUIC":
		return headerspace.Ports(headerspace.TCP, p, p).Union(headerspace.Ports(headerspace.UDP, p, p)), nil
	case "HTTP", "HTTPS", "TCP", "TLS", "SSL", "":
		return headerspace.Ports(headerspace.TCP, p, p), nil
	}
	return nil, fmt.Errorf("protocol %q is not one of a listener", protocol)
}

func (b *Builder) addTargetGroup(it item) {
	e := b.est
	var d targetGroupDoc
	if !b.decode(it, &d) {
		return
	}
	i := int32(len(e.targets))
	g := targetGroup{origin: it.origin, kind: cmp.Or(d.TargetType, "instance"), vpc: none}
	if !b.register(&g.origin, d.TargetGroupArn, isTarget, i) {
		return
	}
	if d.VpcId != "" {
		g.vpc = b.vpcOf(d.VpcId, it.account, it.region)
	}
	g.proto, g.port = headerspace.TCP, uint16(d.Port)
	if d.Protocol == "UDP" || d.Protocol == "TCP_UDP" || d.Protocol == "QUIC" {
		g.proto = headerspace.UDP
	}
	// Client addresses are kept for instance and load-balancer targets, and for
	// UDP always; address targets of TCP and TLS groups see the load balancer
	// (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html).
	fixed := d.Protocol == "UDP" || d.Protocol == "TCP_UDP" || d.Protocol == "QUIC" || d.Protocol == "TCP_QUIC"
	g.preserve = fixed || g.kind == "instance" || g.kind == "alb"
	var attrs []attributeDoc
	b.decodeProp(it, graph.PropAttributes, &attrs)
	for _, a := range attrs {
		switch a.Key {
		case "preserve_client_ip.enabled":
			g.preserve = fixed || a.Value == "true"
		case "load_balancing.cross_zone.enabled":
			g.crossZone = a.Value
		}
	}
	var health []targetHealthDoc
	if !b.decodeProp(it, graph.PropHealth, &health) {
		g.unread = e.unread("targets of", g.id, "DescribeTargetHealth", it.account, it.region)
	}
	for k, h := range health {
		t := target{id: h.Target.Id, iface: none, alb: none, port: uint16(cmp.Or(h.Target.Port, d.Port)), health: h.TargetHealth.State,
			from: evidence{node: g.node, property: graph.PropHealth, pointer: "/" + strconv.Itoa(k), raw: it.props[graph.PropHealth]}}
		g.members = append(g.members, t)
	}
	e.targets = append(e.targets, g)
}

func (b *Builder) addClassic(it item) {
	e := b.est
	var d classicDoc
	if !b.decode(it, &d) || d.LoadBalancerName == "" {
		return
	}
	i := int32(len(e.balancers))
	lb := loadBalancer{origin: it.origin, kind: classicBalancer, crossZone: true,
		vpc: b.vpcOf(d.VPCId, it.account, it.region), groups: d.SecurityGroups, nodes: b.descriptions["ELB "+d.LoadBalancerName]}
	lb.scheme(d.Scheme, d.LoadBalancerName, d.DNSName)
	key := cmp.Or(it.id, "elb/"+it.account+"/"+it.region+"/"+d.LoadBalancerName)
	if !b.register(&lb.origin, key, isBalancer, i) {
		return
	}
	b.addNodes(&lb, it, d.Subnets)
	for k, x := range d.ListenerDescriptions {
		svc, err := listenerServices(strings.ToUpper(x.Listener.Protocol), x.Listener.LoadBalancerPort)
		if err != nil {
			b.problem("load balancer %s: %v", d.LoadBalancerName, err)
			continue
		}
		from := it.origin.at("/ListenerDescriptions/" + strconv.Itoa(k))
		g := targetGroup{origin: it.origin, kind: "instance", vpc: lb.vpc, proto: headerspace.TCP, port: uint16(x.Listener.InstancePort)}
		for _, m := range d.Instances {
			g.members = append(g.members, target{id: m.InstanceId, iface: none, alb: none, port: g.port, from: from})
		}
		lb.listeners = append(lb.listeners, listener{id: fmt.Sprintf("%s:%d", d.LoadBalancerName, x.Listener.LoadBalancerPort), svc: svc, groups: []int32{int32(len(e.targets))}, from: from})
		e.targets = append(e.targets, g)
	}
	lb.resource = b.resource(Resource{origin: it.origin, ID: key, Name: d.LoadBalancerName, Kind: graph.KindLoadBalancer, Account: it.account, Region: it.region,
		ifaces: lb.nodes, balancer: i + 1, listens: lb.ports()}, d.LoadBalancerName, d.DNSName)
	e.balancers = append(e.balancers, lb)
}
