package law

import (
	"strings"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
)

func date(s string) civil.Date { return civil.MustDate(s) }

// The worked examples T1 to T4 of the fact sheet, and one day of each kind.
func TestDay(t *testing.T) {
	tests := []struct {
		date        string
		kind        DayKind
		provisional bool
		why         string // part of it
	}{
		{"2026-02-14", MakeupWorkday, false, "春节调休上班，见《国务院办公厅关于2026年部分节假日安排的通知》"}, // T1
		{"2026-02-16", Holiday, false, "春节放假，见《"},                                 // T2
		{"2026-01-04", MakeupWorkday, false, "元旦调休上班"},                            // T3
		{"2025-05-31", Holiday, false, "端午节放假"},                                   // T4
		{"2021-06-11", Workday, false, "星期五，工作日"},
		{"2021-06-19", Weekend, false, "星期六，周休息日"},
		{"2018-12-30", Holiday, false, "2019年"},       // named by the next year's notice
		{"2018-12-29", MakeupWorkday, false, "2019年"}, // likewise
		{"2020-01-31", Holiday, false, "国办发明电〔2020〕1号"},
		{"2020-02-01", Holiday, false, "延长2020年春节假期"}, // a make-up day before the extension
		{"2015-09-03", Holiday, false, "国发明电〔2015〕1号"},
		{"2006-12-30", MakeupWorkday, true, "2007年"}, // 2006's notice is not carried
		{"2026-12-27", Weekend, false, "星期日"},        // before the days that 2027's may touch
		{"2026-12-28", Workday, true, "没有收录2027年"},
		{"2027-02-05", Holiday, true, "春节放假，按固定规则推算"},
		{"2027-02-09", Holiday, true, "春节补假"}, // in place of Saturday the 6th
		{"2027-02-10", Holiday, true, "春节补假"}, // in place of Sunday the 7th
		{"2027-02-11", Workday, true, "没有收录2027年"},
		{"2060-10-01", Holiday, true, "国庆节放假，按固定规则推算"}, // beyond the table
		{"2060-10-09", Weekend, true, "星期六"},
		{"1990-03-05", Workday, true, "星期一"}, // before the table
	}
	for _, tt := range tests {
		got := Standard().Day(date(tt.date))
		if got.Kind != tt.kind || got.Provisional != tt.provisional || got.Workday != tt.kind.Worked() {
			t.Errorf("%s: got kind %v, workday %v, provisional %v; want %v, %v", tt.date, got.Kind, got.Workday, got.Provisional, tt.kind, tt.provisional)
		}
		if !strings.Contains(got.Why, tt.why) || got.Basis == "" {
			t.Errorf("%s: got why %q and basis %q, want %q in it", tt.date, got.Why, got.Basis, tt.why)
		}
	}
}

// The examples T5 to T11.
func TestAddWorkdays(t *testing.T) {
	tests := []struct {
		from string
		n    int
		want string
	}{
		{"2025-09-30", 1, "2025-10-09"},  // T5
		{"2026-02-10", 20, "2026-03-16"}, // T6
		{"2026-02-10", 7, "2026-02-26"},  // T7
		{"2026-09-18", 20, "2026-10-22"}, // T8
		{"2025-12-31", 1, "2026-01-04"},  // T9
		{"2026-04-30", 15, "2026-05-25"}, // T10
		{"2025-01-20", 40, "2025-03-21"}, // T11
		{"2026-02-16", 0, "2026-02-16"},
		{"2026-02-24", -1, "2026-02-14"},
		{"2026-10-22", -20, "2026-09-18"},
		{"2026-01-01", 1 << 40, "2200-12-31"},
		{"2026-01-01", -1 << 40, "1900-01-01"},
		{"9999-12-30", 1 << 40, "9999-12-30"},
	}
	for _, tt := range tests {
		if got := Standard().AddWorkdays(date(tt.from), tt.n); got != date(tt.want) {
			t.Errorf("AddWorkdays(%s, %d) = %s, want %s", tt.from, tt.n, got, tt.want)
		}
	}
}

// Far outside of the table the week still holds.
func TestWeekHoldsInEveryYear(t *testing.T) {
	for year := 1000; year <= 9990; year += 37 {
		for d := civil.On(year, 7, 1); d.Day() < 15; d = d.AddDays(1) {
			if got := Standard().IsWorkday(d); got == weekend(d) {
				t.Errorf("%s, a %v: workday is %v", d, d.Weekday(), got)
			}
		}
	}
}

