package drafting

import (
	"bytes"
	"context"
	"database/sql"
	"io"
	"strings"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/privacy"
	"gongkai/internal/publication"
)

// Resolution is what a person decides about a finding.
type Resolution string

// The resolutions.
const (
	Mask   Resolution = "mask"   // 遮盖
	Remove Resolution = "remove" // 删去
	Pass   Resolution = "clear"  // 放行, with a reason
)

// Label is the resolution in words.
func (r Resolution) Label() string {
	return map[Resolution]string{Mask: "遮盖", Remove: "删去", Pass: "放行"}[r]
}

// Finding is something that the privacy gate has found in a draft. The thing
// itself stands in the draft alone; Excerpt and Masked are safe to show.
type Finding struct {
	ID         int64
	FileID     int64  // 0 for the text
	Key        string // the same thing in another revision has the same key
	Kind       privacy.Kind
	Place      string // in words
	Start, End int    // characters of the place's text
	Excerpt    string
	Masked     string
	Present    bool // it is in the newest text and files
	Resolution Resolution
	Reason     string
	By         string // actor
	At         time.Time
}

// Open tells whether somebody still has to decide.
func (f Finding) Open() bool { return f.Present && f.Resolution == "" }

// scanLine looks at a text and keeps what was decided before about the same
// things. Something masked that is there again is open again.
func (s *Store) scanLine(ctx context.Context, tx *db.Tx, d *Draft, line *publication.Line) error {
	k, _ := s.Records.Kinds.Get(line.Kind)
	l, err := copyLine(line)
	if err != nil {
		return err
	}
	return keepFindings(ctx, tx, d.ID, 0, s.Gate.ScanLine(l, k, tx.Today()))
}

func keepFindings(ctx context.Context, tx *db.Tx, draftID, fileID int64, found []privacy.Finding) error {
	if _, err := tx.Exec(ctx, "update drafting_findings set present = 0 where draft_id = ? and file_id = ?", draftID, fileID); err != nil {
		return err
	}
	for _, f := range found {
		_, err := tx.Exec(ctx, `insert into drafting_findings (draft_id, file_id, key, kind, place, from_rune, to_rune, excerpt, masked, present)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
			on conflict (draft_id, file_id, key) do update set kind = excluded.kind, place = excluded.place, from_rune = excluded.from_rune, to_rune = excluded.to_rune,
			excerpt = excluded.excerpt, masked = excluded.masked, present = 1,
			resolution = case when drafting_findings.resolution = 'clear' then 'clear' else '' end`,
			draftID, fileID, f.Key, string(f.Kind), f.Place, f.Start, f.End, f.Excerpt, f.Masked)
		if err != nil {
			return err
		}
	}
	return nil
}

// rescan looks again before a step that nothing unresolved may pass: the gate
// may have learnt something since the text was saved.
func (sit *situation) rescan(ctx context.Context) error {
	bare := *sit.line
	bare.Attachments = outside(bare.Attachments)
	if err := sit.s.scanLine(ctx, sit.tx, sit.d, &bare); err != nil {
		return err
	}
	return sit.tx.Row(ctx, "select count(*) from drafting_findings where draft_id = ? and present = 1 and resolution = ''", []any{sit.d.ID}, &sit.d.Findings)
}

func findingsOf(ctx context.Context, tx *db.Tx, id int64, files []File) (list []Finding, err error) {
	there := map[int64]bool{0: true}
	for _, f := range files {
		there[f.ID] = true
	}
	err = tx.Each(ctx, `select id, file_id, key, kind, place, from_rune, to_rune, excerpt, masked, present, resolution, reason, by_actor, at
		from drafting_findings where draft_id = ? order by file_id, id`, []any{id}, func(rows *sql.Rows) error {
		var f Finding
		var present int
		var at db.Instant
		err := rows.Scan(&f.ID, &f.FileID, &f.Key, &f.Kind, &f.Place, &f.Start, &f.End, &f.Excerpt, &f.Masked, &present, &f.Resolution, &f.Reason, &f.By, &at)
		f.Present, f.At = present != 0, at.Time
		if there[f.FileID] {
			list = append(list, f)
		}
		return err
	})
	return list, err
}

