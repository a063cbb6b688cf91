package editor

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestAutosave(t *testing.T) {
	d := newDesk(t, "<p>原文</p>")
	b := edit(t, d)
	b.cursor("原文")
	b.keys("添上")
	got := d.awaitSaved(t, "原文添上")
	want := saving{Revision: 1, Body: "<p>原文添上</p>\n", Title: "关于编制工作的通知", Fields: map[string]any{"number": "永政办发〔2021〕12号", "theme": "住房"}}
	// A save may hold part of what was typed; the last holds all.
	got.Revision = 1
	if token, ok := got.Fields["token"].(string); !ok || token == "" {
		t.Errorf("saved without the hidden field: %v", got.Fields)
	}
	delete(got.Fields, "token")
	if !reflect.DeepEqual(got, want) {
		t.Errorf("saved %+v, want %+v", got, want)
	}
	b.says(".ed-state", "已保存")
	if at := eval[string](b, `document.querySelector(".ed-state").textContent`); !strings.HasSuffix(at, ":32") {
		t.Errorf("the state is %q, want the minute that the server said", at)
	}

	b.do(chromedp.SendKeys(`#title`, kb.End+"（修订）"))
	b.keys("\t")
	d.await(t, "the title", func(d *desk) bool { return d.title == "关于编制工作的通知（修订）" })
	b.await("the revision in the form", fmt.Sprintf(`document.querySelector("[name=revision]").value === "%d"`, look(d, func(d *desk) int { return d.revision })))
	revisions := look(d, func(d *desk) []int {
		var out []int
		for _, s := range d.saved {
			out = append(out, s.Revision)
		}
		return out
	})
	for i, r := range revisions {
		if r != i+1 {
			t.Errorf("the saves stand over revisions %v, want each over the one before", revisions)
			break
		}
	}
}

func TestSaveByKey(t *testing.T) {
	d := newDesk(t, "<p>原文</p>")
	d.delay = 3_600_000
	b := edit(t, d)
	b.cursor("原文")
	b.keys("添")
	b.keys("s", kb.ModifierCtrl)
	d.awaitSaved(t, "原文添")
	b.says(".ed-state", "已保存")
}

func TestSubmit(t *testing.T) {
	d := newDesk(t, "<p>原文</p>")
	b := edit(t, d)
	b.cursor("原文")
	b.keys("添")
	b.press("form", "提交审核")
	b.says("h1", "已提交")
	if got := look(d, func(d *desk) []string { return d.posted }); len(got) != 1 || strings.TrimSpace(got[0]) != "<p>原文添</p>" {
		t.Errorf("the form sent %q", got)
	}
}

func TestConflict(t *testing.T) {
	d := newDesk(t, "<p>原文</p>")
	b := edit(t, d)
	d.set(func(d *desk) { d.revision, d.body = 5, "<p>别人的</p>" })
	b.cursor("原文")
	b.keys("我的")
	b.says(".ed-notice[role=alert]", "别人已保存了更新的版本（市住建局信息员")
	b.says(".ed-state", "未保存：别人已保存了更新的版本。")
	if href := eval[string](b, `document.querySelector(".ed-notice a").getAttribute("href")`); href != "/draft?compare=1" {
		t.Errorf("the link to compare leads to %q", href)
	}
	if body := look(d, func(d *desk) string { return d.body }); body != "<p>别人的</p>" {
		t.Errorf("the desk holds %q, want what the other saved", body)
	}
	b.focus()
	b.keys("还")
	b.press(".ed-notice", "保留我的")
	got := d.awaitSaved(t, "我的")
	if got.Revision != 5 {
		t.Errorf("saved over revision %d, want over the other's", got.Revision)
	}
	b.says(".ed-state", "已保存")
	b.await("no notice", `!document.querySelector(".ed-notice")`)
}

// TestConflictLeavesCopy leaves the page in a conflict and finds the text again.
func TestConflictLeavesCopy(t *testing.T) {
	d := newDesk(t, "<p>原文</p>")
	b := edit(t, d)
	d.set(func(d *desk) { d.revision, d.body = 5, "<p>别人的</p>" })
	b.cursor("原文")
	b.keys("我的")
	b.says(".ed-notice", "别人已保存了更新的版本")
	b.accept()
	b.open("/draft")
	b.wantHTML("the page", "<p>别人的</p>")
	b.says(".ed-notice", "没有保存成功的文字")
	b.press(".ed-notice", "恢复这份文字")
	b.wantHTML("the copy", "<p>原文我的</p>")
	if got := d.awaitSaved(t, "原文我的"); got.Revision != 5 {
		t.Errorf("saved over revision %d, want 5", got.Revision)
	}
	b.says(".ed-state", "已保存")
	b.open("/draft")
	if n := eval[int](b, `document.querySelectorAll(".ed-notice").length`); n != 0 {
		t.Error("a copy is offered though it was saved")
	}
}

