package unit

import (
	"bytes"
	"encoding/csv"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
)

func TestImportOfTheTableChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := NewStore(d)
		files, _ := Directory("yongzhou")
		if _, err := Load(t.Context(), s, files, ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		tree, err := s.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		today, _ := civil.ParseDate("2022-01-19")
		rows := tree.Table(today)
		if want := len(tree.All(today)) + 1; len(rows) != want {
			t.Errorf("got %d rows, want %d", len(rows), want)
		}
		var out bytes.Buffer
		if err := csv.NewWriter(&out).WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		r, err := s.Import(t.Context(), "units.csv", out.Bytes(), ImportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if r.Added != 0 || r.Changed != 0 || len(r.Refused) != 0 || r.Same != len(rows)-1 {
			t.Errorf("got %+v", r)
		}
	})
}
