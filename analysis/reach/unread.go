package reach

import (
	"fmt"

	"github.com/cairn-security/cairn/graph"
)

// gap returns the refused read of an operation for an account and region.
func (e *Estate) gap(operation, account, region string) *graph.Gap {
	for i := range e.gaps {
		g := &e.gaps[i]
		if g.Refused() && g.Operation == operation && (g.Account == "" || account == "" || g.Account == account) &&
			(g.Region == "" || region == "" || g.Region == region || g.Region == "global") {
			return g
		}
	}
	return nil
}

// inVPC is an operation in one VPC.
type inVPC struct {
	operation string
	vpc       int32
}

// gapIn returns the refused read of an operation that may speak of a VPC.
func (e *Estate) gapIn(operation string, v int32) *graph.Gap {
	if g := e.gap(operation, e.vpcs[v].account, e.vpcs[v].region); g != nil {
		return g
	}
	if g, ok := e.gapsIn[inVPC{operation, v}]; ok {
		return &g
	}
	return nil
}

// whole tells of VPCs whether no read of an operation that may speak of them
// was refused: then what names a subnet is known, and a subnet that nothing
// names has the default of its VPC.
func (e *Estate) whole(operation string) func(v int32) bool {
	known := map[int32]bool{}
	return func(v int32) bool {
		is, seen := known[v]
		if !seen {
			is = e.gapIn(operation, v) == nil
			known[v] = is
		}
		return is
	}
}

// unreadOf says why what an operation describes is not known of something in a
// VPC, "" where it is: a read was refused, or it is the owner's to describe and
// the owner's account was not read. An operation that nobody answered in a
// source of one account is no part of that source: defaults hold.
func (e *Estate) unreadOf(what, id, operation string, v int32) string {
	vp := &e.vpcs[v]
	if g := e.gapIn(operation, v); g != nil {
		return e.refusedText(g, what, id)
	}
	if e.foreign(vp.account) && (len(e.accounts) > 1 || e.answered(operation, vp.region)) {
		return fmt.Sprintf("%s %s of account %s was not read", what, id, vp.account)
	}
	return ""
}

// foreign reports whether an account is known not to have been read.
func (e *Estate) foreign(account string) bool {
	return account != "" && len(e.accounts) > 0 && !e.accounts[account]
}

// answered reports whether some account answered an operation in a region.
func (e *Estate) answered(operation, region string) bool {
	for s := range e.collected {
		if s.operation == operation && s.region == region {
			return true
		}
	}
	return false
}

// absent reports whether an operation is no part of the source for an account
// and region: nothing of it was added and no read of it was refused.
func (e *Estate) absent(operation, account, region string) bool {
	return !e.collected[scope{account, region, operation}] && e.gap(operation, account, region) == nil
}

// unread says in words why something is not known, naming a refused read where
// there is one.
func (e *Estate) unread(what, id, operation, account, region string) string {
	if g := e.gap(operation, account, region); g != nil {
		return e.refusedText(g, what, id)
	}
	if account != "" {
		return fmt.Sprintf("%s %s of account %s was not read", what, id, account)
	}
	return fmt.Sprintf("%s %s was not read", what, id)
}

// refusedText names a gap, so that gapsOf finds it again.
func (e *Estate) refusedText(g *graph.Gap, what, id string) string {
	text := fmt.Sprintf("%s %s: %s was %s in %s %s", what, id, g.Operation, g.Outcome, g.Account, g.Region)
	if g.ID != "" {
		e.gapText.Store(text, g.ID)
	}
	return text
}
