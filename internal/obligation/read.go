package obligation

import (
	"context"
	"database/sql"
	"errors"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

const planColumns = "id, code, kind, title, issuer, number, issued_on, year, standing, saved_at"

func planInto(p *Plan, savedAt *db.Instant) []any {
	return []any{&p.ID, &p.Code, &p.Kind, &p.Title, &p.Issuer, &p.Number, &p.IssuedOn, &p.Year, jsonColumn{&p.Standing}, savedAt}
}

// Plans lists all plans and catalogues, the newest first.
func (s *Store) Plans(ctx context.Context) (list []Plan, err error) {
	defer fault.Wrap(&err, "obligation.Plans")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		return tx.Each(ctx, "select "+planColumns+" from obligation_plans order by year desc, issued_on desc, id desc", nil, func(rows *sql.Rows) error {
			var p Plan
			var at db.Instant
			err := rows.Scan(planInto(&p, &at)...)
			p.SavedAt = at.Time
			list = append(list, p)
			return err
		})
	})
	return list, err
}

func readPlan(ctx context.Context, tx *db.Tx, where string, arg any) (p Plan, err error) {
	var at db.Instant
	err = tx.Row(ctx, "select "+planColumns+" from obligation_plans where "+where, []any{arg}, planInto(&p, &at)...)
	p.SavedAt = at.Time
	if errors.Is(err, sql.ErrNoRows) {
		return Plan{}, fault.New(fault.NotFound, "plan_unknown", "没有这份工作要点或目录。请从列表里重新打开。")
	}
	return p, err
}

// PlanView is a plan with its obligations and where each of them stands.
type PlanView struct {
	Plan        Plan             `json:"plan"`
	Obligations []ObligationView `json:"obligations"`
	Counts      Counts           `json:"counts"`
	Periods     []string         `json:"periods"` // that it has duties for, oldest first
}

// ObligationView is an obligation with the number of its duties by state.
type ObligationView struct {
	Obligation
	Counts Counts `json:"counts"`
}

// Plan reads a plan with its obligations (retired ones left out) and their
// duties counted by state at the end of the day asOf; of one period, or of all
// where period is "". Units of each obligation are included.
func (s *Store) Plan(ctx context.Context, id int64, period string, asOf civil.Date) (PlanView, error) {
	return s.PlanOf(ctx, PlanFilter{PlanID: id, Period: period}, asOf)
}

// PlanFilter says what of a plan is counted.
type PlanFilter struct {
	PlanID int64
	Period string  // "" for all
	Units  []int64 // duties of these units only; nil for all, empty for none
}

// PlanOf is Plan with the duties of some units counted. All obligations of the
// plan are listed, also those that the units owe nothing of.
func (s *Store) PlanOf(ctx context.Context, f PlanFilter, asOf civil.Date) (v PlanView, err error) {
	id := f.PlanID
	defer fault.Wrap(&err, "obligation.Plan(%d)", id)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if v.Plan, err = readPlan(ctx, tx, "id = ?", id); err != nil {
			return err
		}
		list, err := readObligations(ctx, tx, "plan_id = ? and "+listedItems(tx, asOf), []any{id}, "position")
		if err != nil {
			return err
		}
		if err := readParts(ctx, tx, list, "select id from obligation_items where plan_id = ?", id); err != nil {
			return err
		}
		if v.Periods, err = periodsOf(ctx, tx, id); err != nil {
			return err
		}
		counts, err := s.countByObligation(ctx, tx, f, v.Periods, asOf)
		if err != nil {
			return err
		}
		for _, o := range list {
			c := counts[o.ID]
			if c == nil {
				c = new(Counts)
			}
			v.Obligations = append(v.Obligations, ObligationView{o, *c})
			v.Counts.Merge(*c)
		}
		return nil
	})
	return v, err
}

// Periods lists the periods that a plan has duties for, oldest first. It reads
// nothing else of the plan, however large that is.
func (s *Store) Periods(ctx context.Context, planID int64) (list []string, err error) {
	defer fault.Wrap(&err, "obligation.Periods(%d)", planID)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		list, err = periodsOf(ctx, tx, planID)
		return err
	})
	return list, err
}

