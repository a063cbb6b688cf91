package publication

import (
	"context"
	"database/sql"

	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
)

// OpenFlags lists the flags that nobody has reviewed, the newest change first;
// those of the units, or of all where none is given.
func (s *Store) OpenFlags(ctx context.Context, units []int64, limit int) (list []Flag, err error) {
	defer fault.Wrap(&err, "publication.OpenFlags")
	where, args := "where f.reviewed_at is null", []any{}
	if len(units) > 0 {
		where += " and r.unit_id in " + db.In(len(units))
		args = db.Args(units)
	}
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		list, err = flags(ctx, tx, where+" order by f.on_date desc, f.id desc limit ?", append(args, limit)...)
		return err
	})
	return list, err
}

// Review closes a flag: actor has looked at the record and says what came of
// it.
func (s *Store) Review(ctx context.Context, tx *db.Tx, flagID int64, note, actor string) (err error) {
	defer fault.Wrap(&err, "publication.Review(%d)", flagID)
	var record int64
	err = tx.Row(ctx, "update publication_flags set reviewed_at = ?, reviewed_by = ?, note = ? where id = ? and reviewed_at is null returning record_id",
		[]any{db.At(tx.Now), actor, note, flagID}, &record)
	if err == sql.ErrNoRows {
		return fault.New(fault.NotFound, "flag_unknown", "没有这条待核对提示，或者已经有人核对过。")
	}
	if err != nil {
		return err
	}
	_, err = ledger.Append(ctx, tx, ledger.Act{Kind: ActTouched, Subject: Subject(record), Actor: actor})
	return err
}

// flags reads flags whose three records are all published.
func flags(ctx context.Context, tx *db.Tx, rest string, args ...any) (list []Flag, err error) {
	err = tx.Each(ctx, `select f.id, f.type, f.articles, f.on_date, f.reviewed_at, f.reviewed_by, f.note,
		r.id, r.source_id, r.kind, r.title, r.number, r.unit_name, r.issued_on, r.stands,
		c.id, c.source_id, c.kind, c.title, c.number, c.unit_name, c.issued_on, c.stands,
		t.id, t.source_id, t.kind, t.title, t.number, t.unit_name, t.issued_on, t.stands
		from publication_flags f
		join publication_records r on r.id = f.record_id and r.state = 'published'
		join publication_records c on c.id = f.cause_id and c.state = 'published'
		join publication_records t on t.id = f.target_id and t.state = 'published' `+rest, args, func(rows *sql.Rows) error {
		var f Flag
		var articles string
		var reviewed db.Instant
		into := []any{&f.ID, &f.Type, &articles, &f.On, &reviewed, &f.By, &f.Note}
		for _, b := range []*Brief{&f.Record, &f.Cause, &f.Target} {
			into = append(into, &b.ID, &b.SourceID, &b.Kind, &b.Title, &b.Number, &b.Unit, &b.IssuedOn, &b.State)
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		f.Reviewed = reviewed.Time
		var err error
		f.Articles, err = unpackLabels(articles)
		list = append(list, f)
		return err
	})
	return list, err
}
