package obligation

import (
	"context"
	"database/sql"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Unmet lists what is owed and neither met nor excepted on the day of the
// transaction and falls due from one day to another: for reminders. Disputed
// duties wait for the office and are left out, and so are those that open later.
func (s *Store) Unmet(ctx context.Context, tx *db.Tx, from, to civil.Date) (list []DutyView, err error) {
	defer fault.Wrap(&err, "obligation.Unmet(%s, %s)", from, to)
	r := s.Reckoning(tx.Today())
	err = tx.Each(ctx, "select "+dutyColumns+`, i.code, i.title from obligation_duties d join obligation_items i on i.id = d.obligation_id
		where d.due_on >= ? and d.due_on <= ? and d.met_on is null and d.exempt is null and d.opens_on <= ? order by d.due_on, d.id`,
		[]any{firstDay(from), lastDay(to), tx.Today()}, func(rows *sql.Rows) error {
			var v DutyView
			if err := rows.Scan(append(dutyInto(&v.Duty), &v.Code, &v.Title)...); err != nil {
				return err
			}
			v.State = r.State(v.Duty)
			list = append(list, v)
			return nil
		})
	return list, err
}

// StillOwed tells which of the duties are owed and unmet now.
func (s *Store) StillOwed(ctx context.Context, tx *db.Tx, ids []int64) (owed map[int64]bool, err error) {
	defer fault.Wrap(&err, "obligation.StillOwed(%d)", len(ids))
	owed = map[int64]bool{}
	err = tx.Each(ctx, "select id from obligation_duties where met_on is null and exempt is null and id in "+db.In(len(ids)), db.Args(ids), func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		owed[id] = true
		return err
	})
	return owed, err
}
