package unit

import (
	"cmp"
	"slices"
	"strings"

	"gongkai/internal/civil"
)

// Profile is what a unit's page says of it on a day.
type Profile struct {
	Organ    Organ
	Name     string   // on the day; the last one where it has ended
	Short    string   // the full name where it has no short one
	Code     string   // empty where it has none
	Aliases  []string // other names in use on the day
	Former   []Name   // full and short names of other days, oldest first
	Path     []Organ  // from the root down to the organ above it
	Children []Organ  // directly below it on the day
	Events   []Event  // oldest first
	Now      []Organ  // who answers for it where it has ended (现由…负责)
}

// Profile puts together what a page says of an organ on a day; ok is false for
// an unknown id. The parent of an organ that has ended is its last one.
func (t *Tree) Profile(id int64, on civil.Date) (p Profile, ok bool) {
	o, ok := t.organs[id]
	if !ok {
		return p, false
	}
	p = Profile{Organ: *o, Name: o.NameOn(on), Short: o.ShortOn(on), Code: o.CodeOn(on), Children: t.Children(id, on), Events: t.Events(id)}
	for _, n := range o.Names {
		switch {
		case n.Role == Alias && n.Holds(on):
			p.Aliases = append(p.Aliases, n.Text)
		case (n.Role == Full || n.Role == Short) && !n.Holds(on):
			p.Former = append(p.Former, n)
		}
	}
	slices.SortStableFunc(p.Former, func(a, b Name) int { return a.Since.Compare(b.Since) })
	for _, above := range t.Path(id, on) {
		if above != id {
			p.Path = append(p.Path, *t.organs[above])
		}
	}
	if !o.Until.IsZero() && !on.IsZero() && !on.Before(o.Until) || on.IsZero() && !o.Until.IsZero() {
		p.Now = t.Now(id, on)
	}
	return p, true
}

// Search lists up to limit organs that a person may mean by what they type:
// part of any name of any time, or a code. Names that are the query go before
// names that begin with it, these before names that hold it; then what exists
// on the day goes before what does not, then the order of listing decides. An
// empty query finds everything.
func (t *Tree) Search(query string, on civil.Date, limit int, kinds ...Kind) []Organ {
	k := key(query)
	type hit struct {
		organ *Organ
		rank  int
	}
	var hits []hit
	for _, o := range t.ordered {
		if len(kinds) > 0 && !slices.Contains(kinds, o.Kind) {
			continue
		}
		if rank := o.likeness(k); rank < noHit {
			if !o.Holds(on) {
				rank += noHit
			}
			hits = append(hits, hit{o, rank})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(a.rank, b.rank) })
	var list []Organ
	for _, h := range hits[:min(max(limit, 0), len(hits))] {
		list = append(list, *h.organ)
	}
	return list
}

// Ranks of hits; one that does not exist on the day has noHit added.
const (
	hitWhole = iota
	hitStart
	hitPart
	noHit
)

// likeness is the best rank of the organ's names for a folded query.
func (o *Organ) likeness(k string) int {
	best := noHit
	for _, n := range o.Names {
		if n.Role == Prefix {
			continue
		}
		switch name := key(n.Text); {
		case name == k:
			return hitWhole
		case strings.HasPrefix(name, k):
			best = min(best, hitStart)
		case n.Role != Code && strings.Contains(name, k):
			best = min(best, hitPart)
		}
	}
	return best
}
