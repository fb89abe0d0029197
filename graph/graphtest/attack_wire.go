package graphtest

import "github.com/cairn-security/cairn/graph"

// entries let in the internet, a phished user in fifty, and an exploit on a
// compute in twenty-five.
func (g *attack) entries() {
	outside := g.number(AttackState{Holds: "at", Node: graph.NoRef})
	g.step("internet", 1, outside)
	for i := range g.accounts {
		a := &g.accounts[i]
		for _, u := range a.users {
			if g.rng.IntN(50) == 0 {
				g.step("phished-user", 0.1, g.state("controls", u))
			}
		}
		for _, c := range a.computes {
			if g.rng.IntN(25) == 0 {
				port := g.number(AttackState{Holds: "reaches", Node: c, Port: 443})
				g.step("network-reach", 1, port, outside)
				g.step("exploit", 0.1, g.state("executes", c), port)
			}
		}
	}
}

// wire gives an account what every estate has; fill adds the long tail.
func (g *attack) wire(a *attackAccount) {
	for _, c := range a.computes {
		if g.rng.IntN(2) == 0 {
			g.step("metadata", 0.5, g.state("controls", g.popular(a.roles)), g.state("executes", c))
		}
	}
	for _, u := range a.users {
		g.step("assume-role", 0.95, g.state("controls", g.popular(a.roles)), g.state("controls", u))
	}
	for range a.roles {
		g.assume(a)
	}
	g.administrators(a)
	for _, db := range a.databases {
		if len(a.secrets) > 0 && len(a.computes) > 0 {
			g.database(a, db)
		}
	}
}

// administrators are some of the first four roles; what they hold of the
// account hangs on one hub.
func (g *attack) administrators(a *attackAccount) {
	account := g.state("administers", a.node)
	for _, r := range a.roles[:min(4, len(a.roles))] {
		if g.rng.IntN(2) == 0 {
			g.step("administrator", 0.95, account, g.state("controls", r))
		}
	}
	g.Targets = append(g.Targets, account)
	hub := g.number(AttackState{Holds: "aux", Node: graph.NoRef, Aux: a.hub})
	g.step("administer", 1, hub, account)
	for _, list := range [][]graph.Ref{a.stores, a.databases} {
		for _, s := range list {
			g.step("data-read", 0.95, g.state("reads", s), hub)
		}
	}
}

// database is read with a position and a secret, both had in three ways.
func (g *attack) database(a *attackAccount, db graph.Ref) {
	port := g.number(AttackState{Holds: "reaches", Node: db, Port: 5432})
	secret := g.state("knows", pick(g, a.secrets))
	for range 3 {
		g.step("network-reach", 1, port, g.state("executes", pick(g, a.computes)))
		g.step("secret-found", 0.8, secret, g.state("controls", g.popular(a.roles)))
	}
	g.step("database-login", 0.95, g.state("reads", db), port, secret)
}

// assume lets a role assume another one, now and then of another account.
func (g *attack) assume(a *attackAccount) {
	to := a
	if g.rng.IntN(100) < 15 {
		to = &g.accounts[g.skewed(len(g.accounts), 2)]
	}
	from, role := pick(g, a.roles), g.popular(to.roles)
	if from != role {
		g.step("assume-role", 0.95, g.state("controls", role), g.state("controls", from))
	}
}

// fill adds one step of the long tail.
func (g *attack) fill() {
	a := &g.accounts[g.rng.IntN(len(g.accounts))]
	role := g.state("controls", a.roles[g.skewed(len(a.roles), 2)])
	switch x := g.rng.IntN(100); {
	case x < 55 && len(a.stores) > 0:
		g.step("data-read", 0.95, g.state("reads", pick(g, a.stores)), role)
	case x < 70:
		g.assume(a)
	case x < 80 && len(a.computes) > 0:
		g.step("existing-compute", 0.8, g.state("executes", pick(g, a.computes)), role)
	case x < 90 && len(a.computes) > 0:
		g.step("metadata", 0.5, role, g.state("executes", pick(g, a.computes)))
	case len(a.secrets) > 0:
		g.step("secret-found", 0.8, g.state("knows", pick(g, a.secrets)), role)
	}
}
