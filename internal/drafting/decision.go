package drafting

import (
	"context"
	"database/sql"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/law"
)

// Outcome is what a secrecy review comes to.
type Outcome string

// The outcomes.
const (
	Open          Outcome = "open"     // 公开
	Partly        Outcome = "partly"   // 部分公开
	NotDisclosed  Outcome = "withheld" // 不予公开
	Referred      Outcome = "referred" // 报上级确定 (条例第十七条)
	noDecisionYet Outcome = ""
)

var outcomeLabels = map[Outcome]string{Open: "公开", Partly: "部分公开", NotDisclosed: "不予公开", Referred: "报上级确定", noDecisionYet: "未审查"}

// Label is the outcome in words.
func (o Outcome) Label() string { return outcomeLabels[o] }

func (o Outcome) discloses() bool { return o == Open || o == Partly }

// Decision is one outcome of a secrecy review. Decisions never change.
type Decision struct {
	ID       int64
	DraftID  int64
	RecordID int64 // 0 while nothing is public
	Revision int   // of the draft that it is about
	Outcome  Outcome
	Ground   law.Ground // of what is not disclosed
	Reason   string
	By       string // actor
	On       civil.Date
	At       time.Time
}

// decide writes a decision on the draft's revision.
func (sit *situation) decide(ctx context.Context, o Outcome) error {
	ground := sit.in.Ground
	if o == Open || o == Referred {
		ground = ""
	}
	_, err := sit.tx.Exec(ctx, "insert into drafting_decisions (draft_id, record_id, revision, outcome, ground, reason, by_actor, decided_on, at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		sit.d.ID, nullID(sit.d.RecordID), sit.d.Revision, string(o), string(ground), sit.in.Reason, sit.who.Actor(), sit.tx.Today(), db.At(sit.tx.Now))
	return err
}

func decisionsOf(ctx context.Context, tx *db.Tx, where string, args ...any) (list []Decision, err error) {
	err = tx.Each(ctx, `select id, draft_id, coalesce(record_id, 0), revision, outcome, ground, reason, by_actor, decided_on, at
		from drafting_decisions where `+where+" order by id desc", args, func(rows *sql.Rows) error {
		var d Decision
		var at db.Instant
		err := rows.Scan(&d.ID, &d.DraftID, &d.RecordID, &d.Revision, &d.Outcome, &d.Ground, &d.Reason, &d.By, &d.On, &at)
		d.At = at.Time
		list = append(list, d)
		return err
	})
	return list, err
}

// lastDecision is the newest decision about a draft, nil for none.
func lastDecision(ctx context.Context, tx *db.Tx, d *Draft) (*Decision, error) {
	list, err := decisionsOf(ctx, tx, "id = (select max(id) from drafting_decisions where draft_id = ?)", d.ID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// DecisionsOf lists the secrecy decisions about a record, newest first.
// Records that were imported have none here.
func (s *Store) DecisionsOf(ctx context.Context, recordID int64) (list []Decision, err error) {
	defer fault.Wrap(&err, "drafting.DecisionsOf(%d)", recordID)
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		list, err = decisionsOf(ctx, tx, "record_id = ?", recordID)
		return err
	})
	return list, err
}
