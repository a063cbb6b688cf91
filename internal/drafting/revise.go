package drafting

import (
	"context"
	"database/sql"
	"io"

	"gongkai/internal/access"
	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/publication"
)

// Revise opens a correction of a public record, from its newest version and
// with its files. One record has one draft on its way at a time.
func (s *Store) Revise(ctx context.Context, who Who, recordID int64) (d Draft, err error) {
	defer fault.Wrap(&err, "drafting.Revise(%d)", recordID)
	var from published
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if from, err = s.published(ctx, tx, recordID); err != nil {
			return err
		}
		return allowed(who, access.RecordWrite, from.unitID)
	})
	if err != nil {
		return Draft{}, err
	}
	files, err := s.publishedFiles(ctx, from.line)
	if err != nil {
		return Draft{}, err
	}
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		begin := Draft{RecordID: recordID, SourceID: from.line.SourceID, UnitID: from.unitID, Settings: Settings{Change: Major}}
		if d, err = s.create(ctx, tx, who, begin, from.line, from.version); err != nil {
			return err
		}
		for i := range files {
			f := &files[i]
			f.AddedBy, f.AddedAt = who.Actor(), tx.Now
			if err := insertFile(ctx, tx, d.ID, &f.File); err != nil {
				return err
			}
			if err := keepFindings(ctx, tx, d.ID, f.ID, f.taken.Findings); err != nil {
				return err
			}
		}
		if err := carryPasses(ctx, tx, d.ID, recordID); err != nil {
			return err
		}
		d, err = s.load(ctx, tx, d.ID)
		return err
	})
	return d, err
}

// published is the newest version of a public record.
type published struct {
	unitID  int64
	version int
	hash    string
	line    *publication.Line
}

func (s *Store) published(ctx context.Context, tx *db.Tx, recordID int64) (p published, err error) {
	var state publication.State
	var text string
	err = tx.Row(ctx, `select p.unit_id, p.version, p.hash, p.state, v.line from publication_records p
		join publication_versions v on v.record_id = p.id and v.no = p.version where p.id = ?`, []any{recordID}, &p.unitID, &p.version, &p.hash, &state, &text)
	if isNone(err) {
		return published{}, fault.New(fault.NotFound, "publication_unknown", "没有编号为 %d 的信息，请从文件库里重新打开。", recordID)
	}
	if err != nil {
		return published{}, err
	}
	if state == publication.Withdrawn {
		return published{}, fault.New(fault.Conflict, "publication_withdrawn", "这份信息已经撤下。要更正它，请先恢复公开，或者另起一份新的。")
	}
	p.line, err = decodeLine(text)
	return p, err
}

// publicFile is a file of a record that is looked at again.
type publicFile struct {
	File
	taken Taken
}

// publishedFiles looks at the files of a public record with the gate as it is
// today. They keep their bytes; one that cannot be looked at says so.
func (s *Store) publishedFiles(ctx context.Context, line *publication.Line) (list []publicFile, err error) {
	for _, a := range line.Attachments {
		hash, ok := a.Hash()
		if !ok {
			continue
		}
		f := publicFile{File: File{Name: a.Name, MediaType: a.MediaType, Hash: hash, Size: a.Size, OriginalHash: hash, OriginalSize: a.Size}}
		if f.taken, err = s.lookAgain(ctx, a.Name, hash); err != nil {
			return nil, err
		}
		f.Warnings = f.taken.Warnings
		list = append(list, f)
	}
	return list, nil
}

func (s *Store) lookAgain(ctx context.Context, name string, hash blob.Hash) (Taken, error) {
	r, err := s.Records.Blobs.Open(ctx, hash)
	if err != nil {
		return Taken{}, err
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return Taken{}, err
	}
	taken, err := s.Gate.TakeFile(ctx, name, data, s.DB.Clock().Today())
	if f, ok := fault.Of(err); ok && f.Kind != fault.Internal && f.Kind != fault.Unavailable {
		return Taken{Warnings: []string{f.Message}}, nil
	}
	return taken, err
}

// carryPasses brings decisions to let something pass over from earlier drafts
// of the same record.
func carryPasses(ctx context.Context, tx *db.Tx, draftID, recordID int64) error {
	type pass struct {
		key, reason, by string
		at              db.Instant
	}
	var passes []pass
	err := tx.Each(ctx, `select f.key, f.reason, f.by_actor, f.at from drafting_findings f join drafting_drafts d on d.id = f.draft_id
		where d.record_id = ? and d.id <> ? and d.state = 'published' and f.resolution = 'clear' order by f.at`, []any{recordID, draftID}, func(rows *sql.Rows) error {
		var p pass
		err := rows.Scan(&p.key, &p.reason, &p.by, &p.at)
		passes = append(passes, p)
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range passes {
		if _, err := tx.Exec(ctx, "update drafting_findings set resolution = 'clear', reason = ?, by_actor = ?, at = ? where draft_id = ? and key = ?",
			p.reason, p.by, p.at, draftID, p.key); err != nil {
			return err
		}
	}
	return nil
}
