package desk

import (
	"cmp"
	"context"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/drafting"
	"gongkai/internal/publication"
	"gongkai/internal/web/ui"
)

// reviewPage is a draft as everybody sees it who works on it: the text as
// readers will have it, remarks, what is missing, and the steps.
type reviewPage struct {
	frame
	ID       int64
	Revision int
	State    badge
	About    string
	Unit     string
	Kind     string
	Left     left // until the draft has to be signed by a second person
	Trouble  string
	Sent     string // why and by whom it was sent back, where it is
	Steps    []reviewStep
	Ways     []ui.Link // editor, versions, public page

	Text    reviewText
	Files   []reviewFile
	Remarks []reviewRemark
	Talk    *remarkForm // nil where nothing can be said any more

	Choices []reviewChoice // what the reader may do
	Refused []reviewChoice // and what not, with the reason
	Wrong   string         // said over the page

	Checks    []checkGroup
	Finds     findingSum
	Decisions []decisionRow
	History   []historyRow
	Hands     string // who has written at it
	Previews  []previewRow
	Guest     *previewForm // nil where nobody outside may be asked
}

// View names the folder.
func (*reviewPage) View() string { return "review" }

type reviewFile struct {
	Name     string
	Path     string
	Original string // path of the file as it came in; "" for those who may not
	Size     string
	Removed  string
	Warnings []string
}

type checkGroup struct {
	Label string
	Class string
	Lines []string
}

// findingSum counts what the privacy gate has found.
type findingSum struct {
	Open, Done int
	Path       string
}

type decisionRow struct {
	On, By, Outcome, Ground, Reason string
	Revision                        int
}

type historyRow struct {
	At, By, What, Words string
	Revision            int
}

func (k *Desk) reviewRoutes() []*route {
	const section = At + "drafts"
	return []*route{
		{pattern: "GET /desk/drafts/{id}", act: access.RecordRead, show: showReview, section: section},
		{pattern: "POST /desk/drafts/{id}/do", act: access.RecordRead, do: doReview, section: section},
		{pattern: "POST /desk/drafts/{id}/remarks", act: access.RecordRead, do: addRemark, section: section},
		{pattern: "POST /desk/drafts/{id}/remarks/{remark}", act: access.RecordRead, do: resolveRemark, section: section},
		{pattern: "GET /desk/drafts/{id}/files/{file}", act: access.RecordRead, raw: sendFile, section: section},
		{pattern: "POST /desk/drafts/{id}/previews", act: access.RecordWrite, raw: makePreview, section: section, title: "核对链接"},
		{pattern: "POST /desk/drafts/{id}/previews/{preview}", act: access.RecordWrite, do: revokePreview, section: section},
		{pattern: "GET /desk/drafts/{id}/gate", act: access.RecordRead, show: showGate, section: section},
		{pattern: "POST /desk/drafts/{id}/gate", act: access.RecordRead, do: resolveFindings, section: section},
		{pattern: "POST /desk/drafts/{id}/gate/look", act: access.RecordRead, raw: lookAtFinding, section: section},
		{pattern: "GET /desk/review", act: access.RecordRead, show: showBatch, section: section, title: "成批办理"},
		{pattern: "POST /desk/review", act: access.RecordRead, raw: doBatch, section: section, title: "成批办理"},
	}
}

func reviewPages() []ui.Page {
	return []ui.Page{&reviewPage{}, &gatePage{}, &previewPage{}, &previewMadePage{}, &batchPage{}}
}

// called gives the names of actors. Those that nobody knows are left out.
func (v *visit) called(actors ...string) (names map[string]string, err error) {
	err = v.view(func(ctx context.Context, tx *db.Tx) error {
		names, err = v.Access.Names(ctx, tx, actors)
		return err
	})
	return names, err
}

// view reads in a transaction, update writes in one.
func (v *visit) view(f func(ctx context.Context, tx *db.Tx) error) error {
	return v.DB.View(v.r.Context(), func(tx *db.Tx) error { return f(v.r.Context(), tx) })
}

func (v *visit) update(f func(ctx context.Context, tx *db.Tx) error) error {
	return v.DB.Update(v.r.Context(), func(tx *db.Tx) error { return f(v.r.Context(), tx) })
}

func showReview(v *visit) (ui.Page, error) {
	id, err := v.id("id")
	if err != nil {
		return nil, err
	}
	p, err := v.reviewPage(id)
	if err != nil {
		return nil, err
	}
	if event := drafting.Event(v.query("do")); event != "" {
		p.open(event, typedFrom(v.r.URL.Query().Get), "")
	}
	return p, nil
}

// reviewPage reads a draft with everything its page shows.
func (v *visit) reviewPage(id int64) (*reviewPage, error) {
	w, err := v.Drafts.Get(v.r.Context(), v.me, id)
	if err != nil {
		return nil, err
	}
	choices, err := v.Drafts.May(v.r.Context(), v.me, id)
	if err != nil {
		return nil, err
	}
	names, err := v.called(actorsOf(w)...)
	if err != nil {
		return nil, err
	}
	who := func(actor string) string { return cmp.Or(names[actor], "程序") }
	state, _ := drafting.Life().State(w.State)
	p := &reviewPage{frame: v.frame(cmp.Or(w.Title, "（还没有标题）")), ID: id, Revision: w.Revision, State: draftBadges[w.State], About: state.About,
		Unit: v.unitName(w.UnitID), Kind: v.kindLabel(w.Kind), Trouble: w.Trouble}
	if w.Emergency.Owed() {
		p.Left = v.left(w.Emergency.Due)
	}
	p.Steps = reviewSteps(w, who)
	p.Ways = v.reviewWays(w)
	p.Remarks = reviewRemarks(w, who)
	if p.Text, err = v.reviewText(w.Line, p.Remarks, func(i int) string { return filePath(id, w.Files[i].ID) }); err != nil {
		return nil, err
	}
	p.files(v, w)
	p.choose(choices)
	p.checks(w)
	p.past(w, who)
	p.talk(v, w)
	p.ask(v, w, who)
	return p, nil
}

