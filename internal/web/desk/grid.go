package desk

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/unit"
	"gongkai/internal/web/ui"
)

// gridPage is the office's main picture: units × tasks or fields, each cell the
// worst state of its duties, as of any day.
type gridPage struct {
	frame
	Plans    []option
	Periods  []option
	Levels   []option
	By       []option
	Sections []option
	States   []option
	AsOf     string
	Past     bool // the day is not today
	Export   string
	Totals   []stateCount
	Caption  string
	Columns  []gridColumn
	Rows     []gridRow
	Other    int // columns in which nobody owes anything here
	Empty    empty
}

// View names the folder.
func (*gridPage) View() string { return "grid" }

type gridColumn struct {
	Label string
	Full  string
	Path  string
	Done  int
	Owed  int
}

type gridRow struct {
	Unit  ui.Link
	Cells []gridCell
	Done  int
	Owed  int
	Late  int
}

// gridCell is the worst state of the duties in it and, of several, how many
// are done. Its class is one of the cell colours of base.css.
type gridCell struct {
	Class      string
	Mark, Word string
	Path       string
	Done, Owed int
	Several    bool
}

// cellClasses are the colours of cells.
var cellClasses = map[obligation.State]string{
	obligation.NotApplicableState: "na", obligation.NilReport: "ni", obligation.Fulfilled: "f", obligation.NotDue: "nd",
	obligation.FulfilledLate: "fl", obligation.DueSoon: "ds", obligation.DisputedState: "dp", obligation.Overdue: "ov",
}

// gridLevel is a group of units that a grid can show.
type gridLevel struct {
	value, label string
	kinds        []unit.Kind
}

var gridLevels = []gridLevel{
	{"", "市直部门和县市区", []unit.Kind{unit.City, unit.Department, unit.Party, unit.County, unit.Zone, unit.Central, unit.Office, unit.Institution}},
	{"department", "部门", []unit.Kind{unit.Department, unit.Party, unit.Office}},
	{"county", "县市区、管理区", []unit.Kind{unit.County, unit.Zone}},
	{"township", "乡镇街道", []unit.Kind{unit.Township}},
	{"institution", "事业单位和公共企业", []unit.Kind{unit.Institution, unit.Enterprise}},
	{"central", "垂直管理单位", []unit.Kind{unit.Central}},
}

// shortColumn is how much of its title a column's heading shows.
const shortColumn = 11

func (k *Desk) gridRoutes() []*route {
	at := At + "grid"
	return []*route{
		{pattern: "GET /desk/grid", act: access.GridRead, show: showGrid, title: "台账", section: at},
		{pattern: "GET /desk/grid.xlsx", act: access.GridRead, raw: exportGrid},
	}
}

func gridPages() []ui.Page { return []ui.Page{&gridPage{}} }

// gridAsk is which grid somebody asks for.
type gridAsk struct {
	plan    *obligation.Plan
	plans   []obligation.Plan
	periods []string // of the plan
	level   gridLevel
	asOf    civil.Date
	filter  obligation.MatrixFilter
}

