package obligation

import (
	"database/sql"
	"testing"

	"pgregory.net/rapid"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/law"
	"gongkai/internal/obligation/workplan"
)

func TestState(t *testing.T) {
	due := civil.MustDate("2021-06-30")
	met := func(day string, how How) Met { return Met{civil.MustDate(day), how} }
	tests := []struct {
		name   string
		met    Met
		exempt Exemption
		today  string
		want   State
	}{
		{"long before", Met{}, "", "2021-06-11", NotDue},
		{"within ten working days", Met{}, "", "2021-06-16", DueSoon},
		{"on the day", Met{}, "", "2021-06-30", DueSoon},
		{"the day after", Met{}, "", "2021-07-01", Overdue},
		{"published on the day", met("2021-06-30", ByRecord), "", "2022-01-01", Fulfilled},
		{"published late", met("2021-07-01", ByRecord), "", "2022-01-01", FulfilledLate},
		{"nothing to report", met("2021-06-30", ByNilReport), "", "2022-01-01", NilReport},
		{"not applicable", Met{}, NotApplicable, "2022-01-01", NotApplicableState},
		{"dropped", Met{}, Retired, "2022-01-01", NotApplicableState},
		{"taken over by another unit", Met{}, Moved, "2022-01-01", NotApplicableState},
		{"disputed", Met{}, Disputed, "2022-01-01", DisputedState},
		{"disputed, then published", met("2021-06-30", ByRecord), Disputed, "2022-01-01", Fulfilled},
	}
	for _, tt := range tests {
		d := Duty{DueOn: due, Met: tt.met, Exempt: tt.exempt}
		if got := Reckon(law.Standard(), civil.MustDate(tt.today), 10).State(d); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestFirstMet(t *testing.T) {
	early, late := civil.MustDate("2021-06-01"), civil.MustDate("2021-07-01")
	got := FirstMet([]Evidence{{On: late, How: ByRecord}, {On: early, How: ByNilReport}, {On: early, How: ByRecord}})
	if got != (Met{early, ByRecord}) {
		t.Errorf("got %+v", got)
	}
	if s := StateOf(Duty{DueOn: late}, nil, late.AddDays(1), law.Standard()); s != Overdue {
		t.Errorf("without evidence: %v", s)
	}
}

// What lists filter by, what counts add up and what pages show is one state.
func TestStateIsTheSameInSQL(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		s := NewStore(store, Options{})
		c := save(t, store, s, draft(), owner)
		var ids []int64
		update(t, store, func(tx *db.Tx) error {
			return tx.Each(ctx, "select id from obligation_duties order by id", nil, func(rows *sql.Rows) error {
				var id int64
				err := rows.Scan(&id)
				ids = append(ids, id)
				return err
			})
		})
		day := func(t *rapid.T, label string) civil.Date { return june.AddDays(rapid.IntRange(0, 60).Draw(t, label)) }
		rapid.Check(t, func(rt *rapid.T) {
			update(t, store, func(tx *db.Tx) error {
				for _, id := range ids {
					var met Met
					if rapid.Bool().Draw(rt, "met") {
						met = Met{day(rt, "on"), rapid.SampledFrom([]How{ByRecord, ByNilReport}).Draw(rt, "how")}
					}
					exempt := rapid.SampledFrom([]string{"", "", string(NotApplicable), string(Disputed)}).Draw(rt, "exempt")
					if _, err := tx.Exec(ctx, "update obligation_duties set due_on = ?, met_on = ?, met_how = ?, exempt = ? where id = ?",
						day(rt, "due"), met.On, nullable(string(met.How)), nullable(exempt), id); err != nil {
						return err
					}
				}
				return nil
			})
			today := day(rt, "today")
			all, err := s.Duties(ctx, DutyFilter{PlanID: c.PlanID, Size: MaxPage}, today)
			if err != nil {
				rt.Fatal(err)
			}
			var told Counts
			for _, d := range all.Duties {
				told.Add(d.State, 1)
			}
			v, err := s.Plan(ctx, c.PlanID, "", today)
			if err != nil || v.Counts != told {
				rt.Fatalf("counted %v, told %v, %v", v.Counts, told, err)
			}
			for _, state := range States() {
				page, err := s.Duties(ctx, DutyFilter{States: []State{state}}, today)
				if err != nil || len(page.Duties) != told.Of(state) {
					rt.Fatalf("%v: listed %d, told %d, %v", state, len(page.Duties), told.Of(state), err)
				}
			}
		})
	})
}

func TestPagesMeet(t *testing.T) {
	store := dbtest.SQLite(t, civil.Fixed(dbtest.Noon))
	s := NewStore(store, Options{})
	save(t, store, s, draft(), owner)
	seen := map[int64]bool{}
	var f DutyFilter
	for f.Size = 3; ; {
		page, err := s.Duties(ctx, f, june)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range page.Duties {
			if seen[d.ID] {
				t.Errorf("duty %d twice", d.ID)
			}
			seen[d.ID] = true
		}
		if page.Next.ID == 0 {
			break
		}
		if f.After, err = ParseCursor(page.Next.String()); err != nil || f.After != page.Next {
			t.Fatal(f.After, err)
		}
	}
	if len(seen) != 8 {
		t.Errorf("%d duties on all pages, want 8", len(seen))
	}
	for _, bad := range []string{"x", "2021-06-11", "2021-06-11.", "2021-02-30.4", "2021-06-11.-4", "2021-06-11.4 "} {
		if _, err := ParseCursor(bad); err == nil {
			t.Errorf("ParseCursor(%q) passes", bad)
		}
	}
}

func TestOccurrences(t *testing.T) {
	tests := []struct {
		name string
		rule Rule
		want string
	}{
		{"once", Rule{DueOn: civil.MustDate("2021-12-31")}, "2021 from 2021-06-11 to  due 2021-12-31"},
		{"quarters", Rule{Every: workplan.Quarterly, Until: civil.MustDate("2021-09-01")}, "2021Q2 from 2021-04-01 to 2021-06-30 due 2021-06-30; 2021Q3 from 2021-07-01 to 2021-09-30 due 2021-09-30"},
		{"half-years", Rule{Every: workplan.HalfYear}, "2021Q2 from 2021-01-01 to 2021-06-30 due 2021-06-30; 2021Q4 from 2021-07-01 to 2021-12-31 due 2021-12-31"},
		{"yearly report", Rule{Every: workplan.Yearly, Month: 1, Day: 31, After: true}, "2021 from 2022-01-01 to 2022-12-31 due 2022-01-31"},
		{"a day of the year", Rule{Every: workplan.Yearly, Month: 2, Day: 31}, "2021 from 2021-01-01 to 2021-12-31 due 2021-02-28"},
		{"always", Rule{Every: workplan.Always}, "2021 from 2021-01-01 to 2021-12-31 due 2021-12-31"},
	}
	for _, tt := range tests {
		got := ""
		for i, o := range tt.rule.Occurrences(june, civil.MustDate("2021-12-31")) {
			if i > 0 {
				got += "; "
			}
			got += o.Period.String() + " from " + o.Opens.String() + " to " + o.Closes.String() + " due " + o.Due.String()
		}
		if got != tt.want {
			t.Errorf("%s: %s\nwant %s", tt.name, got, tt.want)
		}
	}
}
