package desk

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/publication"
	"gongkai/internal/search"
	"gongkai/internal/search/bleve"
)

// indexed puts a regulation into the library and into an index for the desk.
func (r *room) indexed() {
	r.t.Helper()
	line := &publication.Line{SourceID: "law-1", Kind: "policy", Unit: "永州市人民政府", Title: "永州市供热管理办法", Number: "永政发〔2020〕7号", IssuedOn: civil.MustDate("2020-07-01"),
		Body: publication.Body{Format: document.Text, Text: "第一条　为规范供热，制定本办法。\n第二条　供热单位应当在每年11月15日前完成设备检修。"}}
	engine, err := bleve.Open(r.t.TempDir())
	check(r.t, err)
	r.t.Cleanup(func() { engine.Close() })
	ctx := context.Background()
	var docs []search.Doc
	check(r.t, r.DB.Update(ctx, func(tx *db.Tx) error {
		put, err := r.Publications.Put(ctx, tx, line, publication.PutOptions{Actor: "test"})
		if err != nil {
			return err
		}
		docs, err = r.Publications.SearchDocs(ctx, tx, []int64{put.ID})
		return err
	}))
	check(r.t, engine.Apply(ctx, 1, docs, nil))
	r.Search = engine
}

func TestCiteArticles(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Editor, r.edu)
	b.get("/desk/cite?q=x").wants(http.StatusOK, `{"items":[]}`)
	r.indexed()
	var got struct{ Items []cited }
	check(t, json.Unmarshal([]byte(b.get("/desk/cite?q=供热单位设备检修").wants(http.StatusOK).Body), &got))
	if len(got.Items) == 0 || got.Items[0].Title != "永州市供热管理办法" || got.Items[0].Clause != "第二条" || !strings.HasPrefix(got.Items[0].URL, "/d/") || got.Items[0].Validity == "" {
		t.Errorf("got %+v", got.Items)
	}
}

func TestRelationsAreFound(t *testing.T) {
	r := newRoom(t)
	r.indexed()
	b := r.as(access.Editor, r.edu)
	d := b.begun(winter("供暖通知"))
	edit := draftWay(d.ID, "edit")
	for _, q := range []string{"供热管理", "永政发[2020]7号"} {
		to := b.post(edit, "revision", "1", "title", "供暖通知二稿", "do", "find", "find", q, "as", "implements").wants(http.StatusSeeOther).To
		b.get(to).wants(http.StatusOK, "永州市供热管理办法", `name="pick" value="law-1"`, `<option value="implements" selected>`, "供暖通知二稿")
	}
	b.get(edit+"?find=没有的东西").wants(http.StatusOK, "没有找到")
	b.post(edit, "revision", "1", "title", "供暖通知二稿", "r.0.target", "", "r.0.type", "interprets", "pick", "law-1", "as", "implements", "do", "relate.0").wants(http.StatusSeeOther)
	mine := ownUnsaved(b.held(d.ID), b.person.Actor())
	if mine == nil || len(mine.Line.Relations) != 1 || mine.Line.Relations[0].Target != "law-1" || mine.Line.Relations[0].Type != publication.Implements {
		t.Fatalf("got %+v", mine)
	}
	b.post(edit, "revision", "1", "do", "relate.9").wants(http.StatusUnprocessableEntity, "没有选中")
}

func TestKindsCanBeTriedOn(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Editor, r.edu)
	d := b.begun(&publication.Line{Kind: "plan", Title: "规划"})
	save := func(kind string) {
		t.Helper()
		b.put(draftWay(d.ID, "autosave"), map[string]any{"revision": 1, "title": "规划", "body": "", "fields": map[string]any{"of": "plan", "kind": kind, "f.level": "专项规划"}}).wants(http.StatusOK)
	}
	save("notice")
	if mine := ownUnsaved(b.held(d.ID), b.person.Actor()); mine.Line.Kind != "notice" || mine.Line.Fields["level"] != nil {
		t.Errorf("as a notice it is %s with %v", mine.Line.Kind, mine.Line.Fields)
	}
	save("plan")
	if mine := ownUnsaved(b.held(d.ID), b.person.Actor()); mine.Line.Kind != "plan" || mine.Line.Fields["level"] != "专项规划" {
		t.Errorf("gone back it is %s with %v", mine.Line.Kind, mine.Line.Fields)
	}
}

// TestOldFormsStayOld holds what is shown again after a mistake to the
// revision that it was written on.
func TestOldFormsStayOld(t *testing.T) {
	r := newRoom(t)
	a, b := r.as(access.Editor, r.edu), r.as(access.Editor, r.edu)
	d := a.begun(winter("供暖通知"))
	edit := draftWay(d.ID, "edit")
	b.post(edit, "revision", "1", "title", "乙的标题", "do", "save").wants(http.StatusSeeOther)
	a.post(edit, "revision", "1", "title", "甲的标题", "do", "attach").wants(http.StatusUnprocessableEntity, `name="revision" value="1"`, "甲的标题")
	if to := a.post(edit, "revision", "1", "title", "甲的标题", "do", "save").wants(http.StatusSeeOther).To; to != draftWay(d.ID, "conflict") {
		t.Errorf("leads to %s", to)
	}
	a.post(edit, "revision", "2", "title", "乙的标题", "do", "find", "find", "x").wants(http.StatusSeeOther)
	if mine := ownUnsaved(a.held(d.ID), a.person.Actor()); mine != nil {
		t.Errorf("the text says what is saved, and %q is kept beside it", mine.Line.Title)
	}
}
