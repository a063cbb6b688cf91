package editor

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// at is the label of the button, or the class of the element, with the focus.
func (b *tab) at() string {
	b.Helper()
	return eval[string](b, `(e => e.tagName === "BUTTON" ? e.textContent : e.className || e.id || e.tagName)(document.activeElement)`)
}

func (b *tab) wantAt(after, want string) {
	b.Helper()
	if got := b.at(); !strings.Contains(got, want) {
		b.Errorf("after %s the focus is on %q, want %q", after, got, want)
	}
}

func TestToolbarByKeyboard(t *testing.T) {
	b := edit(t, newDesk(t, "<p>一句话</p>"))
	b.selects("一句")
	b.keys(kb.F10, kb.ModifierAlt)
	b.wantAt("Alt+F10", "撤销")
	b.keys(kb.ArrowLeft)
	b.wantAt("left of the first", "键盘")
	b.keys(kb.Home + strings.Repeat(kb.ArrowRight, 6))
	b.wantAt("six to the right", "加粗")
	b.keys("\r")
	b.wantAt("using a tool", "ed-text")
	b.wantHTML("the text", "<p><strong>一句</strong>话</p>")
	b.await("the tool pressed", `[...document.querySelectorAll(".ed-bar button")].find(e => e.textContent === "加粗").ariaPressed === "true"`)

	b.keys(kb.F10, kb.ModifierAlt)
	b.wantAt("Alt+F10 again", "加粗")
	b.keys(strings.Repeat(kb.ArrowRight, 4))
	b.wantAt("four to the right", "编号")
	b.keys(kb.ArrowDown)
	b.wantAt("opening the menu", "一、")
	b.keys(kb.ArrowDown + kb.Escape)
	b.wantAt("Esc in the menu", "编号")
	b.keys(kb.ArrowDown + kb.ArrowDown + "\r")
	b.wantHTML("the text", "<p>（一）<strong>一句</strong>话</p>")
	b.keys(kb.F10, kb.ModifierAlt)
	b.keys(kb.Escape)
	b.wantAt("Esc in the toolbar", "ed-text")
	if n := eval[int](b, `document.querySelectorAll(".ed-bar button[tabindex='0']").length`); n != 1 {
		t.Errorf("%d tools are stops of the Tab key, want 1", n)
	}
}

func TestTextHoldsNobody(t *testing.T) {
	b := edit(t, newDesk(t, grid))
	b.cursor("甲")
	b.keys("\t")
	b.wantAt("Tab in a table", "ed-text")
	b.keys(kb.Escape + "\t")
	b.wantAt("Esc and Tab", "提交审核")
	b.wantHTML("the text", grid)

	b = edit(t, newDesk(t, "<p>一句话</p>"))
	b.cursor("一句")
	b.keys("\t")
	b.wantAt("Tab outside tables", "提交审核")
	b.keys("\t", kb.ModifierShift)
	b.wantAt("Shift+Tab", "ed-text")
	if !eval[bool](b, `(s => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2)(getComputedStyle(document.activeElement))`) {
		t.Error("the text does not show that it has the focus")
	}
	b.do(chromedp.Click(`label[for="body"]`))
	b.wantAt("a click on the label", "ed-text")
}

func TestFullWindow(t *testing.T) {
	b := edit(t, newDesk(t, "<p>一句话</p>"))
	b.tool("全屏", "")
	b.await("the whole window", `(r => r.width === innerWidth && r.height === innerHeight)(document.querySelector(".ed").getBoundingClientRect())`)
	b.keys(kb.Escape)
	b.await("the page again", `document.querySelector(".ed").getBoundingClientRect().width < innerWidth`)
}

// TestWithoutScripts writes in the textarea.
func TestWithoutScripts(t *testing.T) {
	d := newDesk(t, "<p>原文</p>")
	b := newTab(t, d, 1280)
	b.call(chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
	resp := run(b, chromedp.NavigateResponse(d.base+"/draft"))
	if resp == nil || resp.Status != 200 {
		t.Fatalf("the page answers %+v", resp)
	}
	b.do(chromedp.SendKeys(`#body`, kb.End+"<p>添上</p>"))
	b.do(chromedp.Click(`form button`))
	d.await(t, "the form", func(d *desk) bool { return len(d.posted) > 0 })
	if got := look(d, func(d *desk) string { return strings.Join(d.posted, "|") }); got != "<p>原文</p><p>添上</p>" {
		t.Errorf("the form sent %q", got)
	}
}

const axeRun = `axe.run(document, {resultTypes: ["violations"], rules: {"target-size": {enabled: true}}}).then(r => r.violations.map(v =>
  v.id + " (" + v.help + "): " + v.nodes.slice(0, 4).map(n => n.target.join(" ") + "  " + n.html.slice(0, 160) + "  " + (n.any.concat(n.all)[0] || {message: ""}).message).join("; ")))`

// TestAxe finds no barrier: narrow and wide, light and dark, with the menu, a
// notice and each dialog open.
func TestAxe(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join("..", "..", "..", "e2e", "node_modules", "axe-core", "axe.min.js"))
	if os.IsNotExist(err) && os.Getenv("CI") != "true" {
		t.Skip("axe-core is missing; run through scripts/with-browser")
	}
	if err != nil {
		t.Fatal(err)
	}
	const body = "<h2>一、总体要求</h2><p>见<a href=\"/d/1\">通知</a>。</p>" + "<table><tr><th>项目</th></tr><tr><td>学校</td></tr></table>"
	for _, width := range []int{390, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			t.Run(fmt.Sprint(width, " ", scheme), func(t *testing.T) {
				d := newDesk(t, body)
				b := newTab(t, d, width)
				b.call(chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
					Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
				}))
				b.open("/draft")
				eval[bool](b, string(axe)+";true")
				check := func(what string) {
					t.Helper()
					for _, v := range eval[[]string](b, axeRun) {
						t.Errorf("%s: %s", what, v)
					}
				}
				check("the page")
				if over := eval[int](b, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
					t.Errorf("the page is %d px wider than the window", over)
				}
				b.cursor("总体")
				d.set(func(d *desk) { d.revision++ })
				b.keys("改")
				b.says(".ed-notice", "别人已保存了更新的版本")
				check("a notice")
				b.tool("表格", "")
				check("the menu")
				b.keys(kb.Escape)
				for tool, title := range map[string]string{"图片": "插入图片", "附件": "引用附件", "条文": "引用条文", "链接": "插入链接", "键盘": "键盘用法"} {
					b.tool(tool, "")
					b.says("dialog h2", title)
					check(tool)
					b.keys(kb.Escape)
					b.await("the dialog closed", `!document.querySelector("dialog")`)
				}
			})
		}
	}
}
