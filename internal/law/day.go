package law

import (
	"fmt"
	"time"

	"gongkai/internal/civil"
)

// Day is what the calendar says of one date.
type Day struct {
	Date        civil.Date `json:"date"`
	Workday     bool       `json:"workday"`
	Kind        DayKind    `json:"kind"`
	Name        string     `json:"name,omitempty"` // of the festival, where there is one
	Why         string     `json:"why"`            // Chinese; names the notice where one decides
	Basis       string     `json:"basis"`          // the text that decides
	Provisional bool       `json:"provisional"`    // may change with a notice that is not known yet
}

const (
	weekBasis = "《国务院关于职工工作时间的规定》第七条"

	// yearEnd is the first day of December that the next year's notice has
	// ever touched, less one: days from here on wait for that notice.
	yearEnd = 28
)

// Day tells what sort of day d is. It costs one table lookup.
func (c *Calendar) Day(d civil.Date) Day {
	kind, r := c.look(d)
	day := Day{Date: d, Workday: kind.Worked(), Kind: kind, Name: r.name, Why: r.why, Basis: r.basis}
	if r.why == "" {
		day.Why = WeekdayName(d) + "，" + kind.Label()
		day.Basis = weekBasis
	}
	if missing := c.missingYear(d); missing != 0 && !within(kind, LocalHoliday, LocalWorkday) {
		day.Provisional = true
		day.Why += fmt.Sprintf("；暂估：没有收录%d年的放假安排通知", missing)
	}
	return day
}

// missingYear is the year whose notice could still change d, 0 where none can.
func (c *Calendar) missingYear(d civil.Date) int {
	year := d.Year()
	if _, ok := c.notices[year]; !ok {
		return year
	}
	if d.Month() == time.December && d.Day() >= yearEnd {
		if _, ok := c.notices[year+1]; !ok {
			return year + 1
		}
	}
	return 0
}

// look finds d in the table; outside of it only the week and the days of the
// Gregorian calendar are known.
func (c *Calendar) look(d civil.Date) (DayKind, reason) {
	if i := index(d); i >= 0 && i < len(c.days) {
		m := c.days[i]
		return m.kind, c.reasons[m.reason]
	}
	if name, off := expected(d.Year())[d]; off {
		return Holiday, expectedReason(name, d.Year())
	}
	return ordinary(index(d)), reason{}
}

// IsWorkday tells whether offices work on d.
func (c *Calendar) IsWorkday(d civil.Date) bool { return c.worked(index(d)) }

// Change is one date on which two calendars differ.
type Change struct {
	Date     civil.Date
	Old, New Day
}

// Diff lists the dates from 'from' to 'to', both included, whose kind or name
// differs between before and after: what an upload would change.
func Diff(before, after *Calendar, from, to civil.Date) []Change {
	var out []Change
	for d := from; !d.After(to); d = d.AddDays(1) {
		a, b := before.Day(d), after.Day(d)
		if a.Kind != b.Kind || a.Name != b.Name {
			out = append(out, Change{d, a, b})
		}
	}
	return out
}