// gridAsk reads the address. plan is nil where there is none yet.
func (v *visit) gridAsk() (a gridAsk, err error) {
	if a.asOf, err = v.asOf(); err != nil {
		return a, err
	}
	if a.plans, err = v.Obligations.Plans(v.r.Context()); err != nil || len(a.plans) == 0 {
		return a, err
	}
	slices.SortStableFunc(a.plans, func(x, y obligation.Plan) int { return cmp.Compare(x.Kind.Rank(), y.Kind.Rank()) })
	wanted := cmp.Or(v.query("plan"), number(a.plans[0].ID))
	i := slices.IndexFunc(a.plans, func(p obligation.Plan) bool { return number(p.ID) == wanted })
	if i < 0 {
		return a, fault.New(fault.NotFound, "plan_unknown", "没有这份工作要点或目录，请从列表里选。").At("看什么")
	}
	a.plan = &a.plans[i]
	l := slices.IndexFunc(gridLevels, func(l gridLevel) bool { return l.value == v.query("level") })
	if l < 0 {
		return a, fault.New(fault.Invalid, "level_bad", "没有“%s”这组单位，请从列表里选。", fault.Clip(v.query("level"), 20)).At("哪些单位")
	}
	a.level = gridLevels[l]
	if a.periods, err = v.Obligations.Periods(v.r.Context(), a.plan.ID); err != nil {
		return a, err
	}
	a.filter = obligation.MatrixFilter{PlanID: a.plan.ID, Period: cmp.Or(v.query("period"), obligation.WidestPeriod(a.periods, v.today)), Columns: obligation.ByObligation, Section: v.query("section")}
	if v.query("by") == string(obligation.BySection) || a.plan.Kind == obligation.Catalogue && a.filter.Section == "" {
		a.filter.Columns = obligation.BySection // a catalogue has thousands of rows
	}
	if a.filter.States, err = chosenStates(v.query("state")); err != nil {
		return a, err
	}
	a.filter.Units = v.gridUnits(a.level)
	return a, nil
}

