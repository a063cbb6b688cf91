package extract

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"gongkai/internal/document"
	"gongkai/internal/fault"
)

var metaCharset = regexp.MustCompile(`(?i)<meta[^>]{0,200}charset\s*=\s*["']?\s*([a-z0-9_-]+)`)

var htmlStart = regexp.MustCompile(`(?i)<!doctype\s+html|<(?:html|head|body|meta|div|p|table|span|title|h[1-6]|article|section|ul|ol)(?:\s[^<>]*)?/?>`)

// looksLikeHTML tells a page from text that merely holds angle brackets.
func looksLikeHTML(data []byte) bool {
	sample := strings.ReplaceAll(string(data[:min(len(data), sampleSize)]), "\x00", "")
	loc := htmlStart.FindStringIndex(sample)
	if loc == nil {
		return false
	}
	before := strings.TrimLeft(strings.ToValidUTF8(sample[:loc[0]], ""), blanks)
	return before == "" || strings.HasPrefix(before, "<") || len(htmlStart.FindAllStringIndex(sample, 4)) > 3
}

// readPage reads the article of a saved web page and leaves the furniture
// around it.
func readPage(data []byte) (Document, error) {
	declared := ""
	if m := metaCharset.FindSubmatch(data[:min(len(data), 4096)]); m != nil {
		declared = string(m[1])
	}
	s, warnings, err := decodeText(data, declared)
	if err != nil {
		return Document{}, err
	}
	root, err := html.Parse(strings.NewReader(s))
	if err != nil {
		return Document{}, fault.New(fault.Invalid, "page_too_deep", "网页的层次套叠过深，读不下去。请把正文另存为 DOCX 或文本后再交。").Because(err)
	}
	title := pageTitle(root)
	p := page{sizes: measureAll(root)}
	p.prune(root)
	p.sizes = measureAll(root)
	blocks, err := document.HTMLBlocks(p.article(root))
	if err != nil {
		return Document{}, err
	}
	if len(blocks) == 0 {
		return Document{}, fault.New(fault.Invalid, "page_empty", "这个网页里找不到正文（可能正文由脚本生成）。请在浏览器中复制正文，另存为 DOCX 或文本后再交。")
	}
	if p.hidden > 0 {
		warnings = append(warnings, "网页里有隐藏的内容，没有取出。")
	}
	if title == "" {
		title = guessTitle(blocks)
	}
	return Document{Title: title, Blocks: blocks, Warnings: warnings}, nil
}

// pageTitle takes the title that government sites must state (ArticleTitle),
// else the first h1, else the page's title without the site's name.
func pageTitle(root *html.Node) string {
	var stated, h1, title string
	for n := range root.Descendants() {
		switch n.DataAtom {
		case atom.Meta:
			if strings.EqualFold(attr(n, "name"), "ArticleTitle") && stated == "" {
				stated = cleanText(attr(n, "content"))
			}
		case atom.H1:
			if t := cleanText(textOf(n)); h1 == "" && utf8.RuneCountInString(t) > 4 {
				h1 = t
			}
		case atom.Title:
			if title == "" {
				title = cleanText(textOf(n))
			}
		}
	}
	for _, t := range []string{stated, h1} {
		if t != "" {
			return strings.Join(strings.Fields(t), "")
		}
	}
	if i := strings.IndexAny(title, "_|"); i > 0 {
		title = title[:i]
	}
	if i := strings.Index(title, "-"); i > 0 {
		title = title[:i]
	}
	return strings.Trim(title, blanks)
}

// page is the search for the article of one page.
type page struct {
	sizes  map[*html.Node]size
	hidden int
}

// furnitureTags never belong to an article.
var furnitureTags = map[atom.Atom]bool{
	atom.Nav: true, atom.Footer: true, atom.Aside: true, atom.Script: true, atom.Style: true, atom.Noscript: true,
	atom.Iframe: true, atom.Button: true, atom.Select: true, atom.Textarea: true, atom.Template: true, atom.Svg: true,
}

// furniture are the names of classes and ids around articles: navigation,
// sharing, printing, related links.
var furniture = regexp.MustCompile(`(?i)(^|[\s_-])(nav\w*|menu\w*|crumbs?|breadcrumbs?|position|location|share\w*|bdshare\w*|fenxiang|social\w*|foot\w*|copyright|toolbar|tools?|print\w*|qrcode|ewm|erweima|related|xgxx|recommend\w*|comments?|pager|pagination|sidebar|banner|search\w*|login|fontsize|zihao|dayin|guanbi|prevnext|accessible|wza)([\s_-]|\d*$)`)

// footerWords stand in the foot of every government page.
var footerWords = []string{"ICP备", "公网安备", "网站标识码", "网站地图", "版权所有"}

// toolWords are the lines of tools around an article.
var toolWords = regexp.MustCompile(`^(字体|字号|【?(打印|关闭|分享)|分享到|扫一扫|当前位置|您(现在|当前)?的?(所在)?位置|浏览次数|来源：|上一篇|下一篇|打印本页|关闭窗口)`)

// prune takes furniture and hidden parts out of the tree.
func (p *page) prune(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case c.Type == html.CommentNode || c.Type == html.ElementNode && p.isFurniture(c):
			n.RemoveChild(c)
		default:
			p.prune(c)
		}
		c = next
	}
}

// maxFurniture is the longest text, in characters, that is dropped because of
// its words alone or of a class's name.
const maxFurniture = 400

