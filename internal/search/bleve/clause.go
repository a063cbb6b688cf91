package bleve

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"gongkai/internal/document"
	"gongkai/internal/fault"
	"gongkai/internal/search"
)

// Settings of the search for articles, chosen on the half of the judged
// questions with odd numbers; see docs/decisions/0003-search.md.
const (
	clauseK1     = 1.2
	clauseB      = 0.75
	clausePivot  = 110 // terms of an article of middling length
	clauseTitle  = 0.4 // of words in the title of the document
	singleWeight = 1   // of characters beside pairs
	candidates   = 300 // articles that are looked at closely
	overFactor   = 0.5 // for what is no longer in force

	// Postings read for one question, the rarest words first: one for each
	// piece of the index, and in a small index as many as there are.
	readShare = 1
	readLeast = 50_000
)

// Clauses implements search.Engine. It finds candidates by pairs of characters
// in the index, and then orders the best of them by reading their text.
func (e *Engine) Clauses(ctx context.Context, q search.ClauseQuery) (out []search.ClauseHit, err error) {
	defer fault.Wrap(&err, "bleve.Clauses(%q)", clipRunes(q.Text, 100))
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	v, release, err := e.read()
	if err != nil {
		return nil, err
	}
	defer release()
	asked := ask(withoutQuestionWords(q.Text))
	if asked.empty() {
		asked = ask(q.Text)
	}
	asked = together(e.synonyms.Load().variants(asked), synonymWeight)
	size := clampSize(q.Size)
	found, err := v.candidates(asked, q.Site, max(candidates, 2*size))
	if err != nil {
		return nil, err
	}
	read, err := v.reread(asked, found, &e.chars)
	if err != nil {
		return nil, err
	}
	words := map[string]float32{}
	for _, t := range asked.pairs {
		words[t.text] = 1
	}
	read = withoutCopies(read)
	for _, c := range read[:min(size, len(read))] {
		out = append(out, c.hit(words))
	}
	return out, nil
}

// questionWords say that something is asked, not what.
var questionWords = strings.NewReplacer("怎么办", " ", "是否", " ", "什么", " ", "哪些", " ", "如何", " ", "怎么", " ", "怎样", " ",
	"吗", " ", "可以", " ", "能否", " ", "谁", " ", "多久", " ", "多少", " ", "哪", " ", "呢", " ", "请问", " ", "应该", " ", "需要", " ")

func withoutQuestionWords(text string) string {
	return questionWords.Replace(document.Fold(clipRunes(text, 4*search.MaxQueryRunes)))
}

// foundWord is a word of the question with its postings.
type foundWord struct {
	term
	text string
	gain float32 // rarity times how often it is asked
}

// findAll finds the words that occur, the rarest first.
func (l *lookup) findAll(words []weight) ([]foundWord, error) {
	var out []foundWord
	for _, w := range words {
		t, err := l.findWord(w.text)
		if err != nil {
			return nil, err
		}
		if t.count > 0 {
			out = append(out, foundWord{t, w.text, w.n * rarity(int(l.view.size), t.count)})
		}
	}
	slices.SortStableFunc(out, func(a, b foundWord) int { return cmp.Compare(a.count, b.count) })
	return out, nil
}

// candidates finds the k articles that fit best by BM25 over pairs, in their
// own text and in the title of their document.
func (v *view) candidates(q question, site string, k int) ([]scored, error) {
	text, err := v.lookup(fieldText)
	if err != nil {
		return nil, err
	}
	titles, err := v.lookup(fieldTitle)
	if err != nil {
		return nil, err
	}
	words, err := text.findAll(q.pairs)
	if err != nil {
		return nil, err
	}
	own, title := newScores(v.size), newScores(v.docs)
	defer own.free()
	defer title.free()
	budget := max(readLeast, readShare*int(v.size))
	for i, w := range words {
		if budget -= w.count; budget < 0 && i > 0 {
			break
		}
		err := text.each(w.term, full, func(p posting) {
			own.sum[v.offset[p.seg]+p.n] += w.gain * saturate(p.freq, p.length, clauseK1, clauseB, clausePivot)
		})
		if err != nil {
			return nil, err
		}
		t, err := titles.find(w.text)
		if err != nil {
			return nil, err
		}
		err = titles.each(t, full, func(p posting) {
			title.sum[v.document(p.seg, p.n)] += clauseTitle * w.gain * saturate(p.freq, p.length, clauseK1, titleB, titlePivot)
		})
		if err != nil {
			return nil, err
		}
	}
	v.weigh(own, title, site)
	return own.best(k), nil
}

