package unit

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/internal/document"
)

// tier says how directly a name is an organ's own. Of several organs that a
// name could mean, those of the first tier win.
type tier uint8

const (
	own    tier = iota // full names and codes
	known              // short names and aliases
	placed             // the same with another prefix of its place: 永州市发改委 for 市发改委
	bare               // the same without the prefix: 发改委; organs of the root only
)

// claim says that an organ bears a name.
type claim struct {
	organ int64
	tier  tier
	Span
}

// index finds organs by folded name. The zero value is empty.
type index struct {
	claims   map[string][]claim
	grams    map[string][]string // two characters → names that hold them, for suggestions
	external []externalPrefix    // longest first
}

// externalPrefix begins the names of organs outside the city: 省, 国务院.
type externalPrefix struct {
	key    string
	parent int64
}

// key is the form in which names are compared.
func key(name string) string { return document.Fold(name) }

func newIndex(t *Tree) index {
	x := index{claims: make(map[string][]claim, 8*len(t.ordered)), grams: map[string][]string{}}
	for _, o := range t.ordered {
		for _, n := range o.Names {
			switch n.Role {
			case Full, Code:
				x.add(key(n.Text), claim{o.ID, own, n.Span}, o.Span)
			case Short, Alias:
				x.add(key(n.Text), claim{o.ID, known, n.Span}, o.Span)
			case Prefix:
				if o.Kind == External {
					x.external = append(x.external, externalPrefix{key(n.Text), o.ID})
				}
			}
		}
		x.addPlaced(t, o)
	}
	slices.SortStableFunc(x.external, func(a, b externalPrefix) int { return len(b.key) - len(a.key) })
	x.addGrams()
	return x
}

// add records a claim for the days on which its organ exists.
func (x *index) add(k string, c claim, exists Span) {
	span, ok := c.Meet(exists)
	if k == "" || !ok {
		return
	}
	c.Span = span
	if !slices.Contains(x.claims[k], c) {
		x.claims[k] = append(x.claims[k], c)
	}
}

// addPlaced records the forms of an organ's names that follow from the place
// it belongs to: with each prefix of the place, and without any.
func (x *index) addPlaced(t *Tree, o *Organ) {
	for _, place := range t.places(o) {
		prefixes := place.names(Prefix)
		top := len(place.Parents) == 0 && place.Kind != External
		for _, n := range o.Names {
			if n.Role == Code || n.Role == Prefix {
				continue
			}
			text, cut := key(n.Text), false
			for _, p := range prefixes {
				core, ok := strings.CutPrefix(text, key(p.Text))
				if !ok || core == "" {
					continue
				}
				cut = true
				x.addBehind(t, o, place, n, core, shortestPrefix)
				if top && p.Text != place.NameOn(p.Since) && utf8.RuneCountInString(core) >= shortestBare {
					x.add(core, claim{o.ID, bare, n.Span}, o.Span)
				}
			}
			if !cut {
				x.addBehind(t, o, place, n, text, shortestPlace)
			}
		}
	}
}

// Lengths in characters: of any prefix (市); of a prefix that names the place
// (永州市) and may stand before a full name; of a name that says enough
// without its prefix (发改委).
const (
	shortestPrefix = 1
	shortestPlace  = 2
	shortestBare   = 3
)

// addBehind records core behind the prefixes of the place that have at least
// the given length, and the long ones of these behind those of the places above.
func (x *index) addBehind(t *Tree, o, place *Organ, n Name, core string, least int) {
	for _, p := range place.names(Prefix) {
		span, ok := p.Meet(n.Span)
		length := utf8.RuneCountInString(p.Text)
		if !ok || length < least {
			continue
		}
		name := key(p.Text) + core
		x.add(name, claim{o.ID, placed, span}, o.Span)
		if length < shortestPlace {
			continue
		}
		for _, above := range t.places(place) {
			for _, q := range above.names(Prefix) {
				if above != place && utf8.RuneCountInString(q.Text) >= shortestPlace {
					x.add(key(q.Text)+name, claim{o.ID, placed, span}, o.Span)
				}
			}
		}
	}
}

// places are the nearest organs above o that have prefixes, one for each
// parent that o ever had; for an organ with prefixes of its own, itself too.
func (t *Tree) places(o *Organ) []*Organ {
	var found []*Organ
	if len(o.names(Prefix)) > 0 {
		found = append(found, o)
	}
	var climb func(at *Organ, depth int)
	climb = func(at *Organ, depth int) {
		for _, p := range at.Parents {
			above, ok := t.organs[p.ID]
			switch {
			case !ok || depth > len(t.organs) || slices.Contains(found, above):
			case len(above.names(Prefix)) > 0:
				found = append(found, above)
			default:
				climb(above, depth+1)
			}
		}
	}
	climb(o, 0)
	return found
}

// addGrams prepares suggestions: the names that people write, not the forms
// that were derived from them.
func (x *index) addGrams() {
	for k, claims := range x.claims {
		if claims[0].tier > known {
			continue
		}
		for g := range grams(k) {
			x.grams[g] = append(x.grams[g], k)
		}
	}
}

// grams are the pairs of neighbouring characters in s.
func grams(s string) map[string]bool {
	set := map[string]bool{}
	runes := []rune(s)
	for i := range len(runes) - 1 {
		set[string(runes[i:i+2])] = true
	}
	return set
}
