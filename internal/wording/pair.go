package wording

import "strings"

// Rules of what comes in pairs.
var (
	ruleBracketPair = Rule{"pair_bracket", Should, "括号、书名号不成对", gb15834}
	ruleQuotePair   = Rule{"pair_quote", Should, "引号不成对", gb15834}

	pairRules = []Rule{ruleBracketPair, ruleQuotePair}
)

// The brackets that open and close within one paragraph.
const (
	openers = "（(《〈〔【「『"
	closers = "）)》〉〕】」』"
)

// pairs looks for brackets within paragraphs and for quotation marks within
// the piece: a quotation can go on over paragraphs, each of which opens it
// again.
func pairs(r *reading) {
	var open []int // places of “ that nothing has closed yet
	eachLine(r, func(l line) {
		brackets(l)
		open = quotes(l, open)
	})
	for _, at := range open {
		r.hit(ruleQuotePair, at, at+1, "", "这个引号没有结束。")
	}
}

// opened is an opening bracket and where it stands in the line.
type opened struct{ kind, at int }

func brackets(l line) {
	var stack []opened
	for i, c := range l.s {
		if c < 0x80 && c != '(' && c != ')' || isHan(c) {
			continue
		}
		if k := kindOf(openers, c); k >= 0 {
			stack = append(stack, opened{fullKind(k), i})
			continue
		}
		k := kindOf(closers, c)
		if k < 0 {
			continue
		}
		k = fullKind(k)
		switch top := len(stack) - 1; {
		case top >= 0 && stack[top].kind == k:
			stack = stack[:top]
		case top >= 1 && stack[top-1].kind == k: // the one between was forgotten
			l.unclosed(stack[top])
			stack = stack[:top-1]
		case numbersItem(l, i):
		default:
			l.mark(ruleBracketPair, i, i+1, "", "这个“"+string(c)+"”前面没有与它成对的。")
		}
	}
	for _, o := range stack {
		l.unclosed(o)
	}
}

func (l line) unclosed(o opened) {
	l.mark(ruleBracketPair, o.at, o.at+1, "", "这个“"+string(l.s[o.at])+"”后面没有与它成对的。")
}

func kindOf(set string, c rune) int {
	i := strings.IndexRune(set, c)
	if i < 0 {
		return -1
	}
	return len([]rune(set[:i]))
}

// fullKind takes half-width and full-width parentheses for one kind.
func fullKind(k int) int {
	if k == 1 {
		return 0
	}
	return k
}

// numbersItem tells whether the bracket at i closes the number of an item: 1）,
// 一）, a).
func numbersItem(l line, i int) bool {
	if l.s[i] != ')' && l.s[i] != '）' || i == 0 {
		return false
	}
	c := l.s[i-1]
	return isDigit(c) || isWide(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || strings.ContainsRune("一二三四五六七八九十", c) || '①' <= c && c <= '⑳'
}

// quotes follows “ and ”; what is open at the end goes on to the next line.
func quotes(l line, open []int) []int {
	for i, c := range l.s {
		switch c {
		case '“':
			if len(open) > 0 && i == firstInk(l) { // the quotation goes on in a new paragraph
				open = open[:len(open)-1]
			}
			open = append(open, l.from+i)
		case '”':
			if len(open) == 0 {
				l.mark(ruleQuotePair, i, i+1, "", "这个引号没有开头。")
				continue
			}
			open = open[:len(open)-1]
		}
	}
	return open
}

// firstInk is the place of the first character that is no blank.
func firstInk(l line) int {
	for i, c := range l.s {
		if c != ' ' && c != '　' && c != '\t' {
			return i
		}
	}
	return len(l.s)
}
