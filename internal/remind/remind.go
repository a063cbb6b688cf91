// Package remind tells people what they owe before it is late, and those above
// them when it is: one notice in the program and one letter for a person and a
// day, on working days only.
//
// What is owed comes from sources: duties, claims, and what the composition
// root adds (drafts that wait for a step, second sign-offs, re-examinations).
// Each thing climbs a ladder, so many working days before or after its day; a
// rung is told to a person once. Letters are put together when they are sent,
// of what is still owed then.
package remind

import (
	"context"

	"gongkai/internal/civil"
	"gongkai/internal/db"
)

// Kind says what sort of thing is owed.
type Kind string

// The kinds.
const (
	Duty        Kind = "duty"        // a disclosure duty
	Step        Kind = "step"        // a draft waits for the person's step
	Countersign Kind = "countersign" // second sign-off after an emergency
	Reexamine   Kind = "reexamine"   // what is not disclosed is to be looked at again (条例第十八条)
	Claim       Kind = "claim"       // a unit waits for the office's answer
	Progress    Kind = "progress"    // a unit's report waits for the office
)

// kinds lists the kinds in the order in which letters speak of them.
var kinds = []struct {
	kind  Kind
	label string
}{
	{Duty, "公开义务"}, {Countersign, "紧急发布待补签"}, {Step, "待办的审核"}, {Reexamine, "到期复查的不予公开事项"},
	{Claim, "待答复的单位请求"}, {Progress, "待确认的工作进展"},
}

// Label is what the kind is called in Chinese.
func (k Kind) Label() string {
	for _, e := range kinds {
		if e.kind == k {
			return e.label
		}
	}
	return string(k)
}

// Task is one thing that is owed.
type Task struct {
	Key    string // stable and unique among all sources: duty:17
	Kind   Kind
	UnitID int64
	Title  string     // what it is about
	Path   string     // where in the program it is dealt with
	Due    civil.Date // the last day; zero where it has none
	Since  civil.Date // it waits since this day; for things without a last day
	People []int64    // who holds it; nil: who writes for the unit; none: its head
	Office bool       // the office holds it; People and the unit's own do not
}

// Source tells what is owed. Implementations are safe for concurrent use.
type Source interface {
	// Tasks lists what is owed now and falls due by the day through, or has
	// none.
	Tasks(ctx context.Context, tx *db.Tx, through civil.Date) ([]Task, error)
	// Open tells which of the keys are still owed. It is asked for keys of all
	// sources and leaves out those that it does not know.
	Open(ctx context.Context, tx *db.Tx, keys []string) (map[string]bool, error)
}

// Person is somebody who can be reminded.
type Person struct {
	ID          int64
	Name        string
	Email       string // "" gets notices in the program only
	Edits       []int64
	Heads       []int64
	Oversees    []int64 // as the office, or as one of a county
	OverseesAll bool
}

// People tells who can be reminded: accounts that are enabled, with the units
// that their roles of today reach.
type People interface {
	People(ctx context.Context, tx *db.Tx) ([]Person, error)
}
