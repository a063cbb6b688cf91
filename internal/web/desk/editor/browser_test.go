// Package editor tests the desk's editor in a real browser: what is typed,
// pasted and inserted comes out as HTML that internal/document keeps whole,
// nothing is ever lost on the way to the server, and nobody is shut out. It
// holds tests only; the editor itself is the JavaScript below src.
//
// The browser is the one that GONGKAI_TEST_BROWSER names.
//
//	scripts/with-browser go test ./internal/web/desk/editor
package editor

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browserEnv names the browser's program.
const browserEnv = "GONGKAI_TEST_BROWSER"

// patience ends an action that hangs; it is no measure of speed.
const patience = 20 * time.Second

// theBrowser is started by the first test that asks and ended by TestMain.
var theBrowser struct {
	once sync.Once
	ctx  context.Context
	end  func()
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if theBrowser.end != nil {
		theBrowser.end()
	}
	os.Exit(code)
}

func startBrowser() {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(os.Getenv(browserEnv)),
		chromedp.Flag("headless", "new"),
		chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("no-pings", true),
		chromedp.Flag("disable-features", "Translate,BackForwardCache"),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
		chromedp.Flag("lang", "zh-CN"),
		chromedp.WSURLReadTimeout(patience),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	outer, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(outer)
	theBrowser.ctx, theBrowser.end = ctx, func() { cancel(); stop() }
	theBrowser.err = chromedp.Do(ctx)
}

// tab is one page of the browser, open at the test's own desk. At the end of
// its test it fails for every error that the page has caused: exceptions,
// breaches of the content security policy, requests to other hosts.
type tab struct {
	testing.TB
	ctx  context.Context
	desk *desk

	mu    sync.Mutex
	wrong []string
	leave bool // answers the question whether to leave the page with yes
}

// newTab opens a browser's page, width CSS pixels wide, with storage of its
// own.
func newTab(t testing.TB, d *desk, width int) *tab {
	t.Helper()
	if os.Getenv(browserEnv) == "" {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not set; run through scripts/with-browser", browserEnv)
		}
		t.Skipf("%s is not set; run through scripts/with-browser", browserEnv)
	}
	theBrowser.once.Do(startBrowser)
	if theBrowser.err != nil {
		t.Fatalf("starting the browser: %v", theBrowser.err)
	}
	b := &tab{TB: t, desk: d}
	ctx, cancel := chromedp.NewContext(theBrowser.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(b.hear))
	b.ctx = ctx
	t.Cleanup(func() {
		cancel()
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, s := range b.wrong {
			t.Errorf("the page caused: %s", s)
		}
	})
	b.call(chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: int64(width), Height: 800, DeviceScaleFactor: 1,
	}))
	return b
}

// edit opens the desk's page with an editor and waits until it stands.
func edit(t testing.TB, d *desk) *tab {
	t.Helper()
	b := newTab(t, d, 1280)
	b.open("/draft")
	return b
}

// sheet opens an editor that saves nowhere, for many texts one after another.
func sheet(t *testing.T) *tab {
	t.Helper()
	d := newDesk(t, "")
	d.plain = true
	return edit(t, d)
}

// on is the tab with a new text, for a smaller test of its own test.
func (b *tab) on(t testing.TB, body string) *tab {
	t.Helper()
	b.TB = t
	b.round(body)
	return b
}

// round puts a text into the editor and gives what the editor would save.
func (b *tab) round(body string) string {
	b.Helper()
	return eval[string](b, `html => { const e = document.querySelector("textarea").gongkai; e.html = html; return e.html }`, body)
}

