package document

import (
	"strings"
	"unicode/utf8"
)

// mark is what a line begins with: the label of a division or a number of a
// list.
type mark struct {
	kind  NodeKind // NodePlain where the line begins with neither
	label string   // as printed
	n     int
	sub   int
	level int    // NodeNumbered: 1 for 一、 2 for （一） 3 for 1. 4 for （1） 5 for ①
	rest  string // behind the label, white space trimmed
}

var unitKinds = map[string]NodeKind{
	"编": NodePart, "分编": NodeSubpart, "章": NodeChapter, "节": NodeSection, "条": NodeArticle,
}

// titleRunes is the longest heading that is recognised by its words alone.
const titleRunes = 40

// readMark reads the mark at the beginning of a line; heading tells that the
// source prints the line as a heading, previous is the number of the article
// before.
func readMark(line string, heading bool, previous int) mark {
	if o, length := ParseOrdinal(line); length > 0 {
		m := mark{kind: unitKinds[o.Unit], label: line[:length], n: o.N, sub: o.Sub, rest: strings.Trim(line[length:], blanks)}
		switch m.kind {
		case NodePlain:
			return mark{rest: line}
		case NodeArticle:
			if opensArticle(line[length:], o, previous) {
				return m
			}
		default:
			if o.Sub == 0 && (heading || opensDivision(line[length:])) {
				return m
			}
		}
		return mark{rest: line}
	}
	return readListMark(line)
}

// opensArticle tells an article's beginning from a sentence that speaks of
// one: the label is set off by a blank or a bracket, or it continues the
// count.
func opensArticle(rest string, o Ordinal, previous int) bool {
	if rest == "" {
		return true
	}
	r, _ := utf8.DecodeRuneInString(rest)
	if isBlank(r) || r == '【' || r == '：' || r == ':' {
		return true
	}
	if o.N != previous+1 || o.Sub > 0 {
		return false
	}
	for _, word := range []string{"规定", "所", "第", "、", "和", "中", "至", "的", "修改", "款", "关于", "之", "与", "或", "及", "，", "”", "。", "；"} {
		if strings.HasPrefix(rest, word) {
			return false
		}
	}
	return true
}

// opensDivision tells a heading (第三章 监督) from a sentence about a division.
func opensDivision(rest string) bool {
	if rest == "" {
		return true
	}
	if utf8.RuneCountInString(rest) > titleRunes || strings.ContainsAny(rest, "。；：") {
		return false
	}
	r, _ := utf8.DecodeRuneInString(rest)
	if isBlank(r) {
		return true
	}
	for _, word := range []string{"规定", "所", "第", "、", "和", "中", "至", "的", "修改", "，", "”", "与", "或", "及"} {
		if strings.HasPrefix(rest, word) {
			return false
		}
	}
	return utf8.RuneCountInString(rest) <= titleRunes/2
}

// readListMark reads 一、 （一） 1. （1） ① at the beginning of a line.
func readListMark(line string) mark {
	r, size := utf8.DecodeRuneInString(line)
	switch {
	case r >= '①' && r <= '⑳':
		return listMark(line, size, int(r-'①')+1, 5)
	case r == '（' || r == '(' || r == '〔':
		return bracketMark(line, size)
	case !isNumeralRune(r):
		return mark{rest: line}
	}
	num, end := scanNumeral(line, 0)
	n, ok := ParseNumeral(num)
	if !ok || n == 0 || n > 999 || end >= len(line) {
		return mark{rest: line}
	}
	sep, sepSize := utf8.DecodeRuneInString(line[end:])
	arabic := isArabic(r)
	switch {
	case sep == '、':
	case sep == '.' || sep == '．':
		if next, _ := utf8.DecodeRuneInString(line[end+sepSize:]); isArabic(next) {
			return mark{rest: line} // 3.5万户
		}
	default:
		return mark{rest: line}
	}
	level := 1
	if arabic {
		level = 3
	}
	return listMark(line, end+sepSize, n, level)
}

func isArabic(r rune) bool { return '0' <= r && r <= '9' || '０' <= r && r <= '９' }

// bracketMark reads （一） and （1）; line begins with a bracket of size bytes.
func bracketMark(line string, size int) mark {
	num, end := scanNumeral(line, size)
	n, ok := ParseNumeral(num)
	if !ok || n == 0 || n > 999 {
		return mark{rest: line}
	}
	r, closeSize := utf8.DecodeRuneInString(line[end:])
	if r != '）' && r != ')' && r != '〕' {
		return mark{rest: line}
	}
	level := 2
	if isArabic([]rune(num)[0]) {
		level = 4
	}
	return listMark(line, end+closeSize, n, level)
}

func listMark(line string, length, n, level int) mark {
	return mark{kind: NodeNumbered, label: strings.Trim(line[:length], blanks), n: n, level: level,
		rest: strings.Trim(line[length:], blanks)}
}

// isContents tells the line that opens a table of contents.
func isContents(line string) bool { return len(line) < 24 && unspace(line) == "目录" }

// isAttachment tells the line that opens an attachment: 附件, 附件2, 附表一：.
func isAttachment(line string) bool {
	if utf8.RuneCountInString(line) > 12 {
		return false
	}
	for _, word := range []string{"附件", "附录", "附表", "附图"} {
		if rest, ok := strings.CutPrefix(line, word); ok {
			rest = strings.Trim(rest, "：: 　")
			_, end := scanNumeral(rest, 0)
			return end == len(rest)
		}
	}
	return false
}

// unspace drops all white space.
func unspace(s string) string {
	return strings.Map(func(r rune) rune {
		if isBlank(r) {
			return -1
		}
		return r
	}, s)
}

// normalTitle is a heading as outlines and paths show it: 第一章 总则 for
// 第一章  总 则.
func normalTitle(m mark, line string) string {
	switch m.kind {
	case NodePlain, NodeTitle, NodeNumbered:
		return squeeze(line)
	}
	if m.rest == "" {
		return unspace(m.label)
	}
	return unspace(m.label) + " " + squeeze(m.rest)
}

// squeeze drops white space between Chinese characters and keeps one blank
// elsewhere.
func squeeze(s string) string {
	var b strings.Builder
	var last rune
	space := false
	for _, r := range s {
		if isBlank(r) {
			space = true
			continue
		}
		if space && last != 0 && !cjk(last) && !cjk(r) {
			b.WriteByte(' ')
		}
		space, last = false, r
		b.WriteRune(r)
	}
	return b.String()
}

// firstSentence is what an outline shows of a numbered paragraph.
func firstSentence(s string) string {
	if i := strings.IndexAny(s, "。；"); i > 0 {
		s = s[:i]
	}
	if r := []rune(s); len(r) > titleRunes {
		return string(r[:titleRunes]) + "…"
	}
	return s
}

// standsAlone tells a numbered heading (一、总体要求) from a numbered paragraph.
func standsAlone(line string) bool {
	return utf8.RuneCountInString(line) <= titleRunes && !strings.ContainsAny(line, "。；") &&
		!strings.HasSuffix(line, "：") && !strings.HasSuffix(line, "，") && !strings.HasSuffix(line, "、")
}
