package api_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/search"
	"gongkai/internal/web/api"
)

// row is one question and what its answer must and must not hold.
type row struct {
	target string
	status int
	must   []string
	not    []string
}

var rows = []row{
	{"/search?q=地名", 200, []string{`"total":1`, `"source_id":"p2"`, `"number":"甲政发〔2021〕3号"`, `<mark>地名</mark>`, `"validity":"in_force"`, `"issued_on":"2021-02-01"`, `"took_ms":`, `"label":"政策文件"`, `"editions":1`}, []string{"$schema"}},
	{"/search?q=地名&collapse=false", 200, []string{`"total":2`, `"validity":"repealed"`}, nil},
	{"/search?q=" + url.QueryEscape("甲政发[2021] 3号"), 200, []string{`"source_id":"p2"`}, nil},
	{"/search", 200, []string{`"total":4`, `"did_you_mean":[]`}, []string{"误发的通知"}},
	{"/search?kind=notice,commitment", 200, []string{`"total":2`}, []string{`"kind":"policy"`}},
	{"/search?kind=notice&kind=commitment", 200, []string{`"total":2`}, nil},
	{"/search?unit=市教育局", 200, []string{`"total":1`, `"source_id":"n1"`}, nil},
	{"/search?unit=3", 200, []string{`"total":1`, `"source_id":"n1"`}, nil},
	{"/search?unit=教委", 400, []string{`"code":"unit_unknown"`, "/api/v1/units", `"place":"参数 unit"`}, []string{"gongkai import"}},
	{"/search?validity=废止&collapse=false", 200, []string{`"total":1`, `"source_id":"p1"`}, nil},
	{"/search?validity=gone", 400, []string{`"code":"validity_unknown"`, "repealed（废止）"}, nil},
	{"/search?year=2019&collapse=false", 200, []string{`"total":1`, `"source_id":"p1"`}, nil},
	{"/search?from=2021-02-01&to=2021-02-01", 200, []string{`"total":1`, `"source_id":"p2"`}, nil},
	{"/search?from=2021-02-30", 400, []string{`"code":"parameter_bad"`, `"place":"参数 from"`, "“2021-02-30”不是存在的日期"}, nil},
	{"/search?size=500", 400, []string{"不能大于 100"}, nil},
	{"/search?page=0", 400, []string{"不能小于 1"}, nil},
	{"/search?page=9999&size=100", 400, []string{`"code":"page_too_deep"`, "/api/v1/bulk"}, nil},
	{"/search?page=x", 400, []string{"参数 page 的值“x”要是整数"}, nil},
	{"/search?sort=random", 400, []string{"newest"}, nil},
	{"/search?q=%00%01%ff", 200, []string{`"items":`}, nil},
	{"/search?q=" + strings.Repeat("、", 200), 200, []string{`"items":`}, nil},
	{"/search?q=" + url.QueryEscape(strings.Repeat("公开", 50_000)), 200, []string{`"items":`}, nil},
	{"/search?q=" + url.QueryEscape(`<script>alert(1)</script>`), 200, []string{`"items":`}, []string{"<script>"}},

	{"/clauses?q=谁主管地名工作", 200, []string{`"clause":"第二条"`, `"publication":2`, `"url":"/d/2#`, `"text":"县人民政府民政部门主管`}, nil},
	{"/clauses?q=", 200, []string{`"items":[]`}, nil},
	{"/clauses?q=x&size=0", 400, []string{"参数 size"}, nil},
	{"/suggest?q=jyj", 200, []string{"甲市教育局", `"url":"/units/3"`}, nil},

	{"/publications", 200, []string{`"total":5`, `"next":""`, `"quantity":348`}, []string{"误发的通知", "第二条 县人民政府"}},
	{"/publications?kind=policy&validity=in_force", 200, []string{`"total":1`, `"source_id":"p2"`}, nil},
	{"/publications?unit=市政府&below=true", 200, []string{`"total":5`}, nil},
	{"/publications?number=" + url.QueryEscape("甲政发（2019）7号"), 200, []string{`"total":1`, `"source_id":"p1"`, `"validity":"repealed"`}, nil},
	{"/publications?source_id=n1", 200, []string{`"total":1`, `"id":3`}, nil},
	{"/publications?source_id=nothing", 200, []string{`"total":0`, `"items":[]`}, nil},
	{"/publications?after=nonsense", 400, []string{`"code":`}, nil},
	{"/publications/2", 200, []string{`"type":"repeals"`, `"label":"废止"`, "第二条 县人民政府", `"sentence":`}, nil},
	{"/publications/1", 200, []string{`"label":"被废止"`, `"validity":"repealed"`}, nil},
	{"/publications/1?on=2020-01-01", 200, []string{`"on":"2020-01-01","validity":"in_force"`}, nil},
	{"/publications/6", 200, []string{`"state":"withdrawn"`, `"reason":"error"`, "已更正重发", `"versions":[{"no":1`, `"url":""`}, []string{"不该公开的正文"}},
	{"/publications/6/versions/1", 404, []string{"application/problem+json"}, []string{"不该公开的正文"}},
	{"/publications/99", 404, []string{`"status":404`}, nil},
	{"/publications/x", 400, []string{"要是整数"}, nil},
	{"/publications/2/versions/9", 404, nil, nil},

	{"/units", 200, []string{`"total":4`, "乙市人民政府"}, []string{"乙县"}},
	{"/units?on=2019-06-01", 200, []string{"乙县人民政府"}, []string{"乙市"}},
	{"/units?kind=department&size=1&page=2", 200, []string{`"total":2`, "甲市教育局"}, []string{"发展和改革"}},
	{"/units?parent=431100", 200, []string{`"total":3`}, nil},
	{"/units?kind=ministry", 400, []string{"department"}, nil},
	{"/units?page=10000&size=1000", 200, []string{`"total":4`, `"items":[]`}, nil},
	{"/units/4", 200, []string{`"was":"乙县人民政府"`, `"label":"更名"`, `"on":"2020-01-01"`, `"duties":{"total":1`}, nil},
	{"/units/市发改委", 200, []string{`"id":2`, `"overdue":1`}, nil},
	{"/units/丙县", 404, []string{`"code":"unit_unknown"`}, nil},
	{"/sites", 200, []string{`"slug":"city"`, `"path":"zfxxgk/guide"`}, nil},
	{"/kinds", 200, []string{`"code":"commitment"`, `"key":"targets"`, `"type":"table"`}, nil},

	{"/plans", 200, []string{`"kind":"plan"`, `"year":2021`, `"url":"/plans/1"`}, nil},
	{"/plans/1", 200, []string{`"periods":["2021"]`, `"duties":{"total":4`, `"fulfilled":1`}, nil},
	{"/plans/1?period=2021Q5", 400, []string{`"place":"参数 period"`}, nil},
	{"/plans/77", 404, nil, nil},
	{"/tasks", 200, []string{`"no":1`, `"lead":["市发改委"]`, `"responsible":["各县市区"]`, `"quantity":3.5`, `"unit":"万户"`}, nil},
	{"/tasks?unit=乙市", 200, []string{"公开规划"}, []string{"公开招生政策"}},
	{"/tasks?code=" + url.QueryEscape(planCode+"/2"), 200, []string{"公开招生政策"}, []string{"公开规划"}},
	{"/tasks?plan=77", 404, nil, nil},
	{"/obligations?size=1", 200, []string{"公开规划", `"next":1`}, []string{"公开招生政策"}},
	{"/obligations?after=1", 200, []string{"公开招生政策"}, []string{"公开规划"}},
	{"/obligations?unit=3", 200, []string{"公开招生政策"}, []string{"公开规划"}},
	{"/obligations/1", 200, []string{`"duties":{"total":2`}, nil},
	{"/duties", 200, []string{`"status":"fulfilled"`, `"status":"not_due"`, `"status_label":"逾期未公开"`}, nil},
	{"/duties?status=overdue", 200, []string{`"unit_id":2`}, []string{`"status":"fulfilled"`}},
	{"/duties?status=逾期未公开,已公开", 200, []string{`"overdue"`, `"fulfilled"`}, []string{`"not_due"`}},
	{"/duties?unit=乙市&period=2021", 200, []string{`"due_on":"2021-12-31"`, `"met_on":null`}, []string{`"unit_id":2`}},
	{"/duties?period=summer", 400, []string{"2021Q3"}, nil},
	{"/duties?status=late", 400, []string{`"code":"status_unknown"`, "overdue（逾期未公开）"}, nil},
	{"/duties?after=nonsense", 400, nil, nil},
	{"/duties/4", 200, []string{`"met_on":"2021-05-21"`, `"met_how":"record"`, `"publication":3`}, nil},
	{"/duties/404", 404, nil, nil},
	{"/matrix", 200, []string{`"plan_id":1`, `"status":"overdue"`, `"unit":"甲市教育局"`}, nil},
	{"/matrix?columns=section&kind=county", 200, []string{`"title":"一、规划"`, "乙市"}, []string{"教育局"}},
	{"/matrix?columns=rows", 400, nil, nil},
	{"/commitments?year=2021", 200, []string{`"quantity":348`, `"done":174`, `"percent":50`, `"as_of":"2021-05-31"`}, nil},

	{"/calendar/2021-06-14", 200, []string{`"workday":false`, `"name":"端午节"`, "国办发明电〔2020〕27号"}, nil},
	{"/calendar/2021-02-30", 400, []string{`"code":"date_bad"`}, nil},
	{"/calendar/due?from=2021-06-11&days=3", 200, []string{`"due":"2021-06-17"`, `"counted":false`}, nil},
	{"/calendar/due?days=3", 400, []string{"from"}, nil},
	{"/calendar/due?from=2021-06-11", 400, []string{"days"}, nil},
	{"/ledger?size=2", 200, []string{`"head":16`, `"next":2`, `"seq":1`}, []string{`"actor"`, `"data"`, `"seq":3`}},
	{"/ledger?after=16", 200, []string{`"items":[]`, `"next":16`}, nil},
	{"/bulk", 200, []string{`"items":[]`}, nil},
	{"/bulk/publications.jsonl.zst", 404, []string{`"status":404`}, nil},
	{"/nothing", 404, []string{`"code":"address_unknown"`, "/api/docs"}, nil},
}

