package publication

import (
	"context"
	"database/sql"
	"slices"

	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/fault"
)

// maxCitations bounds what is kept of one text. Longer lists are bibliographies.
const maxCitations = 300

// writeCitations keeps the keys of what a text cites, so that the cited record
// can say who cites it, whichever of the two came first.
func (w *writer) writeCitations(ctx context.Context, id int64, old current, b Body) error {
	if old.id != 0 {
		if _, err := w.tx.Exec(ctx, "delete from publication_citations where record_id = ?", id); err != nil {
			return err
		}
	}
	var keys []string
	for _, c := range document.FindCitations(b.Text) {
		keys = append(keys, c.Keys()...)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	for _, key := range keys[:min(len(keys), maxCitations)] {
		if _, err := w.tx.Exec(ctx, "insert into publication_citations (record_id, key) values (?, ?)", id, key); err != nil {
			return err
		}
	}
	return nil
}

// Cited finds the published records that citations name, by their keys. Of
// several editions the newest that may be in force is meant.
func (s *Store) Cited(ctx context.Context, citations []document.Citation) (byKey map[string]Brief, err error) {
	defer fault.Wrap(&err, "publication.Cited(%d)", len(citations))
	var keys []string
	for _, c := range citations {
		keys = append(keys, c.Keys()...)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	byKey = map[string]Brief{}
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		for _, column := range []string{"title_key", "number_key"} {
			for part := range slices.Chunk(keys, 500) {
				if err := citedBy(ctx, tx, column, part, byKey); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return byKey, err
}

// citedBy adds the records of the keys in one column; later rows win, and a
// repealed record never displaces one that stands.
func citedBy(ctx context.Context, tx *db.Tx, column string, keys []string, byKey map[string]Brief) error {
	query := "select p." + column + ", " + briefColumns + " from publication_records p where p." + column + " in " + db.In(len(keys)) +
		" and p.state = 'published' and p." + column + " <> '' order by p.repealed_from <= ? desc, p.listed_on, p.id"
	return tx.Each(ctx, query, append(db.Args(keys), tx.Today()), func(rows *sql.Rows) error {
		var key string
		b, err := scanBrief(withFirst{rows, &key})
		byKey[key] = b
		return err
	})
}

// CitedBy lists the published records whose text cites a record, newest first,
// up to limit of them, and tells how many there are.
func (s *Store) CitedBy(ctx context.Context, r *Record, limit int) (list []Brief, total int, err error) {
	defer fault.Wrap(&err, "publication.CitedBy(%d)", r.ID)
	keys := []any{document.TitleKey(r.Title), numberKey(r.Number)}
	const from = ` from publication_records p where p.state = 'published' and p.id <> ?
		and p.id in (select c.record_id from publication_citations c where c.key in (?, ?) and c.key <> '')`
	args := append([]any{r.ID}, keys...)
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if err := tx.Row(ctx, "select count(*)"+from, args, &total); err != nil || total == 0 {
			return err
		}
		return tx.Each(ctx, "select "+briefColumns+from+" order by p.listed_on desc, p.id desc limit ?", append(args, limit), func(rows *sql.Rows) error {
			b, err := scanBrief(rows)
			list = append(list, b)
			return err
		})
	})
	return list, total, err
}
