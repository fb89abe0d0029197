package routetest

import (
	"math"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

var outside = attack.State{Kind: attack.At, Node: graph.NoRef}

func (e *estate) entries() {
	e.entry("internet", 1, outside)
	for i := range e.accounts {
		a := &e.accounts[i]
		for _, u := range a.users {
			if e.rng.IntN(50) == 0 {
				e.entry("phished-user", 0.1, on(attack.Controls, u))
			}
		}
		for _, c := range a.computes {
			if e.rng.IntN(25) == 0 {
				e.step("network-reach", 1, attack.State{Kind: attack.Reaches, Node: c, Port: 443}, outside)
				e.step("exploit", 0.1, on(attack.Executes, c), attack.State{Kind: attack.Reaches, Node: c, Port: 443})
			}
		}
	}
}

func (e *estate) entry(kind attack.TechniqueID, p float64, to attack.State) {
	e.step(kind, p, to)
	s := &e.Steps[len(e.Steps)-1]
	for i := range s.Factors {
		s.Factors[i].Key = "entry:" + string(kind) + "@" + s.Factors[i].Key
	}
}

// wire gives an account what every estate has; fill adds the long tail.
func (e *estate) wire(a *account) {
	hub := attack.State{Kind: attack.Aux, Node: graph.NoRef, Aux: a.hub}
	for _, c := range a.computes {
		if e.rng.IntN(2) == 0 {
			e.step("metadata", 0.5, on(attack.Controls, popular(e, a.roles)), on(attack.Executes, c))
		}
	}
	for _, u := range a.users {
		e.step("assume-role", 0.95, on(attack.Controls, popular(e, a.roles)), on(attack.Controls, u))
	}
	for range len(a.roles) {
		e.assume(a)
	}
	for i, r := range a.roles {
		if i < 4 && e.rng.IntN(2) == 0 {
			e.step("administrator", 0.95, on(attack.Administers, a.node), on(attack.Controls, r))
		}
	}
	e.Targets = append(e.Targets, on(attack.Administers, a.node))
	e.step("administer", 1, hub, on(attack.Administers, a.node))
	for _, list := range [][]graph.Ref{a.stores, a.databases} {
		for _, s := range list {
			e.step("data-read", 0.95, on(attack.Reads, s), hub)
		}
	}
	for _, db := range a.databases {
		if len(a.secrets) == 0 || len(a.computes) == 0 {
			continue
		}
		at := attack.State{Kind: attack.Reaches, Node: db, Port: 5432}
		secret := on(attack.Knows, pick(e, a.secrets))
		for range 3 {
			e.step("network-reach", 1, at, on(attack.Executes, pick(e, a.computes)))
			e.step("secret-found", 0.8, secret, on(attack.Controls, popular(e, a.roles)))
		}
		e.step("database-login", 0.95, on(attack.Reads, db), at, secret)
	}
}

func (e *estate) assume(a *account) {
	to := a
	if e.rng.IntN(100) < 15 {
		to = &e.accounts[int(math.Pow(e.rng.Float64(), 2)*float64(len(e.accounts)))]
	}
	from, role := pick(e, a.roles), popular(e, to.roles)
	if from != role {
		e.step("assume-role", 0.95, on(attack.Controls, role), on(attack.Controls, from))
	}
}

// fill adds one step of the long tail.
func (e *estate) fill() {
	a := &e.accounts[e.rng.IntN(len(e.accounts))]
	role := on(attack.Controls, a.roles[int(math.Pow(e.rng.Float64(), 2)*float64(len(a.roles)))])
	switch x := e.rng.IntN(100); {
	case x < 55 && len(a.stores) > 0:
		e.step("data-read", 0.95, on(attack.Reads, pick(e, a.stores)), role)
	case x < 70:
		e.assume(a)
	case x < 80 && len(a.computes) > 0:
		e.step("existing-compute", 0.8, on(attack.Executes, pick(e, a.computes)), role)
	case x < 90 && len(a.computes) > 0:
		e.step("metadata", 0.5, role, on(attack.Executes, pick(e, a.computes)))
	case len(a.secrets) > 0:
		e.step("secret-found", 0.8, on(attack.Knows, pick(e, a.secrets)), role)
	}
}
