package desk

import (
	"encoding/json"
	"html/template"
	"strings"

	"golang.org/x/net/html"

	"gongkai/internal/document"
	"gongkai/internal/law"
	"gongkai/internal/publication"
	"gongkai/internal/publication/kind"
)

// reviewText renders a line; file gives the address of the attachment with an
// index. Passages with remarks are marked with the remark's number.
func (v *visit) reviewText(line *publication.Line, remarks []reviewRemark, file func(i int) string) (reviewText, error) {
	t := reviewText{Heading: line.Title}
	k, ok := v.Publications.Kinds.Get(line.Kind)
	if !ok {
		k = &kind.Kind{Code: line.Kind, Label: line.Kind}
	}
	t.facts(line, k)
	if line.Body.Text == "" {
		return t, nil
	}
	body, err := document.Parse(line.Body.Text, line.Body.Format)
	if err != nil {
		return t, err
	}
	markup := publication.AddressFiles(body.HTML(), line.Attachments, file)
	t.Body = template.HTML(markRemarks(markup, remarks)) // safe by the contract of document.Body.HTML
	return t, nil
}

// facts lists what stands beside the body.
func (t *reviewText) facts(line *publication.Line, k *kind.Kind) {
	add := func(label, value string) {
		if value != "" {
			t.Facts = append(t.Facts, reviewFact{label, value})
		}
	}
	statutory, _ := law.Categories().Get(law.Category(line.Statutory))
	add("发布机构", line.Unit)
	add("种类", k.Label)
	add("文号", line.Number)
	add("成文日期", line.IssuedOn.String())
	add("施行日期", line.EffectiveOn.String())
	add("有效期至", line.ExpiresOn.String())
	add("废止日期", line.RepealedOn.String())
	add("主题", line.Category)
	add("主题词", strings.Join(line.Keywords, "、"))
	add("法定类别", statutory.Short)
	for _, f := range k.Fields {
		if rows, ok := line.Fields[f.Key].([]any); ok && f.Type == kind.TypeTable {
			t.table(f, rows)
			continue
		}
		add(f.Label, f.Plain(line.Fields[f.Key]))
	}
	for _, r := range line.Relations {
		add(r.Type.Label(), strings.TrimSpace(r.Target+" "+strings.Join(r.Articles, "、")))
	}
}

// table shows a field of rows.
func (t *reviewText) table(f kind.Field, rows []any) {
	table := reviewTable{Title: f.Label}
	for _, c := range f.Columns {
		table.Head = append(table.Head, c.Label)
	}
	for _, r := range rows {
		row, _ := r.(map[string]any)
		var cells []string
		for _, c := range f.Columns {
			cells = append(cells, cellText(c, row[c.Key]))
		}
		table.Rows = append(table.Rows, cells)
	}
	t.Tables = append(t.Tables, table)
}

func cellText(column kind.Field, value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	case json.Number:
		return value.String()
	}
	return column.Plain(value)
}

// passage is a stretch of a page's text, in bytes, with the remark on it.
type passage struct {
	from, to int
	remark   int // index
}

// markRemarks puts marks around the passages of markup that remarks on the body
// quote, and behind each the remark's number. What is not found stays unmarked.
func markRemarks(markup string, remarks []reviewRemark) string {
	tokens, text := textOf(markup)
	var found []passage
	for i, r := range remarks {
		if from := occurrence(text, r.Quote, r.occurrence); r.onBody && from >= 0 {
			found = append(found, passage{from, from + len(r.Quote), i})
		}
	}
	if len(found) == 0 {
		return markup
	}
	var out strings.Builder
	at := 0
	for _, token := range tokens {
		if !token.text {
			out.WriteString(token.raw)
			continue
		}
		writeMarked(&out, token.raw, at, found, remarks)
		at += len(token.raw)
	}
	return out.String()
}

// piece is a tag as written, or text without escapes.
type piece struct {
	raw  string
	text bool
}

// textOf divides markup into tags and text, and gives the text alone.
func textOf(markup string) (list []piece, text string) {
	var all strings.Builder
	z := html.NewTokenizer(strings.NewReader(markup))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return list, all.String()
		case html.TextToken:
			raw := html.UnescapeString(string(z.Raw()))
			all.WriteString(raw)
			list = append(list, piece{raw, true})
		default:
			list = append(list, piece{string(z.Raw()), false})
		}
	}
}

// occurrence is where a quote stands in text for the n-th time from 0, or for
// the last time where it stands there less often; -1 for nowhere.
func occurrence(text, quote string, n int) int {
	at, from := -1, 0
	for ; n >= 0 && quote != ""; n-- {
		i := strings.Index(text[from:], quote)
		if i < 0 {
			break
		}
		at = from + i
		from = at + len(quote)
	}
	return at
}

// writeMarked writes the text that begins at an offset, with marks.
func writeMarked(out *strings.Builder, text string, at int, found []passage, remarks []reviewRemark) {
	end := at + len(text)
	for from := at; from < end; {
		to, covered := end, false
		for _, p := range found {
			for _, edge := range []int{p.from, p.to} {
				if edge > from && edge < to {
					to = edge
				}
			}
			covered = covered || p.from <= from && from < p.to
		}
		words := html.EscapeString(text[from-at : to-at])
		if covered {
			words = "<mark>" + words + "</mark>"
		}
		out.WriteString(words)
		for _, p := range found {
			if p.to == to {
				out.WriteString(remarks[p.remark].mark())
			}
		}
		from = to
	}
}
