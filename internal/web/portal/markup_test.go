package portal

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"gongkai/internal/publication"
)

// everyPage crawls the portal from its home page and gives each page once.
func everyPage(t *testing.T, c *city, visit func(path string, doc *html.Node, size int)) (links map[string]string) {
	t.Helper()
	links = map[string]string{"/": "start"}
	queue := []string{"/", "/d/999999", "/prefs", "/search?q=没有这样的东西"}
	seenForm := map[string]int{}
	for len(queue) > 0 && len(links) < 4000 {
		path := queue[0]
		queue = queue[1:]
		w := c.get(t, path)
		if path != "/d/999999" && w.Code != 200 {
			t.Errorf("%s (linked from %s) answers %d", path, links[path], w.Code)
			continue
		}
		if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			continue
		}
		doc, err := html.Parse(bytes.NewReader(w.Body.Bytes()))
		check(t, err)
		visit(path, doc, w.Body.Len())
		for _, href := range hrefs(doc) {
			target, ok := local(t, path, href)
			if !ok || links[target] != "" {
				continue
			}
			links[target] = path
			// One page of every form is followed far, of the rest a few.
			if seenForm[form(target)]++; seenForm[form(target)] <= 5 {
				queue = append(queue, target)
			}
		}
	}
	return links
}

// form is the address without its particulars: /d/# of /d/17.
func form(target string) string {
	path, query, _ := strings.Cut(target, "?")
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if strings.ContainsAny(p, "0123456789%") {
			parts[i] = "#"
		}
	}
	names := []string{}
	for _, pair := range strings.Split(query, "&") {
		name, _, _ := strings.Cut(pair, "=")
		names = append(names, name)
	}
	return strings.Join(parts, "/") + "?" + strings.Join(names, "&")
}

func local(t *testing.T, from, href string) (string, bool) {
	t.Helper()
	base, err := url.Parse("http://example.com" + from)
	check(t, err)
	u, err := base.Parse(href)
	if err != nil {
		t.Errorf("%s links to %q: %v", from, href, err)
		return "", false
	}
	if u.Host != "example.com" || strings.HasPrefix(u.Path, "/api/") {
		return "", false
	}
	u.Fragment = ""
	return u.RequestURI(), true
}

func hrefs(doc *html.Node) (list []string) {
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			if (a.Key == "href" || a.Key == "src") && n.Type == html.ElementNode {
				list = append(list, a.Val)
			}
		}
	}
	return list
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

// budget is the size of a page with its style, in bytes before compression. A
// matrix is a table of the whole city and is held to it compressed.
const budget = 60 << 10

// TestEveryPage crawls the whole portal: links lead somewhere, the markup
// keeps its promises, pages stay small.
func TestEveryPage(t *testing.T) {
	c := newCity(t)
	style := len(c.get(t, c.engine.Assets().Path("base.css")).Body.Bytes())
	pages, anchors := 0, map[string]bool{}
	links := everyPage(t, c, func(path string, doc *html.Node, size int) {
		pages++
		if strings.Contains(path, "/matrix") {
			size = c.get(t, path, "Accept-Encoding", "gzip").Body.Len()
		}
		if size+style > budget {
			t.Errorf("%s: %d bytes with its style", path, size+style)
		}
		for _, problem := range problems(doc) {
			t.Errorf("%s: %s", path, problem)
		}
		anchors[form(path)] = true
	})
	for _, want := range []string{"/d/#?", "/plans/#?", "/tasks/#/#?", "/units/#?", "/duties/#?", "/matrix?", "/library?page", "/search?unit&sort", "/zfxxgk/statutory/#/?", "/catalogue?", "/lingling/?"} {
		if !slices.ContainsFunc(keys(anchors), func(k string) bool { return sameForm(k, want) }) {
			t.Errorf("no page of the form %s was reached", want)
		}
	}
	t.Logf("%d pages, %d links", pages, len(links))
}

func keys(m map[string]bool) (list []string) {
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

func sameForm(got, want string) bool {
	return got == want || strings.TrimSuffix(want, "?") == strings.SplitN(got, "?", 2)[0] && strings.HasSuffix(want, "?") ||
		strings.HasPrefix(got, "/tasks/") && strings.HasPrefix(want, "/tasks/") || got == strings.Replace(want, "unit&sort", "sort&unit", 1)
}

// problems are the promises of every page that a document breaks.
func problems(doc *html.Node) (list []string) {
	ids, counts := map[string]bool{}, map[string]int{}
	level := 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		counts[n.Data]++
		for _, a := range n.Attr {
			switch {
			case a.Key == "style", strings.HasPrefix(a.Key, "on"):
				list = append(list, fmt.Sprintf("<%s %s=%q> is inline", n.Data, a.Key, a.Val))
			case a.Key == "href" && strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:"):
				list = append(list, "a link runs a script")
			case a.Key == "id" && ids[a.Val]:
				list = append(list, "two elements have the id "+a.Val)
			case a.Key == "id":
				ids[a.Val] = true
			}
		}
		list = append(list, elementProblems(n, &level)...)
	}
	for name, want := range map[string]int{"h1": 1, "main": 1, "header": 1, "footer": 1, "title": 1} {
		if counts[name] != want {
			list = append(list, fmt.Sprintf("%d <%s>, want %d", counts[name], name, want))
		}
	}
	for n := range doc.Descendants() {
		if href := attr(n, "href"); n.Data == "a" && len(href) > 1 && href[0] == '#' && !ids[href[1:]] {
			list = append(list, "no element has the id "+href)
		}
	}
	return append(list, metaProblems(doc)...)
}

