package portal

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/unit"
	"gongkai/internal/web/ui"
)

// matrixPage is units × tasks as a table that is a heat map.
type matrixPage struct {
	ui.Shell
	Plans   []option
	Periods []option
	Levels  []option
	Legend  []badge
	Caption string
	Columns []matrixColumn
	Rows    []matrixRow
	Other   int // columns left out, as nothing was due in the period
	None    empty
}

// View names the folder.
func (*matrixPage) View() string { return "matrix" }

type matrixColumn struct{ Label, Full, Href string }

type matrixRow struct {
	Unit  ui.Link
	Cells []matrixCell
}

// matrixCell is the worst state of its duties and, of several, how many are
// fulfilled.
type matrixCell struct {
	State       badge
	Href        string
	Done, Owed  int
	Some, Split bool // more than one; not all of them fulfilled
}

// levels are the groups of units that a matrix can show; the zero value is
// what the city itself looks at: departments and the governments below it.
var levels = []struct {
	value, label string
	kinds        []unit.Kind
}{
	{"", "市直部门和县市区", []unit.Kind{unit.City, unit.Department, unit.Party, unit.County, unit.Zone, unit.Central, unit.Office, unit.Institution}},
	{"department", "部门", []unit.Kind{unit.Department, unit.Party, unit.Office}},
	{"county", "县市区、管理区", []unit.Kind{unit.County, unit.Zone}},
	{"township", "乡镇街道", []unit.Kind{unit.Township}},
	{"institution", "事业单位和公共企业", []unit.Kind{unit.Institution, unit.Enterprise}},
	{"central", "垂直管理单位", []unit.Kind{unit.Central}},
}

// shortColumn is the number of characters that a column's heading shows.
const shortColumn = 11

func (p *Portal) matrix(v *visit) (ui.Page, error) {
	page := &matrixPage{Shell: v.shell, Legend: legend(), None: empty{Why: "这里没有应公开事项。",
		Way: "换一份要点、一个时段或一组单位再看。", Links: []ui.Link{{Label: "公开进度", Path: v.shell.URL("/plans")}}}}
	page.Trail = []ui.Link{{Label: "公开进度", Path: "/plans"}}
	plan, periods, err := p.matrixPlan(v, page)
	if err != nil || plan == nil {
		return page, err
	}
	level := slices.IndexFunc(levels, func(l struct {
		value, label string
		kinds        []unit.Kind
	}) bool {
		return l.value == v.param("level")
	})
	if level < 0 {
		return nil, fault.New(fault.Invalid, "level_bad", "没有“%s”这组单位，请从列表里选。", fault.Clip(v.param("level"), 20)).At("哪些单位")
	}
	for i, l := range levels {
		page.Levels = append(page.Levels, option{l.value, l.label, i == level})
	}
	f := obligation.MatrixFilter{PlanID: plan.ID, Period: cmp.Or(v.param("period"), obligation.WidestPeriod(periods, v.today)), Columns: obligation.ByObligation}
	if plan.Kind == obligation.Catalogue {
		f.Columns = obligation.BySection
	}
	for _, o := range v.tree.All(v.today, levels[level].kinds...) {
		if len(f.Units) < obligation.MaxMatrixRows && v.owns(o.ID) {
			f.Units = append(f.Units, o.ID)
		}
	}
	if len(f.Units) == 0 {
		return page, nil
	}
	m, err := p.Obligations.MatrixOver(v.r.Context(), f, obligation.PeriodsWithin(periods, f.Period), v.today)
	if err != nil {
		return nil, err
	}
	page.fill(v, plan, &m)
	return page, nil
}

// matrixPlan finds the plan that the address names, or the newest, and fills
// the choices of plan and period. It gives the plan's periods too.
func (p *Portal) matrixPlan(v *visit, page *matrixPage) (plan *obligation.Plan, periods []string, err error) {
	plans, err := p.Obligations.Plans(v.r.Context())
	if err != nil || len(plans) == 0 {
		return nil, nil, err
	}
	slices.SortStableFunc(plans, func(a, b obligation.Plan) int {
		return cmp.Compare(a.Kind.Rank(), b.Kind.Rank())
	})
	wanted := cmp.Or(v.param("plan"), strconv.FormatInt(plans[0].ID, 10))
	for i := range plans {
		id := strconv.FormatInt(plans[i].ID, 10)
		if id == wanted {
			plan = &plans[i]
		}
		page.Plans = append(page.Plans, option{id, fault.Clip(plans[i].Title, 30), id == wanted})
	}
	if plan == nil {
		return nil, nil, fault.New(fault.NotFound, "plan_unknown", "没有这份工作要点或目录，请从列表里选。").At("看什么")
	}
	if periods, err = p.Obligations.Periods(v.r.Context(), plan.ID); err != nil {
		return nil, nil, err
	}
	for _, s := range obligation.PeriodChoices(periods) {
		o := option{s, obligation.PeriodWords(s), s == v.param("period")}
		if parts := obligation.PeriodsWithin(periods, s); len(parts) > 1 {
			o.Label += "（全部时段）"
		}
		page.Periods = append(page.Periods, o)
	}
	return plan, periods, nil
}

func (page *matrixPage) fill(v *visit, plan *obligation.Plan, m *obligation.Matrix) {
	page.Caption = plan.Title + "，" + obligation.PeriodWords(m.Period)
	for i := range page.Periods {
		page.Periods[i].On = page.Periods[i].Value == m.Period
	}
	used := usedColumns(m)
	page.Other = len(m.Columns) - len(used)
	for _, i := range used {
		c := &m.Columns[i]
		col := matrixColumn{Label: fault.Clip(c.Title, shortColumn), Full: c.Title}
		if c.Code != "" {
			col.Href = page.URL(taskPath(c.Code))
		}
		page.Columns = append(page.Columns, col)
	}
	for _, r := range m.Rows {
		row := matrixRow{Unit: v.unitLink(r.UnitID), Cells: make([]matrixCell, len(used))}
		for n, i := range used {
			c := r.Cells[i]
			if worst, ok := c.Worst(); ok {
				row.Cells[n] = matrixCell{stateBadges[worst], cellHref(plan, m, r.UnitID, i), c.Done(), c.Owed(), c.Owed() > 1, c.Owed() > 1 && c.Done() < c.Owed()}
			}
		}
		page.Rows = append(page.Rows, row)
	}
}

// usedColumns are the columns in which a unit of the matrix owes anything.
func usedColumns(m *obligation.Matrix) (used []int) {
	for i := range m.Columns {
		if slices.ContainsFunc(m.Rows, func(r obligation.MatrixRow) bool { return r.Cells[i].Total() > 0 }) {
			used = append(used, i)
		}
	}
	return used
}

// cellHref leads to the duties of a cell. It is relative, as there are
// thousands of them.
func cellHref(plan *obligation.Plan, m *obligation.Matrix, unit int64, column int) string {
	col := &m.Columns[column]
	if col.ObligationID != 0 {
		return fmt.Sprintf("duties?unit=%d&period=%s&task=%d", unit, m.Period, col.ObligationID)
	}
	return fmt.Sprintf("duties?unit=%d&period=%s&plan=%d&section=%s", unit, m.Period, plan.ID, url.QueryEscape(col.Title))
}
