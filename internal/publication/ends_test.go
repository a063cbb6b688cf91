package publication

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/search"
)

// turnTo is an act on a record, for tables and random walks.
var turnTo = map[string]func(s *Store, tx *db.Tx, id, other int64) error{
	"withdraw": func(s *Store, tx *db.Tx, id, _ int64) error {
		return s.Withdraw(ctx, tx, id, ReasonError, "数字有误", "user:1")
	},
	"replace": func(s *Store, tx *db.Tx, id, other int64) error { return s.Replace(ctx, tx, id, other, "", "user:1") },
	"redirect": func(s *Store, tx *db.Tx, id, _ int64) error {
		return s.Redirect(ctx, tx, id, "https://example.org/x", "", "user:1")
	},
	"archive": func(s *Store, tx *db.Tx, id, _ int64) error { return s.Archive(ctx, tx, id, "", "user:1") },
	"restore": func(s *Store, tx *db.Tx, id, _ int64) error { return s.Restore(ctx, tx, id, "user:1") },
}

func act(s *Store, name string, id, other int64) error {
	return s.DB.Update(ctx, func(tx *db.Tx) error { return turnTo[name](s, tx, id, other) })
}

func TestTurns(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		tests := []struct {
			acts string // the last one is the tested one
			want State
			code string // of the fault of the last act
		}{
			{"withdraw", Withdrawn, ""},
			{"withdraw withdraw", Withdrawn, "publication_state"},
			{"withdraw restore", Published, ""},
			{"withdraw replace", Replaced, ""},
			{"withdraw archive", Withdrawn, "publication_state"},
			{"replace", Replaced, ""},
			{"replace withdraw", Replaced, "publication_state"},
			{"replace restore", Published, ""},
			{"redirect", Moved, ""},
			{"redirect replace", Moved, "publication_state"},
			{"redirect restore", Published, ""},
			{"archive", Archived, ""},
			{"archive archive", Archived, "publication_state"},
			{"archive withdraw", Withdrawn, ""},
			{"archive restore", Published, ""},
			{"restore", Published, "publication_state"},
		}
		for _, tt := range tests {
			ids := put(t, s, policy("old "+tt.acts, "旧办法"), policy("new "+tt.acts, "新办法"))
			var err error
			for _, name := range strings.Fields(tt.acts) {
				if err != nil {
					t.Fatalf("%s: %v", tt.acts, err)
				}
				err = act(s, name, ids[0], ids[1])
			}
			f, _ := fault.Of(err)
			if d := get(t, s, ids[0]); d.State != tt.want || (f == nil) != (tt.code == "") || f != nil && f.Code != tt.code {
				t.Errorf("%s: %s, %v, want %s, %q", tt.acts, d.State, err, tt.want, tt.code)
			}
		}
	})
}

