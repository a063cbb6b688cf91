package intake

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"gongkai/internal/civil"
	"gongkai/internal/document"
	"gongkai/internal/extract"
)

// stated are the facts that the head of a page states with labels, in a table
// or in lines.
type stated struct {
	title, issuer, theme, keywords      Field[string]
	number                              Field[document.Number]
	issued, published, effective, until Field[civil.Date]
	blocks                              map[int]bool // the tables that are such heads
}

// label is what stands before a fact: 发文字号：.
var label = regexp.MustCompile(`^【?(索引号|发文机关|发布机构|发文单位|制发机关|公开主体|责任单位|成文日期|发文日期|生成日期|印发日期|制发日期|发布日期|发布时间|公开日期|文号|发文字号|公文字号|文件编号|标题|信息名称|文件名称|名称|有效性|时效性|效力状态|主题分类|组配分类|信息分类|公开类别|体裁分类|公文种类|主题词|关键词|施行日期|生效日期|实施日期|失效日期|废止日期|有效期至|统一登记号|公开方式|公开范围|公开属性|信息来源|信息格式|填报单位|填报日期|编制单位|制表单位|制表日期|编制日期|填表单位|公开单位|所属主题|服务对象|发布机关|登记号)】?[:：]?(.*)$`)

// readStated reads the heads of facts among the first blocks. A table is one
// where it has three labels with nothing but a value beside each.
func (r *reading) readStated() {
	for i, b := range r.doc.Blocks[:min(len(r.doc.Blocks), maxHead)] {
		if b.Kind == document.Table {
			if facts := tableFacts(b.Rows); len(facts) >= 3 {
				r.stated.blocks[i] = true
				for _, f := range facts {
					r.take(i, f[0], f[1])
				}
			}
			continue
		}
		facts := lineFacts(b.Line())
		for _, f := range facts {
			r.take(i, f[0], f[1])
		}
		if len(facts) > 1 {
			r.stated.blocks[i] = true
		}
	}
}

// tableFacts gives the labels and values of a table, where every label has its
// value in the same cell or the next.
func tableFacts(rows [][]extract.Cell) (facts [][2]string) {
	if len(rows) > 12 {
		return nil
	}
	for _, row := range rows {
		for j := 0; j < len(row); j++ {
			m := label.FindStringSubmatch(squeeze(row[j].Text))
			switch {
			case m == nil:
			case m[2] != "":
				facts = append(facts, [2]string{m[1], m[2]})
			case j+1 < len(row):
				facts = append(facts, [2]string{m[1], squeeze(row[j+1].Text)})
				j++
			}
		}
	}
	return facts
}

// apart is what stands between the facts of a line.
var apart = regexp.MustCompile(`\t+|[ 　\x{00a0}]{2,}|[|｜]`)

// lineFacts gives the labels and values of a line. Several stand apart by
// blanks; a label without a colon has its value behind the next gap.
func lineFacts(line string) (facts [][2]string) {
	parts := apart.Split(strings.Trim(line, blanks), -1)
	for i := 0; i < len(parts); i++ {
		part := squeeze(parts[i])
		m := label.FindStringSubmatch(part)
		switch {
		case m == nil || utf8.RuneCountInString(m[2]) > 80:
		case m[2] != "" && strings.ContainsAny(part, ":：】"):
			facts = append(facts, [2]string{m[1], m[2]})
		case m[2] == "" && i+1 < len(parts):
			facts = append(facts, [2]string{m[1], squeeze(parts[i+1])})
			i++
		}
	}
	return facts
}

func (r *reading) take(block int, name, value string) {
	at := Where{block, clip(name + "：" + value)}
	text := func(to *Field[string]) {
		if value != "" && value != "无" && !to.Found() {
			*to = Field[string]{value, Certain, at}
		}
	}
	date := func(to *Field[civil.Date]) {
		if d := document.FindDates(value, civil.Date{}); len(d) > 0 && !to.Found() {
			if day, ok := d[0].Date.Day(); ok {
				*to = Field[civil.Date]{day, Certain, at}
			}
		}
	}
	switch name {
	case "标题", "名称", "信息名称", "文件名称":
		text(&r.stated.title)
	case "发文机关", "发布机构", "发文单位", "制发机关", "公开主体", "责任单位", "发布机关", "填报单位", "编制单位", "制表单位", "填表单位", "公开单位":
		text(&r.stated.issuer)
	case "主题分类", "组配分类", "信息分类", "公开类别", "所属主题":
		text(&r.stated.theme)
	case "主题词", "关键词":
		text(&r.stated.keywords)
	case "文号", "发文字号", "公文字号", "文件编号":
		if n, err := document.ParseNumber(value); err == nil && !r.stated.number.Found() {
			r.stated.number = Field[document.Number]{n, Certain, at}
		}
	case "成文日期", "发文日期", "生成日期", "制发日期", "填报日期", "制表日期", "编制日期":
		date(&r.stated.issued)
	case "发布日期", "发布时间", "公开日期", "印发日期":
		date(&r.stated.published)
	case "施行日期", "生效日期", "实施日期":
		date(&r.stated.effective)
	case "失效日期", "废止日期", "有效期至":
		date(&r.stated.until)
	}
}
