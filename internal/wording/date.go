package wording

import (
	"strconv"
	"strings"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/document"
)

// Rules of dates.
var (
	ruleDateImpossible = Rule{"date_impossible", Must, "不存在的日期", ""}
	ruleDateBackwards  = Rule{"date_backwards", Must, "起止日期颠倒", ""}
	ruleDateZero       = Rule{"date_zero", Should, "年份里的“〇”", gb15835}
	ruleDateMixed      = Rule{"date_mixed", Should, "一个日期两种数字", gb15835}
	ruleDateSigned     = Rule{"date_signed", Should, "落款日期与成文日期不同", gb9704}

	dateRules = []Rule{ruleDateImpossible, ruleDateBackwards, ruleDateZero, ruleDateMixed, ruleDateSigned}
)

const gb15835 = "GB/T 15835—2011《出版物上数字用法》"

// dates reads every date of a piece.
func dates(r *reading) {
	var last dateText // the last line that is a date and nothing else
	eachLine(r, func(l line) {
		var before dateText
		for i := 0; i < len(l.s); {
			d := readDate(l, i)
			if d.end == 0 {
				i = max(i+1, d.skip)
				continue
			}
			l.judgeDate(d)
			l.judgeSpan(before, d)
			if d.complete() && isAll(l, d) {
				last = d
				last.start, last.end = l.from+d.start, l.from+d.end
			}
			before, i = d, d.end
		}
	})
	if day, ok := last.day(); ok && !r.about.IssuedOn.IsZero() && day != r.about.IssuedOn {
		r.hit(ruleDateSigned, last.start, last.end, r.about.IssuedOn.Chinese(), "成文日期填的是"+r.about.IssuedOn.Chinese()+"，与落款不一致，请改正其中一个。")
	}
}

// dateText is a date as written, in runes of its line.
type dateText struct {
	start, end       int // end is 0 where there is none
	skip             int // where to read on then
	year, month, dom numeral
}

func (d dateText) complete() bool { return d.year.given && d.month.given && d.dom.given }

// day is the date where it is complete and exists.
func (d dateText) day() (civil.Date, bool) {
	if !d.complete() || d.problem() != "" {
		return civil.Date{}, false
	}
	return civil.On(d.year.n, time.Month(d.month.n), d.dom.n), true
}

// numeral is one number of a date.
type numeral struct {
	given      bool
	n          int
	arabic     bool
	start, end int
}

// numeralWords are the characters of Chinese numbers in dates, the look-alikes
// of 〇 at the end.
const (
	numeralWords = "一二三四五六七八九十廿卅〇零" + likeZero
	likeZero     = "○◯OoＯ"
)

var numeralSet = func() map[rune]bool {
	set := map[rune]bool{}
	for _, r := range numeralWords {
		set[r] = true
	}
	return set
}()

func isNumeral(r rune) bool { return isDigit(r) || numeralSet[r] }

// readNumeral reads the number at i; end is i where there is none.
func readNumeral(l line, i int) numeral {
	n := numeral{start: i, end: i}
	for isNumeral(l.at(n.end)) {
		n.end++
	}
	text := string(l.s[i:n.end])
	n.arabic = strings.Trim(text, "0123456789") == ""
	n.n, n.given = document.ParseNumeral(tidyZero.Replace(text))
	return n
}

var tidyZero = strings.NewReplacer("零", "〇", "○", "〇", "◯", "〇", "O", "〇", "o", "〇", "Ｏ", "〇")

// readYear reads a year of four digits at i.
func readYear(l line, i int) (n numeral, ok bool) {
	n = readNumeral(l, i)
	if n.end-i != 4 || l.at(n.end) != '年' {
		return n, false
	}
	if !n.arabic {
		n.n = 0
		for _, c := range tidyZero.Replace(string(l.s[i:n.end])) {
			digit := strings.IndexRune("〇一二三四五六七八九", c)
			if isDigit(c) {
				digit = 3 * int(c-'0')
			}
			if digit < 0 {
				return n, false
			}
			n.n = n.n*10 + digit/3
		}
		n.given = true
	}
	return n, n.given && n.n >= 1000
}

// readDate reads the date that begins at i: a year and what follows, or a
// month with its day.
func readDate(l line, i int) (d dateText) {
	if !isNumeral(l.s[i]) || l.s[i] > 0x7f && l.at(i-1) == '第' {
		return d
	}
	d.start = i
	first := readNumeral(l, i)
	d.skip = first.end
	next := i
	if year, ok := readYear(l, i); ok {
		d.year, next, d.end = year, year.end+1, year.end+1
	}
	month := readNumeral(l, next)
	if !month.given || month.end == next || month.end-next > 3 || l.at(month.end) != '月' {
		return d
	}
	dom := readNumeral(l, month.end+1)
	hasDay := dom.given && dom.end > dom.start && dom.end-dom.start <= 3 && (l.at(dom.end) == '日' || l.at(dom.end) == '号')
	if !d.year.given && !hasDay {
		return dateText{skip: month.end}
	}
	d.month, d.end = month, month.end+1
	if hasDay {
		d.dom, d.end = dom, dom.end+1
	}
	return d
}

// isAll tells whether the line is the date and blanks alone.
func isAll(l line, d dateText) bool {
	return strings.Trim(string(l.s[:d.start])+string(l.s[d.end:]), " 　\t") == ""
}

func (l line) judgeDate(d dateText) {
	if why := d.problem(); why != "" {
		l.mark(ruleDateImpossible, d.start, d.end, "", why)
	}
	if y := d.year; y.given && !y.arabic {
		text := string(l.s[y.start:y.end])
		if strings.ContainsAny(text, "零0"+likeZero) {
			l.mark(ruleDateZero, y.start, y.end+1, strings.ReplaceAll(tidyZero.Replace(text), "0", "〇")+"年", "汉字年份里的零写作“〇”。")
		}
	}
	if d.mixed() {
		l.mark(ruleDateMixed, d.start, d.end, "", "同一个日期里汉字数字和阿拉伯数字不混用。")
	}
}

// mixed tells whether the parts of the date are written in both kinds of
// numbers.
func (d dateText) mixed() bool {
	arabic, chinese := false, false
	for _, n := range []numeral{d.year, d.month, d.dom} {
		arabic = arabic || n.given && n.arabic
		chinese = chinese || n.given && !n.arabic
	}
	return arabic && chinese
}

// problem says why there is no such date, "" where there may be one.
func (d dateText) problem() string {
	if !d.month.given {
		return ""
	}
	if d.month.n < 1 || d.month.n > 12 {
		return "一年只有十二个月。"
	}
	if !d.dom.given {
		return ""
	}
	year := d.year.n
	if !d.year.given {
		year = 2000 // a leap year: 29 February may be meant
	}
	if last := civil.On(year, time.Month(d.month.n)+1, 0).Day(); d.dom.n < 1 || d.dom.n > last {
		return strconv.Itoa(d.month.n) + "月没有这一天。"
	}
	return ""
}

// judgeSpan compares two dates of which the second ends what the first begins.
func (l line) judgeSpan(from, to dateText) {
	a, ok1 := from.day()
	b, ok2 := to.day()
	if !ok1 || !ok2 || to.start <= from.end || !b.Before(a) {
		return
	}
	switch string(l.s[from.end:to.start]) {
	case "至", "起至", "到", "—", "——", "-", "－", "～", "~":
		l.mark(ruleDateBackwards, from.start, to.end, "", "结束的日期早于开始的日期。")
	}
}
