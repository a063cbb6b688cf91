package workplan

import (
	"regexp"
	"slices"
	"strings"
)

// assignment is what one bracket, label line or sentence says of the units.
type assignment struct {
	lead, responsible []string
	all               []string // every name, in print order
	others            bool     // the text says 等
	byDefault         bool     // 以下不再列出: the last names hold for later tasks too
	above             bool     // 以上各项: and for earlier ones
	last              nameList // the names that byDefault speaks of
	lastLeads         bool
	due               string // a time limit that stands between the names
}

var (
	// roleWord is a part in the work behind the names that have it.
	roleWord = regexp.MustCompile(`(?:均|都)?(?:为|是)?(?:(?:按照|按|根据|依据|依照|依)(?:各自)?(?:的)?(?:职责|职能|职权|任务|权限)?(?:和)?(?:分工)?(?:要求)?)?(?:分工)?(?:共同|联合|分别|具体|各自|统一|总)?` +
		`(?:(牵头|主办)|负责|配合|参与|参加|协助|协办|协同|承办|落实|责任|组织实施)(?:负责|牵头|落实|实施|推进|执行|办理|组织实施|抓落实|组织)*(?:单位|部门)?`)
	// roleLabel is a part in front of the names: 牵头单位：.
	roleLabel = regexp.MustCompile(`(?:(牵头|主办|主责|第一责任)|(责任|负责|配合|协办|协同|参与|参加|承办|落实|实施|执行|责任主体|完成)|[^\s,;。、:()]{0,6}?(?:领导|责任人|联系人|同志|电话))(?:单位|部门|科室|处室|机构|主体)?\s*:`)
	// limitLabel is a time limit with its label.
	limitLabel = regexp.MustCompile(`(?:完成|办理|公开|工作)?(?:时限|期限|时间)(?:要求)?\s*:\s*([^;,。)\n]+)`)
	noMore     = regexp.MustCompile(`(?:以下|下同|后续|后文)?[^,;。]{0,8}(?:不再(?:一一|逐一|逐项|重复|另行)?(?:列出|列明|列示|标注|列|赘述|注明)|下同)`)
	together   = regexp.MustCompile(`会同|会商`)
	restOf     = regexp.MustCompile(`^[\s,;。.、]*(?:长期坚持|持续推进|持续实施|常态化推进|长期)?[\s,;。.、]*$`)
	persons    = regexp.MustCompile(`(?:领导|责任人|联系人|同志|电话)\s*:?$`)
	firstLeads = regexp.MustCompile(`(?:排|列)(?:名|在)?(?:第一|首|前)(?:位|个|名)?的?(?:单位|部门)?.{0,8}牵头|第一(?:个)?(?:责任)?(?:单位|部门)(?:为|是|即).{0,4}牵头|(?:首位|首个|第一个)(?:的)?(?:单位|部门)?.{0,6}牵头`)
)

// assignmentRunes is the longest text that is read as one assignment.
const assignmentRunes = 1500

// readAssignment reads the inside of a bracket, a label line or a sentence.
// ok is false where it does not assign units.
func readAssignment(t text) (a assignment, ok bool) {
	t = t.trim("。.")
	if t.len() > assignmentRunes {
		return assignment{}, false
	}
	if m := t.find(limitLabel); len(m) > 0 {
		a.due = t.slice(m[0][1].from, m[0][1].to).trim("").String()
		t = t.slice(0, m[0][0].from).join(t.slice(m[0][0].to, t.len()))
	}
	if m := t.find(noMore); len(m) > 0 {
		a.byDefault = true
		a.above = strings.Contains(string(t.key[:m[0][0].from]), "以上")
		t = t.slice(0, m[0][0].from).trim(",;。、")
	}
	if labels := t.find(roleLabel); len(labels) > 0 && t.slice(0, labels[0][0].from).has(restOf) {
		a.labelled(t, labels)
	} else if !a.spoken(t) {
		return assignment{}, false
	}
	return a, plausible(a.all)
}

// labelled reads 牵头单位：甲；责任单位：乙、丙. What stands behind a person's label
// is left out: the program keeps no names of persons.
func (a *assignment) labelled(t text, labels [][]span) {
	for i, m := range labels {
		end := t.len()
		if i+1 < len(labels) {
			end = labels[i+1][0].from
		}
		if t.slice(m[0].from, m[0].to).has(persons) {
			continue
		}
		a.take(t.slice(m[0].to, end), m[1].from >= 0)
	}
}

// spoken reads 甲牵头，乙、丙按职责分工负责.
func (a *assignment) spoken(t text) bool {
	at := 0
	depth := t.depths()
	for _, m := range t.find(roleWord) {
		if depth[m[0].from] > 0 {
			continue
		}
		names := t.slice(at, m[0].from).trim(",;。、")
		leads := m[1].from >= 0 || strings.Contains(string(t.key[m[0].from:m[0].to]), "牵头")
		if !names.empty() {
			a.meet(names, leads)
		} else if at == 0 {
			return false // a part without anybody in front: 负责…
		}
		at = m[0].to
	}
	return at > 0 && t.slice(at, t.len()).has(restOf)
}

