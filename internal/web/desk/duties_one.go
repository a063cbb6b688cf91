package desk

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/drafting"
	"gongkai/internal/obligation"
	"gongkai/internal/obligation/workplan"
	"gongkai/internal/publication"
	"gongkai/internal/web/ui"
)

// dutyPage is one duty: what is owed, why by that day, what meets it, and what
// can be done.
type dutyPage struct {
	frame
	ID       int64
	UnitName string
	UnitPath string
	State    badge
	Left     left
	Facts    []fact
	Why      []string // how the last day comes about
	Evidence []evidenceRow
	Former   []evidenceRow
	Drafts   []draftRow
	Claims   []claimRow
	History  []fact
	Wrong    string // what has to be mended
	Typed    map[string]string
	May      dutyChoices
	Grounds  []option
	Kinds    []option
	Empty    empty
}

// dutyChoices are the things that somebody can do with a duty now.
type dutyChoices struct {
	Write, Link, Nil, WithdrawNil, Unlink, Ask, Unask, Decide, Exempt, Lift bool

	ClaimID int64 // the open claim
}

// Any tells whether anything can be done to meet the duty.
func (c dutyChoices) Any() bool { return c.Write || c.Link || c.Nil }

// View names the folder.
func (*dutyPage) View() string { return "duty" }

// fact is a line of a table of facts.
type fact struct{ Label, Value, Path string }

// evidenceRow is what meets a duty.
type evidenceRow struct {
	ID     int64
	Title  string
	Path   string
	On     string
	How    string
	Note   string
	Late   bool
	ByHand bool
	Gone   string // when, by whom and why it was taken back
}

var dutyRoleWords = map[obligation.Role]string{obligation.Leads: "牵头", obligation.Responds: "负责", obligation.Concerned: "相关时负责"}

// duty reads the duty of the address, which somebody must be able to see, and
// refuses where they may not do act for its unit.
func (v *visit) duty(act access.Act, asOf civil.Date) (d obligation.DutyDetail, err error) {
	id, err := v.id("id")
	if err != nil {
		return d, err
	}
	if d, err = v.Obligations.Duty(v.r.Context(), id, asOf); err != nil {
		return d, err
	}
	for _, a := range []access.Act{access.DutyRead, act} {
		if !v.me.Can(a, d.UnitID) {
			return d, access.Refusal(a)
		}
	}
	return d, nil
}

func showDuty(v *visit) (ui.Page, error) {
	asOf, err := v.asOf()
	if err != nil {
		return nil, err
	}
	d, err := v.duty(access.DutyRead, asOf)
	if err != nil {
		return nil, err
	}
	p, err := v.dutyPage(&d)
	if err != nil {
		return nil, err
	}
	p.Typed["note"] = v.query("note") // kept while somebody confirmed who he is
	return p, nil
}

// dutyAgain shows a duty once more with what was typed and what is wrong.
func (v *visit) dutyAgain(d *obligation.DutyDetail, wrong error) (answer, error) {
	message, ok := mendable(wrong)
	if !ok {
		return answer{}, wrong
	}
	p, err := v.dutyPage(d)
	if err != nil {
		return answer{}, err
	}
	p.Wrong = message
	for name := range v.r.PostForm {
		p.Typed[name] = v.field(name)
	}
	p.Grounds, p.Kinds = groundOptions(v.field("ground")), askOptions(v.field("kind"))
	return again(p)
}