// TestCopyOfAnother is not offered to a person who shares the browser.
func TestCopyOfAnother(t *testing.T) {
	d := newDesk(t, "<p>原文</p>")
	d.owner = "7"
	b := edit(t, d)
	d.set(func(d *desk) { d.answer = http.StatusServiceUnavailable })
	b.cursor("原文")
	b.keys("秘密")
	b.says(".ed-state", "服务器暂时不能保存")
	b.accept()
	d.set(func(d *desk) { d.owner = "8" })
	b.open("/draft")
	if n := eval[int](b, `document.querySelectorAll(".ed-notice").length`); n != 0 {
		t.Error("another's copy is offered")
	}
	d.set(func(d *desk) { d.owner = "7" })
	b.open("/draft")
	b.says(".ed-notice", "没有保存成功的文字")
	b.press(".ed-notice", "不要了")
	b.open("/draft")
	if n := eval[int](b, `document.querySelectorAll(".ed-notice").length`); n != 0 {
		t.Error("a copy is offered though it was not wanted")
	}
}

func TestServerDown(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		want   string
	}{
		"busy":       {http.StatusServiceUnavailable, "未保存：服务器暂时不能保存"},
		"refused":    {http.StatusUnprocessableEntity, "未保存：正文太长，请分成几份。"},
		"signed out": {http.StatusUnauthorized, "未保存：登录已失效"},
		"page out":   {419, "未保存：登录已失效"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, "<p>原文</p>")
			d.answer = test.status
			b := edit(t, d)
			b.cursor("原文")
			b.keys("添")
			b.says(".ed-state", test.want)
			b.wantHTML("the text", "<p>原文添</p>")
			tries := look(d, func(d *desk) int { return d.tries })
			d.set(func(d *desk) { d.answer = 0 })
			switch {
			case test.status == http.StatusUnprocessableEntity:
				b.keys("上") // tries again once the text is another
			case strings.Contains(test.want, "登录"):
				b.press(".ed-notice", "已登录，再保存")
			default:
				d.await(t, "another try, made by itself", func(d *desk) bool { return d.tries > tries })
			}
			d.awaitSaved(t, "原文添")
			b.says(".ed-state", "已保存")
			b.await("no notice", `!document.querySelector(".ed-notice")`)
		})
	}
}

func TestOffline(t *testing.T) {
	d := newDesk(t, "<p>原文</p>")
	b := edit(t, d)
	d.set(func(d *desk) { d.answer = hangUp })
	b.cursor("原文")
	b.keys("添")
	b.says(".ed-state", "未保存：连不上服务器，会自动再试。")
	d.set(func(d *desk) { d.answer = 0 })
	d.awaitSaved(t, "原文添")
	b.says(".ed-state", "已保存")
}

// TestCopyThatWasSaved is not offered, though the page was left before the
// answer came.
func TestCopyThatWasSaved(t *testing.T) {
	d := newDesk(t, "<p>原文</p>")
	d.delay = 3_600_000
	b := edit(t, d)
	b.cursor("原文")
	b.accept()
	b.keys("临走")
	b.open("/list")
	d.awaitSaved(t, "原文临走")
	b.open("/draft")
	b.wantHTML("the page", "<p>原文临走</p>")
	if n := eval[int](b, `document.querySelectorAll(".ed-notice").length`); n != 0 {
		t.Errorf("a copy is offered: %s", eval[string](b, `document.querySelector(".ed-notice").innerText`))
	}
}

// TestFieldsComeBack restores the fields around the text with it.
func TestFieldsComeBack(t *testing.T) {
	d := newDesk(t, "<p>原文</p>")
	d.answer = http.StatusServiceUnavailable
	b := edit(t, d)
	b.do(chromedp.Click(`[name=theme][value="教育"]`), chromedp.Click(`[name=theme][value="住房"]`), chromedp.SendKeys(`#number`, kb.End+"（稿）"))
	b.says(".ed-state", "服务器暂时不能保存")
	b.accept()
	d.set(func(d *desk) { d.answer = 0 })
	b.open("/draft")
	b.press(".ed-notice", "恢复这份文字")
	got := eval[[]string](b, `[...new FormData(document.forms[0])].filter(([n]) => n === "number" || n === "theme").map(p => p.join("="))`)
	if want := []string{"number=永政办发〔2021〕12号（稿）", "theme=教育"}; !slices.Equal(got, want) {
		t.Errorf("the fields are %q, want %q", got, want)
	}
	d.await(t, "the fields saved", func(d *desk) bool {
		return len(d.saved) > 0 && d.saved[len(d.saved)-1].Fields["theme"] == "教育"
	})
}

// TestLeaving saves what was typed last when the page is left at once.
func TestLeaving(t *testing.T) {
	d := newDesk(t, "<p>原文</p>")
	b := edit(t, d)
	b.cursor("原文")
	b.accept()
	b.keys("临走")
	run(b, chromedp.NavigateResponse(d.base+"/list"))
	d.awaitSaved(t, "原文临走")
}

// accept answers the browser's question whether to leave the page with yes.
func (b *tab) accept() {
	b.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.leave = true
}
