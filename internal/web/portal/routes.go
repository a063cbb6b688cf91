package portal

import (
	"net/http"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/web/ui"
)

// guardName says which limit a route stands under.
type guardName uint8

// The guards: reading and searching are limited by address; free is for what
// costs nothing.
const (
	reading guardName = iota
	searching
	free
)

// route is one address of the portal.
type route struct {
	pattern string // of http.ServeMux, within a site
	guard   guardName
	page    func(*visit) (ui.Page, error) // a page, kept in the cache
	raw     ui.Handler                    // or anything else
	params  []string                      // query parameters that the page depends on
	section string                        // entry of the navigation
	title   string                        // of the page, where it is always the same
	about   string                        // ColumnDescription; with it the page counts as a column
	kind    string                        // ColumnType
}

// routeList is the whole of the portal, in the order of a site map.
func (p *Portal) routeList() []*route {
	return []*route{
		{pattern: "GET /{$}", page: p.home, section: "/", kind: "首页"},
		{pattern: "GET /search", guard: searching, page: p.search, params: searchParams, title: "搜索",
			about: "搜索文件、条文、事项和单位", kind: "信息公开目录"},
		{pattern: "GET /library", guard: searching, page: p.library, params: searchParams, section: "/library", title: "文件库",
			about: "规章、行政规范性文件和其他政策文件，按效力、单位、主题和年份查", kind: "政策文件"},
		{pattern: "GET /d/{id}", page: p.document, params: []string{"on"}, section: "/library"},
		{pattern: "GET /d/{id}/files/{n}", raw: p.attachment},
		{pattern: "GET /plans", page: p.plans, section: "/plans", title: "公开进度",
			about: "政务公开工作要点的每一项任务：谁牵头、谁负责、完成了没有", kind: "信息公开目录"},
		{pattern: "GET /plans/{id}", page: p.plan, params: []string{"unit"}, section: "/plans"},
		{pattern: "GET /tasks/{code...}", page: p.task, params: []string{"after"}, section: "/plans"},
		{pattern: "GET /duties", page: p.duties, params: dutyParams, section: "/plans", title: "应公开事项",
			about: "每个单位该公开什么、公开了没有", kind: "信息公开目录"},
		{pattern: "GET /duties/{id}", page: p.duty, section: "/plans"},
		{pattern: "GET /commitments", page: p.commitments, section: "/commitments", title: "民生实事和承诺",
			about: "政府工作报告承诺的民生实事和逐月进展", kind: "回应关切"},
		{pattern: "GET /matrix", page: p.matrix, params: []string{"plan", "period", "level"}, section: "/plans", title: "公开矩阵",
			about: "单位和公开事项的矩阵：已公开、零报告、即将到期、逾期", kind: "信息公开目录"},
		{pattern: "GET /catalogue", page: p.catalogue, params: []string{"plan", "section", "year", "after"}, section: "/plans", title: "公开事项目录",
			about: "公开什么、凭什么、谁公开、多久、在哪里", kind: "信息公开目录"},
		{pattern: "GET /withheld", page: p.withheld, section: "/zfxxgk/", title: "不予公开信息清单",
			about: "依法不予公开的信息的标题和依据", kind: "信息公开目录"},
		{pattern: "GET /units", page: p.unitList, section: "/units", title: "单位",
			about: "本地机关和单位的名称、沿革和公开情况", kind: "机构职能"},
		{pattern: "GET /units/{id}", page: p.unit, section: "/units"},
		{pattern: "GET /data", page: p.data, section: "/data", title: "数据与接口",
			about: "接口、批量下载、订阅和核验方法", kind: "数据开放"},
		{pattern: "GET /about", page: p.about, title: "关于本站", about: "主办单位、网站标识和找错入口", kind: "概况信息"},
		{pattern: "GET /help", page: p.help, title: "无障碍与键盘", about: "大字、高对比、键盘和读屏的用法", kind: "概况信息"},
		{pattern: "GET /sitemap", page: p.sitemap, title: "网站地图", about: "本站的全部栏目", kind: "信息公开目录"},
		{pattern: "GET /prefs", page: p.prefs, title: "显示设置", params: []string{"back"}},
		{pattern: "POST /prefs", raw: ui.SetPrefs},
		{pattern: "GET /feeds/{name}", raw: p.feed},
		{pattern: "GET /sitemap.xml", raw: p.sitemapIndex},
		{pattern: "GET /sitemaps/{name}", raw: p.sitemapFile},
		{pattern: "GET /robots.txt", raw: p.robots},
		{pattern: "GET /opensearch.xml", raw: p.opensearch},
		{pattern: "GET /assets/{name}", guard: free, raw: func(w http.ResponseWriter, r *http.Request) error {
			p.engine.Assets().ServeHTTP(w, r)
			return nil
		}},
		{pattern: "GET /favicon.ico", guard: free, raw: func(w http.ResponseWriter, r *http.Request) error {
			http.Redirect(w, r, p.engine.Assets().Path("icon.svg"), http.StatusFound)
			return nil
		}},
		{pattern: "GET /{path...}", page: p.column, params: []string{"page", "wanted"}},
	}
}

// mux binds the routes with their guards.
func (p *Portal) mux() *http.ServeMux {
	address := ui.ClientAddr(p.Trusted...)
	deny := func(w http.ResponseWriter, r *http.Request, message string) {
		p.faults.Answer(w, r, http.StatusTooManyRequests, message)
	}
	guards := map[guardName]ui.Guard{
		reading:   ui.NewLimiter(p.Reading, civil.System).Guard(address, deny),
		searching: ui.NewLimiter(p.Searching, civil.System).Guard(address, deny),
		free:      func(next http.Handler) http.Handler { return next },
	}
	m := http.NewServeMux()
	for _, rt := range p.routeList() {
		h := p.faults.Handle(rt.raw)
		if rt.page != nil {
			h = p.cache.Keep(p.faults.Handle(p.pageHandler(rt)), rt.params...)
		}
		m.Handle(rt.pattern, ui.Chain(h, ui.Route(rt.pattern), guards[rt.guard]))
	}
	m.Handle("/", ui.Route("*")(p.faults.Handle(func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Allow", "GET, HEAD")
		p.faults.Answer(w, r, http.StatusMethodNotAllowed, "这个地址只能查看，不能提交内容。")
		return nil
	})))
	return m
}

// pageHandler adapts a page function.
func (p *Portal) pageHandler(rt *route) ui.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := p.visit(r, rt)
		if err != nil {
			return err
		}
		page, err := rt.page(v)
		if err != nil {
			return err
		}
		return p.engine.Write(w, r, http.StatusOK, page)
	}
}

// allPages lists every page struct with a folder of its own.
func allPages() []ui.Page {
	return []ui.Page{
		&homePage{}, &columnPage{}, &libraryPage{}, &searchPage{}, &documentPage{}, &plansPage{}, &planPage{}, &taskPage{},
		&dutiesPage{}, &dutyPage{}, &commitmentsPage{}, &matrixPage{}, &cataloguePage{}, &unitsPage{}, &unitPage{},
		&withheldPage{}, &dataPage{}, &aboutPage{}, &helpPage{}, &sitemapPage{},
	}
}

// missing is the fault of an address that leads nowhere.
func missing(path string) error {
	return fault.New(fault.NotFound, "address_unknown", "本站没有“%s”这个地址。可能是抄错了，或者链接已经改了；请搜索标题或文号。", fault.Clip(path, 60))
}
