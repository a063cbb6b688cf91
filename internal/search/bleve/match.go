package bleve

import (
	"cmp"
	"slices"

	"gongkai/internal/document"
	"gongkai/internal/search"
)

// Settings of the search for documents.
const (
	wholeK1     = 1.2
	wholeB      = 0.3
	wholePivot  = 6000 // characters of a document of middling length
	titleWeight = 3
	titlePivot  = 30 // terms of a title of middling length
	titleB      = 0.5
)

// How much of the words, weighed by rarity, a result must have. Where no
// document has that much, a question in a sentence is content with what comes
// near to the best there is, but a few words must be half there.
const (
	coverAll   = 0.999 // counts as everything
	coverMost  = 0.7   // of the words; of the best, in long questions
	coverHalf  = 0.5   // of a few words
	coverLeast = 0.2   // of a long question
	fewWords   = 5     // pairs
)

// tier is what was asked for by name stands above what merely fits.
type tier uint8

const (
	fits tier = iota
	byBareNumber
	byTitle // the whole title
	byNumber
)

// match is a document that was found.
type match struct {
	*card
	n       uint32 // its head, in the whole view
	tier    tier
	inTitle bool // everything asked stands in its title
	score   float32
	hidden  int // other editions that it stands for
}

// byRelevance is the order of results: what was asked for by name, then what
// is in force, then what has it in its title, then score; newer ones first.
func byRelevance(a, b match) int {
	return cmp.Or(
		cmp.Compare(b.tier, a.tier),
		compareBool(a.validity.Over(), b.validity.Over()),
		compareBool(b.inTitle, a.inTitle),
		cmp.Compare(b.score, a.score),
		byNewest(a, b),
	)
}

func byNewest(a, b match) int {
	return cmp.Or(cmp.Compare(b.order, a.order), b.published.Compare(a.published), cmp.Compare(b.id, a.id))
}

func byOldest(a, b match) int { return -byNewest(a, b) }

// orderOf is the order that a query asks for.
func orderOf(s search.Sort, empty bool) func(a, b match) int {
	switch {
	case s == search.Oldest:
		return byOldest
	case s == search.Newest || empty:
		return byNewest
	}
	return byRelevance
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// all gives every document.
func (v *view) all(visit func(match)) {
	for i := range v.segments {
		s := &v.segments[i]
		for _, n := range s.heads {
			if s.live(n) {
				visit(match{card: s.owner[n], n: v.offset[i] + n})
			}
		}
	}
}

// cards gives the card of every document.
func (v *view) cards() func(func(*card) bool) {
	return func(yield func(*card) bool) {
		for i := range v.segments {
			s := &v.segments[i]
			for _, n := range s.heads {
				if s.live(n) && !yield(s.owner[n]) {
					return
				}
			}
		}
	}
}

// matcher adds up what the words of a question give to each document.
type matcher struct {
	v                   *view
	score, cover, title *scores // of documents
	mass                float32 // coverage of a document that has every word

	freq *scores  // of one word in each document; zero between words
	have []uint32 // documents that have that word
}

// match gives the documents that have enough of the words of q, and those that
// have a document number it names.
func (v *view) match(text *lookup, q question, visit func(match)) error {
	m := matcher{v: v, score: newScores(v.docs), cover: newScores(v.docs), title: newScores(v.docs), freq: newScores(v.docs)}
	for _, s := range []*scores{m.score, m.cover, m.title, m.freq} {
		defer s.free()
	}
	if v.size == 0 {
		return nil
	}
	if err := m.words(text, q); err != nil {
		return err
	}
	tiers, err := v.numbered(q)
	if err != nil {
		return err
	}
	need := m.need(len(q.pairs))
	for i := range v.segments {
		s := &v.segments[i]
		for j, head := range s.heads {
			n, doc := v.offset[i]+head, v.docsFrom[i]+uint32(j)
			named := tiers[n]
			if named == fits && (m.cover.sum[doc] == 0 || m.cover.sum[doc] < need) || !s.live(head) {
				continue
			}
			d := match{card: s.owner[head], n: n, tier: named, score: m.score.sum[doc]}
			d.inTitle = m.mass > 0 && m.title.sum[doc] >= coverAll*m.mass
			if d.inTitle && document.Fold(d.card.title) == q.folded {
				d.tier = max(d.tier, byTitle)
			}
			visit(d)
		}
	}
	return nil
}

// need is the coverage that a document must have, given what the best has.
func (m *matcher) need(words int) float32 {
	best := slices.Max(m.cover.sum)
	switch {
	case best >= coverMost*m.mass:
		return coverMost * m.mass
	case words <= fewWords:
		return coverHalf * m.mass
	}
	return max(coverMost*best, coverLeast*m.mass)
}

// words scores every word by BM25, in the title and in all the text.
func (m *matcher) words(text *lookup, q question) error {
	titles, err := m.v.lookup(fieldTitle)
	if err != nil {
		return err
	}
	for _, w := range q.pairs {
		idf, err := m.inText(text, w.text)
		if err != nil {
			return err
		}
		m.mass += idf
		t, err := titles.find(w.text)
		if err != nil {
			return err
		}
		err = titles.each(t, full, func(p posting) {
			n := m.v.document(p.seg, p.n)
			m.title.sum[n] += idf
			m.score.sum[n] += titleWeight * idf * saturate(p.freq, p.length, wholeK1, titleB, titlePivot)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// inText adds up a word over the pieces of each document, scores it and tells
// how rare it is among documents.
func (m *matcher) inText(l *lookup, word string) (idf float32, err error) {
	t, err := l.findWord(word)
	if err != nil {
		return 0, err
	}
	m.have = m.have[:0]
	err = l.each(t, counted, func(p posting) {
		n := m.v.document(p.seg, p.n)
		if m.freq.sum[n] == 0 {
			m.have = append(m.have, n)
		}
		m.freq.sum[n] += p.freq
	})
	idf = rarity(int(m.v.docs), len(m.have))
	for _, n := range m.have {
		length := float32(m.v.cardOf(n).length)
		m.cover.sum[n] += idf
		m.score.sum[n] += idf * saturate(m.freq.sum[n], length, wholeK1, wholeB, wholePivot)
		m.freq.sum[n] = 0
	}
	return idf, err
}

// numbered finds the documents whose number the question names.
func (v *view) numbered(q question) (map[uint32]tier, error) {
	out := map[uint32]tier{}
	if len(q.number.whole)+len(q.number.bare) == 0 {
		return out, nil
	}
	l, err := v.lookup(fieldNumber)
	if err != nil {
		return nil, err
	}
	for t, terms := range map[tier][]string{byNumber: q.number.whole, byBareNumber: q.number.bare} {
		for _, text := range terms {
			found, err := l.find(text)
			if err != nil {
				return nil, err
			}
			err = l.each(found, bare, func(p posting) {
				n := v.offset[p.seg] + p.n
				out[n] = max(out[n], t)
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}
