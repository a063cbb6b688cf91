package intake

import (
	"regexp"
	"strings"

	"gongkai/internal/document"
)

// kindWords are the last words of heads whose documents are numbered below
// them: 永州市人民政府令 / 第12号.
var kindWords = regexp.MustCompile(`(?:令|公告|通告|会议纪要|纪要|通报)$`)

// number proposes the document's number: stated with a label, printed in the
// head, put together of a head and the line below, else in the file's name.
// Numbers in the text are those of other documents.
func (r *reading) number(name string) {
	if r.stated.number.Found() {
		r.p.Number = r.stated.number
		return
	}
	for _, l := range r.lines[:r.head] {
		if l.class != numberLine {
			continue
		}
		if n, quote, ok := numberOf(l); ok {
			r.p.Number = Field[document.Number]{Value: n, Sure: Certain, Where: r.where(l, quote)}
			return
		}
	}
	for i, l := range r.lines[:r.head] {
		if l.class != serialLine {
			continue
		}
		if n, head, ok := r.composed(i); ok {
			r.p.Number = Field[document.Number]{Value: n, Sure: Certain, Where: r.where(l, "")}
			if head >= 0 {
				r.p.Number.Where.Quote = clip(r.lines[head].raw + " " + l.raw)
			}
			return
		}
	}
	base := baseName(name)
	if found := document.FindNumbers(strings.ReplaceAll(base, "_", " ")); len(found) > 0 {
		r.p.Number = Field[document.Number]{Value: found[0].Number, Sure: Guess, Where: Where{OutsideText, base}}
	}
}

// composed puts a number together of line i and the head above it; head is -1
// where the line stands for itself.
func (r *reading) composed(i int) (n document.Number, head int, ok bool) {
	serial := r.lines[i].text
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		above := r.lines[j]
		if !kindWords.MatchString(above.text) || above.class == numberLine {
			continue
		}
		word := above.text
		if squeezedKind(word) && j > 0 { // 公告 alone: the organ stands above
			word = r.lines[j-1].text + word
		}
		if got, err := document.ParseNumber(word + serial); err == nil && got.Word != "" {
			for k := max(0, j-1); k <= j; k++ {
				if k == j || squeezedKind(above.text) {
					r.lines[k].class = redHead
				}
			}
			return got, j, true
		}
	}
	got, err := document.ParseNumber(serial)
	return got, -1, err == nil
}

func squeezedKind(s string) bool {
	return s == "公告" || s == "通告" || s == "令" || s == "命令"
}
