package e2e

import (
	"testing"
)

// tooWide lists what reaches over the right edge of the page and is in no box
// that scrolls by itself.
const tooWide = `(() => {
  const width = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= width) return []
  const scrolls = e => e && e !== document.body && e !== document.documentElement &&
    (["auto", "scroll", "hidden"].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement))
  const out = ["the page is " + document.documentElement.scrollWidth + " wide in " + width]
  for (const e of document.body.querySelectorAll("*")) {
    const r = e.getBoundingClientRect()
    if (r.right > width + 1 && r.width && !scrolls(e)) out.push(e.outerHTML.slice(0, 160))
  }
  return out.slice(0, 6)
})()`

// spilt lists cells and controls whose words reach over their own edge, where
// they cover what stands beside them.
const spilt = `[...document.querySelectorAll("th, td, dt, dd, button, select, .btn, .tag, .st")]
  .filter(e => e.clientWidth && e.checkVisibility() && getComputedStyle(e).overflowX == "visible" && !e.closest(".sr, thead") && e.scrollWidth > e.clientWidth + 2)
  .slice(0, 5).map(e => "spills over: " + e.outerHTML.slice(0, 160))`

// screens are what pages must fit: a phone, a phone with large print, a window
// of 1280 at 200 % and at 400 % (WCAG 1.4.10).
var screens = []struct {
	name  string
	width int
	scale float64
	look  look
}{
	{"phone", 390, 2, plain},
	{"phone in large print", 390, 2, looks[0]},
	{"200 %", 640, 2, plain},
	{"400 %", 320, 4, plain},
	{"desk", 1280, 1, plain},
}

// TestNoSidewaysScroll wants every page to fit its window: what is wider than
// that, a table, scrolls in a box of its own. No words cover others.
func TestNoSidewaysScroll(t *testing.T) {
	for _, s := range screens {
		t.Run(s.name, func(t *testing.T) {
			b := newTab(t, s.width)
			b.size(s.width, 800, s.scale)
			b.show(s.look)
			eachVisit(t, b, all, func(b *tab, _ visit, address string) {
				for _, line := range append(eval[[]string](b, tooWide), eval[[]string](b, spilt)...) {
					b.Errorf("%s: %s", address, line)
				}
			})
		})
	}
}
