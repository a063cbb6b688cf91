package drafting

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/publication"
)

const draftColumns = `d.id, coalesce(d.record_id, 0), d.source_id, d.unit_id, d.kind, d.title, d.number, d.issued_on, d.state, d.entered_at, d.revision, d.saved_by, d.saved_at,
	d.author, coalesce(d.duty_id, 0), d.change, d.note, d.waivers, d.reviewer, d.secrecy_by, d.signer, d.publish_at, d.trouble,
	d.emergency_reason, d.emergency_by, d.emergency_at, d.countersign_due, d.countersigned_by, d.countersigned_at, d.created_at, d.updated_at,
	(select count(*) from drafting_remarks r where r.draft_id = d.id and r.resolved_at is null),
	(select count(*) from drafting_findings f where f.draft_id = d.id and f.present = 1 and f.resolution = '')`

func scanDraft(rows *sql.Rows) (d Draft, err error) {
	var since, saved, publish, hurried, countersigned, created, updated db.Instant
	var e Emergency
	var waivers string
	err = rows.Scan(&d.ID, &d.RecordID, &d.SourceID, &d.UnitID, &d.Kind, &d.Title, &d.Number, &d.IssuedOn, &d.State, &since, &d.Revision, &d.SavedBy, &saved,
		&d.Author, &d.DutyID, &d.Change, &d.Note, &waivers, &d.Reviewer, &d.Secrecy, &d.Signer, &publish, &d.Trouble,
		&e.Reason, &e.By, &hurried, &e.Due, &e.CountersignedBy, &countersigned, &created, &updated, &d.Remarks, &d.Findings)
	if err != nil {
		return Draft{}, err
	}
	d.Since, d.SavedAt, d.PublishAt, d.CreatedAt, d.UpdatedAt = since.Time, saved.Time, publish.Time, created.Time, updated.Time
	if e.By != "" {
		e.At, e.CountersignedAt = hurried.Time, countersigned.Time
		d.Emergency = &e
	}
	return d, json.Unmarshal([]byte(waivers), &d.Waivers)
}

