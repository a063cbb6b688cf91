package obligation

import (
	"encoding/json"

	"gongkai/internal/civil"
	"gongkai/internal/law"
)

// State is where a duty stands on a day. It is computed, never stored.
type State uint8

// The states, from best to worst: of several duties in a cell the last one
// shows.
const (
	NotApplicableState State = iota // 不适用
	NilReport                       // 零报告
	Fulfilled                       // 已公开
	NotDue                          // 未到期
	FulfilledLate                   // 逾期公开
	DueSoon                         // 即将到期
	DisputedState                   // 有异议
	Overdue                         // 逾期未公开
	stateCount
)

var stateWords = [stateCount]struct{ code, label string }{
	NotApplicableState: {"not_applicable", "不适用"},
	NilReport:          {"nil_report", "零报告"},
	Fulfilled:          {"fulfilled", "已公开"},
	NotDue:             {"not_due", "未到期"},
	FulfilledLate:      {"fulfilled_late", "逾期公开"},
	DueSoon:            {"due_soon", "即将到期"},
	DisputedState:      {"disputed", "有异议"},
	Overdue:            {"overdue", "逾期未公开"},
}

// States lists all states from best to worst.
func States() []State {
	all := make([]State, stateCount)
	for i := range all {
		all[i] = State(i)
	}
	return all
}

// String is the stable English code.
func (s State) String() string { return stateWords[s].code }

// Label is the Chinese word for people.
func (s State) Label() string { return stateWords[s].label }

// MarshalText writes String.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// ParseState reads what String writes; ok is false for anything else.
func ParseState(code string) (s State, ok bool) {
	for i, w := range stateWords {
		if w.code == code {
			return State(i), true
		}
	}
	return 0, false
}

// DefaultSoonDays is how many working days before the due day a duty counts as
// due soon, unless configured otherwise.
const DefaultSoonDays = 10

// Reckoning is the day that states are told for. Make one with Reckon.
type Reckoning struct {
	Today civil.Date
	Soon  civil.Date // the last due day that is due soon
}

// Reckon makes the reckoning of a day: what falls due within so many working
// days is due soon. Zero days means only what falls due today.
func Reckon(calendar *law.Calendar, today civil.Date, soonDays int) Reckoning {
	soon := today
	if soonDays > 0 {
		soon = calendar.AddWorkdays(today, soonDays)
	}
	return Reckoning{today, soon}
}

// State tells where a duty stands. It looks at the duty alone; FirstMet of its
// evidence gives the duty's Met.
func (r Reckoning) State(d Duty) State {
	switch {
	case d.Exempt == NotApplicable || d.Exempt == Retired || d.Exempt == Moved:
		return NotApplicableState
	case !d.Met.On.IsZero() && d.Met.How == ByNilReport:
		return NilReport
	case !d.Met.On.IsZero() && d.Met.On.After(d.DueOn):
		return FulfilledLate
	case !d.Met.On.IsZero():
		return Fulfilled
	case d.Exempt == Disputed:
		return DisputedState
	case d.DueOn.Before(r.Today):
		return Overdue
	case !d.DueOn.After(r.Soon):
		return DueSoon
	}
	return NotDue
}

// FirstMet is the earliest evidence; of one day's a record goes before a nil
// report.
func FirstMet(evidence []Evidence) (m Met) {
	for _, e := range evidence {
		if m.On.IsZero() || e.On.Before(m.On) || e.On == m.On && e.How == ByRecord {
			m = Met{e.On, e.How}
		}
	}
	return m
}

// StateOf is the state of a duty on a day, from its evidence.
func StateOf(d Duty, evidence []Evidence, today civil.Date, calendar *law.Calendar) State {
	d.Met = FirstMet(evidence)
	return Reckon(calendar, today, DefaultSoonDays).State(d)
}

// Counts is a number of duties for each state.
type Counts [stateCount]int

// Add counts n duties of state s.
func (c *Counts) Add(s State, n int) { c[s] += n }

// Merge adds other to c.
func (c *Counts) Merge(other Counts) {
	for s, n := range other {
		c[s] += n
	}
}

// Of is the number of duties in state s.
func (c Counts) Of(s State) int { return c[s] }

// Total is the number of all duties.
func (c Counts) Total() (n int) {
	for _, k := range c {
		n += k
	}
	return n
}

// Done is the number of duties that are fulfilled in any way.
func (c Counts) Done() int { return c[Fulfilled] + c[FulfilledLate] + c[NilReport] }

// Owed is the number of duties that count: all but those not applicable.
func (c Counts) Owed() int { return c.Total() - c[NotApplicableState] }

// Worst is the worst state that occurs; ok is false where there is no duty.
func (c Counts) Worst() (s State, ok bool) {
	for i := len(c) - 1; i >= 0; i-- {
		if c[i] > 0 {
			return State(i), true
		}
	}
	return 0, false
}

// MarshalJSON writes an object of the states that occur.
func (c Counts) MarshalJSON() ([]byte, error) {
	out := map[string]int{}
	for s, n := range c {
		if n > 0 {
			out[State(s).String()] = n
		}
	}
	return json.Marshal(out)
}
