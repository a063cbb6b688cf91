package intake

import (
	"strings"
	"unicode/utf8"

	"gongkai/internal/civil"
	"gongkai/internal/document"
)

// date proposes the day the document was made (成文日期): stated with a label,
// else the first line behind the text that is nothing but a day, or an organ
// and a day. The day of printing (印发) is never taken.
func (r *reading) date() {
	switch i, day := r.signedOn(); {
	case r.stated.issued.Found():
		r.p.IssuedOn = r.stated.issued
	case i >= 0:
		r.p.IssuedOn = Field[civil.Date]{day, Certain, r.where(r.lines[i], "")}
	default:
		r.p.IssuedOn = r.dateInHead()
	}
	if !r.p.IssuedOn.Found() && r.stated.published.Found() {
		r.p.IssuedOn = r.stated.published
		r.p.IssuedOn.Sure = Guess
	}
}

// signedOn finds the date of the signature: the line's index, -1 for none.
func (r *reading) signedOn() (line int, day civil.Date) {
	for i := r.head; i < r.end; i++ {
		l := r.lines[i]
		if l.table || utf8.RuneCountInString(l.text) > 60 {
			continue
		}
		found := document.FindDates(l.text, civil.Date{})
		if len(found) != 1 || found[0].Date.Deadline {
			continue
		}
		d, ok := found[0].Date.Day()
		before, after := l.text[:found[0].Start], strings.Trim(l.text[found[0].End:], "（）()盖章印。")
		if ok && after == "" && r.signs(strings.TrimRight(before, "（(，,")) {
			return i, d
		}
	}
	return -1, civil.Date{}
}

// signs tells whether nothing, names of organs or one who signs stand before a
// date.
func (r *reading) signs(before string) bool {
	before = strings.TrimSuffix(strings.TrimSuffix(before, "日期："), "时间：")
	return before == "" || r.organs(before) != nil || officer.MatchString(before)
}

// dateInHead looks at the lines about the title: a day alone, or the day of a
// meeting that passed the document.
func (r *reading) dateInHead() (f Field[civil.Date]) {
	last := min(len(r.lines), r.head+2)
	for i, l := range r.lines[:last] {
		if l.class != dateLine && l.class != signLine && l.class != captionLine && !(i >= r.head && isCaption(l.text)) {
			continue
		}
		found := document.FindDates(l.text, civil.Date{})
		for k := len(found) - 1; k >= 0; k-- { // the last amendment counts
			if day, ok := found[k].Date.Day(); ok {
				return Field[civil.Date]{day, Likely, r.where(l, "")}
			}
		}
	}
	return f
}
