package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// pdfPage is a page in a PDF file as Chromium writes it.
var pdfPage = regexp.MustCompile(`/Type\s*/Page\b`)

// TestPrint prints a document as one would an official one: all of its text,
// nothing to click.
func TestPrint(t *testing.T) {
	b := newTab(t, 1280)
	b.open(richDocument(newGuide(t)), 200)
	articles := b.count(".body [id]")
	sheet := run(b, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4)))
	if n := len(pdfPage.FindAll(sheet, -1)); n == 0 || n > 60 {
		t.Errorf("the document prints on %d pages", n)
	}
	if *shotsDir != "" {
		if err := os.WriteFile(filepath.Join(*shotsDir, "document.pdf"), sheet, 0o644); err != nil {
			t.Error(err)
		}
	}

	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		t.Fatal(err)
	}
	seen := func(selector string) int {
		return eval[int](b, `[...document.querySelectorAll("`+selector+`")].filter(e => e.checkVisibility()).length`)
	}
	if n := seen("nav, form, button, input, .skip"); n != 0 {
		t.Errorf("%d controls are printed, want none", n)
	}
	if n := seen(".body [id]"); n != articles || n == 0 {
		t.Errorf("%d of %d articles are printed", n, articles)
	}
	if n := seen("h1"); n != 1 {
		t.Errorf("%d titles are printed, want 1", n)
	}
	if paper := eval[string](b, `getComputedStyle(document.body).backgroundColor`); paper != "rgb(255, 255, 255)" {
		t.Errorf("the paper is %s, want white", paper)
	}
}
