package law

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/sharedtest"
)

// openDay is one line of the open data set, read without this package's own
// parser so that the two stay independent.
type openDay struct {
	Date string `json:"date"`
	Off  bool   `json:"isOffDay"`
}

func openYear(t *testing.T, year int) (days []openDay, papers []string, raw []byte) {
	t.Helper()
	raw, err := os.ReadFile(sharedtest.Path(t, "data", "holiday-cn", fmt.Sprintf("%d.json", year)))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Days   []openDay `json:"days"`
		Papers []string  `json:"papers"`
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	return file.Days, file.Papers, raw
}

// Every day of twenty years is what the open data set says it is.
func TestAgreesWithOpenData(t *testing.T) {
	named := map[string]bool{}
	for year := 2007; year <= 2027; year++ {
		days, _, _ := openYear(t, year)
		for _, d := range days {
			named[d.Date] = d.Off
		}
	}
	c, n, odd := Standard(), 0, 0
	for d := date("2007-01-01"); !d.After(date("2026-12-31")); d = d.AddDays(1) {
		want := !weekend(d)
		if off, ok := named[d.String()]; ok {
			want = !off
			odd++
		}
		if got := c.IsWorkday(d); got != want {
			t.Errorf("%s: workday is %v, want %v", d, got, want)
		}
		if day := c.Day(d); day.Workday != c.IsWorkday(d) {
			t.Errorf("%s: Day and IsWorkday differ", d)
		}
		n++
	}
	if n != 7305 || odd < 600 {
		t.Errorf("compared %d days, %d of them special", n, odd)
	}
}

// The open data set's files, uploaded into a calendar that knows nothing of
// them, give the same calendar as the program's own files.
func TestOpenDataCanBeUploaded(t *testing.T) {
	c := build(map[int]Notice{}, nil)
	for year := 2007; year <= 2026; year++ {
		_, papers, raw := openYear(t, year)
		n, err := ParseNotice(raw)
		if err != nil {
			t.Fatalf("%d: %v", year, err)
		}
		if c, err = c.With(n); err != nil {
			t.Fatalf("%d: %v", year, err)
		}
		own := Standard().notices[year]
		if len(own.Papers) != len(papers) {
			t.Fatalf("%d: %d papers, want %d", year, len(own.Papers), len(papers))
		}
		for i, p := range own.Papers {
			if p.URL != papers[i] || p.Number == "" {
				t.Errorf("%d: paper %v, want the address %s and a number", year, p, papers[i])
			}
		}
	}
	for d := date("2006-12-01"); !d.After(date("2027-01-31")); d = d.AddDays(1) {
		if got, want := c.Day(d).Kind, Standard().Day(d).Kind; got != want {
			t.Errorf("%s: uploaded %v, own %v", d, got, want)
		}
	}
}

// An empty year, as the data set holds it before the notice is out, must not
// replace the provisional days.
func TestEmptyYearIsRefused(t *testing.T) {
	_, _, raw := openYear(t, 2027)
	if _, err := ParseNotice(raw); err == nil {
		t.Error("2027 without days passes")
	}
}

// The fixed rules and the lunar table against twenty years of notices: what
// the decree fixes is off in all of them.
func TestFixedDaysAreOffInEveryNotice(t *testing.T) {
	for year := 2007; year <= 2026; year++ {
		want := map[int]int{2007: 10, 2008: 11, 2014: 11, 2025: 13}
		fs := festivals(year)
		if n, ok := want[year]; ok && len(fs) != n {
			t.Errorf("%d: the decree fixes %d days, want %d", year, len(fs), n)
		}
		for _, f := range fs {
			if Standard().IsWorkday(f.date) {
				t.Errorf("%s (%s, %+d) is worked", f.date, f.name, f.nth)
			}
		}
	}
}

func TestLunarTableIsPlausible(t *testing.T) {
	between := func(d, from, to civil.Date) bool { return !d.Before(from) && !d.After(to) }
	for year := firstLunarYear; year <= LastYear; year++ {
		on := func(column int) civil.Date { d, _ := lunar(column)(year); return d }
		spring, dragon, autumn := on(springFestival), on(dragonBoat), on(midAutumn)
		switch {
		case !between(spring, civil.On(year, 1, 21), civil.On(year, 2, 20)),
			!between(on(clearBright), civil.On(year, 4, 4), civil.On(year, 4, 5)),
			!within(dragon.Sub(spring), 121, 122, 123, 150, 151, 152),
			!within(autumn.Sub(dragon), 97, 98, 99, 126, 127, 128):
			t.Errorf("%d: %v, %v, %v, %v", year, spring, on(clearBright), dragon, autumn)
		}
	}
	if _, known := lunar(springFestival)(LastYear + 1); known {
		t.Error("the table knows a year beyond its end")
	}
}
