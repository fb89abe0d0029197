package posture

import (
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// emit reports what a rule says of a node.
type emit func(node graph.Ref, status Status, title string, reasons ...attack.Reason)

type rule struct {
	id       string
	severity Severity
	controls []Control
	check    func(*Estate, emit)
}

func cis(ids ...string) []Control   { return controls("CIS AWS 5.0", ids) }
func pci(ids ...string) []Control   { return controls("PCI DSS 4.0", ids) }
func hipaa(ids ...string) []Control { return controls("HIPAA", ids) }
func cisV8(ids ...string) []Control { return controls("CIS Controls 8.1", ids) }
func nist(ids ...string) []Control  { return controls("NIST 800-53 r5", ids) }
func all(sets ...[]Control) (c []Control) {
	for _, s := range sets {
		c = append(c, s...)
	}
	return c
}

func controls(framework string, ids []string) []Control {
	list := make([]Control, len(ids))
	for i, id := range ids {
		list[i] = Control{framework, id}
	}
	return list
}

var publicControls = all(pci("1.2.8", "1.3.1", "1.3.2"), hipaa("164.308(a)(3)(i)", "164.312(a)(1)"), cisV8("3.3"), nist("AC-3", "AC-4(21)", "AC-6"))

// rules in the order of their subjects. Ids are stable.
var rules = []rule{
	{"AWS-S3-001", Critical, publicControls, openTo(graph.KindBucket)},
	{"AWS-SQS-001", High, cisV8("3.3"), openTo(graph.KindQueue)},
	{"AWS-SNS-001", High, cisV8("3.3"), openTo(graph.KindTopic)},
	{"AWS-ECR-001", High, cisV8("3.3"), openTo(graph.KindRepository)},
	{"AWS-SM-001", Critical, cisV8("3.3"), openTo(graph.KindSecret)},
	{"AWS-DDB-001", High, cisV8("3.3"), openTo(graph.KindTable)},
	{"AWS-RDS-002", Critical, all(pci("3.5.1.3", "10.3.2"), hipaa("164.308(a)(3)(i)", "164.312(a)(1)"), cisV8("11.3")), openTo(graph.KindDBSnapshot)},
	{"AWS-EBS-001", Critical, all(hipaa("164.308(a)(3)(i)", "164.312(a)(1)"), cisV8("11.3")), openTo(graph.KindVolumeSnapshot)},
	{"AWS-AMI-001", High, cisV8("3.3"), openTo(graph.KindImage)},
	{"AWS-LAM-002", High, hipaa("164.308(a)(3)(i)", "164.312(a)(1)"), openFunctionURL},
	{"AWS-IAM-010", Critical, nist("AC-3", "AC-6"), roleTrustsEveryone},
	{"AWS-IAM-012", High, nist("AC-3", "AC-6"), foreignTrustWithoutExternalID},
	{"AWS-IAM-004", High, all(cis("1.9"), pci("8.4.1", "8.4.2", "8.4.3"), hipaa("164.312(d)"), cisV8("6.3")), consoleWithoutMFA},
	{"AWS-IAM-006", Medium, all(cis("1.13"), pci("8.3.9"), cisV8("5.3")), oldAccessKey},
	{"AWS-NET-001", High, all(cis("5.3"), pci("1.2.8", "1.3.1"), cisV8("4.4")), adminPortOpen},
	{"AWS-NET-002", High, all(pci("1.3.1", "1.4.4"), cisV8("4.4")), databaseOpen},
	{"AWS-EC2-004", Medium, all(cis("5.7"), cisV8("4.8")), metadataV1},
	{"AWS-RDS-004", High, all(cis("2.2.1"), pci("3.5.1"), hipaa("164.312(a)(2)(iv)"), cisV8("3.11")), databaseUnencrypted},
}