func TestEndpoints(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		c := newCity(t, store)
		for _, r := range rows {
			resp := c.get("GET", "/api/v1"+escape(r.target))
			body := read(t, resp)
			shown := body[:min(len(body), 2000)]
			if resp.StatusCode != r.status {
				t.Errorf("%.80s: status %d, want %d\n%s", r.target, resp.StatusCode, r.status, shown)
				continue
			}
			if r.status == http.StatusOK && !json.Valid([]byte(body)) {
				t.Errorf("%.80s: not JSON", r.target)
			}
			if kind := resp.Header.Get("Content-Type"); (r.status == http.StatusOK) != (kind == "application/json") {
				t.Errorf("%.80s: status %d with Content-Type %s", r.target, r.status, kind)
			}
			body += resp.Header.Get("Content-Type")
			for _, want := range r.must {
				if !strings.Contains(body, want) {
					t.Errorf("%.80s: no %s in\n%s", r.target, want, shown)
				}
			}
			for _, bad := range r.not {
				if strings.Contains(body, bad) {
					t.Errorf("%.80s: %s in\n%s", r.target, bad, shown)
				}
			}
		}
	})
}

// escape makes a target as written above fit for a request line.
func escape(target string) string {
	var out strings.Builder
	for _, b := range []byte(target) {
		if b < 0x80 {
			out.WriteByte(b)
		} else {
			out.WriteString(url.QueryEscape(string([]byte{b})))
		}
	}
	return out.String()
}

