// Package obligation holds what a city must disclose: the tasks of its work
// plans, the rows of its disclosure catalogues and the floor that the law lays.
//
// An obligation says what, on which basis, by whom and by when. Expanded over
// units and periods it becomes duties. A duty is fulfilled by a publication or
// by a signed nil report, never by a tick in a box; its state is computed when
// read, from its dates, its evidence and the day, and is stored nowhere.
package obligation

import (
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/obligation/workplan"
)

// PlanKind says what sort of source obligations come from.
type PlanKind string

// The kinds of plans.
const (
	WorkPlan  PlanKind = "plan"      // 工作要点
	Catalogue PlanKind = "catalogue" // 公开事项标准目录
	Statutory PlanKind = "statutory" // what the 条例 itself demands of everybody
)

// Plan is a document that sets obligations.
type Plan struct {
	ID       int64               `json:"id"`
	Code     string              `json:"code"` // unique: its 文号, or its title where it has none
	Kind     PlanKind            `json:"kind"`
	Title    string              `json:"title"`
	Issuer   string              `json:"issuer"`
	Number   string              `json:"number"`
	IssuedOn civil.Date          `json:"issued_on"`
	Year     int                 `json:"year"`               // the year it is for; 0 for catalogues, which have no end
	Standing []workplan.Standing `json:"standing,omitempty"` // duties that its closing paragraphs lay on everybody
	SavedAt  time.Time           `json:"saved_at"`
}

// Obligation is one task of a plan or one row of a catalogue. Obligations are
// never deleted: what a later edition drops is retired on a day.
type Obligation struct {
	ID          int64         `json:"id"`
	PlanID      int64         `json:"plan_id"`
	Code        string        `json:"code"`     // unique and stable: the plan's code, a slash and the number or name
	Position    int           `json:"position"` // order within the plan, from 1
	Section     string        `json:"section"`  // heading of the plan, or 领域 of the catalogue: a column of the matrix
	Title       string        `json:"title"`
	Text        string        `json:"text"`
	Assignment  string        `json:"assignment,omitempty"` // the words that name the units
	Basis       string        `json:"basis"`
	Lead        []string      `json:"lead"`        // names as printed
	Responsible []string      `json:"responsible"` // names as printed
	Units       []Assignment  `json:"units,omitempty"`
	Due         string        `json:"due"` // time limit as printed
	Rule        Rule          `json:"rule"`
	Match       Match         `json:"match"`
	Targets     []Target      `json:"targets,omitempty"`
	Items       []Item        `json:"items,omitempty"`
	Row         *workplan.Row `json:"row,omitempty"` // of catalogues: the row as given
	StartsOn    civil.Date    `json:"starts_on"`
	RetiredOn   civil.Date    `json:"retired_on,omitzero"`

	hash string // of the obligation as it was given, where its units were followed to their successors
}

// Item is a numbered part of a task. Its targets stand with the task.
type Item = workplan.Item

// Target is a number that a task promises, with the decimal as printed.
type Target = workplan.Target

// Role is the part a unit has in an obligation.
type Role string

// The roles, strongest first: a unit named in several has the first of them.
const (
	Leads     Role = "lead"        // 牵头
	Responds  Role = "responsible" // 负责
	Concerned Role = "concerned"   // one of a set of which the document means those concerned (市直相关单位)
)

// roleOrder is how strong a role is; smaller is stronger.
var roleOrder = map[Role]int{Leads: 0, Responds: 1, Concerned: 2}

// Assignment is a unit that owes an obligation.
type Assignment struct {
	UnitID  int64  `json:"unit_id"`
	Role    Role   `json:"role"`
	Printed string `json:"printed"` // the name or set that it was resolved from
}

// Match tells which records are evidence by themselves: a record must agree
// with every list that is not empty. The zero value matches nothing, and only
// evidence given by hand or by code fulfils the duty.
type Match struct {
	Kinds      []string `json:"kinds,omitempty"`      // kinds of publications
	Categories []string `json:"categories,omitempty"` // columns or topics
	Statutory  []string `json:"statutory,omitempty"`  // 20-1 … 20-15
}
