package db_test

import (
	"bytes"
	"strings"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
)

func dump(t *testing.T, store *db.DB) string {
	t.Helper()
	var out bytes.Buffer
	if err := store.Dump(ctx, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func appendAct(t *testing.T, store *db.DB, subject string) {
	t.Helper()
	update(t, store, func(tx *db.Tx) error {
		_, err := ledger.Append(ctx, tx, ledger.Act{Kind: "test.done", Subject: subject, Actor: "test"})
		return err
	})
}

// What one engine dumped the other restores; the ledger goes on behind it.
func TestDumpRestoresOnEitherEngine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, from *db.DB) {
		appendAct(t, from, "永州")
		appendAct(t, from, `"quoted" & <b>`)
		text := dump(t, from)
		dbtest.Each(t, func(t *testing.T, to *db.DB) {
			appendAct(t, to, "is replaced")
			if err := to.Restore(ctx, strings.NewReader(text)); err != nil {
				t.Fatal(err)
			}
			if got := dump(t, to); got != text {
				t.Errorf("after restoring:\n%s\nwant\n%s", got, text)
			}
			appendAct(t, to, "next")
		})
	})
}

func TestRestoreRefusesWhatItCannotKeep(t *testing.T) {
	store := dbtest.SQLite(t, civil.System)
	appendAct(t, store, "kept")
	good := dump(t, store)
	tests := []struct{ name, text, code string }{
		{"another format", `{"format":"pg_dump"}`, "dump_bad"},
		{"not JSON", "PK\x03\x04", "dump_bad"},
		{"another version", strings.Replace(good, `"schema_version":`, `"schema_version":9`, 1), "dump_version"},
		{"cut off", good[:len(good)-9], "dump_cut"},
		{"unknown table", good + `{"table":"users","columns":["id"]}` + "\n", "dump_table"},
	}
	for _, tt := range tests {
		err := store.Restore(ctx, strings.NewReader(tt.text))
		if e, ok := fault.Of(err); !ok || e.Code != tt.code {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.code)
		}
		if got := dump(t, store); got != good {
			t.Errorf("%s: the refusal changed the store", tt.name)
		}
	}
}
