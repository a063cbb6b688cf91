package law

import (
	"gongkai/internal/civil"
)

// Dates between which working days are counted. Arithmetic stops at these
// ends, so that no count, however large, runs on for ever.
var (
	earliest = civil.MustDate("1000-01-01")
	latest   = civil.MustDate("9999-12-31")
)

// AddWorkdays is the n-th working day after from, or before it where n is
// negative; from itself never counts. AddWorkdays(d, 0) is d. Counts that
// leave the years 1000 to 9999 stop at that end.
func (c *Calendar) AddWorkdays(from civil.Date, n int) civil.Date {
	step, left := 1, n
	if n < 0 {
		step, left = -1, -n
	}
	d := from
	for left > 0 && inReach(d, step) {
		d = d.AddDays(step)
		if c.IsWorkday(d) {
			left--
		}
	}
	return d
}

func inReach(d civil.Date, step int) bool {
	if step < 0 {
		return d.After(earliest)
	}
	return d.Before(latest)
}

// WorkdaysBetween counts the working days after a up to and including b. It is
// negative where b lies before a: WorkdaysBetween(a, b) is always
// -WorkdaysBetween(b, a).
func (c *Calendar) WorkdaysBetween(a, b civil.Date) int {
	if b.Before(a) {
		return -c.WorkdaysBetween(b, a)
	}
	n := 0
	for d := a; d.Before(b); {
		if d = d.AddDays(1); c.IsWorkday(d) {
			n++
		}
	}
	return n
}