// The keys of search and clauses are fixed: a new one may be added, none may go.
func TestFixedShapes(t *testing.T) {
	c := sqliteCity(t)
	for target, want := range map[string]map[string][]string{
		"/api/v1/search?q=%E5%9C%B0%E5%90%8D": {
			"":      {"total", "took_ms", "facets", "items"},
			"items": {"id", "source_id", "kind", "title", "url", "unit", "number", "issued_on", "published_at", "validity", "highlights", "score"},
		},
		"/api/v1/clauses?q=%E5%9C%B0%E5%90%8D": {
			"":      {"items"},
			"items": {"publication", "source_id", "title", "clause", "text", "url", "score"},
		},
	} {
		var all map[string]any
		must(t, json.NewDecoder(c.get("GET", target).Body).Decode(&all))
		first := all["items"].([]any)[0].(map[string]any)
		for _, key := range want[""] {
			if _, ok := all[key]; !ok {
				t.Errorf("%s: no %s", target, key)
			}
		}
		for _, key := range want["items"] {
			if _, ok := first[key]; !ok {
				t.Errorf("%s: no %s in an item", target, key)
			}
		}
	}
}

func TestPagesAreStable(t *testing.T) {
	c := sqliteCity(t)
	for _, path := range []string{"/api/v1/publications?size=2", "/api/v1/duties?size=1"} {
		seen, after := map[float64]bool{}, ""
		for {
			var page struct {
				Next  string
				Items []map[string]any
			}
			must(t, json.NewDecoder(c.get("GET", path+"&after="+url.QueryEscape(after)).Body).Decode(&page))
			for _, item := range page.Items {
				id := item["id"].(float64)
				if seen[id] {
					t.Errorf("%s: %v twice", path, id)
				}
				seen[id] = true
			}
			if after = page.Next; after == "" {
				break
			}
		}
		if want := map[string]int{"/api/v1/publications?size=2": 5, "/api/v1/duties?size=1": 4}[path]; len(seen) != want {
			t.Errorf("%s: %d items in all, want %d", path, len(seen), want)
		}
	}
}

