package channel

import (
	"gongkai/internal/law"
)

// The parts of every site that no file may rename or close: 政府信息公开 and its
// four sections, and below 法定主动公开内容 one column for each category of
// 条例第二十条 and one for the subjects of 第二十一条.
const (
	Disclosure = "zfxxgk"    // 政府信息公开
	Guide      = "guide"     // 政府信息公开指南
	Policy     = "policy"    // 政府信息公开制度
	Statutory  = "statutory" // 法定主动公开内容
	Annual     = "annual"    // 政府信息公开年报
	Article21  = "21"        // 第二十一条
)

// node is a column as a file or this package describes it, with those below.
type node struct {
	slug, name, description, keywords string
	kind                              ColumnType
	freshness                         int
	fixed                             bool
	rule                              Rule
	below                             []node
}

// fixedTree is the disclosure platform of a site.
func fixedTree() node {
	return node{
		slug: Disclosure, name: "政府信息公开", kind: "信息公开目录", fixed: true,
		description: "按照《中华人民共和国政府信息公开条例》统一设置的政府信息公开平台", keywords: "政府信息公开",
		below: []node{
			{slug: Guide, name: "政府信息公开指南", kind: "信息公开指南", fixed: true,
				description: "政府信息的分类、编排体系、获取方式和政府信息公开工作机构的联系方式（条例第十二条）", keywords: "政府信息公开指南,依申请公开",
				rule: Rule{Kinds: []string{"guide"}, Categories: []string{"政府信息公开指南"}}},
			{slug: Policy, name: "政府信息公开制度", kind: "政策文件", fixed: true,
				description: "政府信息公开条例、配套规定和本地制度", keywords: "政府信息公开制度",
				rule: Rule{Kinds: []string{"guide"}, Categories: []string{"政府信息公开制度"}}},
			{slug: Statutory, name: "法定主动公开内容", kind: "信息公开目录", fixed: true,
				description: "条例第二十条、第二十一条规定主动公开的政府信息", keywords: "法定主动公开内容",
				rule: Rule{Statutory: statutoryCodes()}, below: statutoryColumns()},
			{slug: Annual, name: "政府信息公开年报", kind: "信息公开年报", fixed: true,
				description: "历年政府信息公开工作年度报告（条例第四十九条、第五十条）", keywords: "政府信息公开年报",
				rule: Rule{Kinds: []string{"annual"}}},
		},
	}
}

func statutoryCodes() []string {
	var codes []string
	for _, item := range law.Categories().All() {
		codes = append(codes, string(item.Code))
	}
	return codes
}

// statutoryColumns are the columns below 法定主动公开内容, in the order of the
// articles.
func statutoryColumns() []node {
	var columns []node
	for _, item := range law.Categories().All() {
		columns = append(columns, node{slug: string(item.Code), name: item.Column, kind: "信息公开目录", fixed: true,
			description: item.Label + "（" + item.Article + "）", keywords: item.Short, rule: Rule{Statutory: []string{string(item.Code)}}})
	}
	more := node{slug: Article21, name: "本地重点信息", kind: "信息公开目录", fixed: true,
		description: "根据本地方的具体情况主动公开的其他政府信息（《政府信息公开条例》第二十一条）", keywords: "第二十一条"}
	for _, item := range law.Topics().All() {
		more.below = append(more.below, node{slug: string(item.Code), name: item.Column, kind: "信息公开目录", fixed: true,
			description: item.Label + "（" + item.Scope + "，" + item.Article + "）", keywords: item.Short, rule: Rule{Categories: []string{item.Label}}})
	}
	return append(columns, more)
}
