package portal

import (
	"cmp"
	"strconv"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/web/ui"
)

// dutyParams are the parameters of the list of duties.
var dutyParams = []string{"unit", "status", "period", "plan", "task", "section", "after"}

// dutiesPage lists duties.
type dutiesPage struct {
	ui.Shell
	Units  []option
	States []option
	Period string
	Keep   []ui.Link
	Chosen []ui.Link
	Duties dutyTable
	Pager  pager
	None   empty
}

// View names the folder.
func (*dutiesPage) View() string { return "duties" }

// dutyTable is a table of duties. What the page itself says of all of them is
// no column: the unit on a unit's page, the task on a task's.
type dutyTable struct {
	OneUnit, OneTask bool
	Rows             []dutyRow
}

// dutyRow is a duty in a table.
type dutyRow struct {
	Unit, Task  ui.Link
	Period, Due string
	State       badge
	Evidence    ui.Link
}

// dutyPage is one duty with its evidence.
type dutyPage struct {
	ui.Shell
	Heading    string
	Unit, Task ui.Link
	State      badge
	Facts      []fact
	Evidence   []evidenceRow
	Exceptions []exceptionRow
	None       empty
}

// View names the folder.
func (*dutyPage) View() string { return "duty" }

type evidenceRow struct {
	Title, Href, Date, How, Note string
	Late                         bool
}

type exceptionRow struct{ Kind, Reason, By, Date, Lifted string }

func dutyPath(id int64) string { return "/duties/" + strconv.FormatInt(id, 10) }

// planPath is the page of a plan; catalogues have one page for all.
func planPath(pl *obligation.Plan) string {
	id := strconv.FormatInt(pl.ID, 10)
	if pl.Kind == obligation.WorkPlan {
		return "/plans/" + id
	}
	return "/catalogue?plan=" + id
}

func (p *Portal) duties(v *visit) (ui.Page, error) {
	f, chosen, err := p.dutyFilter(v)
	if err != nil {
		return nil, err
	}
	at := address{v.shell.URL("/duties"), v.params()}
	page := &dutiesPage{Shell: v.shell, Period: f.Period, None: empty{Why: "没有符合这些条件的应公开事项。",
		Way: "去掉一些条件再看。", Links: []ui.Link{{Label: "看全部", Path: v.shell.URL("/duties")}}}}
	for _, c := range chosen {
		page.Chosen = append(page.Chosen, ui.Link{Label: c.Label, Path: at.with(c.Path, "")})
	}
	page.Title = "应公开事项"
	page.Trail = []ui.Link{{Label: "公开进度", Path: "/plans"}}
	page.Hidden = len(chosen) > 0
	own := map[int64]bool{}
	for _, o := range v.tree.All(v.today) {
		own[o.ID] = o.Kind != "external" && o.Kind != "village" && o.Kind != "township"
	}
	unitID, _ := strconv.ParseInt(v.param("unit"), 10, 64)
	page.Units = v.unitOptions(own, unitID)
	for _, s := range obligation.States() {
		page.States = append(page.States, option{s.String(), s.Label(), s.String() == v.param("status")})
	}
	for _, name := range []string{"plan", "task", "section"} {
		if value := v.param(name); value != "" {
			page.Keep = append(page.Keep, ui.Link{Label: name, Path: value})
		}
	}
	page.Duties.Rows, page.Pager, err = p.dutyRows(v, f, at)
	return page, err
}

// dutyFilter reads the filter from the address. Of each chosen condition it
// tells the words and, as Path, the parameter.
func (p *Portal) dutyFilter(v *visit) (f obligation.DutyFilter, chosen []ui.Link, err error) {
	f.Size = dutyPageSize
	if f.After, err = obligation.ParseCursor(v.param("after")); err != nil {
		return f, nil, err
	}
	f.Units = v.units()
	if s := v.param("unit"); s != "" {
		id, err := strconv.ParseInt(s, 10, 64)
		if err != nil || v.tree.NameOn(id, v.today) == "" {
			return f, nil, fault.New(fault.Invalid, "unit_bad", "没有编号为“%s”的单位，请从列表里选。", fault.Clip(s, 20)).At("单位")
		}
		f.Units = []int64{id}
		chosen = append(chosen, ui.Link{Label: v.tree.ShortOn(id, v.today), Path: "unit"})
	}
	if s := v.param("status"); s != "" {
		state, ok := obligation.ParseState(s)
		if !ok {
			return f, nil, fault.New(fault.Invalid, "status_bad", "没有“%s”这种状态，请从列表里选。", fault.Clip(s, 20)).At("状态")
		}
		f.States = []obligation.State{state}
		chosen = append(chosen, ui.Link{Label: state.Label(), Path: "status"})
	}
	if s := v.param("period"); s != "" {
		period, err := civil.ParsePeriod(s)
		if err != nil {
			return f, nil, err
		}
		f.Period = period.String()
		chosen = append(chosen, ui.Link{Label: period.Chinese(), Path: "period"})
	}
	if s := v.param("plan"); s != "" {
		if f.PlanID, err = strconv.ParseInt(s, 10, 64); err != nil {
			return f, nil, fault.New(fault.Invalid, "plan_bad", "地址里的工作要点“%s”不是编号，请从列表里重新打开。", fault.Clip(s, 20)).At("工作要点")
		}
		chosen = append(chosen, ui.Link{Label: "同一份要点或目录", Path: "plan"})
	}
	if s := v.param("task"); s != "" {
		o, err := p.obligation(v, s)
		if err != nil {
			return f, nil, err
		}
		f.ObligationID = o.ID
		chosen = append(chosen, ui.Link{Label: fault.Clip(o.Title, 24), Path: "task"})
	}
	if f.Section = v.param("section"); f.Section != "" {
		chosen = append(chosen, ui.Link{Label: fault.Clip(f.Section, 24), Path: "section"})
	}
	return f, chosen, nil
}

