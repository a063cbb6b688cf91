package remind

// roster finds people by unit.
type roster struct {
	people   map[int64]*Person
	editors  map[int64][]*Person
	heads    map[int64][]*Person
	oversees map[int64][]*Person
	all      []*Person // those who oversee every unit
}

func newRoster(list []Person) *roster {
	r := &roster{map[int64]*Person{}, map[int64][]*Person{}, map[int64][]*Person{}, map[int64][]*Person{}, nil}
	for i := range list {
		p := &list[i]
		r.people[p.ID] = p
		for _, of := range []struct {
			units []int64
			at    map[int64][]*Person
		}{{p.Edits, r.editors}, {p.Heads, r.heads}, {p.Oversees, r.oversees}} {
			for _, u := range of.units {
				of.at[u] = append(of.at[u], p)
			}
		}
		if p.OverseesAll {
			r.all = append(r.all, p)
		}
	}
	return r
}

// office is who oversees a unit: its own office where it has one.
func (r *roster) office(unit int64) []*Person {
	if own := r.oversees[unit]; len(own) > 0 {
		return own
	}
	return r.all
}

// holders is who has to do a task: those it names, else who writes for the
// unit. Where there is nobody it falls to the unit's head, and without one to
// the office: nothing is owed by nobody.
func (r *roster) holders(t Task) []*Person {
	if t.Office {
		return r.office(t.UnitID)
	}
	var named []*Person
	for _, id := range t.People {
		if p := r.people[id]; p != nil {
			named = append(named, p)
		}
	}
	if nobody := t.People != nil && len(t.People) == 0; len(named) == 0 && !nobody {
		named = r.editors[t.UnitID]
	}
	for _, list := range [][]*Person{named, r.heads[t.UnitID]} {
		if len(list) > 0 {
			return list
		}
	}
	return r.office(t.UnitID)
}

// told is who hears of a task on a rung, each with the strongest reason.
func (r *roster) told(t Task, to Audience) map[int64]Audience {
	found := map[int64]Audience{}
	add := func(list []*Person, as Audience) {
		for _, p := range list {
			if _, ok := found[p.ID]; !ok {
				found[p.ID] = as
			}
		}
	}
	if to&Holders != 0 {
		add(r.holders(t), Holders)
	}
	if to&UnitHeads != 0 && !t.Office {
		add(r.heads[t.UnitID], UnitHeads)
	}
	if to&Offices != 0 {
		add(r.office(t.UnitID), Offices)
	}
	return found
}
