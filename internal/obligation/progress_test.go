package obligation

import (
	"encoding/json"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

func TestProgress(t *testing.T) {
	eachMoving(t, "2021-06-11", func(t *testing.T, store *db.DB, clock *moving) {
		s := NewStore(store, Options{})
		c := save(t, store, s, draft(), owner)
		o, err := s.ByCode(ctx, "甲发〔2021〕1号/1") // its target is 3.5万户
		if err != nil {
			t.Fatal(err)
		}
		clock.set(civil.MustDate("2021-07-05"))
		half := 50
		p := Progress{ObligationID: o.ID, UnitID: 2, On: civil.MustDate("2021-06-30"), Text: "已建专栏", Percent: &half, By: "user:2",
			Figures: []Figure{{1, "1.75"}}, Records: []ProgressProof{{7, "专栏上线", "/documents/7"}}}
		tell := func(p Progress) (saved Progress) {
			t.Helper()
			update(t, store, func(tx *db.Tx) (err error) {
				saved, err = s.SaveProgress(ctx, tx, p)
				return err
			})
			return saved
		}
		list := func(f ProgressFilter, asOf string) []Progress {
			t.Helper()
			list, err := s.ProgressOf(ctx, f, civil.MustDate(asOf))
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		one := tell(p)
		refused(t, store, fault.Conflict, "progress_stale", func(tx *db.Tx) error { _, err := s.SaveProgress(ctx, tx, p); return err })
		clock.next(1)
		p.Version, p.Text = one.Version, "已建专栏，挂网12篇"
		two := tell(p)
		if got := list(ProgressFilter{PlanID: c.PlanID}, "2021-07-06"); len(got) != 1 || got[0].Version != 2 || got[0].Text != p.Text || *got[0].Percent != 50 || got[0].Records[0].RecordID != 7 {
			t.Errorf("newest: %+v", got)
		}
		if got := list(ProgressFilter{PlanID: c.PlanID}, "2021-07-05"); len(got) != 1 || got[0].Version != 1 {
			t.Errorf("as of the day before: %+v", got)
		}
		if got := list(ProgressFilter{Units: []int64{2}, Public: true}, "2021-07-06"); len(got) != 0 {
			t.Errorf("public before the office accepted: %+v", got)
		}
		answer := func(id int64, accept bool, why string) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { return s.AnswerProgress(ctx, tx, id, accept, why, "user:1") }
		}
		refused(t, store, fault.Conflict, "progress_stale", answer(one.ID, true, ""))
		refused(t, store, fault.Invalid, "progress_why", answer(two.ID, false, " "))
		refused(t, store, fault.NotFound, "progress_unknown", answer(99, true, ""))
		update(t, store, answer(two.ID, true, ""))
		refused(t, store, fault.Conflict, "progress_answered", answer(two.ID, false, "晚了"))
		clock.next(1)
		p.Version, p.Text = 2, "又改了"
		three := tell(p)
		update(t, store, answer(three.ID, false, "请附网址"))
		public := list(ProgressFilter{ObligationID: o.ID, Public: true}, "2021-07-07")
		if len(public) != 1 || public[0].Version != 2 || public[0].AcceptedBy != "user:1" {
			t.Errorf("public: %+v", public)
		}
		if all := list(ProgressFilter{ObligationID: o.ID, Versions: true}, "2021-07-07"); len(all) != 3 || all[0].State() != ProgressReturned || all[2].State() != ProgressTold {
			t.Errorf("versions: %+v", all)
		}
		if got := list(ProgressFilter{States: []ProgressState{ProgressReturned}}, "2021-07-07"); len(got) != 1 || got[0].ReturnedWhy != "请附网址" {
			t.Errorf("returned: %+v", got)
		}
		july := Progress{ObligationID: o.ID, UnitID: 2, On: civil.MustDate("2021-07-01"), Text: "惠及3.49万户", By: "user:2", Figures: []Figure{{1, "3.49"}}}
		tell(july)
		series := SeriesOf(o, list(ProgressFilter{ObligationID: o.ID}, "2021-07-07"))
		if len(series) != 1 || len(series[0].Points) != 2 || series[0].Points[0].Percent != 50 || series[0].Points[1].Percent != 99 || series[0].Target.Unit != "万户" {
			t.Errorf("series: %+v", series)
		}
		for code, spoil := range map[string]func(p *Progress){
			"progress_unit": func(p *Progress) { p.UnitID = 99 }, "progress_text": func(p *Progress) { p.Text = " " },
			"progress_day": func(p *Progress) { p.On = clock.day().AddDays(1) }, "progress_percent": func(p *Progress) { n := 101; p.Percent = &n },
			"progress_target": func(p *Progress) { p.Figures = []Figure{{2, "1"}} }, "progress_quantity": func(p *Progress) { p.Figures = []Figure{{1, "1e9"}} },
		} {
			bad := july
			bad.On = civil.MustDate("2021-07-02")
			spoil(&bad)
			err := store.Update(ctx, func(tx *db.Tx) error { _, err := s.SaveProgress(ctx, tx, bad); return err })
			if e, _ := fault.Of(err); e == nil || e.Code != code {
				t.Errorf("%s: %v", code, err)
			}
		}
		open := NewStore(store, Options{OpenProgress: true})
		update(t, store, func(tx *db.Tx) error {
			bad := july
			bad.On = civil.MustDate("2021-07-03")
			saved, err := open.SaveProgress(ctx, tx, bad)
			if err == nil && saved.State() != ProgressAccepted {
				t.Errorf("open store: %+v", saved)
			}
			return err
		})
	})
}

// The percentage never says done where it is not.
func TestPercentIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		target := rapid.Int64Range(1, 1_000_000).Draw(t, "target")
		done := rapid.Int64Range(0, 1_100_000).Draw(t, "done")
		got := percentOf(json.Number(decimalOf(done)), json.Number(decimalOf(target)))
		if want := min(int(done*100/target), 999); got != want {
			t.Fatalf("%s of %s is %d%%, want %d%%", decimalOf(done), decimalOf(target), got, want)
		}
	})
}

// decimalOf writes thousandths.
func decimalOf(n int64) string { return fmt.Sprintf("%d.%03d", n/1000, n%1000) }