// obligation finds an obligation by its code, or by its number, which makes
// shorter addresses.
func (p *Portal) obligation(v *visit, s string) (obligation.Obligation, error) {
	if id, err := strconv.ParseInt(s, 10, 64); err == nil {
		view, err := p.Obligations.Obligation(v.r.Context(), id, v.today)
		return view.Obligation, err
	}
	return p.Obligations.ByCode(v.r.Context(), s)
}

// dutyRows reads a page of duties.
func (p *Portal) dutyRows(v *visit, f obligation.DutyFilter, at address) ([]dutyRow, pager, error) {
	list, err := p.Obligations.DutiesWithin(v.r.Context(), f, v.today)
	if err != nil {
		return nil, pager{}, err
	}
	rows := make([]dutyRow, len(list.Duties))
	for i, d := range list.Duties {
		rows[i] = v.dutyRow(&d)
	}
	first, next := "", ""
	if f.After.ID != 0 {
		first = at.with("after", "")
	}
	if list.Next.ID != 0 {
		next = at.with("after", list.Next.String())
	}
	return rows, onward(first, next), nil
}

func (v *visit) dutyRow(d *obligation.DutyView) dutyRow {
	row := dutyRow{Unit: v.unitLink(d.UnitID), Task: ui.Link{Label: d.Title, Path: v.shell.URL(taskPath(d.Code))},
		Period: obligation.PeriodWords(d.Period), Due: d.DueOn.String(), State: stateBadges[d.State]}
	row.Evidence = ui.Link{Label: "查看", Path: v.shell.URL(dutyPath(d.ID))}
	switch {
	case d.Met.How == obligation.ByNilReport:
		row.Evidence.Label = d.Met.On.String() + " 零报告"
	case !d.Met.On.IsZero():
		row.Evidence.Label = d.Met.On.String() + " 公开"
	}
	return row
}

func (p *Portal) duty(v *visit) (ui.Page, error) {
	id, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil {
		return nil, missing(v.r.URL.Path)
	}
	d, err := p.Obligations.Duty(v.r.Context(), id, v.today)
	if err != nil {
		return nil, err
	}
	row := v.dutyRow(&d.DutyView)
	page := &dutyPage{Shell: v.shell, Heading: row.Unit.Label + "：" + d.Title, Unit: row.Unit, Task: row.Task, State: row.State,
		None: empty{Why: "还没有公开。", Way: "对应的文件一经公开，或者签了零报告，就会列在这里。"}}
	page.Title, page.Canon = fault.Clip(page.Heading, 40), dutyPath(id)
	page.Trail = []ui.Link{{Label: "公开进度", Path: "/plans"}, {Label: "应公开事项", Path: "/duties"}}
	page.Facts = []fact{{Label: "时段", Value: row.Period}, {Label: "从哪天起算", Value: d.OpensOn.String()}, {Label: "期限", Value: row.Due},
		{Label: "角色", Value: roleWords[d.Role]}, {Label: "依据", Value: d.Obligation.Basis}, {Label: "时限原文", Value: d.Obligation.Due}}
	for _, e := range d.Evidence {
		page.Evidence = append(page.Evidence, evidenceOf(v, e))
	}
	for _, x := range d.Exceptions {
		page.Exceptions = append(page.Exceptions, exceptionRow{exceptionWords[x.Kind], x.Reason, x.By, x.On.String(), x.LiftedOn.String()})
	}
	return page, nil
}

var roleWords = map[obligation.Role]string{obligation.Leads: "牵头", obligation.Responds: "负责", obligation.Concerned: "相关时负责"}

var exceptionWords = map[obligation.Exemption]string{
	obligation.NotApplicable: "不适用", obligation.Disputed: "有异议", obligation.Retired: "不再列入",
}

func evidenceOf(v *visit, e obligation.Evidence) evidenceRow {
	row := evidenceRow{Title: e.Title, Date: e.On.String(), How: "公开的文件", Note: e.Note, Late: e.Late()}
	if e.How == obligation.ByNilReport {
		row.How, row.Title = "零报告", cmp.Or(e.Title, "本期没有应公开的内容")
		if e.Signer != "" {
			row.Note = "签署：" + e.Signer
		}
	}
	if e.RecordID != 0 {
		row.Href = v.shell.URL("/d/" + strconv.FormatInt(e.RecordID, 10))
	}
	return row
}
