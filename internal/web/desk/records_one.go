package desk

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strconv"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/drafting"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/publication"
	"gongkai/internal/web/ui"
)

// recordPage is a public record as those see it who answer for it.
type recordPage struct {
	frame
	ID       int64
	Heading  string
	State    badge
	Standing string
	Stone    string
	Facts    []reviewFact
	Public   string // address at which the public reads it
	Revise   string // address that begins a correction; "" for those who may not
	Ends     []recordEnd
	WhyNot   string
	Versions []versionRow
	Proofs   []proofRow
	Flags    []flagRow
	Decided  []decisionRow
	Drafts   []draftRow
	Wrong    string
}

// View names the folder.
func (*recordPage) View() string { return "record" }

type versionRow struct {
	No                     int
	From, By, Change, Note string
	Path                   string
}

// proofRow is a duty that the record fulfils.
type proofRow struct {
	Title, Path, Unit, Period string
	State                     badge
}

// recordEnd is a way in which a record ends, as a form.
type recordEnd struct {
	Act     string
	Label   string
	About   string
	Open    bool
	Wrong   string
	Reasons []option
	By      bool // asks for the record in its place
	Address bool
	Danger  bool
	Typed   endTyped
}

type endTyped struct{ Reason, By, Address, Note string }

// recordEnds are the acts on public records, with the states that allow them.
var recordEnds = []struct {
	form recordEnd
	from []publication.State
}{
	{recordEnd{Act: "withdraw", Label: "撤下", Danger: true, About: "标题、原因和说明仍可查到，全文和附件不再提供。"},
		[]publication.State{publication.Published, publication.Archived}},
	{recordEnd{Act: "replace", Label: "用另一条代替", By: true, About: "读者打开这一条时，会被引到新的一条。"},
		[]publication.State{publication.Published, publication.Archived, publication.Withdrawn}},
	{recordEnd{Act: "redirect", Label: "移至别处", Address: true, About: "信息已经放在别的地址，读者会被引过去。"},
		[]publication.State{publication.Published, publication.Archived, publication.Withdrawn}},
	{recordEnd{Act: "archive", Label: "归档", About: "仍可查阅，不再列在最新信息里。"}, []publication.State{publication.Published}},
	{recordEnd{Act: "restore", Label: "恢复", About: "恢复成撤下或归档以前的样子。"},
		[]publication.State{publication.Archived, publication.Withdrawn, publication.Replaced, publication.Moved}},
}

var withdrawReasons = []publication.Reason{publication.ReasonError, publication.ReasonSecret, publication.ReasonPrivacy,
	publication.ReasonDuplicate, publication.ReasonOutdated, publication.ReasonOrder}

func showRecord(v *visit) (ui.Page, error) {
	p, _, err := v.recordPage()
	if err != nil {
		return nil, err
	}
	if act := v.query("do"); act != "" {
		p.open(act, endTyped{v.query("reason"), v.query("by"), v.query("address"), v.query("note")}, "")
	}
	return p, nil
}

// record reads the record of the address, for those who may.
func (v *visit) record() (*publication.Document, error) {
	id, err := v.id("id")
	if err != nil {
		return nil, err
	}
	d, err := v.Publications.Get(v.r.Context(), id)
	if err != nil {
		return nil, err
	}
	if !v.me.Can(access.RecordRead, d.UnitID) {
		return nil, access.Refusal(access.RecordRead)
	}
	return d, nil
}

func (v *visit) recordPage() (*recordPage, *publication.Document, error) {
	d, err := v.record()
	if err != nil {
		return nil, nil, err
	}
	p := &recordPage{frame: v.frame(d.Title), ID: d.ID, Heading: d.Title, State: recordBadges[d.State], Standing: d.Standing.Sentence(v.today), Public: publicPath(d.ID)}
	p.describe(v, d)
	p.ends(v, d)
	if p.Proofs, err = v.proofs(d.ID); err != nil {
		return nil, nil, err
	}
	return p, d, p.history(v, d)
}

