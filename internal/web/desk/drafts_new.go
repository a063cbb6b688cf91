package desk

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/drafting"
	"gongkai/internal/extract"
	"gongkai/internal/fault"
	"gongkai/internal/intake"
	"gongkai/internal/publication"
	"gongkai/internal/unit"
	"gongkai/internal/web/ui"
)

// draftNewPage offers the ways to begin: a file, a kind, a table.
type draftNewPage struct {
	frame
	Units     []option
	Kinds     []newKind
	Sheets    []option
	Duty      *newDuty // begun from a duty
	Chosen    string   // kind for the file
	FileWrong string
	Unread    bool // the file could not be read; it may still be an attachment
	SheetBad  string
	KindWrong string
}

// View names the folder.
func (*draftNewPage) View() string { return "draft_new" }

type newKind struct {
	Code, Label, About string
	On                 bool
}

type newDuty struct {
	ID                int64
	Title, Unit, Path string
	Left              left
}

func (v *visit) newDraftPage() (*draftNewPage, error) {
	p := &draftNewPage{frame: v.frame("写一条信息"), Units: v.draftUnits(access.RecordWrite, v.me.UnitID), Chosen: v.field("kind"), Sheets: v.draftKinds(v.field("kind"))}
	if chosen := v.number("unit"); chosen != 0 {
		p.Units = v.draftUnits(access.RecordWrite, chosen)
	}
	for _, k := range v.Publications.Kinds.All() {
		p.Kinds = append(p.Kinds, newKind{k.Code, k.Label, k.Description, k.Code == p.Chosen})
	}
	id, _ := strconv.ParseInt(v.query("duty"), 10, 64)
	if id == 0 {
		id = v.number("duty")
	}
	if id == 0 {
		return p, nil
	}
	d, err := v.Obligations.Duty(v.r.Context(), id, v.today)
	if err != nil {
		return nil, err
	}
	if !v.me.Can(access.RecordWrite, d.UnitID) {
		return nil, access.Refusal(access.RecordWrite)
	}
	p.Duty = &newDuty{ID: id, Title: d.Title, Unit: v.unitName(d.UnitID), Path: At + "duties/" + decimal(id), Left: v.left(d.DueOn)}
	p.Units = v.draftUnits(access.RecordWrite, d.UnitID)
	return p, nil
}

func showNewDraft(v *visit) (ui.Page, error) { return v.newDraftPage() }

// beginDraft makes an empty draft of a kind, or the one that a duty wants.
func beginDraft(v *visit) (answer, error) {
	if id := v.number("duty"); id != 0 && v.field("kind") == "" {
		d, err := v.Drafts.CreateForDuty(v.r.Context(), v.me, id)
		if err != nil {
			return answer{}, err
		}
		return goTo(draftWay(d.ID, "edit"), "已按这项任务填好标题和种类，请写正文。")
	}
	var d drafting.Draft
	line := &publication.Line{Kind: v.field("kind")}
	err := v.DB.Update(v.r.Context(), func(tx *db.Tx) (err error) {
		d, err = v.Drafts.Create(v.r.Context(), tx, v.me, v.writeUnit(), line)
		return err
	})
	if err != nil && onForm(err) {
		p, pageErr := v.newDraftPage()
		if pageErr != nil {
			return answer{}, pageErr
		}
		p.KindWrong = fault.Public(err)
		return again(p)
	}
	if err != nil {
		return answer{}, err
	}
	return goTo(draftWay(d.ID, "edit"), "")
}

// writeUnit is the unit that a form names, or the person's own.
func (v *visit) writeUnit() int64 {
	if id := v.number("unit"); id != 0 {
		return id
	}
	return v.me.UnitID
}

// maxDropped is the size of a file whose text is read, in bytes.
const maxDropped = 64 << 20

// upload is a file that a form sends.
type upload struct {
	Name string
	Data []byte
}

// uploaded reads the file under a name; a form without one is a fault that
// says so.
func (v *visit) uploaded(name string) (upload, error) {
	f, head, err := v.r.FormFile(name)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return upload{}, fault.New(fault.Invalid, "file_missing", "没有选文件。请先选一个文件再提交。")
	}
	if err != nil {
		return upload{}, err
	}
	defer f.Close()
	if head.Size == 0 {
		return upload{}, fault.New(fault.Invalid, "file_empty", "这个文件是空的，可能没有存好。请打开看看再交。").At("%s", head.Filename)
	}
	data, err := io.ReadAll(io.LimitReader(f, fileBytes))
	return upload{head.Filename, data}, err
}

