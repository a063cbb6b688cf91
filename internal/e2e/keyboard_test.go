package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// focus tells of the element that has the focus. Order is its place among all
// elements; Ring tells whether an outline at least 2 px wide surrounds it or
// the box that it fills.
type focus struct {
	Tag, Text, HTML string
	Order           int
	Seen, Ring      bool
}

const focused = `(() => {
  const e = document.activeElement, r = e.getBoundingClientRect()
  const ring = x => x && x.matches(":focus-visible, :focus-within") && getComputedStyle(x).outlineStyle != "none" && parseFloat(getComputedStyle(x).outlineWidth) >= 2
  return {Tag: e.tagName, Text: e.textContent.trim().slice(0, 60), HTML: e.outerHTML.slice(0, 120),
    Order: [...document.querySelectorAll("*")].indexOf(e),
    Seen: r.width > 0 && r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth,
    Ring: !!(ring(e) || ring(e.closest("form.search")))}
})()`

func (b *tab) tabKey() focus {
	b.Helper()
	b.do(chromedp.KeyEvent(kb.Tab))
	return eval[focus](b, focused)
}

// tabTo presses the tab key until done, at most a page's worth of times.
func (b *tab) tabTo(what string, done func(focus) bool) focus {
	b.Helper()
	for range 200 {
		if f := b.tabKey(); done(f) {
			return f
		}
	}
	b.Fatalf("%s: the tab key does not reach %s", b.path(), what)
	return focus{}
}

func says(text string) func(focus) bool { return func(f focus) bool { return f.Text == text } }

// TestElderResident never touches the mouse: skips to the text, makes print
// large, searches, and reads a document.
func TestElderResident(t *testing.T) {
	b := newTab(t, 1280)
	b.open("/", 200)
	if f := b.tabKey(); f.Text != "跳到正文" || !f.Seen || !f.Ring {
		t.Fatalf("the first stop is %+v, want a visible skip link", f)
	}
	b.follow(enter())
	if f := eval[focus](b, focused); f.Tag != "MAIN" {
		t.Fatalf("after the skip link the focus is on %s, want MAIN", f.HTML)
	}
	if f := b.tabKey(); f.Tag != "INPUT" || !f.Ring {
		t.Errorf("the first stop in the text is %+v, want the search box", f)
	}

	b.open("/", 200)
	b.tabTo("the large print", says("大字版"))
	b.follow(enter())
	if size := eval[string](b, `getComputedStyle(document.body).fontSize`); size != "22px" {
		t.Errorf("large print is %s, want 22px", size)
	}
	if back := b.path(); back != "/" {
		t.Errorf("the choice of print leads to %s, want back to /", back)
	}
	b.tabTo("the large print", says("大字版"))
	if state := eval[string](b, `document.activeElement.ariaPressed`); state != "true" {
		t.Errorf("the button's state is %q, want pressed", state)
	}

	b.tabTo("the search box", func(f focus) bool { return f.Tag == "INPUT" })
	b.do(typed(renewal))
	b.follow(enter())
	if size := eval[string](b, `getComputedStyle(document.body).fontSize`); size != "22px" {
		t.Errorf("the next page's print is %s, want 22px", size)
	}
	b.tabTo("a result", func(f focus) bool {
		return f.Tag == "A" && len(f.Text) > len(renewalTitle)-1 && f.Text[:len(renewalTitle)] == renewalTitle
	})
	b.follow(enter())
	b.wants("title", b.text("h1"), renewalTitle)
}

// TestKeyboardOrder goes through pages with the tab key alone. Each stop comes
// after the one before it in the text, is in the window, and shows that it has
// the focus; none holds it.
func TestKeyboardOrder(t *testing.T) {
	b := newTab(t, 1280)
	b.show(plain)
	const stops = 80 // of the hundreds on long lists, which are alike
	eachVisit(t, b, varied, func(b *tab, _ visit, address string) {
		last := focus{Order: -1}
		for n := range stops {
			f := b.tabKey()
			if f.Tag == "BODY" || f.Order == 0 {
				if n < 12 {
					b.Errorf("%s has %d stops, want the masthead's at least", address, n)
				}
				return
			}
			if f.Order < last.Order {
				b.Errorf("%s: after %s the focus goes back to %s", address, last.HTML, f.HTML)
			}
			if f.Order == last.Order {
				continue // the parts of a date field, which the browser marks by itself
			}
			if !f.Seen || !f.Ring {
				b.Errorf("%s: in the window %v, marked %v: %s", address, f.Seen, f.Ring, f.HTML)
			}
			last = f
		}
	})
}
