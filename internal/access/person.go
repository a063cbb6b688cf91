package access

import (
	"slices"
	"strconv"

	"gongkai/internal/civil"
	"gongkai/internal/unit"
)

// State is where an account stands.
type State string

// States of accounts.
const (
	Invited  State = "invited"  // the link has not been used yet
	Active   State = "active"   //
	Disabled State = "disabled" // kept for its history; cannot sign in
)

var stateLabels = map[State]string{Invited: "待启用", Active: "正常", Disabled: "已停用"}

// Label is what the state is called in Chinese.
func (s State) Label() string { return stateLabels[s] }

// Person is an account together with what it may do on one day. It is
// immutable and safe for concurrent use.
type Person struct {
	Account
	Grants  []Grant // those in force on the day
	Address string  // where the session was opened; empty outside of one

	needs Need // while something is missing, nothing is allowed
	tree  *unit.Tree
	day   civil.Date
}

// Actor is how the ledger names the person.
func (p *Person) Actor() string { return userSubject(p.ID) }

// userSubject is how the ledger names an account.
func userSubject(id int64) string { return "user:" + strconv.FormatInt(id, 10) }

// Can tells whether the person may do act for a unit. A unit that has ended
// stands for those that took over from it, on both sides: grants in it go on
// in its successors, and what it left behind is theirs to handle. Where its
// line has ended, only whoever reaches the whole city can.
func (p *Person) Can(act Act, unitID int64) bool {
	if p == nil || p.needs != NeedNothing {
		return false
	}
	for _, g := range p.Grants {
		if g.Role.May(act) && p.covers(g, unitID) {
			return true
		}
	}
	return false
}

// CanAnywhere tells whether there is any unit for which Can holds.
func (p *Person) CanAnywhere(act Act) bool {
	return p != nil && p.needs == NeedNothing &&
		slices.ContainsFunc(p.Grants, func(g Grant) bool { return g.Role.May(act) && (p.whole(g) || len(p.seats(g)) > 0) })
}

// Reach lists the units for which Can holds, in ascending order, ended ones
// among them; all means every unit, also those outside the city, and then the
// list is empty.
func (p *Person) Reach(act Act) (units []int64, all bool) {
	if p == nil || p.needs != NeedNothing {
		return nil, false
	}
	reached := map[int64]bool{}
	for _, g := range p.Grants {
		if !g.Role.May(act) {
			continue
		}
		if p.whole(g) {
			return nil, true
		}
		for _, seat := range p.seats(g) {
			reached[seat] = true
			if g.Below {
				for _, id := range p.tree.Subtree(seat, p.day) {
					reached[id] = true
				}
			}
		}
	}
	for id := range reached {
		units = append(units, id)
	}
	for _, id := range units {
		units = append(units, p.leftTo(id, reached)...)
	}
	slices.Sort(units)
	return units, false
}

// leftTo lists the ended units that unit id answers for and that are not
// reached yet.
func (p *Person) leftTo(id int64, reached map[int64]bool) (ended []int64) {
	line, _ := p.tree.Lineage(id)
	for _, link := range line.Earlier {
		for _, heir := range p.tree.Now(link.From, p.day) {
			if heir.ID == id && !reached[link.From] {
				reached[link.From] = true
				ended = append(ended, link.From)
			}
		}
	}
	return ended
}

// whole tells whether a grant reaches every unit there is: one with all below
// the city's own government, or given before there was a directory.
func (p *Person) whole(g Grant) bool {
	if g.UnitID == 0 {
		return g.Below
	}
	root, ok := p.tree.Root(p.day)
	return ok && g.Below && root.ID == g.UnitID
}

// seats are the units in which a grant holds today.
func (p *Person) seats(g Grant) []int64 {
	var seats []int64
	for _, o := range p.tree.Now(g.UnitID, p.day) {
		seats = append(seats, o.ID)
	}
	return seats
}

func (p *Person) covers(g Grant, unitID int64) bool {
	if p.whole(g) {
		return true
	}
	seats := p.seats(g)
	for _, o := range p.tree.Now(unitID, p.day) {
		for _, seat := range seats {
			if seat == o.ID || g.Below && o.Holds(p.day) && p.tree.Within(o.ID, seat, p.day) {
				return true
			}
		}
	}
	return false
}

// canGive tells whether the person may grant something that reaches as far as
// g does.
func (p *Person) canGive(g Grant) bool {
	if g.UnitID == 0 || g.Below && p.whole(g) {
		return slices.ContainsFunc(p.Grants, func(own Grant) bool { return own.Role.May(RoleGrant) && p.whole(own) })
	}
	return slices.ContainsFunc(p.Grants, func(own Grant) bool {
		return own.Role.May(RoleGrant) && (own.Below || !g.Below) && p.covers(own, g.UnitID)
	})
}

// in tells whether both accounts sit in the same unit today.
func (p *Person) in(unitID int64) bool {
	for _, a := range p.tree.Now(p.UnitID, p.day) {
		for _, b := range p.tree.Now(unitID, p.day) {
			if a.ID == b.ID {
				return true
			}
		}
	}
	return false
}
