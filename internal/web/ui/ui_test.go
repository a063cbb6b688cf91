package ui

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"gongkai/internal/fault"
)

type samplePage struct {
	Shell
	Text string
}

func (*samplePage) View() string { return "sample" }

func sampleFiles() fstest.MapFS {
	return fstest.MapFS{
		"_greet.html":      {Data: []byte(`{{define "greet"}}<p>{{.Text}}</p>{{end}}`)},
		"sample/page.html": {Data: []byte(`{{define "main"}}{{template "greet" .}}{{end}}`)},
		"sample/page.css":  {Data: []byte(`p{color:red}`)},
	}
}

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

func testSite() *Site { return &Site{Slug: "city", Name: "某市政务公开", Prefix: "/s/city"} }

func testFaults(t testing.TB, log *slog.Logger) *Faults {
	t.Helper()
	e, err := NewEngine(Audience{Pages: sampleFiles()}, &samplePage{})
	if err != nil {
		t.Fatal(err)
	}
	return &Faults{Engine: e, Log: log, Shell: func(r *http.Request) Shell {
		return Shell{Site: testSite(), Prefs: PrefsOf(r), Here: r.URL.Path}
	}}
}

func TestEngineRefuses(t *testing.T) {
	tests := []struct {
		name  string
		wreck func(fstest.MapFS)
		pages []Page
		want  string
	}{
		{"folder without struct", func(f fstest.MapFS) { f["other/page.html"] = &fstest.MapFile{Data: []byte(`{{define "main"}}{{end}}`)} }, []Page{&samplePage{}}, "folder other"},
		{"struct without folder", func(f fstest.MapFS) { delete(f, "sample/page.html"); delete(f, "sample/page.css") }, []Page{&samplePage{}}, "page sample"},
		{"fragment nobody uses", func(f fstest.MapFS) { f["_x.html"] = &fstest.MapFile{Data: []byte(`{{define "x"}}{{end}}`)} }, []Page{&samplePage{}}, `fragment "x"`},
		{"one page twice", func(fstest.MapFS) {}, []Page{&samplePage{}, &samplePage{}}, "two pages"},
		{"page without main", func(f fstest.MapFS) { f["sample/page.html"] = &fstest.MapFile{Data: []byte(`{{template "greet"}}`)} }, []Page{&samplePage{}}, `"main"`},
		{"field that is not there", func(f fstest.MapFS) {
			f["_greet.html"] = &fstest.MapFile{Data: []byte(`{{define "greet"}}{{if .Text}}{{with .Site}}{{.Nmae}}{{end}}{{end}}{{end}}`)}
		}, []Page{&samplePage{}}, "asks *ui.Site for Nmae"},
		{"field of an element", func(f fstest.MapFS) {
			f["_greet.html"] = &fstest.MapFile{Data: []byte(`{{define "greet"}}{{range $i, $n := .Nav}}{{$n.Label}}{{$.Text}}{{else}}{{$.Nothing}}{{end}}{{end}}`)}
		}, []Page{&samplePage{}}, "for Nothing"},
		{"method that is not there", func(f fstest.MapFS) {
			f["_greet.html"] = &fstest.MapFile{Data: []byte(`{{define "greet"}}{{range .Breadcrumbs}}{{.Label}}{{.Place}}{{end}}{{end}}`)}
		}, []Page{&samplePage{}}, "for Place"},
		{"broken template", func(f fstest.MapFS) { f["_greet.html"] = &fstest.MapFile{Data: []byte(`{{define "greet"}}{{`)} }, []Page{&samplePage{}}, "_greet.html"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := sampleFiles()
			tt.wreck(files)
			_, err := NewEngine(Audience{Pages: files}, tt.pages...)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error naming %q", err, tt.want)
			}
		})
	}
}