func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err != nil || u.Scheme != "data" && u.Scheme+"://"+u.Host != b.desk.base {
			b.wrong = append(b.wrong, "request to another host: "+e.Request.URL)
		}
	case *log.EventEntryAdded:
		if e.Entry.Source == log.EntrySourceNetwork && b.desk.unwilling() {
			return
		}
		if e.Entry.Level == log.EntryLevelError || e.Entry.Source == log.EntrySourceSecurity {
			b.wrong = append(b.wrong, fmt.Sprintf("%s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *page.EventJavascriptDialogOpening:
		if !b.leave {
			b.wrong = append(b.wrong, "dialog: "+e.Message)
		}
		go chromedp.Call(b.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
	case *runtime.EventExceptionThrown:
		b.wrong = append(b.wrong, "exception: "+e.ExceptionDetails.Text+" "+exceptionText(e))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			b.wrong = append(b.wrong, fmt.Sprintf("console.%s: %v", e.Type, e.Args))
		}
	}
}

func exceptionText(e *runtime.EventExceptionThrown) string {
	if e.ExceptionDetails.Exception == nil {
		return ""
	}
	return e.ExceptionDetails.Exception.Description
}

func (b *tab) call(_ any, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// run performs an action for its value.
func run[T any](b *tab, action chromedp.Action[T]) T {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		b.Fatal(err)
	}
	return v
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	run(b, chromedp.Steps(actions...))
}

// eval evaluates an expression in the page, or calls it with arguments where
// there are any, and waits for the value if it is a promise.
func eval[T any](b *tab, expression string, args ...any) T {
	b.Helper()
	if len(args) > 0 {
		quoted, err := json.Marshal(args)
		if err != nil {
			b.Fatal(err)
		}
		expression = "(" + expression + ")(..." + string(quoted) + ")"
	}
	return run(b, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// open goes to a path of the desk.
func (b *tab) open(path string) {
	b.Helper()
	resp := run(b, chromedp.NavigateResponse(b.desk.base+path))
	if resp == nil || resp.Status != 200 {
		b.Fatalf("%s answered %+v, want status 200", path, resp)
	}
	if path == "/draft" {
		b.await("the editor", `!!document.querySelector(".ed-text")`)
	}
}

// await waits until a condition holds in the page.
func (b *tab) await(what, condition string) {
	b.Helper()
	deadline := time.Now().Add(patience)
	for !eval[bool](b, "!!("+condition+")") {
		if time.Now().After(deadline) {
			b.Fatalf("no %s: %s is false; the page says %q", what, condition, eval[string](b, "document.body.innerText"))
		}
		time.Sleep(30 * time.Millisecond)
	}
}

// says waits until the element shows words.
func (b *tab) says(selector, words string) {
	b.Helper()
	b.await(selector+" that says "+words, fmt.Sprintf(`[...document.querySelectorAll(%q)].some(e => e.innerText.includes(%q))`, selector, words))
}

// html is what the editor would save.
func (b *tab) html() string {
	b.Helper()
	return eval[string](b, `document.querySelector("textarea").gongkai.html`)
}

// wantHTML compares what the editor would save, line ends aside.
func (b *tab) wantHTML(what, want string) {
	b.Helper()
	if got := strings.ReplaceAll(b.html(), "\n", ""); got != want {
		b.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}

// write puts the cursor into the text and presses the keys.
func (b *tab) write(text string) {
	b.Helper()
	b.focus()
	b.keys(text)
}

// keys presses keys where the focus is, each as one event with its character,
// so that a page which takes the key takes the character with it.
func (b *tab) keys(text string, modifiers ...kb.Modifier) {
	b.Helper()
	var held int64
	for _, m := range modifiers {
		held |= int64(m)
	}
	for _, r := range text {
		events := kb.Encode(r)
		down, up := *events[0], *events[len(events)-1]
		down.Modifiers |= held
		up.Modifiers |= held
		if len(events) == 3 && held&^int64(kb.ModifierShift) == 0 {
			down.Type = input.DispatchKeyEventTypeKeyDown
			down.Text, down.UnmodifiedText = events[1].Text, events[1].UnmodifiedText
		}
		for _, e := range []input.DispatchKeyEventParams{down, up} {
			b.call(chromedp.Call(b.ctx, input.DispatchKeyEvent, e))
		}
	}
}

func (b *tab) focus() {
	b.Helper()
	eval[bool](b, `(document.querySelector(".ed-text").focus(), true)`)
}

// cursor puts the cursor behind the first place where the text says words.
func (b *tab) cursor(words string) {
	b.Helper()
	b.mark(words, "", false)
}

// mark selects words in the text, from the first place of one to that of
// another (to its end), or puts the cursor behind the first.
const markScript = `(from, to, whole) => {
  const find = words => {
    const walker = document.createTreeWalker(document.querySelector(".ed-text"), NodeFilter.SHOW_TEXT)
    for (let n; n = walker.nextNode();) { const i = n.data.indexOf(words); if (i >= 0) return [n, i] }
    throw new Error("the text does not say " + words)
  }
  document.querySelector(".ed-text").focus()
  const [a, i] = find(from), [z, j] = to ? find(to) : [a, i]
  if (whole) getSelection().setBaseAndExtent(a, i, z, j + (to || from).length)
  else getSelection().collapse(a, i + from.length)
  return new Promise(done => setTimeout(() => done(true), 60))
}`

func (b *tab) mark(from, to string, whole bool) {
	b.Helper()
	eval[bool](b, markScript, from, to, whole)
}

// selects selects words.
func (b *tab) selects(words string) {
	b.Helper()
	b.mark(words, "", true)
}

const pressScript = `(label, within) => {
  const all = [...document.querySelectorAll(within + " button")].filter(e => e.checkVisibility() && e.textContent.trim() === label)
  if (!all.length) return {X: -1}
  all[0].scrollIntoView({block: "nearest", inline: "nearest", behavior: "instant"})
  const r = all[0].getBoundingClientRect()
  return {X: r.left + r.width / 2, Y: r.top + r.height / 2}
}`

// press waits for the visible button with a label and clicks it.
func (b *tab) press(within, label string) {
	b.Helper()
	var at struct{ X, Y float64 }
	for deadline := time.Now().Add(patience); ; time.Sleep(30 * time.Millisecond) {
		if at = eval[struct{ X, Y float64 }](b, pressScript, label, within); at.X >= 0 {
			break
		}
		if time.Now().After(deadline) {
			b.Fatalf("there is no visible button %q in %s", label, within)
		}
	}
	b.do(chromedp.MouseClickXY(at.X, at.Y))
}

// drag presses the mouse on one text and lets it go on another.
func (b *tab) drag(from, to string) {
	b.Helper()
	place := func(words string) (x, y float64) {
		at := eval[struct{ X, Y float64 }](b, `words => {
      const cell = [...document.querySelectorAll(".ed-text td, .ed-text th")].find(e => e.innerText.trim() === words), r = cell.getBoundingClientRect()
      return {X: r.left + r.width / 2, Y: r.top + r.height / 2}
    }`, words)
		return at.X, at.Y
	}
	x, y := place(from)
	b.do(chromedp.MouseEvent(chromedp.MousePressed, x, y, chromedp.ButtonLeft))
	x, y = place(to)
	b.do(chromedp.MouseEvent(chromedp.MouseMoved, x, y, chromedp.ButtonLeft), chromedp.MouseEvent(chromedp.MouseReleased, x, y, chromedp.ButtonLeft))
}

// tool uses a tool of the toolbar, choosing from its menu where choice is not "".
func (b *tab) tool(label, choice string) {
	b.Helper()
	b.press(".ed-bar", label)
	if choice != "" {
		b.press(".ed-menu", choice)
	}
}

// fill writes into the labelled control of the open dialog.
func (b *tab) fill(label, value string) {
	b.Helper()
	b.await("dialog", `document.querySelector("dialog[open]")`)
	ok := eval[bool](b, `(label, value) => {
    const l = [...document.querySelectorAll("dialog[open] label")].find(l => l.textContent === label)
    if (!l) return false
    const c = document.getElementById(l.htmlFor)
    if (c.type === "checkbox") { if (String(c.checked) !== value) c.click(); return true }
    c.value = value
    c.dispatchEvent(new Event("input", {bubbles: true}))
    return true
  }`, label, value)
	if !ok {
		b.Fatalf("the dialog has no %q", label)
	}
}

// paste pastes what a program has put on the clipboard.
func (b *tab) paste(html, text string) {
	b.Helper()
	eval[bool](b, `(html, text) => {
    const data = new DataTransfer()
    if (html) data.setData("text/html", html)
    data.setData("text/plain", text)
    const e = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})
    document.querySelector(".ed-text").focus()
    document.querySelector(".ed-text").dispatchEvent(e)
    return true
  }`, html, text)
}
