package publication

import (
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/search"
)

// Record is a publication as lists show it: its newest version without the
// text.
type Record struct {
	ID          int64
	SourceID    string
	Kind        string
	UnitID      int64
	Unit        string // full name of the organ as of the record's date
	Title       string
	Number      string // as printed
	IssuedOn    civil.Date
	PublishedAt time.Time // when the public could first read it
	EffectiveOn civil.Date
	ExpiresOn   civil.Date // last day in force
	RepealedOn  civil.Date // first day no longer in force
	Stated      string     // validity as the source states it
	Category    string
	Keywords    []string
	Statutory   string // 20-1 … 20-15; the kind's where the record names none
	Fields      Fields
	State       State
	Stone       *Stone    // of a withdrawn, replaced or moved record
	ArchivedAt  time.Time // of an archived one
	RenewedAt   time.Time // when its substance became public: of the newest version that is not minor
	Version     int       // number of the newest version, from 1
	Hash        string    // SHA-256 of the newest version's line
	ListedOn    civil.Date
	Binding     bool // its kind has validity
	Spans       Spans
}

// Validity is the state on a day, from dates and relations.
func (r *Record) Validity(on civil.Date) search.Validity {
	if !r.Binding {
		return ""
	}
	code, _ := r.Spans.On(on)
	return code
}

// Facts are what the record says of its own validity.
func (r *Record) Facts() Facts {
	return Facts{r.Binding, r.EffectiveOn, r.ExpiresOn, r.RepealedOn, r.Stated}
}

// Brief names the record.
func (r *Record) Brief() Brief {
	return Brief{r.ID, r.SourceID, r.Kind, r.Title, r.Number, r.Unit, r.IssuedOn, r.State}
}

// Citation cites the record, or an article of it.
func (r *Record) Citation(article string) string { return Citation(r.Title, r.Number, article) }

// Version is one state of a record, never changed.
type Version struct {
	No    int
	Hash  string     // SHA-256 of the canonical line, in hexadecimal
	From  civil.Date // first day on which the public read it
	At    time.Time  // when it was written here
	By    string     // actor of the ledger
	Note  string     // why, for the public
	Minor bool       // a slip was mended; nothing that anybody must read again
}

// Flag says that a record leans on something that was changed since, and that
// somebody should look whether it is still right.
type Flag struct {
	ID       int64
	Record   Brief        // the interpretation or guide
	Cause    Brief        // what amends or repeals
	Target   Brief        // what both speak about
	Type     RelationType // what the cause does to the target
	Articles []string     // of the target; empty for the whole
	On       civil.Date   // first day of the change
	Reviewed time.Time    // zero while open
	By       string
	Note     string
}

// Reason tells why the flag stands, in one sentence.
func (f Flag) Reason() string {
	what := "全文"
	if len(f.Articles) > 0 {
		what = joinLabels(f.Articles)
	}
	return cite(f.Target.Title, f.Target.Number) + what + "已自" + f.On.Chinese() + "起被" + cite(f.Cause.Title, f.Cause.Number) + f.Type.Label() + "，这份材料需要核对。"
}

// Document is a record with everything that its page shows.
type Document struct {
	Record
	Body        Body
	Attachments []Attachment
	Relations   []Relation // what it does to others
	Incoming    []Relation // what others do to it; withdrawn ones are left out
	Touches     []Touch    // those of Incoming that change its validity, oldest first
	Versions    []Version  // newest first
	Flags       []Flag     // open ones first
	Replaces    []Brief    // records in whose place it stands
	Standing    Standing   // on the day it was asked for
	ShownNo     int        // the version shown; other than Version for an earlier day
}
