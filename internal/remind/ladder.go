package remind

import (
	"cmp"
	"slices"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/law"
)

// Audience is a set of those who hear of something.
type Audience uint8

// Who hears of something.
const (
	Holders   Audience = 1 << iota // who has to do it
	UnitHeads                      // who heads the unit
	Offices                        // who oversees the unit
)

// Rung is one step of a ladder.
type Rung struct {
	Days int // working days after the day that counts; negative before it
	To   Audience
}

// Settings say when whom is told. Rungs may stand in any order.
type Settings struct {
	ByDue  []Rung // for what has a last day, counted from it
	ByWait []Rung // for what has none, counted from the day since which it waits
	Lines  int    // of each kind in a letter; the rest is counted. 0 is 30
}

// DefaultSettings remind 10, 3 and 1 working days before the last day and on
// it; the unit's head hears of what is 3 working days late, the office of what
// is 5.
func DefaultSettings() Settings {
	return Settings{
		ByDue: []Rung{{-10, Holders}, {-3, Holders}, {-1, Holders}, {0, Holders}, {1, Holders},
			{3, Holders | UnitHeads}, {5, Holders | UnitHeads | Offices}},
		ByWait: []Rung{{0, Holders}, {3, Holders}, {5, Holders | UnitHeads}, {10, Holders | UnitHeads | Offices}},
		Lines:  30,
	}
}

const maxDays = 250

// Check refuses ladders that tell nobody anything or the same day twice.
func (s Settings) Check() error {
	for _, ladder := range [][]Rung{s.ByDue, s.ByWait} {
		seen := map[int]bool{}
		for _, r := range ladder {
			if r.To == 0 || r.To > Holders|UnitHeads|Offices || r.Days < -maxDays || r.Days > maxDays || seen[r.Days] {
				return fault.New(fault.Invalid, "remind_ladder", "提醒设置里“%d个工作日”不对：每个天数只写一次，在前后%d个工作日以内，并写明提醒谁。", r.Days, maxDays).At("remind")
			}
			seen[r.Days] = true
		}
	}
	return nil
}

// sorted is the settings with their rungs in the order of days.
func (s Settings) sorted() Settings {
	for _, ladder := range []*[]Rung{&s.ByDue, &s.ByWait} {
		*ladder = slices.SortedFunc(slices.Values(*ladder), func(a, b Rung) int { return cmp.Compare(a.Days, b.Days) })
	}
	s.Lines = cmp.Or(s.Lines, 30)
	return s
}

// through is the last day that any rung speaks of on the day today.
func (s Settings) through(calendar *law.Calendar, today civil.Date) civil.Date {
	if len(s.ByDue) == 0 || s.ByDue[0].Days >= 0 {
		return today
	}
	return calendar.AddWorkdays(today, -s.ByDue[0].Days+1)
}

// away is how many working days today lies after the day that counts for a
// task; negative before it. A last day that is a day of rest counts as the
// working day before it.
func away(calendar *law.Calendar, t Task, today civil.Date) int {
	if t.Due.IsZero() {
		return calendar.WorkdaysBetween(t.Since, today)
	}
	return calendar.WorkdaysBetween(t.Due, today)
}

// reached is the rung that a task has reached on the day: the last one that is
// not ahead. ok is false where none is.
func (s Settings) reached(calendar *law.Calendar, t Task, today civil.Date) (r Rung, ok bool) {
	ladder := s.ByDue
	if t.Due.IsZero() {
		ladder = s.ByWait
	}
	n := away(calendar, t, today)
	for _, rung := range ladder {
		if rung.Days <= n {
			r, ok = rung, true
		}
	}
	return r, ok
}
