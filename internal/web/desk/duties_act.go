package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/publication"
	"gongkai/internal/remind"
	"gongkai/internal/web/ui"
)

// onDuty has something done about the duty of the address and leads back to
// it; what can be mended is said over its forms.
func (v *visit) onDuty(act access.Act, note string, do func(tx *db.Tx, d *obligation.DutyDetail) error) (answer, error) {
	d, err := v.duty(act, v.today)
	if err != nil {
		return answer{}, err
	}
	if err := v.DB.Update(v.r.Context(), func(tx *db.Tx) error { return do(tx, &d) }); err != nil {
		return v.dutyAgain(&d, err)
	}
	return goTo(v.back(dutyPath(d.ID)), note)
}

func signNil(v *visit) (answer, error) {
	d, err := v.duty(access.DutyNil, v.today)
	if err != nil {
		return answer{}, err
	}
	shell := ui.Shell{}
	if a, ok := v.confirmed(shell.URL(dutyPath(d.ID), "note", fault.Clip(v.field("note"), 500)) + "#nil"); !ok {
		return a, nil
	}
	signer := obligation.Signature{AccountID: v.me.ID, Words: v.unitName(d.UnitID) + "负责人"}
	return v.onDuty(access.DutyNil, "零报告已签发，这项事项本期办结。", func(tx *db.Tx, d *obligation.DutyDetail) error {
		return v.Obligations.SignNil(v.r.Context(), tx, d.ID, signer, v.field("note"), v.me.Actor())
	})
}

func withdrawNil(v *visit) (answer, error) {
	return v.onDuty(access.DutyNil, "零报告已撤回，这项事项要重新办理。", func(tx *db.Tx, d *obligation.DutyDetail) error {
		return v.Obligations.WithdrawNil(v.r.Context(), tx, d.ID, v.field("why"), v.me.Actor())
	})
}

func askAboutDuty(v *visit) (answer, error) {
	kind := obligation.ClaimKind(v.field("kind"))
	ask := obligation.ClaimRequest{Kind: kind, Reason: v.field("reason"), Actor: v.me.Actor()}
	if kind == obligation.ForDispute {
		ask.Ground = obligation.Ground(v.field("ground"))
	}
	return v.onDuty(access.DutyDispute, kind.Label()+"已送主管部门，答复会出现在这里。", func(tx *db.Tx, d *obligation.DutyDetail) error {
		ask.DutyID = d.ID
		_, err := v.Obligations.Ask(v.r.Context(), tx, ask)
		return err
	})
}

func withdrawClaim(v *visit) (answer, error) {
	return v.onDuty(access.DutyDispute, "已撤回，这项事项照常办理。", func(tx *db.Tx, d *obligation.DutyDetail) error {
		for _, c := range d.Claims {
			if c.State == obligation.Asked {
				return v.Obligations.WithdrawClaim(v.r.Context(), tx, c.ID, v.me.Actor())
			}
		}
		return fault.New(fault.Conflict, "claim_closed", "没有待答复的请求，可能刚刚已经答复。")
	})
}

func exemptDuty(v *visit) (answer, error) {
	return v.onDuty(access.DutyDecide, "已核定为不适用，不再计入应公开。", func(tx *db.Tx, d *obligation.DutyDetail) error {
		return v.Obligations.Exempt(v.r.Context(), tx, d.ID, obligation.NotApplicable, v.field("reason"), v.me.Actor())
	})
}

func liftDuty(v *visit) (answer, error) {
	return v.onDuty(access.DutyDecide, "已恢复，这项事项重新计入应公开。", func(tx *db.Tx, d *obligation.DutyDetail) error {
		return v.Obligations.Lift(v.r.Context(), tx, d.ID, v.me.Actor())
	})
}

func unlinkDuty(v *visit) (answer, error) {
	return v.onDuty(access.DutyLink, "已取消关联。", func(tx *db.Tx, d *obligation.DutyDetail) error {
		for _, e := range d.Evidence {
			if e.ID == v.number("evidence") {
				return v.Obligations.Unlink(v.r.Context(), tx, e.ID, v.field("why"), v.me.Actor())
			}
		}
		return fault.New(fault.Conflict, "evidence_gone", "这条关联已经不在了，请看最新的情况。")
	})
}

// urgent tells whether whoever has to do a duty may be reminded of it.
func urgent(d obligation.DutyView) bool {
	return d.State == obligation.Overdue || d.State == obligation.DueSoon || d.State == obligation.NotDue
}

