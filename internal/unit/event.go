package unit

import (
	"slices"

	"gongkai/internal/civil"
)

// EventKind says what a reorganisation does.
type EventKind string

// Kinds of events.
const (
	Rename  EventKind = "rename"  // one subject gets a new name, short name or code
	Merge   EventKind = "merge"   // the subjects end; one successor goes on for them
	Split   EventKind = "split"   // one subject is divided among the successors; it ends unless Continues
	Abolish EventKind = "abolish" // one subject ends; successors, if any, take over its functions
	Move    EventKind = "move"    // one subject comes below another parent
)

var eventLabels = map[EventKind]string{Rename: "更名", Merge: "合并", Split: "分设", Abolish: "撤销", Move: "划转"}

// Label is what the kind is called in Chinese.
func (k EventKind) Label() string { return eventLabels[k] }

// Event is one reorganisation. Subjects and Successors are organs of the
// directory: a successor that is founded by the event is added first, with the
// event's day as its first.
type Event struct {
	ID         int64
	Code       string // stable name, unique; made from kind, day and subject where empty
	Kind       EventKind
	On         civil.Date // the first day of the new state
	Subjects   []int64
	Successors []int64
	Continues  bool // Split: the subject lives on
	// Rename: what changes. Empty fields stay as they are.
	Name, Short, NewCode string
	// Rename: the prefixes that follow the new name; nil leaves the old ones.
	Prefixes  []string
	Parent    int64  // Move: the new parent
	Basis     string // the document that ordered it
	Note      string
	Confirmed bool
	// What it was and what it became, as printed on pages; made by ApplyEvent.
	Was, Became string
}

// Link is one step in a line of history: what From was became To on a day.
type Link struct {
	From, To int64
	Event    Event
}

// Lineage is the line of history that an organ stands in.
type Lineage struct {
	Organ   Organ
	Events  []Event // its own, oldest first
	Earlier []Link  // the organs that led to it, nearest first
	Later   []Link  // the organs that it led to, nearest first
}

// Lineage follows an organ back and forth through its events. Every step away
// from the organ goes strictly backwards (Earlier) or forwards (Later) in
// time, so the line never returns on itself, even where an organ was split
// off and later merged back.
func (t *Tree) Lineage(id int64) (Lineage, bool) {
	o, ok := t.organs[id]
	if !ok {
		return Lineage{}, false
	}
	l := Lineage{Organ: *o, Events: t.Events(id)}
	l.Later = t.walk(id, func(e Event) (from, to []int64) { return e.Subjects, e.Successors }, civil.Date.After, o.Since)
	l.Earlier = t.walk(id, func(e Event) (from, to []int64) { return e.Successors, e.Subjects }, civil.Date.Before, o.Until)
	for i, k := range l.Earlier {
		l.Earlier[i].From, l.Earlier[i].To = k.To, k.From
	}
	return l, true
}

// walk follows events breadth first from one side to the other, each step
// strictly beyond the day of the step before.
func (t *Tree) walk(id int64, sides func(Event) (from, to []int64), beyond func(a, b civil.Date) bool, start civil.Date) []Link {
	type stop struct {
		id  int64
		day civil.Date
	}
	var links []Link
	seen := map[stop]bool{}
	queue := []stop{{id, start}}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, i := range t.of[at.id] {
			e := t.events[i]
			from, to := sides(e)
			if !slices.Contains(from, at.id) || !at.day.IsZero() && !beyond(e.On, at.day) {
				continue
			}
			for _, next := range to {
				links = append(links, Link{at.id, next, e})
				if s := (stop{next, e.On}); !seen[s] {
					seen[s] = true
					queue = append(queue, s)
				}
			}
		}
	}
	return links
}

// ends tells whether the event ends its subjects.
func (e Event) ends() bool {
	return e.Kind == Merge || e.Kind == Abolish || e.Kind == Split && !e.Continues
}

// Now lists the organs that answer for id on a day: itself while it exists,
// afterwards its successors, or theirs (现由…负责). It is empty where the line
// has ended.
func (t *Tree) Now(id int64, day civil.Date) []Organ {
	var now []Organ
	for _, at := range t.heirs(id, day, nil) {
		now = append(now, *t.organs[at])
	}
	return now
}

// heirs ends because every ending event of a successor is later than the event
// that made it one.
func (t *Tree) heirs(id int64, day civil.Date, found []int64) []int64 {
	o, ok := t.organs[id]
	switch {
	case !ok || slices.Contains(found, id):
		return found
	case o.Until.IsZero() || !day.IsZero() && day.Before(o.Until):
		return append(found, id)
	}
	for _, i := range t.of[id] {
		if e := t.events[i]; e.ends() && slices.Contains(e.Subjects, id) {
			for _, next := range e.Successors {
				found = t.heirs(next, day, found)
			}
		}
	}
	return found
}
