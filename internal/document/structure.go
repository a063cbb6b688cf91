package document

import (
	"hash/fnv"
	"strconv"
)

// FromBlocks divides blocks into headings, articles, paragraphs, items and
// tables. Every block becomes exactly one node, in the same order.
func FromBlocks(blocks []Block) *Body {
	d := divider{anchors: make(map[string]int), article: -1}
	d.body.Nodes = make([]Node, 0, len(blocks))
	for _, b := range blocks {
		d.block(b)
	}
	return &d.body
}

// divider holds what is open while a body is divided from top to bottom.
type divider struct {
	body     Body
	stack    []opened       // headings above the present line, outermost first
	anchors  map[string]int // anchors given, and how often asked for
	article  int            // index of the open article, -1 for none
	previous int            // number of the article before, for labels without a blank
	section  int            // number of the last 一、 outside articles
	clauses  int            // 款 of the open article
	items    int            // level of the items of the open 款, 0 for none
	contents map[string]bool
}

// opened is a heading whose division is still open.
type opened struct {
	kind   NodeKind
	rank   int // see rank
	level  int // of a heading block, 0 for other lines
	n      int
	anchor string
	path   string // normalised title; "" for numbered paragraphs that are no titles
}

// rank orders the divisions: the smaller contains the greater.
func rank(m mark) int {
	if m.kind == NodeNumbered {
		return int(NodeNumbered) + m.level
	}
	return int(m.kind)
}

func (d *divider) block(b Block) {
	if b.Kind == Table {
		d.table(b)
		return
	}
	line := b.Line()
	m := readMark(line, b.Kind == Heading, d.previous)
	if d.inContents(line, m, b.Kind == Heading) {
		d.add(Node{Text: line, HTML: markup(b)})
		return
	}
	switch {
	case m.kind == NodeArticle:
		d.openArticle(b, m)
	case m.kind == NodePlain && (b.Kind == Heading || isAttachment(line)):
		m.kind = NodeTitle
		d.heading(b, m)
	case m.kind == NodePlain:
		d.paragraph(b, m)
	case m.kind == NodeNumbered && b.Kind != Heading && d.article >= 0 && !d.resumes(m):
		d.item(b, m)
	default:
		d.heading(b, m)
	}
}

// markup is the block's inline markup with its automatic number.
func markup(b Block) string {
	if b.HTML == "" {
		return ""
	}
	return escape(b.Number) + b.HTML
}

// inContents tells whether the line belongs to a printed table of contents,
// which ends where its first heading comes again.
func (d *divider) inContents(line string, m mark, heading bool) bool {
	if isContents(line) && !heading {
		d.contents = make(map[string]bool)
		return true
	}
	if d.contents == nil {
		return false
	}
	if m.kind == NodePlain || m.kind == NodeArticle || heading {
		d.contents = nil
		return false
	}
	title := normalTitle(m, line)
	if d.contents[title] {
		d.contents = nil
		return false
	}
	d.contents[title] = true
	return true
}

// resumes tells whether 三、 after an article continues the 二、 before it, as
// in decisions that quote whole articles.
func (d *divider) resumes(m mark) bool {
	return m.level == 1 && d.section > 0 && m.n == d.section+1
}

func (d *divider) add(n Node) {
	n.Article = d.article
	d.body.Nodes = append(d.body.Nodes, n)
}

// heading opens a division, or a numbered paragraph outside articles.
func (d *divider) heading(b Block, m mark) {
	d.article, d.items = -1, 0
	if m.kind == NodeNumbered && m.level == 1 {
		d.section = m.n
	} else if m.kind != NodeNumbered {
		d.section = 0
	}
	o := opened{kind: m.kind, rank: rank(m), n: m.n}
	if b.Kind == Heading {
		o.level = max(b.Level, 1)
	}
	d.closeFor(o)
	line := b.Line()
	title := normalTitle(m, line)
	alone := m.kind != NodeNumbered || b.Kind == Heading || standsAlone(line)
	if alone {
		o.path = title
	} else {
		title = firstSentence(title)
	}
	o.anchor = d.unique(d.headingAnchor(m, title))
	d.stack = append(d.stack, o)
	level := len(d.stack)
	d.add(Node{Kind: m.kind, Level: level, Label: m.label, Text: line, HTML: markup(b), Anchor: o.anchor, Heading: alone})
	if m.level <= 2 || b.Kind == Heading {
		d.body.Outline = append(d.body.Outline, Entry{Level: level, Text: title, Anchor: o.anchor})
	}
}

// closeFor closes the divisions that o does not stand in.
func (d *divider) closeFor(o opened) {
	for len(d.stack) > 0 && !contains(d.stack[len(d.stack)-1], o) {
		d.stack = d.stack[:len(d.stack)-1]
	}
}

