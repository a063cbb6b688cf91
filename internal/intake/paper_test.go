package intake

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"strings"
	"testing"
)

// part is a paragraph of a made document, as it is to be set.
type part struct {
	lines []string // printed lines of its own; most have one
	size  float64  // points
	align string   // center, right, indent, left
	rows  [][]string
	style string // style of DOCX: Title
}

// setLine is a line on a page of 595 × 842 points.
type setLine struct {
	x, y, size float64
	text       string
}

const (
	marginLeft, marginRight = 79.0, 516.0
	marginTop, marginBottom = 100.0, 760.0
)

func width(s string, size float64) float64 {
	w := 0.0
	for _, r := range s {
		w += runeWidth(r) * size
	}
	return w
}

func runeWidth(r rune) float64 {
	if r < 0x80 {
		return 0.5
	}
	return 1
}

// setPages breaks parts into lines and pages; tables become rules and cells.
func setPages(parts []part) (pages [][]setLine, rules [][][4]float64) {
	pages, rules = make([][]setLine, 1), make([][][4]float64, 1)
	y := marginTop
	room := func(h float64) {
		if y+h > marginBottom {
			pages, rules = append(pages, nil), append(rules, nil)
			y = marginTop
		}
		y += h
	}
	for _, p := range parts {
		if p.rows != nil {
			setTable(p, &pages, &rules, room, &y)
			continue
		}
		for _, text := range p.lines {
			for i, line := range wrap(text, p) {
				room(p.size * 1.75)
				x := marginLeft
				switch w := width(line, p.size); {
				case p.align == "center":
					x = (marginLeft + marginRight - w) / 2
				case p.align == "right":
					x = marginRight - w - 2*p.size
				case p.align == "indent" && i == 0:
					x += 2 * p.size
				}
				pages[len(pages)-1] = append(pages[len(pages)-1], setLine{x, y, p.size, line})
			}
		}
	}
	for i := range pages {
		no := fmt.Sprintf("— %d —", i+1)
		pages[i] = append(pages[i], setLine{marginRight - width(no, 14), 800, 14, no})
	}
	return pages, rules
}

// wrap breaks text as word processors do; no line begins with a mark that ends
// a sentence.
func wrap(text string, p part) []string {
	var lines []string
	line, used := "", 0.0
	if p.align == "indent" {
		used = 2 * p.size
	}
	for _, r := range text {
		w := runeWidth(r) * p.size
		if used+w > marginRight-marginLeft && !strings.ContainsRune("，。；：、）》”", r) {
			lines, line, used = append(lines, line), "", 0
		}
		line += string(r)
		used += w
	}
	return append(lines, line)
}

func setTable(p part, pages *[][]setLine, rules *[][][4]float64, room func(float64), y *float64) {
	const high, size = 24.0, 12.0
	cols := len(p.rows[0])
	wide := (marginRight - marginLeft) / float64(cols)
	for _, row := range p.rows {
		room(high)
		last := len(*pages) - 1
		top, foot := *y-high*0.7, *y+high*0.3
		for c, cell := range row {
			x := marginLeft + float64(c)*wide
			(*pages)[last] = append((*pages)[last], setLine{x + 4, *y, size, cell})
			(*rules)[last] = append((*rules)[last], [4]float64{x, top, x, foot})
		}
		(*rules)[last] = append((*rules)[last], [4]float64{marginRight, top, marginRight, foot},
			[4]float64{marginLeft, top, marginRight, top}, [4]float64{marginLeft, foot, marginRight, foot})
	}
}

// asPDF writes a PDF file whose one font names its characters in ToUnicode.
func asPDF(parts []part) []byte {
	pages, rules := setPages(parts)
	var b bytes.Buffer
	var at []int
	object := func(format string, args ...any) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), fmt.Sprintf(format, args...))
	}
	b.WriteString("%PDF-1.7\n")
	var kids []string
	for i := range pages {
		kids = append(kids, fmt.Sprintf("%d 0 R", 7+2*i))
	}
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object("<< /Type /Pages /Count %d /Kids [%s] >>", len(kids), strings.Join(kids, " "))
	object("<< /Type /Font /Subtype /Type0 /BaseFont /FangSong /Encoding /Identity-H /DescendantFonts [4 0 R] /ToUnicode 6 0 R >>")
	object("<< /Type /Font /Subtype /CIDFontType2 /BaseFont /FangSong /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 /W [0 127 500] /FontDescriptor 5 0 R >>")
	object("<< /Type /FontDescriptor /FontName /FangSong /Flags 4 /FontBBox [0 -140 1000 860] /ItalicAngle 0 /Ascent 860 /Descent -140 /CapHeight 700 /StemV 80 >>")
	cmap := toUnicode()
	object("<< /Length %d >>\nstream\n%s\nendstream", len(cmap), cmap)
	for i, lines := range pages {
		var s strings.Builder
		for _, r := range rules[i] {
			fmt.Fprintf(&s, "%.2f %.2f m %.2f %.2f l S\n", r[0], 842-r[1], r[2], 842-r[3])
		}
		for _, l := range lines {
			fmt.Fprintf(&s, "BT /F1 %.2f Tf %.2f %.2f Td <", l.size, l.x, 842-l.y)
			for _, r := range l.text {
				fmt.Fprintf(&s, "%04X", r)
			}
			if len([]rune(l.text)) == 1 { // PDFium passes over a single character whose font is not embedded
				s.WriteString("0020")
			}
			s.WriteString("> Tj ET\n")
		}
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>", 8+2*i)
		object("<< /Length %d >>\nstream\n%s\nendstream", s.Len(), s.String())
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}

