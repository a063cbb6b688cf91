package document

import (
	stdhtml "html"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlBlocks reads a page or a piece of one. Only text, headings, lists,
// tables, and the inline markup of inlinePolicy are kept.
func htmlBlocks(s string) ([]Block, error) {
	root, err := html.Parse(strings.NewReader(s))
	if err != nil {
		return nil, tooDeep()
	}
	return HTMLBlocks(root)
}

// HTMLBlocks reads the blocks below an element of a parsed page. Elements
// nested deeper than 512 are an Invalid fault.
func HTMLBlocks(root *html.Node) ([]Block, error) {
	var r htmlReader
	if err := r.node(root, 0); err != nil {
		return nil, err
	}
	r.w.flush()
	return r.w.blocks, nil
}

// maxElements is how deep elements may nest; the parser itself stops at 512.
const maxElements = 600

// dropped are the elements of which nothing is read.
var dropped = atoms(atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Iframe, atom.Object, atom.Embed,
	atom.Head, atom.Select, atom.Textarea, atom.Button, atom.Svg, atom.Math, atom.Audio, atom.Video, atom.Canvas,
	atom.Title, atom.Link, atom.Meta, atom.Noframes, atom.Noembed, atom.Xmp, atom.Plaintext, atom.Frameset)

// inlineTags are the elements kept inside a line.
var inlineTags = atoms(atom.B, atom.Strong, atom.I, atom.Em, atom.U, atom.S, atom.Del, atom.Ins, atom.Sub, atom.Sup, atom.Code)

// plainInline are the elements that neither break a line nor are kept.
var plainInline = atoms(atom.Span, atom.Font, atom.Label, atom.Small, atom.Big, atom.Tt, atom.Abbr, atom.Mark,
	atom.Cite, atom.Q, atom.Dfn, atom.Kbd, atom.Samp, atom.Var, atom.Time, atom.Bdi, atom.Bdo, atom.Wbr, atom.Input,
	atom.Strike, atom.Acronym, atom.Data, atom.Nobr, atom.Ruby, atom.Rb, atom.Rt, atom.Rp)

func atoms(list ...atom.Atom) map[atom.Atom]bool {
	m := make(map[atom.Atom]bool, len(list))
	for _, a := range list {
		m[a] = true
	}
	return m
}

// htmlReader walks one page.
type htmlReader struct {
	w     lineWriter
	list  int  // depth of lists
	table bool // inside a cell: line ends are blanks
}

func (r *htmlReader) node(n *html.Node, depth int) error {
	if depth > maxElements {
		return tooDeep()
	}
	switch n.Type {
	case html.TextNode:
		r.w.writeText(collapse(n.Data, r.w.text.Len() == 0))
		return nil
	case html.ElementNode:
		return r.element(n, depth)
	}
	return r.children(n, depth)
}

func (r *htmlReader) children(n *html.Node, depth int) error {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if err := r.node(c, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (r *htmlReader) element(n *html.Node, depth int) error {
	switch a := n.DataAtom; {
	case dropped[a]:
		return nil
	case a == atom.Br || a == atom.Hr:
		r.breakLine()
		return nil
	case a == atom.Img:
		if src := attr(n, "src"); src != "" {
			r.w.image(src, attr(n, "alt"))
		}
		return nil
	case a == atom.A && attr(n, "href") != "":
		return r.tagged(n, linkTag(attr(n, "href")), depth)
	case inlineTags[a]:
		return r.tagged(n, n.Data, depth)
	case a == atom.A || plainInline[a]:
		return r.children(n, depth)
	case a == atom.Table && !r.table:
		return r.tableElement(n, depth)
	case a == atom.Ul || a == atom.Ol:
		return r.listElement(n, depth)
	}
	return r.blockElement(n, depth)
}

func (r *htmlReader) tagged(n *html.Node, tag string, depth int) error {
	r.w.begin(tag)
	defer r.w.end()
	return r.children(n, depth)
}

func (r *htmlReader) blockElement(n *html.Node, depth int) error {
	r.breakLine()
	before := r.w.proto
	if len(n.Data) == 2 && n.Data[0] == 'h' && '1' <= n.Data[1] && n.Data[1] <= '6' && !r.table {
		r.w.proto = Block{Kind: Heading, Level: int(n.Data[1] - '0')}
	}
	err := r.children(n, depth)
	r.breakLine()
	number := r.w.proto.Number
	if r.w.proto = before; before.Kind != Heading && number == "" {
		r.w.proto.Number = "" // an item's number was printed inside
	}
	return err
}

// breakLine ends the line; inside a cell it becomes a blank.
func (r *htmlReader) breakLine() {
	if r.table {
		if r.w.text.Len() > 0 {
			r.w.writeText(" ")
		}
		return
	}
	r.w.flush()
}

func (r *htmlReader) listElement(n *html.Node, depth int) error {
	r.breakLine()
	before := r.w.proto
	r.list++
	no, err := strconv.Atoi(attr(n, "start"))
	if err != nil || no < 0 || no > 1e6 {
		no = 1
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.w.proto = Block{Level: r.list}
		if c.DataAtom == atom.Li && n.DataAtom == atom.Ol {
			r.w.proto.Number = strconv.Itoa(no) + ". "
			no++
		}
		if err := r.node(c, depth+1); err != nil {
			return err
		}
		r.breakLine()
	}
	r.list--
	r.w.proto = before
	return nil
}

func (r *htmlReader) tableElement(n *html.Node, depth int) error {
	r.breakLine()
	var rows [][]Cell
	if err := r.rows(n, depth, &rows); err != nil {
		return err
	}
	if rows = trimRows(rows); len(rows) > 0 {
		r.w.blocks = append(r.w.blocks, Block{Kind: Table, Rows: rows})
	}
	return nil
}

func (r *htmlReader) rows(n *html.Node, depth int, rows *[][]Cell) error {
	if depth > maxElements {
		return tooDeep()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.DataAtom {
		case atom.Tr:
			row, err := r.row(c, depth+1)
			if err != nil {
				return err
			}
			*rows = append(*rows, row)
		case atom.Caption:
			if err := r.blockElement(c, depth+1); err != nil {
				return err
			}
		default:
			if err := r.rows(c, depth+1, rows); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *htmlReader) row(n *html.Node, depth int) ([]Cell, error) {
	var row []Cell
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Td && c.DataAtom != atom.Th {
			continue
		}
		inner := htmlReader{table: true}
		if err := inner.children(c, depth); err != nil {
			return nil, err
		}
		t, markup := inner.w.take()
		row = append(row, Cell{Text: t, HTML: markup, Head: c.DataAtom == atom.Th,
			ColSpan: span(attr(c, "colspan")), RowSpan: span(attr(c, "rowspan"))})
	}
	return row, nil
}

// trimRows drops a table that holds no text.
func trimRows(rows [][]Cell) [][]Cell {
	for _, row := range rows {
		for _, c := range row {
			if c.Text != "" || c.HTML != "" {
				return rows
			}
		}
	}
	return nil
}

// span reads colspan and rowspan: 0 where the cell covers one, 1000 at most.
func span(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 2 {
		return 0
	}
	return min(n, 1000)
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func linkTag(href string) string { return `a href="` + stdhtml.EscapeString(href) + `"` }

// collapse makes one blank of white space, as browsers do; first tells that
// the line is still empty. Full-width blanks are text.
func collapse(s string, first bool) string {
	if !strings.ContainsAny(s, "\n\t\r ") {
		return s
	}
	var b strings.Builder
	blank := first
	for _, c := range s {
		if c == ' ' || c == '\n' || c == '\t' || c == '\r' {
			if !blank {
				b.WriteByte(' ')
			}
			blank = true
			continue
		}
		blank = false
		b.WriteRune(c)
	}
	return b.String()
}