// weigh adds what the title gives and applies what does not depend on the
// words: rank and validity of the document, and the site. Heads are no
// articles.
func (v *view) weigh(own, title *scores, site string) {
	for i := range v.segments {
		s := &v.segments[i]
		part, titles := own.sum[v.offset[i]:], title.sum[v.docsFrom[i]:]
		for n, c := range s.owner {
			switch {
			case part[n] == 0:
			case s.isHead(uint32(n)):
				part[n] = 0
			default:
				part[n] = (part[n] + titles[s.doc[n]]) * c.factor(site)
			}
		}
	}
}

func (c *card) factor(site string) float32 {
	if site != "" && !slices.Contains(c.sites, site) {
		return 0
	}
	if c.validity.Over() {
		return c.authority * overFactor
	}
	return c.authority
}

// clause is an article that was read.
type clause struct {
	*card
	label, anchor, path, place string // place: within the document, as stored
	text                       string
	score                      float32
}

// clause reads an article.
func (s *viewSegment) clause(n uint32) (c clause, err error) {
	body, place, err := s.stored(n)
	if err != nil {
		return c, err
	}
	c = clause{card: s.owner[n], text: body}
	parts := strings.SplitN(place, "\x00", 4)
	for i, to := range []*string{&c.label, &c.anchor, &c.path, &c.place} {
		if i < len(parts) {
			*to = parts[i]
		}
	}
	return c, nil
}

// reread reads the candidates, adds to their scores what single characters
// give, and puts them in order.
func (v *view) reread(q question, found []scored, rarities *charRarities) ([]clause, error) {
	l, err := v.lookup(fieldText)
	if err != nil {
		return nil, err
	}
	rare, err := rarities.of(l, q.single)
	if err != nil {
		return nil, err
	}
	chars := newTally(q.single, rare)
	out := make([]clause, 0, len(found))
	for _, f := range found {
		seg, n := v.locate(f.n)
		c, err := v.segments[seg].clause(n)
		if err != nil {
			return nil, err
		}
		c.score = f.score + c.factor("")*singleWeight*chars.score(c.title, c.path, c.text)
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b clause) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.id, b.id), cmp.Compare(len(a.place), len(b.place)), strings.Compare(a.place, b.place))
	})
	return out, nil
}

// tally counts a few characters in many texts.
type tally struct {
	at    []uint16  // by character: its place in gain and count, 0 for all others
	gain  []float32 // by place
	count []float32
}

func newTally(chars []weight, rare []float32) *tally {
	t := &tally{at: make([]uint16, 1<<16), gain: make([]float32, 1, len(chars)+1), count: make([]float32, len(chars)+1)}
	for i, w := range chars {
		if r := firstRune(w.text); int(r) < len(t.at) {
			t.at[r] = uint16(len(t.gain))
			t.gain = append(t.gain, w.n*rare[i])
		}
	}
	return t
}

// score is BM25 of the characters in texts taken together.
func (t *tally) score(texts ...string) (sum float32) {
	clear(t.count)
	folded, length := foldedRunes(), float32(0)
	for _, text := range texts {
		for _, r := range text {
			if int(r) >= len(t.at) {
				continue
			}
			t.count[t.at[folded[r]]]++
			if 0x3400 <= r && r <= 0x9FFF { // marks do not make a text longer
				length++
			}
		}
	}
	for i, gain := range t.gain {
		if n := t.count[i]; n > 0 && gain > 0 {
			sum += gain * saturate(n, length, clauseK1, clauseB, clausePivot)
		}
	}
	return sum
}

// withoutCopies leaves out articles that say word for word what a better one
// says in another edition of the same document.
func withoutCopies(list []clause) []clause {
	type key struct{ document, label, text string }
	at := make(map[key]int, len(list))
	out := list[:0]
	for _, c := range list {
		k := key{c.edition, c.label, c.text}
		if k.document == "" {
			k.document = document.Fold(c.title)
		}
		i, seen := at[k]
		if !seen {
			at[k] = len(out)
			out = append(out, c)
			continue
		}
		if newer := byNewest(match{card: c.card}, match{card: out[i].card}) < 0; newer && !c.validity.Over() {
			c.score = out[i].score
			out[i] = c
		}
	}
	return out
}

func (c clause) hit(words map[string]float32) search.ClauseHit {
	url := c.url
	if c.anchor != "" {
		url += "#" + c.anchor
	}
	light, _ := excerpt(c.text, words)
	return search.ClauseHit{
		Publication: c.id, SourceID: c.sourceID, Title: c.title, Clause: c.label, Path: c.path, Text: c.text,
		Highlight: light, URL: url, Anchor: c.anchor, Validity: c.validity, Score: float64(c.score),
	}
}