func elementProblems(n *html.Node, level *int) (list []string) {
	switch n.Data {
	case "script":
		if attr(n, "src") == "" && attr(n, "type") != "application/ld+json" {
			list = append(list, "an inline script")
		}
	case "style":
		list = append(list, "an inline style")
	case "h1", "h2", "h3", "h4":
		got := int(n.Data[1] - '0')
		if got > *level+1 {
			list = append(list, fmt.Sprintf("<%s> %q follows a heading of level %d", n.Data, textOf(n), *level))
		}
		*level = got
	case "a", "button":
		if textOf(n) == "" && attr(n, "aria-label") == "" {
			list = append(list, "a "+n.Data+" without words: "+attr(n, "href"))
		}
	case "input", "select":
		if t := attr(n, "type"); t != "hidden" && attr(n, "aria-label") == "" && n.Parent.Data != "label" && attr(n, "id") == "" {
			list = append(list, "a field without a label: "+attr(n, "name"))
		}
	case "th":
		if attr(n, "scope") == "" && !inBody(n) {
			list = append(list, "a table header without scope: "+textOf(n))
		}
	case "progress":
		if attr(n, "aria-label") == "" {
			list = append(list, "a bar without words")
		}
	}
	return list
}

// inBody tells whether the element belongs to the text of a document.
func inBody(n *html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if strings.HasPrefix(attr(p, "class"), "body") {
			return true
		}
	}
	return false
}

// metaProblems checks the tags of the guideline for government sites and the
// six marks of the footer.
func metaProblems(doc *html.Node) (list []string) {
	tags := map[string]string{}
	footer := ""
	for n := range doc.Descendants() {
		if n.Data == "meta" {
			tags[attr(n, "name")] = attr(n, "content")
		}
		if n.Data == "footer" {
			footer = textOf(n)
		}
	}
	want := []string{"SiteName", "SiteIDCode"}
	if _, ok := tags["ColumnName"]; ok {
		want = append(want, "ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
	}
	if _, ok := tags["ArticleTitle"]; ok {
		want = append(want, "ArticleTitle", "PubDate", "ContentSource", "ColumnName")
	}
	for _, name := range want {
		if tags[name] == "" {
			list = append(list, "the tag "+name+" is empty")
		}
	}
	if _, ok := tags["SiteDomain"]; !ok {
		list = append(list, "no tag SiteDomain")
	}
	for _, mark := range []string{"主办单位", "网站标识码", "ICP备案编号", "公安机关备案标识", "党政机关网站标识", "我为政府网站找错"} {
		if !strings.Contains(footer, mark) {
			list = append(list, "the footer lacks "+mark)
		}
	}
	return list
}

// evil is markup that must never come through as markup.
const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>'`

// TestMarkupStaysText pushes markup through every text that a record has, and
// through every parameter, and looks at all pages where it shows.
func TestMarkupStaysText(t *testing.T) {
	c := newCity(t)
	c.put(t, line("evil", "题"+evil, func(l *publication.Line) {
		l.Kind, l.Number, l.Category, l.Keywords = "service", "号"+evil, "类"+evil, []string{"词" + evil}
		l.Fields = publication.Fields{"fee": evil, "basis": []any{evil}, "online": "https://example.com/" + url.PathEscape(evil),
			"materials": []any{map[string]any{"name": evil, "form": evil}}}
		l.Body.Text = "第一条 " + evil + "\n\n<script>alert(1)</script>\n\n[link](javascript:alert(1))"
		l.Attachments = []publication.Attachment{{Name: evil, URL: "https://example.com/x"}}
	}), line("evil2", "改"+evil, func(l *publication.Line) {
		l.Relations = []publication.RelationLine{{Type: publication.Amends, Target: "parking", Articles: []string{"第三条"}, Note: evil}}
	}))
	q := url.QueryEscape(evil)
	targets := []string{"/", c.path("evil"), c.path("evil2"), c.path("parking"), "/library", "/search?q=" + url.QueryEscape("题"), "/search?category=" + url.QueryEscape("类"+evil),
		"/search?q=" + q, "/search?unit=" + q, "/search?kind=" + q + "&category=" + q + "&validity=" + q, "/search?from=" + q, "/library?q=" + q, "/duties?unit=" + q, "/duties?period=" + q,
		"/duties?section=" + q, "/duties?task=" + q, "/matrix?level=" + q, "/matrix?plan=" + q, "/catalogue?plan=" + q, "/plans/1?unit=" + q, "/zfxxgk/guide/?wanted=" + q,
		"/prefs?back=" + q, "/" + url.PathEscape(evil), "/tasks/" + url.PathEscape(evil), "/feeds/" + url.PathEscape(evil), c.path("parking") + "?on=" + q, "/zfxxgk/statutory/20-1/"}
	shown := 0
	for _, target := range targets {
		w := c.get(t, target)
		if w.Code >= 500 {
			t.Errorf("%s answers %d", target, w.Code)
		}
		doc, err := html.Parse(bytes.NewReader(w.Body.Bytes()))
		check(t, err)
		if strings.Contains(textOf(doc), "alert(1)") {
			shown++
		}
		for n := range doc.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if n.Data == "script" && strings.HasPrefix(textOf(n), "alert") || n.Data == "img" && attr(n, "src") == "x" || attr(n, "onerror") != "" ||
				strings.HasPrefix(strings.ToLower(attr(n, "href")), "javascript:") {
				t.Errorf("%s: markup came through in <%s>", target, n.Data)
			}
		}
	}
	if shown < 10 {
		t.Errorf("only %d pages show the text at all", shown)
	}
}
