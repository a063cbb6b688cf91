package obligation

import (
	"context"
	"database/sql"
	"slices"

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
// at the end of the day asOf.
func (s *Store) Obligation(ctx context.Context, id int64, asOf civil.Date) (v ObligationView, err error) {
	defer fault.Wrap(&err, "obligation.Obligation(%d)", id)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if v.Obligation, err = readObligation(ctx, tx, "id = ?", id); err != nil {
			return err
		}
		return tx.Each(ctx, "select "+stateCase+" as state, count(*) from "+duties(tx, asOf)+" where d.obligation_id = ? and "+standing+" group by 1", append(s.Reckoning(asOf).stateArgs(), id),
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
// days: without bound), by plan and state at the end of the day asOf. What a
// later edition of a plan dropped or another unit took over is left out.
func (s *Store) Unit(ctx context.Context, unitID int64, from, to, asOf civil.Date) (UnitSummary, error) {
	list, err := s.Units(ctx, []int64{unitID}, from, to, asOf)
	if err != nil {
		return UnitSummary{}, err
	}
	return list[0], nil
}

// Units is Unit for many units at once, in their order. Units may be as many as
// the city has.
func (s *Store) Units(ctx context.Context, units []int64, from, to, asOf civil.Date) (list []UnitSummary, err error) {
	defer fault.Wrap(&err, "obligation.Units(%d)", len(units))
	byPlan := map[[2]int64]*Counts{} // by unit and plan
	err = s.db.View(ctx, func(tx *db.Tx) error {
		for part := range slices.Chunk(units, unitsAtOnce) {
			if err := s.countByPlan(ctx, tx, part, from, to, asOf, byPlan); err != nil {
				return err
			}
		}
		titles, err := planTitles(ctx, tx)
		if err != nil {
			return err
		}
		for _, id := range units {
			u := UnitSummary{UnitID: id}
			for _, p := range titles {
				if c := byPlan[[2]int64{id, p.PlanID}]; c != nil {
					p.Counts = *c
					u.Plans = append(u.Plans, p)
					u.Counts.Merge(*c)
				}
			}
			list = append(list, u)
		}
		return nil
	})
	return list, err
}

// unitsAtOnce keeps statements short of the engines' limit of arguments.
const unitsAtOnce = 1000

func (s *Store) countByPlan(ctx context.Context, tx *db.Tx, units []int64, from, to, asOf civil.Date, into map[[2]int64]*Counts) error {
	query := "select d.unit_id, d.plan_id, " + stateCase + " as state from " + duties(tx, asOf) +
		" where d.unit_id in " + db.In(len(units)) + " and d.due_on >= ? and d.due_on <= ? and " + standing
	args := slices.Concat(s.Reckoning(asOf).stateArgs(), db.Args(units), []any{firstDay(from), lastDay(to)})
	return tx.Each(ctx, query, args, func(rows *sql.Rows) error {
		var key [2]int64
		var state int64
		if err := rows.Scan(&key[0], &key[1], &state); err != nil {
			return err
		}
		c := into[key]
		if c == nil {
			c = new(Counts)
			into[key] = c
		}
		c.Add(State(state), 1)
		return nil
	})
}

// planTitles are all plans without counts, the newest first.
func planTitles(ctx context.Context, tx *db.Tx) (list []PlanCounts, err error) {
	err = tx.Each(ctx, "select id, title from obligation_plans order by year desc, issued_on desc, id desc", nil, func(rows *sql.Rows) error {
		var p PlanCounts
		err := rows.Scan(&p.PlanID, &p.Title)
		list = append(list, p)
		return err
	})
	return list, err
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
