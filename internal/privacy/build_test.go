package privacy

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// part is a file of a package under test.
type testPart struct{ name, text string }

func zipped(t testing.TB, parts ...testPart) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.Create(p.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(p.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	wordNS      = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	relsNS      = `xmlns="http://schemas.openxmlformats.org/package/2006/relationships"`
	relKind     = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	wordContent = `application/vnd.openxmlformats-officedocument.wordprocessingml.`
)

// docx is a Word file of a body and further parts (name without word/, kind of
// relation, text).
func docx(t testing.TB, body string, more ...[3]string) []byte {
	t.Helper()
	var types, rels strings.Builder
	parts := []testPart{}
	for i, m := range more {
		content := wordContent + m[1] + "+xml"
		if m[1] == "package" {
			content = "application/octet-stream"
		}
		fmt.Fprintf(&types, `<Override PartName="/word/%s" ContentType="%s"/>`, m[0], content)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s%s" Target="%s"/>`, i+10, relKind, m[1], m[0])
		parts = append(parts, testPart{"word/" + m[0], m[2]})
	}
	head := `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`
	all := []testPart{
		{"[Content_Types].xml", head + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="xlsx" ContentType="application/octet-stream"/><Override PartName="/word/document.xml" ContentType="` + wordContent + `document.main+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` + types.String() + `</Types>`},
		{"_rels/.rels", head + `<Relationships ` + relsNS + `><Relationship Id="rId1" Type="` + relKind + `officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`},
		{"docProps/core.xml", head + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>经办甲</dc:creator><cp:lastModifiedBy>经办乙</cp:lastModifiedBy></cp:coreProperties>`},
		{"word/document.xml", head + `<w:document ` + wordNS + `><w:body>` + body + `</w:body></w:document>`},
		{"word/_rels/document.xml.rels", head + `<Relationships ` + relsNS + `>` + rels.String() + `</Relationships>`},
	}
	return zipped(t, append(all, parts...)...)
}

// para is a paragraph of runs.
func para(runs ...string) string {
	var b strings.Builder
	b.WriteString(`<w:p w:rsidR="00A1B2C3">`)
	for _, r := range runs {
		b.WriteString(`<w:r><w:rPr><w:sz w:val="32"/></w:rPr><w:t xml:space="preserve">` + escapeXML(r) + `</w:t></w:r>`)
	}
	return b.String() + `</w:p>`
}

func wordTable(rows ...[]string) string {
	var b strings.Builder
	b.WriteString(`<w:tbl>`)
	for _, r := range rows {
		b.WriteString(`<w:tr>`)
		for _, c := range r {
			b.WriteString(`<w:tc>` + para(c) + `</w:tc>`)
		}
		b.WriteString(`</w:tr>`)
	}
	return b.String() + `</w:tbl>`
}

// xlsx is a workbook, changed as edit says.
func xlsx(t testing.TB, rows [][]any, edit func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, r := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetSheetRow("Sheet1", cell, &r); err != nil {
			t.Fatal(err)
		}
	}
	if edit != nil {
		edit(f)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pdfLine is text at a place of a page, in points from its lower left corner.
type pdfLine struct {
	x, y float64
	text string
}

// pdfOf writes a PDF of pages of lines; after is drawn on top of the first
// page. Fonts are not embedded: readers know them by name.
func pdfOf(t testing.TB, info, after string, pages ...[]pdfLine) []byte {
	t.Helper()
	objects := []string{
		`<</Type/Catalog/Pages 2 0 R>>`, "",
		`<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>`,
		`<</Type/Font/Subtype/CIDFontType0/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000/W[1 95 500]/FontDescriptor 5 0 R>>`,
		`<</Type/FontDescriptor/FontName/SimSun/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>`,
		info,
	}
	var kids strings.Builder
	for i, lines := range pages {
		var c strings.Builder
		for _, l := range lines {
			fmt.Fprintf(&c, "BT /F1 12 Tf %g %g Td <", l.x, l.y)
			for _, u := range utf16.Encode([]rune(l.text)) {
				fmt.Fprintf(&c, "%04X", u)
			}
			c.WriteString("> Tj ET\n")
		}
		if i == 0 {
			c.WriteString(after)
		}
		n := len(objects) + 1
		fmt.Fprintf(&kids, "%d 0 R ", n)
		objects = append(objects, fmt.Sprintf(`<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R/F2<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>/Contents %d 0 R>>`, n+1),
			fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", c.Len(), c.String()))
	}
	objects[1] = fmt.Sprintf(`<</Type/Pages/Kids[%s]/Count %d>>`, kids.String(), len(pages))
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	at := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R/Info 6 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, at)
	return b.Bytes()
}

const pdfInfo = `<</Author(Jing Ban)/Title<FEFF540D5355>/Producer(Writer \(1\))/CreationDate(D:20210611120000+08'00')/Trapped/False>>`

// testID makes an identity number of the region that does not exist, with a
// right check digit.
func testID(birth string, serial int) string {
	id := fmt.Sprintf("990000%s%03d", birth, serial)
	for _, c := range "0123456789X" {
		if identityChecksum(id + string(c)) {
			return id + string(c)
		}
	}
	return ""
}

// testCard makes a card number with a right check digit.
func testCard(prefix string, serial int) string {
	n := fmt.Sprintf("%s%0*d", prefix, 18-len(prefix), serial)
	for c := range 10 {
		if luhn(n + fmt.Sprint(c)) {
			return n + fmt.Sprint(c)
		}
	}
	return ""
}

// byKind counts findings.
func byKind(all []Finding) map[Kind]int {
	m := map[Kind]int{}
	for _, f := range all {
		m[f.Kind]++
	}
	return m
}

func find(t testing.TB, all []Finding, k Kind) Finding {
	t.Helper()
	for _, f := range all {
		if f.Kind == k {
			return f
		}
	}
	t.Fatalf("no %s in %v", k, byKind(all))
	return Finding{}
}
