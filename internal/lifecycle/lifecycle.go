// Package lifecycle holds the life of a thing as a table: from which state
// which event leads where, who may do it and what must be true for it.
//
// The table is the one source for checks, buttons, history and documentation.
// It knows neither what the thing is nor who people are: rights and conditions
// are names, which the package that owns the thing gives a meaning. A Table is
// immutable once made and safe for concurrent use.
package lifecycle

import (
	"errors"
	"fmt"
	"slices"
)

// State and Event are stable names: they stand in databases and journals.
type (
	State string
	Event string
)

// StateInfo describes a state.
type StateInfo struct {
	State State
	Label string // what people call it
	About string // one sentence for staff
	Final bool   // a life may end here
}

// EventInfo describes an event.
type EventInfo struct {
	Event Event
	Label string // of the button
	Done  string // in the history: what somebody did
}

// Condition describes a condition by the name that rows use.
type Condition struct {
	Name string
	Says string // what must be true, one sentence
}

// Row is one step. Of several rows with the same From and Event the first one
// whose When holds is taken; an empty When always holds.
type Row struct {
	From   State
	Event  Event
	When   string   // condition that chooses among rows; never refuses
	To     State    // may be From
	Act    string   // right that the person needs
	Guards []string // conditions on the thing and the person; each refuses with a reason
	Needs  []string // what the person must give with the act
}

// Life is what a Table is made of.
type Life struct {
	Name   string
	Start  State
	States []StateInfo
	Events []EventInfo
	Whens  []Condition
	Guards []Condition
	Needs  []Condition
	Rows   []Row
}

// Table is a checked Life.
type Table struct{ life Life }

// New checks a life and makes its table. See Life.Validate.
func New(l Life) (*Table, error) {
	if err := l.Validate(); err != nil {
		return nil, err
	}
	return &Table{l}, nil
}

// Must is New for tables that stand in the program; it panics on a wrong one.
func Must(l Life) *Table {
	t, err := New(l)
	if err != nil {
		panic(err)
	}
	return t
}

// Name is what the life is called.
func (t *Table) Name() string { return t.life.Name }

// Start is the first state.
func (t *Table) Start() State { return t.life.Start }

// States lists the states in their order.
func (t *Table) States() []StateInfo { return slices.Clone(t.life.States) }

// Events lists the events in their order.
func (t *Table) Events() []EventInfo { return slices.Clone(t.life.Events) }

// Rows lists all rows.
func (t *Table) Rows() []Row { return slices.Clone(t.life.Rows) }

// State describes a state; ok is false for one that the table does not have.
func (t *Table) State(s State) (info StateInfo, ok bool) {
	return find(t.life.States, func(i StateInfo) bool { return i.State == s })
}

// Event describes an event; ok is false for one that the table does not have.
func (t *Table) Event(e Event) (info EventInfo, ok bool) {
	return find(t.life.Events, func(i EventInfo) bool { return i.Event == e })
}

// Guard describes a guard; ok is false for one that the table does not have.
func (t *Table) Guard(name string) (c Condition, ok bool) { return condition(t.life.Guards, name) }

// Need describes a need; ok is false for one that the table does not have.
func (t *Table) Need(name string) (c Condition, ok bool) { return condition(t.life.Needs, name) }

// Find is the row by which an event leaves a state; holds answers the When of
// rows. ok is false where the event does not belong to the state.
func (t *Table) Find(from State, event Event, holds func(when string) bool) (row Row, ok bool) {
	return find(t.life.Rows, func(r Row) bool {
		return r.From == from && r.Event == event && (r.When == "" || holds(r.When))
	})
}

// From lists the rows that leave a state, one for each event, in the order of
// the table.
func (t *Table) From(state State, holds func(when string) bool) []Row {
	var rows []Row
	for _, r := range t.life.Rows {
		taken := slices.ContainsFunc(rows, func(o Row) bool { return o.Event == r.Event })
		if r.From == state && !taken && (r.When == "" || holds(r.When)) {
			rows = append(rows, r)
		}
	}
	return rows
}

// Sources lists the states that an event may leave, in the order of the table.
func (t *Table) Sources(event Event) []State {
	var list []State
	for _, r := range t.life.Rows {
		if r.Event == event && !slices.Contains(list, r.From) {
			list = append(list, r.From)
		}
	}
	return list
}

