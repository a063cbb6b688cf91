package document

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

const digitChars = "〇一二三四五六七八九"

// digitOf maps the characters that stand for one digit.
var digitOf = map[rune]int{
	'〇': 0, '零': 0, '○': 0, 'Ｏ': 0, '一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9,
	'两': 2, '壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9,
}

// unitOf maps the characters that multiply.
var unitOf = map[rune]int{'十': 10, '拾': 10, '百': 100, '佰': 100, '千': 1000, '仟': 1000, '万': 1e4, '亿': 1e8}

// maxNumeral is the largest number that ParseNumeral gives.
const maxNumeral = 999_999_999_999

// ParseNumeral reads a whole number as it is written in documents: 一百二十,
// 两千, 十, 二〇二一, 廿 is not read, 120 and １２０ are. ok is false where s is
// anything else, empty or over 999,999,999,999.
func ParseNumeral(s string) (n int, ok bool) {
	if s == "" || len(s) > 64 {
		return 0, false
	}
	if d, ok := parseDigits(s); ok {
		return d, d <= maxNumeral
	}
	var c counter
	for _, r := range s {
		if d, isDigit := digitOf[r]; isDigit {
			ok = c.digit(d)
		} else {
			ok = c.unit(unitOf[r])
		}
		if !ok {
			return 0, false
		}
	}
	return c.end()
}

// counter adds up a numeral with units, character by character.
type counter struct {
	high, mid, low int // the parts of 亿, of 万, and below
	last           int // the unit seen last within the part, 0 at its beginning
	pending        int // the digit that waits for its unit
	zero           bool
}

func (c *counter) digit(d int) bool {
	if c.pending > 0 || d == 0 && c.zero {
		return false // 一二百
	}
	c.pending, c.zero = d, c.zero || d == 0
	return true
}

func (c *counter) unit(u int) bool {
	switch {
	case u == 0:
		return false
	case u < 1e4:
		if c.pending == 0 && (u != 10 || c.low > 0 || c.last > 0) {
			return false // 百 or 千 without its digit; 十 alone is one ten
		}
		if c.last > 0 && u >= c.last {
			return false
		}
		c.low += max(c.pending, 1) * u
		c.pending, c.zero, c.last = 0, false, u
		return true
	case u == 1e4:
		c.mid, c.low = (c.low+c.pending)*u, 0
		ok := c.mid > 0 && c.mid < 1e8
		c.pending, c.zero, c.last = 0, false, 1e4
		return ok
	}
	if c.high > 0 {
		return false
	}
	c.high = (c.mid + c.low + c.pending) * u
	c.mid, c.low, c.pending, c.zero, c.last = 0, 0, 0, false, 0
	return c.high > 0
}

// end gives the sum. 一百二 is refused: it could be 102 or 120.
func (c *counter) end() (n int, ok bool) {
	if c.pending > 0 && c.last > 10 && !c.zero {
		return 0, false
	}
	n = c.high + c.mid + c.low + c.pending
	return n, n <= maxNumeral
}

// parseDigits reads digits of any width, or Chinese digits in a row (二〇二一).
func parseDigits(s string) (n int, ok bool) {
	for _, r := range s {
		var d int
		switch {
		case '0' <= r && r <= '9':
			d = int(r - '0')
		case '０' <= r && r <= '９':
			d = int(r - '０')
		default:
			if d, ok = digitOf[r]; !ok {
				return 0, false
			}
		}
		if n = n*10 + d; n > maxNumeral {
			return 0, false
		}
	}
	return n, true
}

// FormatNumeral writes n as it is counted in documents: 10 is 十, 120 is
// 一百二十, 1001 is 一千零一. Outside 0 to 99,999,999 it writes digits.
func FormatNumeral(n int) string {
	if n < 0 || n >= 1e8 {
		return strconv.Itoa(n)
	}
	if n == 0 {
		return "零"
	}
	s := ""
	if n >= 1e4 {
		s = formatSection(n/1e4) + "万"
		if n%1e4 > 0 && n%1e4 < 1000 {
			s += "零"
		}
	}
	s += formatSection(n % 1e4)
	if strings.HasPrefix(s, "一十") {
		s = strings.TrimPrefix(s, "一")
	}
	return s
}

func formatSection(n int) string {
	digits := []rune(digitChars)
	var b strings.Builder
	zero := false
	for _, u := range []struct {
		value int
		name  string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		d := n / u.value % 10
		if d == 0 {
			zero = b.Len() > 0
			continue
		}
		if zero {
			b.WriteString("零")
			zero = false
		}
		b.WriteRune(digits[d])
		b.WriteString(u.name)
	}
	return b.String()
}

// Ordinal is the number of a division: 第一百二十条之一 is {条 120 1}.
type Ordinal struct {
	Unit string // 编 分编 章 节 条 款 项 目
	N    int    // from 1
	Sub  int    // 之一 is 1; 0 where there is none
}

// ordinalUnits are the divisions in the order they contain each other; 分编
// stands before 编 so that the longer name wins.
var ordinalUnits = []string{"分编", "编", "章", "节", "条", "款", "项", "目"}

// ParseOrdinal reads an ordinal at the beginning of s and gives its length in
// bytes, 0 where there is none. Blanks may stand between its characters, as
// in 第 一 章.
func ParseOrdinal(s string) (o Ordinal, length int) {
	if !strings.HasPrefix(s, "第") {
		return Ordinal{}, 0
	}
	num, i := scanNumeral(s, len("第"))
	n, ok := ParseNumeral(num)
	if !ok || n == 0 {
		return Ordinal{}, 0
	}
	for _, u := range ordinalUnits {
		if strings.HasPrefix(s[i:], u) {
			o = Ordinal{Unit: u, N: n}
			length = i + len(u)
			break
		}
	}
	if length == 0 || !strings.HasPrefix(s[length:], "之") {
		return o, length
	}
	start := length + len("之")
	_, end := scanNumeral(s, start)
	sub, _, _ := strings.Cut(strings.TrimRight(s[start:end], blanks), " ")
	if m, ok := ParseNumeral(sub); ok && m > 0 {
		o.Sub, length = m, start+len(sub)
	}
	return o, length
}

// scanNumeral collects the numeral at s[i:], leaving out blanks, and gives the
// offset behind it.
func scanNumeral(s string, i int) (numeral string, end int) {
	start := i
	clean := true
	for i < len(s) && i-start < 48 {
		r, n := utf8.DecodeRuneInString(s[i:])
		if isBlank(r) {
			clean = false
		} else if !isNumeralRune(r) {
			break
		}
		i += n
	}
	if clean {
		return s[start:i], i
	}
	return strings.Map(func(r rune) rune {
		if isBlank(r) {
			return -1
		}
		return r
	}, s[start:i]), i
}

func isBlank(r rune) bool { return r == ' ' || r == '　' || r == '\u00a0' || r == '\t' }

func isNumeralRune(r rune) bool {
	if '0' <= r && r <= '9' || '０' <= r && r <= '９' {
		return true
	}
	if _, ok := digitOf[r]; ok {
		return true
	}
	_, ok := unitOf[r]
	return ok
}
