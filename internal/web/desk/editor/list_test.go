package editor

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// listPage is a page of the desk with a list, a batch, and a preview.
const listPage = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>待审核</title>
<link rel="stylesheet" href="/base.css"><script src="/assets/desk.js" defer></script></head>
<body><main class="wrap page"><h1>待审核</h1>
<form action="/list"><input type="search" name="q" aria-label="查找"></form>
<form id="batch" action="/list"><table class="data"><thead><tr><th><input type="checkbox" data-all aria-label="全选"></th><th>标题</th></tr></thead><tbody>
<tr data-row><td><input type="checkbox" name="id" value="1" aria-label="选中甲"></td><td><a href="#one">甲</a> <a data-edit href="#edit-one">编辑</a></td></tr>
<tr data-row><td><input type="checkbox" name="id" value="2" aria-label="选中乙"></td><td><a href="#two">乙</a> <a data-edit href="#edit-two">编辑</a></td></tr>
</tbody></table>
<p><span data-chosen role="status"></span> <button class="btn" name="done" value="1" data-batch data-confirm="通过选中的稿件？" data-confirm-yes="通过">通过</button></p></form>
<div id="preview"><h2 id="ch-1">第一章</h2><p id="art-1">应当公开的，应当及时公开。</p></div>
<form data-quote-from="#preview"><p><label for="q">引文</label> <input id="q" data-quote> <input type="hidden" data-quote-occurrence> <input type="hidden" data-quote-anchor></p></form>
<p><button data-keys>快捷键</button></p>
</main></body></html>`

func openList(t *testing.T) *tab {
	b := newTab(t, newDesk(t, ""), 1280)
	b.open("/list")
	return b
}

// focused is the text of the row, or the name of the element, that has the focus.
func (b *tab) focused() string {
	b.Helper()
	return eval[string](b, `(e => e.hasAttribute("data-row") ? e.cells[1].firstElementChild.innerText : e.type || e.tagName)(document.activeElement)`)
}

func TestListKeys(t *testing.T) {
	b := openList(t)
	for _, step := range []struct{ key, want string }{{"j", "甲"}, {"j", "乙"}, {"j", "乙"}, {"k", "甲"}} {
		b.keys(step.key)
		if got := b.focused(); got != step.want {
			t.Errorf("after %s the focus is on %q, want %q", step.key, got, step.want)
		}
	}
	b.keys("x")
	if got := eval[[]string](b, `[...new FormData(document.getElementById("batch")).values()]`); !slices.Equal(got, []string{"1"}) {
		t.Errorf("x ticked %q, want the row's", got)
	}
	b.keys("e")
	if got := run(b, chromedp.Location()); !strings.HasSuffix(got, "#edit-one") {
		t.Errorf("e leads to %s, want the row's editing", got)
	}
	b.keys("j\r")
	if got := run(b, chromedp.Location()); !strings.HasSuffix(got, "#two") {
		t.Errorf("enter leads to %s, want the row's page", got)
	}
	b.keys("/")
	if got := b.focused(); got != "search" {
		t.Errorf("/ goes to %s, want the search box", got)
	}
	b.keys("jk?")
	if got := eval[string](b, `document.querySelector("[type=search]").value`); got != "jk?" {
		t.Errorf("the box says %q, want the keys as text", got)
	}
}

func TestListKeysOff(t *testing.T) {
	b := openList(t)
	b.keys("?")
	b.says("dialog", "下一行")
	b.press("dialog", "关闭单键快捷键")
	b.press("dialog", "关闭")
	b.keys("j")
	if got := b.focused(); got == "甲" {
		t.Error("j moves though the keys are off")
	}
	b.press("main", "打开单键快捷键")
	b.keys("j")
	if got := b.focused(); got != "甲" {
		t.Errorf("after turning the keys on j goes to %q, want the first row", got)
	}
}

func TestListBatch(t *testing.T) {
	b := openList(t)
	if !eval[bool](b, `document.querySelector("[data-batch]").disabled`) {
		t.Error("the batch can be sent though nothing is ticked")
	}
	b.do(chromedp.Click(`[data-all]`))
	b.says("[data-chosen]", "已选 2 项")
	b.do(chromedp.Click(`[value="2"]`))
	b.says("[data-chosen]", "已选 1 项")
	if !eval[bool](b, `document.querySelector("[data-all]").indeterminate`) {
		t.Error("the box for all is not half")
	}
	b.press("#batch", "通过")
	b.says("dialog", "通过选中的稿件？")
	b.press("dialog", "取消")
	b.await("focus back on the button", `document.activeElement.name === "done"`)
	b.press("#batch", "通过")
	b.press("dialog", "通过")
	b.await("the form's answer", `location.search === "?id=1&done=1"`)
}

func TestQuote(t *testing.T) {
	b := openList(t)
	eval[bool](b, `(() => { const n = document.getElementById("art-1").firstChild, i = n.data.lastIndexOf("应当")
	  getSelection().setBaseAndExtent(n, i, n, i + 2); return true })()`)
	b.await("the quote", `document.querySelector("[data-quote]").value === "应当"`)
	got := eval[[]string](b, `["occurrence", "anchor"].map(n => document.querySelector("[data-quote-" + n + "]").value)`)
	if !slices.Equal(got, []string{"2", "art-1"}) {
		t.Errorf("the place is %q, want the second in art-1", got)
	}
	b.keys(kb.Tab)
	if got := eval[string](b, `document.querySelector("[data-quote]").value`); got != "应当" {
		t.Errorf("the quote is %q after leaving, want it kept", got)
	}
}
