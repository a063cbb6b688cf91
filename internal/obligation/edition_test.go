package obligation

import (
	"slices"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/lifecycle"
	"gongkai/internal/obligation/workplan"
	"gongkai/internal/unit"
)

func row(item, by string) workplan.Row {
	return workplan.Row{Field: "义务教育", Level1: "招生管理", Level2: item, Content: item + "的内容", Basis: "《义务教育法》", Limit: "自信息形成之日起20个工作日内",
		By: by, Channels: []string{"政府网站"}, Audience: "全社会", Mode: "主动", Level: "县级"}
}

func TestEditionOfACatalogue(t *testing.T) {
	eachMoving(t, "2021-06-11", func(t *testing.T, store *db.DB, clock *moving) {
		s, units := NewStore(store, Options{}), unit.NewStore(store)
		ids := organs(t, store, units, 2)
		tree, err := units.Snapshot(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var e Edition
		act := func(f func(tx *db.Tx) (Edition, error)) {
			t.Helper()
			update(t, store, func(tx *db.Tx) (err error) {
				e, err = f(tx)
				return err
			})
		}
		step := func(event lifecycle.Event, note, day string) func(tx *db.Tx) (Edition, error) {
			a := EditionAct{Event: event, Note: note, Actor: "user:3"}
			if day != "" {
				a.EffectiveOn = civil.MustDate(day)
			}
			return func(tx *db.Tx) (Edition, error) { return s.StepEdition(ctx, tx, tree, e.ID, a) }
		}
		plain := func(f func(tx *db.Tx) (Edition, error)) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { _, err := f(tx); return err }
		}
		start := EditionStart{Title: "甲县义务教育目录", Issuer: "甲县政府", UnitID: ids[0], ReviewerID: ids[1], Actor: "user:2"}
		act(func(tx *db.Tx) (Edition, error) { return s.StartEdition(ctx, tx, start) })
		refused(t, store, fault.Conflict, "edition_open", plain(func(tx *db.Tx) (Edition, error) { return s.StartEdition(ctx, tx, start) }))
		refused(t, store, fault.Invalid, "edition_empty", plain(step(EditionSubmit, "", "")))
		for _, item := range []string{"学校介绍", "招生政策", "入学流程"} {
			act(func(tx *db.Tx) (Edition, error) {
				return s.PutRow(ctx, tx, e.ID, e.Rev, EditionRow{Row: row(item, "市1局")}, "user:2")
			})
		}
		refused(t, store, fault.Conflict, "edition_stale", plain(func(tx *db.Tx) (Edition, error) {
			return s.PutRow(ctx, tx, e.ID, e.Rev-1, EditionRow{No: 1, Row: row("甲", "市1局")}, "user:2")
		}))
		refused(t, store, fault.Invalid, "edition_cell", plain(func(tx *db.Tx) (Edition, error) {
			return s.PutRow(ctx, tx, e.ID, e.Rev, EditionRow{No: 1, Row: row("甲", "")}, "user:2")
		}))
		act(func(tx *db.Tx) (Edition, error) {
			return s.PutRow(ctx, tx, e.ID, e.Rev, EditionRow{No: 3, Row: row("入学流程", "没有这个局")}, "user:2")
		})
		act(step(EditionSubmit, "", ""))
		refused(t, store, fault.Conflict, "edition_locked", plain(func(tx *db.Tx) (Edition, error) { return s.DeleteRow(ctx, tx, e.ID, e.Rev, 3, "user:2") }))
		refused(t, store, fault.Invalid, "edition_names", plain(step(EditionApprove, "", "2021-07-01")))
		if failures, _, err := s.CheckEdition(ctx, tree, e.ID, june); err != nil || len(failures) != 1 || failures[0].Name != "没有这个局" {
			t.Errorf("check: %+v, %v", failures, err)
		}
		refused(t, store, fault.Invalid, "edition_why", plain(step(EditionReturn, "", "")))
		act(step(EditionReturn, "公开主体写错了", ""))
		act(func(tx *db.Tx) (Edition, error) {
			return s.PutRow(ctx, tx, e.ID, e.Rev, EditionRow{No: 3, Row: row("入学流程", "市2局")}, "user:2")
		})
		act(step(EditionSubmit, "", ""))
		refused(t, store, fault.Invalid, "edition_day", plain(step(EditionApprove, "", "2021-06-10")))
		refused(t, store, fault.Conflict, "edition_step", plain(step(EditionBegin, "", "")))
		act(step(EditionApprove, "", "2021-07-01"))
		begin := func() (list []Begun) {
			t.Helper()
			update(t, store, func(tx *db.Tx) (err error) {
				list, err = s.BeginEditions(ctx, tx, tree, "system")
				return err
			})
			return list
		}
		if list := begin(); len(list) != 0 {
			t.Errorf("began before its day: %+v", list)
		}
		clock.set(civil.MustDate("2021-07-01"))
		began := begin()
		if len(began) != 1 || began[0].Edition.State != EditionInForce || began[0].Change.Outcome != Added || len(began[0].Draft.Obligations) != 3 || len(begin()) != 0 {
			t.Fatalf("begun: %+v", began)
		}
		plan := began[0].Change.PlanID
		signed := first(t, s, ids[0], clock.day())
		update(t, store, func(tx *db.Tx) error {
			return s.SignNil(ctx, tx, signed.ID, Signature{5, "局长"}, "没有", "user:5")
		})

		// The revision drops one row, changes one, adds one.
		clock.set(civil.MustDate("2021-09-01"))
		act(func(tx *db.Tx) (Edition, error) {
			return s.StartEdition(ctx, tx, EditionStart{PlanID: plan, UnitID: ids[0], ReviewerID: ids[1], Actor: "user:2"})
		})
		if e.Rows != 3 || e.Title != "甲县义务教育目录" {
			t.Fatalf("revision: %+v", e)
		}
		changed := row("招生政策", "市1局")
		changed.Content = "招生范围与办法"
		act(func(tx *db.Tx) (Edition, error) { return s.DeleteRow(ctx, tx, e.ID, e.Rev, 3, "user:2") })
		act(func(tx *db.Tx) (Edition, error) {
			return s.PutRow(ctx, tx, e.ID, e.Rev, EditionRow{No: 2, Row: changed}, "user:2")
		})
		act(func(tx *db.Tx) (Edition, error) {
			return s.PutRow(ctx, tx, e.ID, e.Rev, EditionRow{Row: row("控辍保学", "市2局")}, "user:2")
		})
		d, err := s.CompareEdition(ctx, e.ID, AgainstInForce)
		if err != nil || len(d.Missing) != 1 || len(d.Extra) != 1 || len(d.Changed) != 1 || d.Same != 1 || d.Changed[0].Cells[0].Name != "公开内容" {
			t.Errorf("against what is in force: %+v, %v", d, err)
		}
		if _, err := s.CompareEdition(ctx, e.ID, AgainstAbove); fault.KindOf(err) != fault.NotFound {
			t.Errorf("against nothing: %v", err)
		}
		act(step(EditionSubmit, "", ""))
		act(step(EditionApprove, "", "2021-09-01"))
		second := begin()
		if len(second) != 1 || len(second[0].Change.Added) != 1 || len(second[0].Change.Removed) != 1 || len(second[0].Change.Changed) != 1 {
			t.Fatalf("second: %+v", second)
		}
		if v, err := s.Duty(ctx, signed.ID, clock.day()); err != nil || v.State != NilReport {
			t.Errorf("what stayed lost its duty: %v, %v", v.State, err)
		}
		list, err := s.EditionList(ctx, EditionFilter{PlanID: plan, States: []lifecycle.State{EditionInForce, EditionReplaced}})
		if err != nil || len(list) != 2 || list[0].EffectiveOn.String() != "2021-09-01" || list[1].State != EditionReplaced || list[1].Rows != 3 {
			t.Errorf("versions: %+v, %v", list, err)
		}
		v, err := s.Plan(ctx, plan, "", civil.MustDate("2021-08-31"))
		if err != nil || len(v.Obligations) != 3 || slices.ContainsFunc(v.Obligations, func(o ObligationView) bool { return o.Title == "控辍保学" }) {
			t.Errorf("the catalogue as of August: %d rows, %v", len(v.Obligations), err)
		}
	})
}

