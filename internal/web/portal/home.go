package portal

import (
	"cmp"
	"slices"
	"strconv"

	"gongkai/internal/law"
	"gongkai/internal/obligation"
	"gongkai/internal/obligation/workplan"
	"gongkai/internal/publication"
	"gongkai/internal/web/ui"
)

// homePage is the first page of a site.
type homePage struct {
	ui.Shell
	Placeholder   string
	Total         int
	Latest        string
	CommitTitle   string
	AsOf          string
	Commitments   []measure
	NoCommitments empty
	Plan          *planSummary
	NoPlan        empty
	Newest        []item
	NoNewest      empty
	Statutory     []category
}

// View names the folder.
func (*homePage) View() string { return "home" }

// planSummary is a plan in a few numbers.
type planSummary struct {
	Title, Href string
	Number      string
	Issuer      string
	Date        string
	Tasks, Done int // tasks; those of which nothing is owed any more
	Owed, Met   int // duties of all units; those fulfilled
	Tally       tally
	Own         string // the place whose units alone are counted; "" for all
}

// category is one of the fifteen of article 20.
type category struct {
	Label, Full, Href string
	Count             int
}

func (p *Portal) home(v *visit) (ui.Page, error) {
	ctx := v.r.Context()
	page := &homePage{Shell: v.shell, Placeholder: "文件、事项、问题或文号"}
	page.Canon, page.OwnFind, page.Feed = "/", true, &ui.Link{Label: "最新公开", Path: "/feeds/newest.atom"}
	newest, err := p.Publications.Newest(ctx, publication.Filter{Units: v.units(), Kinds: p.binding()}, 6)
	if err != nil {
		return nil, err
	}
	for i := range newest {
		it := p.item(v, &newest[i].Record)
		if explained := newest[i].Interpretations; len(explained) > 0 {
			it.Beside = &ui.Link{Label: explained[0].Title, Path: v.shell.URL(publication.Path(explained[0].ID))}
		}
		page.Newest = append(page.Newest, it)
	}
	page.NoNewest = empty{Why: "还没有公开过政策文件。", Way: "文件一经公开，几秒钟内就会出现在这里。"}
	all, err := p.Publications.List(ctx, publication.Filter{Units: v.units()}, publication.Page{Size: 1})
	if err != nil {
		return nil, err
	}
	page.Total = all.Total
	if len(all.Records) > 0 {
		page.Latest = all.Records[0].ListedOn.Chinese()
	}
	if page.Statutory, err = p.categories(v, "/zfxxgk/statutory/"); err != nil {
		return nil, err
	}
	if page.Plan, err = p.currentPlan(v); err != nil {
		return nil, err
	}
	page.NoPlan = empty{Why: "还没有一份工作要点把任务分到" + v.here() + "。", Way: "工作要点导入后，每一项任务谁负责、公开了没有都会列在这里。",
		Links: []ui.Link{{Label: "看法定公开事项", Path: v.shell.URL("/catalogue")}}}
	return page, p.homeCommitments(v, page)
}

func (p *Portal) homeCommitments(v *visit, page *homePage) error {
	years, err := p.commitmentYears(v)
	if err != nil {
		return err
	}
	page.NoCommitments = v.noCommitments()
	if len(years) == 0 {
		return nil
	}
	page.CommitTitle = years[0].Title
	for _, c := range years[0].Commitments {
		if len(c.Bars) > 0 {
			bar := c.Bars[0]
			bar.Label, bar.Href = c.Title, c.Href
			page.Commitments = append(page.Commitments, bar)
		}
		page.AsOf = max(page.AsOf, c.AsOf)
	}
	return nil
}

// binding are the kinds that have validity.
func (p *Portal) binding() (codes []string) {
	for _, k := range p.Publications.Kinds.All() {
		if k.Validity {
			codes = append(codes, k.Code)
		}
	}
	return codes
}

// categories are the fifteen categories of article 20 with the number of
// records in each; base is the path above their pages.
func (p *Portal) categories(v *visit, base string) ([]category, error) {
	counts, err := p.Publications.Counts(v.r.Context(), publication.Filter{Units: v.units()}, publication.ByStatutory)
	if err != nil {
		return nil, err
	}
	var list []category
	for _, it := range law.Categories().All() {
		code := string(it.Code)
		list = append(list, category{Label: it.Column, Full: it.Label, Href: v.shell.URL(base + code + "/"), Count: counts[code]})
	}
	return list, nil
}

// currentPlan sums up the newest work plan of the year, or the newest at all.
func (p *Portal) currentPlan(v *visit) (*planSummary, error) {
	plans, err := p.Obligations.Plans(v.r.Context())
	if err != nil {
		return nil, err
	}
	plans = slices.DeleteFunc(plans, func(pl obligation.Plan) bool { return pl.Kind != obligation.WorkPlan || pl.Year > v.today.Year() })
	if len(plans) == 0 {
		return nil, nil
	}
	newest := slices.MaxFunc(plans, func(a, b obligation.Plan) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), a.IssuedOn.Compare(b.IssuedOn), cmp.Compare(a.ID, b.ID))
	})
	view, err := p.planView(v, newest.ID)
	if err != nil {
		return nil, err
	}
	if len(view.Obligations) == 0 {
		return nil, nil // nothing of it is laid on the site's own units
	}
	return v.summary(&view), nil
}

// summary counts a plan's tasks: one is done when nothing of it is owed any
// more.
func (v *visit) summary(view *obligation.PlanView) *planSummary {
	id := strconv.FormatInt(view.Plan.ID, 10)
	s := &planSummary{Title: view.Plan.Title, Href: v.shell.URL("/plans/" + id), Number: view.Plan.Number, Issuer: view.Plan.Issuer,
		Date: view.Plan.IssuedOn.Chinese(), Owed: view.Counts.Owed(), Met: view.Counts.Done(), Own: v.own()}
	for _, o := range view.Obligations {
		if slices.ContainsFunc(view.Plan.Standing, func(st workplan.Standing) bool { return st.Text == o.Text }) {
			continue // laid on everybody by the closing words, no task by itself
		}
		s.Tasks++
		if done(o.Counts) {
			s.Done++
		}
	}
	s.Tally = tallyOf(view.Counts, func(st obligation.State) string {
		return v.shell.URL("/duties", "plan", id, "status", st.String())
	})
	return s
}

// done tells whether everything owed is fulfilled.
func done(c obligation.Counts) bool { return c.Owed() > 0 && c.Done() == c.Owed() }
