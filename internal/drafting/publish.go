package drafting

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/jobs"
	"gongkai/internal/ledger"
	"gongkai/internal/obligation"
	"gongkai/internal/publication"
)

// publish makes the draft public: record, version, evidence of duties, and the
// decision that now belongs to the record.
func (sit *situation) publish(ctx context.Context) error {
	d := sit.d
	line, err := copyLine(sit.line)
	if err != nil {
		return err
	}
	if err := sit.nameDuty(ctx, line); err != nil {
		return err
	}
	r, err := sit.s.Records.Put(ctx, sit.tx, line, publication.PutOptions{Actor: sit.who.Actor(), Note: d.Note, Minor: d.Change == Minor})
	if err != nil {
		return err
	}
	if r.Outcome == publication.Same {
		return fault.New(fault.Conflict, "draft_same", "稿件和已公开的一字不差，没有可以发布的。请先修改，或把这份稿件作废。")
	}
	d.RecordID, d.PublishAt, d.Trouble = r.ID, time.Time{}, ""
	if _, err := sit.tx.Exec(ctx, "update drafting_decisions set record_id = ? where draft_id = ?", r.ID, d.ID); err != nil {
		return err
	}
	_, err = sit.tx.Exec(ctx, "update drafting_previews set revoked_at = ? where draft_id = ? and revoked_at is null", db.At(sit.s.Now()), d.ID)
	return err
}

// nameDuty lets the record itself say which duty it was made for, so that it
// is evidence of that one whatever it is found to match.
func (sit *situation) nameDuty(ctx context.Context, line *publication.Line) error {
	if sit.d.DutyID == 0 {
		return nil
	}
	target, unitID, err := dutyTarget(ctx, sit.tx, sit.d.DutyID)
	if isNone(err) || err == nil && unitID != sit.d.UnitID {
		return nil // the duty has gone to another unit or is gone
	}
	if err != nil {
		return err
	}
	for _, r := range line.Relations {
		if r.Type == publication.Fulfils && r.Target == target {
			return nil
		}
	}
	line.Relations = append(line.Relations, publication.RelationLine{Type: publication.Fulfils, Target: target})
	return nil
}

// dutyTarget is how a record names a duty, CODE@PERIOD, and whose duty it is.
func dutyTarget(ctx context.Context, tx *db.Tx, dutyID int64) (target string, unitID int64, err error) {
	var code, period string
	err = tx.Row(ctx, "select i.code, d.period, d.unit_id from obligation_duties d join obligation_items i on i.id = d.obligation_id where d.id = ? and (d.exempt is null or d.exempt <> ?)",
		[]any{dutyID, string(obligation.Retired)}, &code, &period, &unitID)
	return code + "@" + period, unitID, err
}

// rehearse publishes the draft and takes it back, so that whatever publishing
// would refuse (a circle of relations, a code of an obligation that nobody
// knows) is said when the draft is handed on and not at the end of its way.
func (sit *situation) rehearse(ctx context.Context) error {
	if _, err := sit.tx.Exec(ctx, "savepoint rehearsal"); err != nil {
		return err
	}
	line, err := copyLine(sit.line)
	if err == nil {
		var r publication.Result
		r, err = sit.s.Records.Put(ctx, sit.tx, line, publication.PutOptions{Actor: sit.who.Actor()})
		if err == nil && r.Outcome == publication.Same {
			err = fault.New(fault.Conflict, "draft_same", "稿件和已公开的一字不差，没有可以发布的。请先修改，或把这份稿件作废。")
		}
	}
	if _, back := sit.tx.Exec(ctx, "rollback to savepoint rehearsal"); back != nil {
		return errors.Join(err, back)
	}
	if _, done := sit.tx.Exec(ctx, "release savepoint rehearsal"); done != nil {
		return errors.Join(err, done)
	}
	return err
}

// clock publishes at the set time, by the authority of those who signed.
type clock struct{}

func (clock) Actor() string                    { return "clock" }
func (clock) Can(act access.Act, _ int64) bool { return act == access.RecordPublish }
func (clock) Reach(access.Act) ([]int64, bool) { return nil, true }

// PublishDue publishes every draft whose time has come, each in a transaction
// of its own, and tells how many. What is refused keeps its place with the
// reason in Trouble and without a time, so that a person looks at it; other
// errors are joined and tried again with the next call. It may run in several
// processes at once.
func (s *Store) PublishDue(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "drafting.PublishDue")
	var due []Item
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		return tx.Each(ctx, "select id, revision from drafting_drafts where state = 'scheduled' and publish_at <= ? order by publish_at, id", []any{db.At(tx.Now)}, func(rows *sql.Rows) error {
			var it Item
			err := rows.Scan(&it.ID, &it.Revision)
			due = append(due, it)
			return err
		})
	})
	if err != nil {
		return 0, err
	}
	var errs []error
	for _, it := range due {
		done, err := s.publishOne(ctx, it)
		if done {
			n++
		}
		errs = append(errs, err)
	}
	return n, errors.Join(errs...)
}

func (s *Store) publishOne(ctx context.Context, it Item) (done bool, err error) {
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		d, err := s.claim(ctx, tx, it.ID)
		if err != nil {
			return err
		}
		if d.State != Scheduled || d.PublishAt.IsZero() || d.PublishAt.After(tx.Now) {
			return nil // somebody was faster, or has changed the time
		}
		_, err = s.Do(ctx, tx, clock{}, it.ID, d.Revision, Publish, Input{})
		done = err == nil
		return err
	})
	if f, ok := fault.Of(err); ok && f.Kind != fault.Internal && f.Kind != fault.Unavailable {
		return false, s.holdBack(ctx, it.ID, f.Public())
	}
	return done && err == nil, err
}

// holdBack notes why the time went by.
func (s *Store) holdBack(ctx context.Context, id int64, why string) error {
	return s.update(ctx, id, func(tx *db.Tx, d *Draft) error {
		if d.State != Scheduled {
			return nil
		}
		if _, err := tx.Exec(ctx, "update drafting_drafts set publish_at = null, trouble = ?, updated_at = ? where id = ?", why, db.At(tx.Now), id); err != nil {
			return err
		}
		if err := record(ctx, tx, d, clock{}.Actor(), "failed", d.State, why); err != nil {
			return err
		}
		_, err := ledger.Append(ctx, tx, ledger.Act{Kind: "draft.publish_failed", Subject: Subject(id), Actor: clock{}.Actor()})
		return err
	})
}

// PublishArgs are the arguments of the job that publishes what is due.
type PublishArgs struct{}

// Kind is the job's stable name.
func (PublishArgs) Kind() string { return "drafting.publish" }

// RegisterJobs lets the queue publish what is due, every minute.
func (s *Store) RegisterJobs(r *jobs.Registry) {
	jobs.Handle(r, func(ctx context.Context, _ PublishArgs) error {
		_, err := s.PublishDue(ctx)
		return err
	})
	r.Every(time.Minute, PublishArgs{})
}