// A catalogue that came by import is the first of its versions.
func TestImportedCatalogueIsAnEdition(t *testing.T) {
	eachMoving(t, "2021-06-11", func(t *testing.T, store *db.DB, _ *moving) {
		s, units := NewStore(store, Options{}), unit.NewStore(store)
		ids := organs(t, store, units, 1)
		tree, err := units.Snapshot(ctx)
		if err != nil {
			t.Fatal(err)
		}
		d, failures, _ := ResolveRows(tree, CatalogueInfo{Title: "甲县目录", Issuer: "甲县政府", Since: june}, []workplan.Row{row("学校介绍", "市1局")})
		if len(failures) > 0 {
			t.Fatal(failures)
		}
		c := save(t, store, s, d, owner)
		update(t, store, func(tx *db.Tx) error {
			_, err := s.StartEdition(ctx, tx, EditionStart{PlanID: c.PlanID, AboveID: c.PlanID, UnitID: ids[0], ReviewerID: ids[0], Actor: "user:2"})
			return err
		})
		list, err := s.EditionList(ctx, EditionFilter{PlanID: c.PlanID})
		if err != nil || len(list) != 2 || list[1].State != EditionInForce || list[1].Rows != 1 || list[1].EffectiveOn != june {
			t.Fatalf("%+v, %v", list, err)
		}
		if d, err := s.CompareEdition(ctx, list[0].ID, AgainstAbove); err != nil || d.Same != 1 {
			t.Errorf("%+v, %v", d, err)
		}
	})
}

