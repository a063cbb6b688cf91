package obligation

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

const dutyColumns = "d.id, d.obligation_id, d.plan_id, d.unit_id, d.period, d.role, d.opens_on, d.closes_on, d.due_on, d.met_on, coalesce(d.met_how, ''), coalesce(d.exempt, ''), coalesce(d.asked, '')"

func dutyInto(d *Duty) []any {
	return []any{&d.ID, &d.ObligationID, &d.PlanID, &d.UnitID, &d.Period, &d.Role, &d.OpensOn, &d.ClosesOn, &d.DueOn, &d.Met.On, &d.Met.How, &d.Exempt, &d.Asked}
}

// stateCase is Reckoning.State in SQL, on a row d of duties; its arguments are
// stateArgs.
var stateCase = fmt.Sprintf(`case
	when d.exempt in ('%s', '%s', '%s') then %d
	when d.met_on is not null and d.met_how = '%s' then %d
	when d.met_on > d.due_on then %d
	when d.met_on is not null then %d
	when d.exempt = '%s' then %d
	when d.due_on < ? then %d
	when d.due_on <= ? then %d
	else %d end`,
	NotApplicable, Retired, Moved, NotApplicableState, ByNilReport, NilReport, FulfilledLate, Fulfilled, Disputed, DisputedState, Overdue, DueSoon, NotDue)

func (r Reckoning) stateArgs() []any { return []any{r.Today, r.Soon} }

// stateWhere is what a duty in each state satisfies, in a form that can use
// the index on due days. Question marks: today or soon, as dates lists.
var stateWhere = [stateCount]struct {
	sql   string
	dates func(Reckoning) []any
}{
	NotApplicableState: {"d.exempt in ('not_applicable', 'retired', 'moved')", nil},
	NilReport:          {"(d.exempt is null or d.exempt = 'disputed') and d.met_on is not null and d.met_how = 'nil_report'", nil},
	Fulfilled:          {"(d.exempt is null or d.exempt = 'disputed') and d.met_on <= d.due_on and d.met_how = 'record'", nil},
	FulfilledLate:      {"(d.exempt is null or d.exempt = 'disputed') and d.met_on > d.due_on and d.met_how = 'record'", nil},
	DisputedState:      {"d.exempt = 'disputed' and d.met_on is null", nil},
	Overdue:            {"d.exempt is null and d.met_on is null and d.due_on < ?", func(r Reckoning) []any { return []any{r.Today} }},
	DueSoon:            {"d.exempt is null and d.met_on is null and d.due_on >= ? and d.due_on <= ?", func(r Reckoning) []any { return []any{r.Today, r.Soon} }},
	NotDue:             {"d.exempt is null and d.met_on is null and d.due_on > ?", func(r Reckoning) []any { return []any{r.Soon} }},
}

// MaxPage is the largest page of a list.
const MaxPage = 500

// Cursor is where a page of duties ends; the zero value is the beginning. Its
// text is for addresses.
type Cursor struct {
	DueOn civil.Date
	ID    int64
}

// String is the text that ParseCursor reads; "" for the beginning.
func (c Cursor) String() string {
	if c.ID == 0 {
		return ""
	}
	return fmt.Sprintf("%s.%d", c.DueOn, c.ID)
}

// ParseCursor reads what String writes.
func ParseCursor(s string) (c Cursor, err error) {
	if s == "" {
		return Cursor{}, nil
	}
	bad := fault.New(fault.Invalid, "cursor_bad", "翻页位置“%s”不对，请从第一页重新开始。", fault.Clip(s, 40))
	date, id, ok := strings.Cut(s, ".")
	if !ok {
		return Cursor{}, bad
	}
	if c.DueOn, err = civil.ParseDate(date); err != nil {
		return Cursor{}, bad
	}
	if n, err := fmt.Sscanf(id, "%d", &c.ID); n != 1 || err != nil || c.ID <= 0 || c.String() != s {
		return Cursor{}, bad
	}
	return c, nil
}

// DutyFilter narrows a list of duties. Zero fields do not.
type DutyFilter struct {
	Units        []int64
	PlanID       int64
	ObligationID int64
	Section      string // of the obligation
	Period       string
	States       []State
	DueFrom      civil.Date
	DueTo        civil.Date
	RecordID     int64 // only those that this record is evidence of, as it stands now
	Asked        bool  // only those with a claim that waits for the office
	Retired      bool  // also those that a later edition dropped or another unit took over
	After        Cursor
	Size         int // up to MaxPage; 0 is 50
}

// DutyView is a duty with its state and what it is about.
type DutyView struct {
	Duty
	State State  `json:"state"`
	Code  string `json:"code"`
	Title string `json:"title"`
}

// DutyPage is a page of duties, by due day. Next is zero on the last page.
type DutyPage struct {
	Duties []DutyView
	Next   Cursor
}

// Duties lists duties by due day as they stood at the end of the day asOf.
func (s *Store) Duties(ctx context.Context, f DutyFilter, asOf civil.Date) (page DutyPage, err error) {
	defer fault.Wrap(&err, "obligation.Duties")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		page, err = s.duties(ctx, tx, f, asOf)
		return err
	})
	return page, err
}

