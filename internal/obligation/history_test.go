package obligation

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/obligation/workplan"
	"gongkai/internal/unit"
)

// moving is a clock that tests set.
type moving struct{ at time.Time }

func (m *moving) now() time.Time   { return m.at }
func (m *moving) day() civil.Date  { return civil.DateOf(m.at) }
func (m *moving) set(d civil.Date) { m.at = d.Start().Add(12 * time.Hour) }
func (m *moving) next(n int)       { m.set(m.day().AddDays(n)) }
func clockAt(day string) *moving   { m := &moving{}; m.set(civil.MustDate(day)); return m }

// eachMoving runs body on both engines with a clock that moves.
func eachMoving(t *testing.T, day string, body func(t *testing.T, store *db.DB, clock *moving)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { c := clockAt(day); body(t, dbtest.SQLite(t, c.now), c) })
	t.Run("postgres", func(t *testing.T) { c := clockAt(day); body(t, dbtest.Postgres(t, c.now), c) })
}

// organs adds n departments of a city that does not exist, and gives their ids.
func organs(t testing.TB, store *db.DB, units *unit.Store, n int) (ids []int64) {
	t.Helper()
	update(t, store, func(tx *db.Tx) error {
		city, err := units.Add(ctx, tx, "test", unit.Draft{Kind: unit.City, Name: "甲市人民政府", Short: "市政府", Prefixes: []string{"甲市", "市"}})
		if err != nil {
			return err
		}
		for i := range n {
			o, err := units.Add(ctx, tx, "test", unit.Draft{Kind: unit.Department, Parent: city.ID, Name: fmt.Sprintf("甲市第%d局", i+1), Short: fmt.Sprintf("市%d局", i+1)})
			if err != nil {
				return err
			}
			ids = append(ids, o.ID)
		}
		return nil
	})
	return ids
}

// life plays what can happen to the duties of one plan.
type life struct {
	*rapid.T
	s       *Store
	store   *db.DB
	clock   *moving
	tree    *unit.Tree
	units   []int64
	plan    Draft
	planID  int64
	records map[int64]RecordFacts
	next    *int64 // record numbers, never used twice
}

// draftOf is a plan of four obligations, each on some units; those that are out
// were dropped by the edition.
func (l *life) edition() Draft {
	d := Draft{Plan: l.plan.Plan}
	for _, o := range l.plan.Obligations {
		if rapid.IntRange(0, 3).Draw(l.T, "dropped") == 0 && len(d.Obligations)+1 < len(l.plan.Obligations) {
			continue
		}
		if rapid.IntRange(0, 3).Draw(l.T, "edited") == 0 && o.Rule.Every == workplan.Once {
			o.Rule.DueOn = o.Rule.DueOn.AddDays(rapid.IntRange(-5, 5).Draw(l.T, "by"))
		}
		if rapid.IntRange(0, 3).Draw(l.T, "laid on others") == 0 {
			o.Units = []Assignment{{rapid.SampledFrom(l.units).Draw(l.T, "unit"), Responds, "有关单位"}}
		}
		d.Obligations = append(d.Obligations, o)
	}
	if len(d.Obligations) == 0 {
		d.Obligations = l.plan.Obligations[:1]
	}
	return d
}

func (l *life) duty(tx *db.Tx) (DutyView, bool) {
	page, err := l.s.duties(ctx, tx, DutyFilter{PlanID: l.planID, Size: MaxPage, Retired: true}, l.clock.day())
	if err != nil {
		l.Fatal(err)
	}
	if len(page.Duties) == 0 {
		return DutyView{}, false
	}
	return rapid.SampledFrom(page.Duties).Draw(l.T, "duty"), true
}

