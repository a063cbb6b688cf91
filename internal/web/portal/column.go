package portal

import (
	"slices"
	"strings"

	"gongkai/internal/channel"
	"gongkai/internal/fault"
	"gongkai/internal/publication"
	"gongkai/internal/web/ui"
)

// columnPage is a column of a site: the tree on the left, its records on the
// right. The four sections of 政府信息公开 are columns too.
type columnPage struct {
	ui.Shell
	Root    string // heading of the tree
	Tree    []treeNode
	Heading string
	Explain string
	Total   int
	Items   []item
	Pager   pager
	None    empty
	Guide   bool   // explain how to ask for what is not published
	Office  string // who helps with asking
	Wanted  string // what the reader was looking for
	Lawful  bool   // it belongs to 政府信息公开, beside which stands what is not disclosed
}

// View names the folder.
func (*columnPage) View() string { return "column" }

// treeNode is a column in the tree.
type treeNode struct {
	Label, Full, Href string
	On, Here          bool // on the way to the page's column; the column itself
	Children          []treeNode
}

const columnPageSize = 20

func (p *Portal) column(v *visit) (ui.Page, error) {
	path := strings.Trim(v.r.PathValue("path"), "/")
	col, ok := v.sites.Column(v.site, path)
	if !ok {
		return nil, missing(v.r.URL.Path)
	}
	page := &columnPage{Shell: v.shell, Heading: col.Name, Explain: col.Description, Wanted: fault.Clip(strings.TrimSpace(v.param("wanted")), 100)}
	trail := v.sites.Trail(col)
	page.Title, page.Canon = col.Name, "/"+col.Path+"/"
	page.Shell.Column = &ui.Column{Name: col.Name, Description: col.Description, Keywords: col.Keywords, Type: string(col.Type)}
	for _, c := range trail[:len(trail)-1] {
		page.Trail = append(page.Trail, ui.Link{Label: c.Name, Path: "/" + c.Path + "/"})
	}
	if trail[0].Slug == channel.Disclosure {
		page.Section, page.Lawful = "/zfxxgk/", true
	}
	page.Root = trail[0].Name
	page.Tree = v.tree4(trail)
	page.Guide = col.Slug == channel.Guide || col.Slug == channel.Disclosure
	page.Office = v.site.Organizer
	return page, p.fillColumn(v, page, col)
}

func (p *Portal) fillColumn(v *visit, page *columnPage, col channel.Column) error {
	page.None = empty{Why: "这个栏目现在没有内容。", Way: "要找的可能在别的栏目里，可以搜索，也可以向主办单位询问。",
		Links: []ui.Link{{Label: "搜索", Path: v.shell.URL("/search")}}}
	rule := v.site.Effective(shownRule(v.sites, col))
	if rule.IsZero() {
		page.None = empty{Why: "这里是一组栏目，请选其中一个。", Links: v.below(col)}
		return nil
	}
	n := pageNumber(v.param("page"))
	filter := publication.Filter{Kinds: rule.Kinds, Categories: rule.Categories, Statutory: rule.Statutory, Keywords: rule.Keywords}
	for _, id := range rule.Units {
		filter.Units = append(filter.Units, v.tree.Subtree(id, v.today)...)
	}
	list, err := p.Publications.List(v.r.Context(), filter, publication.Page{Page: n, Size: columnPageSize})
	if err != nil {
		return err
	}
	page.Items, page.Total = p.items(v, list.Records), list.Total
	at := address{page.URL(page.Canon), nil}
	page.Pager = pages(list.Total, columnPageSize, n, func(n int) string { return at.page(n) })
	return nil
}

// shownRule is the column's own rule, or its first child's where it is only a
// heading with the four sections below: 政府信息公开 opens with the guide.
func shownRule(m *channel.Map, col channel.Column) channel.Rule {
	if col.Rule.IsZero() && col.Slug == channel.Disclosure {
		if guide := m.Children(col.SiteID, col.ID); len(guide) > 0 {
			return guide[0].Rule
		}
	}
	return col.Rule
}

// tree4 is the tree beside a column: everything below the first level that it
// stands under; branches are open only along the trail.
func (v *visit) tree4(trail []channel.Column) []treeNode {
	if tree := v.branches(trail[0].ID, trail); len(tree) > 0 {
		return tree
	}
	return v.branches(0, trail) // a column without any below it stands among its neighbours
}

// branches are the columns below one: all of them or, with a trail, those
// along it with their neighbours.
func (v *visit) branches(parent int64, trail []channel.Column) (list []treeNode) {
	for _, c := range v.sites.Children(v.site.ID, parent) {
		at := slices.IndexFunc(trail, func(t channel.Column) bool { return t.ID == c.ID })
		n := treeNode{Label: c.Name, Full: c.Description, Href: v.shell.URL("/" + c.Path + "/"), On: at >= 0, Here: at >= 0 && at == len(trail)-1}
		if n.On || trail == nil {
			n.Children = v.branches(c.ID, trail)
		}
		list = append(list, n)
	}
	return list
}

// below are links to the columns right below one.
func (v *visit) below(col channel.Column) (list []ui.Link) {
	for _, c := range v.sites.Children(v.site.ID, col.ID) {
		list = append(list, ui.Link{Label: c.Name, Path: v.shell.URL("/" + c.Path + "/")})
	}
	return list
}
