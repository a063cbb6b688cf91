package extract

import (
	"archive/zip"
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/fault"
)

// zipped packs parts (name, content, name, content …) into an archive.
func zipped(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	wordHead = `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>`
	wordTail = `</w:body></w:document>`
)

// docx makes a DOCX file of the XML of its body; more parts may follow.
func docx(t testing.TB, body string, parts ...string) []byte {
	t.Helper()
	return zipped(t, append([]string{"[Content_Types].xml", "<Types/>", "word/document.xml", wordHead + body + wordTail}, parts...)...)
}

// para is a paragraph of WordprocessingML; props goes into its properties.
func para(props, text string) string {
	return `<w:p><w:pPr>` + props + `</w:pPr><w:r><w:t xml:space="preserve">` + text + `</w:t></w:r></w:p>`
}

// workbook makes an XLSX file; change may edit it before it is written.
func workbook(t testing.TB, rows [][]any, change func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err := errors.Join(err, f.SetSheetRow("Sheet1", at, &row)); err != nil {
			t.Fatal(err)
		}
	}
	if change != nil {
		change(f)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func mustRead(t testing.TB, name string, data []byte) Document {
	t.Helper()
	d, err := Read(name, data, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// lines sketches blocks, one a line: headings with #, cells with |.
func lines(blocks []Block) string {
	var out []string
	for _, b := range blocks {
		switch b.Kind {
		case Heading:
			out = append(out, strings.Repeat("#", b.Level)+" "+b.Line())
		case Table:
			for _, row := range b.Rows {
				var cells []string
				for _, c := range row {
					s := c.Text
					if c.ColSpan > 1 || c.RowSpan > 1 {
						s += "(" + string(rune('0'+max(c.RowSpan, 1))) + "x" + string(rune('0'+max(c.ColSpan, 1))) + ")"
					}
					cells = append(cells, s)
				}
				out = append(out, "|"+strings.Join(cells, "|"))
			}
		default:
			out = append(out, b.Line())
		}
	}
	return strings.Join(out, "\n")
}

func wantFault(t *testing.T, err error, kind fault.Kind, part string) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind || !strings.Contains(fault.Public(err), part) {
		t.Errorf("err = %v, want %v with %q", err, kind, part)
	}
}
