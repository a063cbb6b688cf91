package publication

import (
	"slices"
	"strings"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/search"
)

func TestPutTwiceIsSame(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		line := func() *Line {
			return policy("a", "甲市办法", number("甲政发〔2020〕1号"), func(l *Line) {
				l.Keywords = []string{"教育", "招生"}
				l.Fields = Fields{"history": []string{"2020年3月1日公布"}, "theme": "教育"}
			})
		}
		first, err := tryPut(s, line())
		if err != nil || first.Outcome != Added || len(first.Warnings) != 0 {
			t.Fatalf("first Put = %+v, %v", first, err)
		}
		again, err := tryPut(s, line())
		if err != nil || again.Outcome != Same || again.ID != first.ID {
			t.Fatalf("second Put = %+v, %v", again, err)
		}
		changed := line()
		changed.Title = "甲市新办法"
		third, err := tryPut(s, changed)
		if err != nil || third.Outcome != Changed || third.ID != first.ID {
			t.Fatalf("third Put = %+v, %v", third, err)
		}
		d := get(t, s, first.ID)
		if d.Title != "甲市新办法" || d.Version != 2 || len(d.Versions) != 2 || d.Statutory != "20-1" || !slices.Equal(d.Keywords, []string{"教育", "招生"}) {
			t.Errorf("got %+v", d.Record)
		}
		text, err := s.VersionLine(ctx, first.ID, 2)
		if err != nil || Hash(text) != d.Hash {
			t.Errorf("VersionLine has hash %s, want %s (%v)", Hash(text), d.Hash, err)
		}
		wantActs(t, s, "publication.published", "publication.changed")
	})
}

// wantActs compares the kinds of all ledger entries about publications.
func wantActs(t *testing.T, s *Store, want ...string) {
	t.Helper()
	var got []string
	err := s.DB.View(ctx, func(tx *db.Tx) error {
		entries, err := ledger.After(ctx, tx, 0, 1000)
		for _, e := range entries {
			if strings.HasPrefix(e.Kind, "publication.") {
				got = append(got, e.Kind)
			}
		}
		return err
	})
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("ledger has %v, want %v (%v)", got, want, err)
	}
}

func TestLateBinding(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ids := put(t, s,
			policy("reading", "解读", ofKind("interpretation", nil), relation(Interprets, "甲政发[2020]1号")),
			policy("change", "修改决定", issued("2021-01-01"), relation(Amends, "law", "第二条")))
		if d := get(t, s, ids[0]); len(d.Relations) != 1 || d.Relations[0].Other != nil {
			t.Fatalf("unbound: %+v", d.Relations)
		}
		law := put(t, s, policy("law", "甲市办法", number("甲政发〔2020〕1号")))[0]
		if d := get(t, s, ids[0]); d.Relations[0].Other == nil || d.Relations[0].Other.ID != law {
			t.Errorf("bound: %+v", d.Relations)
		}
		d := get(t, s, law)
		if len(d.Incoming) != 2 || d.Incoming[0].Type != Amends || d.Standing.Code != search.Amended {
			t.Errorf("incoming %+v, standing %+v", d.Incoming, d.Standing)
		}
		if got, want := d.Standing.Sentence(civil.MustDate("2021-06-11")), "这份文件现在有效，第二条已于2021年1月1日被《修改决定》修改。"; got != want {
			t.Errorf("sentence %q, want %q", got, want)
		}
	})
}