func find[T any](list []T, is func(T) bool) (found T, ok bool) {
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], true
	}
	return found, false
}

func condition(list []Condition, name string) (Condition, bool) {
	return find(list, func(c Condition) bool { return c.Name == name })
}

// Validate lists what is wrong with a life: names used but not described or
// described but not used, a state that nothing leads to, one from which no
// final state can be reached, a row that can never be taken, an event that is
// ambiguous. nil is a good table.
func (l Life) Validate() error {
	var bad []error
	add := func(format string, args ...any) {
		bad = append(bad, fmt.Errorf("lifecycle %s: "+format, append([]any{l.Name}, args...)...))
	}
	l.checkNames(add)
	l.checkRows(add)
	l.checkReach(add)
	return errors.Join(bad...)
}

// names is a vocabulary with what of it is used.
type names struct {
	what string
	used map[string]bool
}

func vocabulary[T any](what string, list []T, name func(T) string, add func(string, ...any)) names {
	v := names{what, map[string]bool{}}
	for _, item := range list {
		n := name(item)
		if _, twice := v.used[n]; twice || n == "" {
			add("%s %q is empty or stands twice", what, n)
		}
		v.used[n] = false
	}
	return v
}

func (v names) use(add func(string, ...any), r Row, list ...string) {
	for _, n := range list {
		if _, ok := v.used[n]; !ok {
			add("row %s --%s--> %s names the %s %q, which is not described", r.From, r.Event, r.To, v.what, n)
		}
		v.used[n] = true
	}
}

func (v names) idle(add func(string, ...any)) {
	for n, used := range v.used {
		if !used {
			add("%s %q is described and never used", v.what, n)
		}
	}
}

func (l Life) checkNames(add func(string, ...any)) {
	name := func(c Condition) string { return c.Name }
	states := vocabulary("state", l.States, func(s StateInfo) string { return string(s.State) }, add)
	events := vocabulary("event", l.Events, func(e EventInfo) string { return string(e.Event) }, add)
	whens := vocabulary("when", l.Whens, name, add)
	guards := vocabulary("guard", l.Guards, name, add)
	needs := vocabulary("need", l.Needs, name, add)
	for _, r := range l.Rows {
		states.use(add, r, string(r.From), string(r.To))
		events.use(add, r, string(r.Event))
		if r.When != "" {
			whens.use(add, r, r.When)
		}
		guards.use(add, r, r.Guards...)
		needs.use(add, r, r.Needs...)
	}
	for _, v := range []names{states, events, whens, guards, needs} {
		v.idle(add)
	}
}

// checkRows wants every row to be reachable: after one without a When no other
// row of the same state and event can be taken, and no When may stand twice.
func (l Life) checkRows(add func(string, ...any)) {
	for i, r := range l.Rows {
		for _, before := range l.Rows[:i] {
			if before.From == r.From && before.Event == r.Event && (before.When == "" || before.When == r.When) {
				add("row %s --%s--> %s can never be taken: an earlier row goes to %s", r.From, r.Event, r.To, before.To)
			}
		}
	}
}

func (l Life) checkReach(add func(string, ...any)) {
	if !slices.ContainsFunc(l.States, func(s StateInfo) bool { return s.State == l.Start }) {
		add("the first state %q is not described", l.Start)
		return
	}
	forward := closure([]State{l.Start}, func(r Row) (State, State) { return r.From, r.To }, l.Rows)
	var finals []State
	for _, s := range l.States {
		if s.Final {
			finals = append(finals, s.State)
		}
	}
	back := closure(finals, func(r Row) (State, State) { return r.To, r.From }, l.Rows)
	for _, s := range l.States {
		if !forward[s.State] {
			add("nothing leads to state %q", s.State)
		}
		if !back[s.State] {
			add("state %q is a dead end: no final state can be reached from it", s.State)
		}
	}
}

// closure is every state that rows lead to from the given ones.
func closure(from []State, ends func(Row) (State, State), rows []Row) map[State]bool {
	seen := map[State]bool{}
	for len(from) > 0 {
		s := from[0]
		from = from[1:]
		if seen[s] {
			continue
		}
		seen[s] = true
		for _, r := range rows {
			if a, b := ends(r); a == s {
				from = append(from, b)
			}
		}
	}
	return seen
}
