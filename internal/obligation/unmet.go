package obligation

import (
	"context"
	"database/sql"
	"slices"

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
	for part := range slices.Chunk(ids, unitsAtOnce) {
		err := tx.Each(ctx, "select id from obligation_duties where met_on is null and exempt is null and id in "+db.In(len(part)), db.Args(part), func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			owed[id] = true
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return owed, nil
}

// OpenClaims lists the claims that wait for the office, the oldest first.
func (s *Store) OpenClaims(ctx context.Context, tx *db.Tx) (list []ClaimView, err error) {
	defer fault.Wrap(&err, "obligation.OpenClaims")
	return readClaimViews(ctx, tx, " where c.state = ? order by c.id", []any{string(Asked)})
}

// ToldProgress lists the newest reports that wait for the office, of all tasks.
func (s *Store) ToldProgress(ctx context.Context, tx *db.Tx) (list []Progress, err error) {
	defer fault.Wrap(&err, "obligation.ToldProgress")
	list, err = readProgress(ctx, tx, `p.accepted_on is null and p.returned_why = '' and not exists (select 1 from obligation_progress q
		where q.obligation_id = p.obligation_id and q.unit_id = p.unit_id and q.told_on = p.told_on and q.version > p.version)`, nil)
	return list, err
}
