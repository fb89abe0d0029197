package permission

import (
	"encoding/json"
	"strconv"

	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
)

// sharedActions is what sharing a snapshot or an image lets the other account do.
// https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html
func sharedActions(k graph.Kind) []string {
	switch k {
	case graph.KindVolumeSnapshot:
		return []string{"ec2:CreateVolume", "ec2:CopySnapshot", "ebs:GetSnapshotBlock", "ebs:ListSnapshotBlocks", "ebs:ListChangedBlocks"}
	case graph.KindImage:
		return []string{"ec2:RunInstances", "ec2:CopyImage"}
	}
	return []string{"rds:CopyDBSnapshot", "rds:CopyDBClusterSnapshot", "rds:RestoreDBInstanceFromDBSnapshot", "rds:RestoreDBClusterFromSnapshot"}
}

// readSharing turns the sharing of a snapshot or image into statements: create
// volume permissions, launch permissions, the restore attribute.
func (e *Engine) readSharing(r *resource) {
	raw := e.snap.Prop(r.ref, graph.PropAttributes)
	if raw == nil {
		return
	}
	var list []policy.Statement
	for i, item := range listOf(raw) {
		for _, who := range sharedWith(item) {
			list = append(list, element(item, "/"+strconv.Itoa(i), who, sharedActions(r.node.Kind), []string{"*"}))
		}
	}
	if list != nil {
		r.sets = append(r.sets, e.synthetic(r.ref, ResourcePolicy, graph.PropAttributes, policy.Version2008, list))
	}
}

func listOf(raw json.RawMessage) []json.RawMessage {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return []json.RawMessage{raw}
	}
	return list
}

// sharedWith reads one attribute: {"Group":"all"}, {"UserId":"…"} of EC2, or
// {"AttributeName":"restore","AttributeValues":[…]} of RDS.
func sharedWith(item json.RawMessage) []policy.Principal {
	var a struct {
		Group, UserId, AttributeName string
		AttributeValues              []string
	}
	if json.Unmarshal(item, &a) != nil {
		return nil
	}
	values := a.AttributeValues
	if a.AttributeName != "restore" {
		values = nil
	}
	values = append(values, a.Group, a.UserId)
	var out []policy.Principal
	for _, v := range values {
		switch v {
		case "":
		case "all":
			out = append(out, policy.Principal{Type: "AWS", Value: "*"})
		default:
			out = append(out, policy.Principal{Type: "AWS", Value: v})
		}
	}
	return out
}
