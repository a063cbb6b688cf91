package obligation

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Expand makes the duties of all obligations for the periods that have begun
// by the day through. It may be called again at any time: what exists stays.
// It gives the number of duties that are new.
func (s *Store) Expand(ctx context.Context, tx *db.Tx, through civil.Date) (added int, err error) {
	defer fault.Wrap(&err, "obligation.Expand(%s)", through)
	return s.expand(ctx, tx, "i.retired_on is null", nil, through)
}

func (s *Store) expandPlan(ctx context.Context, tx *db.Tx, planID int64, through civil.Date) error {
	_, err := s.expand(ctx, tx, "i.retired_on is null and i.plan_id = ?", []any{planID}, through)
	return err
}

// owed is an obligation with what expanding needs of it.
type owed struct {
	id, planID int64
	rule       Rule
	starts     civil.Date
	units      int
	laid       civil.Date // the day from which history shows new duties
}

func (s *Store) expand(ctx context.Context, tx *db.Tx, where string, args []any, through civil.Date) (added int, err error) {
	var list []owed
	err = tx.Each(ctx, `select i.id, i.plan_id, i.rule, i.starts_on, count(*) from obligation_items i
		join obligation_assignments a on a.obligation_id = i.id where `+where+` group by i.id, i.plan_id, i.rule, i.starts_on order by i.id`, args,
		func(rows *sql.Rows) error {
			var o owed
			if err := rows.Scan(&o.id, &o.planID, jsonColumn{&o.rule}, &o.starts, &o.units); err != nil {
				return err
			}
			list = append(list, o)
			return nil
		})
	if err != nil {
		return 0, err
	}
	for _, o := range list {
		n, err := expandOne(ctx, tx, o, through)
		if err != nil {
			return 0, fmt.Errorf("obligation %d: %w", o.id, err)
		}
		added += n
	}
	return added, nil
}

// expandOne adds the duties of one obligation that are missing, and gives
// retired ones back their place where the obligation stands again. The first
// duties of an obligation are history from the day it starts, later ones from
// the day they are laid.
func expandOne(ctx context.Context, tx *db.Tx, o owed, through civil.Date) (added int, err error) {
	have, first := map[string]int{}, true
	err = tx.Each(ctx, "select d.period, count(*), sum(case when "+standing+" then 1 else 0 end) from obligation_duties d where d.obligation_id = ? group by d.period",
		[]any{o.id}, func(rows *sql.Rows) error {
			var period string
			var all, stand int
			if err := rows.Scan(&period, &all, &stand); err != nil {
				return err
			}
			have[period], first = stand, false
			return nil
		})
	if err != nil {
		return 0, err
	}
	o.laid = tx.Today()
	if first {
		o.laid = earlier(o.starts, o.laid)
	}
	for _, oc := range o.rule.Occurrences(o.starts, through) {
		if have[oc.Period.String()] >= o.units {
			continue
		}
		n, err := insertDuties(ctx, tx, o, oc)
		if err != nil {
			return 0, err
		}
		added += n
	}
	return added, nil
}

// insertDuties lays one occurrence on every unit assigned. A duty that exists
// keeps its evidence and takes over dates and role; a retired one lives again.
func insertDuties(ctx context.Context, tx *db.Tx, o owed, oc Occurrence) (int, error) {
	period, today := oc.Period.String(), tx.Today()
	if err := revive(ctx, tx, o.id, period); err != nil {
		return 0, err
	}
	back, err := tx.Exec(ctx, `update obligation_duties set opens_on = ?, closes_on = ?, due_on = ?, exempt = null, changed_on = ?,
		role = (select a.role from obligation_assignments a where a.obligation_id = obligation_duties.obligation_id and a.unit_id = obligation_duties.unit_id)
		where obligation_id = ? and period = ? and exempt = ? and unit_id in (select unit_id from obligation_assignments where obligation_id = ?)`,
		oc.Opens, oc.Closes, oc.Due, today, o.id, period, string(Retired), o.id)
	if err != nil {
		return 0, err
	}
	fresh, err := tx.Exec(ctx, `insert into obligation_duties (obligation_id, plan_id, unit_id, period, role, opens_on, closes_on, due_on, laid_on, recorded_on, changed_on)
		select a.obligation_id, cast(? as bigint), a.unit_id, cast(? as text), a.role, cast(? as text), cast(? as text), cast(? as text),
		cast(? as text), cast(? as text), cast(? as text)
		from obligation_assignments a where a.obligation_id = ? order by a.unit_id
		on conflict (obligation_id, unit_id, period) do nothing`,
		o.planID, period, oc.Opens, oc.Closes, oc.Due, o.laid, today, o.laid, o.id)
	return int(back + fresh), err
}

// revive ends the retirement of the duties of an occurrence that their units
// owe again, and keeps their dates as they were.
func revive(ctx context.Context, tx *db.Tx, obligationID int64, period string) error {
	const again = `d.obligation_id = ? and d.period = ? and d.exempt = 'retired'
		and d.unit_id in (select a.unit_id from obligation_assignments a where a.obligation_id = d.obligation_id)`
	args := []any{tx.Today(), obligationID, period}
	_, err := tx.Exec(ctx, `insert into obligation_formers (duty_id, until_on, role, opens_on, closes_on, due_on)
		select d.id, cast(? as text), d.role, d.opens_on, d.closes_on, d.due_on from obligation_duties d where `+again+` order by d.id`, args...)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update obligation_exceptions set lifted_on = ? where lifted_on is null and kind = 'retired'
		and duty_id in (select d.id from obligation_duties d where `+again+`)`, args...)
	return err
}

// clauses puts conditions together; none is all rows.
func clauses(conditions []string) string {
	if len(conditions) == 0 {
		return ""
	}
	return " where " + strings.Join(conditions, " and ")
}
