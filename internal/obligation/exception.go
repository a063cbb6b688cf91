package obligation

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
)

// Exempt takes a duty out of the count, or marks it as disputed, by decision of
// the office. A reason is required. What is met already needs no exemption and
// is a Conflict. Units ask for it with Ask.
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
	if err := except(ctx, tx, d, kind, reason, actor); err != nil {
		return err
	}
	return appendDuty(ctx, tx, "obligation.duty_exempted", d, actor, map[string]any{"kind": string(kind), "reason": reason})
}

// Lift ends the exception of a duty, which is owed again. A duty without one
// stays as it is, and so does one that is not its unit's any more.
func (s *Store) Lift(ctx context.Context, tx *db.Tx, dutyID int64, actor string) (err error) {
	defer fault.Wrap(&err, "obligation.Lift(%d)", dutyID)
	d, err := readDuty(ctx, tx, dutyID)
	if err != nil {
		return err
	}
	if d.Exempt != NotApplicable && d.Exempt != Disputed {
		return nil
	}
	if err := except(ctx, tx, d, "", "", ""); err != nil {
		return err
	}
	return appendDuty(ctx, tx, "obligation.exemption_lifted", d, actor, nil)
}

// except puts one exception in the place of the one that stands; kind "" is
// none.
func except(ctx context.Context, tx *db.Tx, d Duty, kind Exemption, reason, actor string) error {
	if _, err := tx.Exec(ctx, "update obligation_exceptions set lifted_on = ? where duty_id = ? and lifted_on is null", tx.Today(), d.ID); err != nil {
		return err
	}
	if kind != "" {
		if _, err := tx.Exec(ctx, "insert into obligation_exceptions (duty_id, kind, reason, given_by, given_on) values (?, ?, ?, ?, ?)",
			d.ID, string(kind), reason, actor, tx.Today()); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, "update obligation_duties set exempt = ?, changed_on = ? where id = ?", nullable(string(kind)), tx.Today(), d.ID)
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

// exceptionsOf are the decisions about a duty up to the end of the day, oldest
// first.
func exceptionsOf(ctx context.Context, tx *db.Tx, dutyID int64, asOf civil.Date) (list []Exception, err error) {
	err = tx.Each(ctx, "select id, duty_id, kind, reason, given_by, given_on, lifted_on from obligation_exceptions where duty_id = ? and given_on <= ? order by id", []any{dutyID, asOf},
		func(rows *sql.Rows) error {
			var x Exception
			err := rows.Scan(&x.ID, &x.DutyID, &x.Kind, &x.Reason, &x.By, &x.On, &x.LiftedOn)
			if x.LiftedOn.After(asOf) {
				x.LiftedOn = civil.Date{}
			}
			list = append(list, x)
			return err
		})
	return list, err
}
