package reach

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
	"github.com/cairn-security/cairn/graph"
)

func tcp(ports ...int) services {
	var out services
	for _, p := range ports {
		if p > 0 && p <= 65535 {
			out = out.Union(headerspace.Ports(headerspace.TCP, uint16(p), uint16(p)))
		}
	}
	return out
}

// enginePorts are default ports, for descriptions without an endpoint.
var enginePorts = map[string]int{"postgres": 5432, "mysql": 3306, "mariadb": 3306, "oracle": 1521, "sqlserver": 1433,
	"aurora-postgresql": 5432, "aurora-mysql": 3306, "aurora": 3306, "docdb": 27017, "neptune": 8182, "db2": 50000}

func enginePort(engine string) int {
	for len(engine) > 0 {
		if p, ok := enginePorts[engine]; ok {
			return p
		}
		i := strings.LastIndexByte(engine, '-')
		if i < 0 {
			break
		}
		engine = engine[:i]
	}
	return 0
}

// addDatabases reads RDS and Redshift: a database is where its subnet group
// and groups put it, and has a public address when it is publicly accessible
// (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html).
func (b *Builder) addDatabases() {
	groups := map[string][]string{}
	for _, it := range b.items[graph.KindSubnetGroup] {
		var d subnetGroupDoc
		if b.decode(it, &d) {
			for _, s := range d.Subnets {
				name := cmp.Or(d.DBSubnetGroupName, d.ClusterSubnetGroupName, d.CacheSubnetGroupName, d.Name)
				groups[name] = append(groups[name], s.SubnetIdentifier)
			}
		}
	}
	b.subnetGroups = groups
	for _, kind := range []graph.Kind{graph.KindDBInstance, graph.KindDBCluster, graph.KindWarehouse} {
		for _, it := range b.items[kind] {
			var d databaseDoc
			if b.decode(it, &d) {
				b.addDatabase(it, &d)
			}
		}
	}
}

func (b *Builder) addDatabase(it item, d *databaseDoc) {
	e := b.est
	name := cmp.Or(d.DBInstanceIdentifier, d.DBClusterIdentifier, d.ClusterIdentifier, d.WorkgroupName)
	r := Resource{origin: it.origin, ID: cmp.Or(it.id, d.DBInstanceArn, d.DBClusterArn, d.WorkgroupArn, name), Name: name, Kind: it.kind, Account: it.account, Region: it.region}
	var endpoint endpointDoc
	if raw, err := json.Marshal(d.Endpoint); err == nil {
		_ = json.Unmarshal(raw, &endpoint) // a cluster's endpoint is a host name
	}
	port := cmp.Or(endpoint.Port, d.Port, enginePort(d.Engine))
	if it.kind == graph.KindWarehouse {
		port = cmp.Or(port, 5439)
	}
	r.listens = tcp(port)
	subnets := slices.Concat(d.SubnetIds, subnetsOf(d.DBSubnetGroup))
	if g, ok := d.DBSubnetGroup.(string); ok {
		subnets = append(subnets, b.subnetGroups[g]...)
	}
	subnets = append(subnets, b.subnetGroups[d.ClusterSubnetGroupName]...)
	ids := slices.Clone(d.SecurityGroupIds)
	for _, g := range d.VpcSecurityGroups {
		ids = append(ids, g.VpcSecurityGroupId)
	}
	public := d.PubliclyAccessible != nil && *d.PubliclyAccessible
	members, anyPublic := b.membersOf(it, d)
	public = public || anyPublic
	switch {
	case len(members) > 0:
		r.ifaces = members
	case len(d.ClusterNodes) > 0 && len(subnets) > 0:
		for _, n := range d.ClusterNodes {
			a, err := headerspace.ParseAddr(n.PrivateIPAddress)
			if err != nil {
				continue
			}
			for _, s := range subnets {
				if k := e.lookup(isSubnet, s); k != none && e.subnets[k].addrs.Contains(a) {
					i, ok := e.byPrivate[privateKey{e.subnets[k].vpc, a}]
					if !ok {
						i = b.standIn(it.origin, name, it.account, k, ids, headerspace.One(a), plainInterface)
					}
					if public && n.PublicIPAddress != "" {
						b.mapPublic(&e.interfaces[i], n.PrivateIPAddress, n.PublicIPAddress)
						b.index(i)
					}
					r.ifaces = append(r.ifaces, i)
				}
			}
		}
	default:
		r.ifaces = b.serviceInterfaces(&r, []string{"RDSNetworkInterface", "RedshiftNetworkInterface"}, subnets, ids, public, d.AvailabilityZone)
	}
	if len(r.ifaces) == 0 {
		r.ifaces = b.standIns(it, name, subnets, ids, plainInterface)
	}
	for _, i := range r.ifaces {
		if x := &e.interfaces[i]; x.virtual && x.anyAddress && len(members) == 0 {
			x.publicGuess = public
		}
		e.interfaces[i].resource = none
	}
	if !public {
		r.notPublic = "it is not publicly accessible"
		r.notPublicFrom = it.origin.at("/PubliclyAccessible")
	}
	i := b.resource(r, name)
	if it.kind == graph.KindDBInstance {
		b.databases[name] = append(b.databases[name], i)
	}
}

