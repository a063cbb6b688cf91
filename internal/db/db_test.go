package db_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
)

var ctx = context.Background()

func update(t *testing.T, store *db.DB, f func(tx *db.Tx) error) {
	t.Helper()
	if err := store.Update(ctx, f); err != nil {
		t.Fatal(err)
	}
}

func makeTable(t *testing.T, store *db.DB) {
	t.Helper()
	update(t, store, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "create table db_sample (name text primary key, day text, at text, n integer)")
		return err
	})
}

func names(t *testing.T, store *db.DB, where string, args ...any) (got []string) {
	t.Helper()
	err := store.View(ctx, func(tx *db.Tx) error {
		return tx.Each(ctx, "select name from db_sample where "+where+" order by name", args, func(rows *sql.Rows) error {
			var s string
			err := rows.Scan(&s)
			got = append(got, s)
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestValuesComeBackAsTheyWent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		makeTable(t, store)
		day, at := civil.MustDate("2021-06-11"), time.Date(2021, 6, 11, 4, 5, 6, 789000, time.UTC)
		update(t, store, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "insert into db_sample values (?, ?, ?, ?), (?, ?, ?, ?)",
				"it's a '?'", day, db.At(at), 7, "none", civil.Date{}, db.Instant{}, 0)
			return err
		})
		var gotDay, noDay civil.Date
		var gotAt, noAt db.Instant
		err := store.View(ctx, func(tx *db.Tx) error {
			if err := tx.Row(ctx, "select day, at from db_sample where name = 'it''s a ''?''' and n = ?", []any{7}, &gotDay, &gotAt); err != nil {
				return err
			}
			return tx.Row(ctx, "select day, at from db_sample where name = ?", []any{"none"}, &noDay, &noAt)
		})
		if err != nil || gotDay != day || !gotAt.Equal(at) || !noDay.IsZero() || !noAt.IsZero() {
			t.Errorf("got %v %v %v %v, %v", gotDay, gotAt, noDay, noAt, err)
		}
	})
}

func TestTextSortsByCodePoint(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		update(t, store, func(tx *db.Tx) error { // a migrated column, not one made by a test
			for _, n := range []string{"b", "B", "a", "永", "一", "_"} {
				if _, err := tx.Exec(ctx, "insert into ledger_cursors (consumer, seq, moved_at) values (?, 1, '')", n); err != nil {
					return err
				}
			}
			return nil
		})
		var got []string
		err := store.View(ctx, func(tx *db.Tx) error {
			return tx.Each(ctx, "select consumer from ledger_cursors order by consumer", nil, func(rows *sql.Rows) error {
				var s string
				err := rows.Scan(&s)
				got = append(got, s)
				return err
			})
		})
		if want := []string{"B", "_", "a", "b", "一", "永"}; err != nil || !slices.Equal(got, want) {
			t.Errorf("got %v, want %v (%v)", got, want, err)
		}
	})
}

func TestFailedUpdateLeavesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		makeTable(t, store)
		stop := errors.New("stop")
		heard := false
		err := store.Update(ctx, func(tx *db.Tx) error {
			tx.OnCommit(func() { heard = true })
			if _, err := tx.Exec(ctx, "insert into db_sample (name) values ('x')"); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) || heard || len(names(t, store, "n is null")) != 0 {
			t.Errorf("err %v, OnCommit heard %v, rows %v", err, heard, names(t, store, "n is null"))
		}
		func() {
			defer func() { recover() }()
			store.Update(ctx, func(tx *db.Tx) error {
				tx.Exec(ctx, "insert into db_sample (name) values ('y')")
				panic("boom")
			})
		}()
		if got := names(t, store, "n is null"); len(got) != 0 {
			t.Errorf("a panic left %v", got)
		}
	})
}

func TestViewCannotWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		makeTable(t, store)
		err := store.View(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "insert into db_sample (name) values ('x')")
			return err
		})
		if fault.KindOf(err) != fault.Unavailable {
			t.Errorf("writing in a view: %v, want a fault", err)
		}
	})
}

func TestUniqueIsRecognised(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		makeTable(t, store)
		insert := func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "insert into db_sample (name) values ('x')")
			return err
		}
		update(t, store, insert)
		if err := store.Update(ctx, insert); !db.IsUnique(err) {
			t.Errorf("IsUnique(%v) = false", err)
		}
		if db.IsUnique(sql.ErrNoRows) || db.IsUnique(nil) {
			t.Error("IsUnique is true of everything")
		}
	})
}