func (p *recordPage) describe(v *visit, d *publication.Document) {
	add := func(label, value string) {
		if value != "" {
			p.Facts = append(p.Facts, reviewFact{label, value})
		}
	}
	add("发布机构", d.Unit)
	add("种类", v.kindLabel(d.Kind))
	add("文号", d.Number)
	add("成文日期", d.IssuedOn.String())
	add("公开时间", ui.Stamp(d.PublishedAt))
	add("附件", map[bool]string{true: strconv.Itoa(len(d.Attachments)) + "个"}[len(d.Attachments) > 0])
	if on, ok := v.Publications.ArchiveOn(&d.Record); ok {
		add("归档日期", on.String())
	}
	if s := d.Stone; s != nil {
		p.Stone = civil.DateOf(s.At).String() + " " + d.State.Label() + "：" + cmp.Or(s.Reason.Label(), s.Address, s.Note)
		if s.By != nil {
			p.Stone = civil.DateOf(s.At).String() + " 由《" + s.By.Title + "》代替"
		}
		if s.Note != "" && s.Reason != "" {
			p.Stone += "。" + s.Note
		}
	}
	if d.State.Readable() && v.me.Can(access.RecordWrite, d.UnitID) {
		p.Revise = recordWay(d.ID) + "/revise"
	}
}

// ends offers what can be done with the record.
func (p *recordPage) ends(v *visit, d *publication.Document) {
	if !v.me.Can(access.RecordWithdraw, d.UnitID) {
		p.WhyNot = fault.Public(access.Refusal(access.RecordWithdraw))
		return
	}
	for _, e := range recordEnds {
		for _, from := range e.from {
			if from != d.State {
				continue
			}
			form := e.form
			if form.Act == "withdraw" {
				for _, r := range withdrawReasons {
					form.Reasons = append(form.Reasons, option{Value: string(r), Label: r.Label()})
				}
			}
			p.Ends = append(p.Ends, form)
		}
	}
}

func (p *recordPage) open(act string, t endTyped, wrong string) {
	for i := range p.Ends {
		if e := &p.Ends[i]; e.Act == act {
			e.Open, e.Typed, e.Wrong = true, t, wrong
			for j := range e.Reasons {
				e.Reasons[j].On = e.Reasons[j].Value == t.Reason
			}
			return
		}
	}
	p.Wrong = wrong
}

// proofs are the duties that a record fulfils.
func (v *visit) proofs(recordID int64) (list []proofRow, err error) {
	page, err := v.Obligations.Duties(v.r.Context(), obligation.DutyFilter{RecordID: recordID, Retired: true, Size: 100}, v.today)
	for _, d := range page.Duties {
		list = append(list, proofRow{d.Title, At + "duties/" + strconv.FormatInt(d.ID, 10), v.unitName(d.UnitID), d.Period, dutyBadges[d.State]})
	}
	return list, err
}

// history tells of versions, decisions, drafts and flags.
func (p *recordPage) history(v *visit, d *publication.Document) error {
	decisions, err := v.Drafts.DecisionsOf(v.r.Context(), d.ID)
	if err != nil {
		return err
	}
	drafts, err := v.Drafts.List(v.r.Context(), v.me, drafting.Filter{RecordID: d.ID})
	if err != nil {
		return err
	}
	var actors []string
	for _, ver := range d.Versions {
		actors = append(actors, ver.By)
	}
	for _, f := range d.Flags {
		actors = append(actors, f.By)
	}
	for _, c := range decisions {
		actors = append(actors, c.By)
	}
	names, err := v.called(actors...)
	if err != nil {
		return err
	}
	who := func(actor string) string { return cmp.Or(names[actor], "程序") }
	for _, ver := range d.Versions {
		change := map[bool]string{true: "文字订正", false: "实质修改"}[ver.Minor]
		if ver.No == 1 {
			change = "首次公开"
		}
		p.Versions = append(p.Versions, versionRow{ver.No, ver.From.String(), who(ver.By), change, ver.Note, p.Public + "?on=" + ver.From.String()})
	}
	for _, c := range decisions {
		p.Decided = append(p.Decided, decisionRow{c.On.String(), who(c.By), c.Outcome.Label(), groundWords(c.Ground), c.Reason, c.Revision})
	}
	for _, dr := range drafts.Drafts {
		p.Drafts = append(p.Drafts, draftRow{Title: cmp.Or(dr.Title, d.Title), Path: drafting.Path(dr.ID), State: draftBadges[dr.State], Saved: ui.Stamp(dr.SavedAt)})
	}
	may := v.me.Can(access.RecordWrite, d.UnitID) || v.me.Can(access.RecordReview, d.UnitID)
	for _, f := range d.Flags {
		row := flagRow{ID: f.ID, On: f.On.String(), Reason: f.Reason()}
		switch {
		case !f.Reviewed.IsZero():
			row.Done = who(f.By) + " " + ui.Stamp(f.Reviewed) + " 核对：" + f.Note
		case may:
			row.Form = recordWay(d.ID) + "/flags/" + strconv.FormatInt(f.ID, 10)
		}
		p.Flags = append(p.Flags, row)
	}
	return nil
}