func TestConditionsAndCompression(t *testing.T) {
	c := sqliteCity(t)
	for _, target := range []string{"/api/v1/kinds", "/api/v1/clauses?q=x", "/api/v1/suggest?q=jy", "/api/v1/ledger", "/api/openapi.json", "/api/docs"} {
		plain := c.get("GET", target)
		want, tag := read(t, plain), plain.Header.Get("Etag")
		if tag == "" || plain.Header.Get("Cache-Control") != "public, no-cache" {
			t.Errorf("%s: Etag %q, Cache-Control %q", target, tag, plain.Header.Get("Cache-Control"))
		}
		if again := c.get("GET", target, "If-None-Match", tag); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s with its own tag: status %d, want 304", target, again.StatusCode)
		}
		packed := c.get("GET", target, "Accept-Encoding", "gzip")
		if len(want) > 1024 {
			z, err := gzip.NewReader(packed.Body)
			must(t, err)
			got, err := io.ReadAll(z)
			must(t, err)
			if string(got) != want || packed.Header.Get("Content-Encoding") != "gzip" || !strings.Contains(packed.Header.Get("Vary"), "Accept-Encoding") {
				t.Errorf("%s: gzip gives something else", target)
			}
		}
		head := c.get("HEAD", target)
		if body := read(t, head); head.StatusCode != http.StatusOK || body != "" {
			t.Errorf("HEAD %s: status %d with %d bytes", target, head.StatusCode, len(body))
		}
	}
}

