package bleve

import (
	"cmp"
	"slices"
	"strings"

	"gongkai/internal/document"
)

const (
	meantShown  = 3
	meantTitles = 20   // titles compared letter by letter
	meantShare  = 0.55 // likeness that two names must have; one of two characters is too little
	meantLong   = 60   // runes; longer questions are not names
)

// guess is something that may have been meant.
type guess struct {
	text  string
	share float32 // see likeness
}

// didYouMean gives names, titles and numbers that resemble a question that
// found little, but are not what it says.
func (e *Engine) didYouMean(v *view, q question) ([]string, error) {
	if len([]rune(q.folded)) > meantLong {
		return nil, nil
	}
	guesses, err := v.numbersLike(q)
	if err != nil {
		return nil, err
	}
	for _, k := range e.names.Load().names {
		best := float32(0)
		for _, t := range k.folded {
			best = max(best, likeness(q.folded, t))
		}
		if best >= meantShare {
			guesses = append(guesses, guess{k.Text, best})
		}
	}
	titles, err := v.titlesLike(q)
	if err != nil {
		return nil, err
	}
	guesses = append(guesses, titles...)
	slices.SortStableFunc(guesses, func(a, b guess) int {
		return cmp.Or(cmp.Compare(b.share, a.share), strings.Compare(a.text, b.text))
	})
	var out []string
	for _, g := range guesses {
		if len(out) < meantShown && g.share < 1 && !slices.Contains(out, g.text) {
			out = append(out, g.text)
		}
	}
	return out, nil
}

// likeness tells how much two folded names resemble each other, from 0 to 1: by
// the share of characters that need not be changed.
func likeness(a, b string) float32 {
	x, y := []rune(a), []rune(b)
	long := max(len(x), len(y))
	if long == 0 || long > meantLong {
		return 0
	}
	return 1 - float32(edits(x, y))/float32(long)
}

// edits is the number of characters to insert, delete, replace or swap with
// their neighbour to come from x to y.
func edits(x, y []rune) int {
	before, row, next := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		next[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			next[j+1] = min(row[j]+cost, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row, next = row, next, before
	}
	return row[len(y)]
}

// titlesLike finds titles that share most pairs or characters with q.
func (v *view) titlesLike(q question) ([]guess, error) {
	l, err := v.lookup(fieldTitle)
	if err != nil {
		return nil, err
	}
	words, err := l.findAll(append(slices.Clone(q.pairs), q.single...))
	if err != nil {
		return nil, err
	}
	sum := newScores(v.size)
	defer sum.free()
	for _, w := range words {
		err := l.each(w.term, bare, func(p posting) { sum.sum[v.offset[p.seg]+p.n] += w.gain })
		if err != nil {
			return nil, err
		}
	}
	var out []guess
	for _, x := range sum.best(meantTitles) {
		seg, n := v.locate(x.n)
		c := v.segments[seg].owner[n]
		folded := document.Fold(c.title)
		share := max(likeness(q.folded, folded), likeness(q.folded, strings.TrimPrefix(folded, "中华人民共和国")))
		if share >= meantShare {
			out = append(out, guess{c.title, share})
		}
	}
	return out, nil
}

// numbersLike finds numbers of the same issuer and year, or the same number
// and year of another issuer.
func (v *view) numbersLike(q question) ([]guess, error) {
	if len(q.number.whole) == 0 {
		return nil, nil
	}
	l, err := v.lookup(fieldNumber)
	if err != nil {
		return nil, err
	}
	asked := q.number.whole[0]
	issuer := asked[:strings.LastIndexByte(asked, ')')+1]
	var terms []string
	err = l.prefixed(issuer, func(_ int, text string) bool {
		terms = append(terms, text)
		return len(terms) < numbersTried
	})
	if err != nil {
		return nil, err
	}
	var out []guess
	for _, text := range append(terms, q.number.bare...) {
		t, err := l.find(text)
		if err != nil {
			return nil, err
		}
		err = l.each(t, bare, func(p posting) {
			c := v.segments[p.seg].owner[p.n]
			out = append(out, guess{c.number, likeness(asked, numberTerms(c.number)[0])})
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