// endRecord ends a record in one of the ways, or brings it back.
func endRecord(v *visit) (answer, error) {
	p, d, err := v.recordPage()
	if err != nil {
		return answer{}, err
	}
	act := v.field("act")
	t := endTyped{v.field("reason"), v.field("by"), v.field("address"), v.field("note")}
	err = v.update(func(ctx context.Context, tx *db.Tx) error {
		return v.end(ctx, tx, d.ID, act, t)
	})
	if hasCode(err, "draft_needs_confirmed") {
		q := url.Values{"do": {act}, "reason": {t.Reason}, "by": {t.By}, "address": {t.Address}, "note": {t.Note}}
		a, _ := v.confirmed(recordWay(d.ID) + "?" + q.Encode())
		return a, nil
	}
	if canMend(err) || hasCode(err, "publication_unknown") {
		p.open(act, t, fault.Public(err))
		return again(p)
	}
	if err != nil {
		return answer{}, err
	}
	label := ""
	for _, e := range p.Ends {
		if e.Act == act {
			label = e.Label
		}
	}
	return goTo(recordWay(d.ID), fmt.Sprintf("已办：%s。公开页面马上按新的状态显示。", label))
}

// end has the record end.
func (v *visit) end(ctx context.Context, tx *db.Tx, id int64, act string, t endTyped) error {
	sure := v.session.ConfirmedWithin(confirmLife)
	switch act {
	case "withdraw":
		return v.Drafts.Withdraw(ctx, tx, v.me, id, publication.Reason(t.Reason), t.Note, sure)
	case "replace":
		by, err := strconv.ParseInt(t.By, 10, 64)
		if err != nil {
			return fault.New(fault.Invalid, "successor_missing", "请填代替它的那条信息的编号，就是公开页面地址 /d/ 后面的数字。").At("代替它的信息")
		}
		return v.Drafts.Replace(ctx, tx, v.me, id, by, t.Note, sure)
	case "redirect":
		return v.Drafts.Redirect(ctx, tx, v.me, id, t.Address, t.Note, sure)
	case "archive":
		return v.Drafts.Archive(ctx, tx, v.me, id, t.Note, sure)
	case "restore":
		return v.Drafts.Restore(ctx, tx, v.me, id, t.Note, sure)
	}
	return fault.New(fault.Invalid, "act_unknown", "没有“%s”这个动作，请用页面上的按钮。", fault.Clip(act, 20))
}

// closeFlag notes that somebody has looked whether a record is still right.
func closeFlag(v *visit) (answer, error) {
	d, err := v.record()
	if err != nil {
		return answer{}, err
	}
	flag, err := v.id("flag")
	if err != nil {
		return answer{}, err
	}
	if !v.me.Can(access.RecordWrite, d.UnitID) && !v.me.Can(access.RecordReview, d.UnitID) {
		return answer{}, access.Refusal(access.RecordReview)
	}
	note := v.field("note")
	if note == "" {
		p, _, err := v.recordPage()
		if err != nil {
			return answer{}, err
		}
		p.Wrong = "请写一句核对的结果，例如“不受影响”“已另发新的解读”。"
		return again(p)
	}
	for _, f := range d.Flags {
		if f.ID != flag {
			continue
		}
		err := v.update(func(ctx context.Context, tx *db.Tx) error {
			return v.Publications.Review(ctx, tx, flag, note, v.me.Actor())
		})
		if err != nil {
			return answer{}, err
		}
		return goTo(recordWay(d.ID), "核对结果已记下，公开页面上的提示已去掉。")
	}
	return answer{}, fault.New(fault.NotFound, "flag_unknown", "这条信息没有这个提示，可能刚被别人核对过。请刷新页面。")
}
