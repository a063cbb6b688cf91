package portal

import (
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/publication"
	"gongkai/internal/unit"
	"gongkai/internal/web/ui"
)

// unitsPage is the directory.
type unitsPage struct {
	ui.Shell
	Total  int
	Groups []unitGroup
	None   empty
}

// View names the folder.
func (*unitsPage) View() string { return "units" }

type unitGroup struct {
	Title string
	Units []unitEntry
}

type unitEntry struct {
	Label, Href string
	Note        string
	Children    []ui.Link
}

// unitPage is one organ: what it owes and has published, and its history.
type unitPage struct {
	ui.Shell
	Heading        string
	Kind           string
	Code           string
	Aliases        []string
	Gone           string
	Successors     []ui.Link
	Unconfirmed    bool
	Tally          tally
	Done, Owed     int
	DutiesHref     string
	Urgent         dutyTable
	NoDuties       empty
	Published      []item
	PublishedTotal int
	PublishedHref  string
	NoPublished    empty
	Tasks          []taskLink
	History        []moment
	Parent         ui.Link
	Children       []ui.Link
	Note           string
	FeedPath       string
}

// View names the folder.
func (*unitPage) View() string { return "unit" }

type taskLink struct{ Role, Label, Href string }

// listed are the kinds whose organs stand in the list by themselves; the
// others stand under the organ above them.
var listed = []unit.Kind{unit.City, unit.Department, unit.Party, unit.County, unit.Zone, unit.Central, unit.Institution, unit.Enterprise, unit.Office}

func (p *Portal) unitList(v *visit) (ui.Page, error) {
	page := &unitsPage{Shell: v.shell, None: empty{Why: "名录还是空的。", Way: "请管理员导入单位名录。"}}
	own := map[int64]bool{}
	for _, o := range v.tree.All(v.today) {
		if o.Kind != unit.External && v.owns(o.ID) {
			own[o.ID] = true
		}
	}
	page.Total = len(own)
	for _, kind := range listed {
		group := unitGroup{Title: kind.Label()}
		for _, o := range v.tree.All(v.today, kind) {
			if !own[o.ID] || kind == unit.Department && v.deep(&o) {
				continue
			}
			entry := unitEntry{Label: o.NameOn(v.today), Href: v.shell.URL(unitPath(o.ID))}
			if kind == unit.County || kind == unit.Zone {
				for _, c := range v.tree.Children(o.ID, v.today) {
					entry.Children = append(entry.Children, v.unitLink(c.ID))
				}
			}
			group.Units = append(group.Units, entry)
		}
		if len(group.Units) > 0 {
			page.Groups = append(page.Groups, group)
		}
	}
	return page, nil
}

// deep tells whether an organ stands below a county: it is then listed there.
func (v *visit) deep(o *unit.Organ) bool {
	parent, ok := v.tree.Get(o.ParentOn(v.today))
	return ok && (parent.Kind == unit.County || parent.Kind == unit.Zone || parent.Kind == unit.Township)
}

func (p *Portal) unit(v *visit) (ui.Page, error) {
	id, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil {
		return nil, missing(v.r.URL.Path)
	}
	lineage, ok := v.tree.Lineage(id)
	if !ok {
		return nil, fault.New(fault.NotFound, "unit_unknown", "没有编号为 %d 的单位，请从单位列表里找。", id)
	}
	o := &lineage.Organ
	page := &unitPage{Shell: v.shell, Heading: o.NameOn(v.today), Kind: o.Kind.Label(), Code: o.CodeOn(v.today),
		Unconfirmed: !o.Confirmed, Note: o.Note, FeedPath: "/feeds/unit-" + strconv.FormatInt(id, 10) + ".atom"}
	page.Title, page.Canon = page.Heading, unitPath(id)
	page.Trail = []ui.Link{{Label: "单位", Path: "/units"}}
	page.Feed = &ui.Link{Label: page.Heading, Path: page.FeedPath}
	page.Shell.Column = &ui.Column{Name: page.Heading, Description: page.Heading + "的应公开事项和已公开信息", Keywords: page.Heading, Type: "机构职能"}
	page.place(v, &lineage)
	if err := p.unitDuties(v, page, id); err != nil {
		return nil, err
	}
	return page, p.unitRecords(v, page, id)
}

