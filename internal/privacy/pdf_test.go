package privacy

import (
	"context"
	"image/color"
	"strings"
	"testing"

	"gongkai/internal/fault"
)

func TestMaskedPagesBecomePictures(t *testing.T) {
	data := testPDF(t)
	r := scan(t, "名单.pdf", data)
	out := mask(t, "名单.pdf", data, r.Findings)
	if got := byKind(scan(t, "名单.pdf", out).Findings); len(got) > 0 {
		t.Errorf("still found: %v", got)
	}
	before, after := pages(t, data, 72), pages(t, out, 72)
	if after[0].text != "" {
		t.Errorf("beneath the picture lies %q", after[0].text)
	}
	if after[1].text != before[1].text || after[1].text == "" {
		t.Errorf("a page without findings was %q, is %q", before[1].text, after[1].text)
	}
	sameImage(t, before[1].shown, after[1].shown)
}

func TestRedact(t *testing.T) {
	data := testPDF(t)
	box := Box{Page: 2, X: 100, Y: 60, W: 200, H: 40, Ground: "《政府信息公开条例》第十五条", By: "保密审查岗"}
	out, err := Redact(context.Background(), data, []Box{box})
	if err != nil {
		t.Fatal(err)
	}
	after := pages(t, out, 72)
	if after[1].text != "" || after[0].text == "" {
		t.Errorf("texts are %q and %q, want only the first page's", after[0].text, after[1].text)
	}
	for _, p := range []struct {
		x, y  int
		black bool
	}{{102, 62, true}, {298, 98, true}, {200, 80, true}, {95, 80, false}, {200, 104, false}} {
		r, g, b, _ := after[1].shown.At(p.x, p.y).RGBA()
		if black := r>>8 < 40 && g>>8 < 40 && b>>8 < 40; black != p.black {
			t.Errorf("at %d,%d: %v", p.x, p.y, color.RGBA64{uint16(r), uint16(g), uint16(b), 0xffff})
		}
	}
	if got := byKind(scan(t, "a.pdf", out).Findings); got[Comment] > 0 || got[Unreadable] > 0 {
		t.Errorf("the marks of redaction are taken for findings: %v", got)
	}
	for _, bad := range []Box{{Page: 3, W: 1, H: 1}, {Page: 1}} {
		if _, err := Redact(context.Background(), data, []Box{bad}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%+v: got %v, want a refusal", bad, err)
		}
	}
}

func TestTextBeneathABox(t *testing.T) {
	over := "BT /F2 12 Tf 100 700 Td (Tel 13800000000) Tj ET 0 0 0 rg 90 695 200 20 re f\n"
	under := "0.9 g 90 695 200 20 re f 0 g BT /F2 12 Tf 100 700 Td (Tel 13800000000) Tj ET\n"
	unseen := "BT 3 Tr /F2 12 Tf 100 700 Td (Tel 13800000000) Tj ET\n"
	for _, c := range []struct {
		name, content string
		want          Kind
	}{{"drawn over", over, LayeredText}, {"a ground drawn before", under, ""}, {"drawn invisibly", unseen, HiddenText}} {
		t.Run(c.name, func(t *testing.T) {
			data := pdfOf(t, "<<>>", c.content, nil)
			r := scan(t, "a.pdf", data)
			got := byKind(r.Findings)
			if got[Phone] != 1 || got[LayeredText] > 0 != (c.want == LayeredText) || got[HiddenText] > 0 != (c.want == HiddenText) {
				t.Errorf("found %v, want the number and %q", got, c.want)
			}
			if left := scan(t, "a.pdf", mask(t, "a.pdf", data, r.Findings)).Findings; len(left) > 0 {
				t.Errorf("after masking: %v", byKind(left))
			}
		})
	}
}

// A page whose fonts are not in the file cannot be drawn: a picture of it would
// lose what it may show.
func TestPagesWithoutTheirFontsStay(t *testing.T) {
	data := pdfOf(t, "<<>>", "", []pdfLine{{100, 700, "手机13800000000"}})
	_, err := MaskFile(context.Background(), "a.pdf", data, scan(t, "a.pdf", data).Findings)
	if f, ok := fault.Of(err); !ok || f.Code != "pdf_fonts" {
		t.Errorf("got %v, want a fault about fonts", err)
	}
}

func TestScansAreForPeople(t *testing.T) {
	out, err := Redact(context.Background(), testPDF(t), []Box{{Page: 2, W: 10, H: 10}})
	if err != nil {
		t.Fatal(err)
	}
	// Without its mark the page is what a scanner makes.
	data := []byte(strings.ReplaceAll(string(out), redactionMark, "somebody--elses--"))
	if f := find(t, scan(t, "a.pdf", data).Findings, Unreadable); !strings.Contains(f.Place, "第2页") {
		t.Errorf("found at %q", f.Place)
	}
}

func TestBrokenPDF(t *testing.T) {
	if _, err := ScanFile(context.Background(), "a.pdf", []byte("%PDF-1.7\nnothing"), Options{}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("got %v, want a fault of the file", err)
	}
}
