package document

import (
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
)

// Precision is how exactly a date in words is known.
type Precision uint8

// The precisions, from coarse to fine.
const (
	ToYear Precision = iota + 1
	ToHalf
	ToQuarter
	ToMonth
	ToTenDays // 上旬 中旬 下旬
	ToDay
)

// DateText is a date as documents write it: the span of days that the words
// allow. 2021年6月 is 2021-06-01 to 2021-06-30 with precision ToMonth; it is
// never a day. The zero value is no date.
type DateText struct {
	First, Last civil.Date
	Precision   Precision
	Deadline    bool // the words set a limit: …前, …底, …以内; Last is the last day in time
}

// Day gives the day where the words name exactly one.
func (d DateText) Day() (day civil.Date, ok bool) {
	return d.First, d.Precision == ToDay
}

// ParseDateText reads s as one date: 2021年6月11日, 二〇二一年六月十一日, 2021.6.11,
// 2021-6-11, 2021/6/11, 2021年6月, 2021年底前, 10月底, 2021年第三季度, 上半年.
// Dates without a year take that of reference; where that is zero they are
// refused like every other text and every day that does not exist, with an
// Invalid fault.
func ParseDateText(s string, reference civil.Date) (DateText, error) {
	t := strings.Trim(s, blanks+"，。；（）()")
	if d, n := readDate(t, reference); n > 0 && n == len(t) {
		return d, nil
	}
	return DateText{}, fault.New(fault.Invalid, "date_text_bad",
		"“%s”不是能确定的日期，应写成 2021年6月11日、2021-06-11、2021年6月、2021年底前 或 2021年第三季度 的样子。", fault.Clip(s, 40))
}

// FoundDate is a date in running text: text[Start:End] in bytes.
type FoundDate struct {
	Date       DateText
	Start, End int
}

// FindDates finds the dates in running text, in order, reading them as
// ParseDateText does.
func FindDates(text string, reference civil.Date) []FoundDate {
	var found []FoundDate
	inNumber := false
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		starts := isNumeralRune(r) || strings.ContainsRune("年今本第上下明", r)
		if starts && !(inNumber && isNumeralRune(r)) {
			if d, n := readDate(text[i:], reference); n > 0 {
				found = append(found, FoundDate{Date: d, Start: i, End: i + n})
				i += n
				inNumber = false
				continue
			}
		}
		inNumber = isNumeralRune(r) || r == '.'
		i += size
	}
	return found
}

// dateReader reads a date from the beginning of text.
type dateReader struct {
	s string
	i int
}

// readDate gives the date at the beginning of s and its length, 0 for none.
func readDate(s string, reference civil.Date) (DateText, int) {
	r := dateReader{s: s}
	year, hasYear := r.year(reference)
	if hasYear && year == 0 {
		return DateText{}, 0
	}
	d, ok := r.after(year, hasYear, reference)
	if !ok {
		return DateText{}, 0
	}
	r.limit(&d)
	return d, r.i
}

// relativeYears are years seen from the reference, longer words first.
var relativeYears = []struct {
	word string
	add  int
}{{"本年度", 0}, {"今年", 0}, {"本年", 0}, {"当年", 0}, {"明年", 1}, {"下年度", 1}}

// year reads 2021年, 二〇二一年, 今年, 2021. and 2021-; without one it is that of
// reference.
func (r *dateReader) year(reference civil.Date) (year int, ok bool) {
	for _, w := range relativeYears {
		if r.skip(w.word) {
			if reference.IsZero() {
				return 0, true
			}
			return reference.Year() + w.add, true
		}
	}
	num, end := scanNumeral(r.s, 0)
	y, isNumber := ParseNumeral(num)
	if isNumber && utf8.RuneCountInString(num) == 4 && y >= 1900 && y <= 2100 {
		for _, mark := range []string{"年度", "年", ".", "-", "/", "．", "－", "—"} {
			if strings.HasPrefix(r.s[end:], mark) {
				if !strings.HasPrefix(mark, "年") && !arabicAt(r.s, end+len(mark)) {
					return 0, false
				}
				r.i = end + len(mark)
				return y, true
			}
		}
	}
	return reference.Year(), false
}

func arabicAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return isArabic(r)
}

func (r *dateReader) skip(word string) bool {
	if !strings.HasPrefix(r.s[r.i:], word) {
		return false
	}
	r.i += len(word)
	return true
}

