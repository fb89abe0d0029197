package reach

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
	"github.com/cairn-security/cairn/graph"
)

// addManaged reads managed services that live in subnets.
func (b *Builder) addManaged() {
	for _, it := range b.items[graph.KindCluster] {
		var d clusterDoc
		if b.decode(it, &d) && d.ResourcesVpcConfig != nil {
			b.addCluster(it, &d)
		}
	}
	for _, it := range b.items[graph.KindSearchDomain] {
		var d searchDomainDoc
		if b.decode(it, &d) {
			b.addSearchDomain(it, &d)
		}
	}
	for _, kind := range []graph.Kind{graph.KindStream, graph.KindBroker} {
		for _, it := range b.items[kind] {
			var k kafkaDoc
			var m brokerDoc
			switch {
			case b.decode(it, &k) && (k.BrokerNodeGroupInfo != nil || k.Provisioned != nil || k.Serverless != nil):
				b.addKafka(it, &k)
			case kind == graph.KindBroker && b.decode(it, &m):
				b.addBroker(it, &m)
			}
		}
	}
	for _, it := range b.items[graph.KindCache] {
		var d cacheDoc
		if b.decode(it, &d) {
			b.addCache(it, &d)
		}
	}
	for _, it := range b.items[graph.KindFileSystem] {
		var d fileSystemDoc
		if b.decode(it, &d) {
			b.addFileSystem(it, &d)
		}
	}
}

// addCluster: the public API endpoint of EKS is filtered by its CIDR list only,
// the private one by the cluster's groups
// (https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html).
func (b *Builder) addCluster(it item, d *clusterDoc) {
	c := d.ResourcesVpcConfig
	r := Resource{origin: it.origin, ID: cmp.Or(it.id, d.Arn), Name: d.Name, Kind: it.kind, Account: it.account, Region: it.region, listens: tcp(443)}
	if c.EndpointPublicAccess == nil || *c.EndpointPublicAccess {
		p := &publicEndpoint{sources: publicSpace, listens: tcp(443), rule: "public endpoint, any address", from: it.origin.at("/resourcesVpcConfig/endpointPublicAccess"), auth: "iam"}
		if c.PublicAccessCidrs != nil {
			var all []headerspace.AddrRange
			for _, text := range c.PublicAccessCidrs {
				set, err := headerspace.ParsePrefix(text)
				if err != nil {
					b.problem("cluster %s: %v", d.Name, err)
					continue
				}
				all = append(all, set...)
			}
			p.sources = headerspace.NewSet(all...)
			p.rule, p.from = "publicAccessCidrs "+strings.Join(c.PublicAccessCidrs, ", "), it.origin.at("/resourcesVpcConfig/publicAccessCidrs")
		}
		r.public = p
	} else {
		r.notPublic, r.notPublicFrom = "its public endpoint is off", it.origin.at("/resourcesVpcConfig/endpointPublicAccess")
	}
	if c.EndpointPrivateAccess != nil && *c.EndpointPrivateAccess {
		groups := slices.Clone(c.SecurityGroupIds)
		if c.ClusterSecurityGroupId != "" {
			groups = append(groups, c.ClusterSecurityGroupId)
		}
		r.ifaces = b.descriptions["Amazon EKS "+d.Name]
		if len(r.ifaces) == 0 {
			r.ifaces = b.standIns(it, r.ID, c.SubnetIds, groups, plainInterface)
		}
	}
	b.resource(r, d.Name)
}

// addSearchDomain: a domain has either a VPC endpoint or a public one
// (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html).
func (b *Builder) addSearchDomain(it item, d *searchDomainDoc) {
	r := Resource{origin: it.origin, ID: cmp.Or(it.id, d.ARN, d.DomainName), Name: d.DomainName, Kind: it.kind, Account: it.account, Region: it.region, listens: tcp(443)}
	if v := d.VPCOptions; v != nil && (v.VPCId != "" || len(v.SubnetIds) > 0) {
		r.ifaces = b.interfacesIn(it, &r, "ES "+d.DomainName, v.SubnetIds, v.SecurityGroupIds)
		r.notPublic, r.notPublicFrom = "it has a VPC endpoint only", it.origin.at("/VPCOptions")
	} else {
		r.public = &publicEndpoint{sources: publicSpace, listens: tcp(443), rule: "public endpoint", from: it.origin.at("/Endpoint"),
			policyProperty: graph.PropPolicy, policy: b.policyOf(it, d.AccessPolicies), action: "es:ESHttpGet"}
	}
	b.resource(r, d.DomainName)
}

// policyOf returns a resource policy: the property read apart, or the text
// inside the description.
func (b *Builder) policyOf(it item, inline string) json.RawMessage {
	if p := it.props[graph.PropPolicy]; len(p) > 0 {
		return p
	}
	if json.Valid([]byte(inline)) {
		return json.RawMessage(inline)
	}
	// API Gateway escapes its policies a second time.
	if s := strings.ReplaceAll(inline, `\"`, `"`); inline != "" && json.Valid([]byte(s)) {
		return json.RawMessage(s)
	}
	return nil
}