func (v *visit) dutyPage(d *obligation.DutyDetail) (*dutyPage, error) {
	p := &dutyPage{frame: v.frame(v.unitName(d.UnitID) + "：" + d.Title), ID: d.ID, UnitName: v.unitName(d.UnitID), UnitPath: v.unitDuties(d.UnitID),
		State: dutyBadges[d.State], Typed: map[string]string{}, Grounds: groundOptions(""), Kinds: askOptions("")}
	if d.Met.On.IsZero() && d.State != obligation.NotApplicableState {
		p.Left = v.left(d.DueOn)
	}
	p.Facts = dutyFacts(d)
	p.Why = dueWhy(d)
	for _, e := range d.Evidence {
		p.Evidence = append(p.Evidence, evidenceOf(e))
	}
	names, err := v.doers(dutyActors(d))
	if err != nil {
		return nil, err
	}
	for _, e := range d.Former {
		row := evidenceOf(e)
		row.Gone = fmt.Sprintf("%s由%s取消：%s", e.RemovedOn, cmp.Or(names[e.RemovedBy], "系统"), e.RemovedWhy)
		p.Former = append(p.Former, row)
	}
	for _, c := range d.Claims {
		p.Claims = append(p.Claims, v.claimRow(&obligation.ClaimView{Claim: c, UnitID: d.UnitID, Title: d.Title, Period: d.Period, DueOn: d.DueOn}, names))
	}
	for _, x := range d.Exceptions {
		line := fact{Label: x.On.String(), Value: exemptWords[x.Kind] + "：" + x.Reason}
		if by := names[x.By]; by != "" {
			line.Value += "（" + by + "）"
		}
		if !x.LiftedOn.IsZero() {
			line.Value += "；" + x.LiftedOn.String() + "起不再这样"
		}
		p.History = append(p.History, line)
	}
	p.May = v.dutyChoices(d)
	p.Empty = empty{Why: "还没有公开。", Way: "对应的文件一经公开，或者签了零报告，就会列在这里。"}
	return p, p.drafts(v, d)
}

var exemptWords = map[obligation.Exemption]string{
	obligation.NotApplicable: "核定为不适用", obligation.Disputed: "有异议", obligation.Retired: "不再列入", obligation.Moved: "划转给别的单位",
}

// dutyActors are those who did something about a duty.
func dutyActors(d *obligation.DutyDetail) (actors []string) {
	for _, e := range d.Former {
		actors = append(actors, e.RemovedBy)
	}
	for _, c := range d.Claims {
		actors = append(actors, c.By, c.DecidedBy)
	}
	for _, x := range d.Exceptions {
		actors = append(actors, x.By)
	}
	return actors
}

func dutyFacts(d *obligation.DutyDetail) []fact {
	o := &d.Obligation
	facts := []fact{{Label: "要公开什么", Value: cmp.Or(o.Text, o.Title)}, {Label: "时段", Value: obligation.PeriodWords(d.Period)}, {Label: "期限", Value: d.DueOn.String()},
		{Label: "本单位的责任", Value: dutyRoleWords[d.Role]}, {Label: "责任分工", Value: o.Assignment}, {Label: "依据", Value: o.Basis}, {Label: "时限原文", Value: o.Due}}
	return slices.DeleteFunc(facts, func(f fact) bool { return f.Value == "" })
}

var everyWords = map[workplan.Every]string{
	workplan.Monthly: "每月", workplan.Quarterly: "每季度", workplan.HalfYear: "每半年", workplan.Yearly: "每年", workplan.Always: "随时公开，每年核对一次，每年",
}

// dueWhy says how the last day of a duty comes about, step by step.
func dueWhy(d *obligation.DutyDetail) (why []string) {
	r := d.Obligation.Rule
	switch {
	case r.Every == workplan.Once:
		why = append(why, fmt.Sprintf("这一项只办一次，要在%s前完成。", r.DueOn.Chinese()))
	case r.Month != 0 && r.After:
		why = append(why, fmt.Sprintf("这一项%s公开一次，在下一年%d月%d日前公开上一年的。", everyWords[r.Every], r.Month, r.Day))
	case r.Month != 0:
		why = append(why, fmt.Sprintf("这一项%s公开一次，在当年%d月%d日前。", everyWords[r.Every], r.Month, r.Day))
	default:
		why = append(why, fmt.Sprintf("这一项%s公开一次，到本期最后一天为止。", everyWords[r.Every]))
	}
	count := "本期从" + d.OpensOn.Chinese() + "起算：从这天起公开的信息才算本期完成"
	if !d.ClosesOn.IsZero() {
		count += "，" + d.ClosesOn.Chinese() + "以后公开的自动算入下一期"
	}
	why = append(why, count+"。")
	if r.Limit != nil {
		why = append(why, "每一条信息还有自己的时限："+r.Limit.String()+"。超过的，记为逾期公开。")
	}
	for _, c := range d.Claims {
		if c.State == obligation.Granted && c.Remedy == obligation.ToRedate {
			why = append(why, fmt.Sprintf("%s主管部门把期限调整为%s：%s", c.DecidedOn.Chinese(), c.ToDue.Chinese(), c.Answer))
		}
	}
	return why
}

