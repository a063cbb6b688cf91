package e2e

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browserEnv names the browser's program.
const browserEnv = "GONGKAI_TEST_BROWSER"

// patience ends an action that hangs; it is no measure of speed.
const patience = 2 * time.Minute

// theBrowser is the context of the running browser.
var theBrowser = lazy[context.Context]{open: func() (context.Context, func() error, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(os.Getenv(browserEnv)),
		chromedp.Flag("headless", "new"),
		chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("no-pings", true),
		chromedp.Flag("disable-features", "Translate,BackForwardCache"), // going back loads a page, which can be waited for
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
		chromedp.Flag("lang", "zh-CN"),
		chromedp.Env("LANGUAGE=zh_CN"),
		chromedp.Flag("font-render-hinting", "none"),
		chromedp.WSURLReadTimeout(patience),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	outer, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(outer)
	end := func() error { cancel(); stop(); return nil }
	if err := chromedp.Do(ctx); err != nil {
		return nil, end, fmt.Errorf("starting the browser: %w", err)
	}
	return ctx, end, nil
}}

// tab is one page of the browser with cookies of its own. At the end of its
// test it fails for every request to another host and every error that the
// page has caused.
type tab struct {
	testing.TB
	ctx  context.Context
	base string
	seen *watch
}

// watch is what happened in a tab.
type watch struct {
	mu       sync.Mutex
	wrong    []string
	failing  map[string]bool // addresses that are meant to answer with an error
	loader   cdp.LoaderID    // of the page that is open
	requests int             // of that page
	kinds    map[network.RequestID]network.ResourceType
	bytes    map[network.ResourceType]float64 // on the wire, of that page
}

// needBrowser skips where there is none to be had.
func needBrowser(t testing.TB) {
	t.Helper()
	if os.Getenv(browserEnv) != "" {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not set; run through scripts/with-browser", browserEnv)
	}
	t.Skipf("%s is not set; run through scripts/with-browser", browserEnv)
}

// newTab opens an empty page, width CSS pixels wide.
func newTab(t testing.TB, width int) *tab {
	t.Helper()
	needBrowser(t)
	b := &tab{TB: t, base: theCity.get(t), seen: &watch{failing: map[string]bool{}}}
	ctx, cancel := chromedp.NewContext(theBrowser.get(t), chromedp.WithNewBrowserContext(), chromedp.WithListener(b.hear))
	b.ctx = ctx
	t.Cleanup(func() {
		b.seen.report(t)
		cancel()
	})
	b.size(width, 800, 1)
	return b
}

// in is the tab as a smaller test of its own test uses it: what the page
// causes meanwhile fails that one.
func (b *tab) in(t testing.TB) *tab {
	own := *b
	own.TB = t
	return &own
}

func (b *tab) hear(event any) {
	w := b.seen
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		w.count(e)
		if u, err := url.Parse(e.Request.URL); err != nil || u.Scheme != "data" && u.Scheme+"://"+u.Host != b.base {
			w.wrong = append(w.wrong, "request to another host: "+e.Request.URL)
		}
	case *network.EventLoadingFinished:
		if kind, ok := w.kinds[e.RequestID]; ok {
			w.bytes[kind] += e.EncodedDataLength
		}
	case *log.EventEntryAdded:
		if w.failing[e.Entry.URL] && e.Entry.Source == log.EntrySourceNetwork {
			return
		}
		if e.Entry.Level == log.EntryLevelError || e.Entry.Source == log.EntrySourceSecurity {
			w.wrong = append(w.wrong, fmt.Sprintf("%s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *runtime.EventExceptionThrown:
		w.wrong = append(w.wrong, "exception: "+e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			w.wrong = append(w.wrong, fmt.Sprintf("console.%s: %v", e.Type, e.Args))
		}
	}
}

// count counts a request to the page that makes it. What a page before it
// still asks for belongs to that one.
func (w *watch) count(e *network.EventRequestWillBeSent) {
	if e.Type == network.ResourceTypeDocument && e.LoaderID != w.loader {
		w.loader, w.requests = e.LoaderID, 0
		w.kinds, w.bytes = map[network.RequestID]network.ResourceType{}, map[network.ResourceType]float64{}
	}
	if e.LoaderID == w.loader {
		w.kinds[e.RequestID] = e.Type
		w.requests++
	}
}

// fails says that an address is meant to answer with an error.
func (w *watch) fails(address string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failing[address] = true
}

func (w *watch) report(t testing.TB) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.wrong {
		t.Errorf("the page caused: %s", s)
	}
}

// do performs actions.
func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	run(b, chromedp.Steps(actions...))
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

// eval evaluates an expression in the page and waits for it if it is a promise.
func eval[T any](b *tab, expression string) T {
	b.Helper()
	return run(b, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// open goes to a path and wants the status.
func (b *tab) open(path string, status int) {
	b.Helper()
	if status >= 400 {
		b.seen.fails(b.base + path)
	}
	resp := run(b, chromedp.NavigateResponse(b.base+path))
	if resp == nil || resp.Status != int64(status) {
		b.Fatalf("%s answered %+v, want status %d", path, resp, status)
	}
}

// follow performs actions that lead to another page or place and waits for it.
func (b *tab) follow(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	resp, err := chromedp.RunResponse(ctx, actions...)
	if err != nil {
		b.Fatal(err)
	}
	if resp != nil && resp.Status != 200 { // nil within the page
		b.Fatalf("%s answered %d, want 200", resp.URL, resp.Status)
	}
}

// path is where the tab is: path, query and fragment, decoded.
func (b *tab) path() string {
	b.Helper()
	at := strings.TrimPrefix(run(b, chromedp.Location()), b.base)
	if plain, err := url.PathUnescape(at); err == nil {
		at = plain
	}
	return at
}

// size makes the page width x height CSS pixels, each scale pixels of glass.
func (b *tab) size(width, height int, scale float64) {
	b.Helper()
	if _, err := chromedp.Call(b.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: int64(width), Height: int64(height), DeviceScaleFactor: scale,
	}); err != nil {
		b.Fatal(err)
	}
}

// look is a way of showing pages.
type look struct {
	name   string
	cookie string // of the display choices
	system string // prefers-color-scheme
}

var plain = look{name: "plain", system: "light"}

// looks are the ways besides plain.
var looks = []look{
	{"large", "l", "light"},
	{"contrast", "c", "light"},
	{"dark by choice", "d", "light"},
	{"dark by system", "", "dark"},
	{"dark with contrast", "lcd", "light"},
	{"light on a dark system", "w", "dark"},
}

// show has pages from now on look like l.
func (b *tab) show(l look) {
	b.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: l.system}},
	})
	if err == nil && l.cookie != "" {
		_, err = chromedp.Call(b.ctx, network.SetCookie, network.SetCookieParams{Name: "gk_prefs", Value: l.cookie, URL: b.base})
	}
	if err != nil {
		b.Fatal(err)
	}
}
