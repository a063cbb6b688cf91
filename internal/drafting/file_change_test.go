package drafting

import (
	"slices"
	"strings"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/document"
	"gongkai/internal/publication"
)

// illustrated is a draft of 编一 with a picture in its text, and another file.
func (c *city) illustrated(t *testing.T) (Draft, []File) {
	t.Helper()
	d := c.create(t, "编一", notice("带图的通知"))
	for _, name := range []string{"图.png", "表.xlsx"} {
		if _, _, err := c.Attach(ctx, c.person(t, "编一"), d.ID, name, strings.NewReader("内容 "+name+" 13712345678")); err != nil {
			t.Fatal(err)
		}
	}
	w := c.look(t, d.ID)
	line := *w.Line
	line.Body = publication.Body{Format: document.HTML, Text: `<p>见图</p><p><img src="` + w.Files[0].PathOf() + `" alt="招生人数"></p><p><a href="` + w.Files[1].PathOf() + `">明细</a></p>`}
	d, err := c.Save(ctx, c.person(t, "编一"), d.ID, w.Revision, &line)
	if err != nil {
		t.Fatal(err)
	}
	return d, w.Files
}

func (c *city) look(t *testing.T, id int64) *Work {
	t.Helper()
	w, err := c.Get(ctx, c.person(t, "编一"), id)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func pictureChecks(w *Work) (list []Check) {
	for _, k := range w.Checks {
		if k.Code == codePicture {
			list = append(list, k)
		}
	}
	return list
}

func TestTextFollowsItsFiles(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		d, files := c.illustrated(t)
		editor := c.person(t, "编一")
		if list := pictureChecks(c.look(t, d.ID)); len(list) != 0 {
			t.Fatalf("a picture that is there: %v", list)
		}
		kept := *c.look(t, d.ID).Line
		if _, err := c.Autosave(ctx, editor, d.ID, d.Revision, &kept); err != nil {
			t.Fatal(err)
		}
		d2, err := c.ReplaceFile(ctx, editor, d.ID, files[0].ID, "新图.png", strings.NewReader("新的内容"))
		if err != nil {
			t.Fatal(err)
		}
		w := c.look(t, d.ID)
		if d2.Revision <= d.Revision || len(w.Files) != 2 || w.Files[0].ID != files[0].ID || w.Files[0].Name != "新图.png" {
			t.Fatalf("revision %d after %d, files %+v", d2.Revision, d.Revision, w.Files)
		}
		for what, line := range map[string]*publication.Line{"the text": w.Line, "the unsaved text": w.Unsaved[0].Line} {
			if !strings.Contains(line.Body.Text, w.Files[0].PathOf()) || strings.Contains(line.Body.Text, files[0].PathOf()) {
				t.Errorf("%s does not follow: %s", what, line.Body.Text)
			}
		}

		masked := slices.IndexFunc(w.Findings, func(f Finding) bool { return f.FileID == files[1].ID && f.Open() })
		if masked < 0 {
			t.Fatalf("no finding in the second file: %+v", w.Findings)
		}
		if _, err := c.Resolve(ctx, editor, d.ID, w.Revision, w.Findings[masked].ID, Mask, ""); err != nil {
			t.Fatal(err)
		}
		if list := pictureChecks(c.look(t, d.ID)); len(list) != 0 {
			t.Errorf("after masking the linked file: %v", list)
		}

		if _, err := c.Detach(ctx, editor, d.ID, files[0].ID); err != nil {
			t.Fatal(err)
		}
		if list := pictureChecks(c.look(t, d.ID)); len(list) != 1 || list[0].Level != Must {
			t.Errorf("a picture that is gone: %v", list)
		}
	})
}

func TestPicturesFromElsewhere(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		for body, want := range map[string]int{
			`<p><img src="https://example.org/a.png" alt="外站的图"></p>`:  1,
			`<p><a href="/desk/drafts/1/files/2">附件</a></p>`:           1,
			`<p><a href="https://example.org/a.png">网站</a>说明</p>`:      0,
			`<p><img src="/desk/drafts/1/files/2" alt="没有存成附件的图"></p>`: 1,
		} {
			d := c.create(t, "编一", notice("通知", func(l *publication.Line) {
				l.Body = publication.Body{Format: document.HTML, Text: body}
			}))
			if list := pictureChecks(c.look(t, d.ID)); len(list) != want {
				t.Errorf("%s: got %v, want %d checks", body, list, want)
			}
		}
	})
}

func TestMoveFile(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		d, files := c.illustrated(t)
		names := func() (list []string) {
			for _, f := range c.look(t, d.ID).Files {
				list = append(list, f.Name)
			}
			return list
		}
		for _, step := range []struct {
			file, by int
			want     []string
		}{
			{1, -1, []string{"表.xlsx", "图.png"}},
			{1, -1, []string{"表.xlsx", "图.png"}}, // the first stays the first
			{1, +1, []string{"图.png", "表.xlsx"}},
			{1, +1, []string{"图.png", "表.xlsx"}},
		} {
			if _, err := c.MoveFile(ctx, c.person(t, "编一"), d.ID, files[step.file].ID, step.by); err != nil {
				t.Fatal(err)
			}
			if got := names(); !slices.Equal(got, step.want) {
				t.Errorf("moving %d by %d: got %v, want %v", step.file, step.by, got, step.want)
			}
		}
		if _, err := c.MoveFile(ctx, c.person(t, "编一"), d.ID, 999, 1); err == nil {
			t.Error("a file that is not there moves")
		}
		_, err := c.ReplaceFile(ctx, c.person(t, "编一"), d.ID, 999, "图.png", strings.NewReader("x"))
		wantFault(t, err, "file_unknown", "刷新页面")
		_, err = c.ReplaceFile(ctx, c.person(t, "审核"), d.ID, files[0].ID, "图.png", strings.NewReader("x"))
		wantFault(t, err, "not_allowed", "起草")
	})
}

func TestListsKnowTheDay(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		c.create(t, "编一", notice("有成文日期的"))
		c.create(t, "编一", notice("没有成文日期的", func(l *publication.Line) { l.IssuedOn = civil.Date{} }))
		page, err := c.List(ctx, c.person(t, "编一"), Filter{})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, d := range page.Drafts {
			got[d.Title] = d.IssuedOn.String()
		}
		if got["有成文日期的"] != "2021-06-10" || got["没有成文日期的"] != "" {
			t.Errorf("got %v", got)
		}
	})
}
