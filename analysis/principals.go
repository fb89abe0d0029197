package analysis

import (
	"context"
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/graph"
)

// Principal is what is said of one user or role: whether it administers its
// account before any attack, and whether it gets there by steps.
type Principal struct {
	Node           graph.Ref
	Administration permission.Administration
	// Escalates: reaches the administration of its account by one or more steps.
	Escalates bool
	Hops      int
	Status    attack.Status // of the escalation
	Via       []attack.TechniqueID
	// Way is what the steps of the likeliest escalation rest on, all needed; nil
	// without one.
	Way *attack.Decision
}

// Principals judges every user and role. Computed once. Cost: one backward walk
// per account.
func (r *Result) Principals(ctx context.Context) ([]Principal, error) {
	return r.principals.get(func() ([]Principal, error) {
		climbs := map[graph.Ref]route.Held{}
		for _, account := range r.Snap.ByKind(graph.KindAccount) {
			target, ok := r.Graph.Lookup(attack.State{Kind: attack.Administers, Node: account})
			if !ok {
				continue
			}
			held, err := r.Graph.Exposure(ctx, target)
			if err != nil {
				return nil, err
			}
			for _, h := range held {
				if st := r.Graph.State(h.State); st.Kind == attack.Controls && h.Hops > 0 && r.Snap.AccountOf(st.Node) == account {
					climbs[st.Node] = h
				}
			}
		}
		refs := slices.Concat(r.Snap.ByKind(graph.KindUser), r.Snap.ByKind(graph.KindRole))
		slices.Sort(refs)
		list := make([]Principal, 0, len(refs))
		for _, ref := range refs {
			p := Principal{Node: ref, Administration: r.Perm.Administrator(ref, permission.Given{Stolen: true})}
			if climb, ok := climbs[ref]; ok && p.Administration.Status != permission.IsAdministrator {
				p.Escalates, p.Hops, p.Status, p.Via, p.Way = true, climb.Hops, climb.Status, climb.Via, r.RestsOn(climb.Steps)
			}
			list = append(list, p)
		}
		return list, nil
	})
}

// RestsOn combines the decisions of steps that are all needed.
func (r *Result) RestsOn(steps []route.StepID) *attack.Decision {
	var all []*attack.Decision
	for _, s := range steps {
		all = append(all, r.Graph.Decisions(s)...)
	}
	return attack.And(all...)
}

// Access counts the principals that may act on a datastore, before any attack.
type Access struct {
	Read, Write, Destroy, Administer int
	// Unread: a policy that decides was not read, so the counts may be too low.
	Unread bool
	// Anonymous: whoever has no credentials reads; AnyAccount: so does, at
	// least, any AWS account.
	Anonymous, AnyAccount bool
	// Readers are the principals that read for certain, in node order.
	Readers []graph.Ref
}

// Access counts access to every datastore. Computed once; see permission.Engine.Access.
func (r *Result) Access() map[graph.Ref]*Access {
	all, _ := r.access.get(func() (map[graph.Ref]*Access, error) { // never fails
		counts := map[graph.Ref]*Access{}
		of := func(store graph.Ref) *Access {
			a := counts[store]
			if a == nil {
				a = &Access{}
				counts[store] = a
			}
			return a
		}
		for g := range r.Perm.Access(permission.Given{}) {
			for _, store := range g.Stores {
				of(store).count(g)
			}
		}
		anonymous, ok := r.Snap.Lookup("anonymous")
		anyone, known := r.Snap.Lookup("any-aws-principal")
		for _, d := range r.Data.All() {
			a := of(d.Node)
			slices.Sort(a.Readers)
			a.Readers = slices.Compact(a.Readers)
			if ok {
				open := r.Perm.ByAnyDoor(anonymous, d.Node, permission.ReadAccess, permission.Given{Internet: true})
				a.Anonymous = open.Certain()
				a.AnyAccount = a.Anonymous || known && r.Perm.ByAnyDoor(anyone, d.Node, permission.ReadAccess, permission.Given{Internet: true}).Certain()
				a.Unread = a.Unread || open.Status == attack.Unknown
			}
		}
		return counts, nil
	})
	return all
}

func (a *Access) count(g permission.Grant) {
	if g.Decision.Status == attack.Unknown {
		a.Unread = true
		return
	}
	n := len(g.Principals)
	switch g.Access {
	case permission.ReadAccess:
		a.Read += n
		a.Readers = append(a.Readers, g.Principals...)
	case permission.WriteAccess:
		a.Write += n
	case permission.DestroyAccess:
		a.Destroy += n
	case permission.AdministerAccess:
		a.Administer += n
	}
}

// Endpoints says for every resource that packets may reach from where it is
// reached. Computed once.
func (r *Result) Endpoints() []reach.Endpoint {
	all, _ := r.endpoints.get(func() ([]reach.Endpoint, error) { // never fails
		return r.Reach.Exposed(reach.Options{Policy: AnonymousPolicy(r.Snap, r.Perm)}), nil
	})
	return all
}

// AnonymousPolicy answers the service-policy part of reachability: whether
// somebody without credentials, or with an AWS account of their own, may take an
// action on a resource; on a datastore, whether they have any access at all; of a
// function with a URL, whether they run it by that, as [permission.Engine.CallURL]
// decides for paths and findings.
func AnonymousPolicy(snap *graph.Snapshot, perm *permission.Engine) reach.PolicyFunc {
	given := permission.Given{Internet: true, Stolen: true}
	return func(res *reach.Resource, action string) *attack.Decision {
		ref := res.Node()
		if ref == graph.NoRef {
			return nil
		}
		var best *attack.Decision
		consider := func(d *attack.Decision) {
			if best == nil || (d.Allowed && (!best.Allowed || d.Status < best.Status)) {
				best = d
			}
		}
		url, hasURL := functionURL(snap, ref)
		for _, id := range []string{"anonymous", "any-aws-principal"} {
			caller, ok := snap.Lookup(id)
			if !ok {
				continue
			}
			if hasURL {
				consider(attack.And(perm.CallURL(caller, ref, url.AuthType, url.CreationTime)...))
				continue
			}
			consider(perm.Can(caller, action, permission.OnNode(ref), given))
			if snap.Kind(ref).Datastore() {
				for _, a := range permission.AllAccess() {
					consider(perm.ByAnyDoor(caller, ref, a, given))
				}
			}
		}
		return best
	}
}

// urlConfig is what decides who may call a function by its URL.
type urlConfig struct{ AuthType, CreationTime string }

func functionURL(snap *graph.Snapshot, ref graph.Ref) (urlConfig, bool) {
	var url urlConfig
	ok, err := snap.Decode(ref, graph.PropURL, &url)
	return url, ok && err == nil && url.AuthType != ""
}
