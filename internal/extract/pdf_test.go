package extract

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"gongkai/internal/fault"
	"gongkai/internal/sharedtest"
)

// pdfOf writes a file of pages, each the stream that draws it, in a font that
// every reader knows.
func pdfOf(pages ...string) []byte {
	var b strings.Builder
	b.WriteString("%PDF-1.4\n")
	var kids strings.Builder
	for i := range pages {
		fmt.Fprintf(&kids, "%d 0 R ", 5+2*i)
	}
	fmt.Fprintf(&b, "1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Count %d /Kids [%s] >>\nendobj\n", len(pages), kids.String())
	b.WriteString("3 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>\nendobj\n")
	b.WriteString("4 0 obj\n<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>\nstream\n0\nendstream\nendobj\n")
	for i, p := range pages {
		fmt.Fprintf(&b, "%d 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> /XObject << /I 4 0 R >> >> /Contents %d 0 R >>\nendobj\n", 5+2*i, 6+2*i)
		fmt.Fprintf(&b, "%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n", 6+2*i, len(p), p)
	}
	b.WriteString("trailer << /Root 1 0 R >>\n%%EOF\n")
	return []byte(b.String())
}

const onePicture = "q 500 0 0 700 40 40 cm /I Do Q"

func TestPDFSaysWhatIsMissing(t *testing.T) {
	text := "BT /F 12 Tf 80 700 Td (readable words) Tj ET"
	turned := " BT /F 12 Tf 0.7 0.7 -0.7 0.7 200 300 Tm (mark) Tj ET"
	for _, c := range []struct {
		name        string
		pages       []string
		want, warns string
	}{
		{"text", []string{text}, "readable words", ""},
		{"a page that is a picture", []string{text, onePicture}, "readable words", "第 2 页是图片"},
		{"a picture beside text", []string{text + " " + onePicture}, "readable words", "1 幅图片"},
		{"a watermark", []string{text + turned}, "readable words", "4 个斜排"},
		{"a page on its side", []string{"BT /F 12 Tf 0 1 -1 0 200 300 Tm (lying words) Tj ET"}, "lying words", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := mustRead(t, "a.pdf", pdfOf(c.pages...))
			if got := lines(d.Blocks); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if all := strings.Join(d.Warnings, ""); !strings.Contains(all, c.warns) || c.warns == "" && all != "" {
				t.Errorf("warnings %q, want %q", all, c.warns)
			}
		})
	}
}

func TestPDFThatCannotBeRead(t *testing.T) {
	for _, c := range []struct {
		name  string
		data  []byte
		kind  fault.Kind
		words string
	}{
		{"scanned", pdfOf(onePicture, onePicture), fault.Invalid, "扫描件（2 页都是图片）"},
		{"nothing", pdfOf("", ""), fault.Invalid, "没有文字"},
		{"password", testdata(t, "locked.pdf"), fault.Invalid, "密码"},
		{"half a file", testdata(t, "letter.pdf")[:9000], fault.Invalid, "重新导出"},
		{"only a name", []byte("%PDF-1.7\n"), fault.Invalid, "损坏"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read("a.pdf", c.data, Limits{})
			wantFault(t, err, c.kind, c.words)
		})
	}
	_, err := Read("a.pdf", pdfOf("", "", ""), Limits{Pages: 2})
	wantFault(t, err, fault.TooLarge, "超过上限 2 页")
	_, err = Read("a.pdf", testdata(t, "letter.pdf"), Limits{Time: 1})
	if k := fault.KindOf(err); k != fault.TooLarge && k != fault.Unavailable {
		t.Errorf("without time: %v", err)
	}
}

func TestRealPDF(t *testing.T) {
	b, err := os.ReadFile(sharedtest.Path(t, "data", "annual-reports", "洪泽区2023.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	d := mustRead(t, "要点.docx", b)
	text := lines(d.Blocks)
	for _, want := range []string{
		"# 洪泽区人民政府2023年政府信息公开工作年度报告",
		"一、总体情况\n2023年，洪泽区人民政府坚持以习近平新时代中国特色社会主义思想为指导",
		"|行政规范性文件|0|5|5", "|行政许可|550(1x3)", "|一、本年新收政府信息公开申请数量(1x3)|21|0|0|0|0|0|21",
		"|（四）无法提供(2x1)|1.本机关不掌握相关政府信息|10|0|0|0|0|0|10", "六、其他需要报告的事项",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if strings.Contains(text, "-3-") || d.Pages != 5 || d.Meta.Created == "" {
		t.Errorf("page numbers are left, or pages %d, created %q", d.Pages, d.Meta.Created)
	}
}

func FuzzPDF(f *testing.F) {
	f.Add([]byte("BT /F 12 Tf 80 700 Td (words) Tj ET 1 0 0 1 0 0 cm 10 10 m 90 10 l S 10 10 m 10 90 l S /I Do"), false)
	f.Add([]byte("%PDF-1.7\n1 0 obj << >> endobj trailer << /Root 1 0 R >>"), true)
	f.Fuzz(func(t *testing.T, data []byte, whole bool) {
		if !whole {
			data = pdfOf(string(data))
		}
		if Detect(data) != PDF {
			return
		}
		_, err := Read("f.pdf", data, Limits{Pages: 20})
		onlyFaults(t, err)
	})
}
