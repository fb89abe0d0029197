// Package analysis draws the conclusions: from a snapshot of what was observed
// to attack paths, ranked, with evidence and what closes them.
//
// [Run] alone orchestrates. It labels data, builds the permission and reach
// engines, lets the techniques derive steps, searches the attack graph and puts
// the families of paths into numbers. What costs more and not everybody needs
// (choke points, fixes, principals, exposure) the [Result] computes when asked,
// once.
//
// The package stores nothing, reads no files and calls no cloud.
package analysis
