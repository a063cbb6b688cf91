package portal

import (
	"cmp"
	"slices"
	"strconv"

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
	Total    int
	Rows     []catalogueRow
	Pager    pager
	None     empty
}

// View names the folder.
func (*cataloguePage) View() string { return "catalogue" }

type catalogueRow struct {
	Field, Title, Href, Content, Basis, Limit, By string
	State                                         badge
}

const cataloguePageSize = 100

func (p *Portal) catalogue(v *visit) (ui.Page, error) {
	page := &cataloguePage{Shell: v.shell, None: empty{Why: "还没有导入过公开事项目录。", Way: "按国家统一标题的目录导入后列在这里。"}}
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
	view, err := p.Obligations.Plan(v.r.Context(), id, "", v.today)
	if err != nil {
		return nil, err
	}
	return page, page.fill(v, &view)
}

func (page *cataloguePage) fill(v *visit, view *obligation.PlanView) error {
	only := v.param("section")
	var rows []*obligation.ObligationView
	seen := map[string]bool{}
	for i := range view.Obligations {
		o := &view.Obligations[i]
		if !seen[o.Section] {
			seen[o.Section] = true
			page.Sections = append(page.Sections, option{o.Section, o.Section, o.Section == only})
		}
		if only == "" || o.Section == only {
			rows = append(rows, o)
		}
	}
	n := 1
	if s := v.param("after"); s != "" {
		n = pageNumber(s)
	}
	page.Total = len(rows)
	at := address{page.URL("/catalogue"), v.params()}
	page.Pager = pages(len(rows), cataloguePageSize, n, func(n int) string { return at.with("after", strconv.Itoa(n)) })
	from := min((n-1)*cataloguePageSize, len(rows))
	for _, o := range rows[from:min(from+cataloguePageSize, len(rows))] {
		page.Rows = append(page.Rows, page.row(o))
	}
	return nil
}

// row is a catalogue row as given, or what an obligation says in its place.
func (page *cataloguePage) row(o *obligation.ObligationView) catalogueRow {
	r := catalogueRow{Field: o.Section, Title: o.Title, Href: page.URL(taskPath(o.Code)), Content: o.Text, Basis: o.Basis, Limit: o.Due}
	if o.Row != nil {
		r.Content, r.By, r.Limit = o.Row.Content, o.Row.By, o.Row.Limit
	}
	if worst, ok := o.Counts.Worst(); ok {
		r.State = stateBadges[worst]
	}
	return r
}
