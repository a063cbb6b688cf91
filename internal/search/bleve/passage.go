package bleve

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
)

const (
	passagesShown = 2
	passagesTried = 16 // articles that fit equally well
	bodyScanned   = 64 << 10
)

// passages finds, in documents that were found, the articles that fit best.
type passages struct {
	v      *view
	words  map[string]float32 // terms and their weights
	owners *lookup
	terms  []passageTerm
}

type passageTerm struct {
	weight float32
	pieces []*roaring.Bitmap // of each segment
}

func (v *view) newPassages(l *lookup, q question) (*passages, error) {
	p := &passages{v: v, words: map[string]float32{}}
	var err error
	if p.owners, err = v.lookup(fieldOwner); err != nil {
		return nil, err
	}
	for _, w := range q.pairs {
		t, err := l.findWord(w.text)
		if err != nil {
			return nil, err
		}
		weight := rarity(int(v.size), t.count)
		p.words[w.text] = weight
		if t.count > 0 {
			p.terms = append(p.terms, passageTerm{weight, v.bitmaps(t)})
		}
	}
	return p, nil
}

// bitmaps gives the pieces of each segment that have a term.
func (v *view) bitmaps(t term) []*roaring.Bitmap {
	out := make([]*roaring.Bitmap, len(v.segments))
	for i := range out {
		out[i] = roaring.New()
	}
	for _, p := range t.parts {
		if p.pieces != nil {
			out[p.seg] = p.pieces
		} else if b, ok := p.list.(bitmapper); ok {
			b.OrInto(out[p.seg])
		}
	}
	return out
}

// of gives the passages of one document as HTML, best first.
func (p *passages) of(m match) ([]string, error) {
	seg, head := p.v.locate(m.n)
	s := &p.v.segments[seg]
	var out []string
	if m.articles > 0 && len(p.terms) > 0 {
		best, err := p.articles(seg, m.id)
		if err != nil {
			return nil, err
		}
		for _, n := range best {
			body, place, err := s.stored(n)
			if err != nil {
				return nil, err
			}
			label, _, _ := strings.Cut(place, "\x00")
			if html, hit := excerpt(label+"　"+body, p.words); hit {
				out = append(out, html)
			}
		}
	}
	if len(out) > 0 {
		return out, nil
	}
	body, _, err := s.stored(head)
	if err != nil {
		return nil, err
	}
	if html, _ := excerpt(clipBytes(body, bodyScanned), p.words); html != "" {
		out = append(out, html)
	}
	return out, nil
}

// articles gives the articles of a document that have most of the words.
func (p *passages) articles(seg int, id int64) ([]uint32, error) {
	t, err := p.owners.find(ownerTerm(id))
	if err != nil {
		return nil, err
	}
	mine := p.v.bitmaps(t)[seg]
	sums := map[uint32]float32{}
	for _, word := range p.terms {
		for it := roaring.And(mine, word.pieces[seg]).Iterator(); it.HasNext(); {
			sums[it.Next()] += word.weight
		}
	}
	best := newTop(passagesTried, byScore)
	for n, sum := range sums {
		best.add(scored{n, sum})
	}
	return p.v.segments[seg].inPlace(best.sorted())
}

// inPlace chooses, among articles that fit equally well, those that stand
// first in their document.
func (s *viewSegment) inPlace(list []scored) (out []uint32, err error) {
	place := map[uint32]int{}
	for _, x := range list {
		key, err := s.DocID(uint64(x.n))
		if err != nil {
			return nil, err
		}
		_, i, _ := strings.Cut(string(key), "/")
		place[x.n], _ = strconv.Atoi(i)
	}
	slices.SortFunc(list, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(place[a.n], place[b.n]))
	})
	for _, x := range list[:min(passagesShown, len(list))] {
		out = append(out, x.n)
	}
	return out, nil
}

// locate turns the number of a piece in the whole view into segment and piece.
func (v *view) locate(n uint32) (seg int, piece uint32) {
	seg = segmentOf(v.offset, n)
	return seg, n - v.offset[seg]
}

// document is the number, among all documents, of the one that a piece of a
// segment belongs to.
func (v *view) document(seg int, piece uint32) uint32 {
	return v.docsFrom[seg] + v.segments[seg].doc[piece]
}

// cardOf is the card of a document by its number among all documents.
func (v *view) cardOf(doc uint32) *card {
	seg := segmentOf(v.docsFrom, doc)
	s := &v.segments[seg]
	return s.owner[s.heads[doc-v.docsFrom[seg]]]
}

// segmentOf is the segment that number n falls into, given where each begins.
func segmentOf(from []uint32, n uint32) int {
	seg, found := slices.BinarySearch(from, n)
	if !found {
		return seg - 1
	}
	for seg+1 < len(from) && from[seg+1] == n { // segments without anything
		seg++
	}
	return seg
}

// clipBytes is at most the first n bytes of s, cut between characters.
func clipBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
