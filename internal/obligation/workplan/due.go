package workplan

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"gongkai/internal/civil"
	"gongkai/internal/document"
)

// rhythms are the words for what is owed again and again, in the order in
// which they are looked for.
var rhythms = []struct {
	pattern *regexp.Regexp
	every   Every
}{
	{regexp.MustCompile(`(?:每|按)(?:个)?季度?|逐季`), Quarterly},
	{regexp.MustCompile(`(?:每|按)(?:个)?月(?:度|底|末)?|逐月`), Monthly},
	{regexp.MustCompile(`(?:每|按)半年`), HalfYear},
	{regexp.MustCompile(`每年(?:度)?|按年度?`), Yearly},
	{regexp.MustCompile(`长期(?:坚持|公开|执行|推进|落实|有效)|^长期$|常年|^(?:持续|常态化)(?:推进|开展|实施|更新)?$|全年(?:持续|推进|实施)|^全年$`), Always},
}

var (
	// names a day by itself; 年底 alone (纳入年底考核) tells no limit
	definite  = regexp.MustCompile(`[0-9一二三四五六七八九十]|(?:前|内|止)$|^(?:今年|本年|当年|明年)`)
	untilNow  = regexp.MustCompile(`(?:截至|截止到?|自|从|于|在|至)$`)
	nextYear  = regexp.MustCompile(`(?:次年|翌年|第二年)$`)
	yearsEnd  = regexp.MustCompile(`年(?:底|末|终|内)?$`)
	beforeDue = regexp.MustCompile(`(?:力争|争取|确保|务必|于|在)$`)
)

// due is a time limit found in a text.
type due struct {
	text  string // as printed
	on    civil.Date
	every Every
}

// findDue looks for a time limit in running text: a date with 前, 底 or 内
// first, a rhythm otherwise. Dates that only tell when something was are not
// limits. year is the plan's.
func findDue(t text, year int) (d due) {
	s := string(t.key)
	for _, f := range document.FindDates(s, civil.On(year, 1, 1)) {
		if !f.Date.Deadline || f.Date.Last.Year() < year {
			continue
		}
		before := s[:f.Start]
		if !definite.MatchString(s[f.Start:f.End]) {
			continue
		}
		if untilNow.MatchString(before) && !beforeDue.MatchString(before) {
			continue
		}
		from, to := utf8.RuneCountInString(before), utf8.RuneCountInString(s[:f.End])
		on := f.Date.Last
		if m := nextYear.FindString(before); m != "" {
			from, on = from-utf8.RuneCountInString(m), on.AddMonths(12)
		}
		return due{text: t.slice(from, to).String(), on: on}
	}
	for _, r := range rhythms {
		if m := t.find(r.pattern); len(m) > 0 {
			return due{text: t.slice(m[0][0].from, m[0][0].to).String(), every: r.every}
		}
	}
	return due{}
}

// readDue reads a cell or label that holds a time limit and nothing else.
func readDue(s string, year int) due {
	t := newText(s)
	d := due{text: t.String()}
	key := strings.ReplaceAll(string(t.key), " ", "")
	if f := findDue(t, year); f.text != "" {
		d.on, d.every = f.on, f.every
	} else if date, err := document.ParseDateText(key, civil.On(year, 1, 1)); err == nil {
		d.on = date.Last
	} else if key != "" && yearsEnd.MatchString(key) && utf8.RuneCountInString(key) <= 6 {
		d.on = civil.Year(year).End()
	}
	return d
}
