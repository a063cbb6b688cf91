package bleve

import (
	"cmp"
	"math"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// lookup reads the postings of one field in all segments of a view. It is for
// one goroutine and one query.
type lookup struct {
	view  *view
	name  string
	dicts []segment.TermDictionary // one for each segment
	it    segment.PostingsIterator // reused
	words map[string]term          // what findWord has found
}

func (v *view) lookup(name string) (*lookup, error) {
	l := &lookup{view: v, name: name, words: map[string]term{}, dicts: make([]segment.TermDictionary, len(v.segments))}
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

// part is what one segment has of a term: postings, or for a joined term the
// pieces alone.
type part struct {
	seg    int
	list   segment.PostingsList
	pieces *roaring.Bitmap
}

func (t *term) add(p part, count int) {
	if count > 0 {
		t.parts = append(t.parts, p)
		t.count += count
	}
}

// find gives the postings of a term.
func (l *lookup) find(text string) (t term, err error) {
	for i, d := range l.dicts {
		list, err := d.PostingsList([]byte(text), l.view.segments[i].deleted, nil)
		if err != nil {
			return t, err
		}
		t.add(part{seg: i, list: list}, int(list.Count()))
	}
	return t, nil
}

// findWord is find, remembered; but a Chinese character that stands alone,
// which texts have as the beginning of pairs only, gives all the pieces that
// have such a pair.
func (l *lookup) findWord(text string) (t term, err error) {
	if t, ok := l.words[text]; ok {
		return t, nil
	}
	if r, n := utf8.DecodeRuneInString(text); l.name == fieldText && n == len(text) && scriptOf(r) == chinese {
		t, err = l.join(text)
	} else {
		t, err = l.find(text)
	}
	if err == nil {
		l.words[text] = t
	}
	return t, err
}

// join gives the pieces that have any term that begins with prefix.
func (l *lookup) join(prefix string) (t term, err error) {
	pieces := make([]*roaring.Bitmap, len(l.dicts))
	for i := range pieces {
		pieces[i] = roaring.New()
	}
	var list segment.PostingsList // reused
	var failed error
	err = l.prefixed(prefix, func(seg int, text string) bool {
		if list, failed = l.dicts[seg].PostingsList([]byte(text), nil, list); failed != nil {
			return false
		}
		if b, ok := list.(bitmapper); ok {
			b.OrInto(pieces[seg])
		}
		return true
	})
	for i, p := range pieces {
		if deleted := l.view.segments[i].deleted; deleted != nil {
			p.AndNot(deleted)
		}
		t.add(part{seg: i, pieces: p}, int(p.GetCardinality()))
	}
	return t, cmp.Or(err, failed)
}

// bitmapper is what a postings list of Bleve can do beyond its interface.
type bitmapper interface{ OrInto(*roaring.Bitmap) }

// posting is one piece that has a term.
type posting struct {
	seg    int
	n      uint32  // in the segment
	freq   float32 // of the term in the field; 0 where the field has no frequencies, 1 of a joined term
	length float32 // of the field, in terms; likewise 0, of a joined term a middling one
}

// detail is how much of a posting is read.
type detail uint8

const (
	bare    detail = iota
	counted        // with frequency
	full           // with frequency and length
)

// each visits the live postings of t.
func (l *lookup) each(t term, d detail, visit func(posting)) error {
	for _, part := range t.parts {
		if part.pieces != nil {
			for pieces := part.pieces.Iterator(); pieces.HasNext(); {
				visit(posting{part.seg, pieces.Next(), 1, clausePivot})
			}
			continue
		}
		l.it = part.list.Iterator(d >= counted, d >= counted, false, l.it)
		for {
			p, err := l.it.Next()
			if err != nil {
				return err
			}
			if p == nil {
				break
			}
			x := posting{seg: part.seg, n: uint32(p.Number())}
			if d >= counted {
				x.freq = float32(p.Frequency())
			}
			if d == full {
				norm := p.Norm()
				x.length = float32(1 / (norm * norm))
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
