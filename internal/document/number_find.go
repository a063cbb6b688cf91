package document

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Found is a document number in running text: text[Start:End] in bytes.
type Found struct {
	Number     Number
	Start, End int
}

// FindNumbers finds the document numbers that text cites, in order. It aims at
// precision: a number without brackets or without 令 or 公告 is not one.
func FindNumbers(text string) []Found {
	var found []Found
	prev := 0 // end of the number before
	for hao := range ends(text) {
		if hao < prev || !numberMayEnd(text[:hao]) {
			continue
		}
		w := newWindow(text, prev, hao)
		n, from, end, ok := w.number()
		if !ok {
			continue
		}
		found = append(found, Found{Number: n, Start: from, End: end})
		prev = end
	}
	return found
}

// ends gives the offsets of 号 and 號 in order.
func ends(text string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; ; {
			k := strings.Index(text[i:], "号")
			until := len(text)
			if k >= 0 {
				until = i + k
			}
			for j := i; ; {
				m := strings.Index(text[j:until], "號")
				if m < 0 {
					break
				}
				if !yield(j + m) {
					return
				}
				j += m + len("號")
			}
			if k < 0 || !yield(until) {
				return
			}
			i = until + len("号")
		}
	}
}

// numberMayEnd looks at the last character only: most 号 are 账号 or 信号.
func numberMayEnd(before string) bool {
	before = strings.TrimRight(before, " 　\u00a0")
	r, _ := utf8.DecodeLastRuneInString(before)
	return isNumeralRune(r)
}

// window is the folded text around one 号: what stands before it, backwards
// readable, and what follows.
type window struct {
	text   string
	before []rune // folded, up to and without 号
	at     []int  // byte offsets in text of before, and of 号
	after  int    // byte offset behind 号
	joined bool   // before begins right where another number ended
}

// windowRunes is how far back a number may begin: 24 for the issuer, the rest
// for year, number and blanks.
const windowRunes = 64

func newWindow(text string, from, hao int) *window {
	start := hao
	for range windowRunes {
		if start <= from {
			break
		}
		_, n := utf8.DecodeLastRuneInString(text[from:start])
		start -= n
	}
	if i := strings.LastIndexByte(text[start:hao], '\n'); i >= 0 {
		start += i + 1
	}
	w := &window{text: text, after: hao + len("号"), joined: start == from && from > 0}
	w.before, w.at = FoldRunes(text[start:hao])
	for i := range w.at {
		w.at[i] += start
	}
	return w
}

// number reads the window from its end.
func (w *window) number() (n Number, from, end int, ok bool) {
	i := len(w.before)
	no, i := w.numeral(i)
	if no <= 0 {
		return Number{}, 0, 0, false
	}
	n.No = no
	ordinal := false
	if i > 0 && w.before[i-1] == '第' {
		i--
		ordinal = true
	} else if i > 1 && w.before[i-1] == '(' && w.before[i-2] == '令' { // 令(第711号)
		i--
	}
	if year, j := w.bracketYear(i); year > 0 {
		n.Form, n.Year = FormSerial, year
		j, n.Word = w.serialWord(j)
		if n.Word == "" && !ordinal && w.looseBracket(j) {
			return Number{}, 0, 0, false
		}
		return n, w.at[j], w.after, true
	}
	if !ordinal {
		return Number{}, 0, 0, false
	}
	if i > 0 && w.before[i-1] == '(' {
		i--
	}
	n.Year, i = w.plainYear(i)
	return w.named(n, i)
}

// serialWord is word for 〔2021〕12号: a government's full name before the word
// is running text (市人民政府京政发).
func (w *window) serialWord(i int) (start int, word string) {
	start, word = w.word(i)
	if k := strings.LastIndex(word, "人民政府"); k >= 0 {
		k += len("人民政府")
		start += utf8.RuneCountInString(word[:k])
		word = word[k:]
	}
	return start, word
}

// looseBracket tells whether the bracket at j is round and so, without a word
// before it, may be anything: (2021)12号.
func (w *window) looseBracket(j int) bool {
	r, _ := utf8.DecodeRuneInString(w.text[w.at[j]:])
	return r == '(' || r == '（'
}

// numeral reads the numeral that ends at i, in digits or words.
func (w *window) numeral(i int) (n, start int) {
	j := i
	for j > 0 && i-j < 9 && isNumeralRune(w.before[j-1]) {
		j--
	}
	n, ok := ParseNumeral(string(w.before[j:i]))
	if !ok || n >= 1e6 {
		return 0, i
	}
	return n, j
}

// bracketYear reads (2021) before i; two digits are a year of the last century.
func (w *window) bracketYear(i int) (year, start int) {
	if i < 4 || w.before[i-1] != ')' {
		return 0, i
	}
	j := i - 1
	for j > 0 && i-j < 6 && w.before[j-1] != '(' {
		j--
	}
	if j == 0 || w.before[j-1] != '(' {
		return 0, i
	}
	s := strings.TrimSuffix(string(w.before[j:i-1]), "年")
	y, ok := parseDigits(s)
	switch {
	case !ok:
		return 0, i
	case utf8.RuneCountInString(s) == 2 && y >= 49:
		y += 1900
	case y < 1900 || y > 2100:
		return 0, i
	}
	return y, j - 1
}

// plainYear reads 2021年 before i.
func (w *window) plainYear(i int) (year, start int) {
	if i < 5 || w.before[i-1] != '年' {
		return 0, i
	}
	y, ok := parseDigits(string(w.before[i-5 : i-1]))
	if !ok || y < 1900 || y > 2100 {
		return 0, i
	}
	return y, i - 5
}

