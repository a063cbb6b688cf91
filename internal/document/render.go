package document

import (
	"html"
	"strconv"
	"strings"
)

func escape(s string) string { return html.EscapeString(s) }

// classes are the classes of paragraphs, for the style sheet.
var classes = map[NodeKind]string{
	NodeNumbered: "sec", NodeArticle: "art", NodeClause: "cl", NodeItem: "it", NodeSubitem: "sub",
}

// HTML renders the body as markup that is safe to show as it is: the elements
// h2 to h6, p, div, table and the inline markup that Parse lets through; ids
// are the anchors of the nodes and nothing else. It is the same for the same
// body.
func (b *Body) HTML() string {
	var w strings.Builder
	for i := range b.Nodes {
		b.Nodes[i].render(&w)
	}
	return w.String()
}

func (n *Node) render(w *strings.Builder) {
	switch {
	case n.Kind == NodeTable:
		renderTable(w, n.Rows)
		return
	case n.Heading:
		tag := "h" + strconv.Itoa(min(max(n.Level, 1)+1, 6))
		w.WriteString("<" + tag + ` id="` + n.Anchor + `">`)
		n.renderLine(w)
		w.WriteString("</" + tag + ">\n")
		return
	}
	w.WriteString("<p")
	if n.Anchor != "" {
		w.WriteString(` id="` + n.Anchor + `"`)
	}
	if c := classes[n.Kind]; c != "" {
		w.WriteString(` class="` + c + `"`)
	}
	w.WriteString(">")
	n.renderLine(w)
	w.WriteString("</p>\n")
}

func (n *Node) renderLine(w *strings.Builder) {
	switch rest, ok := strings.CutPrefix(n.Text, n.Label); {
	case n.HTML != "":
		w.WriteString(n.HTML)
	case n.Kind == NodeArticle && ok:
		w.WriteString("<strong>" + escape(n.Label) + "</strong>" + escape(rest))
	default:
		w.WriteString(escape(n.Text))
	}
}

func renderTable(w *strings.Builder, rows [][]Cell) {
	w.WriteString("<div class=\"table\"><table>\n")
	for _, row := range rows {
		w.WriteString("<tr>")
		for _, c := range row {
			tag := "td"
			if c.Head {
				tag = "th"
			}
			w.WriteString("<" + tag)
			writeSpan(w, "colspan", c.ColSpan)
			writeSpan(w, "rowspan", c.RowSpan)
			w.WriteString(">")
			if c.HTML != "" {
				w.WriteString(c.HTML)
			} else {
				w.WriteString(escape(c.Text))
			}
			w.WriteString("</" + tag + ">")
		}
		w.WriteString("</tr>\n")
	}
	w.WriteString("</table></div>\n")
}

func writeSpan(w *strings.Builder, name string, n int) {
	if n > 1 {
		w.WriteString(" " + name + `="` + strconv.Itoa(n) + `"`)
	}
}

// Plain renders the body as plain text for searching and export: one line for
// every node, the cells of a table's row divided by tabs.
func (b *Body) Plain() string {
	var w strings.Builder
	for _, n := range b.Nodes {
		if n.Kind == NodeTable {
			w.WriteString(tableText(n.Rows))
		} else {
			w.WriteString(n.Text)
		}
		w.WriteByte('\n')
	}
	return w.String()
}

func tableText(rows [][]Cell) string {
	var w strings.Builder
	for i, row := range rows {
		if i > 0 {
			w.WriteByte('\n')
		}
		for j, c := range row {
			if j > 0 {
				w.WriteByte('\t')
			}
			w.WriteString(c.Text)
		}
	}
	return w.String()
}
