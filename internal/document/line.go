package document

import (
	"html"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
)

// inlinePolicy is all the markup that may stand inside a line.
var inlinePolicy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("b", "strong", "i", "em", "u", "s", "del", "ins", "sub", "sup", "code")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.RequireNoFollowOnLinks(true)
	return p
})

// lineWriter collects the lines of a text with their inline markup and makes a
// block of each.
type lineWriter struct {
	blocks []Block
	proto  Block // kind, level and number of the next block
	text   strings.Builder
	html   strings.Builder
	open   []string // open tags, outermost first: `a href="…"`
	beyond int      // elements open beyond maxOpen, which are not written
	rich   bool     // the line has markup
}

func (w *lineWriter) writeText(s string) {
	w.text.WriteString(s)
	w.html.WriteString(html.EscapeString(s))
}

// maxOpen is how deep inline elements may stand in each other; every line
// repeats them, so their number must be small.
const maxOpen = 8

// begin opens an inline element; tag is its name with escaped attributes.
func (w *lineWriter) begin(tag string) {
	if len(w.open) == maxOpen {
		w.beyond++
		return
	}
	w.open = append(w.open, tag)
	w.html.WriteString("<" + tag + ">")
	w.rich = true
}

func (w *lineWriter) end() {
	if w.beyond > 0 {
		w.beyond--
		return
	}
	last := w.open[len(w.open)-1]
	w.open = w.open[:len(w.open)-1]
	name, _, _ := strings.Cut(last, " ")
	w.html.WriteString("</" + name + ">")
}

// image writes a picture; its description is part of the text.
func (w *lineWriter) image(src, alt string) {
	w.text.WriteString(alt)
	w.html.WriteString(`<img src="` + html.EscapeString(src) + `" alt="` + html.EscapeString(alt) + `">`)
	w.rich = true
}

// flush ends the line. Open elements are closed and opened again on the next.
func (w *lineWriter) flush() {
	text, markup := w.take()
	if text == "" && !strings.Contains(markup, "<img") {
		return
	}
	b := w.proto
	b.Text, b.HTML = text, markup
	w.blocks = append(w.blocks, b)
	w.proto.Number = ""
}

// take ends the line and gives it as plain text and as safe markup, which is
// "" where the line has none.
func (w *lineWriter) take() (text, markup string) {
	for i := len(w.open) - 1; i >= 0; i-- {
		name, _, _ := strings.Cut(w.open[i], " ")
		w.html.WriteString("</" + name + ">")
	}
	text = cleanLine(w.text.String())
	if w.rich {
		markup = strings.Trim(inlinePolicy().Sanitize(w.html.String()), blanks)
		if markup == html.EscapeString(text) {
			markup = ""
		}
	}
	w.text.Reset()
	w.html.Reset()
	w.rich = len(w.open) > 0
	for _, tag := range w.open {
		w.html.WriteString("<" + tag + ">")
	}
	return text, markup
}

const blanks = " \t\r\n　\u00a0\u200b\ufeff"

var invisible = strings.NewReplacer("\u200b", "", "\ufeff", "", "\u00ad", "", "\x00", "", "\u00a0", " ", "\r", "", "\n", " ")

// cleanLine drops invisible characters and the white space around.
func cleanLine(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if strings.ContainsAny(s, "\u200b\ufeff\u00ad\x00\u00a0\r\n") {
		s = invisible.Replace(s)
	}
	return strings.Trim(s, blanks)
}
