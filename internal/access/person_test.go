package access_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/unit"
)

func TestReach(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		tests := []struct {
			name   string
			grant  access.Grant
			act    access.Act
			yes    []int64
			no     []int64
			all    bool
			nobody bool
		}{
			{"own unit only", access.Grant{Role: access.Editor, UnitID: w.east}, access.RecordWrite, []int64{w.east}, []int64{w.town, w.city, w.plan}, false, false},
			{"with the subtree", access.Grant{Role: access.Editor, UnitID: w.east, Below: true}, access.RecordWrite, []int64{w.east, w.town}, []int64{w.city, w.plan}, false, false},
			{"the city without its subtree", access.Grant{Role: access.Office, UnitID: w.city}, access.DutyDecide, []int64{w.city}, []int64{w.plan}, false, false},
			{"the office of the city", access.Grant{Role: access.Office, UnitID: w.city, Below: true}, access.DutyDecide, []int64{w.city, w.town, w.plan, 99999}, nil, true, false},
			{"not this act", access.Grant{Role: access.Editor, UnitID: w.east}, access.RecordReview, nil, []int64{w.east}, false, true},
			{"not begun", access.Grant{Role: access.Editor, UnitID: w.east, From: day("2021-06-12")}, access.RecordWrite, nil, []int64{w.east}, false, true},
			{"last day", access.Grant{Role: access.Editor, UnitID: w.east, Until: day("2021-06-11")}, access.RecordWrite, []int64{w.east}, []int64{w.town}, false, false},
		}
		for i, tt := range tests {
			p := w.person(w.hire(fmt.Sprintf("reach-%d", i), w.plan, tt.grant))
			for _, u := range tt.yes {
				if !p.Can(tt.act, u) {
					t.Errorf("%s: cannot in %d", tt.name, u)
				}
			}
			for _, u := range tt.no {
				if p.Can(tt.act, u) {
					t.Errorf("%s: can in %d", tt.name, u)
				}
			}
			units, all := p.Reach(tt.act)
			if all != tt.all || !all && !slices.Equal(units, tt.yes) {
				t.Errorf("%s: reaches %v %v, want %v %v", tt.name, units, all, tt.yes, tt.all)
			}
			if got := p.CanAnywhere(tt.act); got == tt.nobody {
				t.Errorf("%s: CanAnywhere is %v", tt.name, got)
			}
		}
	})
}

// After a merger the staff goes on in the successor, which also handles what
// the old organ left behind; after an end without successor the city does.
func TestReachFollowsSuccessors(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		id := w.hire("nurse", w.health, access.Grant{Role: access.Editor, UnitID: w.health})
		merged := w.organ(unit.Draft{Kind: unit.Department, Name: "云州市卫生健康委员会", Parent: w.city, Span: unit.Span{Since: day("2021-07-01")}})
		other := w.hire("planner", w.plan, access.Grant{Role: access.Editor, UnitID: w.plan})
		fresh := w.hire("doctor", w.plan, access.Grant{Role: access.Editor, UnitID: merged, From: day("2021-07-01")})
		w.update(func(tx *db.Tx) error {
			_, err := w.units.ApplyEvent(ctx, tx, "test", unit.Event{Kind: unit.Abolish, On: day("2021-07-01"), Subjects: []int64{w.health}, Successors: []int64{merged}})
			return err
		})
		if p := w.person(id); !p.Can(access.RecordWrite, w.health) || p.Can(access.RecordWrite, merged) {
			t.Error("before the day the old organ is not on its own")
		}
		w.setDay("2021-07-02")
		for _, who := range []int64{id, fresh} {
			p := w.person(who)
			if !p.Can(access.RecordWrite, w.health) || !p.Can(access.RecordWrite, merged) || p.Can(access.RecordWrite, w.plan) {
				t.Errorf("%s: after the merger it does not go on in the successor", p.Login)
			}
			if units, _ := p.Reach(access.RecordWrite); !slices.Equal(units, []int64{w.health, merged}) {
				t.Errorf("%s reaches %v, want old and new", p.Login, units)
			}
		}
		if w.person(other).Can(access.RecordWrite, w.health) {
			t.Error("a stranger handles what the old organ left")
		}
		w.update(func(tx *db.Tx) error {
			_, err := w.units.ApplyEvent(ctx, tx, "test", unit.Event{Kind: unit.Abolish, On: day("2021-08-01"), Subjects: []int64{merged}})
			return err
		})
		w.setDay("2021-08-02")
		p := w.person(id)
		if units, all := p.Reach(access.RecordWrite); all || units != nil || p.CanAnywhere(access.RecordWrite) || p.Can(access.RecordWrite, merged) {
			t.Errorf("a grant in a line that has ended reaches %v", units)
		}
		office := w.hire("office", w.city, access.Grant{Role: access.Office, UnitID: w.city, Below: true})
		if !w.person(office).Can(access.RecordRead, merged) {
			t.Error("nobody reaches what has ended")
		}
	})
}

