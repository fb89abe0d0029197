package graphtest

import (
	"math"
	"math/rand/v2"
)

// AttackConfig sizes a generated attack hypergraph.
type AttackConfig struct {
	Seed  uint64
	Steps int // exactly so many steps; an eighth as many states
	// Joins is the share of steps that need a second (or, one in five of
	// them, a third) premise, such as a position and a secret. 0 gives a
	// plain graph.
	Joins float64
}

// AttackGraph is an attack hypergraph in neutral numbers: states 0 to
// States-1, and steps that lead from all of their premises to one conclusion.
type AttackGraph struct {
	States  int
	Class   []StateClass // of every state
	Account []uint32     // of every state
	Entries []AttackEntry
	Targets []uint32 // the sensitive datastores, one in twenty of all
	Steps   []AttackStep
	Factors int
}

// AttackEntry is a state held at the start with some likelihood.
type AttackEntry struct {
	State      uint32
	Likelihood float64 // (0,1]
}

// AttackStep needs all its premises. Steps with one factor hold or fail
// together. Cost is the likelihood as -ln in micro-nats plus 1,000 for the hop,
// as the search counts it.
type AttackStep struct {
	Premises   []uint32 // one to three states, all different
	Conclusion uint32
	Factor     uint32
	Likelihood float64 // (0,1], in thousandths
	Cost       uint32
}

// StateClass is what kind of thing a state is about.
type StateClass uint8

// Classes of states; state 0 is the attacker's start.
const (
	StateAttacker StateClass = iota
	StateBalancer
	StateCompute
	StateGroup // security group: who is in reaches who is behind
	StateRole
	StateUser
	StateTeam
	StateSecret
	StateKey
	StateStore
	stateClasses
)

// shares of the classes in an account, in percent.
var shares = [stateClasses]int{StateBalancer: 2, StateCompute: 34, StateGroup: 5, StateRole: 22, StateUser: 6, StateTeam: 1, StateSecret: 6, StateKey: 2, StateStore: 22}

// move is one family of steps: from a class to a class, how likely a step of
// it succeeds, how often the family is drawn and how often it leaves the account.
type move struct {
	from, to   StateClass
	likelihood float64
	weight     int
	foreign    float64
}

var moves = []move{
	{StateBalancer, StateCompute, 0.5, 4, 0},
	{StateCompute, StateGroup, 0.9, 10, 0},
	{StateGroup, StateCompute, 0.3, 14, 0.02},
	{StateCompute, StateRole, 0.8, 12, 0},
	{StateUser, StateTeam, 1, 4, 0},
	{StateTeam, StateRole, 0.9, 3, 0},
	{StateRole, StateRole, 0.9, 12, 0.15},
	{StateRole, StateStore, 0.95, 26, 0.10},
	{StateRole, StateCompute, 0.7, 5, 0},
	{StateRole, StateKey, 0.9, 3, 0},
	{StateRole, StateSecret, 0.9, 4, 0},
	{StateCompute, StateSecret, 0.4, 4, 0},
	{StateSecret, StateStore, 0.8, 5, 0.05},
	{StateSecret, StateRole, 0.6, 2, 0},
	{StateStore, StateUser, 0.1, 1, 0},
}

// Attack generates an attack hypergraph of accounts of Pareto size with
// network hubs, popular roles, role chains that cross accounts and admin roles
// that lead to everything in theirs.
func Attack(c AttackConfig) *AttackGraph {
	g := &attack{rng: rand.New(rand.NewPCG(c.Seed, 0xda3e39cb94b95bdb)), config: c, out: &AttackGraph{}}
	g.states()
	g.entries()
	g.admins()
	total := 0
	for _, m := range moves {
		total += m.weight
	}
	for len(g.out.Steps) < c.Steps {
		pick := g.rng.IntN(total)
		for _, m := range moves {
			if pick -= m.weight; pick < 0 {
				g.move(m)
				break
			}
		}
	}
	g.out.Factors = int(g.factor)
	return g.out
}

type attack struct {
	rng      *rand.Rand
	config   AttackConfig
	out      *AttackGraph
	accounts [][stateClasses][]uint32 // account -> class -> states
	byState  []uint32                 // accounts repeated by size: larger ones are drawn more often
	factor   uint32
	premises []uint32 // where premises of all steps lie
}

