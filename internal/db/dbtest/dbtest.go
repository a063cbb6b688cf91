// Package dbtest opens real databases for tests: SQLite in a temporary folder
// always, PostgreSQL where a server is named by GONGKAI_TEST_POSTGRES (the
// test command starts one), one schema per test.
package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/db"
)

// Noon is the instant at which test stores stand unless told otherwise:
// midday of 11 June 2021 in China.
var Noon = time.Date(2021, 6, 11, 12, 0, 0, 0, civil.China)

// Env names the variable that holds the PostgreSQL address for tests.
const Env = "GONGKAI_TEST_POSTGRES"

// Each runs body once on each engine, on a migrated, empty store. Without a
// PostgreSQL server that half is skipped with a message; with CI=true it fails.
func Each(t *testing.T, body func(t *testing.T, store *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { body(t, SQLite(t, civil.Fixed(Noon))) })
	t.Run("postgres", func(t *testing.T) { body(t, Postgres(t, civil.Fixed(Noon))) })
}

// SQLite is a migrated store in a temporary folder.
func SQLite(t testing.TB, clock civil.Clock) *db.DB {
	t.Helper()
	return open(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db"), clock)
}

// Postgres is a migrated store in a schema of its own, dropped after the test.
func Postgres(t testing.TB, clock civil.Clock) *db.DB {
	t.Helper()
	return open(t, PostgresURL(t), clock)
}

var schemas atomic.Int64

// PostgresURL is the address of an empty schema that is dropped after the test.
func PostgresURL(t testing.TB) string {
	t.Helper()
	base := os.Getenv(Env)
	if base == "" {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not set: make test starts a server and sets it", Env)
		}
		t.Skipf("%s is not set: make test starts a server and sets it", Env)
	}
	admin, err := sql.Open("pgx", base)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("t%d_%d", os.Getpid(), schemas.Add(1))
	if _, err := admin.Exec("create schema " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec("drop schema " + name + " cascade"); err != nil {
			t.Error(err)
		}
		admin.Close()
	})
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

func open(t testing.TB, url string, clock civil.Clock) *db.DB {
	t.Helper()
	ctx := context.Background()
	store, err := db.Open(ctx, url, clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := store.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	return store
}
