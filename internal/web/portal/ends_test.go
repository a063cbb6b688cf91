package portal

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"gongkai/internal/db"
	"gongkai/internal/publication"
)

// Pages tell how a record ended and where to go from it.
func TestEnds(t *testing.T) {
	c := newCity(t)
	ctx := t.Context()
	check(t, c.db.Update(ctx, func(tx *db.Tx) error {
		s := c.Publications
		if err := s.Replace(ctx, tx, c.ids["parking"], c.ids["plan"], "已按新规划重发。", "test"); err != nil {
			return err
		}
		if err := s.Redirect(ctx, tx, c.ids["service"], "https://www.example.com/item/7", "", "test"); err != nil {
			return err
		}
		if err := s.Archive(ctx, tx, c.ids["annual"], "", "test"); err != nil {
			return err
		}
		_, err := s.Put(ctx, tx, line("old", "永州市停车管理暂行办法（更正）"), publication.PutOptions{Actor: "test", Note: "更正第二条的收费标准"})
		return err
	}))
	c.index(t)
	tests := []struct {
		name, target string
		want, never  []string
	}{
		{"replaced", c.path("parking"), []string{"被代替。", "已按新规划重发。", `请看：<a href="` + c.path("plan") + `">永州市“十四五”公共服务规划</a>`}, []string{"第四条", "停车场分布图.pdf", "撤下"}},
		{"in its place", c.path("plan"), []string{"它代替的信息", `<a href="` + c.path("parking") + `">永州市公共停车场管理办法</a>`}, nil},
		{"moved", c.path("service"), []string{"移至别处。", `<a href="https://www.example.com/item/7">`}, []string{"<td>申请表</td>"}},
		{"archived", c.path("annual"), []string{"<strong>已归档。</strong>", "起作为历史资料保留"}, []string{"请看："}},
		{"corrected", c.path("old"), []string{"作了修改：更正第二条的收费标准", "2 个版本"}, nil},
		{"the list", "/search?kind=annual", []string{"已归档"}, nil},
	}
	for _, tt := range tests {
		page := c.get(t, tt.target).Body.String()
		for _, s := range tt.want {
			if !strings.Contains(page, s) {
				t.Errorf("%s lacks %q", tt.name, s)
			}
		}
		for _, s := range tt.never {
			if strings.Contains(page, s) {
				t.Errorf("%s holds %q", tt.name, s)
			}
		}
	}
	if w := c.get(t, c.path("parking")+"/files/1"); w.Code != http.StatusGone || !strings.Contains(w.Body.String(), "附件不再提供") {
		t.Errorf("a file of a stone: got %d", w.Code)
	}
}

// Feeds tell of changes of substance, and of nothing else.
func TestFeedTellsOfMajorChanges(t *testing.T) {
	c := newCity(t)
	first := func() string {
		feed := c.get(t, "/feeds/kind-policy.atom").Body.String()
		_, entry, _ := strings.Cut(feed, "<entry>")
		_, title, _ := strings.Cut(entry, "<title>")
		title, _, _ = strings.Cut(title, "</title>")
		return title
	}
	change := func(source, title string, minor bool) {
		check(t, c.db.Update(t.Context(), func(tx *db.Tx) error {
			_, err := c.Publications.Put(t.Context(), tx, line(source, title), publication.PutOptions{Actor: "test", Note: "改", Minor: minor})
			return err
		}))
		c.index(t)
	}
	if change("old", "永州市停车管理暂行办法（订正）", true); strings.Contains(first(), "订正") {
		t.Errorf("a minor change leads the feed: %s", first())
	}
	if change("old", "永州市停车管理暂行办法（更正）", false); !strings.Contains(first(), "更正") {
		t.Errorf("a major change does not lead the feed: %s", first())
	}
}

// Who finds a record by what stands in its file is told so.
func TestSearchNamesTheFile(t *testing.T) {
	c := newCity(t)
	var id int64
	check(t, c.db.Update(t.Context(), func(tx *db.Tx) error {
		r, err := c.Publications.Put(t.Context(), tx, line("list", "关于公布补贴名单的公告", func(l *publication.Line) {
			l.Kind, l.Attachments = "notice", []publication.Attachment{{Name: "名单.txt", Path: "a.txt"}}
		}), publication.PutOptions{Actor: "test", Files: fstest.MapFS{"a.txt": {Data: []byte("紫云英种植补贴发放明细")}}})
		id = r.ID
		return err
	}))
	if _, err := c.Publications.ReadFiles(t.Context(), []int64{id}); err != nil {
		t.Fatal(err)
	}
	c.index(t)
	page := c.get(t, "/search?q="+url.QueryEscape("紫云英种植")).Body.String()
	for _, want := range []string{"关于公布补贴名单的公告", "附件“名单.txt”里有"} {
		if !strings.Contains(page, want) {
			t.Errorf("the results lack %q", want)
		}
	}
}
