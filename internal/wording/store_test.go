package wording

import (
	"context"
	"strings"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
)

var ctx = context.Background()

func update(t *testing.T, store *db.DB, f func(tx *db.Tx) error) {
	t.Helper()
	if err := store.Update(ctx, f); err != nil {
		t.Fatal(err)
	}
}

func TestStoreLife(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		s := NewStore(store)
		var own Entry
		update(t, store, func(tx *db.Tx) (err error) {
			own, err = s.Add(ctx, tx, Draft{Expression: " 甲乙丙 ", Suggestion: "丙乙甲", Reason: "写反了", Kinds: []string{"policy"}}, "user:4", "来信反映")
			return err
		})
		if own.Code == "" || own.Revision != 1 || own.Expression != "甲乙丙" || own.Level != Should || own.AddedBy != "user:4" {
			t.Fatalf("added %+v", own)
		}
		update(t, store, func(tx *db.Tx) error {
			d := own.Draft
			d.Level = Must
			changed, err := s.Change(ctx, tx, own.Code, 1, d, "user:5", "领导要求")
			if err == nil && (changed.Revision != 2 || changed.AddedBy != "user:4" || changed.ChangedBy != "user:5") {
				t.Errorf("changed %+v", changed)
			}
			return err
		})
		update(t, store, func(tx *db.Tx) error {
			c, err := s.Checker(ctx, tx, nil)
			if err != nil {
				return err
			}
			hits := c.Check(About{Kind: "policy", Today: tx.Today()}, Piece{"正文", "这是甲乙丙，还有按装。"})
			if len(hits) != 2 || hits[0].Rule != own.Code || hits[0].Level != Must || hits[1].Suggestion != "安装" {
				t.Errorf("hits %v", said(hits))
			}
			return nil
		})
		update(t, store, func(tx *db.Tx) error {
			_, err := s.Retire(ctx, tx, own.Code, 2, civil.Date{}, "user:4", "不再需要")
			return err
		})
		history, err := s.History(ctx, own.Code)
		if err != nil || len(history) != 3 || history[0].No != 3 || history[2].Why != "来信反映" || history[1].Level != Must || history[2].Level != Should {
			t.Errorf("history %+v, %v", history, err)
		}
		wantListed(t, s, Filter{Text: "甲乙丙"}, 0)
		wantListed(t, s, Filter{Text: "甲乙丙", Retired: true}, 1)
		wantActs(t, store, "wording:"+own.Code, ActAdded, ActChanged, ActRetired)
	})
}

func wantListed(t *testing.T, s *Store, f Filter, want int) {
	t.Helper()
	if list, err := s.List(ctx, f); err != nil || len(list) != want {
		t.Errorf("List(%+v) = %d entries, %v, want %d", f, len(list), err, want)
	}
}

func wantActs(t *testing.T, store *db.DB, subject string, want ...string) {
	t.Helper()
	var got []string
	update(t, store, func(tx *db.Tx) error {
		entries, err := ledger.Of(ctx, tx, subject)
		for _, e := range entries {
			got = append(got, e.Kind)
		}
		return err
	})
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("acts of %s: %v, want %v", subject, got, want)
	}
}

// A built-in entry is changed and retired like one's own, and its first state
// stays in the history.
func TestBuiltInEntryIsChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		s := NewStore(store)
		e, err := s.Get(ctx, "w-qita")
		if err != nil || e.Revision != 0 {
			t.Fatalf("Get = %+v, %v", e, err)
		}
		before, err := s.List(ctx, Filter{})
		if err != nil {
			t.Fatal(err)
		}
		update(t, store, func(tx *db.Tx) error {
			_, err := s.Retire(ctx, tx, "w-qita", 0, civil.Date{}, "user:1", "本市不作要求")
			return err
		})
		wantListed(t, s, Filter{}, len(before)-1)
		history, err := s.History(ctx, "w-qita")
		if err != nil || len(history) != 2 || history[0].By != "user:1" || history[1].No != 0 || !history[1].Until.IsZero() {
			t.Errorf("history %+v, %v", history, err)
		}
	})
}

func TestStoreRefuses(t *testing.T) {
	store := dbtest.SQLite(t, civil.Fixed(dbtest.Noon))
	s := NewStore(store)
	good := Draft{Expression: "甲乙", Reason: "理由"}
	with := func(change func(*Draft)) Draft {
		d := good
		change(&d)
		return d
	}
	day := civil.MustDate("2021-06-11")
	for _, tt := range []struct {
		name  string
		draft Draft
		why   string
		code  string
	}{
		{"nothing to look for", with(func(d *Draft) { d.Expression = " " }), "试", "wording_expression"},
		{"one character", with(func(d *Draft) { d.Expression = "甲" }), "试", "wording_expression"},
		{"two lines", with(func(d *Draft) { d.Expression = "甲\n乙" }), "试", "wording_expression"},
		{"no reason", with(func(d *Draft) { d.Reason = "" }), "试", "wording_reason"},
		{"no why", good, " ", "wording_why"},
		{"unknown level", with(func(d *Draft) { d.Level = "may" }), "试", "wording_level"},
		{"unknown form", with(func(d *Draft) { d.Form = "glob" }), "试", "wording_form"},
		{"an exception without it", with(func(d *Draft) { d.Except = []string{"丙"} }), "试", "wording_except"},
		{"itself as suggestion", with(func(d *Draft) { d.Suggestion = "甲乙" }), "试", "wording_suggestion"},
		{"ends before it begins", with(func(d *Draft) { d.From, d.Until = day, day }), "试", "wording_until"},
		{"a broken pattern", with(func(d *Draft) { d.Form, d.Expression = Pattern, "甲(" }), "试", "wording_expression"},
		{"a pattern for nothing", with(func(d *Draft) { d.Form, d.Expression = Pattern, "甲*" }), "试", "wording_expression"},
		{"twice", with(func(d *Draft) { d.Expression = "按装" }), "试", "wording_taken"},
	} {
		err := store.Update(ctx, func(tx *db.Tx) error {
			_, err := s.Add(ctx, tx, tt.draft, "user:1", tt.why)
			return err
		})
		if f, ok := fault.Of(err); !ok || f.Code != tt.code {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.code)
		}
	}
	err := store.Update(ctx, func(tx *db.Tx) error {
		_, err := s.Change(ctx, tx, "w-qita", 3, good, "user:1", "试")
		return err
	})
	if fault.KindOf(err) != fault.Conflict {
		t.Errorf("an old revision: %v", err)
	}
	if _, err := s.Get(ctx, "e9"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("unknown: %v", err)
	}
}