func TestWorkdaysBetween(t *testing.T) {
	tests := []struct {
		a, b string
		want int
	}{
		{"2026-02-10", "2026-03-16", 20},
		{"2026-03-16", "2026-02-10", -20},
		{"2026-02-15", "2026-02-23", 0},
		{"2026-02-13", "2026-02-24", 2},
		{"2026-02-13", "2026-02-13", 0},
		{"2020-12-31", "2021-12-31", 250},
		{"2201-01-01", "9999-12-31", 0},
	}
	for _, tt := range tests {
		if got := Standard().WorkdaysBetween(date(tt.a), date(tt.b)); got != tt.want {
			t.Errorf("WorkdaysBetween(%s, %s) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

const notice2027 = `{
  "year": 2027,
  "papers": [{"title": "国务院办公厅关于2027年部分节假日安排的通知"}],
  "holidays": [
    {"name": "元旦", "off": ["2027-01-01..2027-01-03"]},
    {"name": "春节", "off": ["2027-02-05..2027-02-12"], "work": ["2027-02-14", "2027-02-20"]},
    {"name": "清明节", "off": ["2027-04-03..2027-04-05"]},
    {"name": "劳动节", "off": ["2027-05-01..2027-05-05"], "work": ["2027-05-08"]},
    {"name": "端午节", "off": ["2027-06-09"]},
    {"name": "中秋节", "off": ["2027-09-15"]},
    {"name": "国庆节", "off": ["2027-10-01..2027-10-07"], "work": ["2027-10-09"]}
  ]
}`

// An uploaded notice makes its year certain, leaves the old calendar as it
// was, and Diff shows what it changes.
func TestWithNotice(t *testing.T) {
	old := Standard()
	n, err := ParseNotice([]byte(notice2027))
	if err != nil {
		t.Fatal(err)
	}
	c, err := old.With(n)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"2027-03-01", "2026-12-31", "2027-02-14"} {
		if day := c.Day(date(s)); day.Provisional || !day.Workday {
			t.Errorf("%s: %+v, want a certain workday", s, day)
		}
		if !old.Day(date(s)).Provisional {
			t.Errorf("%s: With changed its receiver", s)
		}
	}
	changes := Diff(old, c, date("2027-02-01"), date("2027-02-28"))
	var got []string
	for _, ch := range changes {
		got = append(got, ch.Date.String()+" "+ch.Old.Kind.String()+">"+ch.New.Kind.String())
	}
	want := "2027-02-09 holiday>holiday 2027-02-10 holiday>holiday 2027-02-11 workday>holiday " +
		"2027-02-12 workday>holiday 2027-02-14 weekend>makeup_workday 2027-02-20 weekend>makeup_workday"
	if strings.Join(got, " ") != want {
		t.Errorf("Diff:\n got %s\nwant %s", strings.Join(got, " "), want)
	}
	if n.Holidays[0].Name = "改了"; c.Day(date("2027-01-01")).Name != "元旦" || c.Notices()[20].Holidays[0].Name != "元旦" {
		t.Error("the calendar shares memory with the notice it was given")
	}
}

func TestVersionFollowsContent(t *testing.T) {
	n, err := ParseNotice([]byte(notice2027))
	if err != nil {
		t.Fatal(err)
	}
	a, _ := Standard().With(n)
	b, _ := a.With(n)
	local, err := a.WithLocal([]Override{{date("2027-11-13"), true, "盘王节", "自治县规定"}})
	if err != nil {
		t.Fatal(err)
	}
	back, _ := local.WithLocal(nil)
	if Standard().Version() == a.Version() || a.Version() == local.Version() {
		t.Error("different calendars have one version")
	}
	if a.Version() != b.Version() || a.Version() != back.Version() {
		t.Error("equal calendars have different versions")
	}
}

func TestLocalDays(t *testing.T) {
	c, err := Standard().WithLocal([]Override{
		{date("2026-11-25"), true, "盘王节", "自治县人民代表大会常务委员会决定"},
		{date("2026-11-28"), false, "盘王节", "自治县人民代表大会常务委员会决定"},
		{date("2026-02-14"), true, "县庆", "县人民政府通告"},
	})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		date string
		kind DayKind
	}{{"2026-11-25", LocalHoliday}, {"2026-11-28", LocalWorkday}, {"2026-02-14", LocalHoliday}, {"2026-02-16", Holiday}}
	for _, tt := range tests {
		if day := c.Day(date(tt.date)); day.Kind != tt.kind {
			t.Errorf("%s is %v, want %v", tt.date, day.Kind, tt.kind)
		}
	}
	if day := c.Day(date("2026-11-25")); day.Basis != "自治县人民代表大会常务委员会决定" || day.Name != "盘王节" {
		t.Errorf("the local day does not name its basis: %+v", day)
	}
	if got := c.AddWorkdays(date("2026-11-24"), 1); got != date("2026-11-26") {
		t.Errorf("the day after 11-24 is %s, want 2026-11-26", got)
	}
	bad := map[string][]Override{
		"no basis": {{Date: date("2026-11-25"), Name: "节"}},
		"no name":  {{Date: date("2026-11-25"), Basis: "规定"}},
		"no date":  {{Name: "节", Basis: "规定"}},
		"twice":    {{date("2026-11-25"), true, "节", "规定"}, {date("2026-11-25"), false, "节", "规定"}},
	}
	for name, overrides := range bad {
		if _, err := Standard().WithLocal(overrides); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: got %v, want an invalid fault", name, err)
		}
	}
}

// Without a notice the decree's thirteen days are off, and each one that falls
// on a weekend is given back on a weekday.
func TestExpectedYears(t *testing.T) {
	for year := 2027; year <= LastYear; year++ {
		off := expected(year)
		weekdaysOff, fixedDays := 0, map[civil.Date]bool{}
		for d := range off {
			if !weekend(d) {
				weekdaysOff++
			}
			if day := Standard().Day(d); day.Kind != Holiday || !day.Provisional {
				t.Errorf("%s: %+v, want a provisional holiday", d, day)
			}
		}
		for _, f := range festivals(year) {
			fixedDays[f.date] = true
		}
		if weekdaysOff != len(fixedDays) {
			t.Errorf("%d: %d weekdays off for %d fixed days", year, weekdaysOff, len(fixedDays))
		}
	}
}
