package publication

import (
	"context"
	"database/sql"
	"slices"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Rematch tells duties of the published records of the units from a day on, in
// the caller's transaction: a plan that is saved after its first records finds
// them so. It returns how many records it looked at.
func (s *Store) Rematch(ctx context.Context, tx *db.Tx, units []int64, from civil.Date) (seen int, err error) {
	defer fault.Wrap(&err, "publication.Rematch(%v)", from)
	var ids []int64
	for part := range slices.Chunk(units, 500) {
		err := tx.Each(ctx, "select id from publication_records where state = 'published' and listed_on >= ? and unit_id in "+db.In(len(part))+" order by id",
			append([]any{from}, db.Args(part)...), func(rows *sql.Rows) error {
				var id int64
				err := rows.Scan(&id)
				ids = append(ids, id)
				return err
			})
		if err != nil {
			return 0, err
		}
	}
	w, err := s.newWriter(ctx, tx, PutOptions{})
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		r, line, err := s.newest(ctx, tx, id)
		if err != nil {
			return 0, err
		}
		k, ok := s.Kinds.Get(line.Kind)
		if !ok {
			continue // the kind's file was taken away; its records stay readable
		}
		if err := w.evidence(ctx, id, line, k, r.UnitID); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}
