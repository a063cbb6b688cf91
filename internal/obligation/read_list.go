package obligation

import (
	"context"
	"database/sql"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Filter narrows a list of obligations. Zero fields do not.
type Filter struct {
	PlanID  int64
	UnitID  int64 // assigned to this unit
	Section string
	Retired bool  // also those that a later edition dropped
	After   int64 // the id that the last page ended with
	Size    int   // up to MaxPage; 0 is 50
}

// Obligations lists obligations in the order they were saved, with units and
// targets.
func (s *Store) Obligations(ctx context.Context, f Filter) (list []Obligation, err error) {
	defer fault.Wrap(&err, "obligation.Obligations")
	if f.Size <= 0 {
		f.Size = 50
	}
	conditions, args := "id > ?", []any{f.After}
	add := func(on bool, condition string, values ...any) {
		if on {
			conditions += " and " + condition
			args = append(args, values...)
		}
	}
	add(f.PlanID != 0, "plan_id = ?", f.PlanID)
	add(f.UnitID != 0, "id in (select obligation_id from obligation_assignments where unit_id = ?)", f.UnitID)
	add(f.Section != "", "section = ?", f.Section)
	add(!f.Retired, "retired_on is null")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if list, err = readObligations(ctx, tx, conditions, append(args, min(f.Size, MaxPage)), "id limit ?"); err != nil || len(list) == 0 {
			return err
		}
		ids := make([]int64, len(list))
		for i, o := range list {
			ids[i] = o.ID
		}
		// Bound lists twice would confuse the placeholders; a range holds the page.
		return readParts(ctx, tx, list, "select id from obligation_items where id between ? and ?", ids[0], ids[len(ids)-1])
	})
	return list, err
}

// Obligation reads one obligation by id with the number of its duties by state
// on the day today.
func (s *Store) Obligation(ctx context.Context, id int64, today civil.Date) (v ObligationView, err error) {
	defer fault.Wrap(&err, "obligation.Obligation(%d)", id)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if v.Obligation, err = readObligation(ctx, tx, "id = ?", id); err != nil {
			return err
		}
		return tx.Each(ctx, "select "+stateCase+" as state, count(*) from obligation_duties where obligation_id = ? group by 1", append(s.Reckoning(today).stateArgs(), id),
			func(rows *sql.Rows) error {
				var state State
				var n int
				if err := rows.Scan(&state, &n); err != nil {
					return err
				}
				v.Counts.Add(state, n)
				return nil
			})
	})
	return v, err
}

// ByCode finds an obligation by its code.
func (s *Store) ByCode(ctx context.Context, code string) (o Obligation, err error) {
	defer fault.Wrap(&err, "obligation.ByCode(%q)", code)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		o, err = readObligation(ctx, tx, "code = ?", code)
		return err
	})
	return o, err
}

// UnitSummary is what a unit owes.
type UnitSummary struct {
	UnitID int64        `json:"unit_id"`
	Counts Counts       `json:"counts"`
	Plans  []PlanCounts `json:"plans"`
}

// PlanCounts is what a unit owes by one plan.
type PlanCounts struct {
	PlanID int64  `json:"plan_id"`
	Title  string `json:"title"`
	Counts Counts `json:"counts"`
}

// Unit counts the duties of a unit that fall due from one day to another (zero
// days: without bound), by plan and state on the day today. What a later
// edition of a plan dropped is left out.
func (s *Store) Unit(ctx context.Context, unitID int64, from, to, today civil.Date) (u UnitSummary, err error) {
	defer fault.Wrap(&err, "obligation.Unit(%d)", unitID)
	u.UnitID = unitID
	args := append(s.Reckoning(today).stateArgs(), unitID, firstDay(from), lastDay(to))
	query := `select plan_id, ` + stateCase + ` as state, count(*) from obligation_duties
		where unit_id = ? and due_on >= ? and due_on <= ? and (exempt is null or exempt <> 'retired') group by 1, 2`
	err = s.db.View(ctx, func(tx *db.Tx) error {
		byPlan := map[int64]Counts{}
		err := tx.Each(ctx, query, args, func(rows *sql.Rows) error {
			var plan int64
			var state State
			var n int
			if err := rows.Scan(&plan, &state, &n); err != nil {
				return err
			}
			c := byPlan[plan]
			c.Add(state, n)
			byPlan[plan] = c
			u.Counts.Add(state, n)
			return nil
		})
		if err != nil {
			return err
		}
		return tx.Each(ctx, "select id, title from obligation_plans order by year desc, issued_on desc, id desc", nil, func(rows *sql.Rows) error {
			var p PlanCounts
			if err := rows.Scan(&p.PlanID, &p.Title); err != nil {
				return err
			}
			if c, ok := byPlan[p.PlanID]; ok {
				p.Counts = c
				u.Plans = append(u.Plans, p)
			}
			return nil
		})
	})
	return u, err
}

func firstDay(d civil.Date) string {
	if d.IsZero() {
		return "0000-00-00"
	}
	return d.String()
}

func lastDay(d civil.Date) string {
	if d.IsZero() {
		return "9999-99-99"
	}
	return d.String()
}
