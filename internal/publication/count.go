package publication

import (
	"context"
	"database/sql"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// By is what Counts can count by.
type By string

// What records are counted by.
const (
	ByKind      By = "p.kind"
	ByStatutory By = "p.statutory"
	ByCategory  By = "p.category"
	ByUnit      By = "p.unit_id" // values are ids
	ByYear      By = "substr(p.listed_on, 1, 4)"
)

// Counts counts the published records that the filter lets through, by their
// value. Values without records are absent.
func (s *Store) Counts(ctx context.Context, f Filter, by By) (counts map[string]int, err error) {
	defer fault.Wrap(&err, "publication.Counts(%s)", by)
	counts = map[string]int{}
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		where, args := f.where(tx.Today())
		return tx.Each(ctx, "select cast("+string(by)+" as text), count(*) from publication_records p "+where+" group by "+string(by), args, func(rows *sql.Rows) error {
			var value string
			var n int
			err := rows.Scan(&value, &n)
			counts[value] = n
			return err
		})
	})
	return counts, err
}

// Explained is a record with what explains it.
type Explained struct {
	Record
	Interpretations []Brief // newest first
}

// Newest lists the newest records that the filter lets through, by the day of
// lists, each with its interpretations. Archived ones are not among them.
func (s *Store) Newest(ctx context.Context, f Filter, n int) (list []Explained, err error) {
	defer fault.Wrap(&err, "publication.Newest")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		found, err := s.first(ctx, tx, f, "p.listed_on desc, p.id desc", n)
		if err != nil {
			return err
		}
		ids := make([]int64, len(found))
		for i, r := range found {
			ids[i] = r.ID
			list = append(list, Explained{Record: r})
		}
		briefs, err := incoming(ctx, tx, ids, Interprets)
		for i := range list {
			list[i].Interpretations = briefs[list[i].ID]
		}
		return err
	})
	return list, err
}

// Recent lists the records that the filter lets through whose substance became
// public last, as followers of feeds want it: a minor change is no news, an
// archived record none either.
func (s *Store) Recent(ctx context.Context, f Filter, n int) (list []Record, err error) {
	defer fault.Wrap(&err, "publication.Recent")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		list, err = s.first(ctx, tx, f, "p.renewed_at desc, p.id desc", n)
		return err
	})
	return list, err
}

// first reads the first n current records in an order.
func (s *Store) first(ctx context.Context, tx *db.Tx, f Filter, order string, n int) (list []Record, err error) {
	where, args := f.where(tx.Today())
	ids, err := pageIDs(ctx, tx, where+" and p.stands = 'published'", order, append(args, n, 0))
	if err != nil {
		return nil, err
	}
	return s.Records(ctx, tx, ids)
}

// incoming lists, for each target, the published records that have a relation
// of the type to it, newest first.
func incoming(ctx context.Context, tx *db.Tx, targets []int64, t RelationType) (map[int64][]Brief, error) {
	briefs := map[int64][]Brief{}
	args := append(db.Args(targets), string(t))
	err := tx.Each(ctx, "select r.target_id, "+briefColumns+" from publication_relations r join publication_records p on p.id = r.record_id where r.target_id in "+
		db.In(len(targets))+" and r.type = ? and p.state = 'published' order by p.listed_on desc, p.id desc, r.ordinal", args, func(rows *sql.Rows) error {
		var target int64
		b, err := scanBrief(withFirst{rows, &target})
		briefs[target] = append(briefs[target], b)
		return err
	})
	return briefs, err
}
