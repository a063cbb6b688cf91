package privacy

import (
	"strings"
	"time"

	"gongkai/internal/civil"
)

// minorAge is the age below which all personal data is sensitive, in years
// (个人信息保护法 28).
const minorAge = 14

// cautiousYear is the year from which births are taken for a minor's where
// nobody says what day it is.
const cautiousYear = 2000

// ageIn reads the age at the beginning of what follows a name: ，8岁 or
// （女，年仅8岁）; -1 where there is none.
func ageIn(after string) int {
	runes := []rune(after)
	for i, r := range runes {
		if r == '岁' && i > 0 && isDigit(runes[i-1]) {
			age := int(runes[i-1] - '0')
			if i > 1 && isDigit(runes[i-2]) {
				age += 10 * int(runes[i-2]-'0')
			}
			return age
		}
		if r == '。' || r == '、' {
			break
		}
	}
	return -1
}

// births finds dates of birth of children.
func (s *scanner) births(today civil.Date) {
	for i := 0; i < len(s.fold); i++ {
		if s.fold[i] != '2' || s.peek(i+1) != '0' || isAlnum(s.peek(i-1)) || s.peek(i-1) == '-' {
			continue
		}
		d, end, ok := s.dateAt(i)
		if !ok || !s.birth(i, end) || !young(d, today) {
			continue
		}
		s.add(Minor, i, end, string(s.text[i:i+4])+maskMiddle(s.text[i+4:end], 0, 0))
		i = end
	}
}

// dateAt reads 2012年3月5日, 2012-03-05, 2012/3/5, 2012.3.5, 20120305 and the
// same without a day.
func (s *scanner) dateAt(i int) (d civil.Date, end int, ok bool) {
	var parts [3]int
	var width [3]int
	at := i
	for k, max := range [3]int{4, 2, 2} {
		for isDigit(s.peek(at)) && width[k] < max {
			parts[k] = parts[k]*10 + int(s.fold[at]-'0')
			width[k]++
			at++
		}
		if width[k] == 0 {
			break
		}
		end = at
		if r := s.peek(at); k < 2 && (r == '-' || r == '/' || r == '.' || r == '年' || r == '月') || r == '日' || r == '月' {
			at++
			if r == '日' || r == '月' {
				end = at
			}
		}
	}
	if width[0] != 4 || width[1] == 0 || parts[1] < 1 || parts[1] > 12 || parts[2] > 31 || isDigit(s.peek(end)) {
		return d, 0, false
	}
	return civil.On(parts[0], time.Month(parts[1]), max(parts[2], 1)), end, true
}

// birth tells whether the date is said to be somebody's birth.
func (s *scanner) birth(start, end int) bool {
	if label := s.label(start); strings.Contains(label, "出生") && !strings.Contains(label, "证") || strings.HasSuffix(label, "生于") || strings.HasSuffix(label, "生日") {
		return !startsWithAny(s.after(end, 4), []string{"以后", "以前", "之后", "之前", "至", "后", "前", "(含", "起"})
	}
	after := s.after(end, 5)
	return startsWithAny(after, []string{"出生", "生,", "生，", "生。", "生)", "生）"}) && !startsWithAny(after, []string{"出生的人", "出生人口", "出生缺", "出生率"})
}

// young tells whether somebody born on d is under age today.
func young(d, today civil.Date) bool {
	if today.IsZero() {
		return d.Year() >= cautiousYear
	}
	return today.Before(civil.On(d.Year()+minorAge, d.Month(), d.Day()))
}