// namedKinds are the words that make 第3号 a document number.
var namedKinds = []struct {
	word string
	form Form
}{{"令", FormOrder}, {"公告", FormNotice}, {"通告", FormNotice}}

// named completes 令第711号, 公告2021年第3号 and, with the kind behind,
// 2021年第3号公告.
func (w *window) named(n Number, i int) (Number, int, int, bool) {
	for _, k := range namedKinds {
		kind := []rune(k.word)
		if i >= len(kind) && string(w.before[i-len(kind):i]) == k.word {
			j, word := w.word(i - len(kind))
			if k.form == FormOrder && word == "命" {
				continue
			}
			n.Form, n.Word = k.form, word+k.word
			return n, w.at[j], w.after + w.closing(), true
		}
	}
	for _, k := range namedKinds {
		if strings.HasPrefix(w.text[w.after:], k.word) {
			j, word := w.word(i)
			n.Form, n.Word = k.form, word+k.word
			return n, w.at[j], w.after + len(k.word), true
		}
	}
	return Number{}, 0, 0, false
}

// closing is the length of the bracket that closes 令（第711号）.
func (w *window) closing() int {
	open := strings.LastIndexAny(w.text[:w.after], "(（)）")
	if open < 0 || open < w.at[max(0, len(w.before)-8)] {
		return 0
	}
	if r, _ := utf8.DecodeRuneInString(w.text[open:]); r == '(' || r == '（' {
		for _, c := range []string{")", "）"} {
			if strings.HasPrefix(w.text[w.after:], c) {
				return len(c)
			}
		}
	}
	return 0
}

// wordRunes is the longest issuer: 国家市场监督管理总局国家标准化管理委员会.
const wordRunes = 24

// word reads the issuer's word that ends at i: Chinese characters, with one
// bracketed part as in 法（研）发, cut where running text ends and the word
// begins.
func (w *window) word(i int) (start int, word string) {
	j := i
	for j > 0 && i-j < wordRunes {
		r := w.before[j-1]
		if r == ')' {
			if open := w.shortBracket(j - 1); open > 0 {
				j = open
				continue
			}
		}
		if !unicode.Is(unicode.Han, r) || w.wide(j-1) {
			break
		}
		j--
	}
	j += skipLead(w.before[j:i], j == 0 && w.joined || j > 0 && afterNumber(w.before[j-1]))
	return j, string(w.before[j:i])
}

// wide tells whether white space of more than one blank, or another script's
// sign, follows the rune at k in the text, so that the word cannot go over it.
func (w *window) wide(k int) bool {
	_, n := utf8.DecodeRuneInString(w.text[w.at[k]:])
	return w.at[k+1]-w.at[k]-n > 6
}

// shortBracket gives the offset of the bracket that closes at k where it holds
// one or two characters and a word stands before it, else 0.
func (w *window) shortBracket(k int) int {
	for n := 1; n <= 2; n++ {
		open := k - n - 1
		if open > 0 && w.before[open] == '(' && unicode.Is(unicode.Han, w.before[open+1]) && unicode.Is(unicode.Han, w.before[open-1]) {
			return open
		}
	}
	return 0
}

func afterNumber(r rune) bool { return r == '、' || r == ')' || unicode.IsDigit(r) }

// leads are words of running text that may stand right before a number. What
// follows the last of them is the issuer's word.
var leads = []string{
	"中华人民共和国", // kept where it begins: see skipLead
	"根据", "按照", "依照", "依据", "遵照", "参照", "贯彻", "落实", "执行", "转发", "印发", "废止", "修改", "发布", "公布",
	"经由", "通过", "批准", "替代", "代替", "修订", "修正", "参见", "详见", "关于", "以及", "或者", "并以", "我院以", "我院", "我部", "随文",
	"文件", "通知", "的", "以", "见", "按", "由", "被", "将", "原", "据", "及", "和", "与", "或", "在", "经", "对", "从",
}

// joiners stand between two numbers.
const joiners = "和与及或并、以经"

// skipLead tells how many runes of run are running text before the word. joined
// says that run follows a number or a date.
func skipLead(run []rune, joined bool) int {
	s := string(run)
	cut := 0
	for _, l := range leads[1:] {
		k := strings.LastIndex(s, l)
		if k < 0 || (k == 0 && len(l) == len("的") && !joined && !strings.Contains("的以见按由被将据在经对从", l)) {
			continue // a one-character lead at the beginning may be a place's name: 和政发
		}
		if utf8.RuneCountInString(l) == 1 && k > 0 && insideName(s, k, l) {
			continue
		}
		cut = max(cut, k+len(l))
	}
	rest := s[cut:]
	if joined && cut == 0 {
		for _, c := range "日号年" {
			rest = strings.TrimPrefix(rest, string(c))
		}
		rest = strings.TrimLeft(rest, joiners)
	}
	return utf8.RuneCountInString(s[:len(s)-len(rest)])
}

// insideName tells whether the one-character lead l at s[k] is part of an
// organ's name: 发展和改革, 人力资源和社会保障, 住房和城乡建设, 中华人民共和国.
func insideName(s string, k int, l string) bool {
	if l != "和" && l != "与" && l != "经" && l != "对" {
		return false
	}
	after := s[k+len(l):]
	for _, name := range []string{"改革", "社会保障", "城乡", "国", "信息化", "旅游", "体育", "计划生育", "平", "政务", "草原", "济", "规划", "改", "化", "外"} {
		if strings.HasPrefix(after, name) {
			return true
		}
	}
	return false
}
