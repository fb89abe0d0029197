// Package posture applies rules of good posture to what was observed and to
// what the permission and reach engines decide, and maps what fails to controls
// of frameworks.
//
// A rule passes, fails, or is unknown where something it needs was not read; it
// never passes for want of data. Control identifiers are facts taken from the
// frameworks' public mappings; that a rule touches a control does not mean that
// passing it satisfies the control.
package posture