func evidenceOf(e obligation.Evidence) evidenceRow {
	row := evidenceRow{ID: e.ID, Title: e.Title, Path: e.URL, On: e.On.String(), How: "按种类和栏目自动对应", Note: cmp.Or(e.Why, e.Note), Late: e.Late(), ByHand: e.ByHand()}
	switch {
	case e.How == obligation.ByNilReport:
		row.How, row.Path = "零报告，由"+e.Signer+"签发", ""
	case row.ByHand:
		row.How = "人工关联"
	}
	if row.Path == "" && e.RecordID != 0 {
		row.Path = publication.Path(e.RecordID)
	}
	return row
}

// dutyChoices tells what somebody can do with a duty now.
func (v *visit) dutyChoices(d *obligation.DutyDetail) (c dutyChoices) {
	can := func(act access.Act) bool { return v.me.Can(act, d.UnitID) }
	gone := d.Exempt == obligation.Retired || d.Exempt == obligation.Moved
	open := d.Met.On.IsZero() && !gone && d.Exempt != obligation.NotApplicable
	nilNow := slices.ContainsFunc(d.Evidence, func(e obligation.Evidence) bool { return e.How == obligation.ByNilReport })
	if i := slices.IndexFunc(d.Claims, func(c obligation.Claim) bool { return c.State == obligation.Asked }); i >= 0 {
		c.ClaimID = d.Claims[i].ID
	}
	c.Write = open && can(access.RecordWrite)
	c.Link = !gone && can(access.DutyLink)
	c.Unlink = c.Link && slices.ContainsFunc(d.Evidence, obligation.Evidence.ByHand)
	c.Nil = open && !v.today.Before(d.OpensOn) && can(access.DutyNil)
	c.WithdrawNil = nilNow && !gone && can(access.DutyNil)
	c.Ask = open && c.ClaimID == 0 && can(access.DutyDispute)
	c.Unask = c.ClaimID != 0 && can(access.DutyDispute)
	c.Decide = c.ClaimID != 0 && can(access.DutyDecide)
	c.Exempt = open && c.ClaimID == 0 && can(access.DutyDecide)
	c.Lift = d.Exempt == obligation.NotApplicable && can(access.DutyDecide)
	return c
}

// drafts lists the drafts that were begun from the duty.
func (p *dutyPage) drafts(v *visit, d *obligation.DutyDetail) error {
	if !v.me.Can(access.RecordRead, d.UnitID) {
		return nil
	}
	list, err := v.Drafts.List(v.r.Context(), v.me, drafting.Filter{DutyID: d.ID, Size: 10})
	if err != nil {
		return err
	}
	for _, dr := range list.Drafts {
		p.Drafts = append(p.Drafts, draftRow{Title: cmp.Or(dr.Title, "（还没有标题）"), Path: drafting.Path(dr.ID), State: draftBadges[dr.State], Saved: ui.Stamp(dr.SavedAt)})
	}
	return nil
}

func groundOptions(chosen string) (list []option) {
	for _, g := range obligation.Grounds() {
		list = append(list, option{string(g), g.Label(), string(g) == chosen})
	}
	return list
}

func askOptions(chosen string) (list []option) {
	for _, k := range []obligation.ClaimKind{obligation.ForExemption, obligation.ForDispute} {
		list = append(list, option{string(k), k.Label(), string(k) == cmp.Or(chosen, string(obligation.ForExemption))})
	}
	return list
}

// number formats an id for an address.
func number(id int64) string { return strconv.FormatInt(id, 10) }