func TestRenderEscapes(t *testing.T) {
	f := testFaults(t, quiet)
	p := &samplePage{Shell: f.Shell(httptest.NewRequest("GET", "/", nil)), Text: `<script>alert(1)</script>`}
	p.Title, p.LD = "标题", map[string]string{"name": `</script><b>`}
	got, err := f.Engine.Render(p)
	if err != nil {
		t.Fatal(err)
	}
	page := string(got)
	for _, bad := range []string{"<script>alert", "</script><b>"} {
		if strings.Contains(page, bad) {
			t.Errorf("page holds %q", bad)
		}
	}
	for _, want := range []string{`<title>标题 - 某市政务公开</title>`, `href="/s/city/"`, `application/ld+json">{"name":"\u003c/script\u003e`, "/assets/sample."} {
		if !strings.Contains(page, want) {
			t.Errorf("page lacks %q:\n%s", want, page)
		}
	}
}

func TestAssetsLast(t *testing.T) {
	a, err := newAssets("")
	if err != nil {
		t.Fatal(err)
	}
	path := a.Path("base.css")
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Accept-Encoding", "br, gzip")
	a.ServeHTTP(w, r)
	if w.Code != 200 || w.Header().Get("Content-Encoding") != "gzip" || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Fatalf("got %d %v", w.Code, w.Header())
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil || !bytes.Contains(plain, []byte("--ink")) {
		t.Errorf("content is not the style: %v", err)
	}
	r.Header.Set("If-None-Match", w.Header().Get("Etag"))
	w = httptest.NewRecorder()
	a.ServeHTTP(w, r)
	if w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("second visit: got %d with %d bytes", w.Code, w.Body.Len())
	}
	w = httptest.NewRecorder()
	a.ServeHTTP(w, httptest.NewRequest("GET", "/assets/base.css", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("a name without its hash: got %d", w.Code)
	}
}

func TestFaultPages(t *testing.T) {
	var log bytes.Buffer
	f := testFaults(t, slog.New(slog.NewTextHandler(&log, nil)))
	tests := []struct {
		err    error
		status int
		want   string
	}{
		{fault.New(fault.NotFound, "x", "没有编号为 %s 的文件。", "<b>7</b>"), 404, "没有编号为 &lt;b&gt;7&lt;/b&gt; 的文件。"},
		{fault.New(fault.Invalid, "x", "日期写错了。"), 400, "日期写错了。"},
		{fault.New(fault.TooLarge, "x", "太大。"), 413, "太大。"},
		{fault.New(fault.Unavailable, "x", "索引正在重建。"), 503, "索引正在重建。"},
		{errors.New("secret path /data"), 500, "已记入日志"},
	}
	for _, tt := range tests {
		h := f.Handle(func(http.ResponseWriter, *http.Request) error { return tt.err })
		w := httptest.NewRecorder()
		Observe(quiet)(h).ServeHTTP(w, httptest.NewRequest("GET", "/d/7", nil))
		if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.want) {
			t.Errorf("%v: got %d, want %d with %q", tt.err, w.Code, tt.status, tt.want)
		}
		if strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%v: the page shows the cause", tt.err)
		}
		if tt.status == 500 && !strings.Contains(w.Body.String(), w.Header().Get("X-Request-Id")) {
			t.Error("the page does not name the request")
		}
	}
	if !strings.Contains(log.String(), "secret path") {
		t.Error("the cause is not in the log")
	}
}

func TestPanicBecomesAPage(t *testing.T) {
	var log bytes.Buffer
	var got Record
	h := Observe(slog.New(slog.NewTextHandler(&log, nil)), func(r Record) { got = r })(
		Route("GET /x")(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("boom") })))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/x?q=private", nil))
	if w.Code != 500 || got.Status != 500 || got.Route != "GET /x" || !strings.Contains(log.String(), "boom") {
		t.Errorf("got %d, record %+v, log %s", w.Code, got, log.String())
	}
	if strings.Contains(log.String(), "private") {
		t.Error("the query is in the log")
	}
}

func TestWords(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567", 12345: "12,345"} {
		if got := Thousands(n); got != want {
			t.Errorf("Thousands(%d) = %s", n, got)
		}
	}
	for n, want := range map[int64]string{12: "12 字节", 38 << 10: "38 KB", 3 << 20: "3.0 MB"} {
		if got := Bytes(n); got != want {
			t.Errorf("Bytes(%d) = %s", n, got)
		}
	}
}

// TestContrast holds every theme to WCAG 2.2 AA: 4.5:1 for text on each ground
// it stands on.
