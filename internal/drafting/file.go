package drafting

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gongkai/internal/access"
	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/publication"
)

const (
	maxFiles    = 200 // of one draft
	maxFileName = 200 // characters
)

// File is an attachment of a draft. The cleaned copy is what becomes public;
// the original stays where staff can read it.
type File struct {
	ID           int64
	Name         string
	MediaType    string
	Hash         blob.Hash // of the cleaned copy
	Size         int64     // in bytes
	OriginalHash blob.Hash
	OriginalSize int64
	Removed      []string // what cleaning took out, in words
	Warnings     []string // what the gate could not look at
	AddedBy      string   // actor
	AddedAt      time.Time
}

// Attach adds a file to a draft: it is checked by its content, scanned for
// viruses where that is set up, cleaned of metadata and looked at by the
// privacy gate. It makes a new revision.
func (s *Store) Attach(ctx context.Context, who Who, id int64, name string, r io.Reader) (f File, d Draft, err error) {
	defer fault.Wrap(&err, "drafting.Attach(%d)", id)
	if err := s.view(ctx, who, id, func(_ *db.Tx, d *Draft) error { return mayWrite(who, d) }); err != nil {
		return File{}, Draft{}, err
	}
	in, err := s.takeIn(ctx, name, r)
	if err != nil {
		return File{}, Draft{}, err
	}
	err = s.update(ctx, id, func(tx *db.Tx, found *Draft) error {
		if err := mayWrite(who, found); err != nil {
			return err
		}
		if f, err = attach(ctx, tx, who, found, in); err != nil {
			return err
		}
		if err := bump(ctx, tx, who, found); err != nil {
			return err
		}
		d, err = s.load(ctx, tx, id)
		return err
	})
	return f, d, err
}

// incoming is a file that has been looked at and stored.
type incoming struct {
	name            string
	taken           Taken
	clean, original blob.Ref
}

// takeIn does everything with a file that needs no transaction.
func (s *Store) takeIn(ctx context.Context, name string, r io.Reader) (incoming, error) {
	name, err := fileName(name)
	if err != nil {
		return incoming{}, err
	}
	data, err := io.ReadAll(io.LimitReader(r, s.Options.FileBytes+1))
	if err != nil {
		return incoming{}, err
	}
	if int64(len(data)) > s.Options.FileBytes {
		return incoming{}, fault.New(fault.TooLarge, "file_too_large", "文件超过上限 %d MB，没有收。请压缩、拆分后再传，或请管理员调高上限。", s.Options.FileBytes>>20).At("%s", name)
	}
	if s.Virus != nil {
		if err := s.Virus.Scan(ctx, bytes.NewReader(data)); err != nil {
			return incoming{}, err
		}
	}
	in := incoming{name: name}
	if in.taken, err = s.Gate.TakeFile(ctx, name, data, s.DB.Clock().Today()); err != nil {
		return incoming{}, err
	}
	if in.original, err = s.putBlob(ctx, data); err != nil {
		return incoming{}, err
	}
	in.clean, err = s.putBlob(ctx, in.taken.Data)
	if in.taken.MediaType == "" {
		in.taken.MediaType = in.clean.MediaType
	}
	return in, err
}

