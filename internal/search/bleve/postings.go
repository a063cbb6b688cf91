package bleve

import (
	"math"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// lookup reads the postings of one field in all segments of a view. It is for
// one goroutine and one query.
type lookup struct {
	view  *view
	dicts []segment.TermDictionary // one for each segment
	it    segment.PostingsIterator // reused
}

func (v *view) lookup(name string) (*lookup, error) {
	l := &lookup{view: v, dicts: make([]segment.TermDictionary, len(v.segments))}
	for i, s := range v.segments {
		d, err := s.Dictionary(name)
		if err != nil {
			return nil, err
		}
		l.dicts[i] = d
	}
	return l, nil
}

// term is one term of a field with its postings in every segment.
type term struct {
	lists []segment.PostingsList
	count int // live pieces that have it
}

// find gives the postings of a term.
func (l *lookup) find(text string) (t term, err error) {
	t.lists = make([]segment.PostingsList, len(l.dicts))
	for i, d := range l.dicts {
		p, err := d.PostingsList([]byte(text), l.view.segments[i].deleted, nil)
		if err != nil {
			return t, err
		}
		t.lists[i] = p
		t.count += int(p.Count())
	}
	return t, nil
}

// each visits the live postings of t: segment, piece, frequency and length of
// the field. Where the field has no frequencies both are 0.
func (l *lookup) each(t term, withFreq bool, visit func(seg int, n uint32, freq, length float32)) error {
	for i, list := range t.lists {
		if list.Count() == 0 {
			continue
		}
		l.it = list.Iterator(withFreq, withFreq, false, l.it)
		for {
			p, err := l.it.Next()
			if err != nil {
				return err
			}
			if p == nil {
				break
			}
			if !withFreq {
				visit(i, uint32(p.Number()), 0, 0)
				continue
			}
			norm := p.Norm()
			visit(i, uint32(p.Number()), float32(p.Frequency()), float32(1/(norm*norm)))
		}
	}
	return nil
}

// prefixed visits the terms that begin with prefix, in each segment, until
// visit returns false. A term that several segments have comes several times.
func (l *lookup) prefixed(prefix string, visit func(seg int, text string) bool) error {
	end := []byte(prefix)
	for i := len(end) - 1; i >= 0; i-- {
		end[i]++
		if end[i] != 0 {
			end = end[:i+1]
			break
		}
	}
	for i, d := range l.dicts {
		terms := d.AutomatonIterator(nil, []byte(prefix), end)
		for {
			e, err := terms.Next()
			if err != nil {
				return err
			}
			if e == nil || !visit(i, e.Term) {
				break
			}
		}
	}
	return nil
}

// rarity is the inverse document frequency of BM25: of a term that df of n
// pieces have.
func rarity(n, df int) float32 {
	return float32(math.Log(1 + (float64(n)-float64(df)+0.5)/(float64(df)+0.5)))
}
