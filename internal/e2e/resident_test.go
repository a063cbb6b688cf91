package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const (
	renewal      = "老旧小区改造"
	renewalTitle = "永州市城镇老旧小区改造实施办法"
)

// TestResident asks one question on a phone: from the search box to the text,
// an article, its explanation, and what stood there on an earlier day.
func TestResident(t *testing.T) {
	b := newTab(t, 390)
	b.open("/", 200)
	b.do(b.click(".hero input[name=q]", ""), typed(renewal))
	b.follow(enter())
	b.wants("address", b.path(), "/search?q="+renewal)
	b.wants("first passage", b.text("mark"), "小区")

	b.follow(b.click(".answers a", renewalTitle))
	b.wants("title", b.text("h1"), renewalTitle)
	b.wants("article that answers", b.text(":target"), renewal)
	b.atTop(":target")
	b.back()

	b.follow(b.click(".list a.t", renewalTitle))
	b.wants("title", b.text("h1"), renewalTitle)
	b.wants("standing", b.text(".standing"), "有效")
	b.follow(b.click(".toc a", "第四章"))
	b.wants("chapter", b.text(":target"), "第四章")
	b.atTop(":target")

	b.follow(b.click("#h-int ~ ul a", ""))
	b.wants("kind of the explanation", b.text(".facts"), "解读")
	b.back()

	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#on").value = "2021-10-20"`))
	b.follow(b.click(".asof button", ""))
	b.wants("note", b.text(".note.warn"), "2021年10月20日")
	b.wants("standing on that day", b.text(".standing"), "尚未生效")
	b.follow(b.click(".note.warn a", "回到今天"))
	b.wants("standing today", b.text(".standing"), "有效")
}

// atTop wants what selector matches where a jump leads to.
func (b *tab) atTop(selector string) {
	b.Helper()
	top := eval[float64](b, `document.querySelector("`+selector+`").getBoundingClientRect().top`)
	if top < -1 || top > 200 {
		b.Errorf("%s stands at %.0f px after the jump, want it at the top of the window", selector, top)
	}
}

// TestSuggestions come while a resident types, and lead on by keyboard.
func TestSuggestions(t *testing.T) {
	b := newTab(t, 1280)
	b.open("/", 200)
	b.do(b.click(".hero input[name=q]", ""), typed("老旧小区"))
	b.until(`document.querySelectorAll(".hero .suggest:not([hidden]) [role=option]").length > 0`)
	b.do(chromedp.KeyEvent(kb.ArrowDown))
	b.wants("chosen suggestion", b.text(".hero .suggest [aria-selected=true]"), "小区")
	b.do(chromedp.KeyEvent(kb.Escape))
	b.until(`document.querySelector(".hero .suggest").hidden`)
	b.do(chromedp.KeyEvent(kb.ArrowDown), typed("改造"))
	b.until(`document.querySelectorAll(".hero .suggest:not([hidden]) [role=option]").length > 0`)
	b.do(chromedp.KeyEvent(kb.ArrowDown))
	b.follow(enter())
	b.wants("heading", b.text("h1"), "小区")
}

// TestSearchInVain leads on and keeps what was typed.
func TestSearchInVain(t *testing.T) {
	b := newTab(t, 390)
	b.open(query("/search", "q", "火星基地供暖"), 200)
	b.wants("answer", b.text(".empty"), "没有找到“火星基地供暖”")
	b.follow(b.click(".empty a", "申请"))
	b.wants("explanation", b.text("main"), "申请公开与“火星基地供暖”有关的政府信息")
}

// TestFourSections finds something in each of the four fixed sections of
// 政府信息公开, and the way to ask for more beside it.
func TestFourSections(t *testing.T) {
	b := newTab(t, 1280)
	b.open("/", 200)
	b.follow(b.click("nav[aria-label=主导航] a", "政府信息公开"))
	for _, name := range []string{"政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报"} {
		b.follow(b.click(".tree a", name))
		b.wants("heading", b.text("h1"), name)
		if n := b.count(".list a.t"); n == 0 {
			t.Errorf("%s (%s) lists nothing", name, b.path())
		}
		b.wants("tree", b.text(".tree"), "依申请公开")
	}
}
