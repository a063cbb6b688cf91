package law

import (
	"time"

	"gongkai/internal/civil"
)

// festival is one day that the holiday decree fixes. nth is 0 for the day of
// the festival itself; the eve and the days after carry their distance.
type festival struct {
	name string
	date civil.Date
	nth  int
}

// decree is a version of 全国年节及纪念日放假办法: the years it holds for and
// the days off that it fixes.
type decree struct {
	fromYear int
	citation string
	days     []decreeDays
}

// decreeDays is one festival's days: those from nth 'first' to nth 'last'.
type decreeDays struct {
	name        string
	day         func(year int) (civil.Date, bool)
	first, last int
}

var decrees = []decree{
	{2025, "《全国年节及纪念日放假办法》第二条（国务院令第795号，13天）", []decreeDays{
		{"元旦", fixed(time.January, 1), 0, 0},
		{"春节", lunar(springFestival), -1, 2},
		{"清明节", lunar(clearBright), 0, 0},
		{"劳动节", fixed(time.May, 1), 0, 1},
		{"端午节", lunar(dragonBoat), 0, 0},
		{"中秋节", lunar(midAutumn), 0, 0},
		{"国庆节", fixed(time.October, 1), 0, 2},
	}},
	{2014, "《全国年节及纪念日放假办法》第二条（国务院令第644号，11天）", []decreeDays{
		{"元旦", fixed(time.January, 1), 0, 0},
		{"春节", lunar(springFestival), 0, 2},
		{"清明节", lunar(clearBright), 0, 0},
		{"劳动节", fixed(time.May, 1), 0, 0},
		{"端午节", lunar(dragonBoat), 0, 0},
		{"中秋节", lunar(midAutumn), 0, 0},
		{"国庆节", fixed(time.October, 1), 0, 2},
	}},
	{2008, "《全国年节及纪念日放假办法》第二条（国务院令第513号，11天）", []decreeDays{
		{"元旦", fixed(time.January, 1), 0, 0},
		{"春节", lunar(springFestival), -1, 1},
		{"清明节", lunar(clearBright), 0, 0},
		{"劳动节", fixed(time.May, 1), 0, 0},
		{"端午节", lunar(dragonBoat), 0, 0},
		{"中秋节", lunar(midAutumn), 0, 0},
		{"国庆节", fixed(time.October, 1), 0, 2},
	}},
	{2000, "《全国年节及纪念日放假办法》第二条（国务院令第270号，10天）", []decreeDays{
		{"元旦", fixed(time.January, 1), 0, 0},
		{"春节", lunar(springFestival), 0, 2},
		{"劳动节", fixed(time.May, 1), 0, 2},
		{"国庆节", fixed(time.October, 1), 0, 2},
	}},
	{0, "《全国年节及纪念日放假办法》第二条（1949年，7天）", []decreeDays{
		{"元旦", fixed(time.January, 1), 0, 0},
		{"春节", lunar(springFestival), 0, 2},
		{"劳动节", fixed(time.May, 1), 0, 0},
		{"国庆节", fixed(time.October, 1), 0, 1},
	}},
}

func decreeOf(year int) decree {
	for _, d := range decrees {
		if year >= d.fromYear {
			return d
		}
	}
	return decrees[len(decrees)-1]
}

// fixed is a day of the Gregorian calendar.
func fixed(m time.Month, day int) func(int) (civil.Date, bool) {
	return func(year int) (civil.Date, bool) { return civil.On(year, m, day), true }
}

// festivals lists the days off that the decree in force fixes for a year, in
// order of the decree. Lunar festivals are left out where the table ends.
func festivals(year int) []festival {
	var out []festival
	for _, rule := range decreeOf(year).days {
		day, known := rule.day(year)
		for nth := rule.first; known && nth <= rule.last; nth++ {
			out = append(out, festival{rule.name, day.AddDays(nth), nth})
		}
	}
	return out
}

// expected lists the days off of a year without a notice: the fixed days, and
// for each that falls on a weekend the next free weekday (article 6 of the
// decree). Two festivals on one day count once.
func expected(year int) map[civil.Date]string {
	off := map[civil.Date]string{}
	var days []festival
	for _, f := range festivals(year) {
		if _, twice := off[f.date]; !twice {
			off[f.date] = f.name
			days = append(days, f)
		}
	}
	for _, f := range days {
		if !weekend(f.date) {
			continue
		}
		d := f.date
		for taken := true; taken || weekend(d); _, taken = off[d] {
			d = d.AddDays(1)
		}
		off[d] = f.name + "补假"
	}
	return off
}

// expectedReason is why a day of expected is off.
func expectedReason(name string, year int) reason {
	return reason{name, name + "放假，按固定规则推算", decreeOf(year).citation + "、第六条"}
}
