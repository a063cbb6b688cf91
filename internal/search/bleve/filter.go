package bleve

import (
	"cmp"
	"slices"
	"strconv"

	"gongkai/internal/search"
)

// facet is one of the lists in which results are counted.
type facet struct {
	name  string
	value func(*card) string // empty: not counted
	label func(*card) string // nil where the value says it
	wants func(search.Query) []string
}

const facetCount = 5

var facets = [facetCount]facet{
	{search.FacetKind, func(c *card) string { return c.kind }, nil, func(q search.Query) []string { return q.Kinds }},
	{search.FacetUnit, unitValue, func(c *card) string { return c.unit }, unitsWanted},
	{search.FacetCategory, func(c *card) string { return c.category }, nil, func(q search.Query) []string { return q.Categories }},
	{search.FacetValidity, func(c *card) string { return string(c.validity) }, nil, validitiesWanted},
	{search.FacetYear, func(c *card) string { return c.year }, nil, func(search.Query) []string { return nil }},
}

func unitValue(c *card) string {
	if c.unitID == 0 {
		return ""
	}
	return strconv.FormatInt(c.unitID, 10)
}

func unitsWanted(q search.Query) (out []string) {
	for _, id := range q.Units {
		out = append(out, strconv.FormatInt(id, 10))
	}
	return out
}

func validitiesWanted(q search.Query) (out []string) {
	for _, v := range q.Validities {
		out = append(out, string(v))
	}
	return out
}

// wordlist numbers the values of one facet in the order of their coming. It
// only grows, so that a copy made earlier stays right.
type wordlist struct {
	numbers map[string]int32
	values  []string
	labels  []string
}

func (l *wordlist) number(value, label string) int32 {
	n, ok := l.numbers[value]
	if !ok {
		if l.numbers == nil {
			l.numbers = map[string]int32{}
		}
		n = int32(len(l.values))
		l.numbers[value] = n
		l.values, l.labels = append(l.values, value), append(l.labels, label)
	}
	return n
}

// classify gives a card the numbers of its values.
func (c *card) classify(lists *[facetCount]wordlist) {
	for i, f := range facets {
		label := ""
		if f.label != nil {
			label = f.label(c)
		}
		c.values[i] = lists[i].number(f.value(c), label)
	}
}

// sieve applies the filters of a query and counts the facets. What fails the
// filter of one facet alone is still counted in that facet, so that it shows
// what choosing otherwise would give.
type sieve struct {
	q      search.Query
	from   int32 // as card.order
	to     int32 // 0: no end
	lists  *[facetCount]wordlist
	wants  [facetCount][]int32 // empty: any
	counts [facetCount][]int   // by number of the value
}

func newSieve(q search.Query, lists *[facetCount]wordlist) *sieve {
	s := &sieve{q: q, from: dayOrder(q.From), to: dayOrder(q.To), lists: lists}
	for i, f := range facets {
		s.counts[i] = make([]int, len(lists[i].values))
		for _, value := range f.wants(q) {
			s.wants[i] = append(s.wants[i], int32(slices.Index(lists[i].values, value)))
		}
	}
	return s
}

const (
	passed = -1
	failed = -2
)

// try tells whether c passes: passed, failed, or the one facet it fails.
func (s *sieve) try(c *card) int {
	if s.q.Site != "" && !slices.Contains(c.sites, s.q.Site) ||
		len(s.q.Statutory) > 0 && !slices.Contains(s.q.Statutory, c.statutory) ||
		c.order < s.from || s.to > 0 && (c.order == 0 || c.order > s.to) {
		return failed
	}
	at := passed
	for i, want := range s.wants {
		if len(want) > 0 && !slices.Contains(want, c.values[i]) {
			if at != passed {
				return failed
			}
			at = i
		}
	}
	return at
}

// count counts a document for which try said at.
func (s *sieve) count(c *card, at int) {
	for i := range s.counts {
		if at == passed || at == i {
			s.counts[i][c.values[i]]++
		}
	}
}

// facets gives the counts, most frequent first; years newest first.
func (s *sieve) facets() map[string][]search.Count {
	out := make(map[string][]search.Count, facetCount)
	for i, f := range facets {
		list := []search.Count{}
		for n, count := range s.counts[i] {
			if value := s.lists[i].values[n]; count > 0 && value != "" {
				list = append(list, search.Count{Value: value, Label: s.lists[i].labels[n], Count: count})
			}
		}
		slices.SortFunc(list, func(a, b search.Count) int {
			if f.name == search.FacetYear {
				return cmp.Compare(b.Value, a.Value)
			}
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
		})
		out[f.name] = list
	}
	return out
}