// contains tells whether the division o, coming after the open one, stands in
// it. Numbered kinds go by rank; where one has no number, the levels of the
// source decide, and what is not printed as a heading stands in one that is.
func contains(open, o opened) bool {
	if open.kind != NodeTitle && o.kind != NodeTitle {
		return open.rank < o.rank
	}
	if open.level > 0 && o.level > 0 {
		return open.level < o.level
	}
	return open.kind == NodeTitle && o.kind != NodeTitle
}

var anchorWords = map[NodeKind]string{
	NodePart: "part", NodeSubpart: "subpart", NodeChapter: "ch", NodeSection: "s", NodeNumbered: "sec",
}

// headingAnchor names a division by the numbers that lead to it: ch-3-s-1,
// sec-1-2. A title without a number is named by a hash of its words.
func (d *divider) headingAnchor(m mark, title string) string {
	if m.kind == NodeTitle {
		h := fnv.New32a()
		h.Write([]byte(unspace(title)))
		return "h-" + strconv.FormatUint(uint64(h.Sum32()), 36)
	}
	own := anchorWords[m.kind] + "-" + strconv.Itoa(m.n)
	if len(d.stack) == 0 {
		return own
	}
	above := d.stack[len(d.stack)-1]
	switch {
	case above.kind == NodeTitle:
		return own
	case above.kind == NodeNumbered && m.kind == NodeNumbered:
		return above.anchor + "-" + strconv.Itoa(m.n)
	case above.kind != NodeNumbered && m.kind != NodeNumbered:
		return above.anchor + "-" + own
	}
	return own
}

// unique makes an anchor that no other node has: the second of a name gets _2.
func (d *divider) unique(name string) string {
	d.anchors[name]++
	if n := d.anchors[name]; n > 1 {
		return name + "_" + strconv.Itoa(n)
	}
	return name
}

func (d *divider) openArticle(b Block, m mark) {
	name := "art-" + strconv.Itoa(m.n)
	if m.sub > 0 {
		name += "-" + strconv.Itoa(m.sub)
	}
	a := Article{Label: unspace(m.label), N: m.n, Sub: m.sub, Anchor: d.unique(name)}
	for _, o := range d.stack {
		if o.path != "" {
			a.Path = append(a.Path, o.path)
		}
	}
	a.Paragraphs = []Para{{Anchor: a.Anchor, Text: m.rest}}
	d.body.Articles = append(d.body.Articles, a)
	d.article, d.clauses, d.items, d.previous = len(d.body.Articles)-1, 1, 0, m.n
	d.add(Node{Kind: NodeArticle, Label: m.label, Text: b.Line(), HTML: markup(b), Anchor: a.Anchor})
}

// paragraph adds a 款 to the open article, or a plain paragraph.
func (d *divider) paragraph(b Block, m mark) {
	n := Node{Text: b.Line(), HTML: markup(b)}
	if d.article >= 0 {
		a := &d.body.Articles[d.article]
		d.clauses++
		n.Kind = NodeClause
		n.Anchor = d.unique(a.Anchor + "-p" + strconv.Itoa(d.clauses))
		a.Paragraphs = append(a.Paragraphs, Para{Anchor: n.Anchor, Text: m.rest})
		d.items = 0
	}
	d.add(n)
}

// item adds a 项 to the open 款, or a 目 to the open 项.
func (d *divider) item(b Block, m mark) {
	a := &d.body.Articles[d.article]
	last := len(a.Paragraphs) - 1
	if a.Paragraphs[last].Table != nil { // items behind a table begin a paragraph without text
		d.clauses++
		a.Paragraphs = append(a.Paragraphs, Para{Anchor: a.Anchor + "-p" + strconv.Itoa(d.clauses)})
		last++
	}
	p := &a.Paragraphs[last]
	list, kind, word := &p.Items, NodeItem, "-i"
	above := p.Anchor
	if last == 0 {
		above += "-p1"
	}
	if d.items > 0 && m.level > d.items && len(p.Items) > 0 {
		it := &p.Items[len(p.Items)-1]
		list, kind, word, above = &it.Items, NodeSubitem, "-m", it.Anchor
	} else {
		d.items = m.level
	}
	it := Item{Label: m.label, Anchor: d.unique(above + word + strconv.Itoa(m.n)), Text: b.Line()}
	*list = append(*list, it)
	d.add(Node{Kind: kind, Label: m.label, Text: b.Line(), HTML: markup(b), Anchor: it.Anchor})
}

func (d *divider) table(b Block) {
	d.add(Node{Kind: NodeTable, Rows: b.Rows})
	if d.article >= 0 {
		a := &d.body.Articles[d.article]
		a.Paragraphs = append(a.Paragraphs, Para{Table: b.Rows})
		d.items = 0
	}
}
