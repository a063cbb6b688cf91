package intake

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const blanks = " \t\r\n　\u00a0\u2002\u2003"

func isBlank(r rune) bool { return strings.ContainsRune(blanks, r) }

// squeeze drops the blanks that set characters apart: all but those between
// two words in letters.
func squeeze(s string) string {
	var b strings.Builder
	var last rune
	blank := false
	for _, r := range s {
		if isBlank(r) || r == '\u200b' || r == '\ufeff' {
			blank = true
			continue
		}
		if blank && isLetter(last) && isLetter(r) {
			b.WriteByte(' ')
		}
		blank, last = false, r
		b.WriteRune(r)
	}
	return b.String()
}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

// genres are the words that titles of official documents end with.
var genres = []string{"通知", "意见", "办法", "规定", "条例", "方案", "要点", "决定", "公告", "通告", "细则", "报告", "规划", "目录",
	"清单", "批复", "函", "纪要", "指南", "制度", "规则", "计划", "解读", "通报", "决议", "命令", "请示", "标准", "规范", "预案",
	"令", "复函", "说明", "问答", "公示", "章程", "议案", "名单", "一览表", "情况表", "统计表", "汇总表", "职能", "简介", "须知",
	"措施", "政策", "工作法", "倡议书", "公报", "白皮书", "大纲", "导则", "基准", "图解", "一图读懂", "讲话", "解释", "答复",
	"概况", "总结", "预算", "决算", "公开信", "声明", "声明书", "任免", "免职", "任职", "申报表", "情况", "进展", "流程", "纲要", "一封信", "安排", "分工", "名录", "总表", "批准书", "决定书", "意见书", "倡议", "启事"}

// trailing are the brackets that may follow a title's genre: （试行）, （2021年修订）.
var trailing = regexp.MustCompile(`(?:[（(〔\[][^（()）]{1,24}[）)〕\]])+$`)

// hasGenre tells whether a line ends as titles do.
func hasGenre(line string) bool {
	line = strings.TrimRight(trailing.ReplaceAllString(line, ""), "》”\"")
	for _, g := range genres {
		if strings.HasSuffix(line, g) {
			return true
		}
	}
	return false
}

// organName is the form of organs' names. It has no place for the words of
// titles and sentences.
var organName = regexp.MustCompile(`^\p{Han}[\p{Han}、（）()]{1,30}(?:人民政府|办公室|委员会|管理局|局|厅|院|署|部|中心|总队|支队|大队|领导小组|指挥部|联席会议|管理处|服务站|委办|政府办|公司|集团|大学|学院|银行|党组|协会|联合会|总工会|政府|县委|市委|省委|区委|国务院|管委会|常委会|法院|检察院|街道办事处|办事处|分局|司|[^大会]会|发改委|卫健委|国资委)$`)

var noOrgan = []string{"关于", "通知", "印发", "附件", "意见", "工作部", "通过", "各级", "各县", "各乡", "全部", "同意", "会议室", "日常", "全会"}

// looksLikeOrgan tells a name of an organ by its form.
func looksLikeOrgan(s string) bool {
	if n := utf8.RuneCountInString(s); n < 3 || n > 34 || !organName.MatchString(s) {
		return false
	}
	for _, w := range noOrgan {
		if strings.Contains(s, w) {
			return false
		}
	}
	return true
}

// isOrgan tells an organ's name by what the caller knows, else by its form.
func (r *reading) isOrgan(s string) bool {
	return s != "" && (r.knows(s) || looksLikeOrgan(s))
}

func (r *reading) knows(s string) bool { return r.known != nil && r.known.Organ(s) }

// organs divides a line of names: by blanks, or where a name ends and the next
// begins with the place that the first begins with. It gives nil where any
// part is no organ's name.
func (r *reading) organs(line string) []string {
	const longest = 120 // characters of a line of names
	if utf8.RuneCountInString(line) > longest {
		return nil
	}
	if parts := strings.FieldsFunc(line, func(c rune) bool { return isBlank(c) || c == '、' || c == '，' }); len(parts) > 1 && r.allOrgans(parts) {
		return parts
	}
	whole := squeeze(line)
	if r.knows(whole) {
		return []string{whole}
	}
	parts := cutByPlace(whole)
	if r.allOrgans(parts) {
		return parts
	}
	return nil
}

func (r *reading) allOrgans(parts []string) bool {
	for _, p := range parts {
		if !r.isOrgan(p) {
			return false
		}
	}
	return len(parts) > 0
}

// place is the name of a place that organs' names begin with.
var place = regexp.MustCompile(`^(?:中共)?(\p{Han}{1,6}?[省市县区州盟旗])`)

// cutByPlace divides names that stand together without a blank:
// 永州市财政局永州市教育局.
func cutByPlace(s string) []string {
	m := place.FindStringSubmatch(s)
	if m == nil {
		return []string{s}
	}
	var parts []string
	start := 0
	for at := range s {
		if at <= start+len(m[1]) {
			continue
		}
		rest := strings.TrimPrefix(s[at:], "中共")
		before := strings.HasSuffix(s[:at], "中共")
		if strings.HasPrefix(rest, m[1]) && !before && looksLikeOrgan(s[start:at]) {
			parts = append(parts, s[start:at])
			start = at
		}
	}
	return append(parts, s[start:])
}

// hanShare is the share of Chinese characters in s.
func hanShare(s string) float64 {
	han, all := 0, 0
	for _, r := range s {
		all++
		if unicode.Is(unicode.Han, r) {
			han++
		}
	}
	return float64(han) / float64(max(all, 1))
}
