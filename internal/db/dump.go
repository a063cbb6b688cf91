package db

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"gongkai/internal/fault"
)

// A dump is JSON Lines: a head, then for each table a line naming it and its
// columns and a line per row. It belongs to a schema version, not to an
// engine: what SQLite dumped PostgreSQL can restore. Tables of the job queue
// are left out; jobs are made again from what they serve.
type dumpHead struct {
	Format  string `json:"format"`
	Version int    `json:"schema_version"`
}

type dumpTable struct {
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
}

const dumpFormat = "gongkai-dump-1"

// Dump writes every table as one moment of the store. It may run beside
// writers.
func (d *DB) Dump(ctx context.Context, w io.Writer) (err error) {
	defer fault.Wrap(&err, "db.Dump")
	out := bufio.NewWriterSize(w, 1<<16)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	err = d.View(ctx, func(tx *Tx) error {
		version, err := schemaVersion(ctx, tx)
		if err != nil {
			return err
		}
		if err := enc.Encode(dumpHead{dumpFormat, version}); err != nil {
			return err
		}
		tables, err := d.tables(ctx, tx)
		if err != nil {
			return err
		}
		for _, t := range tables {
			if err := dumpRows(ctx, tx, enc, t); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

// tables are the program's own tables in the order in which migrations made
// them, so that rows come after the rows they point to.
func (d *DB) tables(ctx context.Context, tx *Tx) ([]dumpTable, error) {
	query := `select m.name, p.name from sqlite_master m, pragma_table_info(m.name) p
		where m.type = 'table' and m.name not like 'sqlite_%' order by m.rowid, p.cid`
	if d.engine == Postgres {
		query = `select c.table_name, c.column_name from information_schema.columns c
			join pg_class k on k.relname = c.table_name and k.relnamespace = current_schema()::regnamespace
			where c.table_schema = current_schema() and k.relkind = 'r' order by k.oid, c.ordinal_position`
	}
	var tables []dumpTable
	err := tx.Each(ctx, query, nil, func(rows *sql.Rows) error {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			return err
		}
		if table == "db_migrations" || strings.HasPrefix(table, "river_") {
			return nil
		}
		if n := len(tables); n == 0 || tables[n-1].Table != table {
			tables = append(tables, dumpTable{Table: table})
		}
		last := &tables[len(tables)-1]
		last.Columns = append(last.Columns, column)
		return nil
	})
	return tables, err
}

func dumpRows(ctx context.Context, tx *Tx, enc *json.Encoder, t dumpTable) error {
	if err := enc.Encode(t); err != nil {
		return err
	}
	values, places := make([]any, len(t.Columns)), make([]any, len(t.Columns))
	for i := range values {
		places[i] = &values[i]
	}
	query := `select "` + strings.Join(t.Columns, `", "`) + `" from ` + t.Table + ` order by 1`
	return tx.Each(ctx, query, nil, func(rows *sql.Rows) error {
		if err := rows.Scan(places...); err != nil {
			return err
		}
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				values[i] = map[string]string{"base64": base64.StdEncoding.EncodeToString(b)}
			}
		}
		return enc.Encode(values)
	})
}

// Restore fills a migrated, empty store with a dump of the same schema
// version, in one transaction: all of it or nothing.
func (d *DB) Restore(ctx context.Context, r io.Reader) (err error) {
	defer fault.Wrap(&err, "db.Restore")
	dec := json.NewDecoder(bufio.NewReaderSize(r, 1<<16))
	dec.UseNumber()
	var head dumpHead
	if err := dec.Decode(&head); err != nil || head.Format != dumpFormat {
		return fault.New(fault.Invalid, "dump_bad", "这不是本程序的备份：第一行应写明格式 %s。", dumpFormat)
	}
	return d.Update(ctx, func(tx *Tx) error {
		version, err := schemaVersion(ctx, tx)
		if err != nil {
			return err
		}
		if version != head.Version {
			return fault.New(fault.Conflict, "dump_version", "备份的结构版本是 %d，本程序是 %d：请用写备份的那一版程序恢复，再升级。", head.Version, version)
		}
		own, err := d.tables(ctx, tx)
		if err != nil {
			return err
		}
		if err := restoreRows(ctx, tx, dec, own); err != nil {
			return err
		}
		return d.resetIdentities(ctx, tx, own)
	})
}

// restoreRows reads table lines and row lines; a row goes to the table named
// last. Rows that migrations put in are replaced.
func restoreRows(ctx context.Context, tx *Tx, dec *json.Decoder, own []dumpTable) error {
	known := map[string]string{}
	for i := len(own) - 1; i >= 0; i-- {
		known[own[i].Table] = strings.Join(own[i].Columns, ",")
		if _, err := tx.Exec(ctx, "delete from "+own[i].Table); err != nil {
			return err
		}
	}
	var insert *sql.Stmt
	for {
		var line json.RawMessage
		if err := dec.Decode(&line); err == io.EOF {
			return nil
		} else if err != nil {
			return fault.New(fault.Invalid, "dump_cut", "备份文件不完整或已损坏；没有恢复任何内容。").Because(err)
		}
		if line[0] == '{' {
			var t dumpTable
			if err := json.Unmarshal(line, &t); err != nil || known[t.Table] != strings.Join(t.Columns, ",") {
				return fault.New(fault.Invalid, "dump_table", "备份里有本程序没有的表 %s；没有恢复任何内容。", t.Table)
			}
			var err error
			insert, err = tx.Prepare(ctx, `insert into `+t.Table+` ("`+strings.Join(t.Columns, `", "`)+`") values `+In(len(t.Columns)))
			if err != nil {
				return err
			}
			continue
		}
		values, err := rowValues(line)
		if err != nil {
			return err
		}
		if _, err := insert.ExecContext(ctx, values...); err != nil {
			return fmt.Errorf("row %.80s: %w", line, translate(err))
		}
	}
}

func rowValues(line json.RawMessage) ([]any, error) {
	dec := json.NewDecoder(strings.NewReader(string(line)))
	dec.UseNumber()
	var values []any
	if err := dec.Decode(&values); err != nil {
		return nil, err
	}
	for i, v := range values {
		switch v := v.(type) {
		case json.Number:
			if n, err := v.Int64(); err == nil {
				values[i] = n
			} else if values[i], err = v.Float64(); err != nil {
				return nil, err
			}
		case map[string]any:
			text, _ := v["base64"].(string)
			b, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return nil, err
			}
			values[i] = b
		}
	}
	return values, nil
}

// resetIdentities makes PostgreSQL number new rows after the restored ones;
// SQLite does so by itself.
func (d *DB) resetIdentities(ctx context.Context, tx *Tx, own []dumpTable) error {
	if d.engine != Postgres {
		return nil
	}
	for _, t := range own {
		if t.Columns[0] != "id" {
			continue
		}
		var sequence sql.NullString
		if err := tx.Row(ctx, "select pg_get_serial_sequence(?, 'id')", []any{t.Table}, &sequence); err != nil {
			return err
		}
		if !sequence.Valid {
			continue
		}
		if _, err := tx.Exec(ctx, "select setval(?::regclass, coalesce((select max(id) from "+t.Table+"), 0) + 1, false)", sequence.String); err != nil {
			return err
		}
	}
	return nil
}