func (s *Store) duties(ctx context.Context, tx *db.Tx, f DutyFilter, asOf civil.Date) (page DutyPage, err error) {
	if f.Size <= 0 {
		f.Size = 50
	}
	f.Size = min(f.Size, MaxPage)
	r, order := s.Reckoning(asOf), dutyOrder(tx, asOf)
	where, args := f.where(r, order)
	query := "select " + dutyColumns + ", " + order + ", i.code, i.title from " + duties(tx, asOf) + " join obligation_items i on i.id = d.obligation_id" +
		where + " order by " + order + ", d.id limit ?"
	var last Cursor
	more := false
	err = tx.Each(ctx, query, append(args, f.Size+1), func(rows *sql.Rows) error {
		if more = len(page.Duties) == f.Size; more {
			return nil
		}
		var v DutyView
		if err := rows.Scan(append(dutyInto(&v.Duty), &last.DueOn, &v.Code, &v.Title)...); err != nil {
			return err
		}
		v.State, last.ID = r.State(v.Duty), v.ID
		page.Duties = append(page.Duties, v)
		return nil
	})
	if more {
		page.Next = last
	}
	return page, err
}

// where is the filter as SQL on duties d and obligation_items i.
func (f DutyFilter) where(r Reckoning, order string) (string, []any) {
	var conditions []string
	var args []any
	add := func(on bool, condition string, values ...any) {
		if on {
			conditions = append(conditions, condition)
			args = append(args, values...)
		}
	}
	add(len(f.Units) > 0, "d.unit_id in "+db.In(len(f.Units)), db.Args(f.Units)...)
	add(f.PlanID != 0, "d.plan_id = ?", f.PlanID)
	add(f.ObligationID != 0, "d.obligation_id = ?", f.ObligationID)
	add(f.Section != "", "i.section = ?", f.Section)
	add(f.Period != "", "d.period = ?", f.Period)
	add(!f.DueFrom.IsZero(), "d.due_on >= ?", f.DueFrom)
	add(!f.DueTo.IsZero(), "d.due_on <= ?", f.DueTo)
	add(f.RecordID != 0, "d.id in (select e.duty_id from obligation_evidence e where e.record_id = ? and e.removed_on is null)", f.RecordID)
	add(f.Asked, "d.asked is not null")
	add(!f.Retired, standing)
	add(f.After.ID != 0, "("+order+", d.id) > (?, ?)", f.After.DueOn, f.After.ID)
	var states []string
	for _, st := range f.States {
		states = append(states, "("+stateWhere[st].sql+")")
		if dates := stateWhere[st].dates; dates != nil {
			args = append(args, dates(r)...)
		}
	}
	if len(states) > 0 {
		conditions = append(conditions, "("+strings.Join(states, " or ")+")")
	}
	return clauses(conditions), args
}

// readHistory fills in what happened to the duty up to the end of the day.
func (v *DutyDetail) readHistory(ctx context.Context, tx *db.Tx, asOf civil.Date) error {
	all, err := allEvidence(ctx, tx, v.ID)
	if err != nil {
		return err
	}
	for _, e := range all {
		if holds(e.KnownOn, e.RemovedOn, asOf) {
			e.Removal = Removal{}
			v.Evidence = append(v.Evidence, e)
		} else if !e.RemovedOn.IsZero() && !e.RemovedOn.After(asOf) {
			v.Former = append(v.Former, e)
		}
	}
	if v.Exceptions, err = exceptionsOf(ctx, tx, v.ID, asOf); err != nil {
		return err
	}
	v.Claims, err = claimsOf(ctx, tx, v.ID, asOf)
	return err
}

func readDuty(ctx context.Context, tx *db.Tx, id int64) (d Duty, err error) {
	return readDutyFrom(ctx, tx, "obligation_duties d", id)
}

func readDutyFrom(ctx context.Context, tx *db.Tx, from string, id int64) (d Duty, err error) {
	err = tx.Row(ctx, "select "+dutyColumns+" from "+from+" where d.id = ?", []any{id}, dutyInto(&d)...)
	if errors.Is(err, sql.ErrNoRows) {
		return Duty{}, fault.New(fault.NotFound, "duty_unknown", "没有编号为%d的公开义务。", id)
	}
	return d, err
}

// DutyDetail is a duty with everything about it.
type DutyDetail struct {
	DutyView
	Obligation Obligation  `json:"obligation"`
	Evidence   []Evidence  `json:"evidence"`
	Former     []Evidence  `json:"former,omitempty"` // evidence that was taken back
	Exceptions []Exception `json:"exceptions,omitempty"`
	Claims     []Claim     `json:"claims,omitempty"` // newest first
}

// Duty reads one duty as it stood at the end of the day asOf, with its
// obligation, evidence, exceptions and claims. A duty that was not yet laid on
// that day is a NotFound fault.
func (s *Store) Duty(ctx context.Context, id int64, asOf civil.Date) (v DutyDetail, err error) {
	defer fault.Wrap(&err, "obligation.Duty(%d)", id)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if v.DutyView.Duty, err = readDutyFrom(ctx, tx, duties(tx, asOf), id); err != nil {
			return err
		}
		v.State = s.Reckoning(asOf).State(v.DutyView.Duty)
		if v.Obligation, err = readObligation(ctx, tx, "id = ?", v.ObligationID); err != nil {
			return err
		}
		v.Code, v.Title = v.Obligation.Code, v.Obligation.Title
		return v.readHistory(ctx, tx, asOf)
	})
	return v, err
}

func readObligation(ctx context.Context, tx *db.Tx, where string, arg any) (Obligation, error) {
	list, err := readObligations(ctx, tx, where, []any{arg}, "id")
	if err != nil {
		return Obligation{}, err
	}
	if len(list) == 0 {
		return Obligation{}, fault.New(fault.NotFound, "obligation_unknown", "没有这项公开事项，请从列表里重新打开。")
	}
	return list[0], readParts(ctx, tx, list, "select cast(? as bigint)", list[0].ID)
}
