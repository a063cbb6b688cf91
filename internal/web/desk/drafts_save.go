package desk

import (
	"cmp"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/db"
	"gongkai/internal/drafting"
	"gongkai/internal/fault"
	"gongkai/internal/publication"
	"gongkai/internal/publication/kind"
)

// edit is one press of a button of the editor's form. Whatever the button is
// for, the text is kept first.
type edit struct {
	*visit
	w    *drafting.Work
	base int               // revision that the form was made of
	line *publication.Line // as the form says it
	what string            // the button
	arg  string
	note string
	to   string // what stands behind the editor's address, for the way back
}

// editActs are the buttons besides save and submit, by the first part of
// their value.
var editActs = map[string]func(e *edit) error{
	"row":      func(e *edit) error { return e.toField(e.arg) },
	"drop":     func(e *edit) error { return e.toField(strings.Split(e.arg, ".")[0]) },
	"kind":     func(e *edit) error { return nil },
	"unrelate": func(e *edit) error { e.to = "#relations"; return nil },
	"find":     (*edit).find,
	"relate":   (*edit).relate,
	"attach":   (*edit).attach,
	"replace":  (*edit).replace,
	"detach":   (*edit).detach,
	"up":       func(e *edit) error { return e.move(-1) },
	"down":     func(e *edit) error { return e.move(+1) },
}

func editDraft(v *visit) (answer, error) {
	w, err := v.work()
	if err != nil {
		return answer{}, err
	}
	if err := v.writable(&w.Draft); err != nil {
		return answer{}, err
	}
	e := &edit{visit: v, w: w, base: int(v.number("revision"))}
	e.what, e.arg, _ = strings.Cut(v.field("do"), ".")
	var wrong map[string]string
	if e.line, wrong = v.typedLine(w, v.r.PostForm); len(wrong) > 0 {
		p, err := v.editPage(w, e.line, e.base, wrong)
		if err != nil {
			return answer{}, err
		}
		p.retype(v.r.PostForm)
		return again(p)
	}
	if act, ok := editActs[e.what]; ok {
		err = e.keep()
		if err == nil {
			err = act(e)
		}
	} else {
		err = e.save()
	}
	return e.answer(err)
}

// typedLine is the draft's text with what a form says in its place. The form
// says of which kind it is, so that somebody who chooses another kind and then
// goes back finds what was filled in.
func (v *visit) typedLine(w *drafting.Work, form url.Values) (*publication.Line, map[string]string) {
	base := w.Line
	if mine := ownUnsaved(w, v.me.Actor()); mine != nil {
		base = mine.Line
	}
	of := cmp.Or(form.Get("of"), base.Kind)
	line, wrong := lineOfForm(base, v.kindOf(of), form)
	if form.Has("body") {
		line.Body = bodyOfForm(base.Body, form.Get("body"), w)
	}
	if k, ok := v.Publications.Kinds.Get(form.Get("kind")); ok {
		if line.Kind = k.Code; k.Code != of {
			maps.DeleteFunc(line.Fields, func(key string, _ any) bool {
				return !slices.ContainsFunc(k.Fields, func(f kind.Field) bool { return f.Key == key })
			})
		}
	}
	return line, wrong
}

// retype shows what could not be read as it was typed.
func (p *draftEditPage) retype(form url.Values) {
	for _, list := range [][]formField{p.Common, p.More} {
		for i := range list {
			if list[i].Wrong != "" {
				list[i].Value = form.Get(list[i].Name)
			}
		}
	}
}

// answer leads back to the editor, or shows the form with what has to be
// mended. The text is kept by then.
func (e *edit) answer(err error) (answer, error) {
	var moved *drafting.Conflicted
	switch {
	case err == nil && e.to != "" && !strings.HasPrefix(e.to, "#") && !strings.HasPrefix(e.to, "?"):
		return goTo(e.to, e.note)
	case err == nil:
		return goTo(draftWay(e.w.ID, "edit")+e.where(), e.note)
	case errors.As(err, &moved):
		if _, err := e.Drafts.Autosave(e.r.Context(), e.me, e.w.ID, e.base, e.line); err != nil && !errors.As(err, &moved) {
			return answer{}, err
		}
		return goTo(draftWay(e.w.ID, "conflict"), "")
	case !onForm(err):
		return answer{}, err
	}
	w, readErr := e.Drafts.Get(e.r.Context(), e.me, e.w.ID)
	if readErr != nil {
		return answer{}, readErr
	}
	p, pageErr := e.editPage(w, e.line, e.base, nil)
	if pageErr != nil {
		return answer{}, pageErr
	}
	p.Wrong = fault.Public(err)
	return again(p)
}

