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

const dutyColumns = "d.id, d.obligation_id, d.plan_id, d.unit_id, d.period, d.role, d.opens_on, d.closes_on, d.due_on, d.met_on, coalesce(d.met_how, ''), coalesce(d.exempt, '')"

func dutyInto(d *Duty) []any {
	return []any{&d.ID, &d.ObligationID, &d.PlanID, &d.UnitID, &d.Period, &d.Role, &d.OpensOn, &d.ClosesOn, &d.DueOn, &d.Met.On, &d.Met.How, &d.Exempt}
}

// stateCase is Reckoning.State in SQL, on a row of obligation_duties; its
// arguments are stateArgs.
var stateCase = fmt.Sprintf(`case
	when exempt in ('%s', '%s') then %d
	when met_on is not null and met_how = '%s' then %d
	when met_on > due_on then %d
	when met_on is not null then %d
	when exempt = '%s' then %d
	when due_on < ? then %d
	when due_on <= ? then %d
	else %d end`,
	NotApplicable, Retired, NotApplicableState, ByNilReport, NilReport, FulfilledLate, Fulfilled, Disputed, DisputedState, Overdue, DueSoon, NotDue)

func (r Reckoning) stateArgs() []any { return []any{r.Today, r.Soon} }

// stateWhere is what a duty in each state satisfies, in a form that can use
// the index on due days. Question marks: today or soon, as dates lists.
var stateWhere = [stateCount]struct {
	sql   string
	dates func(Reckoning) []any
}{
	NotApplicableState: {"d.exempt in ('not_applicable', 'retired')", nil},
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
	Retired      bool // also those that a later edition dropped
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

// Duties lists duties by due day with their states on the day today.
func (s *Store) Duties(ctx context.Context, f DutyFilter, today civil.Date) (page DutyPage, err error) {
	defer fault.Wrap(&err, "obligation.Duties")
	if f.Size <= 0 {
		f.Size = 50
	}
	f.Size = min(f.Size, MaxPage)
	r := s.Reckoning(today)
	where, args := f.where(r)
	query := "select " + dutyColumns + ", i.code, i.title from obligation_duties d join obligation_items i on i.id = d.obligation_id" +
		where + " order by d.due_on, d.id limit ?"
	err = s.db.View(ctx, func(tx *db.Tx) error {
		return tx.Each(ctx, query, append(args, f.Size+1), func(rows *sql.Rows) error {
			var v DutyView
			if err := rows.Scan(append(dutyInto(&v.Duty), &v.Code, &v.Title)...); err != nil {
				return err
			}
			v.State = r.State(v.Duty)
			page.Duties = append(page.Duties, v)
			return nil
		})
	})
	if len(page.Duties) > f.Size {
		page.Duties = page.Duties[:f.Size]
		last := page.Duties[f.Size-1]
		page.Next = Cursor{last.DueOn, last.ID}
	}
	return page, err
}

// where is the filter as SQL on obligation_duties d and obligation_items i.
func (f DutyFilter) where(r Reckoning) (string, []any) {
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
	add(!f.Retired, "(d.exempt is null or d.exempt <> 'retired')")
	add(f.After.ID != 0, "(d.due_on, d.id) > (?, ?)", f.After.DueOn, f.After.ID)
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

func readDuty(ctx context.Context, tx *db.Tx, id int64) (d Duty, err error) {
	err = tx.Row(ctx, "select "+dutyColumns+" from obligation_duties d where d.id = ?", []any{id}, dutyInto(&d)...)
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
	Exceptions []Exception `json:"exceptions,omitempty"`
}

// Duty reads one duty with its obligation, evidence and exceptions.
func (s *Store) Duty(ctx context.Context, id int64, today civil.Date) (v DutyDetail, err error) {
	defer fault.Wrap(&err, "obligation.Duty(%d)", id)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if v.DutyView.Duty, err = readDuty(ctx, tx, id); err != nil {
			return err
		}
		v.State = s.Reckoning(today).State(v.DutyView.Duty)
		if v.Obligation, err = readObligation(ctx, tx, "id = ?", v.ObligationID); err != nil {
			return err
		}
		v.Code, v.Title = v.Obligation.Code, v.Obligation.Title
		if v.Evidence, err = evidenceOf(ctx, tx, id); err != nil {
			return err
		}
		v.Exceptions, err = exceptionsOf(ctx, tx, id)
		return err
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
