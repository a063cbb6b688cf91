package portal

import (
	"unicode/utf8"

	"html/template"

	"gongkai/internal/fault"
	"gongkai/internal/search"
	"gongkai/internal/web/ui"
)

// searchPage is the result of a search, or the newest where nothing was asked.
type searchPage struct {
	ui.Shell
	results
	Answers   []answer
	Ways      []string  // what to try where nothing was found
	NoneLinks []ui.Link // where to go then
}

// View names the folder.
func (*searchPage) View() string { return "search" }

// answer is an article that answers what was asked.
type answer struct {
	Text     template.HTML
	Title    string
	Clause   string
	Href     string
	Validity badge
}

// minAsked is the number of characters from which a text may be a question.
const minAsked = 5

func (p *Portal) search(v *visit) (ui.Page, error) {
	r, q, err := p.find(v, "/search", nil)
	if err != nil {
		return nil, err
	}
	page := &searchPage{Shell: v.shell, results: r}
	page.Query, page.Hidden, page.OwnFind = q.Text, true, true
	if q.Text != "" {
		page.Title = "搜索“" + fault.Clip(q.Text, 20) + "”"
	}
	at := address{v.shell.URL("/search"), v.params()}
	for _, s := range []struct {
		sort  search.Sort
		label string
	}{{search.ByRelevance, "按相关"}, {search.Newest, "新的在前"}, {search.Oldest, "旧的在前"}} {
		link := ui.Link{Label: s.label, Path: at.with("sort", string(s.sort))}
		if s.sort == q.Sort {
			link.Path = ""
		}
		page.Sorts = append(page.Sorts, link)
	}
	if len(page.Items) == 0 {
		page.nothing(v, q)
	}
	if q.Page == 1 && len(page.Chosen) == 0 && utf8.RuneCountInString(q.Text) >= minAsked {
		return page, p.answers(v, page, q)
	}
	return page, nil
}

func (p *Portal) answers(v *visit, page *searchPage, q search.Query) error {
	hits, err := p.Search.Clauses(v.r.Context(), search.ClauseQuery{Text: q.Text, Size: 3, Site: q.Site})
	if err != nil {
		return err
	}
	for _, h := range hits {
		text := template.HTML(h.Highlight) // escaped by the engine's contract
		if text == "" {
			text = template.HTML(template.HTMLEscapeString(fault.Clip(h.Text, 160)))
		}
		page.Answers = append(page.Answers, answer{Text: text, Title: h.Title, Clause: h.Clause,
			Href: v.shell.URL(h.URL), Validity: validityBadges[h.Validity]})
	}
	return nil
}

// nothing says what to do where nothing was found, with what was typed carried
// over.
func (page *searchPage) nothing(v *visit, q search.Query) {
	page.Ways = []string{"少写几个字，或者换个说法再试；写文号时只写年份和序号也行。"}
	if len(page.Chosen) > 0 {
		page.Ways = append(page.Ways, "上面选了条件，去掉一些也许就有了。")
		page.NoneLinks = append(page.NoneLinks, ui.Link{Label: "去掉全部条件", Path: v.shell.URL("/search", "q", q.Text)})
	}
	page.Ways = append(page.Ways, "可能还没有公开。知道归谁管，可以直接问那个单位；也可以申请公开，机关一般在 20 个工作日内答复。")
	page.NoneLinks = append(page.NoneLinks,
		ui.Link{Label: "找单位", Path: v.shell.URL("/units")},
		ui.Link{Label: "怎样申请公开", Path: v.shell.URL("/zfxxgk/guide/", "wanted", q.Text) + "#apply"})
}