// periodsOf lists the periods of a plan's duties. It hops through the index
// from one to the next, because a plan may have many duties in few periods.
func periodsOf(ctx context.Context, tx *db.Tx, planID int64) (list []string, err error) {
	err = tx.Each(ctx, `with recursive hop(period) as (
			select min(period) from obligation_duties where plan_id = ?
			union all
			select (select min(d.period) from obligation_duties d where d.plan_id = ? and d.period > hop.period) from hop where hop.period is not null
		) select period from hop where period is not null order by period`, []any{planID, planID}, func(rows *sql.Rows) error {
		var p string
		err := rows.Scan(&p)
		list = append(list, p)
		return err
	})
	return list, err
}

// countByObligation counts in memory: the index gives the rows by unit, and
// grouping them in the database costs more than reading them. The index is by
// plan, period and unit, so units are looked for in each period.
func (s *Store) countByObligation(ctx context.Context, tx *db.Tx, f PlanFilter, periods []string, asOf civil.Date) (map[int64]*Counts, error) {
	r := s.Reckoning(asOf)
	conditions, args := []string{"d.plan_id = ?", standing}, append(r.stateArgs(), f.PlanID)
	switch {
	case f.Period != "":
		conditions, args = append(conditions, "d.period = ?"), append(args, f.Period)
	case f.Units != nil:
		conditions, args = append(conditions, "d.period in "+db.In(len(periods))), append(args, db.Args(periods)...)
	}
	if f.Units != nil {
		conditions, args = append(conditions, "d.unit_id in "+db.In(len(f.Units))), append(args, db.Args(f.Units)...)
	}
	counts := map[int64]*Counts{}
	err := tx.Each(ctx, "select d.obligation_id, "+stateCase+" as state from "+duties(tx, asOf)+clauses(conditions), args, func(rows *sql.Rows) error {
		var id, code int64
		if err := rows.Scan(&id, &code); err != nil {
			return err
		}
		c := counts[id]
		if c == nil {
			c = new(Counts)
			counts[id] = c
		}
		c.Add(State(code), 1)
		return nil
	})
	return counts, err
}

const readColumns = "id, plan_id, code, position, section, title, content, assignment, basis, lead, responsible, due, rule, match, items, detail, starts_on, retired_on"

func readObligations(ctx context.Context, tx *db.Tx, where string, args []any, order string) (list []Obligation, err error) {
	err = tx.Each(ctx, "select "+readColumns+" from obligation_items i where "+where+" order by "+order, args, func(rows *sql.Rows) error {
		var o Obligation
		err := rows.Scan(&o.ID, &o.PlanID, &o.Code, &o.Position, &o.Section, &o.Title, &o.Text, &o.Assignment, &o.Basis,
			jsonColumn{&o.Lead}, jsonColumn{&o.Responsible}, &o.Due, jsonColumn{&o.Rule}, jsonColumn{&o.Match}, jsonColumn{&o.Items},
			jsonColumn{&o.Row}, &o.StartsOn, &o.RetiredOn)
		list = append(list, o)
		return err
	})
	return list, err
}

// readParts fills in units and targets of the obligations that the subquery
// gives the ids of.
func readParts(ctx context.Context, tx *db.Tx, list []Obligation, subquery string, args ...any) error {
	at := map[int64]*Obligation{}
	for i := range list {
		at[list[i].ID] = &list[i]
	}
	err := tx.Each(ctx, "select obligation_id, unit_id, role, printed from obligation_assignments where obligation_id in ("+subquery+") order by obligation_id, unit_id", args,
		func(rows *sql.Rows) error {
			var id int64
			var a Assignment
			err := rows.Scan(&id, &a.UnitID, &a.Role, &a.Printed)
			if o := at[id]; o != nil {
				o.Units = append(o.Units, a)
			}
			return err
		})
	if err != nil {
		return err
	}
	return tx.Each(ctx, "select obligation_id, item, content, quantity, measure from obligation_targets where obligation_id in ("+subquery+") order by obligation_id, position", args,
		func(rows *sql.Rows) error {
			var id int64
			var t Target
			err := rows.Scan(&id, &t.Item, &t.Text, &t.Quantity, &t.Unit)
			if o := at[id]; o != nil {
				o.Targets = append(o.Targets, t)
			}
			return err
		})
}

// readDraft is what is stored of a plan, retired obligations included.
func readDraft(ctx context.Context, tx *db.Tx, planID int64) (d Draft, err error) {
	if d.Plan, err = readPlan(ctx, tx, "id = ?", planID); err != nil {
		return Draft{}, err
	}
	if d.Obligations, err = readObligations(ctx, tx, "plan_id = ?", []any{planID}, "position, id"); err != nil {
		return Draft{}, err
	}
	return d, readParts(ctx, tx, d.Obligations, "select id from obligation_items where plan_id = ?", planID)
}
