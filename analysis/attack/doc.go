// Package attack holds the words that every part of the analysis speaks:
// [Fact], [Decision], [State], [Factor], [Step]. It decides nothing.
//
// A decision (may a principal act, does a packet arrive) rests on facts. A
// step applies a technique: all its premises (states the attacker holds) and
// all its decisions are needed for its conclusion. Uncertainty lives in named
// factors, never in configuration.
package attack
