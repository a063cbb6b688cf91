package jobs

import (
	"context"

	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// migrationLock is the advisory lock that lets one process at a time migrate.
const migrationLock = 7305122

// Migrate brings River's own tables (river_…) up to this program's version.
// It may be called by several processes at once.
func Migrate(ctx context.Context, store *db.DB) (err error) {
	defer fault.Wrap(&err, "jobs.Migrate")
	if store.Engine() == db.Postgres {
		return migratePostgres(ctx, store)
	}
	return store.Update(ctx, func(tx *db.Tx) error {
		m, err := rivermigrate.New(riversqlite.New(store.Writer()), nil)
		if err != nil {
			return err
		}
		//lint:ignore SA1019 the steps for SQLite can share a transaction, and it is the lock between processes
		_, err = m.MigrateTx(ctx, tx.SQL(), rivermigrate.DirectionUp, nil)
		return err
	})
}

// migratePostgres runs each step in a transaction of its own, as some must, on
// other connections than the one that holds the lock.
func migratePostgres(ctx context.Context, store *db.DB) error {
	pool, err := openPool(ctx, store, 2)
	if err != nil {
		return err
	}
	defer pool.Close()
	m, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return err
	}
	return store.Update(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock(?)", migrationLock); err != nil {
			return err
		}
		_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
		return err
	})
}
