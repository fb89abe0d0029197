// Package technique is the catalogue of attack techniques: rules that turn
// decisions of the permission and reach engines into steps of the attack graph.
//
// One technique stands in one file with its page in pages/ID.md (fixed
// headings: Details, Prerequisites, Evidence, Detection, Remediation,
// References). A technique derives every step the estate allows, whatever the
// attacker holds: premises carry the condition, and the search of package
// route finds out which premises can be had. No technique ever makes one step
// per pair of principal and datastore: grant classes, network classes and the
// administrator of an account stand between as auxiliary states.
package technique
