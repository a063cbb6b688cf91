package desk

import (
	"cmp"
	"fmt"
	"slices"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/web/ui"
)

// claimsPage lists what units ask of the office, and what became of it.
type claimsPage struct {
	frame
	Tabs  []tab
	Units []option
	Kinds []option
	State string
	Rows  []claimRow
	More  string
	Empty empty
}

// View names the folder.
func (*claimsPage) View() string { return "claims" }

// claimRow is a claim in a list.
type claimRow struct {
	ID      int64
	Path    string
	Kind    string // with the ground
	Title   string
	Unit    string
	Period  string
	Reason  string
	By      string
	On      string
	State   badge
	Waits   left
	Answer  string // what was decided, in words
	Decided string // by whom and when
}

// claimPage is one claim, which the office answers.
type claimPage struct {
	frame
	Claim    claimRow
	Duty     dutyRow
	Facts    []fact
	Open     bool
	May      bool
	Remedies []option
	Units    []option
	Typed    map[string]string
	Wrong    string
}

// View names the folder.
func (*claimPage) View() string { return "claim" }

var claimBadges = map[obligation.ClaimState]badge{
	obligation.Asked:     {"warn", "◷", "待答复"},
	obligation.Granted:   {"ok", "✓", "已同意"},
	obligation.Refused:   {"late", "×", "未同意"},
	obligation.Withdrawn: {"soft", "–", "已撤回"},
	obligation.Overtaken: {"soft", "–", "已终止"},
}

const claimsSize = 50

func (k *Desk) claimRoutes() []*route {
	at := At + "claims"
	return []*route{
		{pattern: "GET /desk/claims", act: access.DutyRead, show: showClaims, title: "异议与申请", section: at},
		{pattern: "GET /desk/claims/{id}", act: access.DutyRead, show: showClaim, section: at},
		{pattern: "POST /desk/claims/{id}", act: access.DutyDecide, do: answerClaim, section: at},
	}
}

func claimPages() []ui.Page { return []ui.Page{&claimsPage{}, &claimPage{}} }

func showClaims(v *visit) (ui.Page, error) {
	p := &claimsPage{frame: v.frame(""), State: v.query("state")}
	f := obligation.ClaimFilter{Size: claimsSize, Kind: obligation.ClaimKind(v.query("kind"))}
	if f.Kind != "" && f.Kind.Label() == "" {
		return nil, fault.New(fault.Invalid, "kind_bad", "没有“%s”这种请求，请从列表里选。", fault.Clip(v.query("kind"), 20)).At("种类")
	}
	var err error
	if f.Units, err = v.chosenUnits(access.DutyRead); err != nil {
		return nil, err
	}
	if f.Before, err = v.cursor("before"); err != nil {
		return nil, err
	}
	done := p.State == "done"
	f.States = []obligation.ClaimState{obligation.Asked}
	if done {
		f.States = []obligation.ClaimState{obligation.Granted, obligation.Refused, obligation.Withdrawn, obligation.Overtaken}
	}
	list, err := v.Obligations.Claims(v.r.Context(), f)
	if err != nil {
		return nil, err
	}
	if p.Rows, err = v.claimRows(list); err != nil {
		return nil, err
	}
	if len(list) == claimsSize {
		p.More = v.with("before", number(list[len(list)-1].ID))
	}
	p.Tabs = []tab{{Label: "待答复", Path: v.with("state", "", "before", ""), Here: !done}, {Label: "已办结", Path: v.with("state", "done", "before", ""), Here: done}}
	p.Units = v.workUnits(access.DutyRead, v.query("unit"))
	for _, k := range []obligation.ClaimKind{obligation.ForExemption, obligation.ForDispute} {
		p.Kinds = append(p.Kinds, option{string(k), k.Label(), k == f.Kind})
	}
	p.Empty = empty{Why: "没有待答复的申请和异议。", Way: "单位在事项页上提出后，会出现在这里。", Links: []ui.Link{{Label: "看已办结的", Path: v.with("state", "done")}}}
	if done {
		p.Empty = empty{Why: "还没有办结的申请和异议。", Way: "答复以后，这里留有申请、理由和答复。", Links: []ui.Link{{Label: "看待答复的", Path: v.with("state", "")}}}
	}
	return p, nil
}

// cursor reads an id that a page ended with; without one it is 0.
func (v *visit) cursor(name string) (n int64, err error) {
	s := v.query(name)
	if s == "" {
		return 0, nil
	}
	if _, err := fmt.Sscan(s, &n); err != nil || n <= 0 {
		return 0, fault.New(fault.Invalid, "cursor_bad", "地址里的“%s”读不出来，请从列表的第一页重新翻。", fault.Clip(s, 20))
	}
	return n, nil
}

// claimRows makes rows of claims, with the names of those who acted.
func (v *visit) claimRows(list []obligation.ClaimView) ([]claimRow, error) {
	var actors []string
	for _, c := range list {
		actors = append(actors, c.By, c.DecidedBy)
	}
	names, err := v.doers(actors)
	if err != nil {
		return nil, err
	}
	rows := make([]claimRow, len(list))
	for i := range list {
		rows[i] = v.claimRow(&list[i], names)
	}
	return rows, nil
}

