package bleve

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"gongkai/internal/fault"
	"gongkai/internal/search"
	"gongkai/internal/search/searchtest"
)

func open(tb testing.TB, dir string) *Engine {
	tb.Helper()
	e, err := Open(dir)
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

func TestConformance(t *testing.T) {
	searchtest.Run(t, func(t *testing.T) search.Engine { return open(t, t.TempDir()) })
}

func notice(id int64, title string) search.Doc {
	return search.Doc{ID: id, Kind: "notice", Title: title, Validity: search.InForce, URL: "/1"}
}

func TestReopenKeepsEverything(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir)
	if err := e.Apply(context.Background(), 42, []search.Doc{notice(1, "防汛通知")}, nil); err != nil {
		t.Fatal(err)
	}
	if err := e.Rebuild(context.Background(), func(ctx context.Context, fresh search.Writer) error {
		return fresh.Apply(ctx, 43, []search.Doc{notice(2, "防汛计划")}, nil)
	}); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, dir)
	defer e.Close()
	if c, err := e.Cursor(); err != nil || c != 43 {
		t.Errorf("cursor = %d, %v, want 43", c, err)
	}
	r, err := e.Search(context.Background(), search.Query{Text: "防汛"})
	if err != nil || r.Total != 1 || r.Items[0].ID != 2 {
		t.Errorf("found %+v, %v, want document 2", r.Items, err)
	}
	if old, _ := filepath.Glob(filepath.Join(dir, generationDir+"*")); len(old) != 1 {
		t.Errorf("generations left: %v, want one", old)
	}
}

func TestSecondOpenIsRefused(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir)
	defer e.Close()
	second, err := Open(dir)
	if f, ok := fault.Of(err); !ok || f.Kind != fault.Unavailable || f.Code != "search_locked" {
		t.Errorf("second Open = %v, %v, want search_locked", second, err)
	}
}

func TestBrokenIndexSaysSo(t *testing.T) {
	for name, spoil := range map[string]func(dir string) error{
		"no generation": func(dir string) error { return os.RemoveAll(generationPath(dir, 1)) },
		"CURRENT": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, currentFile), []byte("gen-"+format+"-x"), 0o600)
		},
		"segments": func(dir string) error {
			list, err := filepath.Glob(filepath.Join(generationPath(dir, 1), "*.zap"))
			for _, f := range list {
				err = os.WriteFile(f, []byte("spoilt"), 0o600)
			}
			return err
		},
		"root": func(dir string) error {
			return os.WriteFile(filepath.Join(generationPath(dir, 1), "root.bolt"), make([]byte, 8192), 0o600)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			e := open(t, dir)
			if err := e.Apply(context.Background(), 1, []search.Doc{notice(1, "防汛通知")}, nil); err != nil {
				t.Fatal(err)
			}
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			if err := spoil(dir); err != nil {
				t.Fatal(err)
			}
			if _, err := Open(dir); err == nil {
				t.Fatal("a broken index opens")
			} else if f, ok := fault.Of(err); !ok || f.Code != "search_corrupt" {
				t.Errorf("Open = %v, want search_corrupt", err)
			}
			if err := Discard(dir); err != nil {
				t.Fatal(err)
			}
			e = open(t, dir)
			defer e.Close()
			if c, err := e.Cursor(); err != nil || c != 0 {
				t.Errorf("after Discard: cursor %d, %v, want 0", c, err)
			}
		})
	}
}

func TestOlderFormatBeginsAnew(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "gen-0-000003")
	if err := os.MkdirAll(old, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, currentFile), []byte("gen-0-000003\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	e := open(t, dir)
	defer e.Close()
	if c, err := e.Cursor(); err != nil || c != 0 {
		t.Errorf("cursor = %d, %v, want 0", c, err)
	}
	if _, err := os.Stat(old); err == nil {
		t.Error("the old format's folder is still there")
	}
}

func TestFullDiskIsSaid(t *testing.T) {
	err := storageFault("index", &os.PathError{Op: "write", Path: "x.zap", Err: syscall.ENOSPC})
	if f, ok := fault.Of(err); !ok || f.Kind != fault.Unavailable || f.Code != "search_folder" {
		t.Errorf("a full disk gives %v, want search_folder", err)
	}
	if err := storageFault("index", nil); err != nil {
		t.Errorf("no error gives %v", err)
	}
}

func TestUnwritableFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(file, "index")); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("Open below a file = %v, want unavailable", err)
	}
}
