// Package remediate knows which single changes a person can make to the facts
// that paths rest on, and how each would look: the change to the snapshot that
// stands for it, a title, the effort, and commands.
//
// It proposes; it proves nothing. Whether a change closes a path is decided by
// deriving the paths again with the change in place, which package analysis
// does. cairn never applies a change.
package remediate
