package workplan

import (
	"regexp"
	"strings"
)

var (
	// endsLikeUnit is how names of organs and of sets of organs end.
	endsLikeUnit = regexp.MustCompile(`(?:局|委|办|厅|部|院|中心|政府|单位|部门|公司|会|室|署|队|银行|分行|支行|集团|社|处|站|所|校|学|台|团|镇|乡|街道|区|县|市|机关|机构|企业|海关|科|组|园|村|馆|联|公安|税务|人防|烟草|气象|邮政|电力|电信|移动|联通|铁塔)(?:\([^()]*\))?$`)
	// startsLikeUnit is how the name behind 和 begins where two names are meant.
	startsLikeUnit = regexp.MustCompile(`^(?:市|县|区|省|州|各|全|国|中|乡|镇|村|驻|有关|相关|其他|其它|管理区|经开区|高新区|开发区|人民|街道|所属|直属|属地|公共|事业)`)
	// partOfNext is a piece that has its noun in the next one: 市直和中央、省驻永有关单位.
	partOfNext = regexp.MustCompile(`^(?:各|全)?(?:中央|省|市|县|区|乡)(?:直|级|属)?(?:(?:和|及|与)(?:中央|省|市|县|区|乡|镇)(?:直|级|属)?)?$`)
	// andOthers is what names are followed by that are not named.
	andOthers = regexp.MustCompile(`等(?:有关|相关|市直|各)*(?:单位|部门|单位和部门|部门和单位|部门单位)?$`)
	softBreak = regexp.MustCompile(`以及|及其|及|和|与`)
	// beforeNames are words in front of names that are not part of them.
	beforeNames = regexp.MustCompile(`^(?:(?:此|该|本)项工作|由|请|其中|具体由|会同|商|联合|并由|以上各项(?:任务|工作)?(?:均|都)?由?|以上(?:任务|工作)?(?:均|都)?由?|以下各项(?:任务|工作)?(?:均|都)?[需由]?|以下(?:任务|工作)?(?:均|都)?[需由])`)
	afterNames  = regexp.MustCompile(`(?:分别|共同|均|都|等)$`)
)

// nameList is the units that a piece of text names.
type nameList struct {
	names  []string
	others bool // the text says 等: there are more than it names
}

// splitNames divides text into names, as printed. 和 and its like divide only
// where both sides are names: 市发展和改革委员会 is one.
func splitNames(t text) (list nameList) {
	var pieces []text
	for _, line := range t.split("\n") {
		pieces = append(pieces, glue(line, line.split("、,;/|"))...)
	}
	for _, p := range pieces {
		for _, q := range splitSpaces(p) {
			for _, name := range splitSoft(q) {
				list.add(name)
			}
		}
	}
	return list
}

// add takes one name, without the words around it.
func (l *nameList) add(t text) {
	t = t.trim("。.:、,;")
	for range 4 { // 由 … 会同 … 分别
		if m := t.find(beforeNames); len(m) > 0 {
			t = t.slice(m[0][0].to, t.len())
		}
		if m := t.find(andOthers); len(m) > 0 && m[0][0].from > 0 {
			t, l.others = t.slice(0, m[0][0].from), true
		}
		if m := t.find(afterNames); len(m) > 0 {
			t = t.slice(0, m[0][0].from)
		}
		t = t.trim("。.:、,;")
	}
	name := t.String()
	if name == "" || t.len() > 60 {
		return
	}
	for _, have := range l.names {
		if have == name {
			return
		}
	}
	l.names = append(l.names, name)
}

// glue puts a piece that lacks its noun together with the one that has it,
// with the mark that was printed between them.
func glue(whole text, pieces []text) (out []text) {
	at := 0 // where the current piece begins in whole
	start := 0
	for i, p := range pieces {
		end := at + p.len()
		if i+1 < len(pieces) && p.trim("").has(partOfNext) {
			at = end + 1
			continue
		}
		out = append(out, whole.slice(start, end))
		at, start = end+1, end+1
	}
	return out
}

// splitSpaces divides at blanks where every part is a name by itself; blanks
// that only spread the characters of one name (财 政 局) do not divide.
func splitSpaces(t text) []text {
	var parts []text
	for _, p := range t.trim("").split(" ") {
		if p.empty() {
			continue
		}
		if p.len() < 2 || !p.has(endsLikeUnit) {
			return []text{t}
		}
		parts = append(parts, p)
	}
	return parts
}

// splitSoft divides at 和, 及 and 与 between two names.
func splitSoft(t text) []text {
	depth := t.depths()
	for _, m := range t.find(softBreak) {
		left, right := t.slice(0, m[0].from), t.slice(m[0].to, t.len())
		if depth[m[0].from] > 0 || left.len() < 2 || right.len() < 3 {
			continue
		}
		if left.has(endsLikeUnit) && right.has(startsLikeUnit) {
			return append([]text{left}, splitSoft(right)...)
		}
	}
	return []text{t}
}

// merge adds names to a list, each once.
func merge(list, names []string) []string {
	for _, n := range names {
		known := false
		for _, have := range list {
			known = known || have == n
		}
		if !known {
			list = append(list, n)
		}
	}
	return list
}

// plausible tells whether at least one name looks like an organ's.
func plausible(names []string) bool {
	for _, n := range names {
		if newText(n).has(endsLikeUnit) || strings.Contains(n, "单位") || strings.Contains(n, "部门") {
			return true
		}
	}
	return false
}

// SplitNames lists the units that a piece of text names, as printed.
func SplitNames(s string) []string {
	names := splitNames(newText(s)).names
	if names == nil {
		names = []string{}
	}
	return names
}
