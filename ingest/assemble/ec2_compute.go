package assemble

import (
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/fields"
)

var computeOperations = []operation{
	{service: "ec2", name: "DescribeInstances", listing: "Reservations/*", handle: reservations, uses: []*spec{instance, ownInterface}},
	{service: "ec2", name: "DescribeInstanceAttribute", params: []string{"InstanceId"}, about: param("InstanceId", to(instance)),
		facts: []fact{{"UserData/Value", graph.PropUserData, nil}}},
	{service: "ec2", name: "DescribeIamInstanceProfileAssociations", listing: "IamInstanceProfileAssociations/*", handle: profileAssociations},
	describe("ec2", "DescribeVolumes", "Volumes/*", &spec{
		kind: graph.KindVolume, service: "ec2", typ: "volume/", id: "VolumeId", anywhere: true,
		links: []link{
			{path: "Attachments/*/InstanceId", kind: graph.EdgeAttachedTo, to: toInstance},
			{path: "SnapshotId", kind: graph.EdgeRefers, to: ec2Typed("snapshot")},
			{path: "KmsKeyId", kind: graph.EdgeEncryptedBy, to: key}}}),
	describe("ec2", "DescribeSnapshots", "Snapshots/*", volumeSnapshot),
	{service: "ec2", name: "DescribeSnapshotAttribute", params: []string{"SnapshotId"}, about: param("SnapshotId", to(volumeSnapshot)),
		facts: []fact{{"CreateVolumePermissions", graph.PropAttributes, nil}}},
	describe("ec2", "DescribeImages", "Images/*", image),
	{service: "ec2", name: "DescribeImageAttribute", params: []string{"ImageId"}, about: param("ImageId", to(image)),
		facts: []fact{{"LaunchPermissions", graph.PropAttributes, nil}}},
	regionSetting("GetSnapshotBlockPublicAccessState", graph.PropSnapshotBlockPrefix),
	regionSetting("GetImageBlockPublicAccessState", graph.PropImageBlockPrefix),
	regionSetting("GetInstanceMetadataDefaults", graph.PropMetadataDefaultsPrefix),
	{service: "ec2", name: "GetEbsEncryptionByDefault"},
	{service: "ec2", name: "DescribeLaunchTemplates"},
	{service: "ec2", name: "DescribeLaunchTemplateVersions", params: []string{"LaunchTemplateId"}},
	{service: "ec2", name: "DescribeKeyPairs"},
}

var instance = &spec{
	kind: graph.KindInstance, service: "ec2", typ: "instance/", id: "InstanceId", anywhere: true,
	links: []link{inSubnet,
		{path: "SecurityGroups/*/GroupId", kind: graph.EdgeUses, to: toGroup},
		{path: "IamInstanceProfile/Arn", kind: graph.EdgeHasProfile, to: byID},
		{path: "ImageId", kind: graph.EdgeRefers, to: ec2Typed("image")},
		{path: "BlockDeviceMappings/*/Ebs/VolumeId", kind: graph.EdgeAttachedTo, to: ec2Typed("volume"), in: true}},
	facts: []fact{{"NetworkInterfaces/*", "", instanceInterface}},
}

// ownInterface is an interface as its instance describes it.
var ownInterface = plain(networkInterface)

func instanceInterface(c *call, of node, _ string, value []byte) {
	account, region := c.account, c.region
	if n := ownInterface.read(c, value, "NetworkInterfaces"); n != none {
		c.link(n, of, graph.EdgeAttachedTo)
	}
	c.account, c.region = account, region
}

var volumeSnapshot = &spec{
	kind: graph.KindVolumeSnapshot, service: "ec2", typ: "snapshot/", id: "SnapshotId", owner: "OwnerId", own: true, anywhere: true,
	links: []link{
		{path: "VolumeId", kind: graph.EdgeSnapshotOf, to: func(c *call, id string) node {
			if id == "vol-ffffffff" { // stands for "none" in copies
				return none
			}
			return c.ec2("volume", id)
		}},
		{path: "KmsKeyId", kind: graph.EdgeEncryptedBy, to: key}},
}

var image = &spec{
	kind: graph.KindImage, service: "ec2", typ: "image/", id: "ImageId", name: "Name", owner: "OwnerId", own: true, anywhere: true,
	links: []link{{path: "BlockDeviceMappings/*/Ebs/SnapshotId", kind: graph.EdgeSnapshotOf, to: ec2Typed("snapshot")}},
}

var reservationsShape = fields.New("Reservations/*")
var reservationFields = fields.New("OwnerId", "Instances/*")

// reservations reads instances, which stand one list deeper than everything
// else, with their owner outside.
func reservations(c *call, _ node) {
	reservationsShape.Scan(c.rec.Body, func(_ int, reservation []byte) {
		if len(reservation) > 0 && reservation[0] != '{' {
			c.malformed(none, "Reservations", "a reservation is no object")
			return
		}
		var items [][]byte
		c.owner = ""
		reservationFields.Scan(reservation, func(path int, value []byte) {
			if path == 0 {
				c.owner = fields.Text(value)
			} else {
				items = append(items, value)
			}
		})
		for _, item := range items {
			instance.read(c, item, "Reservations/Instances")
		}
	})
	c.owner = ""
}

var profilesShape = fields.New("IamInstanceProfileAssociations/*")
var profileFields = fields.New("InstanceId", "IamInstanceProfile/Arn", "State")

func profileAssociations(c *call, _ node) {
	profilesShape.Scan(c.rec.Body, func(_ int, item []byte) {
		var of, profile, state string
		profileFields.Scan(item, func(path int, v []byte) {
			switch path {
			case 0:
				of = fields.Text(v)
			case 1:
				profile = fields.Text(v)
			case 2:
				state = fields.Text(v)
			}
		})
		if of != "" && profile != "" && (state == "" || state == "associated") {
			c.link(c.ec2("instance", of), byID(c, profile), graph.EdgeHasProfile)
		}
	})
}

// regionSetting is a setting of an account that holds for one region.
func regionSetting(name, prefix string) operation {
	return operation{service: "ec2", name: name, handle: func(c *call, _ node) {
		if c.region != "" {
			c.set(own(c), prefix+c.region, c.rec.Body)
		}
	}}
}
