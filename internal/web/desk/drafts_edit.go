package desk

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/drafting"
	"gongkai/internal/extract"
	"gongkai/internal/fault"
	"gongkai/internal/intake"
	"gongkai/internal/publication"
	"gongkai/internal/web/ui"
)

// draftEditPage is where a draft is written.
type draftEditPage struct {
	frame
	ID       int64
	Revision int // that the form was made of
	Owner    int64
	State    badge
	Saved    string // by whom and when
	Kind     string
	Kinds    []option
	Common   []formField
	More     []formField
	Own      []formField
	Body     string

	Relations []formRelation
	Find      string
	FindTypes []option
	Picks     []pick
	Asked     bool // something was searched for
	Files     []formFile

	Correction *correction // nil for what is not public yet
	Checks     []formCheck
	Must       int // checks that stand against handing on
	Left       left

	Wrong    string // said over the form
	Unsaved  string // when the text was kept that is shown and not saved
	Moved    bool   // the draft has gone on since
	Others   string // who else is writing
	Read     int64  // file that the marks are of
	Warnings []string
	Back     string // remarks of who sent it back
}

// View names the folder.
func (*draftEditPage) View() string { return "draft_edit" }

// correction is what is said about a change of something public.
type correction struct {
	Major, Minor bool
	Note         string
	Path         string
}

type formFile struct {
	ID          int64
	Name, Path  string
	Size        string
	Removed     string
	Warnings    []string
	First, Last bool
	Shown       bool // the text shows it or leads to it
}

type formCheck struct {
	Class, Level string
	Words        string
	Field        string // anchor of the field it is about; "" for none
	Code         string
	Waivable     bool
	Reason       string
}

func showEditor(v *visit) (ui.Page, error) {
	w, err := v.work()
	if err != nil {
		return nil, err
	}
	if err := v.writable(&w.Draft); err != nil {
		return nil, err
	}
	line, base := w.Line, w.Revision
	mine := ownUnsaved(w, v.me.Actor())
	if mine != nil {
		line, base = mine.Line, mine.Base
	}
	p, err := v.editPage(w, line, base, nil)
	if err != nil {
		return nil, err
	}
	if mine != nil {
		p.Unsaved = ui.Stamp(mine.At)
		p.Moved, err = v.textMoved(w, mine.Base)
	}
	return p, err
}

// work reads the draft that the address names.
func (v *visit) work() (*drafting.Work, error) {
	id, err := v.id("id")
	if err != nil {
		return nil, err
	}
	return v.Drafts.Get(v.r.Context(), v.me, id)
}

// ownUnsaved is the text that somebody has been writing; nil for none.
func ownUnsaved(w *drafting.Work, actor string) *drafting.Unsaved {
	i := slices.IndexFunc(w.Unsaved, func(u drafting.Unsaved) bool { return u.By == actor && u.Line != nil })
	if i < 0 {
		return nil
	}
	return &w.Unsaved[i]
}

// textMoved tells whether somebody has saved another text since a revision.
func (v *visit) textMoved(w *drafting.Work, base int) (bool, error) {
	if base == w.Revision {
		return false, nil
	}
	list, err := v.Drafts.Revisions(v.r.Context(), v.me, w.ID)
	if err != nil {
		return false, err
	}
	at := func(no int) string {
		for _, r := range list {
			if r.No == no {
				return r.Hash
			}
		}
		return ""
	}
	return at(base) != at(w.Revision), nil
}

// editPage is the form over a line, which may say other than the draft's
// newest revision. base is the revision that the line was written on.
func (v *visit) editPage(w *drafting.Work, line *publication.Line, base int, wrong map[string]string) (*draftEditPage, error) {
	k := v.kindOf(line.Kind)
	p := &draftEditPage{frame: v.frame("编辑：" + headline(line.Title)), ID: w.ID, Revision: base, Owner: v.me.ID, State: draftBadges[w.State],
		Kind: k.Code, Kinds: v.draftKinds(line.Kind), Relations: formRelations(line), FindTypes: relationOptions(publication.Interprets), Left: v.openLeft(&w.Draft)}
	p.Common, p.More, p.Own = formFields(line, k)
	var err error
	if p.Body, err = bodyForEditor(line, w); err != nil {
		return nil, err
	}
	if err := p.people(v, w); err != nil {
		return nil, err
	}
	if w.Correction() {
		p.Correction = &correction{Major: w.Change != drafting.Minor, Minor: w.Change == drafting.Minor, Note: w.Note, Path: recordWay(w.RecordID)}
	}
	p.files(w, line)
	p.check(w)
	p.mistaken(wrong)
	if err := p.search(v); err != nil {
		return nil, err
	}
	return p, p.marks(v, w)
}

// people says who saved last, who else writes, and why it came back.
func (p *draftEditPage) people(v *visit, w *drafting.Work) error {
	actors := []string{w.SavedBy}
	for _, u := range w.Unsaved {
		actors = append(actors, u.By)
	}
	names, err := v.called(actors...)
	if err != nil {
		return err
	}
	p.Saved = fmt.Sprintf("第%d版，%s %s保存", w.Revision, names[w.SavedBy], ui.Stamp(w.SavedAt))
	var others []string
	for _, u := range w.Unsaved {
		if u.By != v.me.Actor() && names[u.By] != "" {
			others = append(others, names[u.By])
		}
	}
	p.Others = strings.Join(others, "、")
	if w.State == drafting.Returned {
		for _, s := range slices.Backward(w.History) {
			if s.Event == drafting.Return {
				p.Back = s.Words
				break
			}
		}
	}
	return nil
}