func TestListsOfValues(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		makeTable(t, store)
		update(t, store, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "insert into db_sample (name) values ('a'), ('b'), ('c')")
			return err
		})
		want := []string{"a", "c"}
		if got := names(t, store, "name in "+db.In(2), db.Args(want)...); !slices.Equal(got, want) {
			t.Errorf("got %v", got)
		}
		if got := names(t, store, "name in "+db.In(0)); len(got) != 0 {
			t.Errorf("the empty list matches %v", got)
		}
	})
}

func TestManyWritersLoseNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		makeTable(t, store)
		update(t, store, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "insert into db_sample (name, n) values ('count', 0)")
			return err
		})
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				for range 10 {
					if err := store.Update(ctx, func(tx *db.Tx) error {
						_, err := tx.Exec(ctx, "update db_sample set n = n + 1 where name = 'count'")
						return err
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if got := names(t, store, "n = ?", 100); len(got) != 1 {
			t.Error("updates were lost")
		}
	})
}

func TestMigrateTwiceAtOnceAndAgain(t *testing.T) {
	urls := map[string]func() string{
		"sqlite":   func() string { return "sqlite:" + filepath.Join(t.TempDir(), "new", "x.db") },
		"postgres": func() string { return dbtest.PostgresURL(t) },
	}
	for name, url := range urls {
		t.Run(name, func(t *testing.T) {
			if name == "postgres" && os.Getenv(dbtest.Env) == "" && os.Getenv("CI") != "true" {
				t.Skip("no server")
			}
			address := url()
			var wg sync.WaitGroup
			for range 3 {
				store, err := db.Open(ctx, address, civil.System)
				if err != nil {
					t.Fatal(err)
				}
				defer store.Close()
				wg.Go(func() {
					if err := store.Migrate(ctx); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		})
	}
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		update(t, store, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, "insert into db_migrations values (9999, 'from_the_future', '')")
			return err
		})
		err := store.Migrate(ctx)
		if e, ok := fault.Of(err); !ok || e.Code != "database_newer" {
			t.Errorf("Migrate = %v, want database_newer", err)
		}
		if at, err := store.Version(ctx); err != nil || at != 9999 {
			t.Errorf("Version = %d, %v: the refusal changed something", at, err)
		}
	})
}

func TestBadPlacesAreNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, url, code string }{
		{"a folder below a file", "sqlite:" + file + "/sub/x.db", "data_folder"},
		{"no database", "sqlite:" + file, "database_open"},
		{"unknown scheme", "mysql://x", "database_url"},
		{"no server", "postgres://u:secret@127.0.0.1:1/x", "database_open"},
	}
	for _, tt := range tests {
		_, err := db.Open(ctx, tt.url, civil.System)
		e, ok := fault.Of(err)
		if !ok || e.Code != tt.code {
			t.Errorf("%s: %v, want code %s", tt.name, err, tt.code)
		}
		if strings.Contains(fault.Public(err), "secret") {
			t.Errorf("%s: the message shows the password", tt.name)
		}
	}
}

func TestFullDisk(t *testing.T) {
	store := dbtest.SQLite(t, civil.System)
	makeTable(t, store)
	fill := func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "insert into db_sample (name) values (?)", strings.Repeat("x", 1<<20))
		return err
	}
	update(t, store, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "pragma max_page_count = 100")
		return err
	})
	if e, ok := fault.Of(store.Update(ctx, fill)); !ok || e.Code != "disk_full" {
		t.Fatalf("got %v, want disk_full", e)
	}
	update(t, store, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "pragma max_page_count = 100000")
		return err
	})
	update(t, store, fill) // room again: the store goes on as if nothing had been
}

// Signs that mean something in an address are only letters of a path.
func TestPathsAreTakenAsTheyAre(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a#b.db", "a?b.db", "a%20b.db", "数据 库.db"} {
		path := filepath.Join(dir, name)
		store, err := db.Open(t.Context(), "sqlite:"+path, civil.System)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		store.Close()
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), "b.db") && e.Name() != "数据 库.db" {
			t.Errorf("another file was made: %s", e.Name())
		}
	}
}