// spans are the parts of a year that have names, longer names first.
var spans = []struct {
	name        string
	first, last time.Month
	precision   Precision
}{
	{"前三季度", 1, 9, ToQuarter}, {"上半年", 1, 6, ToHalf}, {"下半年", 7, 12, ToHalf},
	{"第一季度", 1, 3, ToQuarter}, {"第二季度", 4, 6, ToQuarter}, {"第三季度", 7, 9, ToQuarter}, {"第四季度", 10, 12, ToQuarter},
	{"一季度", 1, 3, ToQuarter}, {"二季度", 4, 6, ToQuarter}, {"三季度", 7, 9, ToQuarter}, {"四季度", 10, 12, ToQuarter},
	{"第1季度", 1, 3, ToQuarter}, {"第2季度", 4, 6, ToQuarter}, {"第3季度", 7, 9, ToQuarter}, {"第4季度", 10, 12, ToQuarter},
}

// after reads what follows the year.
func (r *dateReader) after(year int, hasYear bool, reference civil.Date) (DateText, bool) {
	if !hasYear && reference.IsZero() {
		return DateText{}, false
	}
	for _, s := range spans {
		if r.skip(s.name) {
			return monthsOf(civil.On(year, s.first, 1), s.last, s.precision), true
		}
	}
	if !hasYear {
		for _, word := range []string{"年底", "年末", "年终", "年内"} {
			if r.skip(word) {
				d := monthsOf(civil.On(year, 1, 1), 12, ToYear)
				d.Deadline = true
				return d, true
			}
		}
	}
	if d, ok := r.month(year, hasYear); ok {
		return d, true
	}
	if next := r.s[r.i:]; strings.HasPrefix(next, "年底") || strings.HasPrefix(next, "年末") {
		r.skip("年") // 2021年年底
	}
	bare := hasYear && (strings.HasSuffix(r.s[:r.i], "年") || strings.HasSuffix(r.s[:r.i], "年度"))
	return monthsOf(civil.On(year, 1, 1), 12, ToYear), bare
}

// monthsOf is the days from first to the end of the month last.
func monthsOf(first civil.Date, last time.Month, p Precision) DateText {
	return DateText{First: first, Last: civil.On(first.Year(), last+1, 0), Precision: p}
}

// month reads 6月, 6月11日, 6月中旬 and, behind 2021., 6.11.
func (r *dateReader) month(year int, hasYear bool) (DateText, bool) {
	start := r.i
	m, ok := r.small(12)
	written := strings.HasSuffix(r.s[:start], "年") || !hasYear
	if !ok || written && !r.skip("月份") && !r.skip("月") {
		r.i = start
		return DateText{}, false
	}
	month := monthsOf(civil.On(year, time.Month(m), 1), time.Month(m), ToMonth)
	if !written {
		if !r.skipAny(".", "-", "/", "．", "－", "—") {
			r.skip("月")
			return month, true
		}
	}
	behindMonth := r.i
	if d, ok := r.small(31); ok {
		day := civil.On(year, time.Month(m), d)
		if r.skipAny("日", "号") || !written {
			if int(day.Month()) != m { // 30 February
				r.i = start
				return DateText{}, false
			}
			return DateText{First: day, Last: day, Precision: ToDay}, true
		}
		r.i = behindMonth
	}
	for i, word := range []string{"上旬", "中旬", "下旬"} {
		if r.skip(word) {
			month.First, month.Precision = month.First.AddDays(10*i), ToTenDays
			if i < 2 {
				month.Last = month.First.AddDays(9)
			}
		}
	}
	return month, written || r.i > behindMonth
}

func (r *dateReader) skipAny(words ...string) bool {
	for _, w := range words {
		if r.skip(w) {
			return true
		}
	}
	return false
}

// small reads a numeral from 1 to limit.
func (r *dateReader) small(limit int) (n int, ok bool) {
	num, end := scanNumeral(r.s, r.i)
	n, ok = ParseNumeral(num)
	if !ok || n < 1 || n > limit {
		return 0, false
	}
	r.i = end
	return n, true
}

// limits are the words that make a date a deadline.
var limits = []string{"底以前", "底之前", "底前", "末前", "底", "末", "以前", "之前", "前", "年内", "以内", "之内", "内"}

func (r *dateReader) limit(d *DateText) {
	if r.skipAny(limits...) {
		d.Deadline = true
	}
}
