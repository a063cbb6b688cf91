package portal

import (
	"cmp"
	"strconv"
	"strings"

	"gongkai/internal/fault"
	"gongkai/internal/law"
	"gongkai/internal/obligation"
	"gongkai/internal/web/ui"
)

// taskPage is one task of a plan or row of a catalogue with all its duties.
type taskPage struct {
	ui.Shell
	Heading     string
	Plan        *ui.Link
	SectionName string
	Code        string
	Retired     string
	Text        string
	Items       []string
	Targets     []measure
	Lead        []ui.Link
	Responsible []ui.Link
	Due         string
	Basis       string
	Match       string // what counts as published, in words
	Assignment  string
	Tally       tally
	Total       int
	Own         string // the place whose units alone are counted; "" for all
	Duties      dutyTable
	Pager       pager
	None        empty
}

// View names the folder.
func (*taskPage) View() string { return "task" }

const dutyPageSize = 50

func (p *Portal) task(v *visit) (ui.Page, error) {
	ctx, code := v.r.Context(), v.r.PathValue("code")
	o, err := p.Obligations.ByCode(ctx, code)
	if err != nil {
		return nil, err
	}
	view, err := p.Obligations.Obligation(ctx, o.ID, v.today)
	if err != nil {
		return nil, err
	}
	if v.site.RootUnit != 0 {
		if view.Counts, err = p.ownCount(v, &o); err != nil {
			return nil, err
		}
	}
	page := &taskPage{Shell: v.shell, Heading: o.Title, SectionName: o.Section, Code: o.Code, Text: o.Text, Due: o.Due, Basis: o.Basis,
		Assignment: o.Assignment, Lead: v.named(&view, o.Lead), Responsible: v.named(&view, o.Responsible), Total: view.Counts.Total(), Own: v.own(),
		Match: p.matchWords(o.Match), None: empty{Why: "这一项没有分到" + cmp.Or(v.own(), "具体单位") + "。", Way: "原文里的责任单位还没有对应上名录里的单位，或者只对将来生效。"}}
	page.Title, page.Canon = fault.Clip(o.Title, 40), taskPath(o.Code)
	if !o.RetiredOn.IsZero() {
		page.Retired = o.RetiredOn.Chinese()
	}
	for _, it := range o.Items {
		page.Items = append(page.Items, it.Text)
	}
	page.Tally = tallyOf(view.Counts, func(st obligation.State) string {
		return v.shell.URL("/duties", "task", strconv.FormatInt(o.ID, 10), "status", st.String())
	})
	if err := p.taskPlan(v, page, o.PlanID); err != nil {
		return nil, err
	}
	bars, err := p.targetBars(v)
	if err != nil {
		return nil, err
	}
	if page.Targets = bars[o.Code]; page.Targets == nil {
		page.Targets = plainTargets(o.Targets)
	}
	after, err := obligation.ParseCursor(v.param("after"))
	if err != nil {
		return nil, err
	}
	page.Duties.OneTask = true
	page.Duties.Rows, page.Pager, err = p.dutyRows(v, obligation.DutyFilter{Units: v.units(), ObligationID: o.ID, After: after, Size: dutyPageSize},
		address{v.shell.URL(taskPath(o.Code)), nil})
	return page, err
}

// taskPlan names the plan that the task belongs to.
func (p *Portal) taskPlan(v *visit, page *taskPage, id int64) error {
	plans, err := p.Obligations.Plans(v.r.Context())
	if err != nil {
		return err
	}
	for _, pl := range plans {
		if pl.ID == id {
			path := planPath(&pl)
			page.Trail = []ui.Link{{Label: "公开进度", Path: "/plans"}, {Label: fault.Clip(pl.Title, 24), Path: path}}
			page.Plan = &ui.Link{Label: pl.Title, Path: v.shell.URL(path)}
		}
	}
	return nil
}

// matchWords says which publications count for an obligation by themselves.
func (p *Portal) matchWords(m obligation.Match) string {
	var parts []string
	if len(m.Kinds) > 0 {
		var names []string
		for _, k := range m.Kinds {
			names = append(names, p.kindLabel(k))
		}
		parts = append(parts, "种类是"+strings.Join(names, "、"))
	}
	if len(m.Categories) > 0 {
		parts = append(parts, "主题是"+strings.Join(m.Categories, "、"))
	}
	if len(m.Statutory) > 0 {
		var names []string
		for _, code := range m.Statutory {
			if it, ok := law.Categories().Get(law.Category(code)); ok {
				names = append(names, it.Column)
			}
		}
		parts = append(parts, "属于"+strings.Join(names, "、"))
	}
	if len(parts) == 0 {
		return "公开的文件注明对应这一项"
	}
	return "公开的文件" + strings.Join(parts, "，") + "；或者注明对应这一项"
}
