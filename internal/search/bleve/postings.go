package bleve

import (
	"math"
	"unicode/utf8"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// lookup reads the postings of one field in all segments of a view. It is for
// one goroutine and one query.
type lookup struct {
	view  *view
	name  string
	dicts []segment.TermDictionary // one for each segment
	it    segment.PostingsIterator // reused
}

func (v *view) lookup(name string) (*lookup, error) {
	l := &lookup{view: v, name: name, dicts: make([]segment.TermDictionary, len(v.segments))}
	for i, s := range v.segments {
		d, err := s.Dictionary(name)
		if err != nil {
			return nil, err
		}
		l.dicts[i] = d
	}
	return l, nil
}

// term is a term of a field with its postings.
type term struct {
	parts []part
	count int // live postings
}

type part struct {
	seg  int
	list segment.PostingsList
}

func (t *term) add(seg int, list segment.PostingsList) {
	if n := int(list.Count()); n > 0 {
		t.parts = append(t.parts, part{seg, list})
		t.count += n
	}
}

// find gives the postings of a term.
func (l *lookup) find(text string) (t term, err error) {
	for i, d := range l.dicts {
		list, err := d.PostingsList([]byte(text), l.view.segments[i].deleted, nil)
		if err != nil {
			return t, err
		}
		t.add(i, list)
	}
	return t, nil
}

// findWord is find; but a Chinese character that stands alone, which texts have
// as the beginning of pairs only, gives the postings of all those pairs.
func (l *lookup) findWord(text string) (t term, err error) {
	if r, n := utf8.DecodeRuneInString(text); l.name != fieldText || n < len(text) || scriptOf(r) != chinese {
		return l.find(text)
	}
	var failed error
	err = l.prefixed(text, func(seg int, pair string) bool {
		list, err := l.dicts[seg].PostingsList([]byte(pair), l.view.segments[seg].deleted, nil)
		if err != nil {
			failed = err
			return false
		}
		t.add(seg, list)
		return true
	})
	if err == nil {
		err = failed
	}
	return t, err
}

// posting is one piece that has a term.
type posting struct {
	seg    int
	n      uint32  // in the segment
	freq   float32 // of the term in the field; 0 where the field has no frequencies
	length float32 // of the field, in terms; likewise
}

// each visits the live postings of t.
func (l *lookup) each(t term, visit func(posting)) error { return l.eachIn(t, true, visit) }

// eachPiece visits the live postings of t without frequency and length.
func (l *lookup) eachPiece(t term, visit func(posting)) error { return l.eachIn(t, false, visit) }

func (l *lookup) eachIn(t term, counted bool, visit func(posting)) error {
	for _, part := range t.parts {
		l.it = part.list.Iterator(counted, counted, false, l.it)
		for {
			p, err := l.it.Next()
			if err != nil {
				return err
			}
			if p == nil {
				break
			}
			x := posting{seg: part.seg, n: uint32(p.Number())}
			if counted {
				norm := p.Norm()
				x.freq, x.length = float32(p.Frequency()), float32(1/(norm*norm))
			}
			visit(x)
		}
	}
	return nil
}

// prefixed visits the terms that begin with prefix, in each segment, until
// visit returns false. A term that several segments have comes several times.
func (l *lookup) prefixed(prefix string, visit func(seg int, text string) bool) error {
	for i, d := range l.dicts {
		terms := d.AutomatonIterator(nil, []byte(prefix), after(prefix))
		for {
			e, err := terms.Next()
			if err != nil {
				return err
			}
			if e == nil {
				break
			}
			if !visit(i, e.Term) {
				return nil
			}
		}
	}
	return nil
}

// after is the first text that comes after all that begin with prefix, nil
// where there is none.
func after(prefix string) []byte {
	end := []byte(prefix)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i]++; end[i] != 0 {
			return end[:i+1]
		}
	}
	return nil
}

// rarity is the inverse document frequency of BM25: of a term that df of n
// pieces have.
func rarity(n, df int) float32 {
	return float32(math.Log(1 + (float64(n)-float64(df)+0.5)/(float64(df)+0.5)))
}

// saturate is BM25's growth with frequency. Length is measured against pivot,
// which takes the place of the average, so that a score does not change with
// what else is in the index.
func saturate(freq, length, k1, b, pivot float32) float32 {
	return freq * (k1 + 1) / (freq + k1*(1-b+b*length/pivot))
}
