package portal

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gongkai/internal/db"
	"gongkai/internal/publication"
	"gongkai/internal/web/ui"
)

func TestDocument(t *testing.T) {
	c := newCity(t)
	tests := []struct {
		name, target string
		want, never  []string
	}{
		{"today", c.path("parking"), []string{
			"这份文件现在有效，第三条已于2021年10月1日被", `<p id="art-3" class="art"><a class="no" href="#art-3">第三条</a><a class="tag warn" href="#h-his">2021-10-01 修改</a>`,
			"永州市人民政府令第2号", "图解：停车收费和开放时段变了什么", "第二章 使用与收费", "停车场分布图.pdf", "外部网站", `name="PubDate" content="2019-03-20 00:00"`,
			`"@type":"Legislation"`, `"legislationLegalForce":"https://schema.org/PartiallyInForce"`, "<td>每小时2元</td>", "《永州市公共停车场管理办法》"},
			[]string{"您在看", `name="robots"`}},
		{"before the change", c.path("parking") + "?on=2020-01-01", []string{"在2020年1月1日这一天有效", "您在看2020年1月1日这一天的文本", `name="robots" content="noindex"`}, []string{"2021-10-01 修改</a>"}},
		{"before it was in force", c.path("parking") + "?on=2019-04-01", []string{"还没有施行"}, nil},
		{"the change", c.path("parking-change"), []string{"修改<a href", "永州市公共停车场管理办法"}, nil},
		{"repealed", c.path("old"), []string{"已经废止", "2019-05-01"}, nil},
		{"withdrawn", c.path("gone"), []string{"已于2021年11月15日撤下", "公示期已满", "公示到期，按规定撤下。"}, []string{"为了方便群众", "art-1"}},
		{"fields", c.path("service"), []string{"行政许可", "申请材料", "<td>申请表</td>"}, nil},
		{"interpretation", c.path("parking-words"), []string{"解读的文件", "（第三条）"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := c.get(t, tt.target).Body.String()
			for _, s := range tt.want {
				if !strings.Contains(page, s) {
					t.Errorf("page lacks %q", s)
				}
			}
			for _, s := range tt.never {
				if strings.Contains(page, s) {
					t.Errorf("page holds %q", s)
				}
			}
		})
	}
}

func TestAttachments(t *testing.T) {
	c := newCity(t)
	file := c.path("parking") + "/files/1"
	w := c.get(t, file)
	if w.Code != 200 || !strings.HasPrefix(w.Body.String(), "%PDF") || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("got %d %v", w.Code, w.Header())
	}
	if w := c.get(t, file, "Range", "bytes=0-3"); w.Code != http.StatusPartialContent || w.Body.String() != "%PDF" {
		t.Errorf("range: got %d %q", w.Code, w.Body)
	}
	if w := c.get(t, file, "If-None-Match", w.Header().Get("Etag")); w.Code != http.StatusNotModified {
		t.Errorf("conditional: got %d", w.Code)
	}
	for _, bad := range []string{"/files/0", "/files/2", "/files/3", "/files/x"} {
		if w := c.get(t, c.path("parking")+bad); w.Code != http.StatusNotFound {
			t.Errorf("%s: got %d", bad, w.Code)
		}
	}
	check(t, c.db.Update(t.Context(), func(tx *db.Tx) error {
		return c.Publications.Withdraw(t.Context(), tx, c.ids["parking"], publication.ReasonPrivacy, "", "test")
	}))
	c.index(t)
	if w := c.get(t, file); w.Code != http.StatusGone {
		t.Errorf("withdrawn: got %d, want 410", w.Code)
	}
}

func TestPagesFollowTheLedger(t *testing.T) {
	c := newCity(t)
	first := c.get(t, "/library").Body.String()
	if hits := c.CacheStats().Hits; c.get(t, "/library?utm_source=x").Body.String() != first || c.CacheStats().Hits != hits+1 {
		t.Error("the second visit is not served from memory")
	}
	c.put(t, line("new", "永州市共享单车停放规定", func(l *publication.Line) { l.IssuedOn = day0("2021-11-14") }))
	if page := c.get(t, "/library").Body.String(); !strings.Contains(page, "共享单车") {
		t.Error("a new record is not on the page")
	}
}