// gridUnits are the units of a level that somebody oversees.
func (v *visit) gridUnits(l gridLevel) (ids []int64) {
	units, all := v.me.Reach(access.GridRead)
	for _, o := range v.tree.All(v.today, l.kinds...) {
		if len(ids) < obligation.MaxMatrixRows && (all || slices.Contains(units, o.ID)) {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// parts are the periods that lie in the one asked for; where there are none,
// itself alone.
func (a *gridAsk) parts() []string {
	if list := obligation.PeriodsWithin(a.periods, a.filter.Period); len(list) > 0 {
		return list
	}
	return []string{a.filter.Period}
}

func showGrid(v *visit) (ui.Page, error) {
	a, err := v.gridAsk()
	if err != nil {
		return nil, err
	}
	p := &gridPage{frame: v.frame(""), AsOf: a.asOf.String(), Past: a.asOf != v.today,
		Empty: empty{Why: "这里没有应公开事项。", Way: "换一份要点、一个时段、一个状态或一组单位再看。", Links: []ui.Link{{Label: "从头看", Path: At + "grid"}}}}
	if a.plan == nil {
		p.Empty = empty{Why: "还没有工作要点和目录。", Way: "导入工作要点，或者编好目录以后，这里按单位列出每一项。", Links: []ui.Link{{Label: "事项目录", Path: At + "catalogues"}}}
		return p, nil
	}
	if err := p.choices(v, &a); err != nil || len(a.filter.Units) == 0 {
		return p, err
	}
	m, err := v.Obligations.MatrixOver(v.r.Context(), a.filter, a.parts(), a.asOf)
	if err != nil {
		return nil, err
	}
	p.fill(v, &a, &m)
	return p, nil
}

// choices fills the form of filters.
func (p *gridPage) choices(v *visit, a *gridAsk) error {
	for i := range a.plans {
		p.Plans = append(p.Plans, option{number(a.plans[i].ID), fault.Clip(a.plans[i].Title, 30), a.plans[i].ID == a.plan.ID})
	}
	for _, s := range obligation.PeriodChoices(a.periods) {
		p.Periods = append(p.Periods, option{s, obligation.PeriodWords(s), s == a.filter.Period})
	}
	for _, l := range gridLevels {
		if l.value == a.level.value || len(v.gridUnits(l)) > 0 {
			p.Levels = append(p.Levels, option{l.value, l.label, l.value == a.level.value})
		}
	}
	p.By = []option{{string(obligation.ByObligation), "每一项", a.filter.Columns == obligation.ByObligation}, {string(obligation.BySection), "按部分或领域", a.filter.Columns == obligation.BySection}}
	p.States = append(p.States, option{unmetStates, "还没有办的", v.query("state") == unmetStates})
	for _, s := range slices.Backward(obligation.States()) {
		p.States = append(p.States, option{s.String(), s.Label(), v.query("state") == s.String()})
	}
	nobody := obligation.MatrixFilter{PlanID: a.plan.ID, Columns: obligation.BySection, Units: []int64{0}, Period: "0"}
	m, err := v.Obligations.Matrix(v.r.Context(), nobody, a.asOf)
	if err != nil {
		return err
	}
	for _, c := range m.Columns {
		p.Sections = append(p.Sections, option{c.Section, c.Section, c.Section == a.filter.Section})
	}
	p.Export = At + "grid.xlsx"
	if q := v.r.URL.RawQuery; q != "" {
		p.Export += "?" + q
	}
	return nil
}

func (p *gridPage) fill(v *visit, a *gridAsk, m *obligation.Matrix) {
	p.Caption = a.plan.Title + "，" + obligation.PeriodWords(m.Period)
	drill := func(unitID int64, column int) string {
		pairs := []string{"plan", number(a.plan.ID), "period", m.Period, "asof", ""}
		if unitID != 0 {
			pairs = append(pairs, "unit", number(unitID))
		}
		if p.Past {
			pairs[5] = p.AsOf
		}
		if column >= 0 && m.Columns[column].ObligationID != 0 {
			pairs = append(pairs, "task", number(m.Columns[column].ObligationID))
		} else if column >= 0 {
			pairs = append(pairs, "section", m.Columns[column].Section)
		}
		return p.URL(At+"duties", append(pairs, "state", v.query("state"))...)
	}
	p.Totals = stateCounts(m.Total, drill(0, -1))
	var used []int
	for i := range m.Columns {
		c := &m.Columns[i]
		if c.Total.Total() == 0 {
			p.Other++
			continue
		}
		used = append(used, i)
		p.Columns = append(p.Columns, gridColumn{fault.Clip(c.Title, shortColumn), c.Title, drill(0, i), c.Total.Done(), c.Total.Owed()})
	}
	for _, r := range m.Rows {
		row := gridRow{Unit: ui.Link{Label: v.tree.ShortOn(r.UnitID, v.today), Path: drill(r.UnitID, -1)}, Cells: make([]gridCell, len(used)),
			Done: r.Total.Done(), Owed: r.Total.Owed(), Late: r.Total.Of(obligation.Overdue)}
		for n, i := range used {
			c := r.Cells[i]
			if worst, ok := c.Worst(); ok {
				b := dutyBadges[worst]
				row.Cells[n] = gridCell{cellClasses[worst], b.Mark, b.Word, drill(r.UnitID, i), c.Done(), c.Owed(), c.Owed() > 1}
			}
		}
		p.Rows = append(p.Rows, row)
	}
}

// exportGrid sends the grid of the address as a workbook.
func exportGrid(v *visit) error {
	a, err := v.gridAsk()
	if err != nil {
		return err
	}
	if a.plan == nil || len(a.filter.Units) == 0 {
		return fault.New(fault.NotFound, "export_empty", "这里没有可以导出的事项，请先选要点或目录和单位。")
	}
	e := obligation.Export{Title: a.plan.Title, Name: func(id int64) string { return v.tree.NameOn(id, v.today) }}
	for _, period := range a.parts() {
		f := a.filter
		f.Period = period
		e.Views = append(e.Views, f)
	}
	var book bytes.Buffer // whole before anything is sent: a fault still becomes a page
	if err := v.Obligations.ExportGrid(v.r.Context(), &book, e, a.asOf); err != nil {
		return err
	}
	v.sendBook(fmt.Sprintf("台账-%s-截至%s.xlsx", a.filter.Period, a.asOf), book.Bytes())
	return nil
}

// sendBook answers with a workbook.
func (v *visit) sendBook(name string, book []byte) {
	h := v.w.Header()
	h.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	http.ServeContent(v.w, v.r, "", time.Time{}, bytes.NewReader(book))
}