func TestStoneTellsWhereToGo(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ids := put(t, s, policy("a", "旧办法", func(l *Line) { l.Attachments = []Attachment{{Name: "表.pdf", URL: "https://example.org/t.pdf"}} }), policy("b", "新办法"), policy("c", "别处的办法"))
		for name, id := range map[string]int64{"replace": ids[0], "redirect": ids[2]} {
			if err := act(s, name, id, ids[1]); err != nil {
				t.Fatal(err)
			}
		}
		old := get(t, s, ids[0])
		if old.Body.Text != "" || len(old.Attachments) != 0 || old.Stone == nil || old.Stone.By == nil || old.Stone.By.ID != ids[1] || old.Stone.Reason != "" {
			t.Errorf("replaced: %+v", old.Stone)
		}
		if b := get(t, s, ids[1]); len(b.Replaces) != 1 || b.Replaces[0].Title != "旧办法" || b.Replaces[0].State != Replaced {
			t.Errorf("the new one names %+v", b.Replaces)
		}
		if c := get(t, s, ids[2]); c.Stone == nil || c.Stone.Address != "https://example.org/x" {
			t.Errorf("moved: %+v", c.Stone)
		}
		if _, err := s.VersionLine(ctx, ids[0], 1); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the text of a stone: %v", err)
		}
		for name, err := range map[string]error{
			"by itself":             act(s, "replace", ids[1], ids[1]),
			"by a stone":            act(s, "replace", ids[1], ids[0]),
			"by nobody":             act(s, "replace", ids[1], 99),
			"to no address":         s.DB.Update(ctx, func(tx *db.Tx) error { return s.Redirect(ctx, tx, ids[1], "javascript:alert(1)", "", "") }),
			"to its own address":    s.DB.Update(ctx, func(tx *db.Tx) error { return s.Redirect(ctx, tx, ids[1], Path(ids[1]), "", "") }),
			"a version for a stone": func() error { _, err := tryPut(s, policy("a", "再来")); return err }(),
		} {
			if _, ok := fault.Of(err); !ok {
				t.Errorf("%s: %v, want a fault", name, err)
			}
		}
		if err := act(s, "restore", ids[0], 0); err != nil {
			t.Fatal(err)
		}
		if b := get(t, s, ids[1]); len(b.Replaces) != 0 || get(t, s, ids[0]).Stone != nil {
			t.Errorf("after restoring: %+v", b.Replaces)
		}
	})
}

func TestArchivedIsReadableButNotNew(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ids := put(t, s, policy("a", "甲办法", issued("2021-05-01")), policy("b", "乙办法", issued("2021-05-02")))
		if err := act(s, "archive", ids[1], 0); err != nil {
			t.Fatal(err)
		}
		if d := get(t, s, ids[1]); d.Body.Text == "" || d.ArchivedAt.IsZero() || d.Stone != nil {
			t.Errorf("archived: %+v", d.Record)
		}
		newest, err := s.Newest(ctx, Filter{}, 5)
		if err != nil || len(newest) != 1 || newest[0].ID != ids[0] {
			t.Errorf("newest %d, %v", len(newest), err)
		}
		if l, err := s.List(ctx, Filter{Validities: []search.Validity{search.Archived}}, Page{}); err != nil || l.Total != 1 {
			t.Errorf("archived ones: %d, %v", l.Total, err)
		}
		if docs := searchDocs(t, s, ids); len(docs) != 2 || docs[1].Validity != search.Archived || docs[0].Validity == search.Archived {
			t.Errorf("search documents: %d", len(docs))
		}
		put(t, s, policy("b", "乙办法（改）", issued("2021-05-02")))
		if d := get(t, s, ids[1]); d.State != Archived || d.Version != 2 {
			t.Errorf("a new version of an archived one: %s, %d", d.State, d.Version)
		}
	})
}

// Whatever people do to records, state, readability, evidence of relations and
// ledger agree.
func TestRandomTurns(t *testing.T) {
	store := dbtest.SQLite(t, civil.Fixed(dbtest.Noon))
	s := newStore(t, store)
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		source := strings.Repeat("x", run) // a record of its own for each run
		var ids []int64
		for _, l := range []*Line{policy(source+"1", "甲办法"+source), policy(source+"2", "乙办法"+source, relation(Repeals, source+"1"))} {
			r, err := tryPut(s, l)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, r.ID)
		}
		acts := rapid.SliceOfN(rapid.SampledFrom([]string{"withdraw", "replace", "redirect", "archive", "restore"}), 1, 8).Draw(t, "acts")
		for _, name := range acts {
			before, err := s.Get(ctx, ids[1])
			if err != nil {
				t.Fatal(err)
			}
			err = act(s, name, ids[1], ids[0])
			after, err2 := s.Get(ctx, ids[1])
			if err2 != nil {
				t.Fatal(err2)
			}
			if err != nil && (fault.KindOf(err) == fault.Internal || after.State != before.State) {
				t.Fatalf("%s of %s: %v, now %s", name, before.State, err, after.State)
			}
			if after.State.Readable() != (after.Body.Text != "") || after.State.Stone() != (after.Stone != nil) {
				t.Fatalf("%s: text %q, stone %v", after.State, after.Body.Text, after.Stone)
			}
			target, err := s.Get(ctx, ids[0])
			if err != nil {
				t.Fatal(err)
			}
			if repealed := target.Standing.Code == search.Repealed; repealed != after.State.Readable() {
				t.Fatalf("a %s record repeals: %t", after.State, repealed)
			}
			if (after.State == Replaced) != (len(target.Replaces) == 1) {
				t.Fatalf("a %s record is named by its successor: %d", after.State, len(target.Replaces))
			}
		}
	})
}

