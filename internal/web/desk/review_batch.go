package desk

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/drafting"
	"gongkai/internal/fault"
	"gongkai/internal/web/ui"
)

// batchPage lists what waits for one step, to be taken for many at once, and
// then what became of each.
type batchPage struct {
	frame
	Tabs    []tab
	Label   string // of the button
	Event   string
	About   string
	Confirm bool
	Rows    []batchRow
	More    string
	Empty   empty
	Results []batchResult
	Summary string
}

// View names the folder.
func (*batchPage) View() string { return "review_batch" }

type batchRow struct {
	ID       int64
	Revision int
	Title    string
	Path     string
	Unit     string
	Kind     string
	By       string // who saved it
	Left     left
	Open     int // remarks and findings that stand open
}

type batchResult struct {
	Title string
	Path  string
	Done  bool
	Words string
}

// batch is a step that can be taken for many. Secrecy review is not among
// them: whoever clears looks at each.
type batch struct {
	name   string // in the address
	label  string
	event  drafting.Event
	act    access.Act
	about  string
	filter drafting.Filter
}

var batches = []batch{
	{"review", "待我审核", drafting.Approve, access.RecordReview, "选中的都看过了，再成批通过。", drafting.Filter{Waiting: true, States: []drafting.State{drafting.InReview}}},
	{"sign", "待我签发", drafting.Sign, access.RecordSign, "签发前要确认是您本人。", drafting.Filter{Waiting: true, States: []drafting.State{drafting.ToSign}}},
	{"publish", "待发布", drafting.Publish, access.RecordPublish, "选中的马上公开。", drafting.Filter{Waiting: true, States: []drafting.State{drafting.Scheduled}}},
	{"owed", "紧急发布待补签", drafting.Countersign, access.RecordRead, "先发布后补签的，要由没有写过、也没有决定紧急发布的人补签。", drafting.Filter{Owed: true}},
}

// batchesOf are the batches that somebody can do or watch.
func batchesOf(me *access.Person) (list []batch) {
	for _, b := range batches {
		if me.CanAnywhere(b.act) {
			list = append(list, b)
		}
	}
	return list
}

// batchAsked is the batch that the address names, or the first.
func (v *visit) batchAsked(name string) (batch, []batch, error) {
	list := batchesOf(v.me)
	if len(list) == 0 {
		return batch{}, nil, access.Refusal(access.RecordReview)
	}
	if name == "" {
		return list[0], list, nil
	}
	for _, b := range list {
		if b.name == name {
			return b, list, nil
		}
	}
	return batch{}, nil, fault.New(fault.NotFound, "batch_unknown", "没有“%s”这一类成批办理，或者您没有这项权限。请从页面上方选。", fault.Clip(name, 20))
}

func showBatch(v *visit) (ui.Page, error) {
	p, err := v.batchPage(v.query("what"), v.query("after"))
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (v *visit) batchPage(name, after string) (*batchPage, error) {
	b, list, err := v.batchAsked(name)
	if err != nil {
		return nil, err
	}
	info, _ := drafting.Life().Event(b.event)
	p := &batchPage{frame: v.frame(""), Label: info.Label, Event: string(b.event), About: b.about}
	p.Confirm = (b.event == drafting.Sign || b.event == drafting.Countersign) && !v.session.ConfirmedWithin(confirmLife)
	for _, o := range list {
		p.Tabs = append(p.Tabs, tab{Label: o.label, Path: At + "review?what=" + o.name, Here: o.name == b.name})
	}
	f := b.filter
	if f.After, err = drafting.ParseCursor(after); err != nil {
		return nil, err
	}
	page, err := v.Drafts.List(v.r.Context(), v.me, f)
	if err != nil {
		return nil, err
	}
	var actors []string
	for _, d := range page.Drafts {
		actors = append(actors, d.SavedBy)
	}
	names, err := v.called(actors...)
	if err != nil {
		return nil, err
	}
	for _, d := range page.Drafts {
		row := batchRow{ID: d.ID, Revision: d.Revision, Title: cmp.Or(d.Title, "（还没有标题）"), Path: drafting.Path(d.ID), Unit: v.unitName(d.UnitID),
			Kind: v.kindLabel(d.Kind), By: cmp.Or(names[d.SavedBy], "程序"), Left: v.waited(civil.DateOf(d.Since)), Open: d.Remarks + d.Findings}
		if d.Emergency.Owed() {
			row.Left = v.left(d.Emergency.Due)
		}
		p.Rows = append(p.Rows, row)
	}
	if next := page.Next.String(); next != "" {
		p.More = At + "review?what=" + b.name + "&after=" + next
	}
	p.Empty = empty{Why: "现在没有" + strings.TrimPrefix(b.label, "待我") + "的信息。", Way: "有新的会出现在这里，也会列在“今天要办”里。",
		Links: []ui.Link{{Label: "看全部信息", Path: At + "drafts"}, {Label: "今天要办", Path: At}}}
	return p, nil
}

// doBatch takes one step with each that is ticked and tells what became of it.
func doBatch(v *visit) error {
	if err := v.readForm(); err != nil {
		return err
	}
	name := v.query("what")
	b, _, err := v.batchAsked(name)
	if err != nil {
		return err
	}
	if b.event == drafting.Sign || b.event == drafting.Countersign {
		if a, ok := v.confirmed(At + "review?what=" + b.name); !ok {
			v.leaveNote(a.note)
			http.Redirect(v.w, v.r, a.to, http.StatusSeeOther)
			return nil
		}
	}
	var items []drafting.Item
	for _, text := range v.fields("draft") {
		id, revision, _ := strings.Cut(text, ".")
		n, err := strconv.ParseInt(id, 10, 64)
		no, err2 := strconv.Atoi(revision)
		if err != nil || err2 != nil {
			continue
		}
		items = append(items, drafting.Item{ID: n, Revision: no})
	}
	if len(items) == 0 || len(items) > drafting.MaxPage {
		return fault.New(fault.Invalid, "batch_empty", "请先选中要办的信息，一次最多 %d 条。", drafting.MaxPage)
	}
	results := v.Drafts.DoMany(v.r.Context(), v.me, items, b.event, drafting.Input{Confirmed: v.session.ConfirmedWithin(confirmLife)})
	p, err := v.batchPage(name, "")
	if err != nil {
		return err
	}
	p.tell(v, b, results)
	return v.engine.Write(v.w, v.r, http.StatusOK, p)
}

// tell adds what became of each.
func (p *batchPage) tell(v *visit, b batch, results []drafting.Done) {
	done := 0
	for _, r := range results {
		d := r.Draft
		row := batchResult{Path: drafting.Path(r.ID), Done: r.Err == nil}
		if r.Err == nil {
			done++
			row.Words = stepNote(b.event, d)
		} else {
			row.Words = "没有办：" + fault.Public(r.Err)
			d, _ = v.Drafts.Draft(v.r.Context(), v.me, r.ID) // one that may not be read keeps its number alone
		}
		row.Title = cmp.Or(d.Title, "编号 "+strconv.FormatInt(r.ID, 10))
		p.Results = append(p.Results, row)
	}
	p.Summary = fmt.Sprintf("选了%d条，办成%d条。", len(results), done)
	if done < len(results) {
		p.Summary += "没有办成的留在原处，原因写在后面。"
	}
}
