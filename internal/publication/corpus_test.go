package publication

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"gongkai/internal/blob"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/obligation"
	"gongkai/internal/publication/kind"
	"gongkai/internal/sharedtest"
	"gongkai/internal/unit"
)

// emptyStore has no units: imports make them.
func emptyStore(t testing.TB, store *db.DB) *Store {
	t.Helper()
	kinds, err := kind.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open(ctx, "mem:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { blobs.Close() })
	return NewStore(Deps{DB: store, Kinds: kinds, Units: unit.NewStore(store), Duties: obligation.NewStore(store, obligation.Options{}), Blobs: blobs})
}

func importAll(t testing.TB, s *Store, r io.Reader, opts ImportOptions) Report {
	t.Helper()
	report, err := s.Import(ctx, r, opts)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func export(t testing.TB, s *Store) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := s.Export(ctx, &out, ExportOptions{}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// The 3,419 real documents go in, come out, go in elsewhere and come out the
// same; a second import of either changes nothing.
func TestRealCorpusRoundTrip(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 60 MB")
	}
	path := sharedtest.Path(t, "data", "laws", "all-2025-04.jsonl.zst")
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		s := emptyStore(t, store)
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		const documents = 3419
		if r := importAll(t, s, file, ImportOptions{CreateUnits: true}); r.Added != documents || r.Rejected != 0 || r.Lines != documents {
			t.Fatalf("first import: %+v", r)
		}
		head := ledgerHead(t, s)
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if r := importAll(t, s, file, ImportOptions{CreateUnits: true}); r.Same != documents || r.Lines != documents {
			t.Fatalf("second import: %+v", r)
		}
		first := export(t, s)
		if r := importAll(t, s, bytes.NewReader(first), ImportOptions{}); r.Same != documents {
			t.Fatalf("import of the export into the same store: %+v", r)
		}
		if now := ledgerHead(t, s); now != head {
			t.Errorf("imports that changed nothing took the ledger from %d to %d", head, now)
		}
		other := emptyStore(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon.Add(time.Hour))))
		if r := importAll(t, other, bytes.NewReader(first), ImportOptions{CreateUnits: true}); r.Added != documents {
			t.Fatalf("import of the export: %+v", r)
		}
		if second := export(t, other); !bytes.Equal(first, second) {
			t.Error("the second export differs from the first")
		}
	})
}

func ledgerHead(t testing.TB, s *Store) (head int64) {
	t.Helper()
	if err := s.DB.View(ctx, func(tx *db.Tx) error {
		return tx.Row(ctx, "select seq from ledger_head", nil, &head)
	}); err != nil {
		t.Fatal(err)
	}
	return head
}

// BenchmarkImportCorpus takes the real documents into a fresh SQLite file; the
// second figure is the import of what is there already.
func BenchmarkImportCorpus(b *testing.B) {
	data, err := os.ReadFile(sharedtest.Path(b, "data", "laws", "all-2025-04.jsonl.zst"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		store, err := db.Open(ctx, "sqlite:"+filepath.Join(b.TempDir(), "bench.db"), civil.System)
		if err != nil {
			b.Fatal(err)
		}
		if err := store.Migrate(ctx); err != nil {
			b.Fatal(err)
		}
		s := emptyStore(b, store)
		began := time.Now()
		importAll(b, s, bytes.NewReader(data), ImportOptions{CreateUnits: true})
		b.ReportMetric(time.Since(began).Seconds(), "s/first")
		began = time.Now()
		importAll(b, s, bytes.NewReader(data), ImportOptions{CreateUnits: true})
		b.ReportMetric(time.Since(began).Seconds(), "s/again")
		if size, err := store.Size(ctx); err == nil {
			b.ReportMetric(float64(size)/1e6, "MB/store")
		}
		store.Close()
	}
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	b.ReportMetric(float64(mem.Sys)/1e6, "MB/sys")
}
