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
// retired ones back their place where the obligation stands again.
func expandOne(ctx context.Context, tx *db.Tx, o owed, through civil.Date) (added int, err error) {
	have := map[string]int{}
	err = tx.Each(ctx, "select period, count(*) from obligation_duties where obligation_id = ? and (exempt is null or exempt <> ?) group by period",
		[]any{o.id, string(Retired)}, func(rows *sql.Rows) error {
			var period string
			var n int
			if err := rows.Scan(&period, &n); err != nil {
				return err
			}
			have[period] = n
			return nil
		})
	if err != nil {
		return 0, err
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
	period := oc.Period.String()
	back, err := tx.Exec(ctx, `update obligation_duties set opens_on = ?, closes_on = ?, due_on = ?, exempt = null,
		role = (select a.role from obligation_assignments a where a.obligation_id = obligation_duties.obligation_id and a.unit_id = obligation_duties.unit_id)
		where obligation_id = ? and period = ? and exempt = ? and unit_id in (select unit_id from obligation_assignments where obligation_id = ?)`,
		oc.Opens, oc.Closes, oc.Due, o.id, period, string(Retired), o.id)
	if err != nil {
		return 0, err
	}
	fresh, err := tx.Exec(ctx, `insert into obligation_duties (obligation_id, plan_id, unit_id, period, role, opens_on, closes_on, due_on)
		select a.obligation_id, cast(? as bigint), a.unit_id, cast(? as text), a.role, cast(? as text), cast(? as text), cast(? as text)
		from obligation_assignments a where a.obligation_id = ? order by a.unit_id
		on conflict (obligation_id, unit_id, period) do nothing`,
		o.planID, period, oc.Opens, oc.Closes, oc.Due, o.id)
	return int(back + fresh), err
}

// clauses puts conditions together; none is all rows.
func clauses(conditions []string) string {
	if len(conditions) == 0 {
		return ""
	}
	return " where " + strings.Join(conditions, " and ")
}
