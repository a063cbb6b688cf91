package drafting

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/publication"
	"gongkai/internal/unit"
)

// Conflicted says that a draft has gone on since the caller read it. It
// unwraps to a Conflict fault; nothing of the caller's text was lost or kept.
type Conflicted struct {
	Revision int    // the newest
	By       string // actor who saved it
	At       time.Time
	State    State
}

// Error is the fault's text.
func (c *Conflicted) Error() string { return c.Unwrap().Error() }

// Unwrap is the fault.
func (c *Conflicted) Unwrap() error {
	return fault.New(fault.Conflict, "draft_changed", "这份稿件在%s已存成第 %d 版，您看的不是最新的。请对照新版再做；您写的内容仍在页面上。",
		c.At.In(civil.China).Format("1月2日 15:04"), c.Revision)
}

func conflicted(d *Draft) error {
	return &Conflicted{Revision: d.Revision, By: d.SavedBy, At: d.SavedAt, State: d.State}
}

// Revision is one text of a draft, without the text.
type Revision struct {
	No   int
	By   string // actor
	At   time.Time
	Hash string // SHA-256 of the line
}

// Unsaved is a text that somebody is at work on.
type Unsaved struct {
	By   string // actor
	At   time.Time
	Base int               // the revision it was written on
	Line *publication.Line // nil for other people's
}

// Save makes a new revision of the text. base is the revision that it was
// written on; where the draft has gone on since, the error is a *Conflicted
// and nothing is written. A text equal to the newest revision makes no new
// one. Attachments of the line by path are ignored: files belong to the draft.
func (s *Store) Save(ctx context.Context, who Who, id int64, base int, line *publication.Line) (d Draft, err error) {
	defer fault.Wrap(&err, "drafting.Save(%d)", id)
	err = s.update(ctx, id, func(tx *db.Tx, found *Draft) error {
		if err := mayWrite(who, found); err != nil {
			return err
		}
		if moved, err := textMoved(ctx, tx, found, base); moved || err != nil {
			return cmp.Or(err, conflicted(found))
		}
		if err := s.save(ctx, tx, who, found, line); err != nil {
			return err
		}
		d, err = s.load(ctx, tx, id)
		return err
	})
	return d, err
}

// textMoved tells whether the text has changed since the revision base. Files
// and settings make revisions too, which are no reason to refuse a text.
func textMoved(ctx context.Context, tx *db.Tx, d *Draft, base int) (bool, error) {
	if d.Revision == base {
		return false, nil
	}
	var rows, texts int
	err := tx.Row(ctx, "select count(*), count(distinct hash) from drafting_revisions where draft_id = ? and no in (?, ?)", []any{d.ID, base, d.Revision}, &rows, &texts)
	return rows != 2 || texts != 1, err
}

// bump makes a new revision of the same text: something else that is reviewed
// with it has changed.
func bump(ctx context.Context, tx *db.Tx, who Who, d *Draft) error {
	if _, err := tx.Exec(ctx, `insert into drafting_revisions (draft_id, no, line, hash, by_actor, at)
		select draft_id, no + 1, line, hash, cast(? as text), cast(? as text) from drafting_revisions where draft_id = ? and no = ?`,
		who.Actor(), db.At(tx.Now), d.ID, d.Revision); err != nil {
		return err
	}
	d.Revision++
	if _, err := tx.Exec(ctx, "insert into drafting_hands (draft_id, actor) values (?, ?) on conflict (draft_id, actor) do nothing", d.ID, who.Actor()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "update drafting_drafts set revision = ?, saved_by = ?, saved_at = ?, updated_at = ? where id = ?",
		d.Revision, who.Actor(), db.At(tx.Now), db.At(tx.Now), d.ID)
	return err
}

