package technique

import (
	"encoding/json"
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

const (
	instanceMetadata   attack.TechniqueID = "instance-metadata"
	runtimeCredentials attack.TechniqueID = "runtime-credentials"
)

// deriveInstanceMetadata: whoever executes on an instance reads the role's
// credentials from the instance metadata service. It answers unless its
// endpoint is disabled; version 2 wants a session token, which code on the
// instance can ask for and a forged request cannot.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html
func deriveInstanceMetadata(e *Estate, emit func(attack.Step)) {
	for _, instance := range e.Snap.ByKind(graph.KindInstance) {
		for _, role := range e.rolesOf(instance) {
			d, prior := e.metadataDecision(instance, role)
			if d == nil {
				continue
			}
			emit(attack.Step{
				Technique:  instanceMetadata,
				Premises:   []attack.State{executes(instance)},
				Decisions:  []*attack.Decision{d},
				Conclusion: e.controls(role),
				Factors:    []attack.Factor{e.factor(instanceMetadata, prior, instance)},
				Title:      "The metadata service of " + e.name(instance) + " hands out credentials of " + e.name(role),
				Checks:     []attack.Check{{Name: "metadata endpoint enabled", Outcome: outcomeOf(d), SettledBy: "ec2 DescribeInstances"}},
			})
		}
	}
}

// metadataDecision is nil when the endpoint is off. It rests on the instance's
// own description; without one the answer is unknown.
func (e *Estate) metadataDecision(instance, role graph.Ref) (d *attack.Decision, prior string) {
	var doc struct {
		MetadataOptions    *struct{ HttpEndpoint, HttpTokens string }
		IamInstanceProfile json.RawMessage
	}
	read, err := e.Snap.Decode(instance, graph.PropResource, &doc)
	if !read || err != nil {
		return &attack.Decision{Allowed: true, Status: attack.Unknown, Gaps: gapIDs(e.Snap, instance)}, metadataV2Prior
	}
	profile := attack.Reason{Fact: present(e.Snap, instance, graph.PropResource, "/IamInstanceProfile"), Policy: "instance profile",
		Effect: "attached", Text: "the instance runs as " + e.name(role)}
	d = observed(profile)
	options := doc.MetadataOptions
	switch {
	case options == nil:
		d.Assumptions = []string{"metadata options were not part of the source: taken as enabled, tokens required"}
		return d, metadataV2Prior
	case options.HttpEndpoint == "disabled":
		return nil, ""
	case options.HttpTokens == "optional":
		r := attack.Reason{Fact: present(e.Snap, instance, graph.PropResource, "/MetadataOptions/HttpTokens"), Policy: "metadata options",
			Effect: "open", Text: "session tokens are optional: a forged request is enough"}
		// The tokens setting makes the step easier, not possible: it is a reason,
		// not a support, so that a fix is not promised by it.
		d.Reasons = append(d.Reasons, r)
		return d, metadataV1Prior
	}
	return d, metadataV2Prior
}

// deriveRuntimeCredentials: code in a function, container, build or notebook
// finds the credentials of its role in its environment or at the container
// credentials endpoint.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
func deriveRuntimeCredentials(e *Estate, emit func(attack.Step)) {
	for ref := range e.Snap.Refs() {
		kind := e.Snap.Kind(ref)
		if !runsCode(kind) || kind == graph.KindInstance {
			continue
		}
		for _, role := range e.rolesOf(ref) {
			emit(attack.Step{
				Technique:  runtimeCredentials,
				Premises:   []attack.State{executes(ref)},
				Decisions:  []*attack.Decision{e.runsAs(ref, role)},
				Conclusion: e.controls(role),
				Factors:    []attack.Factor{e.factor(runtimeCredentials, metadataV1Prior, ref)},
				Title:      "Code in " + e.name(ref) + " holds the credentials of " + e.name(role),
			})
		}
	}
}

// runsAs is the observed fact that a compute runs as a role. It rests on the
// compute's description; where that was not read the answer is unknown.
func (e *Estate) runsAs(compute, role graph.Ref) *attack.Decision {
	if e.Snap.Prop(compute, graph.PropResource) == nil {
		if gaps := gapIDs(e.Snap, compute); len(gaps) > 0 {
			return &attack.Decision{Allowed: true, Status: attack.Unknown, Gaps: gaps}
		}
	}
	for _, pointer := range []string{"/Role", "/taskRoleArn", "/TaskRoleArn", "/serviceRole", "/ServiceRole", "/RoleArn"} {
		if _, ok := graph.Element(e.Snap.Prop(compute, graph.PropResource), pointer); ok {
			return observed(attack.Reason{Fact: present(e.Snap, compute, graph.PropResource, pointer), Policy: "execution role",
				Effect: "attached", Text: e.name(compute) + " runs as " + e.name(role)})
		}
	}
	return observed(attack.Reason{Fact: present(e.Snap, compute, graph.PropResource, ""), Policy: "execution role",
		Effect: "attached", Text: e.name(compute) + " runs as " + e.name(role)})
}

// rolesOf returns the roles a compute runs as, through its instance profile where it has one.
func (e *Estate) rolesOf(compute graph.Ref) []graph.Ref {
	roles := slices.Collect(e.Snap.OutKind(compute, graph.EdgeHasRole))
	if e.Snap.Kind(compute) == graph.KindContainerService {
		for definition := range e.Snap.OutKind(compute, graph.EdgeUses) {
			roles = slices.AppendSeq(roles, e.Snap.OutKind(definition, graph.EdgeHasRole))
		}
	}
	for profile := range e.Snap.OutKind(compute, graph.EdgeHasProfile) {
		roles = slices.AppendSeq(roles, e.Snap.OutKind(profile, graph.EdgeHasRole))
	}
	slices.Sort(roles)
	return slices.Compact(roles)
}

func outcomeOf(d *attack.Decision) string {
	if d.Status == attack.Unknown {
		return "unknown"
	}
	return "pass"
}

func gapIDs(snap *graph.Snapshot, refs ...graph.Ref) []string {
	var ids []string
	for _, ref := range refs {
		for _, g := range snap.GapsOf(ref) {
			if g.Refused() {
				ids = append(ids, g.ID)
			}
		}
	}
	return ids
}
