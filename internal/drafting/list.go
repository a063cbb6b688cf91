package drafting

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/fault"
)

// MaxPage is the largest page of a list.
const MaxPage = 200

// Filter narrows a list of drafts. Zero fields do not.
type Filter struct {
	Units    []int64 // narrows what the person may see anyway
	States   []State
	Open     bool   // only what is still on its way
	Mine     bool   // written at by the person
	Waiting  bool   // waits for a step that the person may do
	Kind     string // code
	Text     string // in title or number, however printed
	DutyID   int64
	RecordID int64
	Owed     bool       // published in an emergency and not signed yet
	DueBy    civil.Date // with Owed: until this day
	After    Cursor
	Size     int // up to MaxPage; 0 is 50
}

// Cursor is where a page of drafts ends; the zero value is the beginning. Its
// text is for addresses.
type Cursor struct {
	UpdatedAt time.Time
	ID        int64
}

// String is the text that ParseCursor reads; "" for the beginning.
func (c Cursor) String() string {
	if c.ID == 0 {
		return ""
	}
	return fmt.Sprintf("%d.%d", c.UpdatedAt.UnixMicro(), c.ID)
}

// ParseCursor reads what String writes.
func ParseCursor(s string) (c Cursor, err error) {
	if s == "" {
		return Cursor{}, nil
	}
	var micro int64
	n, err := fmt.Sscanf(s, "%d.%d", &micro, &c.ID)
	c.UpdatedAt = time.UnixMicro(micro).UTC()
	if n != 2 || err != nil || c.ID <= 0 || c.String() != s {
		return Cursor{}, fault.New(fault.Invalid, "cursor_bad", "翻页位置“%s”不对，请从第一页重新开始。", fault.Clip(s, 40))
	}
	return c, nil
}

// Page is a page of drafts, the last changed first. Next is zero on the last
// page.
type Page struct {
	Drafts []Draft
	Next   Cursor
}

// List lists the drafts of the units that who may read.
func (s *Store) List(ctx context.Context, who Who, f Filter) (page Page, err error) {
	defer fault.Wrap(&err, "drafting.List")
	if f.Size <= 0 {
		f.Size = 50
	}
	f.Size = min(f.Size, MaxPage)
	c := f.conditions(who)
	c.add(f.After.ID != 0, "(d.updated_at, d.id) < (?, ?)", db.At(f.After.UpdatedAt), f.After.ID)
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if page.Drafts, err = drafts(ctx, tx, c.where()+" order by d.updated_at desc, d.id desc limit ?", append(c.args, f.Size+1)...); err != nil {
			return err
		}
		flow, err := s.flowFinder(ctx, tx)
		if err != nil {
			return err
		}
		for i := range page.Drafts {
			d := &page.Drafts[i]
			d.Flow = flow(d.UnitID, d.Kind)
		}
		return nil
	})
	if len(page.Drafts) > f.Size {
		page.Drafts = page.Drafts[:f.Size]
		last := page.Drafts[f.Size-1]
		page.Next = Cursor{last.UpdatedAt, last.ID}
	}
	return page, err
}

// Counts are the numbers of the first screen.
type Counts struct {
	States  map[State]int // of the units that the person may read
	Mine    int           // open drafts that the person has written at
	Waiting map[State]int // drafts that wait for a step that the person may do
	Owed    int           // second sign-offs that the person may give
	Due     int           // withheld things to look at again, that the person may decide
}

// Counts tells how many drafts there are for who.
func (s *Store) Counts(ctx context.Context, who Who) (n Counts, err error) {
	defer fault.Wrap(&err, "drafting.Counts")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if n.States, err = countStates(ctx, tx, Filter{}.conditions(who)); err != nil {
			return err
		}
		if n.Waiting, err = countStates(ctx, tx, Filter{Waiting: true}.conditions(who)); err != nil {
			return err
		}
		mine, err := countStates(ctx, tx, Filter{Mine: true, Open: true}.conditions(who))
		if err != nil {
			return err
		}
		for _, k := range mine {
			n.Mine += k
		}
		owed := Filter{Owed: true}.conditions(who)
		owed.reach(who, access.RecordSign, "d.unit_id")
		owed.add(true, "d.emergency_by <> ? and not exists (select 1 from drafting_hands h where h.draft_id = d.id and h.actor = ?)", who.Actor(), who.Actor())
		if err := tx.Row(ctx, "select count(*) from drafting_drafts d"+owed.where(), owed.args, &n.Owed); err != nil {
			return err
		}
		var due conditions
		due.reach(who, access.RecordSecrecy, "unit_id")
		due.add(true, "released_on is null and reexamine_on <= ?", tx.Today())
		return tx.Row(ctx, "select count(*) from drafting_withheld"+due.where(), due.args, &n.Due)
	})
	return n, err
}