// dropFile makes a draft of a document.
func dropFile(v *visit) (answer, error) {
	d, read, err := v.dropped()
	if err == nil {
		to := draftWay(d.ID, "edit")
		if read != 0 {
			to += "?read=" + decimal(read)
		}
		return goTo(to, "已建稿，原件在附件里。请核对下面认出的各项。")
	}
	if !onForm(err) {
		return answer{}, err
	}
	p, pageErr := v.newDraftPage()
	if pageErr != nil {
		return answer{}, pageErr
	}
	p.FileWrong = fault.Public(err)
	p.Unread = fault.KindOf(err) == fault.Invalid && !hasCode(err, "file_missing") && !hasCode(err, "file_empty")
	return again(p)
}

// dropped reads the file of the form and begins a draft of it. read is the
// file in the draft, 0 where its text could not be read.
func (v *visit) dropped() (d drafting.Draft, read int64, err error) {
	f, err := v.uploaded("file")
	if err != nil {
		return d, 0, err
	}
	if len(f.Data) > maxDropped {
		return d, 0, fault.New(fault.TooLarge, "file_too_large", "文件超过 %d MB，没有收。请拆分，或另建一稿把它作为附件。", maxDropped>>20).At("%s", f.Name)
	}
	drop := drafting.Dropped{UnitID: v.writeUnit(), Kind: v.field("kind"), Name: f.Name, Data: f.Data}
	doc, err := extract.Read(f.Name, f.Data, extract.Limits{})
	switch {
	case err == nil:
		drop.Proposal = intake.Recognise(f.Name, doc, organNames{v.tree, v.today})
	case v.field("anyway") == "" || !onForm(err):
		return d, 0, err
	}
	unread := err != nil
	if d, err = v.Drafts.CreateFrom(v.r.Context(), v.me, drop); err != nil || unread {
		return d, 0, err
	}
	if err := v.forDuty(&d); err != nil {
		return d, 0, err
	}
	w, err := v.Drafts.Get(v.r.Context(), v.me, d.ID)
	if err != nil || len(w.Files) == 0 {
		return d, 0, err
	}
	return d, w.Files[0].ID, nil
}

// forDuty lets a draft say for which duty it is.
func (v *visit) forDuty(d *drafting.Draft) error {
	id := v.number("duty")
	if id == 0 {
		return nil
	}
	duty, err := v.Obligations.Duty(v.r.Context(), id, v.today)
	if err != nil {
		return err
	}
	line, err := v.Drafts.RevisionLine(v.r.Context(), v.me, d.ID, d.Revision)
	if err != nil {
		return err
	}
	line.Relations = append(line.Relations, publication.RelationLine{Type: publication.Fulfils, Target: duty.Code + "@" + duty.Period})
	*d, err = v.Drafts.Save(v.r.Context(), v.me, d.ID, d.Revision, line)
	return err
}

// organNames knows organs by the city's own directory.
type organNames struct {
	tree *unit.Tree
	on   civil.Date
}

// Organ tells whether name is the name of an organ.
func (n organNames) Organ(name string) bool {
	_, err := n.tree.Resolve(name, n.on)
	return err == nil
}

// reviseRecord opens a correction of a public record, or the one that is on
// its way already.
func reviseRecord(v *visit) (answer, error) {
	id, err := v.id("id")
	if err != nil {
		return answer{}, err
	}
	d, err := v.Drafts.Revise(v.r.Context(), v.me, id)
	if hasCode(err, "draft_alone") {
		found, listErr := v.Drafts.List(v.r.Context(), v.me, drafting.Filter{RecordID: id, Open: true, Size: 1})
		if listErr == nil && len(found.Drafts) == 1 {
			return goTo(drafting.Path(found.Drafts[0].ID), "这条信息已有一份更正稿在办，就是这一份。")
		}
	}
	if err != nil {
		return answer{}, err
	}
	return goTo(draftWay(d.ID, "edit"), "已按公开的文本起了更正稿。请改好，再写一句给读者看的更正说明。")
}

// dayOf is the day of an instant in the city; "" for none.
func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return civil.DateOf(t).String()
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }
