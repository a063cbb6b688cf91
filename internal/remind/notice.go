package remind

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
)

// Notice is what a person was told on a day.
type Notice struct {
	ID       int64      `json:"id"`
	PersonID int64      `json:"person_id"`
	Day      civil.Date `json:"day"`
	Lines    []OpenLine `json:"lines"`
	Read     bool       `json:"read"`
	Open     int        `json:"open"` // lines that are still owed
}

// OpenLine is a line with whether it is still owed.
type OpenLine struct {
	Line
	Open bool `json:"open"`
}

// MaxNotices is the largest page of notices.
const MaxNotices = 100

// Notices lists a person's notices, the newest first, before the one of an id
// (0: from the newest). Each line says whether it is still owed.
func (r *Reminder) Notices(ctx context.Context, personID, before int64, size int) (list []Notice, err error) {
	defer fault.Wrap(&err, "remind.Notices(%d)", personID)
	query, args := "person_id = ?", []any{personID}
	if before > 0 {
		query, args = query+" and id < ?", append(args, before)
	}
	args = append(args, min(cmp.Or(max(size, 0), 20), MaxNotices))
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		if list, err = readNotices(ctx, tx, query+" order by id desc limit ?", args); err != nil {
			return err
		}
		return r.markOpen(ctx, tx, list)
	})
	return list, err
}

func readNotices(ctx context.Context, tx *db.Tx, where string, args []any) (list []Notice, err error) {
	err = tx.Each(ctx, "select id, person_id, day, lines, read_at from remind_notices where "+where, args, func(rows *sql.Rows) error {
		var n Notice
		var text string
		var read db.Instant
		if err := rows.Scan(&n.ID, &n.PersonID, &n.Day, &text, &read); err != nil {
			return err
		}
		n.Read = !read.IsZero()
		list = append(list, n)
		return json.Unmarshal([]byte(text), &list[len(list)-1].Lines)
	})
	return list, err
}

// markOpen asks the sources what is still owed.
func (r *Reminder) markOpen(ctx context.Context, tx *db.Tx, list []Notice) error {
	var keys []string
	for _, n := range list {
		for _, l := range n.Lines {
			keys = append(keys, l.Key)
		}
	}
	open := map[string]bool{}
	for _, source := range r.Sources {
		found, err := source.Open(ctx, tx, keys)
		if err != nil {
			return err
		}
		for k, ok := range found {
			open[k] = open[k] || ok
		}
	}
	for i := range list {
		for j := range list[i].Lines {
			l := &list[i].Lines[j]
			if l.Open = open[l.Key]; l.Open {
				list[i].Open++
			}
		}
	}
	return nil
}

// Unread counts the notices that a person has not looked at.
func (r *Reminder) Unread(ctx context.Context, personID int64) (n int, err error) {
	defer fault.Wrap(&err, "remind.Unread(%d)", personID)
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		return tx.Row(ctx, "select count(*) from remind_notices where person_id = ? and read_at is null", []any{personID}, &n)
	})
	return n, err
}

// MarkRead notes that a person has looked at the notices up to an id. It is
// private to the person and leaves no trace in the ledger.
func (r *Reminder) MarkRead(ctx context.Context, tx *db.Tx, personID, upTo int64) (err error) {
	defer fault.Wrap(&err, "remind.MarkRead(%d)", personID)
	_, err = tx.Exec(ctx, "update remind_notices set read_at = ? where person_id = ? and id <= ? and read_at is null", db.At(tx.Now), personID, upTo)
	return err
}

// MaxPause is the longest pause, in days: longer ones are a change of office,
// for which roles are lent or handed over.
const MaxPause = 60

// Pause lets a person hear of nothing through the day until; a day before today
// ends a pause. What comes meanwhile is told afterwards, as far as it is owed
// then.
func (r *Reminder) Pause(ctx context.Context, tx *db.Tx, personID int64, until civil.Date, actor string) (err error) {
	defer fault.Wrap(&err, "remind.Pause(%d)", personID)
	if until.After(tx.Today().AddDays(MaxPause)) {
		return fault.New(fault.Invalid, "pause_long", "提醒最多暂停%d天。离开更久时，请把角色临时借给同事，免得事情没有人管。", MaxPause).At("until")
	}
	if until.Before(tx.Today()) {
		_, err = tx.Exec(ctx, "delete from remind_pauses where person_id = ?", personID)
	} else {
		_, err = tx.Exec(ctx, `insert into remind_pauses (person_id, until_on, set_by, set_at) values (?, ?, ?, ?)
			on conflict (person_id) do update set until_on = excluded.until_on, set_by = excluded.set_by, set_at = excluded.set_at`,
			personID, until, actor, db.At(tx.Now))
	}
	if err != nil {
		return err
	}
	_, err = ledger.Append(ctx, tx, ledger.Act{Kind: "remind.paused", Subject: fmt.Sprintf("user:%d", personID), Actor: actor, Data: map[string]any{"until": until}})
	return err
}

// PausedUntil is the last day of a person's pause, zero where there is none.
func (r *Reminder) PausedUntil(ctx context.Context, personID int64) (until civil.Date, err error) {
	defer fault.Wrap(&err, "remind.PausedUntil(%d)", personID)
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		err := tx.Row(ctx, "select until_on from remind_pauses where person_id = ? and until_on >= ?", []any{personID, tx.Today()}, &until)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return until, err
}