// mayWrite tells whether who may change the text of a draft now.
func mayWrite(who Who, d *Draft) error {
	if err := allowed(who, access.RecordWrite, d.UnitID); err != nil {
		return err
	}
	if !writable(d.State) {
		info, _ := life.State(d.State)
		return fault.New(fault.Conflict, "draft_fixed", "稿件现在是“%s”，不能改。要改，请先撤回或请审核的人退回；已经发布的，请另起更正稿。", info.Label)
	}
	return nil
}

// save writes a revision where the text differs from the newest one.
func (s *Store) save(ctx context.Context, tx *db.Tx, who Who, d *Draft, line *publication.Line) error {
	line, err := s.settleLine(ctx, tx, who, d, line)
	if err != nil {
		return err
	}
	text, err := encodeLine(line)
	if err != nil {
		return err
	}
	if err := forget(ctx, tx, d.ID, who.Actor()); err != nil {
		return err
	}
	return s.revise(ctx, tx, who, d, line, text)
}

// rewrite is save of a text that the program has changed: what somebody is at
// work on stays.
func (s *Store) rewrite(ctx context.Context, tx *db.Tx, who Who, d *Draft, line *publication.Line) error {
	text, err := encodeLine(line)
	if err != nil {
		return err
	}
	return s.revise(ctx, tx, who, d, line, text)
}

// revise writes a settled line as a revision where it says something new.
func (s *Store) revise(ctx context.Context, tx *db.Tx, who Who, d *Draft, line *publication.Line, text string) error {
	hash, old := publication.Hash([]byte(text)), ""
	if d.Revision > 0 {
		if err := tx.Row(ctx, "select hash from drafting_revisions where draft_id = ? and no = ?", []any{d.ID, d.Revision}, &old); err != nil {
			return err
		}
	}
	if hash == old {
		return nil
	}
	d.Revision++
	if err := writeRevision(ctx, tx, who, d, line, text, hash); err != nil {
		return err
	}
	if err := s.scanLine(ctx, tx, d, line); err != nil {
		return err
	}
	_, err := ledger.Append(ctx, tx, ledger.Act{Kind: "draft.saved", Subject: Subject(d.ID), Actor: who.Actor(),
		Data: map[string]any{"revision": d.Revision, "hash": hash}})
	return err
}

func writeRevision(ctx context.Context, tx *db.Tx, who Who, d *Draft, line *publication.Line, text, hash string) error {
	now := db.At(tx.Now)
	if _, err := tx.Exec(ctx, "insert into drafting_revisions (draft_id, no, line, hash, by_actor, at) values (?, ?, ?, ?, ?, ?)",
		d.ID, d.Revision, text, hash, who.Actor(), now); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `update drafting_drafts set revision = ?, saved_by = ?, saved_at = ?, updated_at = ?, unit_id = ?, kind = ?, title = ?, number = ?, issued_on = ?, words = ?, number_key = ? where id = ?`,
		d.Revision, who.Actor(), now, now, d.UnitID, line.Kind, line.Title, line.Number, line.IssuedOn, searchWords(line), numberKey(line.Number), d.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "insert into drafting_hands (draft_id, actor) values (?, ?) on conflict (draft_id, actor) do nothing", d.ID, who.Actor()); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "delete from drafting_targets where draft_id = ?", d.ID); err != nil {
		return err
	}
	for _, r := range line.Relations {
		if _, err := tx.Exec(ctx, "insert into drafting_targets (draft_id, type, target) values (?, ?, ?) on conflict (draft_id, type, target) do nothing",
			d.ID, string(r.Type), targetKey(r.Target)); err != nil {
			return err
		}
	}
	return nil
}

// searchWords is what the list of drafts is searched in.
func searchWords(l *publication.Line) string { return document.Fold(l.Title + " " + l.Number) }