func toUnicode() string {
	var b strings.Builder
	b.WriteString("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n")
	for from := 0; from < 256; from += 64 {
		b.WriteString("64 beginbfrange\n")
		for h := from; h < from+64; h++ {
			fmt.Fprintf(&b, "<%02X00> <%02XFF> <%02X00>\n", h, h, h)
		}
		b.WriteString("endbfrange\n")
	}
	b.WriteString("endcmap end end")
	return b.String()
}

// asOFD writes the same pages as a file of GB/T 33190.
func asOFD(t testing.TB, parts []part) []byte {
	pages, rules := setPages(parts)
	const mm = 25.4 / 72
	files := []string{"OFD.xml", `<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo/><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`}
	var list strings.Builder
	for i, lines := range pages {
		fmt.Fprintf(&list, `<ofd:Page ID="%d" BaseLoc="Pages/Page_%d/Content.xml"/>`, i+1, i)
		var s strings.Builder
		for _, r := range rules[i] {
			fmt.Fprintf(&s, `<ofd:PathObject Boundary="%.3f %.3f 300 300" LineWidth="0.3"><ofd:AbbreviatedData>M 0 0 L %.3f %.3f</ofd:AbbreviatedData></ofd:PathObject>`, r[0]*mm, r[1]*mm, (r[2]-r[0])*mm, (r[3]-r[1])*mm)
		}
		for _, l := range lines {
			var steps []string
			for _, r := range l.text {
				steps = append(steps, fmt.Sprintf("%.4f", runeWidth(r)*l.size*mm))
			}
			fmt.Fprintf(&s, `<ofd:TextObject Boundary="%.3f %.3f 300 20" Size="%.4f" Font="1"><ofd:TextCode X="0" Y="%.4f" DeltaX="%s">%s</ofd:TextCode></ofd:TextObject>`,
				l.x*mm, (l.y-l.size)*mm, l.size*mm, l.size*mm, strings.Join(steps, " "), html.EscapeString(l.text))
		}
		files = append(files, fmt.Sprintf("Doc_0/Pages/Page_%d/Content.xml", i),
			`<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer ID="900">`+s.String()+`</ofd:Layer></ofd:Content></ofd:Page>`)
	}
	files = append(files, "Doc_0/Document.xml", `<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>`+list.String()+`</ofd:Pages></ofd:Document>`)
	return zipped(t, files...)
}

// asDOCX writes paragraphs; lines of a part become line breaks.
func asDOCX(t testing.TB, parts []part) []byte {
	var b strings.Builder
	for _, p := range parts {
		if p.rows != nil {
			b.WriteString("<w:tbl>")
			for _, row := range p.rows {
				b.WriteString("<w:tr>")
				for _, c := range row {
					b.WriteString("<w:tc><w:p><w:r><w:t>" + html.EscapeString(c) + "</w:t></w:r></w:p></w:tc>")
				}
				b.WriteString("</w:tr>")
			}
			b.WriteString("</w:tbl>")
			continue
		}
		fmt.Fprintf(&b, `<w:p><w:pPr><w:pStyle w:val="%s"/><w:jc w:val="%s"/></w:pPr><w:r><w:rPr><w:sz w:val="%.0f"/></w:rPr>`, p.style, p.align, p.size*2)
		for i, l := range p.lines {
			if i > 0 {
				b.WriteString("<w:br/>")
			}
			b.WriteString(`<w:t xml:space="preserve">` + html.EscapeString(l) + `</w:t>`)
		}
		b.WriteString("</w:r></w:p>")
	}
	const space = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	return zipped(t, "[Content_Types].xml", "<Types/>",
		"word/document.xml", `<w:document `+space+`><w:body>`+b.String()+`</w:body></w:document>`,
		"word/styles.xml", `<w:styles `+space+`><w:style w:styleId="Title"><w:name w:val="Title"/></w:style></w:styles>`)
}

// asHTML writes a saved page; stated is the title in its head.
func asHTML(parts []part, stated string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<!DOCTYPE html><html><head><meta charset="utf-8"><title>%s-政府门户网站</title><meta name="ArticleTitle" content="%s"></head><body><div class="nav"><a href="/">首页</a><a href="/zwgk">政务公开</a><a href="/hd">互动交流</a></div><div class="TRS_Editor">`, stated, stated)
	for _, p := range parts {
		if p.rows != nil {
			b.WriteString("<table>")
			for _, row := range p.rows {
				b.WriteString("<tr><td>" + strings.Join(row, "</td><td>") + "</td></tr>")
			}
			b.WriteString("</table>")
			continue
		}
		fmt.Fprintf(&b, `<p style="text-align:%s">%s</p>`, p.align, strings.Join(p.lines, "<br>"))
	}
	b.WriteString(`</div><div class="footer">主办：政府办公室 ICP备00000000号 网站标识码0000000000</div></body></html>`)
	return []byte(b.String())
}

func asText(parts []part) []byte {
	var b strings.Builder
	for _, p := range parts {
		for _, row := range p.rows {
			b.WriteString(strings.Join(row, "\t") + "\n")
		}
		for _, l := range p.lines {
			switch p.align {
			case "center", "right":
				b.WriteString(strings.Repeat(" ", 12))
			case "indent":
				b.WriteString("　　")
			}
			b.WriteString(l + "\n")
		}
	}
	return []byte(b.String())
}

func zipped(t testing.TB, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