// A record that is set to a later moment cannot be seen anywhere until then.
func TestPendingIsUnseen(t *testing.T) {
	now := dbtest.Noon
	s := newStore(t, dbtest.SQLite(t, func() time.Time { return now }))
	later := func(l *Line) { l.PublishedAt = At(dbtest.Noon.Add(time.Hour)) }
	old := put(t, s, policy("old", "旧办法", number("甲政发〔2020〕1号")))[0]
	id := put(t, s, policy("new", "新办法", later, number("甲政发〔2020〕2号"), relation(Repeals, "old")))[0]
	unseen := func() bool {
		_, err1 := s.Get(ctx, id)
		_, err2 := s.BySource(ctx, "new")
		_, err3 := s.VersionLine(ctx, id, 1)
		for _, err := range []error{err1, err2, err3} {
			if err != nil && fault.KindOf(err) != fault.NotFound {
				t.Fatal(err)
			}
		}
		list, err := s.List(ctx, Filter{}, Page{})
		if err != nil {
			t.Fatal(err)
		}
		byNumber, err := s.ByNumber(ctx, "甲政发〔2020〕2号")
		if err != nil {
			t.Fatal(err)
		}
		hidden := err1 != nil && err2 != nil && err3 != nil && list.Total == 1 && len(byNumber) == 0 && len(searchDocs(t, s, []int64{id})) == 0
		seen := err1 == nil && err2 == nil && err3 == nil && list.Total == 2 && len(byNumber) == 1 && len(searchDocs(t, s, []int64{id})) == 1
		if hidden == seen {
			t.Fatalf("half seen: %v %v %v, listed %d, by number %d", err1, err2, err3, list.Total, len(byNumber))
		}
		if repealed := get(t, s, old).Standing.Code == search.Repealed; repealed != seen {
			t.Fatalf("the repeal acts: %t", repealed)
		}
		return hidden
	}
	if !unseen() {
		t.Fatal("it is seen before its moment")
	}
	put(t, s, policy("new", "新办法（改）", later, number("甲政发〔2020〕2号"), relation(Repeals, "old")))
	if waiting, due, err := s.PendingCount(ctx); err != nil || waiting != 1 || due != 0 || !unseen() {
		t.Fatalf("waiting %d, due %d, %v", waiting, due, err)
	}
	now = now.Add(time.Hour)
	update(t, s.DB, func(tx *db.Tx) error {
		if n, err := s.Appear(ctx, tx); err != nil || n != 1 {
			t.Errorf("Appear = %d, %v", n, err)
		}
		return nil
	})
	if unseen() {
		t.Fatal("its moment has come, and it is not seen")
	}
	if d := get(t, s, id); d.Title != "新办法（改）" || d.Versions[0].From != civil.DateOf(now) || !d.RenewedAt.Equal(now) {
		t.Errorf("it appeared as %+v", d.Record)
	}
	var kinds []string
	update(t, s.DB, func(tx *db.Tx) error {
		entries, err := ledger.Of(ctx, tx, Subject(id))
		for _, e := range entries {
			kinds = append(kinds, e.Kind)
			if e.Kind == ActScheduled && strings.Contains(string(e.Data), "new") {
				t.Errorf("the ledger tells of it early: %s", e.Data)
			}
		}
		return err
	})
	if got := strings.Join(kinds, " "); got != ActScheduled+" "+ActScheduled+" "+ActPublished {
		t.Errorf("acts %s", got)
	}
	if _, err := tryPut(s, policy("old", "旧办法", func(l *Line) { l.PublishedAt = At(now.Add(time.Hour)) })); fault.KindOf(err) != fault.Invalid {
		t.Errorf("hiding again what was public: %v", err)
	}
}

