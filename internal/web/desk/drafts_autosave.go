package desk

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/drafting"
	"gongkai/internal/fault"
	"gongkai/internal/publication"
	"gongkai/internal/web/ui"
)

// autosaved is what the editor sends every few seconds: the form around the
// text, a value or a list of values under each name.
type autosaved struct {
	Revision int            `json:"revision"`
	Body     string         `json:"body"`
	Title    string         `json:"title"`
	Fields   map[string]any `json:"fields"`
}

// form is the same as a form would send it.
func (a *autosaved) form() url.Values {
	form := url.Values{"body": {a.Body}, "title": {a.Title}}
	for name, v := range a.Fields {
		switch v := v.(type) {
		case string:
			form.Set(name, v)
		case []any:
			for _, one := range v {
				if s, ok := one.(string); ok {
					form.Add(name, s)
				}
			}
		}
	}
	return form
}

// autosave keeps what somebody is writing, without a revision.
func autosave(v *visit) error {
	w, err := v.work()
	if err == nil {
		err = v.writable(&w.Draft)
	}
	if err != nil {
		return v.refuseJSON(err)
	}
	var in autosaved
	if err := json.NewDecoder(v.r.Body).Decode(&in); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return v.refuseJSON(fault.New(fault.TooLarge, "draft_too_large", "正文超过 %d MB，没有保存。请把大段的表格、名单改作附件。", large.Limit>>20))
		}
		return v.refuseJSON(fault.New(fault.Invalid, "autosave_broken", "保存的内容读不出来，可能中途断了网。").Because(err))
	}
	line, wrong := v.typedLine(w, in.form())
	for _, message := range wrong {
		return v.refuseJSON(fault.New(fault.Invalid, "field_bad", "%s", message))
	}
	u, err := v.Drafts.Autosave(v.r.Context(), v.me, w.ID, in.Revision, line)
	var moved *drafting.Conflicted
	if errors.As(err, &moved) {
		return v.tellMoved(w.ID, moved)
	}
	if err != nil {
		return v.refuseJSON(err)
	}
	return answerJSON(v.w, http.StatusOK, map[string]any{"revision": in.Revision, "saved_at": u.At.In(civil.China).Format(time.RFC3339)})
}

// tellMoved says that somebody else has saved meanwhile.
func (v *visit) tellMoved(id int64, c *drafting.Conflicted) error {
	names, err := v.called(c.By)
	if err != nil {
		return err
	}
	return answerJSON(v.w, http.StatusConflict, map[string]any{"by": names[c.By], "at": c.At.In(civil.China).Format(time.RFC3339),
		"revision": c.Revision, "url": draftWay(id, "conflict")})
}

// discard forgets what was written and not saved.
func discard(v *visit) (answer, error) {
	id, err := v.id("id")
	if err != nil {
		return answer{}, err
	}
	if err := v.Drafts.Discard(v.r.Context(), v.me, id); err != nil {
		return answer{}, err
	}
	return goTo(draftWay(id, "edit"), "没有保存的改动已放弃，现在是最新的一版。")
}

// draftConflictPage shows two texts that were written at once.
type draftConflictPage struct {
	frame
	ID       int64
	Revision int // the newest, which mine would go over
	By, At   string
	Mine     bool // there is something of the reader's
	Diff     comparison
}

// View names the folder.
func (*draftConflictPage) View() string { return "draft_conflict" }

func showConflict(v *visit) (ui.Page, error) {
	w, err := v.work()
	if err != nil {
		return nil, err
	}
	names, err := v.called(w.SavedBy)
	if err != nil {
		return nil, err
	}
	p := &draftConflictPage{frame: v.frame("两个人同时改了：" + headline(w.Title)), ID: w.ID, Revision: w.Revision, By: names[w.SavedBy], At: ui.Stamp(w.SavedAt)}
	if mine := ownUnsaved(w, v.me.Actor()); mine != nil {
		p.Mine = true
		p.Diff = v.compared(withoutFiles(w.Line), withoutFiles(mine.Line), true)
	}
	return p, nil
}

// withoutFiles is a line to be compared as text.
func withoutFiles(l *publication.Line) *publication.Line {
	bare := *l
	bare.Attachments = nil
	return &bare
}

// keepMine saves the reader's text over the newest revision, which the history
// keeps.
func keepMine(v *visit) (answer, error) {
	w, err := v.work()
	if err != nil {
		return answer{}, err
	}
	mine := ownUnsaved(w, v.me.Actor())
	if mine == nil {
		return goTo(draftWay(w.ID, "edit"), "您没有还没保存的文字，现在是最新的一版。")
	}
	d, err := v.Drafts.Save(v.r.Context(), v.me, w.ID, int(v.number("revision")), mine.Line)
	var moved *drafting.Conflicted
	if errors.As(err, &moved) {
		return goTo(draftWay(w.ID, "conflict"), "对方刚才又保存了一版，请再对照一次。您的文字没有丢。")
	}
	if err != nil {
		return answer{}, err
	}
	return goTo(draftWay(d.ID, "edit"), "已用您的文字，对方的那一版在“各版本”里。")
}
