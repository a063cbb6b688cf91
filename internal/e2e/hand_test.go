package e2e

import (
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// spot is a place in the window, in CSS pixels; X is negative for nothing.
type spot struct{ X, Y float64 }

// findSpot is the middle of the first visible element that a selector matches
// and whose text holds some words, scrolled into the window.
const findSpot = `((selector, words) => {
  for (const e of document.querySelectorAll(selector)) {
    if (!e.textContent.includes(words) && !(e.getAttribute("aria-label") || "").includes(words)) continue
    if (!e.checkVisibility()) continue
    e.scrollIntoView({block: "center", behavior: "instant"})
    const r = e.getClientRects()[0]
    return {X: r.left + r.width / 2, Y: r.top + r.height / 2}
  }
  return {X: -1, Y: -1}
})(%q, %q)`

// click presses the mouse on the first visible element that selector matches
// and that says words.
func (b *tab) click(selector, words string) chromedp.Action[chromedp.Void] {
	b.Helper()
	at := eval[spot](b, fmt.Sprintf(findSpot, selector, words))
	if at.X < 0 {
		b.Fatalf("%s has no visible %s that says %q", b.path(), selector, words)
	}
	return chromedp.MouseClickXY(at.X, at.Y)
}

// typed writes into the box that has the focus.
func typed(text string) chromedp.Action[chromedp.Void] { return chromedp.KeyEvent(text) }

// enter is the return key.
func enter() chromedp.Action[chromedp.Void] { return chromedp.KeyEvent(kb.Enter) }

// back goes to the page before.
func (b *tab) back() {
	b.Helper()
	b.follow(chromedp.Evaluate[chromedp.Void](`history.back()`))
}

// text is what the first element that selector matches says, "" where there is none.
func (b *tab) text(selector string) string {
	b.Helper()
	return eval[string](b, fmt.Sprintf(`(document.querySelector(%q)?.innerText ?? "").trim()`, selector))
}

// count is how many elements a selector matches.
func (b *tab) count(selector string) int {
	b.Helper()
	return eval[int](b, fmt.Sprintf(`document.querySelectorAll(%q).length`, selector))
}

// wants fails unless got holds want.
func (b *tab) wants(what, got, want string) {
	b.Helper()
	if !strings.Contains(got, want) {
		b.Fatalf("%s: %s is %q, want %q in it", b.path(), what, got, want)
	}
}

// until waits for a condition in the page.
func (b *tab) until(condition string) {
	b.Helper()
	run(b, chromedp.Poll[bool](condition, chromedp.WithPollingTimeout(patience)))
}
