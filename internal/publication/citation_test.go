package publication

import (
	"testing"

	"gongkai/internal/db"
	"gongkai/internal/document"
)

// Citations lead both ways, whichever of the two records came first, and to
// the edition that stands.
func TestCitations(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		text := func(body string) func(*Line) { return func(l *Line) { l.Body.Text = body } }
		ids := put(t, s,
			policy("early", "引用在先的通知", issued("2021-03-01"), text("依照《甲市停车办法》第三条和《不在库里的办法》，按甲政发〔2021〕2号办理。")),
			policy("old", "甲市停车办法（2018年修订）", number("甲政发〔2018〕1号"), issued("2018-01-01")),
			policy("new", "甲市停车办法", number("甲政发〔2021〕1号"), issued("2021-01-01"), relation(Replaces, "old")),
			policy("late", "引用在后的通知", issued("2021-04-01"), text("根据《关于停车的办法》（甲政发[2021]1号），制定。")))

		d := get(t, s, ids[2])
		list, total, err := s.CitedBy(ctx, &d.Record, 10)
		if err != nil || total != 2 || len(list) != 2 || list[0].ID != ids[3] || list[1].ID != ids[0] {
			t.Errorf("cited by %+v, %d, %v", list, total, err)
		}
		found, err := s.Cited(ctx, document.FindCitations("《甲市停车办法》《不在库里的办法》《另名》（甲政发【2018】1号）"))
		if err != nil || len(found) != 2 {
			t.Fatalf("found %+v, %v", found, err)
		}
		if got := found[document.TitleKey("甲市停车办法")]; got.ID != ids[2] {
			t.Errorf("the title leads to %+v, want the edition that stands", got)
		}
		if got := found[numberKey("甲政发〔2018〕1号")]; got.ID != ids[1] {
			t.Errorf("the number leads to %+v", got)
		}

		put(t, s, policy("late", "引用在后的通知", issued("2021-04-01"), text("不再引用。")))
		update(t, s.DB, func(tx *db.Tx) error { return s.Withdraw(ctx, tx, ids[0], ReasonDuplicate, "", "test") })
		if list, total, err = s.CitedBy(ctx, &d.Record, 10); err != nil || total != 0 {
			t.Errorf("cited by %+v, %d, %v", list, total, err)
		}
	})
}

func TestReportsOnOneThingAreEditions(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ids := put(t, s, policy("promise", "承诺"),
			policy("march", "三月进展", relation(ProgressOf, "promise")), policy("april", "四月进展", relation(ProgressOf, "promise")))
		docs := searchDocs(t, s, ids)
		if docs[1].Edition != docs[2].Edition || docs[0].Edition == docs[1].Edition {
			t.Errorf("editions %q %q %q", docs[0].Edition, docs[1].Edition, docs[2].Edition)
		}
	})
}
