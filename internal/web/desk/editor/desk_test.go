package editor

import (
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gongkai/internal/web/ui"
)

// hangUp, as the status of an answer, breaks the connection instead.
const hangUp = -1

// saving is what the editor sends.
type saving struct {
	Revision int            `json:"revision"`
	Body     string         `json:"body"`
	Title    string         `json:"title"`
	Fields   map[string]any `json:"fields"`
}

// desk is a small server with one draft. It keeps drafts as the real one does:
// a revision is saved only over the one before it.
type desk struct {
	base string

	mu       sync.Mutex
	body     string
	title    string
	revision int
	saved    []saving // what was acknowledged
	tries    int      // saves asked for
	answer   int      // status of every answer to a save; 0 for the usual one
	posted   []string // bodies that the form sent
	uploads  []string // names of files
	asked    []string // searches for articles
	plain    bool     // the page has no address to save at
	failed   bool     // an answer was an error, as it was told
	owner    string
	delay    int // milliseconds after which a change is saved
}

func newDesk(t testing.TB, body string) *desk {
	t.Helper()
	d := &desk{body: body, title: "关于编制工作的通知", revision: 1, delay: 150}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /draft", d.page)
	mux.HandleFunc("PUT /save", d.save)
	mux.HandleFunc("POST /submit", d.submit)
	mux.HandleFunc("GET /files", d.files)
	mux.HandleFunc("POST /files", d.upload)
	mux.HandleFunc("GET /cite", d.cite)
	mux.HandleFunc("GET /list", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, listPage) })
	mux.HandleFunc("GET /chart.png", picture)
	mux.Handle("GET /assets/", http.StripPrefix("/assets/", http.FileServer(http.Dir(filepath.Join("..", "assets")))))
	mux.Handle("GET /base.css", fileHandler(filepath.Join("..", "..", "ui", "assets", "base.css")))
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	server := httptest.NewServer(ui.Safe(mux))
	t.Cleanup(server.Close)
	d.base = server.URL
	return d
}

func fileHandler(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, name) })
}

// picture answers with one grey pixel.
func picture(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "image/gif")
	fmt.Fprint(w, "GIF89a\x01\x00\x01\x00\x80\x00\x00\x80\x80\x80\x00\x00\x00!\xf9\x04\x00\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")
}

var draftPage = template.Must(template.New("").Parse(`<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>起草</title>
<link rel="stylesheet" href="/base.css"><link rel="stylesheet" href="/assets/editor.css">
<script src="/assets/editor.js" defer></script><script src="/assets/desk.js" defer></script></head>
<body><main class="wrap page"><h1>起草</h1>
<form method="post" action="/submit">
<p><label for="title">标题</label> <input id="title" name="title" value="{{.Title}}"></p>
<p><label for="number">文号</label> <input id="number" name="number" value="永政办发〔2021〕12号"></p>
<p><label><input type="checkbox" name="theme" value="住房" checked> 住房</label> <label><input type="checkbox" name="theme" value="教育"> 教育</label></p>
<input type="hidden" name="token" value="{{.Token}}">
<input type="hidden" name="revision" value="{{.Revision}}">
<p><label for="body">正文</label></p>
<textarea id="body" name="body" rows="12" required data-editor {{if not .Plain}}data-save-url="/save" data-save-delay="{{.Delay}}"{{end}} data-revision="{{.Revision}}" data-owner="{{.Owner}}"
 data-files-url="/files" data-upload-url="/files" data-cite-url="/cite">{{.Body}}</textarea>
<p><button class="btn">提交审核</button></p>
</form></main></body></html>`))

func (d *desk) page(w http.ResponseWriter, _ *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	draftPage.Execute(w, map[string]any{"Title": d.title, "Body": d.body, "Revision": d.revision, "Plain": d.plain, "Owner": d.owner, "Delay": d.delay, "Token": time.Now().UnixNano()})
}

// set changes the desk between requests.
func (d *desk) set(change func(*desk)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(d)
}

func look[T any](d *desk, at func(*desk) T) T {
	d.mu.Lock()
	defer d.mu.Unlock()
	return at(d)
}

// unwilling tells whether the desk answers, or has answered, with errors.
func (d *desk) unwilling() bool {
	return look(d, func(d *desk) bool { return d.failed || d.answer != 0 })
}

