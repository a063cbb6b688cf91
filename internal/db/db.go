// Package db opens the store and runs transactions on it: SQLite in a file by
// default, PostgreSQL where a city outgrows one machine.
//
// There is one SQL text for both. Statements use ? placeholders; what the two
// engines spell differently is kept out of them (see docs/architecture.md).
// All work happens inside View or Update, so every statement belongs to a
// transaction and every transaction has one instant.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	_ "modernc.org/sqlite"             // driver "sqlite"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
)

// Engine is the kind of database behind a DB.
type Engine string

const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is an open store. It is safe for concurrent use; Close ends it.
type DB struct {
	engine Engine
	read   *sql.DB
	write  *sql.DB // the same as read on PostgreSQL
	clock  civil.Clock
	bind   binder
}

// Open opens the store at url: "sqlite:PATH" (made where it is missing) or
// "postgres://…". It does not migrate. A folder that cannot be written and a
// server that does not answer are Unavailable faults.
func Open(ctx context.Context, url string, clock civil.Clock) (*DB, error) {
	switch scheme, rest, _ := strings.Cut(url, ":"); scheme {
	case "sqlite":
		return openSQLite(ctx, rest, clock)
	case "postgres", "postgresql":
		return openPostgres(ctx, url, clock)
	}
	return nil, fault.New(fault.Invalid, "database_url", "数据库地址要以 sqlite: 或 postgres:// 开头，例如 sqlite:./data/gongkai.db。").At("--database %s", redact(url))
}

// uriSigns writes a path so that an address of SQLite means just that file.
var uriSigns = strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23")

func openSQLite(ctx context.Context, path string, clock civil.Clock) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, fault.New(fault.Unavailable, "data_folder", "不能建立数据文件夹，请检查路径和权限，或用 --data 另指一处。").At("%s", filepath.Dir(path)).Because(err)
	}
	address := "file:" + uriSigns.Replace(path)
	// FULL: what was acknowledged survives a power cut, not only a crash.
	const common = "?_pragma=busy_timeout(15000)&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)"
	write, err := sql.Open("sqlite", address+common+"&_pragma=journal_mode(WAL)&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	if err := write.PingContext(ctx); err != nil {
		write.Close()
		return nil, fault.New(fault.Unavailable, "database_open", "打不开数据库文件：请检查它能否写入，是不是 SQLite 数据库。").At("%s", path).Because(err)
	}
	read, err := sql.Open("sqlite", address+common+"&_pragma=query_only(1)&_pragma=cache_size(-8000)")
	if err != nil {
		write.Close()
		return nil, err
	}
	conns := max(4, 2*runtime.NumCPU())
	read.SetMaxOpenConns(conns)
	read.SetMaxIdleConns(conns)
	return &DB{engine: SQLite, read: read, write: write, clock: clock}, nil
}

func openPostgres(ctx context.Context, url string, clock civil.Clock) (*DB, error) {
	pool, err := sql.Open("pgx", url)
	if err != nil {
		return nil, fault.New(fault.Invalid, "database_url", "PostgreSQL 地址写法不对，应如 postgres://用户@主机:5432/库名。").At("%s", redact(url)).Because(err)
	}
	pool.SetMaxOpenConns(max(8, 4*runtime.NumCPU()))
	pool.SetMaxIdleConns(max(8, 4*runtime.NumCPU()))
	if err := pool.PingContext(ctx); err != nil {
		pool.Close()
		return nil, fault.New(fault.Unavailable, "database_open", "连不上 PostgreSQL：请检查地址、账号和服务器是否在运行。").At("%s", redact(url)).Because(err)
	}
	return &DB{engine: Postgres, read: pool, write: pool, clock: clock, bind: binder{dollars: true}}, nil
}

// redact hides the password of a database address.
func redact(url string) string {
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		return url
	}
	if i := strings.LastIndex(rest, "@"); i >= 0 {
		user, _, _ := strings.Cut(rest[:i], ":")
		return scheme + "://" + user + rest[i:]
	}
	return url
}

// Engine tells which database this is; only package db and the jobs driver
// have a reason to ask.
func (d *DB) Engine() Engine { return d.engine }

// Clock is the clock the store was opened with.
func (d *DB) Clock() civil.Clock { return d.clock }

// Writer is the pool that writes, for libraries that bring their own SQL.
func (d *DB) Writer() *sql.DB { return d.write }

// Close releases the connections.
func (d *DB) Close() error {
	if d.read == d.write {
		return d.write.Close()
	}
	return errors.Join(d.read.Close(), d.write.Close())
}

// Ping asks the database for a sign of life.
func (d *DB) Ping(ctx context.Context) error { return d.read.PingContext(ctx) }