// settleLine is the line as the draft keeps it: a copy with the draft's own
// source_id, without files, and with the unit it names where who may write for
// that one too.
func (s *Store) settleLine(ctx context.Context, tx *db.Tx, who Who, d *Draft, line *publication.Line) (*publication.Line, error) {
	fields, err := line.Fields.Normal()
	if err != nil {
		return nil, err
	}
	shallow := *line
	shallow.Fields = fields
	l, err := copyLine(&shallow)
	if err != nil {
		return nil, err
	}
	l.SourceID, l.Attachments = d.SourceID, outside(l.Attachments)
	if d.RecordID == 0 {
		l.PublishedAt = publication.Moment{} // the moment of publishing is never written by hand
	}
	tree, err := s.Records.Units.Tree(ctx, tx)
	if err != nil {
		return nil, err
	}
	if err := settleUnit(tree, who, d, l); err != nil {
		return nil, err
	}
	return l, nil
}

func settleUnit(tree *unit.Tree, who Who, d *Draft, l *publication.Line) error {
	if l.Unit == "" {
		l.Unit = tree.NameOn(d.UnitID, l.IssuedOn)
		if l.Unit == "" {
			l.Unit = tree.NameOn(d.UnitID, civil.Date{})
		}
		return nil
	}
	organ, err := tree.Resolve(l.Unit, l.IssuedOn)
	if err != nil {
		return nil // the checks say so; the words are kept
	}
	if organ.ID != d.UnitID {
		if err := allowed(who, access.RecordWrite, organ.ID); err != nil {
			return fault.New(fault.Forbidden, "unit_other", "您不能为“%s”起草信息。公开单位请填自己负责的单位，或请有权限的同事来建稿。", fault.Clip(l.Unit, 40))
		}
		d.UnitID = organ.ID
	}
	return nil
}

// Autosave keeps what who is writing, in the place of what was kept before. It
// makes no revision and is forgotten when who saves. It is kept even where the
// draft has gone on meanwhile; the error is then a *Conflicted, as a warning.
func (s *Store) Autosave(ctx context.Context, who Who, id int64, base int, line *publication.Line) (u Unsaved, err error) {
	defer fault.Wrap(&err, "drafting.Autosave(%d)", id)
	text, err := encodeLine(line)
	if err != nil {
		return Unsaved{}, err
	}
	var warning error
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		d, err := s.load(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := mayWrite(who, &d); err != nil {
			return err
		}
		moved, err := textMoved(ctx, tx, &d, base)
		if err != nil {
			return err
		}
		if moved {
			warning = conflicted(&d)
		}
		u = Unsaved{By: who.Actor(), At: tx.Now, Base: base, Line: line}
		_, err = tx.Exec(ctx, `insert into drafting_autosaves (draft_id, actor, base, line, at) values (?, ?, ?, ?, ?)
			on conflict (draft_id, actor) do update set base = excluded.base, line = excluded.line, at = excluded.at`,
			id, who.Actor(), base, text, db.At(tx.Now))
		return err
	})
	if err == nil {
		err = warning
	}
	return u, err
}

// Discard forgets what who has been writing and not saved.
func (s *Store) Discard(ctx context.Context, who Who, id int64) (err error) {
	defer fault.Wrap(&err, "drafting.Discard(%d)", id)
	return s.DB.Update(ctx, func(tx *db.Tx) error { return forget(ctx, tx, id, who.Actor()) })
}

func forget(ctx context.Context, tx *db.Tx, id int64, actor string) error {
	_, err := tx.Exec(ctx, "delete from drafting_autosaves where draft_id = ? and actor = ?", id, actor)
	return err
}

// unsavedOf lists the unsaved texts of a draft, the reader's own with its
// words first.
func unsavedOf(ctx context.Context, tx *db.Tx, id int64, reader string) (list []Unsaved, err error) {
	err = tx.Each(ctx, "select actor, base, at, case when actor = ? then line else '' end from drafting_autosaves where draft_id = ? order by case when actor = ? then 0 else 1 end, at desc",
		[]any{reader, id, reader}, func(rows *sql.Rows) error {
			var u Unsaved
			var at db.Instant
			var text string
			if err := rows.Scan(&u.By, &u.Base, &at, &text); err != nil {
				return err
			}
			u.At = at.Time
			if text != "" {
				l, err := decodeLine(text)
				if err != nil {
					return err
				}
				u.Line = l
			}
			list = append(list, u)
			return nil
		})
	return list, err
}

