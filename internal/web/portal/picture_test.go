package portal

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"gongkai/internal/document"
	"gongkai/internal/publication"
)

// TestTextsShowTheirFiles follows a link of a text to the record's own file.
func TestTextsShowTheirFiles(t *testing.T) {
	c := newCity(t)
	sum := sha256.Sum256([]byte("%PDF-1.4 附图"))
	stored := "files/" + hex.EncodeToString(sum[:]) + ".pdf"
	c.put(t, line("with-plan", "停车场布局的通告", func(l *publication.Line) {
		l.Attachments = []publication.Attachment{{Name: "网站", URL: "https://example.org/"}, {Name: "图.pdf", Path: "图.pdf"}}
		l.Body = publication.Body{Format: document.HTML, Text: `<p>布局见<a href="` + stored + `">附图</a>。<img src="` + stored + `" alt="布局图"></p>`}
	}))
	w := c.get(t, c.path("with-plan"))
	file := c.path("with-plan") + "/files/2"
	for _, want := range []string{`href="` + file + `"`, `src="` + file + `"`, `alt="布局图"`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the page does not hold %s", want)
		}
	}
	if w := c.get(t, file); w.Code != 200 || !strings.HasPrefix(w.Body.String(), "%PDF") {
		t.Errorf("the file: got %d", w.Code)
	}
}