// fileName is the name under which a file is published: no folders, one line.
func fileName(name string) (string, error) {
	name = strings.TrimSpace(path.Base(strings.ReplaceAll(name, `\`, "/")))
	if name == "" || name == "." || name == "/" || strings.ContainsFunc(name, unicode.IsControl) || utf8.RuneCountInString(name) > maxFileName {
		return "", fault.New(fault.Invalid, "file_name", "文件名不能用：要有名字，写在一行里，最多 %d 字。请改名后再传。", maxFileName)
	}
	return name, nil
}

// attach writes a stored file as an attachment of the draft.
func attach(ctx context.Context, tx *db.Tx, who Who, d *Draft, in incoming) (File, error) {
	have, err := filesOf(ctx, tx, d.ID)
	if err != nil {
		return File{}, err
	}
	if len(have) >= maxFiles {
		return File{}, fault.New(fault.TooLarge, "files_many", "一份稿件最多 %d 个附件。请合并或打包后再传。", maxFiles)
	}
	name := freeName(in.name, have)
	f := File{Name: name, MediaType: in.taken.MediaType, Hash: in.clean.Hash, Size: in.clean.Size, OriginalHash: in.original.Hash, OriginalSize: in.original.Size,
		Removed: in.taken.Removed, Warnings: in.taken.Warnings, AddedBy: who.Actor(), AddedAt: tx.Now}
	if err := insertFile(ctx, tx, d.ID, &f); err != nil {
		return File{}, err
	}
	if err := keepFindings(ctx, tx, d.ID, f.ID, in.taken.Findings); err != nil {
		return File{}, err
	}
	if err := record(ctx, tx, d, who.Actor(), "attached", d.State, name); err != nil {
		return File{}, err
	}
	_, err = ledger.Append(ctx, tx, ledger.Act{Kind: "draft.attached", Subject: Subject(d.ID), Actor: who.Actor(), Data: map[string]any{"file": f.ID, "hash": f.Hash}})
	return f, err
}

// freeName tells files of the same name apart.
func freeName(name string, have []File) string {
	taken := map[string]bool{}
	for _, f := range have {
		taken[f.Name] = true
	}
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	for n := 2; taken[name]; n++ {
		name = fmt.Sprintf("%s（%d）%s", stem, n, ext)
	}
	return name
}

func insertFile(ctx context.Context, tx *db.Tx, draftID int64, f *File) error {
	removed, err := json.Marshal(append([]string{}, f.Removed...))
	if err != nil {
		return err
	}
	warnings, err := json.Marshal(append([]string{}, f.Warnings...))
	if err != nil {
		return err
	}
	return tx.Row(ctx, `insert into drafting_files (draft_id, position, name, media_type, hash, size, original_hash, original_size, removed, warnings, added_by, added_at)
		values (?, (select coalesce(max(position), 0) + 1 from drafting_files where draft_id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id`,
		[]any{draftID, draftID, f.Name, f.MediaType, string(f.Hash), f.Size, string(f.OriginalHash), f.OriginalSize, string(removed), string(warnings), f.AddedBy, db.At(f.AddedAt)}, &f.ID)
}

// Detach takes a file away from the draft; earlier revisions keep naming it in
// the history. It makes a new revision.
func (s *Store) Detach(ctx context.Context, who Who, id, fileID int64) (d Draft, err error) {
	defer fault.Wrap(&err, "drafting.Detach(%d, %d)", id, fileID)
	err = s.changeFile(ctx, who, id, fileID, func(tx *db.Tx, found *Draft, f File) error {
		if _, err := tx.Exec(ctx, "update drafting_files set detached_at = ? where id = ?", db.At(tx.Now), fileID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "update drafting_findings set present = 0 where draft_id = ? and file_id = ?", id, fileID); err != nil {
			return err
		}
		if err := record(ctx, tx, found, who.Actor(), "detached", found.State, f.Name); err != nil {
			return err
		}
		_, err := ledger.Append(ctx, tx, ledger.Act{Kind: "draft.detached", Subject: Subject(id), Actor: who.Actor(), Data: map[string]any{"file": fileID}})
		return err
	}, &d)
	return d, err
}

// RenameFile gives a file the name under which it is published. It makes a new
// revision.
func (s *Store) RenameFile(ctx context.Context, who Who, id, fileID int64, name string) (d Draft, err error) {
	defer fault.Wrap(&err, "drafting.RenameFile(%d, %d)", id, fileID)
	if name, err = fileName(name); err != nil {
		return Draft{}, err
	}
	err = s.changeFile(ctx, who, id, fileID, func(tx *db.Tx, found *Draft, f File) error {
		if path.Ext(name) != path.Ext(f.Name) {
			return fault.New(fault.Invalid, "file_ending", "改名不能改文件的类型，请保留“%s”。", path.Ext(f.Name))
		}
		if _, err := tx.Exec(ctx, "update drafting_files set name = ? where id = ?", name, fileID); err != nil {
			return err
		}
		_, err := ledger.Append(ctx, tx, ledger.Act{Kind: "draft.file_renamed", Subject: Subject(id), Actor: who.Actor(), Data: map[string]any{"file": fileID}})
		return err
	}, &d)
	return d, err
}

// changeFile runs f on a file of a draft that may be written, as a revision.
func (s *Store) changeFile(ctx context.Context, who Who, id, fileID int64, f func(tx *db.Tx, d *Draft, file File) error, after *Draft) error {
	return s.update(ctx, id, func(tx *db.Tx, d *Draft) error {
		if err := mayWrite(who, d); err != nil {
			return err
		}
		file, err := fileOf(ctx, tx, id, fileID)
		if err != nil {
			return err
		}
		if err := f(tx, d, file); err != nil {
			return err
		}
		if err := bump(ctx, tx, who, d); err != nil {
			return err
		}
		*after, err = s.load(ctx, tx, id)
		return err
	})
}

// OpenFile reads a file of a draft for somebody who may read the draft: the
// copy that would become public, or the original as it came in, which is for
// those who write or clear. The caller closes it.
func (s *Store) OpenFile(ctx context.Context, who Who, id, fileID int64, original bool) (f File, r *blob.Reader, err error) {
	defer fault.Wrap(&err, "drafting.OpenFile(%d, %d)", id, fileID)
	err = s.view(ctx, who, id, func(tx *db.Tx, d *Draft) error {
		if original && !who.Can(access.RecordSecrecy, d.UnitID) {
			if err := allowed(who, access.RecordWrite, d.UnitID); err != nil {
				return err
			}
		}
		f, err = fileOf(ctx, tx, id, fileID)
		return err
	})
	if err != nil {
		return File{}, nil, err
	}
	hash := f.Hash
	if original {
		hash = f.OriginalHash
	}
	r, err = s.Records.Blobs.Open(ctx, hash)
	return f, r, err
}

func fileOf(ctx context.Context, tx *db.Tx, id, fileID int64) (File, error) {
	list, err := filesOf(ctx, tx, id)
	for _, f := range list {
		if f.ID == fileID {
			return f, nil
		}
	}
	if err == nil {
		err = unknownFile()
	}
	return File{}, err
}

// filesOf lists the files that a draft has now, in order.
func filesOf(ctx context.Context, tx *db.Tx, id int64) (list []File, err error) {
	err = tx.Each(ctx, `select id, name, media_type, hash, size, original_hash, original_size, removed, warnings, added_by, added_at
		from drafting_files where draft_id = ? and detached_at is null order by position, id`, []any{id}, func(rows *sql.Rows) error {
		var f File
		var removed, warnings string
		var added db.Instant
		if err := rows.Scan(&f.ID, &f.Name, &f.MediaType, &f.Hash, &f.Size, &f.OriginalHash, &f.OriginalSize, &removed, &warnings, &f.AddedBy, &added); err != nil {
			return err
		}
		f.AddedAt = added.Time
		if err := json.Unmarshal([]byte(removed), &f.Removed); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(warnings), &f.Warnings); err != nil {
			return err
		}
		list = append(list, f)
		return nil
	})
	return list, err
}

// compose puts the draft's files in front of the line's attachments elsewhere.
func compose(line *publication.Line, files []File) {
	var list []publication.Attachment
	for _, f := range files {
		list = append(list, publication.Attachment{Name: f.Name, Path: f.PathOf(), MediaType: f.MediaType, Size: f.Size})
	}
	line.Attachments = append(list, outside(line.Attachments)...)
}

// ending is the part of a name that a stored path may carry.
func ending(name string) string {
	ext := strings.ToLower(path.Ext(name))
	if len(ext) < 2 || len(ext) > 9 || strings.ContainsFunc(ext[1:], func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		return ""
	}
	return ext
}
