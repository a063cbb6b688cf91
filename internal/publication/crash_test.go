package publication

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/publication/kind"
)

// crashFolder names the variable by which the test starts itself as the
// process that will be killed.
const crashFolder = "GONGKAI_TEST_IMPORT_FOLDER"

// Killed in the middle, an import leaves whole batches with their ledger
// entries; run again it takes the rest, and nothing twice.
func TestImportSurvivesKill(t *testing.T) {
	if dir := os.Getenv(crashFolder); dir != "" {
		importForever(t, dir)
		return
	}
	dir := t.TempDir()
	const n = 10*batchLines + 7
	var lines strings.Builder
	for i := range n {
		lines.WriteString(good(fmt.Sprint(i)) + "\n")
	}
	if err := os.WriteFile(filepath.Join(dir, "in.jsonl"), []byte(lines.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	store, err := db.Open(ctx, "sqlite:"+filepath.Join(dir, "db"), civil.Fixed(dbtest.Noon))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	s := newStore(t, store)
	child := exec.Command(os.Args[0], "-test.run=^TestImportSurvivesKill$", "-test.v")
	child.Env = append(os.Environ(), crashFolder+"="+dir)
	if out, err := child.CombinedOutput(); err == nil {
		t.Fatalf("the import was not killed:\n%s", out)
	}
	l, err := s.List(ctx, Filter{}, Page{})
	if err != nil || l.Total == 0 || l.Total >= n || l.Total%batchLines != 0 {
		t.Fatalf("%d records after the kill, want some whole batches of %d (%v)", l.Total, batchLines, err)
	}
	r, err := s.ImportFile(ctx, filepath.Join(dir, "in.jsonl"), ImportOptions{})
	if err != nil || r.Same != l.Total || r.Added != n-l.Total {
		t.Errorf("again: %+v, %v after %d", r, err, l.Total)
	}
	var acts int
	if err := s.DB.View(ctx, func(tx *db.Tx) error {
		return tx.Row(ctx, "select count(*) from ledger_entries where kind = ?", []any{ActPublished}, &acts)
	}); err != nil || acts != n {
		t.Errorf("%d entries for %d records, %v", acts, n, err)
	}
}

// importForever kills its own process after the third batch, as kill -9 does.
func importForever(t *testing.T, dir string) {
	store, err := db.Open(ctx, "sqlite:"+filepath.Join(dir, "db"), civil.Fixed(dbtest.Noon))
	if err != nil {
		t.Fatal(err)
	}
	kinds, err := kind.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := NewStore(Deps{DB: store, Kinds: kinds, Units: unitStore(store)})
	batches := 0
	_, err = s.ImportFile(ctx, filepath.Join(dir, "in.jsonl"), ImportOptions{Progress: func(Progress) {
		if batches++; batches == 3 {
			self, err := os.FindProcess(os.Getpid())
			if err == nil {
				err = self.Kill()
			}
			t.Log(err)
			select {}
		}
	}})
	t.Log("import ended", err)
}