func (g *attack) states() {
	want := max(60, g.config.Steps/8)
	g.state(StateAttacker, 0)
	for g.out.States < want {
		size := min(int(min(5000, 60*math.Pow(1-g.rng.Float64(), -1/1.2))), max(60, want-g.out.States))
		account := uint32(len(g.accounts))
		g.accounts = append(g.accounts, [stateClasses][]uint32{})
		for class, share := range shares {
			for range max(1, size*share/100) * min(share, 1) {
				g.byState = append(g.byState, account)
				s := g.state(StateClass(class), account)
				g.accounts[account][class] = append(g.accounts[account][class], s)
				if StateClass(class) == StateStore && g.rng.IntN(20) == 0 {
					g.out.Targets = append(g.out.Targets, s)
				}
			}
		}
	}
	if len(g.out.Targets) == 0 {
		g.out.Targets = g.accounts[0][StateStore][:1]
	}
}

func (g *attack) state(class StateClass, account uint32) uint32 {
	s := uint32(g.out.States)
	g.out.States++
	g.out.Class = append(g.out.Class, class)
	g.out.Account = append(g.out.Account, account)
	return s
}

// entries opens every load balancer, one machine in fifty, one store in two
// hundred and one user in two hundred to the outside.
func (g *attack) entries() {
	g.out.Entries = append(g.out.Entries, AttackEntry{State: 0, Likelihood: 1})
	for s := uint32(1); int(s) < g.out.States && len(g.out.Steps) < g.config.Steps/4; s++ {
		switch g.out.Class[s] {
		case StateBalancer:
			g.step(1, s, 0)
		case StateCompute:
			if g.rng.IntN(50) == 0 {
				g.step(0.4, s, 0)
			}
		case StateStore:
			if g.rng.IntN(200) == 0 {
				g.step(1, s, 0)
			}
		case StateUser:
			if g.rng.IntN(200) == 0 {
				g.out.Entries = append(g.out.Entries, AttackEntry{State: s, Likelihood: 0.02})
			}
		}
	}
}

// admins gives some roles of every account everything in it.
func (g *attack) admins() {
	for a := range g.accounts {
		roles := g.accounts[a][StateRole]
		for range min(len(roles), 1+g.rng.IntN(4)) {
			role := roles[g.rng.IntN(len(roles))]
			for _, class := range []StateClass{StateStore, StateSecret, StateKey} {
				for _, s := range g.accounts[a][class] {
					if len(g.out.Steps) < g.config.Steps/2 {
						g.step(0.95, s, role)
					}
				}
			}
		}
	}
}

func (g *attack) move(m move) {
	from := g.byState[g.rng.IntN(len(g.byState))]
	to := from
	if g.rng.Float64() < m.foreign {
		to = g.byState[g.rng.IntN(len(g.byState))]
	}
	source, target := g.popular(from, m.from), g.popular(to, m.to)
	if source == target {
		return
	}
	premises := []uint32{source}
	if g.rng.Float64() < g.config.Joins {
		extra := [...]StateClass{StateKey, StateSecret, StateCompute}
		for range 1 + g.rng.IntN(5)/4 {
			p := g.popular(to, extra[g.rng.IntN(len(extra))])
			if p != target && p != source && p != premises[len(premises)-1] {
				premises = append(premises, p)
			}
		}
	}
	g.step(m.likelihood, target, premises...)
}

// popular draws a state of a class in an account, low ones far more often.
func (g *attack) popular(account uint32, class StateClass) uint32 {
	list := g.accounts[account][class]
	u := g.rng.Float64()
	return list[int(float64(len(list))*u*u)]
}

// step adds a step; one in four shares the factor of the step before.
func (g *attack) step(likelihood float64, conclusion uint32, premises ...uint32) {
	p := min(1, max(0.001, math.Round(1000*likelihood*(0.9+0.2*g.rng.Float64()))/1000))
	if g.factor == 0 || g.rng.IntN(4) != 0 {
		g.factor++
	}
	from := len(g.premises)
	g.premises = append(g.premises, premises...)
	g.out.Steps = append(g.out.Steps, AttackStep{
		Premises: g.premises[from:len(g.premises):len(g.premises)], Conclusion: conclusion,
		Factor: g.factor - 1, Likelihood: p, Cost: uint32(math.Round(-math.Log(p)*1e6)) + 1000,
	})
}