func (d *desk) save(w http.ResponseWriter, r *http.Request) {
	var in saving
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tries++
	w.Header().Set("Content-Type", "application/json")
	switch {
	case d.answer == hangUp:
		d.failed = true
		panic(http.ErrAbortHandler)
	case d.answer != 0:
		d.failed = true
		w.WriteHeader(d.answer)
		fmt.Fprint(w, `{"detail":"正文太长，请分成几份。"}`)
	case in.Revision != d.revision:
		d.failed = true
		w.WriteHeader(http.StatusConflict)
		fmt.Fprintf(w, `{"by":"市住建局信息员","at":"2022-01-19T10:32:00+08:00","revision":%d,"url":"/draft?compare=1"}`, d.revision)
	default:
		d.revision++
		d.body, d.title = in.Body, in.Title
		d.saved = append(d.saved, in)
		fmt.Fprintf(w, `{"revision":%d,"saved_at":"2022-01-19T10:32:00+08:00"}`, d.revision)
	}
}

func (d *desk) submit(w http.ResponseWriter, r *http.Request) {
	d.set(func(d *desk) { d.posted = append(d.posted, r.FormValue("body")) })
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(w, `<!doctype html><html lang="zh-CN"><title>已提交</title><h1>已提交</h1></html>`)
}

func (d *desk) files(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprint(w, `{"files":[{"name":"空气质量.png","url":"/chart.png","media_type":"image/png"},{"name":"任务分工表.xlsx","url":"/files/7/tasks.xlsx","media_type":"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}]}`)
}

func (d *desk) upload(w http.ResponseWriter, r *http.Request) {
	_, header, err := r.FormFile("file")
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	d.set(func(d *desk) { d.uploads = append(d.uploads, header.Filename) })
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"name":%q,"url":"/chart.png?2","media_type":"image/png"}`, header.Filename)
}

func (d *desk) cite(w http.ResponseWriter, r *http.Request) {
	q := r.FormValue("q")
	d.set(func(d *desk) { d.asked = append(d.asked, q) })
	w.Header().Set("Content-Type", "application/json")
	if !strings.Contains(q, "条例") {
		fmt.Fprint(w, `{"items":[]}`)
		return
	}
	fmt.Fprint(w, `{"items":[{"title":"中华人民共和国政府信息公开条例","clause":"第五条","text":"行政机关公开政府信息，应当坚持以公开为常态、不公开为例外，遵循公正、公平、合法、便民的原则。","url":"/d/4#art-5","validity":"有效"},
{"title":"某旧条例","clause":"第一条","text":"为了规范。","url":"/d/9#art-1","validity":"废止"},
{"title":"外站","clause":"第一条","text":"别处的。","url":"https://example.com/x","validity":"有效"}]}`)
}

// await waits until something holds of the desk.
func (d *desk) await(t testing.TB, what string, holds func(*desk) bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !look(d, holds); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// awaitSaved waits until the desk has acknowledged a text that holds words,
// and gives what was sent.
func (d *desk) awaitSaved(t testing.TB, words string) saving {
	t.Helper()
	var got saving
	d.await(t, "a save that says "+words, func(d *desk) bool {
		i := len(d.saved) - 1
		for ; i >= 0 && !strings.Contains(d.saved[i].Body, words); i-- {
		}
		if i >= 0 {
			got = d.saved[i]
		}
		return i >= 0
	})
	return got
}

// TestSize holds the editor to its budget.
func TestSize(t *testing.T) {
	const budget = 220_000
	script, err := os.ReadFile(filepath.Join("..", "assets", "editor.js"))
	if err != nil {
		t.Fatal(err)
	}
	if n := ui.NewBody(http.StatusOK, http.Header{"Content-Type": {"text/javascript"}}, script); n.Size()-len(script) > budget {
		t.Errorf("editor.js is %d bytes compressed, want at most %d", n.Size()-len(script), budget)
	}
	keys, err := os.ReadFile(filepath.Join("..", "assets", "desk.js"))
	if err != nil || len(keys) > 8<<10 {
		t.Errorf("desk.js is %d bytes (%v), want at most 8 KiB", len(keys), err)
	}
}