// Revisions lists the texts of a draft, newest first.
func (s *Store) Revisions(ctx context.Context, who Who, id int64) (list []Revision, err error) {
	defer fault.Wrap(&err, "drafting.Revisions(%d)", id)
	err = s.view(ctx, who, id, func(tx *db.Tx, _ *Draft) error {
		return tx.Each(ctx, "select no, by_actor, at, hash from drafting_revisions where draft_id = ? order by no desc", []any{id}, func(rows *sql.Rows) error {
			var r Revision
			var at db.Instant
			err := rows.Scan(&r.No, &r.By, &at, &r.Hash)
			r.At = at.Time
			list = append(list, r)
			return err
		})
	})
	return list, err
}

// RevisionLine is the text of a revision, without the draft's files.
func (s *Store) RevisionLine(ctx context.Context, who Who, id int64, no int) (line *publication.Line, err error) {
	defer fault.Wrap(&err, "drafting.RevisionLine(%d, %d)", id, no)
	err = s.view(ctx, who, id, func(tx *db.Tx, _ *Draft) error {
		line, err = revisionLine(ctx, tx, id, no)
		return err
	})
	return line, err
}

// Settle changes what a draft says besides its text, which makes a new
// revision. revision is the one that the caller saw.
func (s *Store) Settle(ctx context.Context, who Who, id int64, revision int, set Settings) (d Draft, err error) {
	defer fault.Wrap(&err, "drafting.Settle(%d)", id)
	if set.Change != Major && set.Change != Minor {
		return Draft{}, fault.New(fault.Invalid, "change_unknown", "“%s”不是修改的分类，应是 major（重要修改）或 minor（细微修改）。", fault.Clip(string(set.Change), 20))
	}
	err = s.update(ctx, id, func(tx *db.Tx, found *Draft) error {
		if err := mayWrite(who, found); err != nil {
			return err
		}
		if found.Revision != revision {
			return conflicted(found)
		}
		if err := s.settle(ctx, tx, who, found, set); err != nil {
			return err
		}
		d, err = s.load(ctx, tx, id)
		return err
	})
	return d, err
}

func (s *Store) settle(ctx context.Context, tx *db.Tx, who Who, d *Draft, set Settings) error {
	waivers, err := encodeWaivers(set.Waivers)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "update drafting_drafts set change = ?, note = ?, waivers = ?, updated_at = ? where id = ?",
		string(set.Change), set.Note, waivers, db.At(tx.Now), d.ID); err != nil {
		return err
	}
	if err := bump(ctx, tx, who, d); err != nil {
		return err
	}
	if err := record(ctx, tx, d, who.Actor(), "settled", d.State, ""); err != nil {
		return err
	}
	_, err = ledger.Append(ctx, tx, ledger.Act{Kind: "draft.settled", Subject: Subject(d.ID), Actor: who.Actor(),
		Data: map[string]any{"change": set.Change, "waived": len(set.Waivers)}})
	return err
}

// encodeWaivers refuses waivers of rules that know no exception.
func encodeWaivers(waivers map[string]string) (string, error) {
	for code, reason := range waivers {
		if !waivable[code] {
			return "", fault.New(fault.Invalid, "waiver_refused", "“%s”这一项不能说明理由放过，请照提示改正。", fault.Clip(code, 40))
		}
		if len([]rune(reason)) < 4 {
			return "", fault.New(fault.Invalid, "waiver_empty", "不照“%s”这一项办，要写明理由（至少 4 个字）。", code)
		}
	}
	text, err := json.Marshal(waivers)
	return string(text), err
}