// addKafka: brokers listen on 9092 to 9098 inside and, with public access
// turned on, on 9194 to 9198 outside
// (https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html).
func (b *Builder) addKafka(it item, d *kafkaDoc) {
	r := Resource{origin: it.origin, ID: cmp.Or(it.id, d.ClusterArn), Name: d.ClusterName, Kind: it.kind, Account: it.account, Region: it.region,
		listens: tcp(9092, 9094, 9096, 9098, 2181, 2182)}
	n := d.BrokerNodeGroupInfo
	if n == nil && d.Provisioned != nil {
		n = d.Provisioned.BrokerNodeGroupInfo
	}
	switch {
	case n != nil:
		r.ifaces = b.interfacesIn(it, &r, "", n.ClientSubnets, n.SecurityGroups)
		if n.ConnectivityInfo != nil && n.ConnectivityInfo.PublicAccess.Type == "SERVICE_PROVIDED_EIPS" {
			r.publicListens = tcp(9194, 9196, 9198)
			for _, i := range r.ifaces {
				b.est.interfaces[i].publicGuess = true
			}
		} else {
			r.notPublic, r.notPublicFrom = "public access is off", it.origin.at("/BrokerNodeGroupInfo")
		}
	case d.Serverless != nil:
		r.listens = tcp(9098)
		for _, v := range d.Serverless.VpcConfigs {
			r.ifaces = append(r.ifaces, b.standIns(it, r.ID, v.SubnetIds, v.SecurityGroupIds, plainInterface)...)
		}
	}
	b.resource(r, d.ClusterName)
}

func (b *Builder) addBroker(it item, d *brokerDoc) {
	r := Resource{origin: it.origin, ID: cmp.Or(it.id, d.BrokerArn), Name: d.BrokerName, Kind: it.kind, Account: it.account, Region: it.region,
		listens: tcp(443, 5671, 8162, 8883, 61614, 61617, 61619)}
	if strings.EqualFold(d.EngineType, "RABBITMQ") {
		r.listens = tcp(443, 5671)
	}
	switch {
	case d.PubliclyAccessible && len(d.SecurityGroups) == 0:
		// A public RabbitMQ broker stands outside the account's VPCs
		// (https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-basic-elements-broker.html).
		r.public = &publicEndpoint{sources: publicSpace, listens: r.listens, rule: "publicly accessible", from: it.origin.at("/PubliclyAccessible"), auth: "password"}
	default:
		r.ifaces = b.interfacesIn(it, &r, "", d.SubnetIds, d.SecurityGroups)
		for _, i := range r.ifaces {
			if x := &b.est.interfaces[i]; x.virtual {
				x.publicGuess = d.PubliclyAccessible
			}
		}
		if !d.PubliclyAccessible {
			r.notPublic, r.notPublicFrom = "it is not publicly accessible", it.origin.at("/PubliclyAccessible")
		}
	}
	b.resource(r, d.BrokerName, d.BrokerId)
}

// addCache: caches have no public addresses
// (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/elasticache-vpc-accessing.html).
func (b *Builder) addCache(it item, d *cacheDoc) {
	name := cmp.Or(d.CacheClusterId, d.Name)
	r := Resource{origin: it.origin, ID: cmp.Or(it.id, d.ARN, name), Name: name, Kind: it.kind, Account: it.account, Region: it.region}
	port := 6379
	if d.Engine == "memcached" {
		port = 11211
	}
	for _, e := range []*endpointDoc{d.ConfigurationEndpoint, d.ClusterEndpoint} {
		if e != nil && e.Port > 0 {
			port = e.Port
		}
	}
	for _, n := range d.CacheNodes {
		if n.Endpoint != nil && n.Endpoint.Port > 0 {
			port = n.Endpoint.Port
		}
	}
	r.listens = tcp(port)
	var groups []string
	for _, g := range d.SecurityGroups {
		groups = append(groups, g.SecurityGroupId)
	}
	r.ifaces = b.interfacesIn(it, &r, "ElastiCache "+name, b.subnetGroups[cmp.Or(d.CacheSubnetGroupName, d.SubnetGroupName)], groups)
	r.notPublic, r.notPublicFrom = "caches have no public address", it.origin.at("")
	b.resource(r, name)
}

// addFileSystem: mount targets are interfaces that listen on NFS; FSx lists
// its interfaces.
func (b *Builder) addFileSystem(it item, d *fileSystemDoc) {
	r := Resource{origin: it.origin, ID: cmp.Or(it.id, d.FileSystemArn, d.ResourceARN, d.FileSystemId), Name: d.Name, Kind: it.kind, Account: it.account, Region: it.region, listens: tcp(2049)}
	if d.FileSystemType != "" {
		r.listens = tcp(445, 988, 2049)
	}
	var mounts []mountTargetDoc
	b.decodeProp(it, graph.PropAttributes, &mounts)
	for _, m := range append(mounts, d.MountTargets...) {
		if i := b.est.lookup(isInterface, m.NetworkInterfaceId); i != none {
			r.ifaces = append(r.ifaces, i)
			continue
		}
		s := b.est.lookup(isSubnet, m.SubnetId)
		a, err := headerspace.ParseAddr(m.IpAddress)
		if s == none || err != nil {
			b.problem("file system %s: mount target %s: subnet %q or address %q was not read", r.ID, m.MountTargetId, m.SubnetId, m.IpAddress)
			continue
		}
		i := b.standIn(it.origin, cmp.Or(m.MountTargetId, r.ID), it.account, s, m.SecurityGroups, headerspace.One(a), plainInterface)
		r.ifaces = append(r.ifaces, i)
	}
	r.ifaces = append(r.ifaces, b.descriptions["EFS mount target for "+d.FileSystemId]...)
	r.ifaces = append(r.ifaces, b.described(d.NetworkInterfaceIds)...)
	slices.Sort(r.ifaces)
	r.ifaces = slices.Compact(r.ifaces)
	r.notPublic, r.notPublicFrom = "file systems have no public address", it.origin.at("")
	b.resource(r, d.FileSystemId)
}
