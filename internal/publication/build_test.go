package publication

import (
	"context"
	"testing"

	"gongkai/internal/blob"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/document"
	"gongkai/internal/obligation"
	"gongkai/internal/publication/kind"
	"gongkai/internal/unit"
)

var ctx = context.Background()

// newStore is a store with the built-in kinds, blobs in memory, and one city
// with two departments.
func newStore(t testing.TB, store *db.DB) *Store {
	t.Helper()
	kinds, err := kind.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open(ctx, "mem:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { blobs.Close() })
	units := unit.NewStore(store)
	update(t, store, func(tx *db.Tx) error {
		for _, name := range []string{"甲市人民政府", "甲市发展和改革委员会", "甲市教育局"} {
			if _, err := units.Add(ctx, tx, "test", unit.Draft{Kind: unit.Department, Name: name}); err != nil {
				return err
			}
		}
		return nil
	})
	return NewStore(Deps{DB: store, Kinds: kinds, Units: units, Duties: obligation.NewStore(store, obligation.Options{}), Blobs: blobs})
}

func update(t testing.TB, store *db.DB, f func(tx *db.Tx) error) {
	t.Helper()
	if err := store.Update(ctx, f); err != nil {
		t.Fatal(err)
	}
}

// a line with sane defaults: a policy of the city's government.
func policy(source, title string, change ...func(*Line)) *Line {
	l := &Line{SourceID: source, Kind: "policy", Unit: "甲市人民政府", Title: title, IssuedOn: civil.MustDate("2020-03-01"),
		Body: Body{document.Markdown, "第一条 为了方便群众，制定本办法。\n\n第二条 本办法自公布之日起施行。"}}
	for _, c := range change {
		c(l)
	}
	return l
}

func number(n string) func(*Line)   { return func(l *Line) { l.Number = n } }
func issued(day string) func(*Line) { return func(l *Line) { l.IssuedOn = civil.MustDate(day) } }
func ofKind(code string, fields Fields) func(*Line) {
	return func(l *Line) { l.Kind, l.Fields = code, fields }
}
func relation(t RelationType, target string, articles ...string) func(*Line) {
	return func(l *Line) {
		l.Relations = append(l.Relations, RelationLine{Type: t, Target: target, Articles: articles})
	}
}

// put takes lines in, each in its own transaction, and gives the ids.
func put(t testing.TB, s *Store, lines ...*Line) (ids []int64) {
	t.Helper()
	for _, l := range lines {
		r, err := tryPut(s, l)
		if err != nil {
			t.Fatalf("Put(%s): %v", l.SourceID, err)
		}
		ids = append(ids, r.ID)
	}
	return ids
}

func tryPut(s *Store, l *Line) (r Result, err error) {
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		r, err = s.Put(ctx, tx, l, PutOptions{Actor: "test"})
		return err
	})
	return r, err
}

func get(t testing.TB, s *Store, id int64) *Document {
	t.Helper()
	d, err := s.Get(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func each(t *testing.T, body func(t *testing.T, s *Store)) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) { body(t, newStore(t, store)) })
}
