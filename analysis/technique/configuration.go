package technique

import (
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

const (
	readConfiguration attack.TechniqueID = "read-configuration"
	injectedSecret    attack.TechniqueID = "injected-secret"
)

// configurationReads are the actions that show what stands in the configuration
// of a compute: variables of functions and containers, user data, build
// variables. Any one suffices.
// https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceAttribute.html
var configurationReads = map[graph.Kind][]string{
	graph.KindFunction:       {"lambda:GetFunctionConfiguration", "lambda:GetFunction", "lambda:ListFunctions"},
	graph.KindInstance:       {"ec2:DescribeInstanceAttribute"},
	graph.KindTaskDefinition: {"ecs:DescribeTaskDefinition"},
	graph.KindBuild:          {"codebuild:BatchGetProjects"},
	graph.KindAppService:     {"apprunner:DescribeService"},
}

// deriveReadConfiguration: credentials that stand in a configuration are read
// through the API by who may describe it, without touching the compute.
func deriveReadConfiguration(e *Estate, emit func(attack.Step)) {
	for _, ref := range e.findPlaces() {
		seen := map[graph.Ref]bool{}
		for _, action := range configurationReads[e.Snap.Kind(ref)] {
			n := e.Snap.Node(ref)
			on := permission.OnNode(ref)
			if !actsOn(action, n.ID) {
				on = permission.OnAccount()
			}
			for _, a := range e.actors(action, on, n.Account, nil) {
				if seen[a.ref] || (on != permission.OnNode(ref) && e.Snap.Node(a.ref).Account != n.Account) {
					continue
				}
				seen[a.ref] = true
				s := attack.Step{
					Technique: readConfiguration, Premises: []attack.State{a.state}, Decisions: []*attack.Decision{a.decision}, Conclusion: knows(ref),
					Factors: []attack.Factor{e.factor(readConfiguration, string(dataRead), ref)}, Title: e.name(a.ref) + " reads the configuration of " + e.name(ref),
				}
				e.addResidue(&s, a.decision, a.ref)
				emit(s)
			}
		}
	}
}

// findPlaces are the nodes that hold a credential which opens something, each once.
func (e *Estate) findPlaces() []graph.Ref {
	var places []graph.Ref
	for _, f := range e.finds() {
		places = append(places, f.place)
	}
	return slices.Compact(places) // finds stand in node order
}

// deriveInjectedSecret: a container finds in its environment the secrets that its
// definition names; the service put them there when the task started.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
func deriveInjectedSecret(e *Estate, emit func(attack.Step)) {
	for _, task := range slices.Concat(e.Snap.ByKind(graph.KindTask), e.Snap.ByKind(graph.KindContainerService)) {
		for definition := range e.Snap.OutKind(task, graph.EdgeUses) {
			if e.Snap.Kind(definition) != graph.KindTaskDefinition {
				continue
			}
			for secret := range e.Snap.OutKind(definition, graph.EdgeRefers) {
				if !holdsSecret(e.Snap.Kind(secret)) {
					continue
				}
				d := observed(attack.Reason{Fact: present(e.Snap, definition, graph.PropResource, "/containerDefinitions"), Policy: "task definition",
					Effect: "names", Text: e.name(definition) + " puts " + e.name(secret) + " into the environment of its containers"})
				s := attack.Step{
					Technique: injectedSecret, Premises: []attack.State{executes(task)}, Decisions: []*attack.Decision{d},
					Factors: []attack.Factor{e.factor(injectedSecret, metadataV1Prior, task)}, Title: "The environment of " + e.name(task) + " holds " + e.name(secret),
				}
				e.gains(s, secret, attack.Reads, emit)
			}
		}
	}
}
