// Package workplan reads a work-points document (工作要点, 任务分解表) into the tasks
// it sets: who leads, who is responsible, by when, and which numbers are
// promised.
//
// It is pure. Names of units come out exactly as printed; which organs they
// are is decided elsewhere, as of the document's date. What the document does
// not say is left empty and never guessed; what was read with doubt is told in
// a Warning.
package workplan

import (
	"encoding/json"

	"gongkai/internal/civil"
)

// Plan is a work-points document. Its JSON is what `import workplan --json`
// prints.
type Plan struct {
	Title    string     `json:"title"`
	Issuer   string     `json:"issuer"`
	Number   string     `json:"number"` // 文号 as printed; "" where there is none
	IssuedOn civil.Date `json:"issued_on"`
	Tasks    []Task     `json:"tasks"`
	Duties   []Standing `json:"duties,omitempty"` // what the closing paragraphs demand of everybody
}

// Task is one numbered item, or one row of a task table.
type Task struct {
	No          int        `json:"no"`              // 1, 2, 3 … through the whole document
	Label       string     `json:"label,omitempty"` // its number as printed: (一)
	Section     string     `json:"section"`         // the heading it stands under, without its number
	Title       string     `json:"title"`
	Text        string     `json:"text"` // what is to be done, without title and assignment
	Lead        []string   `json:"lead"`
	Responsible []string   `json:"responsible"`
	Due         string     `json:"due"`                  // as printed: 2021年底前; "" where none is set
	DueOn       civil.Date `json:"due_on,omitzero"`      // the last day that Due means
	Every       Every      `json:"every,omitempty"`      // where Due names a rhythm
	Targets     []Target   `json:"targets"`              // every number promised, items included
	Items       []Item     `json:"items,omitempty"`      // numbered sub-items, or sentences with an assignment of their own
	Assignment  string     `json:"assignment,omitempty"` // the words that name the units, as printed
}

// Item is a numbered part of a task: one of the ten commitments, one of the
// fifteen categories.
type Item struct {
	No          int      `json:"no"`
	Text        string   `json:"text"`
	Lead        []string `json:"lead,omitempty"`
	Responsible []string `json:"responsible,omitempty"`
	Targets     []Target `json:"targets,omitempty"`
}

// Target is a number that is promised. Quantity is the decimal as printed:
// 9.99 stays 9.99, and 3.5万户 is 3.5 in the unit 万户.
type Target struct {
	Text     string      `json:"text"`
	Quantity json.Number `json:"quantity"`
	Unit     string      `json:"unit"`
	Item     int         `json:"item,omitempty"` // the item it belongs to; 0 for the task itself
}

// Every is the rhythm of what is owed again and again. The zero value is once.
type Every string

// The rhythms that documents name.
const (
	Once      Every = ""
	Monthly   Every = "month"
	Quarterly Every = "quarter"
	HalfYear  Every = "half_year"
	Yearly    Every = "year"
	Always    Every = "always" // 长期, 持续
)

// Standing is a duty that a closing paragraph lays on everybody: to report the
// plan's progress in the yearly report.
type Standing struct {
	Text        string   `json:"text"`
	Responsible []string `json:"responsible"`
	Every       Every    `json:"every"`
}

// Warning is something read with doubt, or not understood, for a person to
// look at.
type Warning struct {
	Task    int    `json:"task,omitempty"` // 0 where it is about the document
	Message string `json:"message"`        // Chinese
}