// Resolve decides about a finding. Passing wants a reason and may be done by
// whoever writes or clears; masking and taking out change the text or the
// file, make a new revision, and are proved by looking again.
func (s *Store) Resolve(ctx context.Context, who Who, id int64, revision int, findingID int64, how Resolution, reason string) (d Draft, err error) {
	defer fault.Wrap(&err, "drafting.Resolve(%d, %d, %s)", id, findingID, how)
	f, err := s.finding(ctx, who, id, findingID)
	if err != nil {
		return Draft{}, err
	}
	reason = strings.TrimSpace(reason)
	switch {
	case how == Pass && len([]rune(reason)) < 4:
		return Draft{}, fault.New(fault.Invalid, "reason_missing", "放行要写明理由（至少 4 个字），例如“机关公开电话”“依法公示真名”。")
	case how == Mask && (!privacy.Info(f.Kind).Mends || f.Masked == ""), how == Remove && !privacy.Info(f.Kind).Mends:
		return Draft{}, fault.New(fault.Invalid, "finding_by_hand", "“%s”不能由程序%s，请在原文件里改好后重新上传，或写明理由放行。", privacy.Info(f.Kind).Label, how.Label())
	case how == Pass:
		err = s.pass(ctx, who, id, revision, f, reason)
	case (how == Mask || how == Remove) && f.FileID == 0:
		err = s.mendLine(ctx, who, id, revision, f, how)
	case how == Mask || how == Remove:
		err = s.mendFile(ctx, who, id, revision, f, how)
	default:
		err = fault.New(fault.Invalid, "resolution_unknown", "没有“%s”这种处理，可用的有：mask（遮盖）、remove（删去）、clear（放行）。", fault.Clip(string(how), 20))
	}
	if err != nil {
		return Draft{}, err
	}
	return s.Draft(ctx, who, id)
}

// finding reads one that is still there.
func (s *Store) finding(ctx context.Context, who Who, id, findingID int64) (found Finding, err error) {
	err = s.view(ctx, who, id, func(tx *db.Tx, _ *Draft) error {
		files, err := filesOf(ctx, tx, id)
		if err != nil {
			return err
		}
		list, err := findingsOf(ctx, tx, id, files)
		for _, f := range list {
			if f.ID == findingID && f.Present {
				found = f
			}
		}
		if err == nil && found.ID == 0 {
			err = fault.New(fault.NotFound, "finding_unknown", "这一处已经不在稿件里了，请刷新页面。")
		}
		return err
	})
	return found, err
}

func (s *Store) pass(ctx context.Context, who Who, id int64, revision int, f Finding, reason string) error {
	return s.update(ctx, id, func(tx *db.Tx, d *Draft) error {
		if !who.Can(access.RecordSecrecy, d.UnitID) {
			if err := allowed(who, access.RecordWrite, d.UnitID); err != nil {
				return err
			}
		}
		if d.Revision != revision {
			return conflicted(d)
		}
		if !open(d.State) {
			return fault.New(fault.Conflict, "draft_closed", "稿件已经办结，不用再处理。")
		}
		return resolve(ctx, tx, who, d, f, Pass, reason)
	})
}

