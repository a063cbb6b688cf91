package intake

import (
	"strings"
	"unicode/utf8"

	"gongkai/internal/document"
	"gongkai/internal/extract"
)

// textLine is a block of the document without the blanks within.
type textLine struct {
	block int
	raw   string // as printed
	text  string // squeezed
	level int    // of a heading, 0 for others
	table bool
	class class
}

// reading is a document on its way to a proposal.
type reading struct {
	doc    extract.Document
	known  Names
	lines  []textLine
	head   int // lines[:head] stand above the text: red head, number, title
	end    int // lines[end:] stand behind it: copies to, printing
	stated stated
	p      Proposal
}

func newReading(doc extract.Document, known Names) *reading {
	r := &reading{doc: doc, known: known}
	for i, b := range doc.Blocks {
		l := textLine{block: i, raw: b.Line(), text: squeeze(normal.Replace(b.Line())), table: b.Kind == document.Table}
		if b.Kind == document.Heading {
			l.level = max(b.Level, 1)
		}
		if l.text != "" || l.table {
			r.lines = append(r.lines, l)
		}
	}
	r.stated.blocks = make(map[int]bool)
	return r
}

// normal writes the circles and letters that stand for zero in dates as the
// zero they mean.
var normal = strings.NewReplacer("二○", "二〇", "二O", "二〇", "二Ｏ", "二〇", "○", "〇", "〇O", "〇〇", "\u200b", "")

func (r *reading) propose(name string) Proposal {
	r.readStated()
	r.divide()
	r.classify()
	r.number(name)
	r.title(name)
	r.addressee()
	r.date()
	r.issuer()
	r.signers()
	r.attachments()
	r.validity()
	r.kind()
	r.keywords()
	r.p.Body = r.body()
	r.p.Warnings = r.warnings()
	return r.p
}

func (r *reading) where(l textLine, quote string) Where {
	if quote == "" {
		quote = l.raw
	}
	return Where{Block: l.block, Quote: clip(strings.Trim(quote, blanks))}
}

// clip shortens a quotation.
func clip(s string) string {
	const most = 80
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// maxHead is how many lines a head may have.
const maxHead = 40

// divide finds where the head ends and the text begins, and where the lines
// about copies and printing begin.
func (r *reading) divide() {
	r.head = len(r.lines)
	for i, l := range r.lines {
		if i >= maxHead || r.isText(l) {
			r.head = i
			break
		}
	}
	if r.head == len(r.lines) && len(r.lines) > 0 && r.lines[0].table {
		r.head = 0
	}
	r.end = len(r.lines)
	for i := r.head; i < len(r.lines); i++ {
		if isPrinting(r.lines[i].text) {
			r.end = i
			for r.end > r.head && isCopies(r.lines[r.end-1].text) {
				r.end--
			}
			break
		}
	}
}

// isText tells the line that the text begins with: whom it is sent to, a
// sentence, a division, a table that is not a head of facts.
func (r *reading) isText(l textLine) bool {
	switch {
	case l.table:
		return !r.stated.blocks[l.block]
	case r.stated.blocks[l.block] || isCaption(l.text):
		return false
	case isAddressee(l.text):
		return true
	case strings.ContainsRune(l.text, '。') && l.level == 0:
		return true
	}
	return l.level == 0 && (opening.MatchString(l.text) || utf8.RuneCountInString(l.text) > 90)
}
