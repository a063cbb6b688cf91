package unit

import (
	"cmp"
	"slices"

	"gongkai/internal/civil"
)

// Tree is the whole directory at one moment, with all its history. It is
// immutable and safe for concurrent use.
type Tree struct {
	token   int64
	organs  map[int64]*Organ
	ordered []*Organ          // by Order, then ID
	below   map[int64][]int64 // organs that were ever below another, in order; 0 for none
	events  []Event           // by day, then ID
	of      map[int64][]int   // organ → indexes of its events
	sets    []Set
	setKeys map[string][]int // folded phrase → indexes of sets
	index   index
}

// newTree puts a tree together; it owns its arguments.
func newTree(token int64, organs []*Organ, events []Event, sets []Set) *Tree {
	t := &Tree{token: token, organs: map[int64]*Organ{}, ordered: organs, below: map[int64][]int64{}, events: events, of: map[int64][]int{}, sets: sets}
	slices.SortFunc(organs, func(a, b *Organ) int { return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID)) })
	for _, o := range organs {
		t.organs[o.ID] = o
		o.Code = o.CodeOn(civil.Date{})
		if len(o.Parents) == 0 {
			t.below[0] = append(t.below[0], o.ID)
		}
		for _, p := range o.Parents {
			if !slices.Contains(t.below[p.ID], o.ID) {
				t.below[p.ID] = append(t.below[p.ID], o.ID)
			}
		}
	}
	for i, e := range events {
		for _, id := range append(slices.Clone(e.Subjects), e.Successors...) {
			t.of[id] = append(t.of[id], i)
		}
	}
	t.setKeys = setKeys(sets)
	t.index = newIndex(t)
	return t
}

// Len is the number of organs, ended ones included.
func (t *Tree) Len() int { return len(t.ordered) }

// Get is the organ of an id.
func (t *Tree) Get(id int64) (Organ, bool) {
	o, ok := t.organs[id]
	if !ok {
		return Organ{}, false
	}
	return *o, true
}

// NameOn is the full name of an organ on a day, "" for an unknown id.
func (t *Tree) NameOn(id int64, day civil.Date) string {
	if o, ok := t.organs[id]; ok {
		return o.NameOn(day)
	}
	return ""
}

// ShortOn is the short name of an organ on a day, "" for an unknown id.
func (t *Tree) ShortOn(id int64, day civil.Date) string {
	if o, ok := t.organs[id]; ok {
		return o.ShortOn(day)
	}
	return ""
}

// All lists the organs that exist on a day in the order of listing; of the
// given kinds, or of all where none is given.
func (t *Tree) All(day civil.Date, kinds ...Kind) []Organ {
	var list []Organ
	for _, o := range t.ordered {
		if o.Holds(day) && (len(kinds) == 0 || slices.Contains(kinds, o.Kind)) {
			list = append(list, *o)
		}
	}
	return list
}

// Ever lists all organs there have been, ended ones among them, in the order of
// listing.
func (t *Tree) Ever() []Organ {
	list := make([]Organ, len(t.ordered))
	for i, o := range t.ordered {
		list[i] = *o
	}
	return list
}

// Children lists the organs directly below id on a day, in order. Id 0 gives
// the roots, those outside the city among them.
func (t *Tree) Children(id int64, day civil.Date) []Organ {
	var list []Organ
	for _, child := range t.childIDs(id, day) {
		list = append(list, *t.organs[child])
	}
	return list
}

func (t *Tree) childIDs(id int64, day civil.Date) []int64 {
	var list []int64
	for _, child := range t.below[id] {
		if o := t.organs[child]; o.Holds(day) && o.ParentOn(day) == id {
			list = append(list, child)
		}
	}
	return list
}

// Path is the way down to id on a day: the root first, id last. It is empty
// for an unknown id.
func (t *Tree) Path(id int64, day civil.Date) []int64 {
	var path []int64
	for id != 0 && !slices.Contains(path, id) {
		o, ok := t.organs[id]
		if !ok {
			break
		}
		path = append(path, id)
		id = o.ParentOn(day)
	}
	slices.Reverse(path)
	return path
}

// Subtree lists id and everything below it on a day, each organ before those
// below it, neighbours in order. An organ that does not exist on the day has
// only itself.
func (t *Tree) Subtree(id int64, day civil.Date) []int64 {
	if _, ok := t.organs[id]; !ok {
		return nil
	}
	list := []int64{id}
	for _, child := range t.childIDs(id, day) {
		list = append(list, t.Subtree(child, day)...)
	}
	return list
}

// Within tells whether id is top or below it on a day.
func (t *Tree) Within(id, top int64, day civil.Date) bool {
	return slices.Contains(t.Path(id, day), top)
}

// Root is the government whose directory this is: the first organ of kind
// City, or else the first one without a parent that is not External. ok is
// false in an empty directory.
func (t *Tree) Root(day civil.Date) (root Organ, ok bool) {
	if cities := t.All(day, City); len(cities) > 0 {
		return cities[0], true
	}
	for _, o := range t.Children(0, day) {
		if o.Kind != External {
			return o, true
		}
	}
	return Organ{}, false
}

// Events lists the events that an organ took part in, oldest first.
func (t *Tree) Events(id int64) []Event {
	var list []Event
	for _, i := range t.of[id] {
		list = append(list, t.events[i])
	}
	return list
}