// drafts reads the drafts of a query whose FROM names drafting_drafts d, with
// who wrote at them.
func drafts(ctx context.Context, tx *db.Tx, rest string, args ...any) (list []Draft, err error) {
	err = tx.Each(ctx, "select "+draftColumns+" from drafting_drafts d "+rest, args, func(rows *sql.Rows) error {
		d, err := scanDraft(rows)
		list = append(list, d)
		return err
	})
	if err != nil || len(list) == 0 {
		return list, err
	}
	at := map[int64]int{}
	var ids []int64
	for i, d := range list {
		at[d.ID] = i
		ids = append(ids, d.ID)
	}
	for part := range slices.Chunk(ids, 500) {
		err = tx.Each(ctx, "select draft_id, actor from drafting_hands where draft_id in "+db.In(len(part))+" order by draft_id, actor", db.Args(part), func(rows *sql.Rows) error {
			var id int64
			var actor string
			err := rows.Scan(&id, &actor)
			d := &list[at[id]]
			d.Editors = append(d.Editors, actor)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// load reads one draft with the steps it takes.
func (s *Store) load(ctx context.Context, tx *db.Tx, id int64) (Draft, error) {
	found, err := drafts(ctx, tx, "where d.id = ?", id)
	if err != nil {
		return Draft{}, err
	}
	if len(found) == 0 {
		return Draft{}, unknownDraft(id)
	}
	d := found[0]
	d.Flow, err = s.flowOf(ctx, tx, d.UnitID, d.Kind)
	return d, err
}

// Draft reads one draft without its text.
func (s *Store) Draft(ctx context.Context, who Who, id int64) (d Draft, err error) {
	defer fault.Wrap(&err, "drafting.Draft(%d)", id)
	err = s.view(ctx, who, id, func(_ *db.Tx, found *Draft) error {
		d = *found
		return nil
	})
	return d, err
}

// view runs f on a draft that who may read.
func (s *Store) view(ctx context.Context, who Who, id int64, f func(tx *db.Tx, d *Draft) error) error {
	return s.DB.View(ctx, func(tx *db.Tx) error {
		d, err := s.load(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := allowed(who, access.RecordRead, d.UnitID); err != nil {
			return err
		}
		return f(tx, &d)
	})
}

// Get reads a draft with everything that its page shows.
func (s *Store) Get(ctx context.Context, who Who, id int64) (w *Work, err error) {
	defer fault.Wrap(&err, "drafting.Get(%d)", id)
	err = s.view(ctx, who, id, func(tx *db.Tx, d *Draft) error {
		w, err = s.work(ctx, tx, who, d)
		return err
	})
	return w, err
}

func (s *Store) work(ctx context.Context, tx *db.Tx, who Who, d *Draft) (*Work, error) {
	sit, err := s.situation(ctx, tx, who, d)
	if err != nil {
		return nil, err
	}
	w := &Work{Draft: *d, Line: sit.line, Files: sit.files}
	for _, read := range []func() error{
		func() (err error) { w.Remarks, err = remarksOf(ctx, tx, d.ID, w.Line); return err },
		func() (err error) { w.Findings, err = findingsOf(ctx, tx, d.ID, w.Files); return err },
		func() (err error) { w.Decisions, err = decisionsOf(ctx, tx, "draft_id = ?", d.ID); return err },
		func() (err error) { w.History, err = historyOf(ctx, tx, d.ID); return err },
		func() (err error) { w.Previews, err = previewsOf(ctx, tx, d.ID); return err },
		func() (err error) { w.Unsaved, err = unsavedOf(ctx, tx, d.ID, who.Actor()); return err },
		func() (err error) { w.Checks, err = sit.allChecks(ctx); return err },
	} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// revisionLine reads the text of a revision, without files.
func revisionLine(ctx context.Context, tx *db.Tx, id int64, no int) (*publication.Line, error) {
	var text string
	err := tx.Row(ctx, "select line from drafting_revisions where draft_id = ? and no = ?", []any{id, no}, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "revision_unknown", "这份稿件没有第 %d 版。", no)
	}
	if err != nil {
		return nil, err
	}
	return decodeLine(text)
}

func historyOf(ctx context.Context, tx *db.Tx, id int64) (list []Step, err error) {
	err = tx.Each(ctx, "select at, actor, event, from_state, to_state, revision, words from drafting_history where draft_id = ? order by id", []any{id}, func(rows *sql.Rows) error {
		var st Step
		var at db.Instant
		err := rows.Scan(&at, &st.By, &st.Event, &st.From, &st.To, &st.Revision, &st.Words)
		st.At, st.Label = at.Time, eventWords(st.Event)
		list = append(list, st)
		return err
	})
	return list, err
}

// otherEvents are steps of the history that are no events of the life.
var otherEvents = map[Event]string{
	"created":   "建立了稿件",
	"failed":    "到点没有发布成功",
	"attached":  "加了附件",
	"detached":  "拿掉了附件",
	"replaced":  "换了附件",
	"masked":    "处理了隐私检查的发现",
	"previewed": "发出了核对链接",
	"settled":   "改了发布事项",
	"refused":   "补签时决定撤下",
}

func eventWords(e Event) string {
	if info, ok := life.Event(e); ok {
		return info.Done
	}
	return otherEvents[e]
}

// record writes a step of the history.
func record(ctx context.Context, tx *db.Tx, d *Draft, actor string, event Event, from State, words string) error {
	_, err := tx.Exec(ctx, "insert into drafting_history (draft_id, at, actor, event, from_state, to_state, revision, words) values (?, ?, ?, ?, ?, ?, ?, ?)",
		d.ID, db.At(tx.Now), actor, string(event), string(from), string(d.State), d.Revision, words)
	return err
}
