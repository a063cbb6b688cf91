package workplan

import (
	"regexp"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/document"
)

var (
	planWords    = regexp.MustCompile(`工作要点|工作方案|实施方案|行动方案|行动计划|工作计划|任务分解|任务分工|分工方案|责任分解|任务清单|责任清单|重点任务|重点工作|工作安排|任务表|分工表|分解表|工作清单|工作任务|推进方案|落实方案`)
	quoted       = regexp.MustCompile(`《([^《》]{4,80})》`)
	issuing      = regexp.MustCompile(`^(.{2,60}?)?关于(?:印发|转发|下发|做好|落实|分解|开展)`)
	issuerLabel  = regexp.MustCompile(`(?:发文机关|发文单位|发布机构|发布单位|制发单位|印发单位|公开责任部门|信息来源|来源)\s*:\s*([^\s,;。:]{3,40})`)
	dateLabel    = regexp.MustCompile(`(?:成文日期|印发日期|发文日期|生成日期|发布日期|发布时间)\s*:\s*(\S{6,20})`)
	numberLabel  = regexp.MustCompile(`(?:文号|发文字号|文件编号)\s*:\s*(\S{4,40})`)
	yearlyReport = regexp.MustCompile(`(?:纳入|列入|写入|载入|反映在).{0,20}年度报告|年度报告.{0,12}(?:纳入|列入|写入|反映)`)
	mustDo       = regexp.MustCompile(`(?:均|都|也)?(?:应当|应|要|须|需|必须)(?:将|把)?`)
)

// head is what a document says about itself.
type head struct {
	title, issuer, number string
	issued                civil.Date
}

// readHead looks for title, issuer, number and date before and after the
// numbered part.
func readHead(marked string, lines []text) (h head) {
	top := len(lines)
	for i, l := range lines {
		if depth, _, _ := readMark(l); depth == 1 || depth == 2 {
			top = i
			break
		}
	}
	front := lines[:top]
	h.title = findTitle(marked, front)
	h.issuer, h.number = findIssuer(marked, front), findNumber(front)
	back := lines[max(top, len(lines)-6):]
	for _, part := range [][]text{front, back} {
		if h.issued.IsZero() {
			h.signature(part)
		}
	}
	return h
}

// findTitle prefers a line that names a plan, then what a notice prints, then
// what the file is marked with.
func findTitle(marked string, front []text) string {
	notice := ""
	for _, l := range append(front[:len(front):len(front)], newText(marked)) {
		switch {
		case l.len() > 80 || !l.has(planWords) || strings.Contains(string(l.key), "。"):
		case l.has(issuing):
			if m := l.find(quoted); notice == "" && len(m) > 0 {
				notice = l.slice(m[0][1].from, m[0][1].to).String()
			} else if notice == "" {
				notice = l.String()
			}
		case !l.has(quoted):
			return l.String()
		}
	}
	if notice != "" {
		return notice
	}
	if marked != "" {
		return marked
	}
	if len(front) > 0 && front[0].len() <= 80 {
		return front[0].String()
	}
	return ""
}

// findIssuer reads 甲关于印发…的通知, on one line or on two, or a labelled line
// of the page around the text.
func findIssuer(marked string, front []text) string {
	for i, l := range append(front[:len(front):len(front)], newText(marked)) {
		m := l.find(issuing)
		if len(m) == 0 || l.len() > 120 {
			continue
		}
		if g := m[0][1]; g.from >= 0 && g.to > g.from {
			return l.slice(g.from, g.to).trim("").String()
		}
		if i > 0 && i < len(front) && front[i-1].len() <= 60 && front[i-1].has(endsLikeUnit) {
			return front[i-1].String()
		}
	}
	for _, l := range front {
		if m := l.find(issuerLabel); len(m) > 0 {
			return l.slice(m[0][1].from, m[0][1].to).String()
		}
	}
	return ""
}

// findNumber is the document's own number: a line with nothing else, or a
// labelled one. Numbers that the text cites are not it.
func findNumber(front []text) string {
	for _, l := range front {
		printed := l.String()
		if m := l.find(numberLabel); len(m) > 0 {
			printed = l.slice(m[0][1].from, m[0][1].to).String()
		}
		if found := document.FindNumbers(printed); len(found) == 1 && len(printed)-(found[0].End-found[0].Start) <= 6 {
			return printed[found[0].Start:found[0].End]
		}
	}
	return ""
}

// signature looks for the day, and for the issuer in the line above it.
func (h *head) signature(lines []text) {
	for i, l := range lines {
		s := string(l.key)
		labelled := false
		if m := dateLabel.FindStringSubmatch(s); m != nil {
			s, labelled = m[1], true
		}
		day, err := document.ParseDateText(strings.TrimSuffix(strings.ReplaceAll(s, " ", ""), "印发"), civil.Date{})
		if err != nil {
			continue
		}
		on, exact := day.Day()
		if !exact {
			continue
		}
		h.issued = on
		if !labelled && h.issuer == "" && i > 0 && lines[i-1].len() <= 60 && lines[i-1].has(endsLikeUnit) {
			h.issuer = lines[i-1].String()
		}
		return
	}
}

// standing reads the duties that closing paragraphs lay on everybody: that the
// plan's progress stands in the yearly report (条例第五十条).
func standing(closing []text) (list []Standing) {
	for _, l := range closing {
		if !l.has(yearlyReport) {
			continue
		}
		s := Standing{Text: l.String(), Every: Yearly, Responsible: []string{}}
		if m := l.find(mustDo); len(m) > 0 {
			who := l.slice(0, m[0][0].from)
			if i := strings.LastIndexAny(string(who.key), "。;"); i < 0 {
				s.Responsible = append(s.Responsible, splitNames(who).names...)
			}
		}
		list = append(list, s)
	}
	return list
}
