package obligation

import (
	"context"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Remedy is what the office does about a duty when it grants a claim.
type Remedy string

// The remedies. Requests for exemption know only the first.
const (
	ToExempt   Remedy = "exempt"   // 核定不适用
	ToReassign Remedy = "reassign" // 改由别的单位负责
	ToRedate   Remedy = "redate"   // 调整期限
	ToLink     Remedy = "link"     // a record has been linked: the duty is met
)

// remedies say what each remedy is called and needs.
var remedies = []struct {
	remedy Remedy
	label  string
	kinds  []ClaimKind
}{
	{ToExempt, "核定为不适用", []ClaimKind{ForExemption, ForDispute}},
	{ToReassign, "改由别的单位负责", []ClaimKind{ForDispute}},
	{ToRedate, "调整期限", []ClaimKind{ForDispute}},
	{ToLink, "已对应到公开的信息", []ClaimKind{ForDispute}},
}

// Remedies lists what the office may do when it grants a claim of the kind.
func Remedies(kind ClaimKind) (list []Remedy) {
	for _, r := range remedies {
		for _, k := range r.kinds {
			if k == kind {
				list = append(list, r.remedy)
			}
		}
	}
	return list
}

// Label is the remedy in Chinese, "" where there is none.
func (r Remedy) Label() string {
	for _, e := range remedies {
		if e.remedy == r {
			return e.label
		}
	}
	return ""
}

// Answer is what the office decides.
type Answer struct {
	Grant  bool
	Remedy Remedy     // where it grants
	Reason string     // always
	ToUnit int64      // ToReassign
	ToDue  civil.Date // ToRedate
	Actor  string
}

// AnswerClaim decides an open claim. Granting does at once what the remedy
// says; refusing leaves the duty owed as it was.
func (s *Store) AnswerClaim(ctx context.Context, tx *db.Tx, claimID int64, a Answer) (c Claim, err error) {
	defer fault.Wrap(&err, "obligation.AnswerClaim(%d)", claimID)
	if strings.TrimSpace(a.Reason) == "" {
		return Claim{}, fault.New(fault.Invalid, "answer_reason", "请写明同意或者不同意的理由，单位会看到它。").At("reason")
	}
	c, d, err := openClaim(ctx, tx, claimID)
	if err != nil {
		return Claim{}, err
	}
	c.State, c.Answer, c.DecidedBy = Refused, a.Reason, a.Actor
	if a.Grant {
		if err := a.check(c.Kind, d); err != nil {
			return Claim{}, err
		}
		c.State, c.Remedy, c.ToUnit, c.ToDue = Granted, a.Remedy, a.ToUnit, a.ToDue
	}
	if err := closeClaim(ctx, tx, c, d); err != nil {
		return Claim{}, err
	}
	if d, err = readDuty(ctx, tx, d.ID); err != nil {
		return Claim{}, err
	}
	if a.Grant {
		if err := s.remedy(ctx, tx, d, a); err != nil {
			return Claim{}, err
		}
	}
	c.DecidedOn = tx.Today()
	return c, appendDuty(ctx, tx, "obligation.claim_answered", d, a.Actor, map[string]any{
		"claim": c.ID, "state": string(c.State), "remedy": string(c.Remedy), "reason": a.Reason})
}

// check refuses a grant that is not one for the claim or cannot be carried out.
func (a Answer) check(kind ClaimKind, d Duty) error {
	fits := false
	for _, r := range Remedies(kind) {
		fits = fits || r == a.Remedy
	}
	switch {
	case !fits:
		return fault.New(fault.Invalid, "answer_remedy", "“%s”不能这样办理，请从列表里选办理方式。", kind.Label()).At("remedy")
	case a.Remedy != ToLink && !d.Met.On.IsZero():
		return fault.New(fault.Conflict, "duty_met", "这项义务已于%s完成，请选“已对应到公开的信息”或不同意。", d.Met.On.Chinese()).At("remedy")
	case a.Remedy == ToLink && d.Met.On.IsZero():
		return fault.New(fault.Conflict, "answer_unlinked", "这项义务还没有完成依据，请先把那条信息对应到它。").At("remedy")
	case a.Remedy == ToReassign && (a.ToUnit == 0 || a.ToUnit == d.UnitID):
		return fault.New(fault.Invalid, "answer_unit", "请选改由哪个单位负责。").At("unit")
	case a.Remedy == ToRedate && a.ToDue.Before(d.OpensOn):
		return fault.New(fault.Invalid, "answer_due", "新的期限不能早于这项义务开始的%s。", d.OpensOn.Chinese()).At("due")
	}
	return nil
}

func (s *Store) remedy(ctx context.Context, tx *db.Tx, d Duty, a Answer) error {
	switch a.Remedy {
	case ToExempt:
		return except(ctx, tx, d, NotApplicable, a.Reason, a.Actor)
	case ToRedate:
		return redate(ctx, tx, d, a.ToDue)
	case ToReassign:
		if err := handOver(ctx, tx, d, a.ToUnit, a.Reason, a.Actor); err != nil {
			return err
		}
		return reassign(ctx, tx, d.ObligationID, d.UnitID, a.ToUnit, a.Actor)
	}
	return nil
}

// redate changes the due day of a duty; history keeps the one before.
func redate(ctx context.Context, tx *db.Tx, d Duty, due civil.Date) error {
	_, err := tx.Exec(ctx, "insert into obligation_formers (duty_id, until_on, role, opens_on, closes_on, due_on) values (?, ?, ?, ?, ?, ?)",
		d.ID, tx.Today(), string(d.Role), d.OpensOn, d.ClosesOn, d.DueOn)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "update obligation_duties set due_on = ?, closes_on = case when closes_on < ? then ? else closes_on end, changed_on = ? where id = ?",
		due, due, due, tx.Today(), d.ID)
	return err
}
