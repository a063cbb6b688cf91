package publication

import (
	"context"
	"database/sql"
	"errors"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Withdraw takes a record from the public; what stays is a stone with title,
// reason and day. note is for the public. Its relations no longer act, its
// evidence no longer counts.
func (s *Store) Withdraw(ctx context.Context, tx *db.Tx, id int64, reason Reason, note, actor string) (err error) {
	defer fault.Wrap(&err, "publication.Withdraw(%d)", id)
	if reason.Label() == "" {
		return fault.New(fault.Invalid, "reason_unknown", "没有“%s”这种撤下理由，可用的有：%s。", fault.Clip(string(reason), 20), reasonNames())
	}
	return s.turn(ctx, tx, id, actor, func(w *writer, c current) error {
		if c.state == Withdrawn {
			return fault.New(fault.Conflict, "publication_withdrawn", "这份信息已经撤下了。")
		}
		if _, err := tx.Exec(ctx, "update publication_records set state = 'withdrawn', withdrawn_reason = ?, withdrawn_note = ?, withdrawn_at = ? where id = ?",
			string(reason), note, db.At(tx.Now), id); err != nil {
			return err
		}
		if s.Duties != nil {
			if err := s.Duties.RemoveEvidence(ctx, tx, id); err != nil {
				return err
			}
		}
		w.act(ActWithdrawn, id, map[string]string{"reason": string(reason)})
		return nil
	})
}

// Restore brings a withdrawn record back as it was.
func (s *Store) Restore(ctx context.Context, tx *db.Tx, id int64, actor string) (err error) {
	defer fault.Wrap(&err, "publication.Restore(%d)", id)
	return s.turn(ctx, tx, id, actor, func(w *writer, c current) error {
		if c.state == Published {
			return fault.New(fault.Conflict, "publication_public", "这份信息没有撤下，不用恢复。")
		}
		if _, err := tx.Exec(ctx, "update publication_records set state = 'published', withdrawn_reason = '', withdrawn_note = '', withdrawn_at = null where id = ?", id); err != nil {
			return err
		}
		rec, line, err := s.newest(ctx, tx, id)
		if err != nil {
			return err
		}
		if k, ok := s.Kinds.Get(rec.Kind); ok {
			if err := w.evidence(ctx, id, line, k, rec.UnitID); err != nil {
				return err
			}
		}
		w.act(ActPublished, id, actData{rec.SourceID, rec.Kind, rec.Version, rec.Hash})
		return nil
	})
}

// turn changes whether a record is public, and with it what its relations do.
func (s *Store) turn(ctx context.Context, tx *db.Tx, id int64, actor string, change func(*writer, current) error) error {
	w, err := s.newWriter(ctx, tx, PutOptions{Actor: actor})
	if err != nil {
		return err
	}
	c := current{id: id}
	err = tx.Row(ctx, "select version, hash, state from publication_records where id = ?", []any{id}, &c.version, &c.hash, &c.state)
	if errors.Is(err, sql.ErrNoRows) {
		return unknownRecord("编号不存在")
	}
	if err != nil {
		return err
	}
	if err := change(w, c); err != nil {
		return err
	}
	w.written[id] = true
	targets, err := w.targetsOf(ctx, id)
	if err != nil {
		return err
	}
	if err := w.respanAll(ctx, targets); err != nil {
		return err
	}
	return w.finish(ctx)
}

func unknownRecord(name string) error {
	return fault.New(fault.NotFound, "publication_unknown", "没有这份信息：%s。它可能换了地址，请用搜索或文件库查找。", fault.Clip(name, 80))
}
