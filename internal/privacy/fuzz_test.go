package privacy

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
)

// small bounds what one try may cost.
var small = Options{Limits: Limits{Bytes: 1 << 20, Unpacked: 4 << 20, Entries: 100, Pages: 5}}

func FuzzScanText(f *testing.F) {
	for _, d := range specimens(4, buildingTemplates, 40) {
		f.Add(d.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip()
		}
		found := ScanText("正文", text, Options{Today: civil.MustDate("2022-01-19")})
		runes := []rune(text)
		at := 0
		for _, x := range found {
			if x.Start < at || x.End > len(runes) || string(runes[x.Start:x.End]) != x.Match {
				t.Fatalf("%+v does not fit the text", x)
			}
			at = x.End
		}
		masked := MaskText(text, found)
		for _, x := range found {
			if !stands(runes, x) {
				t.Fatalf("%+v does not stand where it was found", x)
			}
		}
		if len(found) == 0 && masked != text {
			t.Fatal("masking nothing changed the text")
		}
	})
}

func FuzzHTML(f *testing.F) {
	f.Add(`<p style="display:none">手机13800000000<!-- x --></p><td><td title='a&amp;b'>`)
	f.Add("<table><tr><td>姓名<td>残疾</table><script>13800000000</script>")
	f.Fuzz(func(t *testing.T, src string) {
		found := ScanHTML("正文", src, Options{})
		masked := MaskHTML(src, found)
		if len(found) == 0 && masked != src {
			t.Fatal("masking nothing changed the page")
		}
	})
}

// FuzzFile reads whatever there is but PDF, which PDFium reads in its own box.
func FuzzFile(f *testing.F) {
	id := testID("19800101", 12)
	for name, data := range map[string][]byte{
		"a.docx": richDOCX(f, id), "a.xlsx": richXLSX(f, id), "a.png": testPNG(f), "a.jpg": testJPEG(f, 6), "a.gif": testGIF(f),
		"a.zip": zipped(f, testPart{"a.txt", "13800000000"}), "a.csv": []byte("姓名,电话\n\"a\nb\",13800000000"), "a.html": []byte("<p>13800000000"),
	} {
		f.Add(name, data)
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		ctx := context.Background()
		if detect(name, data) == PDF || len(data) > 1<<20 {
			t.Skip()
		}
		if _, err := Check(name, data, small.Limits); err != nil && fault.KindOf(err) == fault.Internal {
			t.Fatalf("Check: %v", err)
		}
		report, err := ScanFile(ctx, name, data, small)
		if err != nil {
			if fault.KindOf(err) == fault.Internal {
				t.Fatalf("ScanFile: %v", err)
			}
			return
		}
		if out, _, err := Clean(ctx, name, data); err == nil {
			if again, _, err := Clean(ctx, name, out); err != nil || !bytes.Equal(again, out) {
				t.Fatalf("cleaning twice differs from cleaning once: %v", err)
			}
		} else if fault.KindOf(err) == fault.Internal {
			t.Fatalf("Clean: %v", err)
		}
		if _, err := MaskFile(ctx, name, data, report.Findings); err != nil && fault.KindOf(err) == fault.Internal {
			t.Fatalf("MaskFile: %v", err)
		}
	})
}

func FuzzXMLParts(f *testing.F) {
	f.Add(`<w:document ` + wordNS + `><w:body>` + para("一", "二") + wordTable([]string{"姓名", "残疾"}) + `</w:body></w:document>`)
	f.Add(`<a><b c="d"/></a>`)
	f.Fuzz(func(t *testing.T, text string) {
		err := walkXML([]byte(text), xmlVisitor{
			text: func(_ []node, _ string, b, e int) {
				if b < 0 || e > len(text) || b >= e {
					t.Fatalf("text at %d to %d of %d", b, e, len(text))
				}
			},
			close: func(p []node, tail int) {
				if n := p[len(p)-1]; n.start >= n.head || n.end < n.head || tail > n.end || !strings.HasPrefix(text[n.start:], "<") {
					t.Fatalf("element %+v, end tag at %d", n, tail)
				}
			},
		})
		if err != nil && fault.KindOf(err) == fault.Internal {
			t.Fatal(err)
		}
	})
}

func FuzzBlankPDF(f *testing.F) {
	f.Add(pdfOf(f, pdfInfo, "", []pdfLine{{1, 1, "一"}}))
	f.Add([]byte("1 0 obj<</Type/Metadata/Length 5>>stream\nabcde\nendstream endobj /Info 1 0 R"))
	f.Add([]byte("1 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length 9>>stream\nabcdefghi\nendstream endobj"))
	f.Fuzz(func(t *testing.T, data []byte) {
		once := blankPDF(data)
		if len(once) != len(data) {
			t.Fatalf("%d bytes became %d", len(data), len(once))
		}
		if twice := blankPDF(once); !bytes.Equal(once, twice) {
			t.Fatal("blanking twice differs from blanking once")
		}
	})
}
