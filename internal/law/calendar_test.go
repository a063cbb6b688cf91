package law

import (
	"testing"

	"gongkai/internal/civil"
)

func date(s string) civil.Date { return civil.MustDate(s) }

// The worked examples T1 to T4 of the fact sheet, and one day of each kind.
func TestDay(t *testing.T) {
	tests := []struct {
		date        string
		workday     bool
		kind        DayKind
		provisional bool
	}{
		{"2026-02-14", true, MakeupWorkday, false}, // T1
		{"2026-02-16", false, Holiday, false},      // T2
		{"2026-01-04", true, MakeupWorkday, false}, // T3
		{"2025-05-31", false, Holiday, false},      // T4
		{"2021-06-11", true, Workday, false},
		{"2021-06-19", false, Weekend, false},
		{"2018-12-30", false, Holiday, false},      // named by the notice of 2019
		{"2018-12-29", true, MakeupWorkday, false}, // likewise
		{"2020-01-31", false, Holiday, false},      // the extension of 2020
		{"2020-02-01", false, Holiday, false},      // a make-up day, until the extension
		{"2015-09-03", false, Holiday, false},      // the second notice of 2015
		{"2006-12-30", true, MakeupWorkday, true},  // named by 2007's notice; 2006's is not carried
		{"2026-12-27", false, Weekend, false},      // before the days that 2027's notice may touch
		{"2026-12-28", true, Workday, true},        // from here on it may
		{"2027-02-05", false, Holiday, true},       // the eve, by the fixed rules
		{"2027-02-09", false, Holiday, true},       // in place of Saturday the 6th
		{"2027-02-10", false, Holiday, true},       // in place of Sunday the 7th
		{"2027-02-11", true, Workday, true},        //
		{"2060-10-01", false, Holiday, true},       // beyond the table
		{"2060-10-09", false, Weekend, true},       // a Saturday
		{"1990-03-05", true, Workday, true},        // before the table, a Monday
	}
	for _, tt := range tests {
		got := Standard().Day(date(tt.date))
		if got.Workday != tt.workday || got.Kind != tt.kind || got.Provisional != tt.provisional {
			t.Errorf("%s: got workday %v, kind %v, provisional %v; want %v, %v, %v",
				tt.date, got.Workday, got.Kind, got.Provisional, tt.workday, tt.kind, tt.provisional)
		}
		if got.Why == "" || got.Basis == "" {
			t.Errorf("%s: no reason (%q) or basis (%q)", tt.date, got.Why, got.Basis)
		}
	}
}