// In any directory with any history, Reach lists exactly the units for which
// Can holds, for every role and act.
func TestReachAgreesWithCan(t *testing.T) {
	w := newWorld(t, access.Policy{}, dbtest.SQLite)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		w.setDay("2021-06-11")
		ids := []int64{w.city}
		w.update(func(tx *db.Tx) error {
			for i := range rapid.IntRange(1, 8).Draw(rt, "organs") {
				d := unit.Draft{Kind: unit.Department, Name: fmt.Sprintf("第%d县第%d局", n, i), Parent: rapid.SampledFrom(ids).Draw(rt, "parent")}
				o, err := w.units.Add(ctx, tx, "test", d)
				if err != nil {
					return err
				}
				ids = append(ids, o.ID)
			}
			return nil
		})
		for i := range rapid.IntRange(0, 4).Draw(rt, "events") {
			e := unit.Event{Kind: unit.Abolish, On: civil.On(2021, 6, 12+i), Subjects: []int64{rapid.SampledFrom(ids[1:]).Draw(rt, "gone")}}
			if heir := rapid.SampledFrom(ids).Draw(rt, "heir"); heir != e.Subjects[0] {
				e.Successors = []int64{heir}
			}
			_ = w.try(func(tx *db.Tx) error { // some are refused, by right
				_, err := w.units.ApplyEvent(ctx, tx, "test", e)
				return err
			})
		}
		role := rapid.SampledFrom(access.Roles()).Draw(rt, "role").Role
		grant := access.Grant{Role: role, UnitID: rapid.SampledFrom(ids).Draw(rt, "unit"), Below: rapid.Bool().Draw(rt, "below")}
		a, _ := w.invite(fmt.Sprintf("somebody%d", n), w.city, grant)
		w.setDay(civil.On(2021, 6, 11+rapid.IntRange(0, 6).Draw(rt, "day")).String())
		checkReach(rt, w.person(a.ID), role, ids)
	})
}

func checkReach(rt *rapid.T, p *access.Person, role access.Role, ids []int64) {
	for _, row := range access.Matrix() {
		units, all := p.Reach(row.Act)
		for _, u := range ids {
			if got, want := p.Can(row.Act, u), all || slices.Contains(units, u); got != want {
				rt.Fatalf("%+v: Can(%s, %d) = %v, Reach = %v %v", p.Grants, row.Act, u, got, units, all)
			}
		}
		if got, want := p.CanAnywhere(row.Act), all || len(units) > 0; got != want {
			rt.Fatalf("%+v: CanAnywhere(%s) = %v, Reach = %v %v", p.Grants, row.Act, got, units, all)
		}
		if !role.May(row.Act) && (all || units != nil) {
			rt.Fatalf("%s reaches %v by %s", role, units, row.Act)
		}
	}
}

func TestNobodyMayNothing(t *testing.T) {
	var p *access.Person
	if _, all := p.Reach(access.DeskUse); all || p.Can(access.DeskUse, 1) || p.CanAnywhere(access.DeskUse) {
		t.Error("nobody may something")
	}
}
