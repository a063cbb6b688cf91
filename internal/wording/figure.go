package wording

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Rules of figures.
var (
	ruleAbout    = Rule{"figure_about", Should, "约数重复", ""}
	ruleOver     = Rule{"figure_over", Should, "界限重复", ""}
	ruleLess     = Rule{"figure_less", Should, "减少不用倍数", ""}
	rulePercent  = Rule{"figure_percent", Should, "百分数的写法", gb15835}
	figureRules  = []Rule{ruleAbout, ruleOver, ruleLess, rulePercent}
	figureNumber = `[0-9０-９.．一二三四五六七八九十百千万亿两几]+`
)

// figureForms are passages that no good text has; hint is a word without which
// the form cannot be there.
var figureForms = []struct {
	rule Rule
	hint []string
	form *regexp.Regexp
	why  string
}{
	{ruleAbout, []string{"左右", "上下"}, regexp.MustCompile(`(?:大约|约|将近|近)` + figureNumber + `[\p{Han}%％]{0,4}?(?:左右|上下)`), "“约”“近”与“左右”“上下”留一个就够。"},
	{ruleAbout, []string{"余"}, regexp.MustCompile(`(?:大约|约|将近|近)` + figureNumber + `余\p{Han}`), "“约”“近”与“余”留一个就够。"},
	{ruleOver, []string{"以上"}, regexp.MustCompile(`(?:超过|多于|高于|大于|不少于|不低于)` + figureNumber + `[\p{Han}%％]{0,3}?以上`), "“超过”“不少于”等与“以上”留一个就够。"},
	{ruleOver, []string{"以下", "以内"}, regexp.MustCompile(`(?:少于|低于|小于|不足|不到|不超过|不多于|不高于)` + figureNumber + `[\p{Han}%％]{0,3}?(?:以下|以内)`), "“不超过”“低于”等与“以下”“以内”留一个就够。"},
	{ruleLess, []string{"倍"}, regexp.MustCompile(`(?:减少|下降|降低|缩小|减轻|下调)(?:了|到|至|为)?` + figureNumber + `倍`), "减少、下降用百分数或分数，不用倍数。"},
}

func figures(l line) {
	omen := false
	for i := 1; i < len(l.s); i++ {
		switch r, before := l.s[i], l.s[i-1]; r {
		case '右', '余', '倍':
			omen = true
		case '下', '上', '内':
			omen = omen || before == '以' || before == '上'
		case '之':
			if before == '分' && l.at(i-2) == '百' && (isDigit(l.at(i+1)) || isWide(l.at(i+1))) {
				l.percent(i)
			}
		}
	}
	if omen {
		l.figureForms()
	}
}

// percent marks 百分之5.
func (l line) percent(i int) {
	end := i + 1
	for isDigit(l.at(end)) || isWide(l.at(end)) || l.at(end) == '.' {
		end++
	}
	l.mark(rulePercent, i-2, end, string(l.s[i+1:end])+"%", "阿拉伯数字的百分数写作 5% 的样子；写“百分之”的用汉字数字。")
}

func (l line) figureForms() {
	text := string(l.s)
	for _, f := range figureForms {
		if !slices.ContainsFunc(f.hint, func(w string) bool { return strings.Contains(text, w) }) {
			continue
		}
		for _, m := range f.form.FindAllStringIndex(text, -1) {
			start := utf8.RuneCountInString(text[:m[0]])
			l.mark(f.rule, start, start+utf8.RuneCountInString(text[m[0]:m[1]]), "", f.why)
		}
	}
}
