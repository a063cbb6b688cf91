// Package drafting is the way of a text from its first word to the public:
// writing with others, review, secrecy review, signing off, publishing.
//
// A Draft has revisions, which never change, and a state, which follows one
// table (Life): checks, buttons, history and documentation come from it. What
// is reviewed is one revision; whoever wants it changed sends the draft back,
// and a new revision takes all steps again. Nobody reviews what they wrote,
// nobody clears what they reviewed, and nothing leaves without a secrecy
// decision, with an open finding of the privacy gate, or by its author alone.
//
// Publishing is one transaction: record, version, evidence of duties, secrecy
// decision, history and ledger. What is not disclosed stays registered with
// the day on which it is looked at again.
//
// Functions that take a *db.Tx work in the caller's transaction; methods of
// Store without one open their own. All are safe for concurrent use.
package drafting

import (
	"strconv"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/publication"
)

// Change says how much a correction matters to readers.
type Change string

// The changes. Minor ones make no entry in feeds and lists of news.
const (
	Major Change = "major"
	Minor Change = "minor"
)

// Label is the change in words.
func (c Change) Label() string {
	if c == Minor {
		return "细微修改"
	}
	return "重要修改"
}

// Draft is a text on its way, without the text.
type Draft struct {
	ID       int64
	RecordID int64  // of the record it corrects or has become; 0 for none yet
	SourceID string // of the line, for ever
	UnitID   int64
	Kind     string
	Title    string
	Number   string
	IssuedOn civil.Date // 成文日期
	State    State
	Since    time.Time // when it came into the state
	Revision int       // of the text; every change of the text names the one it changes
	SavedBy  string    // actor
	SavedAt  time.Time
	Author   string   // actor who began it
	Editors  []string // actors who have written at it, the author among them
	DutyID   int64    // the duty it was begun from; 0 for none
	Settings
	Reviewer  string // actor who approved the revision; empty before
	Secrecy   string // actor who cleared it
	Signer    string // actor who signed it
	PublishAt time.Time
	Trouble   string     // why publishing at the set time failed
	Emergency *Emergency // of one published in an emergency
	Flow      Flow       // the steps it takes
	Remarks   int        // open ones
	Findings  int        // open ones
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Settings are what a draft says besides its text. They are fixed with it.
type Settings struct {
	Change  Change            // of a correction
	Note    string            // for the public: what was changed and why
	Waivers map[string]string // reasons for not keeping a rule, by the check's code
}

// Emergency is a publication before its second sign-off.
type Emergency struct {
	Reason          string
	By              string // actor
	At              time.Time
	Due             civil.Date // last day for the second sign-off
	CountersignedBy string     // empty while it is owed
	CountersignedAt time.Time
}

// Owed tells whether the second sign-off is still to come.
func (e *Emergency) Owed() bool { return e != nil && e.CountersignedBy == "" }

// Subject is the ledger's name of a draft.
func Subject(id int64) string { return "draft:" + strconv.FormatInt(id, 10) }

// Path is the address of a draft's page at the desk.
func Path(id int64) string { return "/desk/drafts/" + strconv.FormatInt(id, 10) }

// Correction tells whether the draft changes something that is public.
func (d *Draft) Correction() bool { return d.RecordID != 0 && d.State != Published }

// Work is a draft with everything that its page shows.
type Work struct {
	Draft
	Line      *publication.Line // of the newest revision, with the files as attachments
	Files     []File
	Remarks   []Remark // in the order in which they were made
	Findings  []Finding
	Decisions []Decision // newest first
	History   []Step     // oldest first
	Previews  []Preview  // newest first
	Checks    []Check
	Unsaved   []Unsaved // texts that people have not saved yet, the reader's own first
}

// Step is one line of a draft's history.
type Step struct {
	At       time.Time
	By       string // actor
	Event    Event  // or one of the acts outside the life: created, saved
	Label    string
	From, To State
	Revision int
	Words    string // reason or note
}
