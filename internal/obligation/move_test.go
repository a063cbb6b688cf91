package obligation

import (
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/unit"
)

// reorganise founds the successors, applies the event and gives the tree after.
func reorganise(t *testing.T, store *db.DB, units *unit.Store, e unit.Event, founded ...string) (*unit.Tree, unit.Event) {
	t.Helper()
	update(t, store, func(tx *db.Tx) error {
		tree, err := units.Tree(ctx, tx)
		if err != nil {
			return err
		}
		root, _ := tree.Root(e.On)
		for _, name := range founded {
			o, err := units.Add(ctx, tx, "test", unit.Draft{Kind: unit.Department, Parent: root.ID, Name: name, Span: unit.Span{Since: e.On}})
			if err != nil {
				return err
			}
			e.Successors = append(e.Successors, o.ID)
		}
		e, err = units.ApplyEvent(ctx, tx, "test", e)
		return err
	})
	tree, err := units.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return tree, e
}

func TestMergedUnitsHandOver(t *testing.T) {
	eachMoving(t, "2021-06-11", func(t *testing.T, store *db.DB, clock *moving) {
		s, units := NewStore(store, Options{}), unit.NewStore(store)
		ids := organs(t, store, units, 3)
		d := draft()
		for i := range d.Obligations {
			for j := range d.Obligations[i].Units {
				d.Obligations[i].Units[j].UnitID = ids[d.Obligations[i].Units[j].UnitID-1]
			}
		}
		c := save(t, store, s, d, owner)
		met := first(t, s, ids[0], june)
		update(t, store, func(tx *db.Tx) error { return s.SignNil(ctx, tx, met.ID, Signature{5, "局长"}, "没有", "user:5") })
		clock.set(civil.MustDate("2021-08-02"))
		on := civil.MustDate("2021-08-01")
		tree, e := reorganise(t, store, units, unit.Event{Kind: unit.Merge, On: on, Subjects: ids[:2], Basis: "甲办〔2021〕8号"}, "甲市联合局")
		heir := e.Successors[0]

		requests := EventMoves(e)
		if len(requests) != 2 || requests[0].To != heir || requests[0].Reason != "甲办〔2021〕8号" {
			t.Fatalf("moves of the event: %+v", requests)
		}
		var preview MovePlan
		update(t, store, func(tx *db.Tx) (err error) {
			preview, err = s.MovePreview(ctx, tx, tree, requests[0])
			return err
		})
		// Unit 1: one task met by nil report, three quarters, one yearly task.
		if len(preview.Lines) != 3 || preview.Open != 4 || preview.Lines[0].Open != 0 || preview.Lines[0].Done != 1 || preview.Undecided != 0 || preview.Continues {
			t.Errorf("preview: %+v", preview)
		}
		if got := first(t, s, ids[0], clock.day()); got.UnitID != ids[0] {
			t.Errorf("the preview changed something: %+v", got)
		}
		for _, r := range requests {
			r.Actor = "user:1"
			update(t, store, func(tx *db.Tx) error { _, err := s.Move(ctx, tx, tree, r); return err })
		}
		today := clock.day()
		var counts []int
		for _, id := range append([]int64{heir}, ids...) {
			u, err := s.Unit(ctx, id, civil.Date{}, civil.Date{}, today)
			if err != nil {
				t.Fatal(err)
			}
			counts = append(counts, u.Counts.Total())
		}
		// Both owed the yearly task; the heir owes it once. What was met stays.
		if want := []int{5, 1, 0, 1}; counts[0] != want[0] || counts[1] != want[1] || counts[2] != want[2] || counts[3] != want[3] {
			t.Errorf("duties of the heir and the three units: %v, want %v", counts, want)
		}
		before, err := s.Plan(ctx, c.PlanID, "", civil.MustDate("2021-07-31"))
		if err != nil || before.Counts.Total() != 8 {
			t.Errorf("the day before: %v, %v", before.Counts, err)
		}
		// Coming duties are the heir's.
		if o, err := s.ByCode(ctx, "甲发〔2021〕1号/2"); err != nil || len(o.Units) != 1 || o.Units[0].UnitID != heir {
			t.Errorf("assigned to %+v, %v", o.Units, err)
		}
		// The lead stays the lead where the other only took part.
		if o, err := s.ByCode(ctx, "甲发〔2021〕1号/1"); err != nil || len(o.Units) != 2 || o.Units[0].UnitID == o.Units[1].UnitID {
			t.Errorf("assigned to %+v, %v", o.Units, err)
		}
	})
}

