package obligation

import (
	"context"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/obligation/workplan"
)

var (
	ctx   = context.Background()
	june  = civil.MustDate("2021-06-11")
	owner = SaveOptions{Actor: "test"}
)

// draft is a small plan: one task owed once, one every quarter, one category.
func draft() Draft {
	return Draft{
		Plan: Plan{Code: "甲发〔2021〕1号", Kind: WorkPlan, Title: "甲市2021年政务公开工作要点", Issuer: "甲市政府办", IssuedOn: june, Year: 2021},
		Obligations: []Obligation{
			{Code: "甲发〔2021〕1号/1", Position: 1, Section: "一", Title: "开设规划专栏", Rule: Rule{DueOn: civil.MustDate("2021-06-30")}, StartsOn: june,
				Lead: []string{"市发改委"}, Responsible: []string{"各县市区"}, Units: []Assignment{{1, Leads, "市发改委"}, {2, Responds, "各县市区"}, {3, Responds, "各县市区"}},
				Targets: []Target{{Text: "惠及居民3.5万户", Quantity: "3.5", Unit: "万户", Item: 1}}, Items: []Item{{No: 1, Text: "惠及居民3.5万户"}}},
			{Code: "甲发〔2021〕1号/2", Position: 2, Section: "一", Title: "每季度通报", Rule: Rule{Every: workplan.Quarterly, Until: civil.MustDate("2021-12-31")}, StartsOn: june,
				Units: []Assignment{{1, Responds, "市发改委"}}},
			{Code: "甲发〔2021〕1号/3", Position: 3, Section: "二", Title: "公开财政预决算", Rule: Rule{DueOn: civil.MustDate("2021-12-31"), Limit: &workplan.Limit{Kind: workplan.Within, N: 20, Unit: workplan.Workdays}},
				StartsOn: june, Match: Match{Statutory: []string{"20-7"}}, Units: []Assignment{{1, Responds, "市发改委"}, {2, Responds, "各县市区"}}},
		},
	}
}

func update(t testing.TB, store *db.DB, f func(tx *db.Tx) error) {
	t.Helper()
	if err := store.Update(ctx, f); err != nil {
		t.Fatal(err)
	}
}

func save(t testing.TB, store *db.DB, s *Store, d Draft, o SaveOptions) (c Change) {
	t.Helper()
	update(t, store, func(tx *db.Tx) (err error) {
		c, err = s.SavePlan(ctx, tx, d, o)
		return err
	})
	return c
}

func ledgerHead(t *testing.T, store *db.DB) (head int64) {
	t.Helper()
	update(t, store, func(tx *db.Tx) (err error) {
		head, err = ledger.Head(ctx, tx)
		return err
	})
	return head
}

func TestSavePlan(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		s := NewStore(store, Options{})
		if c := save(t, store, s, draft(), owner); c.Outcome != Added || len(c.Added) != 3 {
			t.Fatalf("first: %+v", c)
		}
		head := ledgerHead(t, store)
		c := save(t, store, s, draft(), owner)
		if c.Outcome != Same || ledgerHead(t, store) != head {
			t.Errorf("again: %+v, ledger at %d, want %d", c, ledgerHead(t, store), head)
		}
		v, err := s.Plan(ctx, c.PlanID, "", june)
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Obligations) != 3 || v.Counts.Of(NotDue) != 3+3+2 {
			t.Errorf("plan: %d obligations, %v", len(v.Obligations), v.Counts)
		}
	})
}

func TestEditedPlanWaits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		s := NewStore(store, Options{})
		save(t, store, s, draft(), owner)
		edited := draft()
		edited.Obligations[0].Title = "开设规划公开专栏"
		edited.Obligations[0].Units = edited.Obligations[0].Units[:2]
		edited.Obligations = append(edited.Obligations[:1], edited.Obligations[2:]...)
		edited.Obligations[1].Position = 2

		head := ledgerHead(t, store)
		c := save(t, store, s, edited, owner)
		if c.Outcome != Differs || len(c.Changed) != 2 || len(c.Removed) != 1 || ledgerHead(t, store) != head {
			t.Fatalf("unconfirmed: %+v", c)
		}
		c = save(t, store, s, edited, SaveOptions{Confirm: true, Actor: "test"})
		if c.Outcome != Changed {
			t.Fatalf("confirmed: %+v", c)
		}
		if c := save(t, store, s, edited, owner); c.Outcome != Same {
			t.Errorf("confirmed, again: %+v", c)
		}
		v, err := s.Plan(ctx, c.PlanID, "", june)
		if err != nil || len(v.Obligations) != 2 {
			t.Fatal(len(v.Obligations), err)
		}
		page, err := s.Duties(ctx, DutyFilter{PlanID: c.PlanID}, june)
		if err != nil || len(page.Duties) != 4 {
			t.Errorf("%d duties, want 2 + 2: %v", len(page.Duties), err)
		}
		// The old edition again brings everything back.
		save(t, store, s, draft(), SaveOptions{Confirm: true})
		page, err = s.Duties(ctx, DutyFilter{PlanID: c.PlanID}, june)
		if err != nil || len(page.Duties) != 8 {
			t.Errorf("%d duties, want 8: %v", len(page.Duties), err)
		}
	})
}

