package bleve

import (
	"encoding/binary"
	"fmt"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// view is the index at one moment, with the cards of its documents. It is not
// changed once made; it may be read by many goroutines until it is released.
type view struct {
	snap     *scorch.IndexSnapshot
	segments []viewSegment
	offset   []uint32 // of each segment in the numbering of the whole view
	size     uint32   // pieces, deleted ones included
	docsFrom []uint32 // of each segment in the numbering of all documents
	docs     uint32   // documents, deleted ones included
	lists    [facetCount]wordlist
}

// viewSegment is a segment with what of it has been deleted since.
type viewSegment struct {
	segment.Segment
	*table
	deleted *roaring.Bitmap // nil where nothing is
}

// table is what is kept in memory of a segment. Segments never change, so
// neither does their table.
type table struct {
	owner []*card  // of each piece
	doc   []uint32 // of each piece: the place of its document in heads
	heads []uint32 // the pieces that are heads, rising
}

// isHead tells whether piece n stands for its whole document.
func (t *table) isHead(n uint32) bool { return t.heads[t.doc[n]] == n }

// live tells whether piece n is not deleted.
func (s *viewSegment) live(n uint32) bool {
	return s.deleted == nil || !s.deleted.Contains(n)
}

// viewer makes views and keeps the latest one. It is safe for concurrent use.
type viewer struct {
	index *scorch.Scorch

	mu     sync.Mutex
	latest *view
	tables map[uint64]*table // by segment
	cards  map[string]*card  // by cardKey
	lists  [facetCount]wordlist
	shared interner
}

func newViewer(x *scorch.Scorch) *viewer {
	return &viewer{index: x, tables: map[uint64]*table{}, cards: map[string]*card{}, shared: interner{}}
}

// current is the index as it is now. The caller must call release when done.
func (w *viewer) current() (v *view, release func(), err error) {
	r, err := w.index.Reader()
	if err != nil {
		return nil, nil, err
	}
	snap, ok := r.(*scorch.IndexSnapshot)
	if !ok || snap == nil {
		return nil, nil, closedFault()
	}
	release = func() { _ = snap.Close() }
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.latest == nil || w.latest.snap != snap {
		next, err := w.build(snap)
		if err != nil {
			release()
			return nil, nil, err
		}
		snap.AddRef()
		w.drop()
		w.latest = next
	}
	return w.latest, release, nil
}

// drop forgets the latest view.
func (w *viewer) drop() {
	if w.latest != nil {
		_ = w.latest.snap.Close()
		w.latest = nil
	}
}

func (w *viewer) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.drop()
}

func (w *viewer) build(snap *scorch.IndexSnapshot) (*view, error) {
	v := &view{snap: snap}
	tables, cards := map[uint64]*table{}, map[string]*card{}
	for _, s := range snap.Segments() {
		t := w.tables[s.Id()]
		if t == nil {
			var err error
			if t, err = w.readTable(s.Segment()); err != nil {
				return nil, err
			}
		}
		tables[s.Id()] = t
		v.offset = append(v.offset, v.size)
		v.size += uint32(len(t.owner))
		v.docsFrom = append(v.docsFrom, v.docs)
		v.docs += uint32(len(t.heads))
		seg := viewSegment{Segment: s.Segment(), table: t}
		if d := s.Deleted(); d != nil && !d.IsEmpty() {
			seg.deleted = d
		}
		v.segments = append(v.segments, seg)
	}
	for _, t := range tables {
		for _, n := range t.heads {
			c := t.owner[n]
			cards[c.key] = c
		}
	}
	w.tables, w.cards = tables, cards
	for i, l := range w.lists {
		v.lists[i] = wordlist{values: l.values, labels: l.labels}
	}
	return v, nil
}

// readTable reads the owners of a segment's pieces, and those cards that no
// earlier segment had.
func (w *viewer) readTable(s segment.Segment) (*table, error) {
	t := &table{owner: make([]*card, s.Count()), doc: make([]uint32, s.Count())}
	byID := map[int64]uint32{}
	err := eachPosting(s, fieldKey, func(key string, n uint32) error {
		c := w.cards[key]
		if c == nil {
			var err error
			if c, err = readCard(s, n, w.shared); err != nil {
				return err
			}
			c.key = key
			c.classify(&w.lists)
		}
		byID[c.id] = n
		t.owner[n] = c
		t.heads = append(t.heads, n)
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(t.heads)
	for i, n := range t.heads {
		t.doc[n] = uint32(i)
	}
	err = eachPosting(s, fieldOwner, func(term string, n uint32) error {
		head, ok := byID[int64(binary.BigEndian.Uint64([]byte(term)))]
		if !ok {
			return fmt.Errorf("article without its document")
		}
		t.owner[n], t.doc[n] = t.owner[head], t.doc[head]
		return nil
	})
	if err != nil {
		return nil, err
	}
	if n := slices.Index(t.owner, nil); n >= 0 {
		return nil, fmt.Errorf("piece %d belongs to no document", n)
	}
	return t, nil
}

// eachPosting visits all postings of all terms of a field.
func eachPosting(s segment.Segment, name string, visit func(term string, n uint32) error) error {
	dict, err := s.Dictionary(name)
	if err != nil {
		return err
	}
	terms := dict.AutomatonIterator(nil, nil, nil)
	var list segment.PostingsList
	var it segment.PostingsIterator
	for {
		entry, err := terms.Next()
		if err != nil || entry == nil {
			return err
		}
		if list, err = dict.PostingsList([]byte(entry.Term), nil, list); err != nil {
			return err
		}
		it = list.Iterator(false, false, false, it)
		for {
			p, err := it.Next()
			if err != nil {
				return err
			}
			if p == nil {
				break
			}
			if err := visit(entry.Term, uint32(p.Number())); err != nil {
				return err
			}
		}
	}
}

func readCard(s segment.Segment, n uint32, in interner) (*card, error) {
	var c *card
	ok := false
	err := s.VisitStoredFields(uint64(n), func(name string, _ byte, value []byte, _ []uint64) bool {
		if name == fieldCard {
			c, ok = decodeCard(value, in)
			return false
		}
		return true
	})
	if err == nil && !ok {
		err = fmt.Errorf("the card of piece %d cannot be read", n)
	}
	return c, err
}

// stored reads the stored text of a piece and, of an article, its label,
// anchor and headings.
func (s *viewSegment) stored(n uint32) (body, label string, err error) {
	err = s.VisitStoredFields(uint64(n), func(name string, _ byte, value []byte, _ []uint64) bool {
		switch name {
		case fieldBody:
			body = string(value)
		case fieldLabel:
			label = string(value)
		}
		return true
	})
	return body, label, err
}