// What was kept is forgotten when the public data, the day or the index is
// another.
func TestAnswersFollowTheGeneration(t *testing.T) {
	c := sqliteCity(t)
	before := read(t, c.get("GET", "/api/v1/publications"))
	c.update(t, func(tx *db.Tx) error { return c.Publications.Withdraw(ctx, tx, 3, "error", "", "test") })
	if got := read(t, c.get("GET", "/api/v1/publications")); got != before {
		t.Error("the same generation gives another answer: nothing is kept")
	}
	c.gen = "2"
	if got := read(t, c.get("GET", "/api/v1/publications")); strings.Contains(got, "招生工作通知") {
		t.Error("the new generation shows what was withdrawn")
	}
	found := read(t, c.get("GET", "/api/v1/search"))
	must(t, c.Search.Apply(ctx, 2, []search.Doc{}, []int64{3}))
	if got := read(t, c.get("GET", "/api/v1/search")); got == found || strings.Contains(got, "招生工作通知") {
		t.Error("the index has moved, the answer has not")
	}
}

func TestOtherOrigins(t *testing.T) {
	c := sqliteCity(t)
	for _, target := range []string{"/api/v1/kinds", "/api/v1/nothing", "/api/openapi.json"} {
		if got := c.get("GET", target, "Origin", "https://example.org").Header.Get("Access-Control-Allow-Origin"); got != "*" {
			t.Errorf("%s: Access-Control-Allow-Origin %q", target, got)
		}
	}
	ask := c.get("OPTIONS", "/api/v1/kinds", "Origin", "https://example.org", "Access-Control-Request-Method", "GET")
	if ask.StatusCode != http.StatusNoContent || !strings.Contains(ask.Header.Get("Access-Control-Allow-Methods"), "GET") {
		t.Errorf("OPTIONS: status %d, %v", ask.StatusCode, ask.Header)
	}
	for _, method := range []string{"POST", "PUT", "DELETE"} {
		resp := c.get(method, "/api/v1/kinds")
		if resp.StatusCode != http.StatusMethodNotAllowed || resp.Header.Get("Allow") == "" {
			t.Errorf("%s: status %d, Allow %q", method, resp.StatusCode, resp.Header.Get("Allow"))
		}
	}
}

func TestLimitNamesItself(t *testing.T) {
	c := sqliteCity(t, func(d *api.Deps) { d.PerMinute = 2 })
	for i, want := range []int{200, 200, 429} {
		resp := c.get("GET", "/api/v1/kinds")
		if resp.StatusCode != want || !strings.Contains(resp.Header.Get("Ratelimit-Policy"), `"api"`) {
			t.Errorf("request %d: status %d, want %d; %v", i, resp.StatusCode, want, resp.Header)
		}
		if want == http.StatusTooManyRequests {
			body := read(t, resp)
			if resp.Header.Get("Retry-After") == "" || !strings.Contains(body, `"code":"too_many_requests"`) || !strings.Contains(body, "接口每分钟最多 2 次") {
				t.Errorf("refusal is %s with %v", body, resp.Header)
			}
		}
	}
	if resp := c.get("GET", "/api/v1/bulk/publications.jsonl.zst"); resp.StatusCode == http.StatusTooManyRequests {
		t.Error("bulk files stand under the limit")
	}
}

// Our own failures are logged and show nothing.
func TestFailuresShowNothing(t *testing.T) {
	c := sqliteCity(t)
	must(t, c.Search.Close())
	c.DB.Close()
	for _, target := range []string{"/api/v1/search?q=x", "/api/v1/publications", "/api/v1/ledger"} {
		resp := c.get("GET", target)
		body := read(t, resp)
		if resp.StatusCode < 500 || strings.Contains(body, "sql") || strings.Contains(body, "bleve.") || !strings.Contains(body, `"detail":"`) {
			t.Errorf("%s: status %d, %s", target, resp.StatusCode, body)
		}
	}
}