func countStates(ctx context.Context, tx *db.Tx, c conditions) (map[State]int, error) {
	counts := map[State]int{}
	err := tx.Each(ctx, "select d.state, count(*) from drafting_drafts d"+c.where()+" group by d.state", c.args, func(rows *sql.Rows) error {
		var st State
		var n int
		err := rows.Scan(&st, &n)
		counts[st] = n
		return err
	})
	return counts, err
}

// stepOf is the right by which each state goes on.
var stepOf = []struct {
	state State
	act   access.Act
}{
	{Returned, access.RecordWrite},
	{InReview, access.RecordReview},
	{InSecrecy, access.RecordSecrecy},
	{ToSign, access.RecordSign},
	{Scheduled, access.RecordPublish},
}

// conditions are those of the filter on drafting_drafts d, without the cursor.
func (f Filter) conditions(who Who) conditions {
	var c conditions
	c.reach(who, access.RecordRead, "d.unit_id")
	c.add(len(f.Units) > 0, "d.unit_id in "+db.In(len(f.Units)), db.Args(f.Units)...)
	c.add(len(f.States) > 0, "d.state in "+db.In(len(f.States)), stateArgs(f.States)...)
	c.add(f.Open, "d.state not in ('published', 'withheld', 'abandoned')")
	c.add(f.Mine, "exists (select 1 from drafting_hands h where h.draft_id = d.id and h.actor = ?)", who.Actor())
	c.add(f.Kind != "", "d.kind = ?", f.Kind)
	c.add(f.DutyID != 0, "d.duty_id = ?", f.DutyID)
	c.add(f.RecordID != 0, "d.record_id = ?", f.RecordID)
	c.add(f.Owed, "d.countersign_due is not null and d.countersigned_by = ''")
	c.add(f.Owed && !f.DueBy.IsZero(), "d.countersign_due <= ?", f.DueBy)
	for _, word := range strings.Fields(document.Fold(f.Text)) {
		c.add(true, "replace(d.words, ?, '') <> d.words", word) // both engines compare by code point here
	}
	if f.Waiting {
		c.waiting(who)
	}
	return c
}

func stateArgs(states []State) []any {
	args := make([]any, len(states))
	for i, st := range states {
		args[i] = string(st)
	}
	return args
}

// conditions gathers what a row must satisfy, with its arguments.
type conditions struct {
	list []string
	args []any
}

func (c *conditions) add(on bool, condition string, args ...any) {
	if on {
		c.list = append(c.list, condition)
		c.args = append(c.args, args...)
	}
}

// reach keeps to the units in which who may do act.
func (c *conditions) reach(who Who, act access.Act, column string) {
	units, all := who.Reach(act)
	c.add(!all, column+" in "+db.In(len(units)), db.Args(units)...)
}

// waiting keeps to what who can take on: the right for the state's next step,
// and not the person's own text where that matters.
func (c *conditions) waiting(who Who) {
	var steps []string
	var args []any
	for _, step := range stepOf {
		var one conditions
		one.add(true, "d.state = '"+string(step.state)+"'")
		one.reach(who, step.act, "d.unit_id")
		if step.act == access.RecordReview || step.act == access.RecordSecrecy || step.act == access.RecordSign {
			one.add(true, "not exists (select 1 from drafting_hands h where h.draft_id = d.id and h.actor = ?)", who.Actor())
		}
		one.add(step.act == access.RecordSecrecy, "d.reviewer <> ?", who.Actor())
		steps = append(steps, "("+strings.Join(one.list, " and ")+")")
		args = append(args, one.args...)
	}
	c.add(true, "("+strings.Join(steps, " or ")+")", args...)
}

func (c *conditions) where() string {
	if len(c.list) == 0 {
		return ""
	}
	return " where " + strings.Join(c.list, " and ")
}

// openDraftOf is the draft of a record that is still on its way; 0 for none.
func openDraftOf(ctx context.Context, tx *db.Tx, recordID int64) (id int64, err error) {
	err = tx.Row(ctx, "select coalesce(max(id), 0) from drafting_drafts where record_id = ? and state not in ('published', 'withheld', 'abandoned')", []any{recordID}, &id)
	return id, err
}

// Unfinished counts the drafts of a unit that are on their way. They follow it
// to its successors.
func (s *Store) Unfinished(ctx context.Context, tx *db.Tx, unitID int64) (n int, err error) {
	defer fault.Wrap(&err, "drafting.Unfinished(%d)", unitID)
	err = tx.Row(ctx, "select count(*) from drafting_drafts where unit_id = ? and state not in ('published', 'withheld', 'abandoned')", []any{unitID}, &n)
	return n, err
}
