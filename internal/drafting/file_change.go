package drafting

import (
	"context"
	"encoding/json"
	"io"
	"strings"

	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
)

// PathOf is the path by which the text of a draft names one of its files, in
// pictures and links: files/HASH.ending.
func (f File) PathOf() string { return "files/" + string(f.Hash) + ending(f.Name) }

// ReplaceFile puts a new file in the place of another: it keeps the place in
// the list and what the text shows of it, and takes the new one's name. It
// makes a new revision.
func (s *Store) ReplaceFile(ctx context.Context, who Who, id, fileID int64, name string, r io.Reader) (d Draft, err error) {
	defer fault.Wrap(&err, "drafting.ReplaceFile(%d, %d)", id, fileID)
	if err := s.view(ctx, who, id, func(_ *db.Tx, d *Draft) error { return mayWrite(who, d) }); err != nil {
		return Draft{}, err
	}
	in, err := s.takeIn(ctx, name, r)
	if err != nil {
		return Draft{}, err
	}
	err = s.update(ctx, id, func(tx *db.Tx, found *Draft) error {
		if err := mayWrite(who, found); err != nil {
			return err
		}
		if err := s.replaceFile(ctx, tx, who, found, fileID, in); err != nil {
			return err
		}
		d, err = s.load(ctx, tx, id)
		return err
	})
	return d, err
}

func (s *Store) replaceFile(ctx context.Context, tx *db.Tx, who Who, d *Draft, fileID int64, in incoming) error {
	list, err := filesOf(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	var old File
	var others []File
	for _, f := range list {
		if f.ID == fileID {
			old = f
		} else {
			others = append(others, f)
		}
	}
	if old.ID == 0 {
		return unknownFile()
	}
	removed, err := json.Marshal(append([]string{}, in.taken.Removed...))
	if err != nil {
		return err
	}
	warnings, err := json.Marshal(append([]string{}, in.taken.Warnings...))
	if err != nil {
		return err
	}
	now := File{Name: freeName(in.name, others), Hash: in.clean.Hash}
	if _, err := tx.Exec(ctx, `update drafting_files set name = ?, media_type = ?, hash = ?, size = ?, original_hash = ?, original_size = ?,
		removed = ?, warnings = ?, added_by = ?, added_at = ? where id = ?`,
		now.Name, in.taken.MediaType, string(in.clean.Hash), in.clean.Size, string(in.original.Hash), in.original.Size,
		string(removed), string(warnings), who.Actor(), db.At(tx.Now), fileID); err != nil {
		return err
	}
	if err := keepFindings(ctx, tx, d.ID, fileID, in.taken.Findings); err != nil {
		return err
	}
	if err := s.followFile(ctx, tx, who, d, old.PathOf(), now.PathOf()); err != nil {
		return err
	}
	if err := record(ctx, tx, d, who.Actor(), "replaced", d.State, now.Name); err != nil {
		return err
	}
	_, err = ledger.Append(ctx, tx, ledger.Act{Kind: "draft.file_replaced", Subject: Subject(d.ID), Actor: who.Actor(),
		Data: map[string]any{"file": fileID, "hash": in.clean.Hash}})
	return err
}

// followFile makes a revision in which the text, also one that somebody is at
// work on, names a file by its new path.
func (s *Store) followFile(ctx context.Context, tx *db.Tx, who Who, d *Draft, was, is string) error {
	if was != is {
		if _, err := tx.Exec(ctx, "update drafting_autosaves set line = replace(line, ?, ?) where draft_id = ?", was, is, d.ID); err != nil {
			return err
		}
	}
	line, err := revisionLine(ctx, tx, d.ID, d.Revision)
	if err != nil {
		return err
	}
	if was == is || !strings.Contains(line.Body.Text, was) {
		return bump(ctx, tx, who, d)
	}
	line.Body.Text = strings.ReplaceAll(line.Body.Text, was, is)
	return s.rewrite(ctx, tx, who, d, line)
}

// MoveFile puts a file before (by < 0) or behind (by > 0) its neighbour in the
// list that readers see. At the end of the list nothing happens. It makes a
// new revision.
func (s *Store) MoveFile(ctx context.Context, who Who, id, fileID int64, by int) (d Draft, err error) {
	defer fault.Wrap(&err, "drafting.MoveFile(%d, %d)", id, fileID)
	err = s.changeFile(ctx, who, id, fileID, func(tx *db.Tx, _ *Draft, _ File) error {
		list, err := filesOf(ctx, tx, id)
		if err != nil {
			return err
		}
		for i, f := range list {
			if j := i + sign(by); f.ID == fileID && j >= 0 && j < len(list) {
				list[i], list[j] = list[j], list[i]
				break
			}
		}
		for i, f := range list {
			if _, err := tx.Exec(ctx, "update drafting_files set position = ? where id = ?", i+1, f.ID); err != nil {
				return err
			}
		}
		_, err = ledger.Append(ctx, tx, ledger.Act{Kind: "draft.file_moved", Subject: Subject(id), Actor: who.Actor(), Data: map[string]any{"file": fileID}})
		return err
	}, &d)
	return d, err
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

func unknownFile() error {
	return fault.New(fault.NotFound, "file_unknown", "这份稿件没有这个附件，它可能已被拿掉。请刷新页面。")
}
