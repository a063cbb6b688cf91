package bleve

import (
	"context"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"

	"gongkai/internal/fault"
	"gongkai/internal/search"
)

// Engine is the index in one folder. Make one with Open.
type Engine struct {
	root     string
	names    atomic.Pointer[nameList]
	chars    charRarities
	synonyms atomic.Pointer[synonymList]

	writing sync.Mutex   // held by Apply and by the end of Rebuild
	rebuild sync.Mutex   // one rebuild at a time
	mu      sync.RWMutex // gen: read while it is used, written to swap it
	gen     *generation  // nil once closed
}

var _ search.Engine = (*Engine)(nil)

// Open opens the index in folder root, or begins a new one. An index that
// another process has open is an Unavailable fault (search_locked), one that
// cannot be read another (search_corrupt); Discard is the way on then.
func Open(root string) (e *Engine, err error) {
	defer fault.Wrap(&err, "bleve.Open(%q)", root)
	if err := os.MkdirAll(root, 0o700); err != nil {
		return nil, folderFault(root, err)
	}
	no, err := currentGeneration(root)
	if err != nil {
		return nil, err
	}
	fresh := no == 0
	if fresh {
		no = 1
	} else if _, err := os.Stat(generationPath(root, no)); err != nil {
		return nil, swapped(root, no, corruptFault(root, err))
	}
	g, err := openGeneration(root, no)
	if err != nil {
		return nil, swapped(root, no, err)
	}
	if fresh {
		err = setCurrent(root, g)
	} else {
		err = swapped(root, no, nil)
	}
	if err != nil {
		_ = g.close()
		return nil, err
	}
	sweep(root, g)
	e = &Engine{root: root, gen: g}
	e.names.Store(&nameList{})
	e.synonyms.Store(&synonymList{})
	return e, nil
}

// swapped is err, unless the owner of the index has swapped generation no for
// another while it was opened: what was wrong with it then means nothing.
func swapped(root string, no int, err error) error {
	if now, e := currentGeneration(root); e == nil && (now == no || now == 0) {
		return err
	}
	return lockedFault(root)
}

// Discard removes the index in folder root, which nobody may have open, so
// that Open begins a new one.
func Discard(root string) error {
	if err := os.RemoveAll(root); err != nil {
		return folderFault(root, err)
	}
	return nil
}

// Close releases the index once running calls have ended.
func (e *Engine) Close() error {
	e.writing.Lock()
	defer e.writing.Unlock()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.gen == nil {
		return nil
	}
	g := e.gen
	e.gen = nil
	return g.close()
}

// use gives the generation in use; release it when done.
func (e *Engine) use() (g *generation, release func(), err error) {
	e.mu.RLock()
	if e.gen == nil {
		e.mu.RUnlock()
		return nil, nil, closedFault()
	}
	return e.gen, e.mu.RUnlock, nil
}

// read gives the present view of the index; release it when done.
func (e *Engine) read() (v *view, release func(), err error) {
	g, done, err := e.use()
	if err != nil {
		return nil, nil, err
	}
	v, drop, err := g.viewer.current()
	if err != nil {
		done()
		return nil, nil, err
	}
	return v, func() { drop(); done() }, nil
}

// Apply implements search.Writer.
func (e *Engine) Apply(ctx context.Context, cursor int64, put []search.Doc, remove []int64) (err error) {
	defer fault.Wrap(&err, "bleve.Apply(%d)", cursor)
	e.writing.Lock()
	defer e.writing.Unlock()
	g, release, err := e.use()
	if err != nil {
		return err
	}
	defer release()
	return g.Apply(ctx, cursor, put, remove)
}

// Cursor implements search.Writer.
func (e *Engine) Cursor() (n int64, err error) {
	defer fault.Wrap(&err, "bleve.Cursor")
	g, release, err := e.use()
	if err != nil {
		return 0, err
	}
	defer release()
	return g.Cursor()
}

// Rebuild implements search.Engine.
func (e *Engine) Rebuild(ctx context.Context, fill func(context.Context, search.Writer) error) (err error) {
	defer fault.Wrap(&err, "bleve.Rebuild")
	e.rebuild.Lock()
	defer e.rebuild.Unlock()
	old, release, err := e.use()
	if err != nil {
		return err
	}
	release()
	if err := os.RemoveAll(generationPath(e.root, old.no+1)); err != nil { // of a rebuild that was killed
		return folderFault(e.root, err)
	}
	fresh, err := openGeneration(e.root, old.no+1)
	if err != nil {
		return err
	}
	if err := e.fillAndSwap(ctx, fresh, fill); err != nil {
		_ = fresh.close()
		_ = os.RemoveAll(fresh.dir)
		return err
	}
	sweep(e.root, fresh)
	return nil
}

func (e *Engine) fillAndSwap(ctx context.Context, fresh *generation, fill func(context.Context, search.Writer) error) error {
	if err := fill(ctx, fresh); err != nil {
		return err
	}
	e.writing.Lock()
	defer e.writing.Unlock()
	if err := fill(ctx, fresh); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.gen == nil {
		return closedFault()
	}
	if err := setCurrent(e.root, fresh); err != nil {
		return err
	}
	if err := e.gen.close(); err != nil {
		slog.Warn("the old search index does not close", "folder", e.gen.dir, "err", err)
	}
	e.gen = fresh
	return nil
}
