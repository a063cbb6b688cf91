package law

import (
	"gongkai/internal/civil"
)

// Dates between which working days are counted. Arithmetic stops at these
// ends, so that no count, however large, runs on for long.
var (
	earliest = civil.MustDate("1900-01-01")
	latest   = civil.MustDate("2200-12-31")

	firstInstant               = firstDay.Time().Unix()
	earliestIndex, latestIndex = index(earliest), index(latest)
)

// AddWorkdays is the n-th working day after from, or before it where n is
// negative; from itself never counts. AddWorkdays(d, 0) is d. Counts that
// leave the years 1900 to 2200 stop at that end.
func (c *Calendar) AddWorkdays(from civil.Date, n int) civil.Date {
	step, left := 1, n
	if n < 0 {
		step, left = -1, -n
	}
	start := index(from)
	i := start
	for left > 0 && (step < 0 && i > earliestIndex || step > 0 && i < latestIndex) {
		i += step
		if c.worked(i) {
			left--
		}
	}
	return from.AddDays(i - start)
}

// WorkdaysBetween counts the working days after a up to and including b. It is
// negative where b lies before a: WorkdaysBetween(a, b) is always
// -WorkdaysBetween(b, a). Days outside of the years 1900 to 2200 do not count.
func (c *Calendar) WorkdaysBetween(a, b civil.Date) int {
	if b.Before(a) {
		return -c.WorkdaysBetween(b, a)
	}
	n := 0
	for i := max(index(a)+1, earliestIndex); i <= min(index(b), latestIndex); i++ {
		if c.worked(i) {
			n++
		}
	}
	return n
}

// index is the number of days from firstDay to d; it holds for every year that
// a date can have, as differences of instants do not.
func index(d civil.Date) int {
	const day = 24 * 60 * 60
	return int((d.Time().Unix() - firstInstant) / day)
}

// worked tells whether offices work on the i-th day after firstDay.
func (c *Calendar) worked(i int) bool {
	if i >= 0 && i < len(c.days) {
		return c.days[i].kind.Worked()
	}
	kind, _ := c.look(firstDay.AddDays(i))
	return kind.Worked()
}
