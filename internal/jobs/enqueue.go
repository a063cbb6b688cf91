package jobs

import (
	"context"
	"database/sql"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Option says how a job is enqueued.
type Option func(*river.InsertOpts)

// At lets the job wait until t, on the machine's clock.
func At(t time.Time) Option { return func(o *river.InsertOpts) { o.ScheduledAt = t } }

// Once enqueues nothing where a job of the same kind with equal arguments has
// not finished. One that is running counts: it may have read what it works on
// before this transaction.
func Once() Option { return func(o *river.InsertOpts) { o.UniqueOpts = once() } }

// Enqueue adds a job in tx: it will run if and only if tx commits, soon after.
// It needs no worker in this process.
func Enqueue(ctx context.Context, tx *db.Tx, args Args, options ...Option) (err error) {
	defer fault.Wrap(&err, "jobs.Enqueue(%s)", args.Kind())
	opts := &river.InsertOpts{MaxAttempts: MaxAttempts}
	for _, o := range options {
		o(opts)
	}
	if tx.Engine() == db.Postgres {
		return withPgx(ctx, tx, func(t pgx.Tx) error {
			_, err := postgresInserter().InsertTx(ctx, t, args, opts)
			return err
		})
	}
	_, err = sqliteInserter().InsertTx(ctx, tx.SQL(), args, opts)
	return err
}

// The inserters write in other people's transactions only; they hold no
// connection and run nothing.
var (
	sqliteInserter = sync.OnceValue(func() *river.Client[*sql.Tx] {
		return mustClient(river.NewClient(riversqlite.New(nil), &river.Config{Logger: slog.Default()}))
	})
	postgresInserter = sync.OnceValue(func() *river.Client[pgx.Tx] {
		return mustClient(river.NewClient(riverpgxv5.New(nil), &river.Config{Logger: slog.Default()}))
	})
)

// mustClient passes a client that is made of constants.
func mustClient[T any](c *river.Client[T], err error) *river.Client[T] {
	if err != nil {
		panic(err)
	}
	return c
}
