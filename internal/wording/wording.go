// Package wording looks over texts before they are published: wrong and
// sensitive expressions from a list that staff maintain, and the forms of
// document numbers, dates, numbers, punctuation and names of organs.
//
// What it finds are hints with a place, a reason and, where there is one, a
// better wording. Most are of level Should; Must is left to what is certainly
// wrong, and to entries that staff have marked so. A Checker is pure and may
// be shared by goroutines; the Store keeps the list, every change of it with
// who, when and why.
package wording

import (
	"gongkai/internal/civil"
)

// Level says how much a hit weighs.
type Level string

// Levels of hits.
const (
	Must   Level = "must"   // wrong beyond doubt: it has to be mended
	Should Level = "should" // somebody should look
)

// Label is the level in words.
func (l Level) Label() string {
	switch l {
	case Must:
		return "必须修改"
	case Should:
		return "请核对"
	}
	return ""
}

// Hit is one passage that somebody should look at.
type Hit struct {
	Rule       string // code of the rule, or of the entry of the list
	Level      Level
	Place      string // of the Piece it stands in
	Start, End int    // of the passage, in runes of the piece's text
	Excerpt    string // the passage with some characters around it
	Text       string // the passage
	Suggestion string // what to write instead; may be empty
	Why        string // in one sentence
}

// Piece is a text with the name of its place: 标题, 正文, 字段“联系方式”.
type Piece struct{ Place, Text string }

// About is what is known of the document whose pieces are checked. All may be
// zero.
type About struct {
	Kind     string     // code of the kind of publication: entries may be for some kinds only
	Number   string     // document number as the form has it; checked strictly
	IssuedOn civil.Date // 成文日期 of the form: compared with the one in the text
	Today    civil.Date // entries in force on this day are applied; zero: all that are not retired
}

// Former is a name that an organ no longer bears.
type Former struct {
	Name  string
	Now   string     // what it is called now; empty where it has no successor
	Until civil.Date // first day on which the name was no longer right
}

// Names knows what organs were called. What stands on the tree of units
// implements it.
type Names interface {
	// Former lists names no longer borne. A name that another organ bears
	// today is not among them.
	Former() []Former
}
