package wording

import "strings"

// Rules of punctuation (GB/T 15834—2011).
var (
	ruleHalfWidth = Rule{"punct_half", Should, "中文里的半角标点", gb15834}
	ruleRepeated  = Rule{"punct_repeated", Should, "标点连用", gb15834}
	ruleBeforeEtc = Rule{"punct_etc", Should, "“等”前的顿号", gb15834}
	ruleEllipsis  = Rule{"punct_ellipsis", Should, "省略号", gb15834}
	ruleWide      = Rule{"punct_wide", Should, "全角的字母、数字", ""}
	ruleNested    = Rule{"punct_nested", Should, "书名号里的书名号", gb15834}

	punctuationRules = []Rule{ruleHalfWidth, ruleRepeated, ruleBeforeEtc, ruleEllipsis, ruleWide, ruleNested}
)

const gb15834 = "GB/T 15834—2011《标点符号用法》"

// halfWidth gives the marks that Chinese text has instead of half-width ones.
var halfWidth = map[rune]string{',': "，", ';': "；", ':': "：", '?': "？", '!': "！", '(': "（", ')': "）", '.': "。"}

// equalWords are the characters with which 等 makes a word of its own: 等级,
// 等高, 等价.
const equalWords = "级同待于距离分候高价值量车边腰效额温压长宽比差次速号式外"

// stops are the marks of which no two stand side by side.
const stops = "，。；：、"

func punctuation(l line) {
	depth := 0 // of 《
	for i, r := range l.s {
		switch {
		case isHan(r):
		case r < 0x80:
			l.halfWidth(i)
		case strings.ContainsRune(stops, r):
			l.stop(i)
		case r == '…':
			l.ellipsis(i)
		case r == '《':
			if depth++; depth == 2 {
				l.mark(ruleNested, i, i+1, "〈", "书名号里还有书名号时，外面用《》，里面用〈〉。")
			}
		case r == '》':
			depth = max(0, depth-1)
		case isWide(r) && !isWide(l.at(i-1)):
			l.wide(i)
		}
	}
}

// halfWidth marks a half-width mark that stands between Chinese characters.
func (l line) halfWidth(i int) {
	r := l.s[i]
	full, ok := halfWidth[r]
	if !ok {
		return
	}
	before, after := l.at(i-1), l.at(i+1)
	switch r {
	case '.':
		ok = isHan(before) && after == 0
	case '(':
		ok = isHan(before) && isHan(after)
	case ')':
		ok = isHan(before) && (isHan(after) || strings.ContainsRune("，。；：、", after) && after != 0)
	default:
		ok = isHan(before) && (isHan(after) || after == 0 || after == ' ')
	}
	if ok {
		l.mark(ruleHalfWidth, i, i+1, full, "中文里的标点用全角。")
	}
}

func (l line) stop(i int) {
	r, next := l.s[i], l.at(i+1)
	switch {
	case next != 0 && strings.ContainsRune(stops, next):
		if before := l.at(i - 1); before == 0 || !strings.ContainsRune(stops, before) {
			end := i + 2
			for l.at(end) != 0 && strings.ContainsRune(stops, l.at(end)) {
				end++
			}
			l.mark(ruleRepeated, i, end, "", "两个点号不能连用，请留下合适的一个。")
		}
	case r == '、' && next == '等' && !strings.ContainsRune(equalWords, l.at(i+2)):
		l.mark(ruleBeforeEtc, i, i+2, "等", "“等”字前面不用顿号。")
	}
}

func (l line) ellipsis(i int) {
	if l.at(i-1) == '…' {
		return
	}
	end := i
	for l.at(end) == '…' {
		end++
	}
	switch {
	case l.at(i-1) == '等' && i > 1:
		l.mark(ruleEllipsis, i-1, end, "等", "“等”和省略号用一个就够。")
	case l.at(end) == '等':
		l.mark(ruleEllipsis, i, end+1, "等", "“等”和省略号用一个就够。")
	}
}

// isWide tells whether r is a full-width letter or digit.
func isWide(r rune) bool {
	return 0xff10 <= r && r <= 0xff19 || 0xff21 <= r && r <= 0xff3a || 0xff41 <= r && r <= 0xff5a
}

func (l line) wide(i int) {
	end := i
	var narrow strings.Builder
	for isWide(l.at(end)) {
		narrow.WriteRune(l.s[end] - 0xfee0) // full width lies that far above ASCII
		end++
	}
	l.mark(ruleWide, i, end, narrow.String(), "字母和数字用半角。")
}
