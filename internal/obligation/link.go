package obligation

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Link is a person's word that a published record fulfils a duty.
type Link struct {
	DutyID int64
	Record RecordFacts // ID, Title, URL, IssuedOn and PublishedOn count
	Why    string      // required: what the record has to do with the duty
	Actor  string
}

// Link makes an existing record the evidence of a duty by hand. The duty is
// then fulfilled on the day the record was published, but history shows it from
// today on. The link stays when the record changes and ends when it is
// withdrawn. A record that is the evidence already is a Conflict.
func (s *Store) Link(ctx context.Context, tx *db.Tx, l Link) (err error) {
	defer fault.Wrap(&err, "obligation.Link(duty %d, record %d)", l.DutyID, l.Record.ID)
	switch {
	case l.Record.ID == 0 || l.Record.PublishedOn.IsZero():
		return fault.New(fault.Invalid, "link_record", "请选一条已经公开的信息；没有可公开的内容时用零报告。").At("record")
	case strings.TrimSpace(l.Why) == "":
		return fault.New(fault.Invalid, "link_reason", "请写明这条信息怎样完成了这项义务，检查时要看。").At("why")
	case l.Actor == "":
		return fault.New(fault.Invalid, "link_actor", "对应信息要记下是谁作的，请登录后再试。")
	}
	d, err := readDuty(ctx, tx, l.DutyID)
	if err != nil {
		return err
	}
	if err := d.open(); err != nil {
		return err
	}
	have, err := evidenceOfRecord(ctx, tx, l.Record.ID)
	if err != nil {
		return err
	}
	if _, ok := have[l.DutyID]; ok {
		return fault.New(fault.Conflict, "link_twice", "这条信息已经是这项义务的完成依据，不用再对应一次。").At("record")
	}
	if _, err := seenBefore(ctx, tx, l.Record.ID); err != nil {
		return err
	}
	o, err := readObligation(ctx, tx, "id = ?", d.ObligationID)
	if err != nil {
		return err
	}
	e := Evidence{DutyID: l.DutyID, RecordID: l.Record.ID, How: ByRecord, Title: l.Record.Title, URL: l.Record.URL, On: l.Record.PublishedOn,
		LimitOn: s.limitOn(o.Rule, l.Record), KnownOn: tx.Today(), LinkedBy: l.Actor, Why: l.Why}
	if err := s.AddEvidence(ctx, tx, e); err != nil {
		return err
	}
	return appendDuty(ctx, tx, "obligation.record_linked", d, l.Actor, map[string]any{"record": l.Record.ID, "why": l.Why})
}

// Unlink takes back a link that was made by hand. What the record fulfils by
// itself cannot be taken back: its category or the code that it names is then
// to be corrected.
func (s *Store) Unlink(ctx context.Context, tx *db.Tx, evidenceID int64, why, actor string) (err error) {
	defer fault.Wrap(&err, "obligation.Unlink(%d)", evidenceID)
	e, err := readEvidence(ctx, tx, evidenceID)
	if err != nil {
		return err
	}
	switch {
	case !e.RemovedOn.IsZero():
		return fault.New(fault.Conflict, "link_gone", "这条对应已于%s取消。", e.RemovedOn.Chinese())
	case e.How == ByNilReport:
		return fault.New(fault.Invalid, "link_nil", "这是零报告，请用“撤回零报告”。")
	case !e.ByHand():
		return fault.New(fault.Conflict, "link_automatic", "这条信息是按栏目、类别或事项编码自动对应的；要取消，请更正信息的栏目、类别或所填的事项编码。")
	}
	d, err := readDuty(ctx, tx, e.DutyID)
	if err != nil {
		return err
	}
	return takeBack(ctx, tx, d, e, "obligation.record_unlinked", why, actor)
}

func readEvidence(ctx context.Context, tx *db.Tx, id int64) (e Evidence, err error) {
	err = tx.Each(ctx, "select "+evidenceColumns+" from obligation_evidence where id = ?", []any{id}, func(rows *sql.Rows) (err error) {
		e, err = scanEvidence(rows)
		return err
	})
	if err == nil && e.ID == 0 {
		err = fault.New(fault.NotFound, "evidence_unknown", "没有编号为%d的完成依据，请刷新页面再看。", id)
	}
	return e, err
}

// takeBack ends evidence by a person's decision.
func takeBack(ctx context.Context, tx *db.Tx, d Duty, e Evidence, kind, why, actor string) error {
	if strings.TrimSpace(why) == "" {
		return fault.New(fault.Invalid, "removal_reason", "请写明取消的理由。").At("why")
	}
	if actor == "" {
		return errors.New("evidence is taken back by nobody")
	}
	if err := dropEvidence(ctx, tx, e, actor, why); err != nil {
		return err
	}
	return appendDuty(ctx, tx, kind, d, actor, map[string]any{"evidence": e.ID, "record": e.RecordID, "why": why})
}