func (v *visit) claimRow(c *obligation.ClaimView, names map[string]string) claimRow {
	row := claimRow{ID: c.ID, Path: claimPath(c.ID), Kind: c.Kind.Label(), Title: c.Title, Unit: cmp.Or(v.tree.ShortOn(c.UnitID, v.today), v.unitName(c.UnitID)),
		Period: obligation.PeriodWords(c.Period), Reason: c.Reason, By: names[c.By], On: c.On.String(), State: claimBadges[c.State]}
	if g := c.Ground.Label(); g != "" {
		row.Kind += "：" + g
	}
	if c.State == obligation.Asked {
		row.Waits = v.waited(c.On)
		return row
	}
	row.Decided = c.DecidedOn.String()
	if by := names[c.DecidedBy]; by != "" {
		row.Decided += " " + by
	}
	row.Answer = c.Answer
	switch c.Remedy {
	case obligation.ToReassign:
		row.Answer = "改由" + v.unitName(c.ToUnit) + "负责。" + c.Answer
	case obligation.ToRedate:
		row.Answer = "期限调整为" + c.ToDue.Chinese() + "。" + c.Answer
	}
	return row
}

func claimPath(id int64) string { return At + "claims/" + number(id) }

// claim reads the claim of the address and its duty.
func (v *visit) claim() (c obligation.ClaimView, d obligation.DutyDetail, err error) {
	id, err := v.id("id")
	if err != nil {
		return c, d, err
	}
	if c, err = v.Obligations.ClaimByID(v.r.Context(), id); err != nil {
		return c, d, err
	}
	if !v.me.Can(access.DutyRead, c.UnitID) {
		return c, d, access.Refusal(access.DutyRead)
	}
	d, err = v.Obligations.Duty(v.r.Context(), c.DutyID, v.today)
	return c, d, err
}

func showClaim(v *visit) (ui.Page, error) {
	c, d, err := v.claim()
	if err != nil {
		return nil, err
	}
	p, err := v.claimPage(&c, &d)
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (v *visit) claimPage(c *obligation.ClaimView, d *obligation.DutyDetail) (*claimPage, error) {
	rows, err := v.claimRows([]obligation.ClaimView{*c})
	if err != nil {
		return nil, err
	}
	p := &claimPage{frame: v.frame(c.Kind.Label()), Claim: rows[0], Duty: v.dutyRow(&d.DutyView, v.today), Facts: dutyFacts(d),
		Open: c.State == obligation.Asked, May: v.me.Can(access.DutyDecide, c.UnitID), Typed: map[string]string{}}
	if p.Open && p.May {
		remedies := obligation.Remedies(c.Kind)
		for _, r := range remedies {
			p.Remedies = append(p.Remedies, option{string(r), r.Label(), v.field("remedy") == string(r) || len(remedies) == 1})
		}
		p.Units = v.workUnits(access.DutyDecide, v.field("unit"))
	}
	return p, nil
}

func answerClaim(v *visit) (answer, error) {
	c, d, err := v.claim()
	if err != nil {
		return answer{}, err
	}
	if !v.me.Can(access.DutyDecide, c.UnitID) {
		return answer{}, access.Refusal(access.DutyDecide)
	}
	decision, err := v.decision(&c)
	if err == nil {
		err = v.DB.Update(v.r.Context(), func(tx *db.Tx) error {
			_, err := v.Obligations.AnswerClaim(v.r.Context(), tx, c.ID, decision)
			return err
		})
	}
	if err == nil {
		return goTo(At+"claims", "已答复"+v.unitName(c.UnitID)+"。")
	}
	message, ok := mendable(err)
	if !ok {
		return answer{}, err
	}
	p, err := v.claimPage(&c, &d)
	if err != nil {
		return answer{}, err
	}
	p.Wrong = message
	for name := range v.r.PostForm {
		p.Typed[name] = v.field(name)
	}
	return again(p)
}

// decision reads what the office decides.
func (v *visit) decision(c *obligation.ClaimView) (a obligation.Answer, err error) {
	a = obligation.Answer{Reason: v.field("reason"), Actor: v.me.Actor()}
	switch v.field("grant") {
	case "yes":
		a.Grant = true
	case "no":
		return a, nil
	default:
		return a, fault.New(fault.Invalid, "answer_missing", "请选同意或不同意。")
	}
	a.Remedy = obligation.Remedy(v.field("remedy"))
	if list := obligation.Remedies(c.Kind); len(list) == 1 {
		a.Remedy = list[0]
	} else if !slices.Contains(list, a.Remedy) {
		return a, fault.New(fault.Invalid, "remedy_missing", "同意时请选怎样处理。")
	}
	switch a.Remedy {
	case obligation.ToReassign:
		a.ToUnit = v.number("unit")
		if a.ToUnit != 0 && !v.me.Can(access.DutyDecide, a.ToUnit) {
			return a, access.Refusal(access.DutyDecide)
		}
	case obligation.ToRedate:
		a.ToDue, err = v.date("due", "新期限")
	}
	return a, err
}