// The rows of a file go in as they are, in place of others or after them.
func TestImportRowsIntoAnEdition(t *testing.T) {
	data, err := catalogues.ReadFile("catalog/statutory.csv")
	if err != nil {
		t.Fatal(err)
	}
	eachMoving(t, "2021-06-11", func(t *testing.T, store *db.DB, _ *moving) {
		s, units := NewStore(store, Options{}), unit.NewStore(store)
		ids := organs(t, store, units, 1)
		var e Edition
		update(t, store, func(tx *db.Tx) (err error) {
			if e, err = s.StartEdition(ctx, tx, EditionStart{Title: "目录", Issuer: "甲县", UnitID: ids[0], ReviewerID: ids[0], Actor: "user:2"}); err != nil {
				return err
			}
			for _, replace := range []bool{false, false, true} {
				if e, _, err = s.ImportRows(ctx, tx, e.ID, e.Rev, "statutory.csv", data, replace, "user:2"); err != nil {
					return err
				}
			}
			return nil
		})
		v, err := s.Edition(ctx, e.ID)
		if err != nil || len(v.List) != 17 || v.Rows != 17 || v.List[0].Row.Level1 == "" || v.Rev != 4 {
			t.Errorf("%d rows of %d at %d, %v", len(v.List), v.Rows, v.Rev, err)
		}
		refused(t, store, fault.Invalid, "not_a_catalogue", func(tx *db.Tx) error {
			_, _, err := s.ImportRows(ctx, tx, e.ID, e.Rev, "x.csv", []byte("甲,乙\n1,2\n"), true, "user:2")
			return err
		})
		if after, err := s.Edition(ctx, e.ID); err != nil || len(after.List) != 17 {
			t.Errorf("a bad file left %d rows, %v", len(after.List), err)
		}
	})
}