// Minor versions stand in the history and are no news.
func TestMinorChangeIsNoNews(t *testing.T) {
	now := dbtest.Noon
	s := newStore(t, dbtest.SQLite(t, func() time.Time { return now }))
	ids := put(t, s, policy("a", "甲办法"), policy("b", "乙办法"))
	change := func(source, title, note string, minor bool) {
		now = now.Add(time.Hour)
		update(t, s.DB, func(tx *db.Tx) error {
			_, err := s.Put(ctx, tx, policy(source, title), PutOptions{Actor: "user:1", Note: note, Minor: minor})
			return err
		})
	}
	first := func() int64 {
		list, err := s.Recent(ctx, Filter{}, 10)
		if err != nil || len(list) != 2 {
			t.Fatalf("Recent = %d, %v", len(list), err)
		}
		return list[0].ID
	}
	change("a", "甲办法（改）", "订正错字", true)
	if first() != ids[1] {
		t.Error("a minor change is news")
	}
	change("a", "甲办法（再改）", "更正补贴标准", false)
	if first() != ids[0] {
		t.Error("a major change is no news")
	}
	v := get(t, s, ids[0]).Versions
	if len(v) != 3 || v[0].Minor || v[0].Note != "更正补贴标准" || !v[1].Minor || v[1].Note != "订正错字" || v[2].Minor {
		t.Errorf("versions %+v", v)
	}
}

func TestDueForArchive(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ids := put(t, s,
			policy("notice", "旧公告", ofKind("notice", nil), issued("2019-06-11")),
			policy("young", "新公告", ofKind("notice", nil), issued("2019-06-12")),
			policy("inforce", "现行办法", issued("2000-01-01")),
			policy("expired", "失效办法", issued("2000-01-01"), func(l *Line) { l.ExpiresOn = civil.MustDate("2016-06-10") }),
			policy("lately", "刚失效办法", issued("2000-01-01"), func(l *Line) { l.ExpiresOn = civil.MustDate("2016-06-11") }),
			policy("forever", "应急预案", ofKind("emergency", Fields{"sort": "应急预案"}), issued("2000-01-01"), func(l *Line) { l.Category = "应急预案" }),
			policy("warning", "预警", ofKind("emergency", Fields{"sort": "预警信息"}), issued("2018-01-01")))
		list, err := s.DueForArchive(ctx, nil, 10)
		var got []string
		for _, d := range list {
			got = append(got, d.SourceID+" "+d.On.String())
			if on, ok := s.ArchiveOn(&d.Record); !ok || on != d.On {
				t.Errorf("ArchiveOn(%s) = %v, %t, want %v", d.SourceID, on, ok, d.On)
			}
		}
		if want := "warning 2020-01-01|expired 2021-06-11|notice 2021-06-11"; err != nil || strings.Join(got, "|") != want && strings.Join(got, "|") != "warning 2020-01-01|notice 2021-06-11|expired 2021-06-11" {
			t.Errorf("due %v, %v, want %s", got, err, want)
		}
		if err := act(s, "archive", ids[0], 0); err != nil {
			t.Fatal(err)
		}
		office := unitID(t, s, "甲市教育局")
		if list, err := s.DueForArchive(ctx, nil, 10); err != nil || len(list) != 2 {
			t.Errorf("after archiving one: %d, %v", len(list), err)
		}
		if list, err := s.DueForArchive(ctx, []int64{office}, 10); err != nil || len(list) != 0 {
			t.Errorf("of another unit: %d, %v", len(list), err)
		}
	})
}
