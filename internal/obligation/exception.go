package obligation

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
)

// NilReport says, signed by an office, that there is nothing to disclose in
// the period of a duty (零报告). It fulfils the duty on its day. A report for a
// period that has not begun, or without a signature, is an Invalid fault.
func (s *Store) NilReport(ctx context.Context, tx *db.Tx, dutyID int64, signer, note, actor string) (err error) {
	defer fault.Wrap(&err, "obligation.NilReport(%d)", dutyID)
	if strings.TrimSpace(signer) == "" {
		return fault.New(fault.Invalid, "nil_report_unsigned", "零报告要写明签发的处室或职务。").At("signer")
	}
	d, err := readDuty(ctx, tx, dutyID)
	if err != nil {
		return err
	}
	if tx.Today().Before(d.OpensOn) {
		return fault.New(fault.Invalid, "nil_report_early", "这项义务从%s才开始，届时再作零报告。", d.OpensOn.Chinese())
	}
	if !d.Met.On.IsZero() {
		return fault.New(fault.Conflict, "duty_met", "这项义务已于%s完成，不用再作零报告。", d.Met.On.Chinese())
	}
	if err := putEvidence(ctx, tx, Evidence{DutyID: dutyID, How: ByNilReport, Title: "零报告", On: tx.Today(), Signer: signer, Note: note}); err != nil {
		return err
	}
	return appendDuty(ctx, tx, "obligation.nil_reported", d, actor, map[string]any{"signer": signer})
}

// Exempt takes a duty out of the count, or marks it as disputed. A reason is
// required. What is met already needs no exemption and is a Conflict.
func (s *Store) Exempt(ctx context.Context, tx *db.Tx, dutyID int64, kind Exemption, reason, actor string) (err error) {
	defer fault.Wrap(&err, "obligation.Exempt(%d)", dutyID)
	if kind != NotApplicable && kind != Disputed {
		return fault.New(fault.Invalid, "exemption_kind", "只能标为不适用（not_applicable）或有异议（disputed），不能是“%s”。", fault.Clip(string(kind), 40))
	}
	if strings.TrimSpace(reason) == "" {
		return fault.New(fault.Invalid, "exemption_reason", "请写明理由，它会随这项义务一起公开。").At("reason")
	}
	d, err := readDuty(ctx, tx, dutyID)
	if err != nil {
		return err
	}
	if !d.Met.On.IsZero() {
		return fault.New(fault.Conflict, "duty_met", "这项义务已于%s完成，不用再标为不适用或有异议。", d.Met.On.Chinese())
	}
	if err := lift(ctx, tx, d); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "insert into obligation_exceptions (duty_id, kind, reason, given_by, given_on) values (?, ?, ?, ?, ?)",
		dutyID, string(kind), reason, actor, tx.Today()); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "update obligation_duties set exempt = ? where id = ?", string(kind), dutyID); err != nil {
		return err
	}
	return appendDuty(ctx, tx, "obligation.duty_exempted", d, actor, map[string]any{"kind": string(kind), "reason": reason})
}

// Lift ends the exception of a duty, which is owed again. A duty without one
// stays as it is.
func (s *Store) Lift(ctx context.Context, tx *db.Tx, dutyID int64, actor string) (err error) {
	defer fault.Wrap(&err, "obligation.Lift(%d)", dutyID)
	d, err := readDuty(ctx, tx, dutyID)
	if err != nil {
		return err
	}
	if d.Exempt == "" || d.Exempt == Retired {
		return nil
	}
	if err := lift(ctx, tx, d); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "update obligation_duties set exempt = null where id = ?", dutyID); err != nil {
		return err
	}
	return appendDuty(ctx, tx, "obligation.exemption_lifted", d, actor, nil)
}

// lift ends the exception that stands, if one does.
func lift(ctx context.Context, tx *db.Tx, d Duty) error {
	_, err := tx.Exec(ctx, "update obligation_exceptions set lifted_on = ? where duty_id = ? and lifted_on is null", tx.Today(), d.ID)
	return err
}

func appendDuty(ctx context.Context, tx *db.Tx, kind string, d Duty, actor string, data map[string]any) error {
	if data == nil {
		data = map[string]any{}
	}
	data["unit"], data["obligation"], data["period"] = d.UnitID, d.ObligationID, d.Period
	_, err := ledger.Append(ctx, tx, ledger.Act{Kind: kind, Subject: fmt.Sprintf("duty:%d", d.ID), Actor: actor, Data: data})
	return err
}

// exceptionsOf are the decisions about a duty, oldest first.
func exceptionsOf(ctx context.Context, tx *db.Tx, dutyID int64) (list []Exception, err error) {
	err = tx.Each(ctx, "select id, duty_id, kind, reason, given_by, given_on, lifted_on from obligation_exceptions where duty_id = ? order by id", []any{dutyID},
		func(rows *sql.Rows) error {
			var x Exception
			err := rows.Scan(&x.ID, &x.DutyID, &x.Kind, &x.Reason, &x.By, &x.On, &x.LiftedOn)
			list = append(list, x)
			return err
		})
	return list, err
}
