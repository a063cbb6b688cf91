package document

import "strings"

// NodeKind is what a node of a body is.
type NodeKind uint8

// The kinds of nodes.
const (
	NodePlain    NodeKind = iota // a paragraph outside articles
	NodePart                     // 编
	NodeSubpart                  // 分编
	NodeChapter                  // 章
	NodeSection                  // 节
	NodeTitle                    // a heading without number: 附则, 附件
	NodeNumbered                 // 一、 （一） 1. （1） outside articles
	NodeArticle                  // 条, with its first 款
	NodeClause                   // a 款 after the first
	NodeItem                     // 项
	NodeSubitem                  // 目
	NodeTable                    // a table
)

// Node is one printed block of a body with its place in the structure.
type Node struct {
	Kind    NodeKind
	Level   int    // of headings and numbered paragraphs: depth in the outline, from 1
	Label   string // as printed: 第一百二十条之一, 第三章, （一）; "" where there is none
	Text    string // the printed line with its label; "" for tables
	HTML    string // as Block.HTML
	Anchor  string // unique in the body; "" for NodePlain and NodeTable
	Article int    // index into Body.Articles, -1 outside articles
	Rows    [][]Cell
	Heading bool // stands alone as a heading, rather than opening a paragraph
}

// Article is a 条 with everything that belongs to it.
type Article struct {
	Label      string   // as printed: 第一百二十条之一
	N, Sub     int      // 120, 1
	Anchor     string   // art-120-1; the second 第一条 of one body is art-1_2
	Path       []string // headings above, outermost first, normalised: 第一章 总则
	Paragraphs []Para
}

// Para is a 款 with its 项, or a table within an article.
type Para struct {
	Anchor string // art-5 for the first, art-5-p2; "" for tables
	Text   string // without the article's label
	Items  []Item
	Table  [][]Cell // set for tables, where Text is ""
}

// Item is a 项 (or, within one, a 目).
type Item struct {
	Label  string // as printed: （一）
	Anchor string // art-5-p1-i3, art-5-p1-i3-m1
	Text   string // with its label
	Items  []Item
}

// Text is the article as it is read: every paragraph, item and table row on a
// line of its own, without the article's label.
func (a Article) Text() string {
	var lines []string
	for _, p := range a.Paragraphs {
		if p.Table != nil {
			lines = append(lines, tableText(p.Table))
		} else if p.Text != "" {
			lines = append(lines, p.Text)
		}
		lines = appendItems(lines, p.Items)
	}
	return strings.Join(lines, "\n")
}

func appendItems(lines []string, items []Item) []string {
	for _, it := range items {
		lines = appendItems(append(lines, it.Text), it.Items)
	}
	return lines
}

// Entry is a line of a body's outline.
type Entry struct {
	Level  int    // from 1
	Text   string // normalised: 第一章 总则; of numbered paragraphs the first sentence
	Anchor string
}

// Body is the text of a document with its structure. The zero value is an
// empty body. A Body is not changed once made and may be shared.
type Body struct {
	Nodes    []Node
	Articles []Article
	Outline  []Entry // headings and numbered paragraphs 一、 and （一）, without articles
}

// Article finds an article by its label as printed; the first of several.
func (b *Body) Article(label string) (*Article, bool) {
	for i := range b.Articles {
		if b.Articles[i].Label == label {
			return &b.Articles[i], true
		}
	}
	return nil, false
}

// Parse reads a text in one of the three formats and divides it. Markup that
// is not allowed is dropped, not refused; an unknown format is an Invalid
// fault.
func Parse(text string, format Format) (*Body, error) {
	blocks, err := Blocks(text, format)
	if err != nil {
		return nil, err
	}
	return FromBlocks(blocks), nil
}