func (l *life) record() RecordFacts {
	if len(l.records) > 0 && rapid.Bool().Draw(l.T, "old record") {
		ids := make([]int64, 0, len(l.records))
		for id := range l.records {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		r := l.records[rapid.SampledFrom(ids).Draw(l.T, "record")]
		r.Statutory = rapid.SampledFrom([]string{"20-1", "20-7"}).Draw(l.T, "now")
		return r
	}
	*l.next++
	return RecordFacts{ID: *l.next, Title: "信息", UnitID: rapid.SampledFrom(l.units).Draw(l.T, "unit"), PublishedOn: l.clock.day(),
		Statutory: rapid.SampledFrom([]string{"20-1", "20-7"}).Draw(l.T, "statutory")}
}

// acts are what may happen; faults are refusals and leave no trace.
func (l *life) acts() map[string]func(tx *db.Tx) error {
	return map[string]func(tx *db.Tx) error{
		"publish": func(tx *db.Tx) error {
			r := l.record()
			l.records[r.ID] = r
			_, err := l.s.MatchEvidence(ctx, tx, r)
			return err
		},
		"withdraw": func(tx *db.Tx) error {
			r := l.record()
			delete(l.records, r.ID)
			return l.s.RemoveEvidence(ctx, tx, r.ID)
		},
		"link":   func(tx *db.Tx) error { return l.onDuty(tx, l.link) },
		"unlink": func(tx *db.Tx) error { return l.onDuty(tx, l.unlink) },
		"nil": func(tx *db.Tx) error {
			return l.onDuty(tx, func(tx *db.Tx, d DutyView) error {
				return l.s.SignNil(ctx, tx, d.ID, Signature{7, "局长"}, "没有", "user:7")
			})
		},
		"nil withdrawn": func(tx *db.Tx) error {
			return l.onDuty(tx, func(tx *db.Tx, d DutyView) error { return l.s.WithdrawNil(ctx, tx, d.ID, "误报", "user:7") })
		},
		"exempt": func(tx *db.Tx) error {
			return l.onDuty(tx, func(tx *db.Tx, d DutyView) error {
				return l.s.Exempt(ctx, tx, d.ID, NotApplicable, "没有职能", "user:1")
			})
		},
		"lift": func(tx *db.Tx) error {
			return l.onDuty(tx, func(tx *db.Tx, d DutyView) error { return l.s.Lift(ctx, tx, d.ID, "user:1") })
		},
		"ask":    func(tx *db.Tx) error { return l.onDuty(tx, l.ask) },
		"answer": func(tx *db.Tx) error { return l.onDuty(tx, l.answer) },
		"move": func(tx *db.Tx) error {
			i := rapid.IntRange(0, len(l.units)-1).Draw(l.T, "from")
			_, err := l.s.Move(ctx, tx, l.tree, MoveRequest{From: l.units[i], To: l.units[(i+1)%len(l.units)], On: l.clock.day(), Reason: "机构改革方案", Actor: "user:1"})
			return err
		},
		"edit": func(tx *db.Tx) error {
			_, err := l.s.SavePlan(ctx, tx, l.edition(), SaveOptions{Confirm: true, Actor: "user:1"})
			return err
		},
	}
}

func (l *life) onDuty(tx *db.Tx, f func(tx *db.Tx, d DutyView) error) error {
	d, ok := l.duty(tx)
	if !ok {
		return nil
	}
	return f(tx, d)
}

func (l *life) link(tx *db.Tx, d DutyView) error {
	r := l.record()
	err := l.s.Link(ctx, tx, Link{DutyID: d.ID, Record: r, Why: "内容就是这一项", Actor: "user:7"})
	if err == nil { // the program meets every record on the day it is published
		l.records[r.ID] = r
	}
	return err
}

func (l *life) unlink(tx *db.Tx, d DutyView) error {
	list, err := evidenceOf(ctx, tx, d.ID)
	if err != nil || len(list) == 0 {
		return err
	}
	return l.s.Unlink(ctx, tx, list[0].ID, "不是这一项", "user:7")
}

func (l *life) ask(tx *db.Tx, d DutyView) error {
	r := ClaimRequest{DutyID: d.ID, Kind: ForExemption, Reason: "没有这项职能", Actor: "user:7"}
	if rapid.Bool().Draw(l.T, "dispute") {
		r.Kind, r.Ground = ForDispute, rapid.SampledFrom(Grounds()).Draw(l.T, "ground")
	}
	_, err := l.s.Ask(ctx, tx, r)
	return err
}

func (l *life) answer(tx *db.Tx, _ DutyView) error {
	open, err := l.s.OpenClaims(ctx, tx)
	if err != nil || len(open) == 0 {
		return err
	}
	c := open[len(open)-1]
	if rapid.IntRange(0, 3).Draw(l.T, "withdrawn") == 0 {
		return l.s.WithdrawClaim(ctx, tx, c.ID, "user:7")
	}
	_, err = l.s.AnswerClaim(ctx, tx, c.ID, Answer{Grant: rapid.Bool().Draw(l.T, "granted"), Remedy: rapid.SampledFrom(Remedies(c.Kind)).Draw(l.T, "remedy"), Reason: "经核定",
		ToUnit: rapid.SampledFrom(l.units).Draw(l.T, "to"), ToDue: l.clock.day().AddDays(rapid.IntRange(-3, 30).Draw(l.T, "due")), Actor: "user:1"})
	return err
}

// look is what people see of the plan on a day, a line for each thing.
func (l *life) look(asOf civil.Date) (lines []string) {
	check := func(err error) {
		if err != nil {
			l.Fatal(err)
		}
	}
	see := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	for i, f := range []MatrixFilter{{Period: "2021"}, {Period: "2021", Columns: BySection}, {Period: "2021Q2"}, {Period: "2021Q3"}, {Period: "2021", States: []State{Overdue, DisputedState}}} {
		f.PlanID = l.planID
		m, err := l.s.Matrix(ctx, f, asOf)
		check(err)
		see("matrix %d total %v", i, m.Total)
		for _, c := range m.Columns {
			see("matrix %d column %+v", i, c)
		}
		for _, r := range m.Rows {
			see("matrix %d row %+v", i, r)
		}
	}
	v, err := l.s.Plan(ctx, l.planID, "", asOf)
	check(err)
	for _, o := range v.Obligations {
		see("obligation %d %v", o.ID, o.Counts)
	}
	page, err := l.s.Duties(ctx, DutyFilter{PlanID: l.planID, Size: MaxPage}, asOf)
	check(err)
	slices.SortFunc(page.Duties, func(a, b DutyView) int { return int(a.ID - b.ID) })
	for i, d := range page.Duties {
		see("duty %+v", d)
		if i%3 != 0 { // enough of them by themselves
			continue
		}
		detail, err := l.s.Duty(ctx, d.ID, asOf)
		check(err)
		if !reflect.DeepEqual(detail.DutyView, d) {
			l.Fatalf("duty %d: %+v in the list, %+v by itself", d.ID, d, detail.DutyView)
		}
		if want := FirstMet(detail.Evidence); want != d.Met {
			l.Fatalf("duty %d on %s: met %+v, evidence says %+v", d.ID, asOf, d.Met, want)
		}
		for _, e := range detail.Evidence {
			see("duty %d evidence %d", d.ID, e.ID)
		}
		for _, c := range detail.Claims {
			see("duty %d claim %+v", d.ID, c)
		}
	}
	units, err := l.s.Units(ctx, l.units, civil.Date{}, civil.Date{}, asOf)
	check(err)
	for _, u := range units {
		for _, p := range u.Plans {
			if p.PlanID == l.planID { // not those of other lives
				see("unit %d %v", u.UnitID, p.Counts)
			}
		}
	}
	return lines
}

// What the grid says of a past day is what it said on that day, whatever has
// happened since.
func TestHistoryIsWhatWasSeen(t *testing.T) {
	eachMoving(t, "2021-06-11", func(t *testing.T, store *db.DB, clock *moving) {
		s, units := NewStore(store, Options{}), unit.NewStore(store)
		ids := organs(t, store, units, 4)
		tree, err := units.Snapshot(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var plans, records int64
		rapid.Check(t, func(rt *rapid.T) {
			clock.set(june)
			empty(t, store)
			plans++
			l := &life{T: rt, s: s, store: store, clock: clock, tree: tree, units: ids, records: map[int64]RecordFacts{}, next: &records}
			l.plan = l.first(plans)
			update(t, store, func(tx *db.Tx) error {
				c, err := s.SavePlan(ctx, tx, l.plan, owner)
				l.planID = c.PlanID
				return err
			})
			seen := map[civil.Date][]string{}
			for range rapid.IntRange(2, 5).Draw(rt, "days") {
				l.live(t)
				seen[clock.day()] = l.look(clock.day())
				clock.next(rapid.IntRange(1, 30).Draw(rt, "pause"))
			}
			for day, want := range seen {
				got := l.look(day)
				for _, line := range want {
					if !slices.Contains(got, line) {
						rt.Errorf("as of %s this is missing, which was seen: %s", day, line)
					}
				}
				for _, line := range got {
					if !slices.Contains(want, line) {
						rt.Errorf("as of %s this is told, which was not seen: %s", day, line)
					}
				}
			}
		})
	})
}

// empty forgets every plan, so that lives do not weigh on later ones.
func empty(t *testing.T, store *db.DB) {
	update(t, store, func(tx *db.Tx) error {
		for _, table := range []string{"claims", "moves", "evidence", "exceptions", "formers", "seen", "duties", "keys", "assignments", "targets", "retirements", "items", "plans"} {
			if _, err := tx.Exec(ctx, "delete from obligation_"+table); err != nil {
				return err
			}
		}
		return nil
	})
}

// live lets a day's acts happen. What is refused leaves no trace.
func (l *life) live(t *testing.T) {
	update(t, l.store, func(tx *db.Tx) error {
		if _, err := l.s.Expand(ctx, tx, l.clock.day()); err != nil {
			return err
		}
		acts := l.acts()
		names := slices.Sorted(maps.Keys(acts))
		for range rapid.IntRange(0, 5).Draw(l.T, "acts") {
			if _, err := tx.Exec(ctx, "savepoint act"); err != nil {
				return err
			}
			err := acts[rapid.SampledFrom(names).Draw(l.T, "act")](tx)
			if err != nil && fault.KindOf(err) == fault.Internal {
				return err
			}
			if err != nil {
				if _, err := tx.Exec(ctx, "rollback to savepoint act"); err != nil {
					return err
				}
			}
			if _, err := tx.Exec(ctx, "release savepoint act"); err != nil {
				return err
			}
		}
		return nil
	})
}

func (l *life) first(n int64) Draft {
	code := fmt.Sprintf("甲发〔2021〕%d号", n)
	on := func(units ...int64) (list []Assignment) {
		for _, u := range units {
			list = append(list, Assignment{u, Responds, "有关单位"})
		}
		return list
	}
	return Draft{
		Plan: Plan{Code: code, Kind: WorkPlan, Title: code, IssuedOn: june, Year: 2021},
		Obligations: []Obligation{
			{Code: code + "/1", Position: 1, Section: "一", Title: "专栏", Rule: Rule{DueOn: civil.MustDate("2021-06-30")}, StartsOn: june, Units: on(l.units[0], l.units[1])},
			{Code: code + "/2", Position: 2, Section: "一", Title: "通报", Rule: Rule{Every: workplan.Quarterly, Until: civil.MustDate("2021-12-31")}, StartsOn: june, Units: on(l.units[0], l.units[2])},
			{Code: code + "/3", Position: 3, Section: "二", Title: "预决算", Rule: Rule{DueOn: civil.MustDate("2021-08-31")}, StartsOn: june, Units: on(l.units...), Match: Match{Statutory: []string{"20-7"}}},
			{Code: code + "/4", Position: 4, Section: "二", Title: "其他", Rule: Rule{DueOn: civil.MustDate("2021-12-31")}, StartsOn: june, Units: on(l.units[3]), Match: Match{Statutory: []string{"20-1"}}},
		},
	}
}
