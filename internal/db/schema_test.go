package db_test

import (
	"database/sql"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
)

var write = flag.Bool("write", false, "write docs/schema.sql from the migrations")

const schemaFile = "../../docs/schema.sql"

// docs/schema.sql is what the migrations make of an empty store.
func TestSchemaFileIsCurrent(t *testing.T) {
	store := dbtest.SQLite(t, civil.System)
	var out strings.Builder
	out.WriteString("-- Made from internal/db/schema by go test ./internal/db -write; SQLite's spelling.\n")
	err := store.View(ctx, func(tx *db.Tx) error {
		return tx.Each(ctx, "select sql from sqlite_master where sql is not null and name <> 'db_migrations' order by tbl_name, type desc, name", nil, func(rows *sql.Rows) error {
			var text string
			err := rows.Scan(&text)
			out.WriteString("\n" + text + ";\n")
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if *write {
		if err := os.WriteFile(schemaFile, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(schemaFile)
	if err != nil || string(got) != out.String() {
		t.Errorf("docs/schema.sql is not what the migrations make (%v): run go test ./internal/db -write", err)
	}
}

// Both engines end up with the same tables, columns and nullability.
func TestEnginesHaveTheSameColumns(t *testing.T) {
	lite := columns(t, dbtest.SQLite(t, civil.System), `
		select m.name || '.' || p.name || case when p."notnull" = 1 or p.pk > 0 then ' required' else '' end
		from sqlite_master m, pragma_table_info(m.name) p where m.type = 'table' and m.name not like 'sqlite%'`)
	post := columns(t, dbtest.Postgres(t, civil.System), `
		select table_name || '.' || column_name || case when is_nullable = 'NO' then ' required' else '' end
		from information_schema.columns where table_schema = current_schema()`)
	if !slices.Equal(lite, post) {
		for _, c := range lite {
			if !slices.Contains(post, c) {
				t.Errorf("only on SQLite: %s", c)
			}
		}
		for _, c := range post {
			if !slices.Contains(lite, c) {
				t.Errorf("only on PostgreSQL: %s", c)
			}
		}
	}
}

func columns(t *testing.T, store *db.DB, query string) (got []string) {
	t.Helper()
	err := store.View(ctx, func(tx *db.Tx) error {
		return tx.Each(ctx, query, nil, func(rows *sql.Rows) error {
			var s string
			err := rows.Scan(&s)
			got = append(got, s)
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	return got
}
