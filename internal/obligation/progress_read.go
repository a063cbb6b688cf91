package obligation

import (
	"context"
	"database/sql"

	"gongkai/internal/db"
)

// readProgress reads versions of reports, those of one report together, the
// newest first.
func readProgress(ctx context.Context, tx *db.Tx, where string, args []any) (list []Progress, err error) {
	query := `select p.id, p.obligation_id, p.unit_id, p.told_on, p.version, p.content, p.percent, p.figures, p.records, p.written_by, p.written_at,
		p.accepted_by, p.accepted_on, p.returned_why
		from obligation_progress p join obligation_items i on i.id = p.obligation_id
		where ` + where + " order by i.plan_id, i.position, p.obligation_id, p.unit_id, p.told_on desc, p.version desc"
	err = tx.Each(ctx, query, args, func(rows *sql.Rows) error {
		var p Progress
		var at db.Instant
		var percent sql.Null[int]
		err := rows.Scan(&p.ID, &p.ObligationID, &p.UnitID, &p.On, &p.Version, &p.Text, &percent, jsonColumn{&p.Figures}, jsonColumn{&p.Records}, &p.By, &at,
			&p.AcceptedBy, &p.AcceptedOn, &p.ReturnedWhy)
		p.At = at.Time
		if percent.Valid {
			p.Percent = &percent.V
		}
		list = append(list, p)
		return err
	})
	return list, err
}
