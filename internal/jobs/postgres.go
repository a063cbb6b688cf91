package jobs

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"gongkai/internal/db"
)

// River's driver for PostgreSQL speaks pgx, our transactions database/sql over
// pgx. The connection beneath is the same; this file lets River use it.

// withPgx runs f on the pgx connection that carries tx. database/sql offers no
// way to it from a transaction, but hands arguments to pgx unseen, and pgx
// calls a QueryRewriter with the connection while database/sql holds its lock:
// nobody else can use or return the connection until f is done.
func withPgx(ctx context.Context, tx *db.Tx, f func(t pgx.Tx) error) error {
	borrow := &borrower{f: f}
	_, err := tx.SQL().ExecContext(ctx, "", borrow)
	if borrow.err != nil {
		return borrow.err
	}
	return err
}

// borrower is a QueryRewriter that rewrites nothing into nothing.
type borrower struct {
	f   func(t pgx.Tx) error
	err error
}

// RewriteQuery implements pgx.QueryRewriter.
func (b *borrower) RewriteQuery(_ context.Context, conn *pgx.Conn, _ string, _ []any) (string, []any, error) {
	b.err = b.f(pgxTx{conn})
	return "", nil, b.err
}

// rawConn gives the embedded connection a name beside the method Conn.
type rawConn = pgx.Conn

// pgxTx is the transaction that is open on a connection, as a pgx.Tx. Whoever
// began it ends it; there are no transactions within.
type pgxTx struct{ *rawConn }

var errNotOurs = errors.New("jobs: the transaction belongs to the caller")

// Begin is refused, as Commit and Rollback are.
func (pgxTx) Begin(context.Context) (pgx.Tx, error) { return nil, errNotOurs }

// Commit is refused.
func (pgxTx) Commit(context.Context) error { return errNotOurs }

// Rollback is refused.
func (pgxTx) Rollback(context.Context) error { return errNotOurs }

// LargeObjects implements pgx.Tx; River has no use for it.
func (pgxTx) LargeObjects() pgx.LargeObjects { return pgx.LargeObjects{} }

// Conn is the connection.
func (t pgxTx) Conn() *pgx.Conn { return t.rawConn }

// openPool opens connections of River's own to the server of store, with the
// same address and settings.
func openPool(ctx context.Context, store *db.DB, conns int32) (*pgxpool.Pool, error) {
	conn, err := store.Writer().Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	var address string
	err = conn.Raw(func(driver any) error {
		address = driver.(*stdlib.Conn).Conn().Config().ConnString()
		return nil
	})
	if err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	config.MaxConns = conns
	return pgxpool.NewWithConfig(ctx, config)
}
