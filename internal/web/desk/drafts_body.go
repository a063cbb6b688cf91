package desk

import (
	"html"
	"regexp"
	"strings"

	"gongkai/internal/document"
	"gongkai/internal/drafting"
	"gongkai/internal/publication"
)

// bodyForEditor is a body as HTML whose pictures and links lead to the draft's
// files at the desk.
func bodyForEditor(l *publication.Line, w *drafting.Work) (string, error) {
	text := l.Body.Text
	if text != "" && l.Body.Format != document.HTML {
		body, err := document.Parse(text, l.Body.Format)
		if err != nil {
			return "", err
		}
		text = body.HTML()
	}
	return publication.AddressFiles(text, w.Line.Attachments, func(i int) string { return draftFile(w, i) }), nil
}

// draftFile is the address of an attachment of the draft's line: its files
// stand in front, in their order.
func draftFile(w *drafting.Work, i int) string {
	if i < len(w.Files) {
		return filePath(w.ID, w.Files[i].ID)
	}
	return w.Line.Attachments[i].URL
}

var (
	deskFileForm = regexp.MustCompile(`(src|href)="(/desk/drafts/\d+/files/\d+)(?:\?[^"]*)?"`)
	markupForm   = regexp.MustCompile(`</?[A-Za-z]`)
)

// bodyOfForm is what was written, as the draft keeps it: pictures and links
// name the draft's files by their stored path, and a text without any markup,
// as browsers without scripts send it, has a paragraph for each line. A body
// that says the same as before stays as it was.
func bodyOfForm(before publication.Body, text string, w *drafting.Work) publication.Body {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if !markupForm.MatchString(text) {
		text = paragraphs(text)
	}
	paths := map[string]string{}
	for _, f := range w.Files {
		paths[filePath(w.ID, f.ID)] = f.PathOf()
	}
	text = deskFileForm.ReplaceAllStringFunc(text, func(found string) string {
		m := deskFileForm.FindStringSubmatch(found)
		if path, ok := paths[m[2]]; ok {
			return m[1] + `="` + path + `"`
		}
		return found
	})
	after := publication.Body{Format: document.HTML, Text: text}
	if strings.TrimSpace(text) == "" {
		after = publication.Body{}
	}
	if sameBody(before, after) {
		return before
	}
	return after
}

func paragraphs(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			b.WriteString("<p>" + html.EscapeString(html.UnescapeString(line)) + "</p>\n")
		}
	}
	return b.String()
}

// sameBody tells whether readers would see the same.
func sameBody(a, b publication.Body) bool {
	if a == b {
		return true
	}
	if a.Text == "" || b.Text == "" {
		return false
	}
	x, errX := document.Parse(a.Text, a.Format)
	y, errY := document.Parse(b.Text, b.Format)
	return errX == nil && errY == nil && x.HTML() == y.HTML()
}
