package view

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// accounts holds what is known of the accounts of the estate.
type accounts struct {
	ids        []string // sorted
	name       map[string]string
	management string // id of the account that manages the organization
}

// newAccounts collects the accounts that were read and those that the
// organization lists.
func (v *View) newAccounts() *accounts {
	a := &accounts{name: map[string]string{}}
	seen := map[string]bool{}
	for _, id := range v.snap().Meta().Accounts {
		seen[id] = true
	}
	for _, ref := range v.snap().ByKind(graph.KindAccount) {
		n := v.snap().Node(ref)
		id := n.Account
		if id == "" {
			id = strings.TrimSuffix(strings.TrimPrefix(n.ID, "arn:aws:iam::"), ":root")
		}
		seen[id] = true
		if string(v.snap().Prop(ref, graph.PropManagement)) == "true" {
			a.management = id
		}
		if name := v.snap().Text(ref, graph.PropAlias); name != "" {
			a.name[id] = name
		} else if n.Name != "" && n.Name != id && n.Name != n.ID {
			a.name[id] = n.Name
		}
	}
	a.ids = slices.Sorted(maps.Keys(seen))
	return a
}

func (v *View) accountName(id string) *string { return orNull(v.accounts().name[id]) }

// accountTitle is what people call an account.
func (v *View) accountTitle(id string) string {
	if name := v.accounts().name[id]; name != "" {
		return name
	}
	return id
}

// Account is one account of the estate.
type Account struct {
	ID      string
	Name    string
	NotRead *string
}

// accountList says of every account what was not read.
func (v *View) accountList() []*Account {
	read := map[string]bool{}
	for _, id := range v.snap().Meta().Accounts {
		read[id] = true
	}
	refused := map[string][]string{}
	for _, g := range v.snap().Gaps() {
		if g.Refused() {
			refused[g.Account] = append(refused[g.Account], fmt.Sprintf("%s %s (%s)", g.Service, g.Operation, g.Outcome))
		}
	}
	out := make([]*Account, 0, len(v.accounts().ids))
	for _, id := range v.accounts().ids {
		a := &Account{ID: id, Name: v.accountTitle(id)}
		calls := slices.Compact(slices.Sorted(slices.Values(refused[id])))
		why := ""
		switch {
		case len(calls) > 3:
			why = fmt.Sprintf("not answered: %s and %d more", strings.Join(calls[:3], ", "), len(calls)-3)
		case len(calls) > 0:
			why = "not answered: " + strings.Join(calls, ", ")
		case !read[id]:
			why = "no part of this snapshot"
		}
		a.NotRead = orNull(why)
		out = append(out, a)
	}
	return out
}
