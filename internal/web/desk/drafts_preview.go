package desk

import (
	"gongkai/internal/access"
	"gongkai/internal/publication"
	"gongkai/internal/web/ui"
)

// draftPreviewPage shows a draft as the public will see it.
type draftPreviewPage struct {
	frame
	ID    int64
	State badge
	Edit  string // "" where it cannot be written
	Mine  bool   // it is the reader's unsaved text
	Text  reviewText
	Files []listedFile
}

// View names the folder.
func (*draftPreviewPage) View() string { return "draft_preview" }

func showDraftPreview(v *visit) (ui.Page, error) {
	w, err := v.work()
	if err != nil {
		return nil, err
	}
	line := w.Line
	p := &draftPreviewPage{ID: w.ID, State: draftBadges[w.State]}
	if mine := ownUnsaved(w, v.me.Actor()); mine != nil && v.me.Can(access.RecordWrite, w.UnitID) {
		shown := *mine.Line
		shown.Attachments = w.Line.Attachments
		line, p.Mine = &shown, true
	}
	p.frame = v.frame("预览：" + headline(line.Title))
	if v.writable(&w.Draft) == nil {
		p.Edit = draftWay(w.ID, "edit")
	}
	if p.Text, err = v.reviewText(line, nil, func(i int) string { return draftFile(w, i) }); err != nil {
		return nil, err
	}
	for i, a := range w.Line.Attachments {
		p.Files = append(p.Files, listedFile{a.Name, draftFile(w, i), attachmentNote(a)})
	}
	return p, nil
}

// attachmentNote is what stands behind a file's name.
func attachmentNote(a publication.Attachment) string {
	if a.URL != "" {
		return "外部网站"
	}
	return ui.Bytes(a.Size)
}
