package desk

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"gongkai/internal/access"
	"gongkai/internal/drafting"
	"gongkai/internal/fault"
	"gongkai/internal/web/ui"
)

// draftListPage lists drafts by what they wait for.
type draftListPage struct {
	frame
	Tabs    []tab
	Q       string
	State   string // of the tab
	Duty    string
	Units   []option // nil where there is only one
	Kinds   []option
	Rows    []draftListRow
	Empty   empty
	Next    string
	Batch   []option // what can be done with those that are ticked
	Results []draftResult
	Back    string
	Filters bool // something narrows the list
	CanNew  bool
}

// View names the folder.
func (*draftListPage) View() string { return "drafts" }

type draftListRow struct {
	ID       int64
	Revision int
	Path     string
	Edit     string // "" where it cannot be written
	Title    string
	Number   string
	State    badge
	Unit     string
	Kind     string
	Who      string
	Since    string
	Left     left
	Trouble  string
}

type draftResult struct {
	Title, Path, Words string
	Good               bool
}

// draftTab is one way to look at the list. act is what the step takes; who can
// do it sees under the tab what waits for them, others what waits at all.
type draftTab struct {
	key         string // of the address; for a single state its code
	mine, other string // labels for who can do the step, and for others
	act         access.Act
	events      []drafting.Event
}

var draftTabs = []draftTab{
	{"mine", "我起草的", "", access.RecordWrite, []drafting.Event{drafting.Submit}},
	{"in_review", "待我审核", "待审核", access.RecordReview, []drafting.Event{drafting.Approve}},
	{"in_secrecy", "待我保密审查", "待保密审查", access.RecordSecrecy, nil},
	{"to_sign", "待我签发", "待签发", access.RecordSign, nil},
	{"scheduled", "待我发布", "待发布", access.RecordPublish, []drafting.Event{drafting.Publish}},
	{"returned", "退回修改", "退回修改", access.RecordWrite, []drafting.Event{drafting.Submit}},
	{"published", "已发布", "已发布", "", nil},
	{"abandoned", "已作废", "已作废", "", nil},
	{"all", "全部", "全部", "", nil},
}

// tab finds what the address asks for: without a state what the person is most
// likely here for.
func (v *visit) draftTab() draftTab {
	state := v.query("state")
	if state == "" {
		switch {
		case v.query("q") != "" || v.query("duty") != "":
			state = "all"
		case v.me.CanAnywhere(access.RecordWrite):
			state = "mine"
		}
	}
	for _, t := range draftTabs {
		if t.key == state || state == "" && t.act != "" && t.key != "mine" && v.me.CanAnywhere(t.act) {
			return t
		}
	}
	if _, known := draftBadges[drafting.State(state)]; known {
		return draftTab{key: state}
	}
	return draftTabs[len(draftTabs)-1]
}

// filter is what the tab and the address narrow the list to.
func (v *visit) draftFilter(t draftTab) (f drafting.Filter, err error) {
	f = drafting.Filter{Text: v.query("q"), Kind: v.query("kind"), Size: 30}
	f.DutyID, _ = strconv.ParseInt(v.query("duty"), 10, 64)
	if id, _ := strconv.ParseInt(v.query("unit"), 10, 64); id != 0 {
		f.Units = v.tree.Subtree(id, v.today)
	}
	switch t.key {
	case "mine":
		f.Mine, f.Open = true, true
	case "all":
	default:
		f.States = []drafting.State{drafting.State(t.key)}
		f.Waiting = t.act != "" && t.key != "returned" && v.me.CanAnywhere(t.act)
	}
	f.After, err = drafting.ParseCursor(v.query("after"))
	return f, err
}

func showDrafts(v *visit) (ui.Page, error) { return v.draftListPage() }

func (v *visit) draftListPage() (*draftListPage, error) {
	t := v.draftTab()
	f, err := v.draftFilter(t)
	if err != nil {
		return nil, err
	}
	found, err := v.Drafts.List(v.r.Context(), v.me, f)
	if err != nil {
		return nil, err
	}
	p := &draftListPage{frame: v.frame(""), Q: f.Text, State: t.key, Duty: v.query("duty"), Kinds: v.draftKinds(f.Kind), CanNew: v.me.CanAnywhere(access.RecordWrite),
		Back: v.here(), Filters: f.Text != "" || f.Kind != "" || f.DutyID != 0 || len(f.Units) > 0}
	p.Query = f.Text
	chosen, _ := strconv.ParseInt(v.query("unit"), 10, 64)
	if units := v.draftUnits(access.RecordRead, chosen); len(units) > 1 {
		p.Units = units
	}
	if err := p.count(v, t); err != nil {
		return nil, err
	}
	if err := p.rows(v, found.Drafts); err != nil {
		return nil, err
	}
	if next := found.Next.String(); next != "" {
		p.Next = v.with("after", next)
	}
	for _, e := range t.events {
		if info, ok := drafting.Life().Event(e); ok && v.me.CanAnywhere(t.act) {
			p.Batch = append(p.Batch, option{Value: string(e), Label: info.Label})
		}
	}
	p.explain(v, t)
	return p, nil
}

// count puts numbers on the tabs: what waits for the person.
func (p *draftListPage) count(v *visit, here draftTab) error {
	n, err := v.Drafts.Counts(v.r.Context(), v.me)
	if err != nil {
		return err
	}
	for _, t := range draftTabs {
		item := tab{Label: t.other, Path: v.with("state", t.key, "after", ""), Here: t.key == here.key}
		state := drafting.State(t.key)
		switch {
		case t.key == "mine" && !v.me.CanAnywhere(t.act):
			continue
		case t.key == "mine":
			item.Label, item.Count = t.mine, n.Mine
		case t.act != "" && v.me.CanAnywhere(t.act):
			item.Label, item.Count = t.mine, n.Waiting[state]
		case t.act != "":
			item.Count = n.States[state]
		}
		p.Tabs = append(p.Tabs, item)
	}
	return nil
}

func (p *draftListPage) rows(v *visit, list []drafting.Draft) error {
	var actors []string
	for _, d := range list {
		actors = append(actors, d.SavedBy)
	}
	names, err := v.called(actors...)
	if err != nil {
		return err
	}
	for _, d := range list {
		row := draftListRow{ID: d.ID, Revision: d.Revision, Path: drafting.Path(d.ID), Title: headline(d.Title), Number: d.Number, State: draftBadges[d.State],
			Unit: v.unitName(d.UnitID), Kind: v.kindLabel(d.Kind), Who: names[d.SavedBy], Since: dayOf(d.Since), Left: v.openLeft(&d), Trouble: d.Trouble}
		if v.writable(&d) == nil {
			row.Edit = draftWay(d.ID, "edit")
		}
		p.Rows = append(p.Rows, row)
	}
	return nil
}

// explain says why the list is empty.
func (p *draftListPage) explain(v *visit, t draftTab) {
	switch {
	case len(p.Rows) > 0:
		return
	case p.Filters:
		p.Empty = empty{Why: "没有符合这些条件的稿件。", Way: "请换个词，或去掉条件再看。", Links: []ui.Link{{Label: "去掉条件", Path: At + "drafts?state=" + t.key}}}
		return
	case t.key == "mine" || t.key == "all":
		p.Empty = empty{Why: "还没有在办的稿件。", Way: "可以从一个Word文件、一张空表或者一项应公开事项开始。"}
	default:
		p.Empty = empty{Why: "这里现在没有稿件。", Way: "有了会出现在这里，首页“今天要办”也会提醒。"}
	}
	if p.CanNew {
		p.Empty.Links = []ui.Link{{Label: "写一条信息", Path: At + "drafts/new"}}
	}
}

// batchDrafts does one thing with several drafts; each succeeds or fails on
// its own.
func batchDrafts(v *visit) (answer, error) {
	var items []drafting.Item
	for _, text := range v.fields("draft") {
		var it drafting.Item
		if n, err := fmt.Sscanf(text, "%d.%d", &it.ID, &it.Revision); n == 2 && err == nil {
			items = append(items, it)
		}
	}
	event := drafting.Event(v.field("event"))
	back := v.back(At + "drafts")
	info, ok := drafting.Life().Event(event)
	switch {
	case !ok || event != drafting.Submit && event != drafting.Approve && event != drafting.Publish:
		return answer{}, fault.New(fault.Invalid, "batch_event", "“%s”不能成批办理，请逐份打开办理。", fault.Clip(string(event), 20))
	case len(items) == 0:
		return goTo(back, "没有选中稿件。请先在列表里勾选。")
	case len(items) > drafting.MaxPage:
		return answer{}, fault.New(fault.Invalid, "batch_many", "一次最多办 %d 份，请分几次。", drafting.MaxPage)
	}
	done := v.Drafts.DoMany(v.r.Context(), v.me, items, event, drafting.Input{})
	failed := 0
	for _, d := range done {
		if d.Err != nil {
			if fault.KindOf(d.Err) == fault.Internal {
				return answer{}, d.Err
			}
			failed++
		}
	}
	if failed == 0 {
		return goTo(back, fmt.Sprintf("%s：%d份，都已办好。", info.Label, len(done)))
	}
	_, query, _ := strings.Cut(back, "?")
	v.r.URL.Path, v.r.URL.RawQuery = At+"drafts", query
	p, err := v.draftListPage()
	if err != nil {
		return answer{}, err
	}
	p.Back = back
	return again(p.told(v, done, info.Done))
}

// told says one by one what became of a batch.
func (p *draftListPage) told(v *visit, done []drafting.Done, word string) *draftListPage {
	for _, d := range done {
		r := draftResult{Title: d.Draft.Title, Path: drafting.Path(d.ID), Words: word, Good: d.Err == nil}
		if d.Err != nil {
			r.Words = fault.Public(d.Err)
			if draft, err := v.Drafts.Draft(v.r.Context(), v.me, d.ID); err == nil {
				r.Title = draft.Title
			}
		}
		r.Title = cmp.Or(r.Title, "第"+decimal(d.ID)+"号稿件")
		p.Results = append(p.Results, r)
	}
	return p
}
