package wording

import (
	"slices"
	"strings"
)

// Rules of words written twice.
var (
	ruleDoubleWord   = Rule{"double_word", Should, "虚词重复", ""}
	ruleDoublePhrase = Rule{"double_phrase", Should, "词语重复", ""}

	doubleRules = []Rule{ruleDoubleWord, ruleDoublePhrase}
)

// twice are the words that are rarely meant twice in a row, with the
// characters before or after them where they are.
var twice = map[rune]struct{ before, after string }{
	'的': {"目有标", "确士"},
	'了': {"为除明一完未终直不大小自受", "解结然事望"},
	'和': {"共饱缓温平调总谐祥柔", "平气解谐睦美好"},
	'及': {"以", "时格其"},
	'与': {"参给赋授", "会者"},
	'被': {"", "告申执征害监处保投许询审代选诉上侵举罚盖褥"},
	'把': {"", "握手关"},
}

// Lengths of the phrases that are looked for twice in a row.
const (
	shortestTwice = 3
	longestTwice  = 8
)

func doubled(l line) {
	for i := 0; i+1 < len(l.s); i++ {
		if !isHan(l.s[i]) {
			continue
		}
		if l.s[i] == l.s[i+1] {
			l.doubleWord(i)
			continue
		}
		if n := l.doublePhrase(i); n > 0 && !l.meantTwice(i, n) {
			phrase := string(l.s[i : i+n])
			l.mark(ruleDoublePhrase, i, i+2*n, phrase, "“"+phrase+"”连着写了两次，请核对。")
			i += 2*n - 1
		}
	}
}

func (l line) doubleWord(i int) {
	w, ok := twice[l.s[i]]
	if !ok || l.at(i+2) == l.s[i] {
		return
	}
	before, after := l.at(i-1), l.at(i+2)
	if before != 0 && strings.ContainsRune(w.before, before) || after != 0 && strings.ContainsRune(w.after, after) {
		return
	}
	l.mark(ruleDoubleWord, i, i+2, string(l.s[i]), "“"+string(l.s[i])+"”写了两次。")
}

// doublePhrase is the length of the phrase at i that stands twice in a row, 0
// for none.
func (l line) doublePhrase(i int) int {
	for n := shortestTwice; n <= longestTwice && i+2*n <= len(l.s); n++ {
		if l.s[i] == l.s[i+n] && l.s[i+1] == l.s[i+n+1] && slices.Equal(l.s[i:i+n], l.s[i+n:i+2*n]) && allHan(l.s[i:i+n]) {
			return n
		}
	}
	return 0
}

// linkWords begin what only looks like a phrase: 一个一个, 企业对企业对….
const linkWords = "一的对等会或和有各逐"

// meantTwice tells whether the phrase stands twice with good reason.
func (l line) meantTwice(i, n int) bool {
	last, next := l.s[i+n-1], l.at(i+2*n)
	return strings.ContainsRune(linkWords, l.s[i]) || strings.ContainsRune(linkWords, last) ||
		last == '人' && next == '民' || // 申请人申请人民法院
		strings.HasPrefix(string(l.s[i:i+n]), "人民法院")
}

func allHan(s []rune) bool { return !slices.ContainsFunc(s, func(r rune) bool { return !isHan(r) }) }
