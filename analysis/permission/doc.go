// Package permission decides what a principal may do to a resource, with
// reasons.
//
// The core ([Authorize]) combines compiled policies of all types the way AWS
// does and knows nothing of the graph; "cairn simulate" runs on it. The engine
// ([New]) reads principals, resources and their policies from a snapshot,
// compiles each distinct document once and answers questions about the estate:
// [Engine.Can], [Engine.WhoCan], by any door of a bucket [Engine.CanByAnyDoor],
// of callers that are no nodes [Engine.StrangerCan], [Engine.Access],
// [Engine.AssumeRole], [Engine.Administrator].
//
// An answer is allow, deny, conditional (the context conditions that are left
// over are listed, minimised) or unknown (something it needs was not read).
// Nothing is guessed: what is no part of the source takes a default, and the
// answer names it among its assumptions.
//
// It never looks at packets and never scores anything.
package permission
