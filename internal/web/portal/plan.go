package portal

import (
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/document"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/publication"
	"gongkai/internal/web/ui"
)

// plansPage lists the work plans.
type plansPage struct {
	ui.Shell
	Plans []planSummary
	None  empty
}

// View names the folder.
func (*plansPage) View() string { return "plans" }

// planPage is a work plan with all its tasks.
type planPage struct {
	ui.Shell
	Heading  string
	Number   string
	Issuer   string
	Date     string
	Source   *ui.Link // the document itself
	Done     int      // tasks of which nothing is owed any more
	All      int
	Met      int // duties
	Owed     int
	Tally    tally
	Action   string
	Units    []option
	Unit     string // name of the unit that tasks are narrowed to
	Sections []section
	Standing []string
	Own      string // the place whose units alone are counted; "" for all
	None     empty
}

// View names the folder.
func (*planPage) View() string { return "plan" }

type section struct {
	Title string
	Tasks []taskRow
}

// taskRow is a task in its plan.
type taskRow struct {
	No          int
	Title, Href string
	State       badge
	Lead        []ui.Link
	Responsible []ui.Link
	Due         string
	Targets     []measure
	Tally       tally
}

func taskPath(code string) string { return "/tasks/" + code }

func unitPath(id int64) string { return "/units/" + strconv.FormatInt(id, 10) }

func (p *Portal) plans(v *visit) (ui.Page, error) {
	list, err := p.Obligations.Plans(v.r.Context())
	if err != nil {
		return nil, err
	}
	page := &plansPage{Shell: v.shell, None: empty{Why: "还没有一份工作要点把任务分到" + v.here() + "。", Way: "工作要点导入后，每一项任务的进度都会列在这里。"}}
	for _, pl := range list {
		if pl.Kind != obligation.WorkPlan {
			continue
		}
		view, err := p.planView(v, pl.ID)
		if err != nil {
			return nil, err
		}
		if len(view.Obligations) > 0 {
			page.Plans = append(page.Plans, *v.summary(&view))
		}
	}
	return page, nil
}

func (p *Portal) plan(v *visit) (ui.Page, error) {
	id, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil {
		return nil, missing(v.r.URL.Path)
	}
	view, err := p.planView(v, id)
	if err != nil {
		return nil, err
	}
	sum := v.summary(&view)
	page := &planPage{Shell: v.shell, Heading: view.Plan.Title, Number: sum.Number, Issuer: sum.Issuer, Date: sum.Date,
		Done: sum.Done, All: sum.Tasks, Met: sum.Met, Owed: sum.Owed, Tally: sum.Tally, Action: sum.Href, Own: sum.Own,
		None: empty{Why: "这份要点里没有符合条件的任务。", Links: []ui.Link{{Label: "看全部任务", Path: sum.Href}}}}
	page.Title, page.Canon = view.Plan.Title, "/plans/"+strconv.FormatInt(id, 10)
	page.Trail = []ui.Link{{Label: "公开进度", Path: "/plans"}}
	page.Shell.Column = &ui.Column{Name: view.Plan.Title, Description: "工作要点的任务、责任单位和进度", Keywords: "政务公开工作要点", Type: "信息公开目录"}
	for _, s := range view.Plan.Standing {
		page.Standing = append(page.Standing, s.Text)
	}
	if page.Source, err = p.planSource(v, &view.Plan); err != nil {
		return nil, err
	}
	only, err := page.narrow(v, &view)
	if err != nil {
		return nil, err
	}
	bars, err := p.targetBars(v)
	if err != nil {
		return nil, err
	}
	for i := range view.Obligations {
		o := &view.Obligations[i]
		if only != 0 && !assigned(&o.Obligation, only) {
			continue
		}
		if n := len(page.Sections); n == 0 || page.Sections[n-1].Title != o.Section {
			page.Sections = append(page.Sections, section{Title: o.Section})
		}
		last := &page.Sections[len(page.Sections)-1]
		last.Tasks = append(last.Tasks, v.taskRow(o, bars))
	}
	return page, nil
}

// planSource is the document of a plan in the library, where it is there.
func (p *Portal) planSource(v *visit, plan *obligation.Plan) (*ui.Link, error) {
	cited := document.Citation{Title: plan.Title}
	cited.Number, _ = document.ParseNumber(plan.Number) // a plan without one is known by its title
	found, err := p.Publications.Cited(v.r.Context(), []document.Citation{cited})
	if err != nil {
		return nil, err
	}
	for _, key := range cited.Keys() {
		if b, ok := found[key]; ok {
			return &ui.Link{Label: "看原文", Path: v.shell.URL(publication.Path(b.ID))}, nil
		}
	}
	return nil, nil
}

// narrow reads the unit from the address and fills the choice of units.
func (page *planPage) narrow(v *visit, view *obligation.PlanView) (only int64, err error) {
	if s := v.param("unit"); s != "" {
		if only, err = strconv.ParseInt(s, 10, 64); err != nil {
			return 0, fault.New(fault.Invalid, "unit_bad", "地址里的单位“%s”不是编号，请从列表里选。", fault.Clip(s, 20)).At("单位")
		}
		page.Unit = v.tree.NameOn(only, v.today)
	}
	named := map[int64]bool{}
	for i := range view.Obligations {
		for _, a := range view.Obligations[i].Units {
			named[a.UnitID] = true
		}
	}
	page.Units = v.unitOptions(named, only)
	return only, nil
}

// unitOptions are the units of a set in the order of the directory.
func (v *visit) unitOptions(set map[int64]bool, chosen int64) (list []option) {
	for _, o := range v.tree.All(v.today) {
		if set[o.ID] && v.owns(o.ID) {
			list = append(list, option{strconv.FormatInt(o.ID, 10), o.ShortOn(v.today), o.ID == chosen})
		}
	}
	return list
}

func assigned(o *obligation.Obligation, id int64) bool {
	return slices.ContainsFunc(o.Units, func(a obligation.Assignment) bool { return a.UnitID == id })
}

func (v *visit) taskRow(o *obligation.ObligationView, bars map[string][]measure) taskRow {
	row := taskRow{No: o.Position, Title: o.Title, Href: v.shell.URL(taskPath(o.Code)), Due: o.Due,
		Lead: v.named(o, o.Lead), Responsible: v.named(o, o.Responsible), Targets: bars[o.Code]}
	if worst, ok := o.Counts.Worst(); ok {
		row.State = stateBadges[worst]
	}
	if row.Targets == nil {
		row.Targets = plainTargets(o.Targets)
	}
	row.Tally = tallyOf(o.Counts, func(st obligation.State) string {
		return v.shell.URL("/duties", "task", strconv.FormatInt(o.ID, 10), "status", st.String())
	})
	return row
}

// named links names as printed to the unit that each was resolved to; sets and
// names that stayed unresolved are only printed.
func (v *visit) named(o *obligation.ObligationView, printed []string) (list []ui.Link) {
	for _, name := range printed {
		link := ui.Link{Label: name}
		var ids []int64
		for _, a := range o.Units {
			if a.Printed == name {
				ids = append(ids, a.UnitID)
			}
		}
		if len(ids) == 1 {
			link.Path = v.shell.URL(unitPath(ids[0]))
		}
		list = append(list, link)
	}
	return list
}

// plainTargets are promised numbers without a report on them.
func plainTargets(targets []obligation.Target) (list []measure) {
	for _, t := range targets {
		list = append(list, measure{Label: strings.TrimSpace(t.Text), Text: t.Quantity.String() + " " + t.Unit})
	}
	return list
}