// meet takes names in front of a role word; 甲会同乙牵头: only 甲 leads.
func (a *assignment) meet(names text, leads bool) {
	if m := names.find(together); len(m) > 0 && m[0][0].from > 0 {
		a.take(names.slice(0, m[0][0].from), leads)
		a.take(names.slice(m[0][0].to, names.len()), false)
		return
	}
	a.take(names, leads)
}

// take adds the names of a piece of text.
func (a *assignment) take(t text, leads bool) {
	list := splitNames(t)
	if len(list.names) == 0 {
		return
	}
	a.others = a.others || list.others
	a.all = merge(a.all, list.names)
	if leads {
		a.lead = merge(a.lead, list.names)
	} else {
		a.responsible = merge(a.responsible, list.names)
	}
	a.last, a.lastLeads = list, leads
}

// assigned is a place in a text where units are assigned.
type assigned struct {
	span
	assignment
	printed string
}

// words are what the place says, as printed; where it names persons too, only
// its units.
func (a *assignment) words(t text) string {
	for _, m := range t.find(roleLabel) {
		if !t.slice(m[0].from, m[0].to).has(persons) {
			continue
		}
		var parts []string
		if len(a.lead) > 0 {
			parts = append(parts, "牵头单位："+strings.Join(a.lead, "、"))
		}
		if len(a.responsible) > 0 {
			parts = append(parts, "责任单位："+strings.Join(a.responsible, "、"))
		}
		return strings.Join(parts, "；")
	}
	return t.trim("").String()
}

// assignments finds every place in t that assigns units: brackets, label
// phrases, and whole sentences.
func assignments(t text, bare bool) (list []assigned) {
	for _, g := range t.groups() {
		inner := t.slice(g.from+1, g.to-1)
		a, ok := readAssignment(inner)
		if !ok && bare {
			a, ok = bareNames(inner)
		}
		if ok {
			list = append(list, assigned{g, a, a.words(inner)})
		}
	}
	for _, more := range [][]assigned{labelPhrases(t), sentences(t)} {
		for _, a := range more {
			if !slices.ContainsFunc(list, func(b assigned) bool { return a.from < b.to && b.from < a.to }) {
				list = append(list, a)
			}
		}
	}
	slices.SortFunc(list, func(a, b assigned) int { return a.from - b.from })
	return list
}

// bareNames reads a bracket that holds names alone, where the document says
// that its brackets do.
func bareNames(t text) (a assignment, ok bool) {
	a.take(t, false)
	for _, n := range a.responsible {
		if !newText(n).has(endsLikeUnit) {
			return assignment{}, false
		}
	}
	return a, len(a.responsible) > 0
}

// labelPhrases finds 责任单位：… outside brackets, each up to the end of its
// sentence.
func labelPhrases(t text) (list []assigned) {
	depth := t.depths()
	for _, m := range t.find(roleLabel) {
		from := m[0].from
		if len(list) > 0 && from < list[len(list)-1].to {
			continue
		}
		if from > 0 && !strings.ContainsRune("。;,、 \n)", t.key[from-1]) || depth[from] > 0 {
			continue
		}
		to := from
		for to < min(t.len(), from+assignmentRunes) && t.key[to] != '。' && t.key[to] != '\n' {
			to++
		}
		if a, ok := readAssignment(t.slice(from, to)); ok {
			list = append(list, assigned{span{from, to}, a, a.words(t.slice(from, to))})
		}
	}
	return mergeLines(t, list)
}

// mergeLines makes one place of label lines that follow each other.
func mergeLines(t text, list []assigned) (out []assigned) {
	for _, a := range list {
		if n := len(out); n > 0 && t.slice(out[n-1].to, a.from).has(restOf) {
			p := &out[n-1]
			p.to, p.printed = a.to, p.printed+"；"+a.printed
			p.lead, p.responsible, p.all = merge(p.lead, a.lead), merge(p.responsible, a.responsible), merge(p.all, a.all)
			p.others, p.last, p.lastLeads = p.others || a.others, a.last, a.lastLeads
			p.byDefault, p.above = p.byDefault || a.byDefault, p.above || a.above
			if a.due != "" {
				p.due = a.due
			}
			continue
		}
		out = append(out, a)
	}
	return out
}

// bySentence is how a sentence begins that does nothing but assign.
var bySentence = regexp.MustCompile(`^(?:此项工作|该项工作|本项工作|以上工作)?由.{2,200}(?:牵头|负责|配合|落实|实施|承办|参与)$`)

// sentences finds what assigns outside brackets: 由甲牵头，乙配合。 and
// 以上各项均由甲为责任单位，以下不再列出。
func sentences(t text) (list []assigned) {
	from := 0
	for _, s := range t.split("。\n") {
		to := from + s.len()
		byDefault := s.has(noMore)
		if byDefault || s.trim("").has(bySentence) {
			if a, ok := readAssignment(s); ok && a.byDefault == byDefault {
				list = append(list, assigned{span{from, to}, a, a.words(s)})
			}
		}
		from = to + 1
	}
	return list
}
