package workplan

import (
	"regexp"

	"gongkai/internal/document"
)

// marks are how numbered lines begin, by depth.
var marks = []*regexp.Regexp{
	regexp.MustCompile(`^第[一二三四五六七八九十百]+(?:部分|篇)[、,:\s]?`),
	regexp.MustCompile(`^[一二三四五六七八九十百]{1,4}[、.]\s*`),
	regexp.MustCompile(`^\([一二三四五六七八九十百]{1,4}\)[、.,]?\s*`),
	regexp.MustCompile(`^\d{1,3}(?:[、.](?:[^\d]|$)|\s)`),
	regexp.MustCompile(`^\(\d{1,3}\)[、.]?\s*`),
	regexp.MustCompile(`^[①-⑳]\s*`),
}

// arabic is the depth of 1. whose pattern looks one rune too far.
const arabic = 3

// readMark reads the number that a line begins with: its depth from 1, the
// number as printed and what follows. Depth 0 is a line without a number.
func readMark(t text) (depth int, mark, rest text) {
	for i, pattern := range marks {
		m := t.find(pattern)
		if len(m) == 0 {
			continue
		}
		to := m[0][0].to
		if i == arabic && to > 0 && !isMark(t.key[to-1]) {
			to--
		}
		if i == arabic && to == 0 {
			continue
		}
		return i + 1, t.slice(0, to), t.slice(to, t.len()).trim("")
	}
	return 0, text{}, t
}

func isMark(r rune) bool { return r == '.' || r == '、' || r == ' ' }

// node is a numbered line with the lines and numbered lines below it.
type node struct {
	depth    int
	mark     text   // its number as printed: 1.
	label    string // the number without the mark behind it: 1
	head     text   // the line itself, without its number
	more     []text // lines without a number that follow it
	children []*node
	parent   *node

	found []assigned // in body(), in order
	limit string     // a time limit with a label of its own
	kept  text       // body() without what was found
}

// body is the node's own text.
func (n *node) body() text {
	t := n.head
	for _, m := range n.more {
		t = t.join(m)
	}
	return t
}

// assigns tells whether the node itself, or anything below it, names units.
func (n *node) assigns() bool { return len(n.found) > 0 || n.below() }

// below tells whether anything below the node names units.
func (n *node) below() bool {
	for _, c := range n.children {
		if c.assigns() {
			return true
		}
	}
	return false
}

// walk calls f for every node below n in print order.
func (n *node) walk(f func(*node)) {
	for _, c := range n.children {
		f(c)
		c.walk(f)
	}
}

// outline is the numbered structure of a text.
type outline struct {
	root    node   // depth 0; its more are the lines before the first number
	closing []text // lines after the last item has named its units
	bare    bool   // brackets hold names alone, as the text says
}

var saysBare = regexp.MustCompile(`括号(?:内|中|里).{0,12}(?:责任|牵头|负责)(?:单位|部门)`)

// readOutline builds the tree of numbered lines and looks up who is assigned
// where.
func readOutline(lines []text, whole text) *outline {
	o := &outline{bare: whole.has(saysBare)}
	at := &o.root
	for _, line := range lines {
		depth, mark, rest := readMark(line)
		if depth == 0 {
			at.more = append(at.more, line)
			continue
		}
		for at.depth >= depth {
			at = at.parent
		}
		n := &node{depth: depth, mark: mark, label: mark.trim("、.").String(), head: rest, parent: at}
		at.children = append(at.children, n)
		at = n
	}
	o.cutClosing(at)
	o.root.walk(func(n *node) {
		body := n.body()
		n.found = assignments(body, o.bare)
		n.kept, n.limit = cutLimit(body.without(spansOf(n.found)))
	})
	return o
}

// limitLine is a time limit that has a line or a bracket to itself.
var limitLine = regexp.MustCompile(`(?m)(?:^|\()(?:完成|办理|公开|工作)?(?:时限|期限|时间)(?:要求)?\s*:\s*([^()\n]{1,40}?)[。;]?(?:\)|$)`)

// cutLimit takes such limits out of a text and gives the first of them.
func cutLimit(t text) (rest text, limit string) {
	var spans []span
	for _, m := range t.find(limitLine) {
		if limit == "" {
			limit = t.slice(m[1].from, m[1].to).trim("").String()
		}
		spans = append(spans, m[0])
	}
	return t.without(spans), limit
}

// cutClosing takes from the last node the lines behind the one that names its
// units: they close the document.
func (o *outline) cutClosing(last *node) {
	if last == &o.root {
		return
	}
	lines := append([]text{last.head}, last.more...)
	for i, line := range lines {
		if list := assignments(line, o.bare); len(list) > 0 && list[len(list)-1].to >= line.len()-2 {
			rest := i
			for rest < len(last.more) && (last.more[rest].has(limitLine) || len(assignments(last.more[rest], o.bare)) > 0) {
				rest++
			}
			o.closing = last.more[rest:]
			last.more = last.more[:rest]
			return
		}
	}
	for i, line := range last.more {
		if line.has(yearlyReport) {
			o.closing, last.more = last.more[i:], last.more[:i]
			return
		}
	}
}

func spansOf(list []assigned) []span {
	spans := make([]span, len(list))
	for i, a := range list {
		spans[i] = a.span
	}
	return spans
}

// lines makes the lines of a text out of blocks; tables are left out.
func linesOf(blocks []document.Block) (lines []text) {
	for _, b := range blocks {
		if b.Kind == document.Table {
			continue
		}
		for _, l := range newText(b.Line()).split("\n") {
			if l = l.trim(""); !l.empty() {
				lines = append(lines, l)
			}
		}
	}
	return lines
}
