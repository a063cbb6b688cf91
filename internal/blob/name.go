package blob

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Named is a blob that is found by a name: the newest of its sort.
type Named struct {
	Name string
	Ref
	Note string    // particulars of whoever named it
	At   time.Time // when it got the name
}

// SetName gives a name to a blob that is stored; the one that had it before
// loses it, and stays stored.
func SetName(ctx context.Context, tx *db.Tx, name string, ref Ref, note string) (err error) {
	defer fault.Wrap(&err, "blob.SetName(%s)", name)
	_, err = tx.Exec(ctx, `insert into blob_names (name, hash, size, media_type, note, named_at) values (?, ?, ?, ?, ?, ?)
		on conflict (name) do update set hash = excluded.hash, size = excluded.size, media_type = excluded.media_type,
			note = excluded.note, named_at = excluded.named_at`,
		name, string(ref.Hash), ref.Size, ref.MediaType, note, db.At(tx.Now))
	return err
}

// ByName finds a blob by its name. A name that nothing has is a NotFound fault.
func ByName(ctx context.Context, tx *db.Tx, name string) (n Named, err error) {
	defer fault.Wrap(&err, "blob.ByName(%s)", name)
	n.Name = name
	var at db.Instant
	err = tx.Row(ctx, "select hash, size, media_type, note, named_at from blob_names where name = ?", []any{name},
		&n.Hash, &n.Size, &n.MediaType, &n.Note, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return Named{}, fault.New(fault.NotFound, "blob_unnamed", "还没有“%s”这个文件，请稍后再来。", name)
	}
	n.At = at.Time
	return n, err
}

// HasName tells whether any name leads to h.
func HasName(ctx context.Context, tx *db.Tx, h Hash) (ok bool, err error) {
	defer fault.Wrap(&err, "blob.HasName(%.12s)", string(h))
	var n int
	err = tx.Row(ctx, "select count(*) from blob_names where hash = ?", []any{string(h)}, &n)
	return n > 0, err
}
