package portal

import (
	"gongkai/internal/publication"
	"gongkai/internal/web/ui"
)

// dataPage is about the data: interface, bulk, feeds, verification, licence.
type dataPage struct {
	ui.Shell
	Endpoints []ui.Link
	Feeds     []ui.Link
}

// View names the folder.
func (*dataPage) View() string { return "data" }

// aboutPage says who keeps the site and how to report a mistake.
type aboutPage struct {
	ui.Shell
	Total int
	Sites []ui.Link
}

// View names the folder.
func (*aboutPage) View() string { return "about" }

// helpPage explains display choices, keyboard and reading aloud.
type helpPage struct{ ui.Shell }

// View names the folder.
func (*helpPage) View() string { return "help" }

// sitemapPage lists everything on the site.
type sitemapPage struct {
	ui.Shell
	Groups []linkGroup
}

// View names the folder.
func (*sitemapPage) View() string { return "sitemap" }

type linkGroup struct {
	Title string
	Links []treeNode
}

// endpoints are the addresses of the API that a reader may want first.
var endpoints = []ui.Link{
	{Label: "搜索文件，与搜索页同样的条件", Path: "/api/v1/search?q="},
	{Label: "搜索条文", Path: "/api/v1/clauses?q="},
	{Label: "全部已公开的信息，逐页", Path: "/api/v1/publications"},
	{Label: "单位名录和沿革", Path: "/api/v1/units"},
	{Label: "公开事项", Path: "/api/v1/obligations"},
	{Label: "应公开事项和状态", Path: "/api/v1/duties"},
	{Label: "工作要点的任务", Path: "/api/v1/tasks"},
	{Label: "信息种类和字段", Path: "/api/v1/kinds"},
}

func (p *Portal) data(v *visit) (ui.Page, error) {
	page := &dataPage{Shell: v.shell, Endpoints: endpoints, Feeds: []ui.Link{{Label: "全部最新公开", Path: "/feeds/newest.atom"}}}
	for _, k := range p.Publications.Kinds.All() {
		page.Feeds = append(page.Feeds, ui.Link{Label: k.Label, Path: "/feeds/kind-" + k.Code + ".atom"})
	}
	return page, nil
}

func (p *Portal) about(v *visit) (ui.Page, error) {
	list, err := p.Publications.List(v.r.Context(), publication.Filter{Units: v.units()}, publication.Page{Size: 1})
	if err != nil {
		return nil, err
	}
	page := &aboutPage{Shell: v.shell, Total: list.Total}
	for _, s := range v.sites.Sites() {
		if s.ID == v.site.ID {
			continue
		}
		n := v.neighbour(s)
		page.Sites = append(page.Sites, ui.Link{Label: n.Name, Path: n.Address + "/"})
	}
	return page, nil
}

func (p *Portal) help(v *visit) (ui.Page, error) { return &helpPage{v.shell}, nil }

func (p *Portal) prefs(v *visit) (ui.Page, error) {
	return &ui.PrefsPage{Shell: v.shell, Back: ui.LocalPath(v.param("back"))}, nil
}

func (p *Portal) sitemap(v *visit) (ui.Page, error) {
	page := &sitemapPage{Shell: v.shell}
	main := linkGroup{Title: "主要页面"}
	for _, rt := range p.routeList() {
		if rt.about != "" {
			_, path, _ := cutPattern(rt.pattern)
			main.Links = append(main.Links, treeNode{Label: rt.title, Href: v.shell.URL(path)})
		}
	}
	page.Groups = append(page.Groups, main)
	single := linkGroup{Title: "栏目"}
	for _, top := range v.sites.Children(v.site.ID, 0) {
		self := treeNode{Label: top.Name, Href: v.shell.URL("/" + top.Path + "/")}
		below := v.branches(top.ID, nil)
		if len(below) == 0 {
			single.Links = append(single.Links, self)
			continue
		}
		page.Groups = append(page.Groups, linkGroup{top.Name, append([]treeNode{self}, below...)})
	}
	if len(single.Links) > 0 {
		page.Groups = append(page.Groups, single)
	}
	return page, nil
}
