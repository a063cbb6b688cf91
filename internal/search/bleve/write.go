package bleve

import (
	"context"
	"encoding/binary"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	index "github.com/blevesearch/bleve_index_api"
	"golang.org/x/sync/errgroup"

	"gongkai/internal/search"
)

// batchPieces is the number of pieces after which a batch is written: enough
// to make good segments, little enough to keep the memory of an import small.
const batchPieces = 4000

// writer gathers pieces into batches. Full batches are written side by side,
// as building a segment keeps one processor busy; they hold different documents.
type writer struct {
	g     *generation
	batch *index.Batch
	full  errgroup.Group // batches on their way
}

func newWriter(g *generation) *writer {
	w := &writer{g: g, batch: index.NewBatch()}
	w.full.SetLimit(min(2, runtime.GOMAXPROCS(0)))
	return w
}

// flush sends the batch on its way and begins a new one.
func (w *writer) flush() {
	batch := w.batch
	w.batch = index.NewBatch()
	w.full.Go(func() error { return w.g.index.Batch(batch) })
}

// finish waits for all batches and then writes the last one with the cursor.
func (w *writer) finish(cursor int64) error {
	if err := w.full.Wait(); err != nil {
		return storageFault(w.g.dir, err)
	}
	w.batch.SetInternal([]byte(keyCursor), binary.BigEndian.AppendUint64(nil, uint64(cursor)))
	return storageFault(w.g.dir, w.g.index.Batch(w.batch))
}

// articlesNow is how many articles the index has of each document.
func (w *writer) articlesNow(ids []int64) (map[int64]int, error) {
	v, release, err := w.g.viewer.current()
	if err != nil {
		return nil, err
	}
	defer release()
	wanted := make(map[int64]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	n := map[int64]int{}
	for c := range v.cards() {
		if wanted[c.id] {
			n[c.id] = c.articles
		}
	}
	return n, nil
}

func (w *writer) remove(ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	now, err := w.articlesNow(ids)
	if err != nil {
		return err
	}
	for id, articles := range now {
		w.batch.Delete(headID(id))
		w.removeArticles(id, 0, articles)
	}
	return nil
}

func (w *writer) removeArticles(id int64, from, to int) {
	for i := from; i < to; i++ {
		w.batch.Delete(articleID(id, i))
	}
}

// put takes documents with different IDs.
func (w *writer) put(ctx context.Context, docs []search.Doc) error {
	ids := make([]int64, len(docs))
	for i, d := range docs {
		ids[i] = d.ID
	}
	now, err := w.articlesNow(ids)
	if err != nil {
		return err
	}
	for len(docs) > 0 {
		n, pieces := 0, 0
		for n < len(docs) && (n == 0 || pieces+len(docs[n].Articles) < batchPieces) {
			pieces += 1 + len(docs[n].Articles)
			n++
		}
		if len(w.batch.IndexOps)+pieces > batchPieces && len(w.batch.IndexOps) > 0 {
			w.flush()
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		for i, made := range makePieces(docs[:n]) {
			for _, p := range made {
				w.batch.Update(p)
			}
			w.removeArticles(docs[i].ID, len(docs[i].Articles), now[docs[i].ID])
		}
		docs = docs[n:]
	}
	return nil
}

// lastOfEach keeps the last of several documents with one ID.
func lastOfEach(docs []search.Doc) []search.Doc {
	last := make(map[int64]int, len(docs))
	for i, d := range docs {
		last[d.ID] = i
	}
	if len(last) == len(docs) {
		return docs
	}
	var out []search.Doc
	for i, d := range docs {
		if last[d.ID] == i {
			out = append(out, d)
		}
	}
	return out
}

// without leaves out of ids the documents that are put.
func without(ids []int64, put []search.Doc) []int64 {
	if len(ids) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id int64) bool {
		return slices.ContainsFunc(put, func(d search.Doc) bool { return d.ID == id })
	})
}

func headID(id int64) string { return "d" + strconv.FormatInt(id, 10) }

func articleID(id int64, i int) string {
	return "a" + strconv.FormatInt(id, 10) + "/" + strconv.Itoa(i)
}

// makePieces makes the pieces of each document, on all processors.
func makePieces(docs []search.Doc) [][]*piece {
	out := make([][]*piece, len(docs))
	var wg sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), len(docs))
	for k := range workers {
		wg.Go(func() {
			for i := k; i < len(docs); i += workers {
				out[i] = piecesOf(docs[i])
			}
		})
	}
	wg.Wait()
	return out
}

func piecesOf(d search.Doc) []*piece {
	pieces := make([]*piece, 0, 1+len(d.Articles))
	owner := ownerTerm(d.ID)
	c := cardOf(d)
	for i, a := range d.Articles {
		p := newPiece(articleID(d.ID, i))
		p.terms(fieldOwner, owner)
		text := joinLines(fold(a.Path), fold(a.Text))
		p.text(fieldText, text, pairs)
		c.length += letters(text)
		p.store(fieldLabel, strings.Join([]string{a.Label, a.Anchor, a.Path, strconv.Itoa(i)}, "\x00"))
		p.store(fieldBody, a.Text)
		pieces = append(pieces, p)
	}
	return append(pieces, headOf(d, c))
}

func headOf(d search.Doc, c *card) *piece {
	p := newPiece(headID(d.ID))
	title := fold(d.Title)
	text := joinLines(title, fold(d.Number), fold(d.Unit), fold(strings.Join(d.UnitNames, "\n")),
		fold(strings.Join(d.Keywords, "\n")), fold(d.Body))
	c.length += letters(text)
	card := c.encode()
	p.terms(fieldKey, cardKey(d.ID, card))
	p.terms(fieldNumber, numberTerms(d.Number)...)
	p.text(fieldTitle, title, pairs|singles)
	p.text(fieldText, text, pairs)
	p.store(fieldCard, string(card))
	p.store(fieldBody, d.Body)
	return p
}

// letters is about the number of characters of Chinese text.
func letters(text string) int { return len(text) / 3 }