// View runs f in a read-only transaction that sees one moment of the store.
func (d *DB) View(ctx context.Context, f func(tx *Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if d.engine == Postgres {
		opts.Isolation = sql.LevelRepeatableRead
	} else {
		opts = nil // the connection itself is query_only
	}
	return d.run(ctx, d.read, opts, f)
}

// Update runs f in a transaction that may write and commits it where f returns
// nil. On SQLite there is one writer at a time, others wait; on PostgreSQL
// writers run side by side.
func (d *DB) Update(ctx context.Context, f func(tx *Tx) error) error {
	return d.run(ctx, d.write, nil, f)
}

func (d *DB) run(ctx context.Context, pool *sql.DB, opts *sql.TxOptions, f func(tx *Tx) error) (err error) {
	raw, err := pool.BeginTx(ctx, opts)
	if err != nil {
		return translate(err)
	}
	tx := &Tx{Now: d.clock().UTC().Truncate(time.Microsecond), raw: raw, bind: &d.bind}
	defer func() {
		if p := recover(); p != nil {
			raw.Rollback()
			panic(p)
		}
	}()
	if err := f(tx); err != nil {
		raw.Rollback()
		return err
	}
	if err := raw.Commit(); err != nil {
		return translate(err)
	}
	for _, done := range tx.committed {
		done()
	}
	return nil
}

// Tx is one transaction. It is not safe for concurrent use and ends with the
// function it was given to.
type Tx struct {
	Now       time.Time // the one instant of this transaction, UTC, in microseconds
	raw       *sql.Tx
	bind      *binder
	committed []func()
}

// Today is the day of the transaction in China.
func (tx *Tx) Today() civil.Date { return civil.DateOf(tx.Now) }

// Engine tells which database this is; see DB.Engine.
func (tx *Tx) Engine() Engine {
	if tx.bind.dollars {
		return Postgres
	}
	return SQLite
}

// OnCommit registers f to run once after the transaction is durable.
func (tx *Tx) OnCommit(f func()) { tx.committed = append(tx.committed, f) }

// SQL is the transaction beneath, for libraries that enlist in it.
func (tx *Tx) SQL() *sql.Tx { return tx.raw }

// Exec runs a statement and tells how many rows it touched.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := tx.raw.ExecContext(ctx, tx.bind.rebind(query), args...)
	if err != nil {
		return 0, translate(err)
	}
	return res.RowsAffected()
}

// Query runs a query; the caller closes the rows. Prefer Each.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := tx.raw.QueryContext(ctx, tx.bind.rebind(query), args...)
	return rows, translate(err)
}

// Row runs a query for one row and scans it into dest; sql.ErrNoRows where
// there is none.
func (tx *Tx) Row(ctx context.Context, query string, args []any, dest ...any) error {
	return translate(tx.raw.QueryRowContext(ctx, tx.bind.rebind(query), args...).Scan(dest...))
}

// Each runs a query and calls scan for every row of it.
func (tx *Tx) Each(ctx context.Context, query string, args []any, scan func(rows *sql.Rows) error) error {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return translate(rows.Err())
}

// Prepare readies a statement that is run many times in this transaction; it
// is closed with the transaction.
func (tx *Tx) Prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	stmt, err := tx.raw.PrepareContext(ctx, tx.bind.rebind(query))
	return stmt, translate(err)
}

// In is the placeholder list for n values, "(?,?,?)"; for none it matches
// nothing.
func In(n int) string {
	if n == 0 {
		return "(null)"
	}
	return "(" + strings.TrimSuffix(strings.Repeat("?,", n), ",") + ")"
}

// Args makes an argument list of a slice, for use with In.
func Args[T any](values []T) []any {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return args
}

// Size is the number of bytes the store occupies, as the engine reports it.
func (d *DB) Size(ctx context.Context) (n int64, err error) {
	query := "select page_count * page_size from pragma_page_count(), pragma_page_size()"
	if d.engine == Postgres {
		query = "select pg_database_size(current_database())"
	}
	if err := d.read.QueryRowContext(ctx, query).Scan(&n); err != nil {
		return 0, fmt.Errorf("db.Size: %w", err)
	}
	return n, nil
}

// Verify has the engine look for damage in its own files. PostgreSQL watches
// over itself; there the connection and the schema are all that is asked for.
func (d *DB) Verify(ctx context.Context) error {
	if d.engine == Postgres {
		return translate(d.read.PingContext(ctx))
	}
	var verdict string
	if err := d.read.QueryRowContext(ctx, "pragma quick_check(1)").Scan(&verdict); err != nil {
		return translate(err)
	}
	if verdict != "ok" {
		return fault.New(fault.Unavailable, "database_corrupt", "数据库文件已损坏（%s），请用最近的备份恢复（gongkai restore）。", verdict)
	}
	return nil
}
