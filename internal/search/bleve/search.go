package bleve

import (
	"context"
	"time"

	"gongkai/internal/fault"
	"gongkai/internal/search"
)

const (
	defaultSize = 20
	fewFound    = 2 // results, with which something else may have been meant
)

// Search implements search.Engine.
func (e *Engine) Search(ctx context.Context, q search.Query) (r search.Result, err error) {
	defer fault.Wrap(&err, "bleve.Search(%q)", clipRunes(q.Text, 100))
	began := time.Now()
	if err := ctx.Err(); err != nil {
		return r, err
	}
	v, release, err := e.read()
	if err != nil {
		return r, err
	}
	defer release()

	asked := ask(q.Text)
	text, err := v.lookup(fieldText)
	if err != nil {
		return r, err
	}
	c := collector{sieve: newSieve(q, &v.lists), collapse: q.Collapse}
	if q.Text == "" || asked.folded == "" {
		v.all(c.add)
	} else {
		variants := e.synonyms.Load().variants(asked)
		if err := v.matchAny(text, variants, c.add); err != nil {
			return r, err
		}
		asked = together(variants, 1)
	}
	page, size := max(q.Page, 1), clampSize(q.Size)
	found := c.page(page, size, orderOf(q.Sort, asked.folded == ""))
	if r.Items, err = v.hits(text, found, asked); err != nil {
		return r, err
	}
	r.Total = c.total
	r.Facets = c.sieve.facets()
	if r.Total <= fewFound && !asked.empty() {
		if r.DidYouMean, err = e.didYouMean(v, asked); err != nil {
			return r, err
		}
	}
	r.Took = time.Since(began)
	return r, nil
}

func clampSize(n int) int {
	if n <= 0 {
		return defaultSize
	}
	return min(n, search.MaxSize)
}

// collector gathers matches: filters them, counts them and puts editions of
// one document together.
type collector struct {
	sieve    *sieve
	collapse bool
	found    []match
	near     []nearMiss
	editions map[string]int // place in found
	total    int
}

// nearMiss is a match that fails the filter of one facet.
type nearMiss struct {
	*card
	facet int
}

func (c *collector) add(m match) {
	at := c.sieve.try(m.card)
	switch {
	case at == failed:
		return
	case at != passed:
		c.near = append(c.near, nearMiss{m.card, at})
		return
	case !c.collapse || m.edition == "":
		c.found = append(c.found, m)
		return
	}
	if c.editions == nil {
		c.editions = map[string]int{}
	}
	i, ok := c.editions[m.edition]
	if !ok {
		c.editions[m.edition] = len(c.found)
		c.found = append(c.found, m)
		return
	}
	c.found[i] = standFor(c.found[i], m)
}

// standFor chooses which of two editions is shown: the one asked for by name,
// else one in force, else the newer. It keeps the better score.
func standFor(a, b match) match {
	keep, hide := a, b
	if b.tier > a.tier || b.tier == a.tier &&
		(a.validity.Over() && !b.validity.Over() || a.validity.Over() == b.validity.Over() && byNewest(b, a) < 0) {
		keep, hide = b, a
	}
	keep.score = max(keep.score, hide.score)
	keep.inTitle = keep.inTitle || hide.inTitle
	keep.hidden += hide.hidden + 1
	return keep
}

// page counts what was found and gives one page of it.
func (c *collector) page(page, size int, order func(a, b match) int) []match {
	c.total = len(c.found)
	for _, m := range c.found {
		c.sieve.count(m.card, passed)
	}
	for _, m := range c.near {
		c.sieve.count(m.card, m.facet)
	}
	if page > search.MaxDepth/size || (page-1)*size >= len(c.found) {
		return nil
	}
	from := (page - 1) * size
	t := newTop(min(from+size, len(c.found)), order)
	for _, m := range c.found {
		t.add(m)
	}
	return t.sorted()[from:]
}

// hits makes results of matches, with the passages that show why.
func (v *view) hits(text *lookup, found []match, q question) ([]search.Hit, error) {
	out := make([]search.Hit, 0, len(found))
	p, err := v.newPassages(text, q)
	if err != nil {
		return nil, err
	}
	for _, m := range found {
		lights, err := p.of(m)
		if err != nil {
			return nil, err
		}
		out = append(out, search.Hit{
			ID: m.id, SourceID: m.sourceID, Kind: m.kind, Title: m.card.title, URL: m.url, Unit: m.unit,
			Number: m.number, IssuedOn: m.issued, PublishedAt: m.published, Validity: m.validity,
			Highlights: lights, Score: float64(m.score), Editions: m.hidden,
		})
	}
	return out, nil
}
