// Package ledger is the one append-only journal of the program: every act that
// changes what the public can see, or where a case stands, appends an entry in
// the transaction that does it.
//
// Numbers are strictly increasing in commit order on both engines: the row
// lock on the head is held until the writer commits, so whoever has seen entry
// 8 has seen 7 or 7 does not exist yet to be found later. A writer that rolls
// back leaves no gap.
package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Entry is one act. Entries never change.
type Entry struct {
	Seq     int64           `json:"seq"`     // 1, 2, 3 … in commit order, without gaps
	At      time.Time       `json:"at"`      // the instant of the transaction
	Kind    string          `json:"kind"`    // noun.verb: "publication.published"
	Subject string          `json:"subject"` // what it happened to: "publication:17"
	Actor   string          `json:"actor"`   // who did it: "import", "user:4"
	Data    json.RawMessage `json:"data"`    // particulars, a JSON object; nothing personal
}

// Act is what a caller says of an entry; the ledger adds number and instant.
type Act struct {
	Kind    string
	Subject string
	Actor   string
	Data    any // encoded as JSON; nil is {}
}

// Append writes acts in tx, in order, and returns the number of the last one.
// Writers that come later wait for this transaction to end, so append near its
// end. No acts is no work.
func Append(ctx context.Context, tx *db.Tx, acts ...Act) (last int64, err error) {
	defer fault.Wrap(&err, "ledger.Append(%d acts)", len(acts))
	if len(acts) == 0 {
		return Head(ctx, tx)
	}
	if err := tx.Row(ctx, "update ledger_head set seq = seq + ? where one = 1 returning seq", []any{len(acts)}, &last); err != nil {
		return 0, err
	}
	for i, act := range acts {
		data := []byte("{}")
		if act.Data != nil {
			if data, err = json.Marshal(act.Data); err != nil {
				return 0, err
			}
		}
		seq := last - int64(len(acts)-1-i)
		if _, err := tx.Exec(ctx, "insert into ledger_entries (seq, at, kind, subject, actor, data) values (?, ?, ?, ?, ?, ?)",
			seq, db.At(tx.Now), act.Kind, act.Subject, act.Actor, string(data)); err != nil {
			return 0, fmt.Errorf("entry %d: %w", seq, err)
		}
	}
	return last, nil
}

// Head is the number of the newest entry that tx can see; 0 for none.
func Head(ctx context.Context, tx *db.Tx) (seq int64, err error) {
	err = tx.Row(ctx, "select seq from ledger_head where one = 1", nil, &seq)
	return seq, err
}

// LastOf is the number of the newest entry of a kind that keep holds for; 0 for
// none. It reads backwards, a page at a time.
func LastOf(ctx context.Context, tx *db.Tx, keep func(kind string) bool) (seq int64, err error) {
	const page = 500
	before, err := Head(ctx, tx)
	for before++; err == nil && before > 1; {
		low := max(before-page, 1)
		err = tx.Each(ctx, "select seq, kind from ledger_entries where seq >= ? and seq < ? order by seq", []any{low, before}, func(rows *sql.Rows) error {
			var n int64
			var kind string
			err := rows.Scan(&n, &kind)
			if err == nil && keep(kind) {
				seq = n
			}
			return err
		})
		if seq > 0 {
			return seq, err
		}
		before = low
	}
	return 0, err
}

// After reads up to limit entries with numbers above seq, in order.
func After(ctx context.Context, tx *db.Tx, seq int64, limit int) ([]Entry, error) {
	return list(ctx, tx, "select seq, at, kind, subject, actor, data from ledger_entries where seq > ? order by seq limit ?", seq, limit)
}

// Of reads all entries about a subject, oldest first.
func Of(ctx context.Context, tx *db.Tx, subject string) ([]Entry, error) {
	return list(ctx, tx, "select seq, at, kind, subject, actor, data from ledger_entries where subject = ? order by seq", subject)
}

func list(ctx context.Context, tx *db.Tx, query string, args ...any) (entries []Entry, err error) {
	err = tx.Each(ctx, query, args, func(rows *sql.Rows) error {
		var e Entry
		var at db.Instant
		var data string
		if err := rows.Scan(&e.Seq, &at, &e.Kind, &e.Subject, &e.Actor, &data); err != nil {
			return err
		}
		e.At, e.Data = at.Time, json.RawMessage(data)
		entries = append(entries, e)
		return nil
	})
	return entries, err
}