// membersOf returns the interfaces of a cluster's instances, which its endpoints
// lead to, and whether one of them is publicly accessible: a cluster of Aurora,
// DocumentDB or Neptune has no address of its own
// (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Overview.Endpoints.html).
func (b *Builder) membersOf(it item, d *databaseDoc) (ifaces []int32, public bool) {
	for _, m := range d.DBClusterMembers {
		for _, i := range b.databases[m.DBInstanceIdentifier] {
			if r := &b.est.resources[i]; r.Account == it.account && r.Region == it.region {
				ifaces, public = append(ifaces, r.ifaces...), public || r.notPublic == ""
			}
		}
	}
	slices.Sort(ifaces)
	return slices.Compact(ifaces), public
}

func subnetsOf(group any) []string {
	m, ok := group.(map[string]any)
	if !ok {
		return nil
	}
	list, _ := m["Subnets"].([]any)
	var out []string
	for _, x := range list {
		if s, ok := x.(map[string]any); ok {
			if id, ok := s["SubnetIdentifier"].(string); ok {
				out = append(out, id)
			}
		}
	}
	return out
}

// serviceInterfaces finds the described interfaces of a managed resource among
// those of its service: same subnets, same groups, and where several fit, the
// zone and whether it has a public address.
func (b *Builder) serviceInterfaces(r *Resource, descriptions []string, subnets, groups []string, public bool, zone string) []int32 {
	e := b.est
	set := b.groupSet(groups)
	var fit []int32
	for _, text := range descriptions {
		for _, i := range b.descriptions[text] {
			x := &e.interfaces[i]
			if x.groupSet == set && x.subnet != none && slices.Contains(subnets, e.subnets[x.subnet].id) {
				fit = append(fit, i)
			}
		}
	}
	keep := func(want func(x *iface) bool) {
		var some []int32
		for _, i := range fit {
			if want(&e.interfaces[i]) {
				some = append(some, i)
			}
		}
		if len(some) > 0 {
			fit = some
		}
	}
	keep(func(x *iface) bool { return x.hasPublic4() == public })
	keep(func(x *iface) bool { return e.subnets[x.subnet].zone.name == zone })
	return fit
}

// interfacesIn returns the described interfaces of a service that fit, or
// stand-ins in every subnet.
func (b *Builder) interfacesIn(it item, r *Resource, prefix string, subnets, groups []string) []int32 {
	var texts []string
	for t := range b.descriptions {
		if prefix != "" && strings.HasPrefix(t, prefix) {
			texts = append(texts, t)
		}
	}
	slices.Sort(texts)
	if fit := b.serviceInterfaces(r, texts, subnets, groups, false, ""); len(fit) > 0 {
		return fit
	}
	return b.standIns(it, r.ID, subnets, groups, plainInterface)
}