func (p *page) isFurniture(n *html.Node) bool {
	if furnitureTags[n.DataAtom] {
		return true
	}
	if n.DataAtom == atom.Html || n.DataAtom == atom.Body || n.DataAtom == atom.Head {
		return false
	}
	if style := strings.ReplaceAll(strings.ToLower(attr(n, "style")), " ", ""); strings.Contains(style, "display:none") || hasAttr(n, "hidden") {
		if strings.TrimSpace(textOf(n)) != "" {
			p.hidden++
		}
		return true
	}
	m := p.sizes[n]
	if m.text > maxFurniture && m.links*2 < m.text {
		return false
	}
	if name := attr(n, "class") + " " + attr(n, "id"); furniture.MatchString(name) && !known(n) {
		return true
	}
	if isBlock(n) && m.links*5 >= m.text*4 && onlyLinks(n) {
		return true
	}
	if !isBlock(n) || m.text == 0 || m.text > maxFurniture {
		return false
	}
	text := cleanText(textOf(n))
	for _, w := range footerWords {
		if strings.Contains(text, w) && len(document.FindNumbers(text)) == 0 {
			return true
		}
	}
	return utf8.RuneCountInString(text) < 60 && toolWords.MatchString(text)
}

var attachment = regexp.MustCompile(`(?i)\.(docx?|xlsx?|pdf|wps|et|ofd|zip|rar|7z|txt|csv|jpe?g|png)([?#]|$)`)

// onlyLinks tells a bar of links from a list of attachments.
func onlyLinks(n *html.Node) bool {
	links := 0
	for c := range n.Descendants() {
		if c.DataAtom != atom.A {
			continue
		}
		if attachment.MatchString(attr(c, "href")) || attachment.MatchString(textOf(c)) {
			return false
		}
		links++
	}
	return links > 1
}

func isBlock(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Div, atom.P, atom.Section, atom.Article, atom.Main, atom.Header, atom.Ul, atom.Ol, atom.Li, atom.Table, atom.Tbody,
		atom.Tr, atom.Td, atom.Form, atom.Dl, atom.Dd, atom.Center, atom.Fieldset:
		return true
	}
	return false
}

// containers are the classes and ids in which the publishing systems of
// governments put the text of an article, the surest first.
var containers = []string{"trs_editor", "trs_ueditor", "ucapcontent", "zoom", "view", "articlecontent", "article-content",
	"article_content", "article-body", "articlebody", "news_content", "newscontent", "xxgk_content", "pages_content",
	"detail_content", "detail-content", "contentbox", "con_text", "contxt", "conten", "article", "content", "text", "main-text"}

func known(n *html.Node) bool { return containerRank(n) >= 0 }

// containerRank is the place of n among the containers, -1 for none.
func containerRank(n *html.Node) int {
	names := strings.Fields(strings.ToLower(attr(n, "class") + " " + attr(n, "id")))
	best := -1
	for _, name := range names {
		for i, c := range containers {
			if name == c && (best < 0 || i < best) {
				best = i
			}
		}
	}
	return best
}

// article gives the element that holds the article: the surest container with
// a real share of the page's text, else the densest part of the page.
func (p *page) article(root *html.Node) *html.Node {
	body := root
	for n := range root.Descendants() {
		if n.DataAtom == atom.Body {
			body = n
			break
		}
	}
	whole := p.sizes[body].plain()
	var best *html.Node
	bestRank := len(containers)
	for n := range body.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		rank := containerRank(n)
		if rank < 0 || rank >= bestRank && best != nil {
			continue
		}
		if m := p.sizes[n]; m.plain()*10 >= whole*4 && m.links*2 < m.text {
			best, bestRank = n, rank
		}
	}
	if best != nil {
		return best
	}
	return p.densest(body)
}

// size is how much text an element holds, in characters.
type size struct {
	text  int
	links int // of it within links
}

func (s size) plain() int { return s.text - s.links }

// measureAll measures every element below root once.
func measureAll(root *html.Node) map[*html.Node]size {
	sizes := make(map[*html.Node]size)
	var measure func(n *html.Node, link bool) size
	measure = func(n *html.Node, link bool) (s size) {
		if n.Type == html.TextNode {
			for _, r := range n.Data {
				if r > ' ' && r != '　' && r != '\u00a0' {
					s.text++
				}
			}
			if link {
				s.links = s.text
			}
			return s
		}
		link = link || n.DataAtom == atom.A
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			m := measure(c, link)
			s.text += m.text
			s.links += m.links
		}
		sizes[n] = s
		return s
	}
	measure(root, false)
	return sizes
}

// densest goes down from n as long as one child holds nearly all the text
// that is not links, or what stands beside it is mostly links.
func (p *page) densest(n *html.Node) *html.Node {
	for {
		whole := p.sizes[n]
		var best *html.Node
		var most size
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if m := p.sizes[c]; m.plain() > most.plain() {
				best, most = c, m
			}
		}
		if best == nil || !isBlock(best) || best.DataAtom == atom.P || best.DataAtom == atom.Table && !layout(best) {
			return n
		}
		rest := size{whole.text - most.text, whole.links - most.links}
		if most.plain()*20 < whole.plain()*19 && rest.links*2 < rest.text {
			return n
		}
		n = best
	}
}

// layout tells a table that only arranges the page: it has one cell, or holds
// another table.
func layout(table *html.Node) bool {
	cells := 0
	for n := range table.Descendants() {
		switch n.DataAtom {
		case atom.Table:
			return true
		case atom.Td, atom.Th:
			cells++
		}
	}
	return cells <= 1
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}