func TestEvidence(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		s := NewStore(store, Options{})
		c := save(t, store, s, draft(), owner)
		state := func(obligation string, unit int64, period string, today string) State {
			t.Helper()
			o, err := s.ByCode(ctx, obligation)
			if err != nil {
				t.Fatal(err)
			}
			page, err := s.Duties(ctx, DutyFilter{ObligationID: o.ID, Units: []int64{unit}, Period: period}, civil.MustDate(today))
			if err != nil || len(page.Duties) != 1 {
				t.Fatalf("%d duties: %v", len(page.Duties), err)
			}
			return page.Duties[0].State
		}
		record := RecordFacts{ID: 7, Title: "2020年决算", Kind: "notice", UnitID: 2, Statutory: "20-7", IssuedOn: june, PublishedOn: civil.MustDate("2021-07-20")}
		match := func(r RecordFacts) (ids []int64) {
			update(t, store, func(tx *db.Tx) (err error) {
				ids, err = s.MatchEvidence(ctx, tx, r)
				return err
			})
			return ids
		}
		if ids := match(record); len(ids) != 1 {
			t.Fatalf("matched %v", ids)
		}
		if got := state("甲发〔2021〕1号/3", 2, "2021", "2021-07-21"); got != Fulfilled {
			t.Errorf("after publication: %v", got)
		}
		record.Statutory, record.Explicit = "20-1", []string{"甲发〔2021〕1号/1"}
		match(record)
		if got := state("甲发〔2021〕1号/3", 2, "2021", "2022-01-01"); got != Overdue {
			t.Errorf("after the category was corrected: %v", got)
		}
		if got := state("甲发〔2021〕1号/1", 2, "2021", "2022-01-01"); got != FulfilledLate {
			t.Errorf("named by code: %v", got)
		}
		update(t, store, func(tx *db.Tx) error { return s.RemoveEvidence(ctx, tx, 7) })
		if got := state("甲发〔2021〕1号/1", 2, "2021", "2021-06-30"); got != DueSoon {
			t.Errorf("after withdrawal: %v", got)
		}
		// A quarterly report that comes late counts when it names its period.
		report := RecordFacts{ID: 8, UnitID: 1, PublishedOn: civil.MustDate("2021-07-05"), Explicit: []string{"甲发〔2021〕1号/2@2021Q2"}}
		match(report)
		if got := state("甲发〔2021〕1号/2", 1, "2021Q2", "2021-07-06"); got != FulfilledLate {
			t.Errorf("late quarterly report: %v", got)
		}
		report.Explicit = []string{"没有的编码"}
		err := store.Update(ctx, func(tx *db.Tx) error {
			_, err := s.MatchEvidence(ctx, tx, report)
			return err
		})
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("unknown code: %v", err)
		}
		m, err := s.Matrix(ctx, MatrixFilter{PlanID: c.PlanID, Period: "2021", Units: []int64{3, 2, 1}}, civil.MustDate("2021-07-06"))
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Rows) != 3 || m.Rows[0].UnitID != 3 || len(m.Columns) != 3 || m.Total.Of(Overdue) != 3 || m.Total.Of(NotDue) != 2 {
			t.Errorf("matrix: %+v", m)
		}
	})
}

func TestExceptionsAndNilReports(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		s := NewStore(store, Options{})
		save(t, store, s, draft(), owner)
		page, err := s.Duties(ctx, DutyFilter{Units: []int64{2}}, june)
		if err != nil || len(page.Duties) != 2 {
			t.Fatal(len(page.Duties), err)
		}
		first, second := page.Duties[0].ID, page.Duties[1].ID
		head := ledgerHead(t, store)
		update(t, store, func(tx *db.Tx) error {
			if err := s.Exempt(ctx, tx, first, Disputed, "不属我单位职责", "user:2"); err != nil {
				return err
			}
			return s.Exempt(ctx, tx, first, NotApplicable, "本区没有规划编制职能", "user:1")
		})
		update(t, store, func(tx *db.Tx) error { return s.NilReport(ctx, tx, second, "办公室", "本年没有", "user:1") })
		v, err := s.Duty(ctx, first, june)
		if err != nil || v.State != NotApplicableState || len(v.Exceptions) != 2 || v.Exceptions[0].LiftedOn != june {
			t.Errorf("exempted: %+v, %v", v, err)
		}
		w, err := s.Duty(ctx, second, june)
		if err != nil || w.State != NilReport || len(w.Evidence) != 1 || w.Evidence[0].Signer != "办公室" {
			t.Errorf("nil report: %+v, %v", w, err)
		}
		if got := ledgerHead(t, store) - head; got != 3 {
			t.Errorf("%d ledger entries, want 3", got)
		}
		update(t, store, func(tx *db.Tx) error { return s.Lift(ctx, tx, first, "user:1") })
		if v, _ := s.Duty(ctx, first, june); v.State == NotApplicableState {
			t.Error("lifted, but still not applicable")
		}
		for name, f := range map[string]func(tx *db.Tx) error{
			"unsigned": func(tx *db.Tx) error { return s.NilReport(ctx, tx, first, " ", "", "") },
			"twice":    func(tx *db.Tx) error { return s.NilReport(ctx, tx, second, "办公室", "", "") },
			"reason":   func(tx *db.Tx) error { return s.Exempt(ctx, tx, first, NotApplicable, "", "") },
			"kind":     func(tx *db.Tx) error { return s.Exempt(ctx, tx, first, "maybe", "因为", "") },
			"unknown":  func(tx *db.Tx) error { return s.Exempt(ctx, tx, 999, NotApplicable, "因为", "") },
		} {
			if err := store.Update(ctx, f); fault.KindOf(err) == fault.Internal {
				t.Errorf("%s: %v, want a fault", name, err)
			}
		}
	})
}
