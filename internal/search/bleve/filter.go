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
	value func(*card) string
	label func(*card) string          // nil where the value says it
	wants func(search.Query) []string // values asked for; empty: any
}

var facets = []facet{
	{search.FacetKind, func(c *card) string { return c.kind }, nil, func(q search.Query) []string { return q.Kinds }},
	{search.FacetUnit, func(c *card) string { return strconv.FormatInt(c.unitID, 10) }, func(c *card) string { return c.unit }, unitsWanted},
	{search.FacetCategory, func(c *card) string { return c.category }, nil, func(q search.Query) []string { return q.Categories }},
	{search.FacetValidity, func(c *card) string { return string(c.validity) }, nil, validitiesWanted},
	{search.FacetYear, func(c *card) string { return c.year }, nil, func(search.Query) []string { return nil }},
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

// sieve applies the filters of a query and counts the facets. What fails the
// filter of one facet alone is still counted in that facet, so that it shows
// what choosing otherwise would give.
type sieve struct {
	q      search.Query
	wants  [][]string
	counts []map[string]*search.Count
}

func newSieve(q search.Query) *sieve {
	s := &sieve{q: q}
	for _, f := range facets {
		s.wants = append(s.wants, f.wants(q))
		s.counts = append(s.counts, map[string]*search.Count{})
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
		!s.q.From.IsZero() && c.day.Before(s.q.From) ||
		!s.q.To.IsZero() && (c.day.IsZero() || c.day.After(s.q.To)) {
		return failed
	}
	at := passed
	for i, want := range s.wants {
		if len(want) > 0 && !slices.Contains(want, facets[i].value(c)) {
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
	for i := range facets {
		if at != passed && at != i {
			continue
		}
		value := facets[i].value(c)
		if value == "" || value == "0" {
			continue
		}
		n := s.counts[i][value]
		if n == nil {
			n = &search.Count{Value: value}
			if facets[i].label != nil {
				n.Label = facets[i].label(c)
			}
			s.counts[i][value] = n
		}
		n.Count++
	}
}

// facets gives the counts, most frequent first; years newest first.
func (s *sieve) facets() map[string][]search.Count {
	out := make(map[string][]search.Count, len(facets))
	for i, f := range facets {
		list := make([]search.Count, 0, len(s.counts[i]))
		for _, n := range s.counts[i] {
			list = append(list, *n)
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
