package db

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"gongkai/internal/fault"
)

// translate turns what the engines say about their machine into faults; all
// else passes unchanged.
func translate(err error) error {
	if err == nil {
		return nil
	}
	switch {
	case hasCode(err, sqlite3.SQLITE_FULL, "53100"):
		return fault.New(fault.Unavailable, "disk_full", "磁盘已满，这一步没有做，已有的数据没有改动。请腾出空间后重试。").Because(err)
	case hasCode(err, sqlite3.SQLITE_IOERR, "58030"):
		return fault.New(fault.Unavailable, "disk_failed", "读写磁盘出错，这一步没有做，已有的数据没有改动。请检查磁盘空间、配额和硬件后重试。").Because(err)
	case hasCode(err, sqlite3.SQLITE_BUSY, "55P03"):
		return fault.New(fault.Unavailable, "database_busy", "数据库正被另一个程序占用，这一步没有做，请稍后重试。").Because(err)
	case hasCode(err, sqlite3.SQLITE_READONLY, "25006"):
		return fault.New(fault.Unavailable, "database_readonly", "数据库只能读不能写：请检查数据文件夹的权限。").Because(err)
	case hasCode(err, sqlite3.SQLITE_CORRUPT, "XX001"), hasCode(err, sqlite3.SQLITE_NOTADB, ""):
		return fault.New(fault.Unavailable, "database_corrupt", "数据库文件已损坏或不是数据库，请用最近的备份恢复（gongkai restore）。").Because(err)
	}
	return err
}

// IsUnique tells whether err says that a unique key exists already.
func IsUnique(err error) bool {
	return hasCode(err, sqlite3.SQLITE_CONSTRAINT_UNIQUE, "23505") || hasCode(err, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, "")
}

// hasCode compares with SQLite's code (primary, or extended where the wanted
// one is extended) and PostgreSQL's SQLSTATE.
func hasCode(err error, lite int, state string) bool {
	var se *sqlite.Error
	if errors.As(err, &se) {
		return se.Code() == lite || se.Code()&0xff == lite
	}
	var pe *pgconn.PgError
	return errors.As(err, &pe) && state != "" && pe.Code == state
}
