package portal

import (
	"cmp"
	"slices"
	"strconv"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/web/ui"
)

// cataloguePage is a catalogue of what must be disclosed, under the national
// headings.
type cataloguePage struct {
	ui.Shell
	Plans    []option
	Sections []option
	Years    []option
	Year     string // that the progress is told for, in words; "" where nothing is owed
	Matrix   string // address of the same as a matrix
	Own      string // the place whose units alone are counted; "" for all
	Total    int
	Rows     []catalogueRow
	Pager    pager
	None     empty
}

// View names the folder.
func (*cataloguePage) View() string { return "catalogue" }

// catalogueRow is a row with how many of its duties are fulfilled.
type catalogueRow struct {
	Field, Title, Href, Content, Basis, Limit, By string

	Done, Owed, Late int
	Tally            tally
}

// cataloguePageSize keeps a page short enough to be read; each row is looked
// up by itself.
const cataloguePageSize = 25

func (p *Portal) catalogue(v *visit) (ui.Page, error) {
	page := &cataloguePage{Shell: v.shell, Own: v.own(), None: empty{Why: "还没有导入过公开事项目录。", Way: "按国家统一标题的目录导入后列在这里。",
		Links: []ui.Link{{Label: "公开进度", Path: v.shell.URL("/plans")}}}}
	page.Trail = []ui.Link{{Label: "公开进度", Path: "/plans"}}
	plans, err := p.Obligations.Plans(v.r.Context())
	if err != nil {
		return nil, err
	}
	plans = slices.DeleteFunc(plans, func(pl obligation.Plan) bool { return pl.Kind == obligation.WorkPlan })
	if len(plans) == 0 {
		return page, nil
	}
	wanted := cmp.Or(v.param("plan"), strconv.FormatInt(plans[0].ID, 10))
	var id int64
	for i := range plans {
		value := strconv.FormatInt(plans[i].ID, 10)
		if value == wanted {
			id = plans[i].ID
		}
		page.Plans = append(page.Plans, option{value, plans[i].Title, value == wanted})
	}
	if id == 0 {
		return nil, fault.New(fault.NotFound, "plan_unknown", "没有这份目录，请从列表里选。").At("目录")
	}
	page.None = empty{Why: "这份目录里没有" + cmp.Or(v.param("section"), "要由"+v.here()+"公开") + "的事项。", Way: "换一份目录或者一个领域再看。",
		Links: []ui.Link{{Label: "看整份目录", Path: v.shell.URL("/catalogue", "plan", wanted)}}}
	return page, p.catalogueRows(v, page, id)
}

// catalogueRows fills the page from one pass over the duties of a year, and
// reads in full only the rows that it shows.
func (p *Portal) catalogueRows(v *visit, page *cataloguePage, id int64) error {
	periods, err := p.Obligations.Periods(v.r.Context(), id)
	if err != nil {
		return err
	}
	year := page.chooseYear(periods, v.param("year"), v.today)
	m, err := p.Obligations.MatrixOver(v.r.Context(), obligation.MatrixFilter{PlanID: id, Units: v.units()}, obligation.PeriodsWithin(periods, year), v.today)
	if err != nil {
		return err
	}
	columns, err := p.chooseSection(v, page, id, m.Columns)
	if err != nil {
		return err
	}
	if v.site.RootUnit != 0 {
		columns = slices.DeleteFunc(columns, func(c obligation.MatrixColumn) bool { return c.Total.Total() == 0 })
	}
	n := pageNumber(v.param("after"))
	page.Total = len(columns)
	at := address{page.URL("/catalogue"), v.params()}
	page.Pager = pages(len(columns), cataloguePageSize, n, func(n int) string { return at.with("after", strconv.Itoa(n)) })
	page.Matrix = page.URL("/matrix", "plan", strconv.FormatInt(id, 10), "period", year)
	from := min((n-1)*cataloguePageSize, len(columns))
	for _, c := range columns[from:min(from+cataloguePageSize, len(columns))] {
		o, err := p.Obligations.ByCode(v.r.Context(), c.Code)
		if err != nil {
			return err
		}
		page.Rows = append(page.Rows, page.row(&o, c.Total, year))
	}
	return nil
}

// chooseYear fills the choice of years. Unless one is wanted it is the year of
// the last quarter that has ended: in January nobody asks what is due in
// December.
func (page *cataloguePage) chooseYear(periods []string, wanted string, today civil.Date) (year string) {
	var years []string
	for _, s := range obligation.PeriodChoices(periods) {
		if p, err := civil.ParsePeriod(s); err == nil && p.Months() == 12 {
			years = append(years, s)
		}
	}
	if len(years) == 0 {
		return ""
	}
	year = years[len(years)-1]
	settled := civil.Year(civil.PeriodOf(today, 3).Start().AddDays(-1).Year()).String()
	for _, choice := range []string{settled, wanted} {
		if slices.Contains(years, choice) {
			year = choice
		}
	}
	for _, s := range years {
		page.Years = append(page.Years, option{s, obligation.PeriodWords(s), s == year})
	}
	page.Year = obligation.PeriodWords(year)
	return year
}

// chooseSection fills the choice of sections and gives the columns of the one
// that the address names, or all.
func (p *Portal) chooseSection(v *visit, page *cataloguePage, id int64, columns []obligation.MatrixColumn) ([]obligation.MatrixColumn, error) {
	only := v.param("section")
	nobody := obligation.MatrixFilter{PlanID: id, Columns: obligation.BySection, Units: []int64{0}, Period: "0"}
	m, err := p.Obligations.Matrix(v.r.Context(), nobody, v.today)
	if err != nil {
		return nil, err
	}
	for _, c := range m.Columns {
		page.Sections = append(page.Sections, option{c.Title, c.Title, c.Title == only})
	}
	if only == "" {
		return columns, nil
	}
	list, err := p.Obligations.Obligations(v.r.Context(), obligation.Filter{PlanID: id, Section: only, Size: obligation.MaxPage})
	if err != nil {
		return nil, err
	}
	in := map[int64]bool{}
	for i := range list {
		in[list[i].ID] = true
	}
	return slices.DeleteFunc(columns, func(c obligation.MatrixColumn) bool { return !in[c.ObligationID] }), nil
}

// row is a catalogue row as given, or what an obligation says in its place.
func (page *cataloguePage) row(o *obligation.Obligation, c obligation.Counts, year string) catalogueRow {
	r := catalogueRow{Field: o.Section, Title: o.Title, Href: page.URL(taskPath(o.Code)), Content: o.Text, Basis: o.Basis, Limit: o.Due,
		Done: c.Done(), Owed: c.Owed(), Late: c.Of(obligation.Overdue)}
	if o.Row != nil {
		r.Content, r.By, r.Limit = o.Row.Content, o.Row.By, o.Row.Limit
	}
	r.Tally = tallyOf(c, func(st obligation.State) string {
		return page.URL("/duties", "task", strconv.FormatInt(o.ID, 10), "period", year, "status", st.String())
	})
	return r
}
