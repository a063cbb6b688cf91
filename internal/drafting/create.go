package drafting

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"io/fs"
	"slices"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/publication"
)

// Create begins a draft of a unit. Of the line nothing has to be filled in but
// the kind; its unit, where it names one, is the draft's.
func (s *Store) Create(ctx context.Context, tx *db.Tx, who Who, unitID int64, line *publication.Line) (d Draft, err error) {
	defer fault.Wrap(&err, "drafting.Create(%d)", unitID)
	return s.create(ctx, tx, who, Draft{UnitID: unitID, SourceID: newSourceID(), Settings: Settings{Change: Major}}, line, 0)
}

// newSourceID names what is begun here, unlike anything of another city.
func newSourceID() string {
	raw := make([]byte, 9)
	rand.Read(raw) // never fails
	return "desk-" + hex.EncodeToString(raw)
}

// create writes a new draft with its first revision.
func (s *Store) create(ctx context.Context, tx *db.Tx, who Who, d Draft, line *publication.Line, baseVersion int) (Draft, error) {
	if err := allowed(who, access.RecordWrite, d.UnitID); err != nil {
		return Draft{}, err
	}
	if _, ok := s.Records.Kinds.Get(line.Kind); !ok {
		return Draft{}, fault.New(fault.Invalid, "kind_unknown", "没有“%s”这个种类，可用的有：%s。", fault.Clip(line.Kind, 40), s.Records.Kinds.Codes())
	}
	d.State, d.Author = life.Start(), who.Actor()
	now := db.At(tx.Now)
	err := tx.Row(ctx, `insert into drafting_drafts (record_id, base_version, source_id, unit_id, kind, title, number, words, number_key, state, entered_at, revision, saved_by, saved_at,
		author, duty_id, change, note, waivers, created_at, updated_at, turns)
		values (?, ?, ?, ?, ?, '', '', '', '', ?, ?, 0, ?, ?, ?, ?, ?, ?, 'null', ?, ?, 0) returning id`,
		[]any{nullID(d.RecordID), baseVersion, d.SourceID, d.UnitID, line.Kind, string(d.State), now, d.Author, now,
			d.Author, nullID(d.DutyID), string(d.Change), d.Note, now, now}, &d.ID)
	if db.IsUnique(err) {
		return Draft{}, otherDraft()
	}
	if err != nil {
		return Draft{}, err
	}
	if err := s.save(ctx, tx, who, &d, line); err != nil {
		return Draft{}, err
	}
	if err := record(ctx, tx, &d, who.Actor(), "created", "", ""); err != nil {
		return Draft{}, err
	}
	if _, err := ledger.Append(ctx, tx, ledger.Act{Kind: "draft.created", Subject: Subject(d.ID), Actor: who.Actor(), Data: map[string]any{"kind": line.Kind}}); err != nil {
		return Draft{}, err
	}
	return s.load(ctx, tx, d.ID)
}

// CreateFromLine begins a draft of a line that comes from outside: another
// system, an import, a filled form. It needs the right to import in the line's
// unit. Attachments by path are read from files and taken in like uploads.
// Where the line's source_id is known already as a draft that can be written,
// it becomes that draft's next revision; where it is a public record, a
// correction of it.
func (s *Store) CreateFromLine(ctx context.Context, who Who, line *publication.Line, files fs.FS) (d Draft, err error) {
	defer fault.Wrap(&err, "drafting.CreateFromLine(%q)", line.SourceID)
	taken, err := s.takeAll(ctx, line, files)
	if err != nil {
		return Draft{}, err
	}
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		organ, err := s.Records.Units.Resolve(ctx, tx, line.Unit, line.IssuedOn)
		if err != nil {
			return err
		}
		if err := allowed(who, access.RecordImport, organ.ID); err != nil {
			return err
		}
		if d, err = s.handIn(ctx, tx, importer{who}, organ.ID, line); err != nil {
			return err
		}
		if err := s.attachAll(ctx, tx, who, &d, taken); err != nil {
			return err
		}
		d, err = s.load(ctx, tx, d.ID)
		return err
	})
	return d, err
}

// importer writes by the right to import: who hands texts in need not be able
// to write at the desk.
type importer struct{ Who }

func (i importer) Can(act access.Act, unitID int64) bool {
	return i.Who.Can(act, unitID) || act == access.RecordWrite && i.Who.Can(access.RecordImport, unitID)
}

// handIn finds what a line is about, or begins it.
func (s *Store) handIn(ctx context.Context, tx *db.Tx, who Who, unitID int64, line *publication.Line) (Draft, error) {
	begin := Draft{UnitID: unitID, SourceID: line.SourceID, Settings: Settings{Change: Major}}
	if line.SourceID == "" {
		begin.SourceID = newSourceID()
		return s.create(ctx, tx, who, begin, line, 0)
	}
	found, err := drafts(ctx, tx, "where d.source_id = ? order by d.id desc limit 1", line.SourceID)
	if err != nil {
		return Draft{}, err
	}
	if len(found) > 0 && found[0].State != Published && found[0].State != Abandoned {
		d, err := s.claim(ctx, tx, found[0].ID)
		if err != nil {
			return Draft{}, err
		}
		if err := mayWrite(who, &d); err != nil {
			return Draft{}, err
		}
		return d, s.save(ctx, tx, who, &d, line)
	}
	version := 0
	err = tx.Row(ctx, "select id, unit_id, version from publication_records where source_id = ?", []any{line.SourceID}, &begin.RecordID, &begin.UnitID, &version)
	if err != nil && !isNone(err) {
		return Draft{}, err
	}
	return s.create(ctx, tx, who, begin, line, version)
}

func (s *Store) takeAll(ctx context.Context, line *publication.Line, files fs.FS) (taken []incoming, err error) {
	for _, a := range line.Attachments {
		if a.Path == "" {
			continue
		}
		in, err := s.takePath(ctx, a, files)
		if err != nil {
			return nil, err
		}
		taken = append(taken, in)
	}
	return taken, nil
}

func (s *Store) takePath(ctx context.Context, a publication.Attachment, files fs.FS) (incoming, error) {
	missing := fault.New(fault.Invalid, "attachment_missing", "找不到附件文件“%s”。请和稿件一起交来，路径不能用 .. 或绝对路径。", fault.Clip(a.Path, 80))
	if files == nil || !fs.ValidPath(a.Path) {
		return incoming{}, missing
	}
	f, err := files.Open(a.Path)
	if err != nil {
		return incoming{}, missing.Because(err)
	}
	defer f.Close()
	return s.takeIn(ctx, a.Name, f)
}

// attachAll adds files that are not there already, as one revision.
func (s *Store) attachAll(ctx context.Context, tx *db.Tx, who Who, d *Draft, taken []incoming) error {
	have, err := filesOf(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	added := false
	for _, in := range taken {
		if slices.ContainsFunc(have, func(f File) bool { return f.OriginalHash == in.original.Hash && f.Name == in.name }) {
			continue
		}
		if _, err := attach(ctx, tx, who, d, in); err != nil {
			return err
		}
		added = true
	}
	if !added {
		return nil
	}
	return bump(ctx, tx, who, d)
}
