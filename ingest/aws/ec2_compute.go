package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/cairn-security/cairn/graph/arn"
)

// computeAPI reads instances and what they are made of and copied to.
type computeAPI interface {
	DescribeInstances(context.Context, *ec2.DescribeInstancesInput, ...func(*ec2.Options)) (*ec2.DescribeInstancesOutput, error)
	DescribeInstanceAttribute(context.Context, *ec2.DescribeInstanceAttributeInput, ...func(*ec2.Options)) (*ec2.DescribeInstanceAttributeOutput, error)
	DescribeIamInstanceProfileAssociations(context.Context, *ec2.DescribeIamInstanceProfileAssociationsInput, ...func(*ec2.Options)) (*ec2.DescribeIamInstanceProfileAssociationsOutput, error)
	DescribeLaunchTemplates(context.Context, *ec2.DescribeLaunchTemplatesInput, ...func(*ec2.Options)) (*ec2.DescribeLaunchTemplatesOutput, error)
	DescribeLaunchTemplateVersions(context.Context, *ec2.DescribeLaunchTemplateVersionsInput, ...func(*ec2.Options)) (*ec2.DescribeLaunchTemplateVersionsOutput, error)
	DescribeVolumes(context.Context, *ec2.DescribeVolumesInput, ...func(*ec2.Options)) (*ec2.DescribeVolumesOutput, error)
	DescribeSnapshots(context.Context, *ec2.DescribeSnapshotsInput, ...func(*ec2.Options)) (*ec2.DescribeSnapshotsOutput, error)
	DescribeSnapshotAttribute(context.Context, *ec2.DescribeSnapshotAttributeInput, ...func(*ec2.Options)) (*ec2.DescribeSnapshotAttributeOutput, error)
	DescribeImages(context.Context, *ec2.DescribeImagesInput, ...func(*ec2.Options)) (*ec2.DescribeImagesOutput, error)
	DescribeImageAttribute(context.Context, *ec2.DescribeImageAttributeInput, ...func(*ec2.Options)) (*ec2.DescribeImageAttributeOutput, error)
	GetEbsEncryptionByDefault(context.Context, *ec2.GetEbsEncryptionByDefaultInput, ...func(*ec2.Options)) (*ec2.GetEbsEncryptionByDefaultOutput, error)
	GetSnapshotBlockPublicAccessState(context.Context, *ec2.GetSnapshotBlockPublicAccessStateInput, ...func(*ec2.Options)) (*ec2.GetSnapshotBlockPublicAccessStateOutput, error)
	GetImageBlockPublicAccessState(context.Context, *ec2.GetImageBlockPublicAccessStateInput, ...func(*ec2.Options)) (*ec2.GetImageBlockPublicAccessStateOutput, error)
}

