package drafting

import (
	"context"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/publication"
)

// The ends of public records, for people: each wants the right to withdraw in
// the record's unit, the person's identity shown again just now, and words for
// the public. The record's own package does the rest and tells the ledger.

// Withdraw takes a record from the public. A second sign-off that is still
// owed for it is settled by that, as refused.
func (s *Store) Withdraw(ctx context.Context, tx *db.Tx, who Who, recordID int64, reason publication.Reason, note string, confirmed bool) (err error) {
	defer fault.Wrap(&err, "drafting.Withdraw(%d)", recordID)
	return s.end(ctx, tx, who, recordID, note, confirmed, func(actor string) error {
		return s.Records.Withdraw(ctx, tx, recordID, reason, note, actor)
	})
}

// Replace puts the record by in the place of another.
func (s *Store) Replace(ctx context.Context, tx *db.Tx, who Who, recordID, by int64, note string, confirmed bool) (err error) {
	defer fault.Wrap(&err, "drafting.Replace(%d, %d)", recordID, by)
	return s.end(ctx, tx, who, recordID, note, confirmed, func(actor string) error {
		return s.Records.Replace(ctx, tx, recordID, by, note, actor)
	})
}

// Redirect leaves a stone that leads to where the information stands now.
func (s *Store) Redirect(ctx context.Context, tx *db.Tx, who Who, recordID int64, address, note string, confirmed bool) (err error) {
	defer fault.Wrap(&err, "drafting.Redirect(%d)", recordID)
	return s.end(ctx, tx, who, recordID, note, confirmed, func(actor string) error {
		return s.Records.Redirect(ctx, tx, recordID, address, note, actor)
	})
}

// Archive keeps a record readable and out of what is new.
func (s *Store) Archive(ctx context.Context, tx *db.Tx, who Who, recordID int64, note string, confirmed bool) (err error) {
	defer fault.Wrap(&err, "drafting.Archive(%d)", recordID)
	return s.end(ctx, tx, who, recordID, note, confirmed, func(actor string) error {
		return s.Records.Archive(ctx, tx, recordID, note, actor)
	})
}

// Restore brings a record back as it was.
func (s *Store) Restore(ctx context.Context, tx *db.Tx, who Who, recordID int64, note string, confirmed bool) (err error) {
	defer fault.Wrap(&err, "drafting.Restore(%d)", recordID)
	return s.end(ctx, tx, who, recordID, note, confirmed, func(actor string) error {
		return s.Records.Restore(ctx, tx, recordID, actor)
	})
}

func (s *Store) end(ctx context.Context, tx *db.Tx, who Who, recordID int64, note string, confirmed bool, do func(actor string) error) error {
	var unitID int64
	err := tx.Row(ctx, "select unit_id from publication_records where id = ?", []any{recordID}, &unitID)
	if isNone(err) {
		return fault.New(fault.NotFound, "publication_unknown", "没有编号为 %d 的信息，请从文件库里重新打开。", recordID)
	}
	if err != nil {
		return err
	}
	if err := allowed(who, access.RecordWithdraw, unitID); err != nil {
		return err
	}
	switch {
	case note == "":
		return fault.New(fault.Invalid, "note_missing", "请写一句给读者看的说明。")
	case !confirmed:
		return fault.New(fault.Forbidden, "draft_needs_confirmed", "这一步要再次验证您的身份：请输入密码或动态验证码后再做。")
	}
	if err := do(who.Actor()); err != nil {
		return err
	}
	return s.settleOwed(ctx, tx, who, recordID)
}

// settleOwed ends second sign-offs of a record that has been taken from the
// public.
func (s *Store) settleOwed(ctx context.Context, tx *db.Tx, who Who, recordID int64) error {
	var state publication.State
	if err := tx.Row(ctx, "select state from publication_records where id = ?", []any{recordID}, &state); err != nil {
		return err
	}
	if state == publication.Published {
		return nil
	}
	found, err := drafts(ctx, tx, "where d.record_id = ? and d.countersign_due is not null and d.countersigned_by = ''", recordID)
	if err != nil {
		return err
	}
	for _, d := range found {
		if _, err := tx.Exec(ctx, "update drafting_drafts set countersigned_by = ?, countersigned_at = ?, updated_at = ? where id = ?",
			who.Actor(), db.At(tx.Now), db.At(tx.Now), d.ID); err != nil {
			return err
		}
		if err := record(ctx, tx, &d, who.Actor(), "refused", d.State, ""); err != nil {
			return err
		}
		if _, err := ledger.Append(ctx, tx, ledger.Act{Kind: "draft.countersign_refused", Subject: Subject(d.ID), Actor: who.Actor()}); err != nil {
			return err
		}
	}
	return nil
}
