package bleve

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	bolt "go.etcd.io/bbolt/errors"

	"gongkai/internal/search"
)

// format changes whenever what is written changes; an index of another format
// is left behind and made anew from the ledger.
const format = "1"

const (
	currentFile   = "CURRENT"
	lockWait      = "300ms" // for another process to let go
	keyCursor     = "cursor"
	generationDir = "gen-"
)

// generation is one index in one folder.
type generation struct {
	no     int
	dir    string
	index  *scorch.Scorch
	queue  *index.AnalysisQueue
	viewer *viewer
}

func generationPath(root string, no int) string {
	return filepath.Join(root, fmt.Sprintf("%s%s-%06d", generationDir, format, no))
}

// openGeneration opens or creates generation no below root.
func openGeneration(root string, no int) (g *generation, err error) {
	dir, queue := generationPath(root, no), index.NewAnalysisQueue(min(4, runtime.GOMAXPROCS(0)))
	defer func() {
		if r := recover(); r != nil { // Bleve trusts its files
			g, err = nil, corruptFault(root, fmt.Errorf("panic: %v", r))
		}
		if err != nil {
			queue.Close()
		}
	}()
	x, err := scorch.NewScorch("gongkai", map[string]any{"path": dir, "bolt_timeout": lockWait}, queue)
	if err != nil {
		return nil, err
	}
	g = &generation{no: no, dir: dir, queue: queue, index: x.(*scorch.Scorch)}
	switch err := x.Open(); {
	case errors.Is(err, bolt.ErrTimeout):
		return nil, lockedFault(root)
	case refused(err):
		return nil, folderFault(root, err)
	case err != nil:
		return nil, corruptFault(root, err)
	}
	g.viewer = newViewer(g.index)
	if _, release, err := g.viewer.current(); err != nil {
		_ = g.index.Close()
		return nil, corruptFault(root, err)
	} else {
		release()
	}
	return g, nil
}

// close waits for nothing: the caller sees to it that nobody reads any more.
func (g *generation) close() error {
	g.viewer.close()
	err := g.index.Close()
	g.queue.Close()
	return err
}

// Cursor is the ledger's entry up to which this generation goes.
func (g *generation) Cursor() (int64, error) {
	r, err := g.index.Reader()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	b, err := r.GetInternal([]byte(keyCursor))
	if err != nil || len(b) != 8 {
		return 0, err
	}
	return int64(binary.BigEndian.Uint64(b)), nil
}

// Apply writes to this generation; see search.Writer. One call at a time.
func (g *generation) Apply(ctx context.Context, cursor int64, put []search.Doc, remove []int64) error {
	w := newWriter(g)
	put = lastOfEach(put)
	if err := w.remove(without(remove, put)); err != nil {
		return err
	}
	if err := w.put(ctx, put); err != nil {
		return errors.Join(err, w.full.Wait())
	}
	return w.finish(cursor)
}

// currentGeneration reads which generation is in use: 0 where there is none
// of this format.
func currentGeneration(root string) (int, error) {
	b, err := os.ReadFile(filepath.Join(root, currentFile))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, folderFault(root, err)
	}
	no, ok := strings.CutPrefix(strings.TrimSpace(string(b)), generationDir+format+"-")
	if !ok {
		return 0, nil
	}
	n, err := strconv.Atoi(no)
	if err != nil || n < 1 {
		return 0, corruptFault(root, fmt.Errorf("CURRENT says %q", b))
	}
	return n, nil
}

// setCurrent makes g the generation in use, in one step on disk.
func setCurrent(root string, g *generation) error {
	tmp := filepath.Join(root, currentFile+".new")
	if err := os.WriteFile(tmp, []byte(filepath.Base(g.dir)+"\n"), 0o600); err != nil {
		return folderFault(root, err)
	}
	if err := os.Rename(tmp, filepath.Join(root, currentFile)); err != nil {
		return folderFault(root, err)
	}
	return nil
}

// sweep removes all generations but the one in use: rebuilds that did not come
// to their end and indexes of older formats.
func sweep(root string, keep *generation) {
	old, _ := filepath.Glob(filepath.Join(root, generationDir+"*"))
	for _, dir := range old {
		if dir != keep.dir {
			_ = os.RemoveAll(dir)
		}
	}
}
