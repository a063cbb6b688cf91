package law

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
)

func TestDueExplainsEveryDay(t *testing.T) {
	due, err := Standard().Due(date("2026-02-10"), 7)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range due.Steps {
		line := s.Date.String()[5:] + " " + s.Kind.String()
		if s.Counted {
			line += " +"
		}
		got = append(got, line)
	}
	want := []string{
		"02-10 start", "02-11 workday +", "02-12 workday +", "02-13 workday +", "02-14 makeup_workday +",
		"02-15 holiday", "02-16 holiday", "02-17 holiday", "02-18 holiday", "02-19 holiday",
		"02-20 holiday", "02-21 holiday", "02-22 holiday", "02-23 holiday",
		"02-24 workday +", "02-25 workday +", "02-26 workday +",
	}
	if !slices.Equal(got, want) {
		t.Errorf("steps:\n got %q\nwant %q", got, want)
	}
	if due.Due != date("2026-02-26") || due.Provisional || due.Unit != Workdays {
		t.Errorf("got %s, provisional %v, unit %v", due.Due, due.Provisional, due.Unit)
	}
	if !strings.Contains(due.Steps[5].Why, "国办发明电〔2025〕7号") {
		t.Errorf("the holiday does not name its notice: %q", due.Steps[5].Why)
	}
}

func TestDueIsProvisionalWhereItPassesUnknownDays(t *testing.T) {
	tests := []struct {
		from string
		days int
		want bool
	}{
		{"2026-12-01", 18, false}, // ends on the 25th
		{"2026-12-01", 20, true},
		{"2026-12-31", 0, false}, // nothing is counted
		{"2027-03-01", 1, true},
		{"2005-03-01", 1, true},
		{"2021-06-11", 20, false},
	}
	for _, tt := range tests {
		due, err := Standard().Due(date(tt.from), tt.days)
		if err != nil || due.Provisional != tt.want {
			t.Errorf("Due(%s, %d): provisional %v (due %s, %v), want %v", tt.from, tt.days, due.Provisional, due.Due, err, tt.want)
		}
	}
}

// Calendar days: 预算法第十四条 says 二十日, and the last day rolls.
func TestDueCalendarDays(t *testing.T) {
	tests := []struct {
		from string
		days int
		roll Roll
		want string
	}{
		{"2026-01-28", 20, RollForward, "2026-02-24"}, // the 17th is within the Spring Festival
		{"2026-01-28", 20, RollNone, "2026-02-17"},
		{"2026-01-25", 20, RollForward, "2026-02-14"}, // a Saturday that is worked
		{"2026-03-02", 20, RollForward, "2026-03-23"}, // the 22nd is a Sunday
		{"2026-03-03", 20, RollForward, "2026-03-23"},
		{"2026-03-07", 0, RollForward, "2026-03-07"},
	}
	for _, tt := range tests {
		due, err := Standard().DueCalendarDays(date(tt.from), tt.days, tt.roll)
		if err != nil {
			t.Fatal(err)
		}
		counted := 0
		for _, s := range due.Steps {
			if s.Counted {
				counted++
			}
		}
		if due.Due != date(tt.want) || counted != tt.days || due.Steps[len(due.Steps)-1].Date != due.Due {
			t.Errorf("%s + %d: due %s with %d counted, want %s", tt.from, tt.days, due.Due, counted, tt.want)
		}
	}
}

func TestDueRefuses(t *testing.T) {
	c := Standard()
	tests := map[string]func() (Due, error){
		"no date":            func() (Due, error) { return c.Due(civil.Date{}, 1) },
		"far date":           func() (Due, error) { return c.Due(date("9999-12-31"), 1) },
		"too many":           func() (Due, error) { return c.Due(date("2026-01-01"), MaxDueDays+1) },
		"smallest int":       func() (Due, error) { return c.Due(date("2026-01-01"), math.MinInt) },
		"negative calendar":  func() (Due, error) { return c.DueCalendarDays(date("2026-01-01"), -1, RollForward) },
		"many calendar days": func() (Due, error) { return c.DueCalendarDays(date("2026-01-01"), math.MaxInt, RollNone) },
		"hours": func() (Due, error) {
			term, _ := TermOf(TermOpinionFirst)
			return c.DueOf(term, date("2026-01-01"))
		},
	}
	for name, f := range tests {
		if _, err := f(); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: got %v, want an invalid fault", name, err)
		}
	}
}

func TestDueOfTerms(t *testing.T) {
	tests := []struct {
		code       TermCode
		from, want string
	}{
		{TermReply, "2026-02-10", "2026-03-16"},
		{TermCorrectNotice, "2026-02-10", "2026-02-26"},
		{TermThirdParty, "2026-04-30", "2026-05-25"},
		{TermBudget, "2026-01-28", "2026-02-24"},
		{TermReview, "2026-03-02", "2026-05-06"}, // 60 days end on 1 May
		{TermSuit, "2025-08-31", "2026-02-28"},   // the month has no 31st; a worked Saturday
	}
	for _, tt := range tests {
		term, ok := TermOf(tt.code)
		if !ok {
			t.Fatalf("no term %s", tt.code)
		}
		due, err := Standard().DueOf(term, date(tt.from))
		if err != nil || due.Due != date(tt.want) || due.Days != term.N || !strings.HasPrefix(due.Basis, term.Article) {
			t.Errorf("%s from %s: %s (%d, %q, %v), want %s", tt.code, tt.from, due.Due, due.Days, due.Basis, err, tt.want)
		}
	}
}
