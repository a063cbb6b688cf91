package portal

import (
	"gongkai/internal/web/ui"
)

// libraryPage is the library of documents that can be in force (文件库).
type libraryPage struct {
	ui.Shell
	results
	Order string
	None  empty
}

// View names the folder.
func (*libraryPage) View() string { return "library" }

func (p *Portal) library(v *visit) (ui.Page, error) {
	r, q, err := p.find(v, "/library", p.binding())
	if err != nil {
		return nil, err
	}
	page := &libraryPage{Shell: v.shell, results: r, Order: "新的在前"}
	page.Query = q.Text
	page.Feed = &ui.Link{Label: "文件库", Path: "/feeds/kind-policy.atom"}
	if q.Text != "" {
		page.Order = "按相关程度"
	}
	page.None = empty{Why: "文件库里还没有文件。", Way: "文件一经公开，几秒钟内就会出现在这里。"}
	if q.Text != "" || len(page.Chosen) > 0 {
		page.None = empty{Why: "没有符合这些条件的文件。", Way: "去掉一些条件，或者在全站搜索。",
			Links: []ui.Link{{Label: "看全部文件", Path: v.shell.URL("/library")}, {Label: "全站搜索", Path: v.shell.URL("/search", "q", q.Text)}}}
	}
	return page, nil
}
