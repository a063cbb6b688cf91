package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestWithoutScripts does the main things in a browser that runs none.
func TestWithoutScripts(t *testing.T) {
	b := newTab(t, 390)
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	b.open("/", 200)
	if b.count(".suggest") != 0 {
		t.Fatal("a script has run")
	}
	b.do(b.click(".hero input[name=q]", ""), typed(renewal))
	b.follow(enter())
	b.follow(b.click(".list a.t", renewalTitle))
	b.follow(b.click(".toc a", "第四章"))
	b.wants("chapter", b.text(":target"), "第四章")

	b.follow(b.click(".look button", "高对比"))
	b.wants("title after the switch", b.text("h1"), renewalTitle)
	b.wants("look", eval[string](b, `document.documentElement.className`), "contrast")
	b.follow(b.click(".look button", "高对比"))
	if class := eval[string](b, `document.documentElement.className`); class != "" {
		t.Errorf("after switching back the look is %q, want none", class)
	}

	b.open("/matrix", 200)
	b.follow(b.click("table.matrix td a", ""))
	if b.count("table.data tbody tr") == 0 {
		t.Errorf("%s lists no duty", b.path())
	}
	b.open("/library", 200)
	b.follow(b.click(".facets a", "废止"))
	b.wants("results", b.text(".list"), "废止")
}
