package obligation

import (
	"context"
	"slices"
	"strings"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Signature is who answers for a nil report: the account of the unit's head and
// the words under which it is shown.
type Signature struct {
	AccountID int64
	Words     string // 市教育局局长, or the office that signed on paper
}

// SignNil says, signed by the head of the unit, that there is nothing to
// disclose in the period of a duty (零报告). It fulfils the duty on its day. The
// caller has made sure that the account may sign for the unit and has confirmed
// itself. A report for a period that has not begun, without a signature or
// without words is an Invalid fault.
func (s *Store) SignNil(ctx context.Context, tx *db.Tx, dutyID int64, by Signature, note, actor string) (err error) {
	defer fault.Wrap(&err, "obligation.SignNil(%d)", dutyID)
	if by.AccountID == 0 {
		return fault.New(fault.Invalid, "nil_report_signer", "零报告要由单位负责人的账号签发，请由负责人登录后签发。").At("signer")
	}
	if strings.TrimSpace(note) == "" {
		return fault.New(fault.Invalid, "nil_report_note", "请写明为什么本期没有可公开的内容，它会随这项义务一起公开。").At("note")
	}
	return s.nilReport(ctx, tx, dutyID, by, note, actor)
}

// NilReport enters a nil report that was signed outside the program, by words
// alone: on paper, or before the program was there.
func (s *Store) NilReport(ctx context.Context, tx *db.Tx, dutyID int64, signer, note, actor string) (err error) {
	defer fault.Wrap(&err, "obligation.NilReport(%d)", dutyID)
	return s.nilReport(ctx, tx, dutyID, Signature{Words: signer}, note, actor)
}

func (s *Store) nilReport(ctx context.Context, tx *db.Tx, dutyID int64, by Signature, note, actor string) error {
	if strings.TrimSpace(by.Words) == "" {
		return fault.New(fault.Invalid, "nil_report_unsigned", "零报告要写明签发的处室或职务。").At("signer")
	}
	d, err := readDuty(ctx, tx, dutyID)
	if err != nil {
		return err
	}
	if err := d.open(); err != nil {
		return err
	}
	if tx.Today().Before(d.OpensOn) {
		return fault.New(fault.Invalid, "nil_report_early", "这项义务从%s才开始，届时再作零报告。", d.OpensOn.Chinese())
	}
	if !d.Met.On.IsZero() {
		return fault.New(fault.Conflict, "duty_met", "这项义务已于%s完成，不用再作零报告。", d.Met.On.Chinese())
	}
	e := Evidence{DutyID: dutyID, How: ByNilReport, Title: "零报告", On: tx.Today(), KnownOn: tx.Today(), Signer: by.Words, SignerID: by.AccountID, Note: note}
	if err := putEvidence(ctx, tx, e); err != nil {
		return err
	}
	data := map[string]any{"signer": by.Words}
	if by.AccountID != 0 {
		data["account"] = by.AccountID
	}
	return appendDuty(ctx, tx, "obligation.nil_reported", d, actor, data)
}

// WithdrawNil takes back the nil report of a duty, which is owed again. The
// report stays readable with who took it back and why.
func (s *Store) WithdrawNil(ctx context.Context, tx *db.Tx, dutyID int64, why, actor string) (err error) {
	defer fault.Wrap(&err, "obligation.WithdrawNil(%d)", dutyID)
	d, err := readDuty(ctx, tx, dutyID)
	if err != nil {
		return err
	}
	list, err := evidenceOf(ctx, tx, dutyID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(e Evidence) bool { return e.How == ByNilReport })
	if i < 0 {
		return fault.New(fault.Conflict, "nil_report_none", "这项义务没有零报告，不用撤回。")
	}
	return takeBack(ctx, tx, d, list[i], "obligation.nil_withdrawn", why, actor)
}

// open refuses what is not the unit's duty any more.
func (d Duty) open() error {
	switch d.Exempt {
	case Retired:
		return fault.New(fault.Conflict, "duty_retired", "新版的要点或目录已不再列入这项义务，不用再办理。")
	case Moved:
		return fault.New(fault.Conflict, "duty_moved", "这项义务已由别的单位承接，请到承接单位的清单里办理。")
	}
	return nil
}