var computeTable = []row[computeAPI]{
	list("DescribeInstances", computeAPI.DescribeInstances, &ec2.DescribeInstancesInput{MaxResults: sdk.Int32(ec2Page)}),
	each("DescribeInstanceAttribute", computeAPI.DescribeInstanceAttribute,
		from("DescribeInstances", userDataOf)).empty("InvalidInstanceID.NotFound").scrub(scrubUserData),
	list("DescribeIamInstanceProfileAssociations", computeAPI.DescribeIamInstanceProfileAssociations),
	list("DescribeLaunchTemplates", computeAPI.DescribeLaunchTemplates),
	each("DescribeLaunchTemplateVersions", computeAPI.DescribeLaunchTemplateVersions,
		from("DescribeLaunchTemplates", templateVersions)).scrub(scrubLaunchTemplates),
	list("DescribeVolumes", computeAPI.DescribeVolumes, &ec2.DescribeVolumesInput{MaxResults: sdk.Int32(ec2Page)}),
	list("DescribeSnapshots", computeAPI.DescribeSnapshots,
		&ec2.DescribeSnapshotsInput{OwnerIds: []string{"self"}, MaxResults: sdk.Int32(ec2Page)}).
		asking(func(j *job, in *ec2.DescribeSnapshotsInput) {
			// Says the same once more to an emulator that does not know "self".
			in.Filters = []ec2types.Filter{{Name: sdk.String("owner-id"), Values: []string{j.account}}}
		}),
	each("DescribeSnapshotAttribute", computeAPI.DescribeSnapshotAttribute,
		from("DescribeSnapshots", func(o *ec2.DescribeSnapshotsOutput) (in []*ec2.DescribeSnapshotAttributeInput) {
			for _, s := range o.Snapshots {
				in = append(in, &ec2.DescribeSnapshotAttributeInput{SnapshotId: s.SnapshotId,
					Attribute: ec2types.SnapshotAttributeNameCreateVolumePermission})
			}
			return in
		})),
	list("DescribeImages", computeAPI.DescribeImages, &ec2.DescribeImagesInput{Owners: []string{"self"}}),
	each("DescribeImageAttribute", computeAPI.DescribeImageAttribute,
		from("DescribeImages", func(o *ec2.DescribeImagesOutput) (in []*ec2.DescribeImageAttributeInput) {
			for _, i := range o.Images {
				in = append(in, &ec2.DescribeImageAttributeInput{ImageId: i.ImageId,
					Attribute: ec2types.ImageAttributeNameLaunchPermission})
			}
			return in
		})),
	list("GetEbsEncryptionByDefault", computeAPI.GetEbsEncryptionByDefault),
	list("GetSnapshotBlockPublicAccessState", computeAPI.GetSnapshotBlockPublicAccessState),
	list("GetImageBlockPublicAccessState", computeAPI.GetImageBlockPublicAccessState),
}

func userDataOf(o *ec2.DescribeInstancesOutput) (in []*ec2.DescribeInstanceAttributeInput) {
	for _, reservation := range o.Reservations {
		for _, i := range reservation.Instances {
			if i.State == nil || i.State.Name != ec2types.InstanceStateNameTerminated {
				in = append(in, &ec2.DescribeInstanceAttributeInput{InstanceId: i.InstanceId,
					Attribute: ec2types.InstanceAttributeNameUserData})
			}
		}
	}
	return in
}

func templateVersions(o *ec2.DescribeLaunchTemplatesOutput) (in []*ec2.DescribeLaunchTemplateVersionsInput) {
	for _, t := range o.LaunchTemplates {
		in = append(in, &ec2.DescribeLaunchTemplateVersionsInput{LaunchTemplateId: t.LaunchTemplateId,
			Versions: []string{"$Latest", "$Default"}})
	}
	return in
}

// scrubUserData keeps of an instance's user data what it gives away.
func scrubUserData(u *unit, in *ec2.DescribeInstanceAttributeInput, out *ec2.DescribeInstanceAttributeOutput) error {
	data := out.UserData
	out.UserData = nil
	if data == nil || sdk.ToString(data.Value) == "" {
		return nil
	}
	return u.userData("instance/"+sdk.ToString(in.InstanceId), *data.Value)
}

func scrubLaunchTemplates(u *unit, in *ec2.DescribeLaunchTemplateVersionsInput, out *ec2.DescribeLaunchTemplateVersionsOutput) error {
	for i := range out.LaunchTemplateVersions {
		data := out.LaunchTemplateVersions[i].LaunchTemplateData
		if data == nil || sdk.ToString(data.UserData) == "" {
			continue
		}
		text := *data.UserData
		data.UserData = nil
		if err := u.userData("launch-template/"+sdk.ToString(in.LaunchTemplateId), text); err != nil {
			return err
		}
	}
	return nil
}

// userData searches encoded user data that belongs to an EC2 resource.
func (u *unit) userData(resource, encoded string) error {
	text, err := decodeUserData(encoded)
	if err != nil {
		return err
	}
	_, found := u.j.scrubber.Text(text, "user data")
	u.credentials(arn.Regional("ec2", u.base.Region, u.base.Account, resource), found)
	return nil
}