// actorsOf lists everybody whom a draft's page names.
func actorsOf(w *drafting.Work) []string {
	list := append([]string{w.Author, w.SavedBy, w.Reviewer, w.Secrecy, w.Signer}, w.Editors...)
	for _, s := range w.History {
		list = append(list, s.By)
	}
	for _, r := range w.Remarks {
		list = append(list, r.By, r.ResolvedBy)
	}
	for _, f := range w.Findings {
		list = append(list, f.By)
	}
	for _, d := range w.Decisions {
		list = append(list, d.By)
	}
	for _, p := range w.Previews {
		list = append(list, p.MadeBy)
	}
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(a string) bool { return a == "" })
}

// draftWay is an address below a draft's page.
func draftWay(id int64, below string) string { return drafting.Path(id) + "/" + below }

func filePath(id, fileID int64) string {
	return draftWay(id, "files/"+strconv.FormatInt(fileID, 10))
}

// recordWay is the desk's page of a record.
func recordWay(id int64) string { return At + "records/" + strconv.FormatInt(id, 10) }

// reviewWays are the pages that lead on from a draft.
func (v *visit) reviewWays(w *drafting.Work) (list []ui.Link) {
	if (w.State == drafting.Editing || w.State == drafting.Returned) && v.me.Can(access.RecordWrite, w.UnitID) {
		list = append(list, ui.Link{Label: "编辑", Path: draftWay(w.ID, "edit")})
	}
	list = append(list, ui.Link{Label: "按公开页面预览", Path: draftWay(w.ID, "preview")}, ui.Link{Label: "各版本", Path: draftWay(w.ID, "versions")})
	if w.RecordID != 0 {
		list = append(list, ui.Link{Label: "已公开的信息", Path: recordWay(w.RecordID)})
	}
	return list
}

func (p *reviewPage) files(v *visit, w *drafting.Work) {
	raw := v.me.Can(access.RecordSecrecy, w.UnitID) || v.me.Can(access.RecordWrite, w.UnitID)
	for _, f := range w.Files {
		row := reviewFile{Name: f.Name, Path: filePath(w.ID, f.ID), Size: ui.Bytes(f.Size), Removed: strings.Join(f.Removed, "、"), Warnings: f.Warnings}
		if raw && f.OriginalHash != f.Hash {
			row.Original = row.Path + "?original=1"
		}
		p.Files = append(p.Files, row)
	}
}

// levels are the groups of checks in their order.
var levels = []struct {
	level drafting.Level
	class string
}{{drafting.Must, "late"}, {drafting.Should, "warn"}, {drafting.Info, ""}}

func (p *reviewPage) checks(w *drafting.Work) {
	for _, l := range levels {
		g := checkGroup{Label: l.level.Label(), Class: l.class}
		for _, c := range w.Checks {
			if c.Level != l.level {
				continue
			}
			words := c.Public()
			if c.Waived != "" {
				words += "（已说明理由：" + c.Waived + "）"
			}
			g.Lines = append(g.Lines, words)
		}
		if len(g.Lines) > 0 {
			p.Checks = append(p.Checks, g)
		}
	}
	p.Finds.Path = draftWay(w.ID, "gate")
	for _, f := range w.Findings {
		switch {
		case f.Open():
			p.Finds.Open++
		case f.Resolution != "":
			p.Finds.Done++
		}
	}
}

// past tells what has happened to the draft.
func (p *reviewPage) past(w *drafting.Work, who func(string) string) {
	for _, d := range w.Decisions {
		p.Decisions = append(p.Decisions, decisionRow{d.On.String(), who(d.By), d.Outcome.Label(), groundWords(d.Ground), d.Reason, d.Revision})
	}
	for _, s := range slices.Backward(w.History) {
		p.History = append(p.History, historyRow{ui.Stamp(s.At), who(s.By), cmp.Or(s.Label, "保存了新的一版"), s.Words, s.Revision})
	}
	if back, ok := lastRound(w.History)[drafting.Return]; ok && w.State == drafting.Returned {
		p.Sent = cmp.Or(back.Words, "见意见") + "（" + who(back.By) + "，" + ui.Stamp(back.At) + "）"
	}
	var hands []string
	for _, a := range w.Editors {
		hands = append(hands, who(a))
	}
	p.Hands = strings.Join(hands, "、")
}

// reviewText is the text of a draft as readers will see it.
type reviewText struct {
	Heading string
	Facts   []reviewFact
	Tables  []reviewTable
	Body    template.HTML
}

type reviewFact struct{ Label, Value string }

type reviewTable struct {
	Title string
	Head  []string
	Rows  [][]string
}

// publicPath is where the public reads a record.
func publicPath(id int64) string { return publication.Path(id) }