// where is the rest of the editor's address: what marks are shown, and the
// part of the page.
func (e *edit) where() string {
	read := e.number("read")
	if read == 0 || strings.HasPrefix(e.to, "?") {
		return e.to
	}
	return "?read=" + decimal(read) + e.to
}

// keep keeps the text without making a revision, and what is said beside it.
func (e *edit) keep() error {
	if err := e.settle(e.w.Draft); err != nil {
		return err
	}
	if e.what == "relate" {
		if err := e.relateLine(); err != nil {
			return err
		}
	}
	same, err := sameLine(e.line, e.w.Line)
	switch {
	case err != nil:
		return err
	case same && ownUnsaved(e.w, e.me.Actor()) == nil:
		return nil
	case same:
		return e.Drafts.Discard(e.r.Context(), e.me, e.w.ID)
	}
	_, err = e.Drafts.Autosave(e.r.Context(), e.me, e.w.ID, e.base, e.line)
	var moved *drafting.Conflicted
	if errors.As(err, &moved) {
		return nil // it is kept; saving will ask
	}
	return err
}

// sameLine tells whether two texts say the same, files aside.
func sameLine(a, b *publication.Line) (bool, error) {
	x, y := *a, *b
	x.Attachments, y.Attachments = nil, nil
	p, err := x.Encode()
	if err != nil {
		return false, err
	}
	q, err := y.Encode()
	return string(p) == string(q), err
}

// save makes a revision, and hands it on where that is what was asked.
func (e *edit) save() error {
	d, err := e.Drafts.Save(e.r.Context(), e.me, e.w.ID, e.base, e.line)
	if err != nil {
		return err
	}
	e.base = d.Revision
	e.note = "已保存为第" + strconv.Itoa(d.Revision) + "版。"
	if d.Revision == e.w.Revision {
		e.note = "没有改动，仍是第" + strconv.Itoa(d.Revision) + "版。"
	}
	if err := e.settle(d); err != nil {
		return err
	}
	if e.what != "submit" {
		return nil
	}
	return e.submit()
}

func (e *edit) submit() error {
	d, err := e.Drafts.Draft(e.r.Context(), e.me, e.w.ID)
	if err != nil {
		return err
	}
	err = e.DB.Update(e.r.Context(), func(tx *db.Tx) (err error) {
		d, err = e.Drafts.Do(e.r.Context(), tx, e.me, d.ID, d.Revision, drafting.Submit, drafting.Input{})
		return err
	})
	if err == nil {
		e.to, e.note = drafting.Path(d.ID), "已提交，现在是“"+draftBadges[d.State].Word+"”。"
	}
	return err
}

// settle keeps what is said beside the text, where the form says it.
func (e *edit) settle(d drafting.Draft) error {
	if e.field("settings") == "" {
		return nil
	}
	set := drafting.Settings{Change: d.Change, Note: d.Note, Waivers: map[string]string{}}
	if e.r.PostForm.Has("note") {
		set.Note = e.field("note")
	}
	if c := e.field("change"); c != "" {
		set.Change = drafting.Change(c)
	}
	maps.Copy(set.Waivers, d.Waivers)
	for name := range e.r.PostForm {
		if code, ok := strings.CutPrefix(name, "waive."); ok {
			if set.Waivers[code] = e.field(name); set.Waivers[code] == "" {
				delete(set.Waivers, code)
			}
		}
	}
	if set.Change == d.Change && set.Note == d.Note && maps.Equal(set.Waivers, d.Waivers) {
		return nil
	}
	_, err := e.Drafts.Settle(e.r.Context(), e.me, d.ID, d.Revision, set)
	return err
}

func (e *edit) toField(key string) error {
	e.to = "#" + ownPrefix + key
	return nil
}

// find searches for what a relation may name.
func (e *edit) find() error {
	e.to = "?find=" + url.QueryEscape(e.field("find")) + "&as=" + url.QueryEscape(e.field("as")) + "#relations"
	return nil
}

// relateLine adds a relation to what was picked.
func (e *edit) relateLine() error {
	i, err := strconv.Atoi(e.arg)
	targets := e.fields("pick")
	if err != nil || i < 0 || i >= len(targets) {
		return fault.New(fault.Invalid, "pick_unknown", "没有选中要关联的文件，请重新查找。")
	}
	relateTo(e.line, publication.RelationType(e.field("as")), targets[i])
	return nil
}

func (e *edit) relate() error {
	e.to, e.note = "#relations", "已关联，保存后生效。"
	return nil
}