func TestSafetyHeaders(t *testing.T) {
	c := newCity(t)
	for _, target := range []string{"/", c.path("parking"), "/nowhere", "/robots.txt", c.engine.Assets().Path("base.css"), "/feeds/newest.atom"} {
		h := c.get(t, target).Header()
		if h.Get("Content-Security-Policy") != ui.Policy || strings.Contains(ui.Policy, "unsafe") || h.Get("X-Content-Type-Options") != "nosniff" ||
			h.Get("Referrer-Policy") == "" || h.Get("Permissions-Policy") == "" || h.Get("X-Request-Id") == "" {
			t.Errorf("%s: %v", target, h)
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/library", nil)
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: got %d", w.Code)
	}
}

func TestDisplayChoices(t *testing.T) {
	c := newCity(t)
	plain := c.get(t, "/").Body.String()
	large := c.get(t, "/", "Cookie", ui.PrefsCookie+"=lcd").Body.String()
	if !strings.Contains(large, `<html lang="zh-CN" class="large contrast dark">`) || strings.Contains(plain, "class=\"large") {
		t.Error("the choices do not show")
	}
	if again := c.get(t, "/").Body.String(); again != plain {
		t.Error("one reader's choices show on another's page")
	}
	r := httptest.NewRequest(http.MethodPost, "/lingling/prefs", strings.NewReader("set=large&back=/lingling/library"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/lingling/library" {
		t.Errorf("got %d %v", w.Code, w.Header())
	}
}

func TestLimitsNameThemselves(t *testing.T) {
	c := newCity(t)
	d := c.Deps
	d.Searching = ui.Limit{Name: "search", Label: "搜索", PerMin: 2}
	p, err := New(d)
	check(t, err)
	ask := func() *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		p.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/search?q=停车", nil))
		return w
	}
	ask()
	ask()
	w := ask()
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "搜索每分钟最多 2 次") {
		t.Errorf("got %d %v", w.Code, w.Header())
	}
	if w := c.get(t, "/"); w.Code != 200 {
		t.Errorf("reading is limited too: %d", w.Code)
	}
}

func TestFeedsAndMapsAreXML(t *testing.T) {
	c := newCity(t)
	for _, target := range []string{"/feeds/newest.atom", "/feeds/kind-policy.atom", "/sitemap.xml", "/sitemaps/columns.xml", "/sitemaps/2021.xml", "/opensearch.xml", "/lingling/feeds/newest.atom"} {
		w := c.get(t, target)
		var any struct{ XMLName xml.Name }
		if err := xml.Unmarshal(w.Body.Bytes(), &any); err != nil || w.Code != 200 {
			t.Errorf("%s: %d %v", target, w.Code, err)
		}
	}
	columns := c.get(t, "/sitemaps/columns.xml").Body.String()
	for _, want := range []string{"/zfxxgk/guide/</loc>", "/units/", "/library</loc>"} {
		if !strings.Contains(columns, want) {
			t.Errorf("the site map lacks %q", want)
		}
	}
}

func TestSitesStandApart(t *testing.T) {
	c := newCity(t)
	page := c.get(t, "/lingling/").Body.String()
	if strings.Contains(page, "公共停车场") {
		t.Error("the district's home page shows the city's documents")
	}
	if !strings.Contains(page, `href="/lingling/library"`) || strings.Contains(page, `href="/library"`) {
		t.Error("links leave the site")
	}
	if strings.Contains(page, `href="/lingling/assets/`) {
		t.Error("assets must be shared by all sites")
	}
}

func TestSchemaIsJSON(t *testing.T) {
	c := newCity(t)
	page := c.get(t, c.path("parking")).Body.String()
	_, rest, ok := strings.Cut(page, `<script type="application/ld+json">`)
	text, _, _ := strings.Cut(rest, "</script>")
	var got schema
	if err := json.Unmarshal([]byte(text), &got); !ok || err != nil || got.Name != "永州市公共停车场管理办法" || got.Publisher.Type != "GovernmentOrganization" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestHead(t *testing.T) {
	c := newCity(t)
	r := httptest.NewRequest(http.MethodHead, "/library", nil)
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	if w.Code != 200 || w.Body.Len() != 0 || w.Header().Get("Content-Length") == "" {
		t.Errorf("got %d, %d bytes, %v", w.Code, w.Body.Len(), w.Header())
	}
	get := c.get(t, "/library")
	if w := c.get(t, "/library", "If-None-Match", get.Header().Get("Etag")); w.Code != http.StatusNotModified {
		t.Errorf("conditional: got %d", w.Code)
	}
}
