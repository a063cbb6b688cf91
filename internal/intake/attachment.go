package intake

import (
	"regexp"
	"strings"

	"gongkai/internal/document"
)

var (
	attachList  = regexp.MustCompile(`^附件?[:：](.*)$`)
	attachItem  = regexp.MustCompile(`^([0-9]{1,2}|[一二三四五六七八九十]{1,3})[.．、]\s*(.+)$`)
	attachItems = regexp.MustCompile(`([0-9]{1,2})[.．、]`)
)

// attachments proposes the list behind the text: 附件：1.… and the numbered
// lines that go on with it.
func (r *reading) attachments() {
	for i := r.head; i < r.end; i++ {
		m := attachList.FindStringSubmatch(r.lines[i].text)
		if m == nil {
			continue
		}
		r.attach(r.lines[i], m[1])
		for j := i + 1; j < r.end && attachItem.MatchString(r.lines[j].text); j++ {
			r.attach(r.lines[j], r.lines[j].text)
		}
		return
	}
}

// attach reads one line of the list; several may stand on it.
func (r *reading) attach(l textLine, s string) {
	add := func(no int, name string) {
		name = strings.Trim(name, blanks+"《》；;。")
		if name != "" {
			r.p.Attachments = append(r.p.Attachments, Field[Attachment]{Attachment{no, name}, Certain, r.where(l, "")})
		}
	}
	marks := attachItems.FindAllStringSubmatchIndex(s, -1)
	next := len(r.p.Attachments) + 1
	var starts [][3]int // number, begin of mark, begin of name
	for _, m := range marks {
		if n, ok := document.ParseNumeral(s[m[2]:m[3]]); ok && n == next && (m[1] >= len(s) || s[m[1]] < '0' || s[m[1]] > '9') {
			starts = append(starts, [3]int{n, m[0], m[1]})
			next++
		}
	}
	if len(starts) == 0 || starts[0][1] > 0 {
		if m := attachItem.FindStringSubmatch(s); m != nil {
			n, _ := document.ParseNumeral(m[1])
			add(n, m[2])
			return
		}
		add(0, s)
		return
	}
	for i, at := range starts {
		end := len(s)
		if i+1 < len(starts) {
			end = starts[i+1][1]
		}
		add(at[0], s[at[2]:end])
	}
}
