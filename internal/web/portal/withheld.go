package portal

import (
	"gongkai/internal/drafting"
	"gongkai/internal/law"
	"gongkai/internal/web/ui"
)

// withheldPage is the inventory of what is not disclosed, as far as units let
// the public know of it: title and ground.
type withheldPage struct {
	ui.Shell
	Rows []withheldRow
	More bool // there are more than are shown
	None empty
}

// View names the folder.
func (*withheldPage) View() string { return "withheld" }

type withheldRow struct {
	Title, Unit, UnitPath, Kind, Ground, Article, On string
}

// withheldShown is how many entries the page lists.
const withheldShown = 500

func (p *Portal) withheld(v *visit) (ui.Page, error) {
	page := &withheldPage{Shell: v.shell}
	page.Trail = []ui.Link{{Label: "政府信息公开", Path: "/zfxxgk/"}}
	page.None = empty{Why: "清单里现在没有信息。", Way: "各单位决定列入的不予公开信息会列在这里，只列标题和依据。",
		Links: []ui.Link{{Label: "怎样申请公开", Path: v.shell.URL("/zfxxgk/guide/") + "#apply"}}}
	if p.Withheld == nil {
		return page, nil
	}
	list, err := p.Withheld(v.r.Context(), v.units(), withheldShown+1)
	if err != nil {
		return nil, err
	}
	if page.More = len(list) > withheldShown; page.More {
		list = list[:withheldShown]
	}
	for _, e := range list {
		page.Rows = append(page.Rows, p.withheldRow(v, e))
	}
	return page, nil
}

func (p *Portal) withheldRow(v *visit, e drafting.Entry) withheldRow {
	g, _ := law.Grounds().Get(e.Ground)
	row := withheldRow{Title: e.Title, Unit: v.tree.NameOn(e.UnitID, v.today), UnitPath: v.shell.URL(unitPath(e.UnitID)), Kind: e.Kind, Ground: g.Label, Article: g.Article, On: e.On.String()}
	if k, ok := p.Publications.Kinds.Get(e.Kind); ok {
		row.Kind = k.Label
	}
	return row
}