func TestCycleIsRefused(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		put(t, s, policy("a", "甲办法"), policy("b", "乙办法", relation(Repeals, "a")), policy("c", "丙办法", relation(Replaces, "b")))
		_, err := tryPut(s, policy("a", "甲办法", relation(Repeals, "c")))
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(fault.Public(err), "《甲办法》废止《丙办法》，它又代替《乙办法》，它又废止《甲办法》") {
			t.Errorf("cycle over three: %v", err)
		}
		// Late: x waits for y, and y would repeal x.
		put(t, s, policy("x", "子办法", relation(Repeals, "y")))
		_, err = tryPut(s, policy("y", "丑办法", relation(Repeals, "x")))
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(fault.Public(err), "《丑办法》废止《子办法》") {
			t.Errorf("cycle by late binding: %v", err)
		}
		if _, err := tryPut(s, policy("z", "寅办法", relation(Amends, "z"))); fault.KindOf(err) != fault.Invalid {
			t.Errorf("self: %v", err)
		}
		if _, err := s.BySource(ctx, "y"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a refused line left a record: %v", err)
		}
	})
}

func TestFlags(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ids := put(t, s,
			policy("law", "甲市办法"),
			policy("r1", "解读第二条", ofKind("interpretation", nil), relation(Interprets, "law", "第二条")),
			policy("r2", "解读第一条", ofKind("interpretation", nil), relation(Interprets, "law", "第一条")),
			policy("r3", "解读全文", ofKind("interpretation", nil), relation(Interprets, "law")),
			policy("change", "修改决定", issued("2021-01-01"), relation(Amends, "law", "第二条第一款")),
			policy("r4", "新解读", issued("2021-02-01"), ofKind("interpretation", nil), relation(Interprets, "law", "第二条")))
		for i, want := range []int{0, 1, 0, 1, 0, 0} {
			if got := get(t, s, ids[i]).Flags; len(got) != want {
				t.Errorf("%d: %d flags, want %d", i, len(got), want)
			}
		}
		open, err := s.OpenFlags(ctx, nil, 10)
		if err != nil || len(open) != 2 {
			t.Fatalf("open flags %+v, %v", open, err)
		}
		if got, want := open[1].Reason(), "《甲市办法》第二条第一款已自2021年1月1日起被《修改决定》修改，这份材料需要核对。"; got != want {
			t.Errorf("reason %q, want %q", got, want)
		}
		update(t, s.DB, func(tx *db.Tx) error { return s.Review(ctx, tx, open[0].ID, "仍然正确", "user:4") })
		if open, err = s.OpenFlags(ctx, nil, 10); err != nil || len(open) != 1 {
			t.Errorf("after review %+v, %v", open, err)
		}
	})
}

func TestWithdrawUndoesWhatItDid(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ids := put(t, s, policy("law", "甲市办法"), policy("end", "废止决定", issued("2021-01-01"), relation(Repeals, "law")))
		if d := get(t, s, ids[0]); d.Standing.Code != search.Repealed {
			t.Fatalf("standing %+v", d.Standing)
		}
		update(t, s.DB, func(tx *db.Tx) error { return s.Withdraw(ctx, tx, ids[1], ReasonError, "依据有误", "user:4") })
		if d := get(t, s, ids[0]); d.Standing.Code != search.InForce || len(d.Incoming) != 0 {
			t.Errorf("after withdrawal: %+v", d.Standing)
		}
		d := get(t, s, ids[1])
		if d.Stone == nil || d.Stone.Reason != ReasonError || d.Body.Text != "" || d.Title != "废止决定" {
			t.Errorf("stone: %+v", d)
		}
		if _, err := s.VersionLine(ctx, ids[1], 1); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the text of a withdrawn record is given out: %v", err)
		}
		l, err := s.List(ctx, Filter{}, Page{})
		if err != nil || l.Total != 1 {
			t.Errorf("list %+v, %v", l, err)
		}
		if _, err := tryPut(s, policy("end", "废止决定二", issued("2021-01-01"))); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a withdrawn record was overwritten: %v", err)
		}
		update(t, s.DB, func(tx *db.Tx) error { return s.Restore(ctx, tx, ids[1], "user:4") })
		if d := get(t, s, ids[0]); d.Standing.Code != search.Repealed {
			t.Errorf("after restoring: %+v", d.Standing)
		}
		wantActs(t, s, "publication.published", "publication.published", "publication.touched",
			"publication.withdrawn", "publication.touched", "publication.published", "publication.touched")
	})
}
