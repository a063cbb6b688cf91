package portal

import (
	"strconv"

	"gongkai/internal/publication"
	"gongkai/internal/web/ui"
)

// commitmentsPage lists what was promised, by year, with its progress.
type commitmentsPage struct {
	ui.Shell
	Years []commitmentYear
	None  empty
}

// View names the folder.
func (*commitmentsPage) View() string { return "commitments" }

type commitmentYear struct {
	Title       string
	Commitments []commitmentRow
}

// commitmentRow is one commitment with a bar for each of its targets.
type commitmentRow struct {
	ID     string
	No     string
	Title  string
	Href   string
	Status badge
	Bars   []measure
	Lead   string
	Due    string
	AsOf   string
	Report *ui.Link // the newest report of progress
}

// statusBadges are the words of the field “总体状态” of progress reports.
var statusBadges = map[string]badge{
	"按序时推进":  {"ok", "→", "按序时推进"},
	"慢于序时":   {"warn", "△", "慢于序时"},
	"已完成":    {"ok", "✓", "已完成"},
	"无法按期完成": {"late", "!", "无法按期完成"},
}

func (p *Portal) commitments(v *visit) (ui.Page, error) {
	years, err := p.commitmentYears(v)
	if err != nil {
		return nil, err
	}
	page := &commitmentsPage{Shell: v.shell, Years: years, None: v.noCommitments()}
	page.Feed = &ui.Link{Label: "进展报告", Path: "/feeds/kind-progress.atom"}
	return page, nil
}

// noCommitments says why there is nothing and where there may be something.
func (v *visit) noCommitments() empty {
	none := empty{Why: v.here() + "还没有公开过民生实事或其他有数量、有期限的承诺。", Way: "承诺公开后，每一次进展报告都会更新这里的数字。",
		Links: []ui.Link{{Label: "搜索“民生实事”", Path: v.shell.URL("/search", "q", "民生实事")}}}
	if main, ok := v.mainSite(); ok {
		none.Links = append(none.Links, ui.Link{Label: "看" + main.Name + "的民生实事", Path: main.Address + "/commitments"})
	}
	return none
}

func yearTitle(year int) string {
	if year == 0 {
		return "其他承诺"
	}
	return strconv.Itoa(year) + "年民生实事"
}

// commitmentYears reads the commitments of the site by year, newest first.
func (p *Portal) commitmentYears(v *visit) ([]commitmentYear, error) {
	list, err := p.Publications.Commitments(v.r.Context(), publication.Filter{Units: v.units()})
	if err != nil {
		return nil, err
	}
	var years []commitmentYear
	for i := range list {
		title := yearTitle(list[i].Year)
		if n := len(years); n == 0 || years[n-1].Title != title {
			years = append(years, commitmentYear{Title: title})
		}
		last := &years[len(years)-1]
		last.Commitments = append(last.Commitments, v.commitmentRow(&list[i]))
	}
	return years, nil
}

func (v *visit) commitmentRow(c *publication.Commitment) commitmentRow {
	row := commitmentRow{ID: strconv.FormatInt(c.Record.ID, 10), Title: c.Record.Title, Href: v.shell.URL(publication.Path(c.Record.ID)),
		Lead: c.Lead, Due: c.Due.Chinese(), AsOf: c.AsOf.Chinese(), Bars: goals(c)}
	if len(row.Bars) == 1 {
		row.Bars[0].Label = "进度" // the title says the rest
	}
	if c.No > 0 {
		row.No = strconv.Itoa(c.No)
	}
	if c.Status != "" {
		row.Status = badge{Class: "soft", Word: c.Status}
		if b, ok := statusBadges[c.Status]; ok {
			row.Status = b
		}
	}
	if len(c.Reports) > 0 {
		row.Report = &ui.Link{Label: "最近一次进展报告", Path: v.shell.URL(publication.Path(c.Reports[0].ID))}
	}
	return row
}

// goals are the bars of a commitment.
func goals(c *publication.Commitment) (bars []measure) {
	for _, g := range c.Targets {
		m := measure{Label: g.Text, Percent: min(g.Percent, 100), Known: g.Done != "", Late: g.Late, Text: g.Target.String() + " " + g.Unit}
		if m.Known {
			m.Text = g.Done.String() + " / " + m.Text
		}
		bars = append(bars, m)
	}
	return bars
}

// targetBars are the bars of all commitments by the task that they carry out.
func (p *Portal) targetBars(v *visit) (map[string][]measure, error) {
	list, err := p.Publications.Commitments(v.r.Context(), publication.Filter{})
	if err != nil {
		return nil, err
	}
	bars := map[string][]measure{}
	for i := range list {
		c := &list[i]
		if c.Task == "" {
			continue
		}
		for _, m := range goals(c) {
			m.Href = v.shell.URL(publication.Path(c.Record.ID))
			bars[c.Task] = append(bars[c.Task], m)
		}
	}
	return bars, nil
}

// progressOf are the bars on the page of a commitment itself.
func (p *Portal) progressOf(v *visit, d *publication.Document) ([]measure, error) {
	if d.Kind != publication.KindCommitment {
		return nil, nil
	}
	c, err := p.Publications.Commitment(v.r.Context(), d.ID)
	if err != nil {
		return nil, err
	}
	return goals(&c), nil
}
