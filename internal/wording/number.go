package wording

import "strings"

// Rules of the form of document numbers (GB/T 9704—2012, 7.2.5).
var (
	ruleNumberBracket = Rule{"number_bracket", Should, "发文字号的括号", gb9704}
	ruleNumberOrdinal = Rule{"number_ordinal", Should, "发文字号加“第”", gb9704}
	ruleNumberZero    = Rule{"number_zero", Should, "发文字号编虚位", gb9704}
	ruleNumberYear    = Rule{"number_year", Should, "发文字号年份不全", gb9704}
	ruleNumberHao     = Rule{"number_hao", Should, "发文字号缺“号”", gb9704}

	numberRules = []Rule{ruleNumberBracket, ruleNumberOrdinal, ruleNumberZero, ruleNumberYear, ruleNumberHao}
)

const gb9704 = "GB/T 9704—2012《党政机关公文格式》"

// brackets of years, each opening one with its closing one.
const (
	openBrackets  = "〔[［【（(﹝"
	closeBrackets = "〕]］】）)﹞"
)

// documentNumbers looks at what is built like 永政发〔2021〕9号: a word, a year
// in any brackets, a serial number.
func documentNumbers(l line) {
	for i := 1; i < len(l.s); i++ {
		if isHan(l.s[i]) || isDigit(l.s[i]) || !isHan(l.s[i-1]) || !strings.ContainsRune(openBrackets, l.s[i]) {
			continue
		}
		n := readNumber(l, i)
		if n.end == 0 {
			continue
		}
		l.judgeNumber(n)
		i = n.end - 1
	}
}

// number is what readNumber finds, in runes of the line: 〔2021〕第09号.
type number struct {
	open, close    int // of the brackets
	serial, digits int // first digit of the serial number and how many
	end            int // behind 号; 0 where it is no number of a document
	ordinal, hao   bool
}

// readNumber reads from an opening bracket on.
func readNumber(l line, open int) (n number) {
	i := open + 1
	for isDigit(l.at(i)) {
		i++
	}
	years := i - open - 1
	if (years != 4 && years != 2) || !strings.ContainsRune(closeBrackets, l.at(i)) || l.at(i) == 0 {
		return n
	}
	n.open, n.close = open, i
	i++
	if l.at(i) == '第' {
		n.ordinal = true
		i++
	}
	n.serial = i
	for isDigit(l.at(i)) {
		i++
	}
	n.digits = i - n.serial
	if n.digits == 0 || n.digits > 5 {
		return number{}
	}
	if n.hao = l.at(i) == '号'; n.hao {
		i++
	} else if years == 2 || n.ordinal || l.at(n.open) != '〔' { // （12）3 can be anything
		return number{}
	}
	n.end = i
	return n
}

func (l line) judgeNumber(n number) {
	if l.s[n.open] != '〔' || l.s[n.close] != '〕' {
		l.mark(ruleNumberBracket, n.open, n.close+1, "〔"+string(l.s[n.open+1:n.close])+"〕", "发文字号的年份用六角括号“〔〕”括入。")
	}
	if n.close-n.open-1 == 2 {
		l.mark(ruleNumberYear, n.open+1, n.close, "", "发文字号的年份要标全称，写四位数字。")
	}
	if n.ordinal {
		l.mark(ruleNumberOrdinal, n.serial-1, n.end, string(l.s[n.serial:n.end]), "发文顺序号不加“第”字。")
	}
	if n.digits > 1 && l.s[n.serial] == '0' {
		l.mark(ruleNumberZero, n.serial, n.end, strings.TrimLeft(string(l.s[n.serial:n.end]), "0"), "发文顺序号不编虚位，1 不写作 01。")
	}
	if next := l.at(n.end); !n.hao && !strings.ContainsRune("、，,－-—～~至和及等", next) {
		l.mark(ruleNumberHao, n.open, n.end, string(l.s[n.open:n.end])+"号", "发文顺序号后面加“号”字。")
	}
}