// resolve notes the decision and tells of it.
func resolve(ctx context.Context, tx *db.Tx, who Who, d *Draft, f Finding, how Resolution, reason string) error {
	if _, err := tx.Exec(ctx, "update drafting_findings set resolution = ?, reason = ?, by_actor = ?, at = ? where id = ?",
		string(how), reason, who.Actor(), db.At(tx.Now), f.ID); err != nil {
		return err
	}
	if err := record(ctx, tx, d, who.Actor(), "masked", d.State, privacy.Info(f.Kind).Label+"："+how.Label()); err != nil {
		return err
	}
	_, err := ledger.Append(ctx, tx, ledger.Act{Kind: "draft.finding_resolved", Subject: Subject(d.ID), Actor: who.Actor(),
		Data: map[string]any{"finding": f.ID, "kind": f.Kind, "how": how}})
	return err
}

func (s *Store) mendLine(ctx context.Context, who Who, id int64, revision int, f Finding, how Resolution) error {
	return s.update(ctx, id, func(tx *db.Tx, d *Draft) error {
		if err := mayWrite(who, d); err != nil {
			return err
		}
		if d.Revision != revision {
			return conflicted(d)
		}
		line, err := revisionLine(ctx, tx, id, d.Revision)
		if err != nil {
			return err
		}
		k, _ := s.Records.Kinds.Get(line.Kind)
		s.Gate.MaskLine(line, k, tx.Today(), map[string]bool{f.Key: true}, how == Remove)
		if err := s.save(ctx, tx, who, d, line); err != nil {
			return err
		}
		if err := stillThere(ctx, tx, f); err != nil {
			return err
		}
		return resolve(ctx, tx, who, d, f, how, "")
	})
}

// stillThere is a fault where looking again has found the same thing.
func stillThere(ctx context.Context, tx *db.Tx, f Finding) error {
	var present int
	if err := tx.Row(ctx, "select present from drafting_findings where id = ?", []any{f.ID}, &present); err != nil {
		return err
	}
	if present != 0 {
		return fault.New(fault.Invalid, "finding_by_hand", "这一处程序没能处理干净（可能跨了格式），稿件没有改动。请手工改掉，或写明理由放行。").At("%s", f.Place)
	}
	return nil
}

// mendFile works on the file outside of the transaction; the copy that is
// replaced must still be the one that was read.
func (s *Store) mendFile(ctx context.Context, who Who, id int64, revision int, f Finding, how Resolution) error {
	file, data, err := s.fileData(ctx, who, id, f.FileID)
	if err != nil {
		return err
	}
	taken, err := s.Gate.MaskFile(ctx, file.Name, data, s.DB.Clock().Today(), map[string]bool{f.Key: true}, how == Remove)
	if err != nil {
		return err
	}
	ref, err := s.putBlob(ctx, taken.Data)
	if err != nil {
		return err
	}
	return s.update(ctx, id, func(tx *db.Tx, d *Draft) error {
		if err := mayWrite(who, d); err != nil {
			return err
		}
		if d.Revision != revision {
			return conflicted(d)
		}
		n, err := tx.Exec(ctx, "update drafting_files set hash = ?, size = ? where id = ? and hash = ? and detached_at is null", string(ref.Hash), ref.Size, file.ID, string(file.Hash))
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.Conflict, "file_changed", "附件刚被换过，请刷新后再处理。")
		}
		if err := keepFindings(ctx, tx, id, file.ID, taken.Findings); err != nil {
			return err
		}
		if err := stillThere(ctx, tx, f); err != nil {
			return err
		}
		mended := file
		mended.Hash = ref.Hash
		if err := s.followFile(ctx, tx, who, d, file.PathOf(), mended.PathOf()); err != nil {
			return err
		}
		return resolve(ctx, tx, who, d, f, how, "")
	})
}

// fileData reads the copy of a file that would become public.
func (s *Store) fileData(ctx context.Context, who Who, id, fileID int64) (File, []byte, error) {
	file, r, err := s.OpenFile(ctx, who, id, fileID, false)
	if err != nil {
		return File{}, nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	return file, data, err
}

func (s *Store) putBlob(ctx context.Context, data []byte) (blob.Ref, error) {
	return s.Records.Blobs.Put(ctx, bytes.NewReader(data), s.Options.FileBytes)
}