func (p *draftEditPage) files(w *drafting.Work, line *publication.Line) {
	for i, f := range w.Files {
		p.Files = append(p.Files, formFile{ID: f.ID, Name: f.Name, Path: filePath(w.ID, f.ID), Size: ui.Bytes(f.Size), Removed: strings.Join(f.Removed, "、"),
			Warnings: f.Warnings, First: i == 0, Last: i == len(w.Files)-1, Shown: strings.Contains(line.Body.Text, f.PathOf())})
	}
}

// checkClasses are how levels of checks look.
var checkClasses = map[drafting.Level]string{drafting.Must: "late", drafting.Should: "warn", drafting.Info: "soft"}

// check lists what is still missing, what stands in the way first.
func (p *draftEditPage) check(w *drafting.Work) {
	for _, level := range []drafting.Level{drafting.Must, drafting.Should, drafting.Info} {
		for _, c := range w.Checks {
			if c.Level != level {
				continue
			}
			if level == drafting.Must {
				p.Must++
			}
			f := formCheck{Class: checkClasses[level], Level: level.Label(), Words: c.Message + c.Way, Field: p.anchorOf(c.Place), Code: c.Code,
				Waivable: c.Waivable() && (level == drafting.Must || c.Waived != ""), Reason: c.Waived}
			if f.Field == "" && c.Place != "" {
				f.Words = c.Place + "：" + f.Words
			}
			if c.Code == "finding" {
				f.Field = draftWay(w.ID, "gate")
			}
			p.Checks = append(p.Checks, f)
		}
	}
}

// sections are the parts of the form that checks name in words.
var sections = map[string]string{"正文": "#body", "解读": "#relations", "更正说明": "#correction", "body": "#body", "成文日期": "#issued_on", "文号": "#number"}

// anchorOf is where on the page something is mended that a check is about.
func (p *draftEditPage) anchorOf(place string) string {
	if a, ok := sections[place]; ok {
		return a
	}
	if strings.HasPrefix(place, "附件") {
		return "#files"
	}
	for _, list := range [][]formField{p.Common, p.More, p.Own} {
		for _, f := range list {
			if f.Path == place || strings.HasPrefix(place, f.Path+".") || strings.HasPrefix(place, f.Path+"[") {
				return "#" + f.Name
			}
		}
	}
	return ""
}

// mistaken puts what could not be read beside its field, as it was typed.
func (p *draftEditPage) mistaken(wrong map[string]string) {
	for _, list := range [][]formField{p.Common, p.More, p.Own} {
		for i := range list {
			list[i].Wrong = wrong[list[i].Path]
		}
	}
	if len(wrong) > 0 {
		p.Wrong = "有" + strconv.Itoa(len(wrong)) + "处没有读懂，还没有保存。请照字段旁的提示改正。"
	}
}

// search shows what was found for a relation.
func (p *draftEditPage) search(v *visit) (err error) {
	p.Find = v.query("find")
	if p.Find == "" {
		return nil
	}
	p.Asked = true
	for i, o := range p.FindTypes {
		p.FindTypes[i].On = o.Value == v.query("as")
	}
	p.Picks, err = v.picks(p.Find)
	return err
}

// marks says beside each field what was read in the file, and how sure that
// is. A file that is gone or cannot be read any more gives none.
func (p *draftEditPage) marks(v *visit, w *drafting.Work) error {
	p.Read, _ = strconv.ParseInt(v.query("read"), 10, 64)
	if p.Read == 0 {
		p.Read = v.number("read")
	}
	if p.Read == 0 || !slices.ContainsFunc(w.Files, func(f drafting.File) bool { return f.ID == p.Read }) {
		return nil
	}
	f, r, err := v.Drafts.OpenFile(v.r.Context(), v.me, w.ID, p.Read, true)
	if err != nil {
		return err
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	doc, err := extract.Read(f.Name, data, extract.Limits{})
	if fault.KindOf(err) == fault.Invalid || fault.KindOf(err) == fault.TooLarge {
		return nil
	}
	if err != nil {
		return err
	}
	proposal := intake.Recognise(f.Name, doc, organNames{v.tree, v.today})
	p.Warnings = append(append([]string{}, doc.Warnings...), proposal.Warnings...)
	found := marksOf(&proposal)
	for _, list := range [][]formField{p.Common, p.More} {
		for i := range list {
			if m, ok := found[list[i].Path]; ok {
				list[i].Mark = &m
			}
		}
	}
	return nil
}

// marksOf are the marks of a proposal by the field they are about.
func marksOf(p *intake.Proposal) map[string]readMark {
	marks := map[string]readMark{}
	add := func(path string, sure intake.Sure, where intake.Where) {
		if sure == intake.Nothing {
			return
		}
		m := readMark{Class: map[intake.Sure]string{intake.Guess: "warn", intake.Certain: "ok"}[sure]}
		from := "从文件名或文件属性"
		if where.Block != intake.OutsideText {
			from = "从第" + strconv.Itoa(where.Block+1) + "段"
		}
		m.Words = from + "读到：“" + fault.Clip(where.Quote, 40) + "”（" + sure.Label() + "）"
		marks[path] = m
	}
	add("title", p.Title.Sure, p.Title.Where)
	add("unit", p.Issuer.Sure, p.Issuer.Where)
	add("number", p.Number.Sure, p.Number.Where)
	add("issued_on", p.IssuedOn.Sure, p.IssuedOn.Where)
	add("effective_on", p.EffectiveOn.Sure, p.EffectiveOn.Where)
	add("expires_on", p.ExpiresOn.Sure, p.ExpiresOn.Where)
	add("category", p.Category.Sure, p.Category.Where)
	return marks
}