// place fills names, neighbours and history.
func (page *unitPage) place(v *visit, l *unit.Lineage) {
	o := &l.Organ
	for _, name := range o.Called() {
		if name != page.Heading {
			page.Aliases = append(page.Aliases, name)
		}
	}
	if !o.Holds(v.today) {
		page.Gone = "这个单位已于" + o.Until.Chinese() + "结束。"
		if !o.Since.IsZero() && v.today.Before(o.Since) {
			page.Gone = "这个单位自" + o.Since.Chinese() + "起才有。"
		}
		if now := v.tree.Now(o.ID, v.today); len(now) > 0 && now[0].ID != o.ID {
			page.Gone += "它的职责现由以下单位承担："
			for _, s := range now {
				page.Successors = append(page.Successors, v.unitLink(s.ID))
			}
		}
	}
	if parent := o.ParentOn(v.today); parent != 0 {
		page.Parent = v.unitLink(parent)
	}
	for _, c := range v.tree.Children(o.ID, v.today) {
		page.Children = append(page.Children, v.unitLink(c.ID))
	}
	page.History = history(v, l)
}

// history is the organ's line of time.
func history(v *visit, l *unit.Lineage) (line []moment) {
	if !l.Organ.Since.IsZero() {
		line = append(line, moment{on: l.Organ.Since, Text: "设立"})
	}
	for _, e := range l.Events {
		m := moment{on: e.On, Text: e.Kind.Label(), Note: strings.Join(nonEmpty(e.Basis, e.Note), "；")}
		if e.Was != "" || e.Became != "" {
			m.Text += "：" + strings.Join(nonEmpty(e.Was, e.Became), " → ")
		}
		if !e.Confirmed {
			m.Note = strings.Join(nonEmpty(m.Note, "日期未经核对"), "；")
		}
		line = append(line, m)
	}
	if !l.Organ.Until.IsZero() && len(l.Events) == 0 {
		line = append(line, moment{on: l.Organ.Until, Text: "撤销"})
	}
	if len(line) == 0 {
		return nil
	}
	slices.SortStableFunc(line, func(a, b moment) int { return a.on.Compare(b.on) })
	for i := range line {
		line[i].Date = line[i].on.String()
	}
	return line
}

func nonEmpty(parts ...string) []string {
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

// urgent is the number of duties that a unit's page shows.
const urgent = 8

func (p *Portal) unitDuties(v *visit, page *unitPage, id int64) error {
	ctx, key := v.r.Context(), strconv.FormatInt(id, 10)
	sum, err := p.Obligations.Unit(ctx, id, civil.Date{}, civil.Date{}, v.today)
	if err != nil {
		return err
	}
	page.Done, page.Owed = sum.Counts.Done(), sum.Counts.Owed()
	page.DutiesHref = page.URL("/duties", "unit", key)
	page.Tally = tallyOf(sum.Counts, func(s obligation.State) string {
		return page.URL("/duties", "unit", key, "status", s.String())
	})
	page.NoDuties = empty{Why: "目前没有分到这个单位的应公开事项。", Way: "工作要点和公开事项目录里点到它的名字，事项就会列在这里；没有点名的单位，看它的上级。",
		Links: []ui.Link{{Label: "公开事项目录", Path: page.URL("/catalogue")}}}
	list, err := p.Obligations.Duties(ctx, obligation.DutyFilter{Units: []int64{id}, Size: urgent,
		States: []obligation.State{obligation.Overdue, obligation.DueSoon, obligation.DisputedState}}, v.today)
	if err != nil {
		return err
	}
	page.Urgent.OneUnit = true
	for i := range list.Duties {
		page.Urgent.Rows = append(page.Urgent.Rows, v.dutyRow(&list.Duties[i]))
	}
	tasks, err := p.Obligations.Obligations(ctx, obligation.Filter{UnitID: id, Size: 100})
	if err != nil {
		return err
	}
	for i := range tasks {
		for _, a := range tasks[i].Units {
			if a.UnitID == id && a.Role == obligation.Leads {
				page.Tasks = append(page.Tasks, taskLink{roleWords[a.Role], tasks[i].Title, page.URL(taskPath(tasks[i].Code))})
			}
		}
	}
	return nil
}

func (p *Portal) unitRecords(v *visit, page *unitPage, id int64) error {
	list, err := p.Publications.List(v.r.Context(), publication.Filter{Units: []int64{id}}, publication.Page{Size: 10})
	if err != nil {
		return err
	}
	page.Published, page.PublishedTotal = p.items(v, list.Records), list.Total
	page.PublishedHref = page.URL("/search", "unit", strconv.FormatInt(id, 10), "sort", "newest")
	page.NoPublished = empty{Why: "这个单位还没有在这里公开过信息。", Way: "可能由它的上级公开，也可以搜索，或者向它申请公开。",
		Links: []ui.Link{{Label: "搜索它的名称", Path: page.URL("/search", "q", page.Heading)}, {Label: "怎样申请公开", Path: page.URL("/zfxxgk/guide/") + "#apply"}}}
	return nil
}