func TestSplitUnitsAreDecidedOneByOne(t *testing.T) {
	eachMoving(t, "2021-06-11", func(t *testing.T, store *db.DB, clock *moving) {
		s, units := NewStore(store, Options{}), unit.NewStore(store)
		ids := organs(t, store, units, 1)
		d := draft()
		for i := range d.Obligations {
			d.Obligations[i].Units = []Assignment{{ids[0], Responds, "市1局"}}
		}
		save(t, store, s, d, owner)
		clock.set(civil.MustDate("2021-08-02"))
		tree, e := reorganise(t, store, units, unit.Event{Kind: unit.Split, On: civil.MustDate("2021-08-01"), Subjects: ids}, "甲市东局", "甲市西局")
		r := EventMoves(e)[0]
		r.Reason, r.Actor = "甲办〔2021〕9号", "user:1"
		var preview MovePlan
		update(t, store, func(tx *db.Tx) (err error) {
			preview, err = s.MovePreview(ctx, tx, tree, r)
			return err
		})
		if preview.Undecided != 3 || len(preview.Successors) != 2 {
			t.Fatalf("preview: %+v", preview)
		}
		refused(t, store, fault.Invalid, "move_undecided", func(tx *db.Tx) error { _, err := s.Move(ctx, tx, tree, r); return err })
		r.ByObligation = map[int64]int64{preview.Lines[0].ObligationID: e.Successors[1]}
		r.To = e.Successors[0]
		update(t, store, func(tx *db.Tx) (err error) {
			preview, err = s.Move(ctx, tx, tree, r)
			return err
		})
		east, err := s.Duties(ctx, DutyFilter{Units: e.Successors[:1]}, clock.day())
		west, err2 := s.Duties(ctx, DutyFilter{Units: e.Successors[1:]}, clock.day())
		if err != nil || err2 != nil || len(east.Duties) != 4 || len(west.Duties) != 1 || preview.Open != 5 {
			t.Errorf("east %d, west %d, %v %v", len(east.Duties), len(west.Duties), err, err2)
		}
		r.To = 424242
		refused(t, store, fault.Invalid, "move_to", func(tx *db.Tx) error { _, err := s.Move(ctx, tx, tree, r); return err })
		r.From = 424242
		refused(t, store, fault.NotFound, "move_unit", func(tx *db.Tx) error { _, err := s.Move(ctx, tx, tree, r); return err })
		r.Reason = ""
		refused(t, store, fault.Invalid, "move_reason", func(tx *db.Tx) error { _, err := s.Move(ctx, tx, tree, r); return err })
	})
}

// A unit from which another is divided goes on: nothing moves unless chosen,
// and renaming moves nothing at all.
func TestUnitsThatGoOnKeepTheirDuties(t *testing.T) {
	eachMoving(t, "2021-06-11", func(t *testing.T, store *db.DB, clock *moving) {
		s, units := NewStore(store, Options{}), unit.NewStore(store)
		ids := organs(t, store, units, 1)
		d := draft()
		for i := range d.Obligations {
			d.Obligations[i].Units = []Assignment{{ids[0], Responds, "市1局"}}
		}
		save(t, store, s, d, owner)
		clock.set(civil.MustDate("2021-08-02"))
		tree, e := reorganise(t, store, units, unit.Event{Kind: unit.Split, Continues: true, On: civil.MustDate("2021-08-01"), Subjects: ids}, "甲市分局")
		var p MovePlan
		update(t, store, func(tx *db.Tx) (err error) {
			p, err = s.MovePreview(ctx, tx, tree, EventMoves(e)[0])
			return err
		})
		if !p.Continues || p.Open != 0 || p.Undecided != 0 || len(p.Successors) != 1 || p.Lines[0].To != ids[0] {
			t.Errorf("preview: %+v", p)
		}
		if moves := EventMoves(unit.Event{Kind: unit.Rename, Subjects: ids}); moves != nil {
			t.Errorf("renaming moves %+v", moves)
		}
	})
}
