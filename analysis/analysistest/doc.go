// Package analysistest helps to test conclusions: it reads small estates in a
// compact text form, as package graph would hold them after assembly, together
// with what a run is asked and what is expected of it.
//
// A scenario file is a txtar archive. Its comment says what the file is about.
// The first part, "estate", is common to all that follow; every other part is
// one case: lines that add to the estate, and lines that start with "expect".
//
//	-- estate --
//	account 111111111111
//	user start
//	  allow iam:PassRole on role/*
//	-- a role of the service --
//	role admin
//	  trusts service/lambda.amazonaws.com
//	  allow * on *
//	expect step pass-role-function user/start -> role/admin
//
// A line at the margin names a node ("KIND NAME"; the same node may be named
// again to add to it) or steers the run; indented lines belong to the node
// above:
//
//	allow ACTION,… [on RESOURCE,…] [to PRINCIPAL,…] [if CONDITION]   a statement; deny likewise
//	trusts PRINCIPAL,… [if CONDITION]                                of the role's trust policy
//	KEY JSON            a property, replacing the statements it had
//	-KEY                without that property
//	> EDGE NAME         an edge, such as > HAS_POLICY policy/x
//	< EDGE              without the edges of this kind
//	label LABEL         what a person said about a datastore
//
// Names are written KIND/NAME, with an account in front where it is not the
// current one: 222222222222:role/x. They stand for what AWS calls the thing.
//
// The package decides nothing and imports no engine but the labels of package
// sensitivity.
package analysistest
