package drafting

import (
	"context"
	"io"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/channel"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/law"
	"gongkai/internal/publication"
)

// Who is a person with rights: *access.Person.
type Who interface {
	Actor() string // of the ledger: "user:4"
	Can(act access.Act, unitID int64) bool
	Reach(act access.Act) (units []int64, all bool)
}

// The rights that rows of the life name.
const (
	actWrite     = string(access.RecordWrite)
	actReview    = string(access.RecordReview)
	actSecrecy   = string(access.RecordSecrecy)
	actSign      = string(access.RecordSign)
	actPublish   = string(access.RecordPublish)
	actEmergency = string(access.RecordEmergency)
)

// Words looks for wrong and sensitive expressions: the word lists that staff
// maintain. It gives checks that are ready to be shown.
type Words interface {
	Check(ctx context.Context, tx *db.Tx, line *publication.Line) ([]Check, error)
}

// Virus scans a file. A found virus is an Invalid fault, a scanner that does
// not answer an Unavailable one.
type Virus interface {
	Scan(ctx context.Context, r io.Reader) error
}

// Links asks whether an address outside of this program still answers. It is
// called outside of transactions.
type Links interface {
	Alive(ctx context.Context, address string) bool
}

// Deps is what a Store stands on. DB, Records and Gate are required.
type Deps struct {
	DB       *db.DB
	Records  *publication.Store
	Channels *channel.Store   // nil: nobody asks where a record would appear
	Calendar *law.Calendar    // of the city; nil is law.Standard
	Gate     Gate             // the privacy gate
	Words    Words            // nil: no word lists
	Virus    Virus            // nil: files are not scanned for viruses
	Links    Links            // nil: links outside are judged by their form
	Now      func() time.Time // the machine's clock, for links to outside; nil is time.Now
	Options  Options
}

// Options are settings of a city. A zero field takes the default.
type Options struct {
	CountersignDays int   // working days until the second sign-off of an emergency; 3
	PreviewDays     int   // calendar days for which a link to outside works; 7
	FileBytes       int64 // size of one file; 100 MB
}

func (o Options) withDefaults() Options {
	if o.CountersignDays <= 0 {
		o.CountersignDays = 3
	}
	if o.PreviewDays <= 0 {
		o.PreviewDays = 7
	}
	if o.FileBytes <= 0 {
		o.FileBytes = 100 << 20
	}
	return o
}

// Store is the drafts in the database. It is safe for concurrent use.
type Store struct{ Deps }

// NewStore makes the store over an open, migrated database. It panics without
// a gate: nothing may leave unlooked at.
func NewStore(d Deps) *Store {
	if d.Gate == nil {
		panic("drafting: a store needs a privacy gate")
	}
	if d.Calendar == nil {
		d.Calendar = law.Standard()
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	d.Options = d.Options.withDefaults()
	return &Store{d}
}

// allowed is a Forbidden fault where who may not do act for the unit.
func allowed(who Who, act access.Act, unitID int64) error {
	if who.Can(act, unitID) {
		return nil
	}
	return access.Refusal(act)
}

// update runs f on a draft that nobody else changes meanwhile.
func (s *Store) update(ctx context.Context, id int64, f func(tx *db.Tx, d *Draft) error) error {
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		d, err := s.claim(ctx, tx, id)
		if err != nil {
			return err
		}
		return f(tx, &d)
	})
}

// claim reads a draft and keeps it to this transaction.
func (s *Store) claim(ctx context.Context, tx *db.Tx, id int64) (Draft, error) {
	n, err := tx.Exec(ctx, "update drafting_drafts set turns = turns + 1 where id = ?", id)
	if err == nil && n == 0 {
		err = unknownDraft(id)
	}
	if err != nil {
		return Draft{}, err
	}
	return s.load(ctx, tx, id)
}

func unknownDraft(id int64) error {
	return fault.New(fault.NotFound, "draft_unknown", "没有编号为 %d 的稿件，请从稿件列表里重新打开。", id)
}