// remindOfDuties reminds whoever has to do what a list of duties shows, each
// person once a day.
func remindOfDuties(v *visit) (answer, error) {
	f, err := v.dutyFilter(access.DutyDecide)
	switch {
	case err != nil:
		return answer{}, err
	case v.Reminder == nil:
		return answer{}, fault.New(fault.Unavailable, "remind_off", "这里没有开通提醒，请直接联系责任单位。")
	case len(f.Units) != 1:
		return answer{}, fault.New(fault.Invalid, "remind_unit", "请先选一个单位，再提醒它的人。").At("单位")
	}
	list, err := v.Obligations.DutiesWithin(v.r.Context(), f, v.today)
	if err != nil {
		return answer{}, err
	}
	due := slices.DeleteFunc(list.Duties, func(d obligation.DutyView) bool { return !urgent(d) })
	var u remind.Urged
	err = v.change(func(ctx context.Context, tx *db.Tx) error {
		u, err = v.Reminder.Urge(ctx, tx, due, v.me.Actor())
		return err
	})
	if err != nil {
		return answer{}, err
	}
	note := fmt.Sprintf("已提醒%s的%d人。", v.unitName(f.Units[0]), u.Told)
	if u.Had > 0 {
		note += fmt.Sprintf("另有%d人今天已经收到过提醒，不再重复。", u.Had)
	}
	return goTo(At+"duties?"+v.r.URL.RawQuery, note)
}

// dutyLinkPage finds a record of the unit to be a duty's evidence.
type dutyLinkPage struct {
	frame
	Duty   dutyRow
	Path   string
	Words  string
	Rows   []recordRow
	Total  int
	Record int64 // that was chosen
	Why    string
	Wrong  string
	Empty  empty
}

// View names the folder.
func (*dutyLinkPage) View() string { return "duty_link" }

type recordRow struct {
	ID     int64
	Title  string
	Path   string
	Number string
	On     string
	Picked bool
}

// linkChoices is how many records are offered at once.
const linkChoices = 20

func showDutyLink(v *visit) (ui.Page, error) {
	d, err := v.duty(access.DutyLink, v.today)
	if err != nil {
		return nil, err
	}
	p, err := v.dutyLinkPage(&d, v.query("q"))
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (v *visit) dutyLinkPage(d *obligation.DutyDetail, q string) (*dutyLinkPage, error) {
	p := &dutyLinkPage{frame: v.frame(""), Duty: v.dutyRow(&d.DutyView, v.today), Path: dutyPath(d.ID), Words: q}
	list, err := v.Publications.List(v.r.Context(), publication.Filter{Units: v.tree.Subtree(d.UnitID, v.today), Words: q}, publication.Page{Size: linkChoices})
	if err != nil {
		return nil, err
	}
	p.Total = list.Total
	for _, r := range list.Records {
		p.Rows = append(p.Rows, recordRow{ID: r.ID, Title: r.Title, Path: publication.Path(r.ID), Number: r.Number, On: civil.DateOf(r.PublishedAt).String()})
	}
	p.Empty = empty{Why: "本单位没有题名或文号里有“" + q + "”的已公开信息。", Way: "换几个字再找；还没有公开的，请先起草。"}
	if q == "" {
		p.Empty.Why = "本单位还没有公开过信息。"
	}
	return p, nil
}

func linkDuty(v *visit) (answer, error) {
	d, err := v.duty(access.DutyLink, v.today)
	if err != nil {
		return answer{}, err
	}
	id := v.number("record")
	link := obligation.Link{DutyID: d.ID, Why: v.field("why"), Actor: v.me.Actor()}
	err = v.DB.Update(v.r.Context(), func(tx *db.Tx) error {
		records, err := v.Publications.Records(v.r.Context(), tx, []int64{id})
		if err != nil {
			return err
		}
		if len(records) == 1 && v.tree.Within(records[0].UnitID, d.UnitID, v.today) && records[0].State == publication.Published {
			r := records[0]
			link.Record = obligation.RecordFacts{ID: r.ID, Title: r.Title, URL: publication.Path(r.ID), Kind: r.Kind, UnitID: r.UnitID,
				IssuedOn: r.IssuedOn, PublishedOn: civil.DateOf(r.PublishedAt)}
		}
		return v.Obligations.Link(v.r.Context(), tx, link)
	})
	if err == nil {
		return goTo(dutyPath(d.ID), "已关联，作为这项事项的完成依据。")
	}
	message, ok := mendable(err)
	if !ok {
		return answer{}, err
	}
	p, err := v.dutyLinkPage(&d, strings.TrimSpace(v.field("q")))
	if err != nil {
		return answer{}, err
	}
	p.Wrong, p.Why = message, link.Why
	for i := range p.Rows {
		p.Rows[i].Picked = p.Rows[i].ID == id
	}
	return again(p)
}
