package intake

import (
	"html"
	"strconv"
	"strings"

	"gongkai/internal/document"
	"gongkai/internal/extract"
)

// body renders the text as official pages show it: from the addressee to the
// attachments, without head, title, copies and printing.
func (r *reading) body() string {
	drop := make(map[int]bool)
	for i, l := range r.lines {
		if i < r.head && r.dropped(l) || i >= r.end && isCopies(l.text) {
			drop[l.block] = true
		}
	}
	var kept []extract.Block
	for i, b := range r.doc.Blocks {
		if !drop[i] {
			kept = append(kept, b)
		}
	}
	var w strings.Builder
	for _, n := range document.FromBlocks(kept).Nodes {
		renderNode(&w, n)
	}
	return w.String()
}

// dropped tells the lines of the head that the form shows in fields of its
// own; the bracket that says who passed the document stays.
func (r *reading) dropped(l textLine) bool { return l.class != captionLine }

func renderNode(w *strings.Builder, n document.Node) {
	if n.Kind == document.NodeTable {
		renderTable(w, n.Rows)
		return
	}
	tag := "p"
	if n.Heading {
		tag = "h" + strconv.Itoa(min(max(n.Level, 1)+1, 6))
	}
	text := n.HTML
	if text == "" {
		text = html.EscapeString(n.Text)
	}
	w.WriteString("<" + tag + ">" + text + "</" + tag + ">\n")
}

func renderTable(w *strings.Builder, rows [][]extract.Cell) {
	w.WriteString("<table>\n")
	for _, row := range rows {
		w.WriteString("<tr>")
		for _, c := range row {
			tag := "td"
			if c.Head {
				tag = "th"
			}
			w.WriteString("<" + tag + span("colspan", c.ColSpan) + span("rowspan", c.RowSpan) + ">")
			if c.HTML != "" {
				w.WriteString(c.HTML)
			} else {
				w.WriteString(html.EscapeString(c.Text))
			}
			w.WriteString("</" + tag + ">")
		}
		w.WriteString("</tr>\n")
	}
	w.WriteString("</table>\n")
}

func span(name string, n int) string {
	if n < 2 {
		return ""
	}
	return " " + name + `="` + strconv.Itoa(n) + `"`
}

// warnings says what the editor should look at.
func (r *reading) warnings() []string {
	out := append([]string(nil), r.doc.Warnings...)
	add := func(when bool, text string) {
		if when {
			out = append(out, text)
		}
	}
	add(!r.p.Title.Found(), "没有认出标题，请填写。")
	add(r.p.Kind.Value == "policy" && !r.p.Number.Found(), "没有认出文号；确实没有文号的可以空着。")
	add(!r.p.IssuedOn.Found(), "没有认出成文日期，请填写。")
	add(!r.p.Issuer.Found(), "没有认出发文机关，请填写。")
	issued, effective := r.p.IssuedOn, r.p.EffectiveOn
	add(issued.Found() && effective.Found() && effective.Value.Before(issued.Value), "施行日期早于成文日期，请核对。")
	return out
}
