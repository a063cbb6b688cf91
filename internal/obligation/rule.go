package obligation

import (
	"gongkai/internal/civil"
	"gongkai/internal/obligation/workplan"
)

// Rule says when an obligation is owed. Exactly one of DueOn and Every is set.
type Rule struct {
	Every workplan.Every  `json:"every,omitempty"`
	DueOn civil.Date      `json:"due_on,omitzero"` // owed once, until this day
	Month int             `json:"month,omitempty"` // with Yearly: until this month and day,
	Day   int             `json:"day,omitempty"`   // 0 for the end of the period,
	After bool            `json:"after,omitempty"` // of the year that follows the period (条例第四十九条)
	Until civil.Date      `json:"until,omitzero"`  // the last day on which a period may begin; zero: no end
	Limit *workplan.Limit `json:"limit,omitempty"` // of each single record, from the event it reports
}

// Occurrence is one time that an obligation is owed.
type Occurrence struct {
	Period civil.Period
	Opens  civil.Date // a record published before does not count
	Closes civil.Date // a record published later belongs to the next one; zero: never
	Due    civil.Date
}

// periodMonths is the length of the period that each rhythm is counted in.
// What is owed always is looked at once a year; half-years are told by the
// quarter that they end with.
var periodMonths = map[workplan.Every]int{
	workplan.Monthly:   1,
	workplan.Quarterly: 3,
	workplan.HalfYear:  3,
	workplan.Yearly:    12,
	workplan.Always:    12,
}

// Occurrences lists when the obligation is owed: the periods that have begun by
// the day through, from the one that the day starts falls in.
func (r Rule) Occurrences(starts, through civil.Date) []Occurrence {
	if r.Every == workplan.Once {
		if r.DueOn.IsZero() || starts.After(through) {
			return nil
		}
		return []Occurrence{{Period: civil.Year(r.DueOn.Year()), Opens: starts, Due: r.DueOn}}
	}
	if !r.Until.IsZero() && r.Until.Before(through) {
		through = r.Until
	}
	var list []Occurrence
	for p := civil.PeriodOf(starts, periodMonths[r.Every]); !p.Start().After(through); p = p.Next() {
		if r.Every != workplan.HalfYear || p.End().Month()%6 == 0 {
			list = append(list, r.occurrence(p))
		}
	}
	return list
}

// occurrence is the one of a period.
func (r Rule) occurrence(p civil.Period) Occurrence {
	switch {
	case r.Month != 0 && r.After:
		next := p.Next()
		return Occurrence{p, next.Start(), next.End(), r.day(next)}
	case r.Month != 0:
		return Occurrence{p, p.Start(), p.End(), r.day(p)}
	case r.Every == workplan.HalfYear:
		return Occurrence{p, p.Start().AddMonths(-3), p.End(), p.End()}
	}
	return Occurrence{p, p.Start(), p.End(), p.End()}
}

// day is the rule's day in a year; where the month is shorter, its last day.
func (r Rule) day(year civil.Period) civil.Date {
	month := civil.PeriodOf(year.Start().AddMonths(r.Month-1), 1)
	return month.Start().AddDays(min(r.Day, month.End().Day()) - 1)
}
