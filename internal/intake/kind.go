package intake

import (
	"regexp"
	"strings"
)

// kindRules tell kinds of publications by their titles; the first that fits
// counts.
var kindRules = []struct {
	kind    string
	title   *regexp.Regexp
	numbers bool // documents with a number too
	sure    Sure
}{
	{"annual", regexp.MustCompile(`(?:政府)?信息公开(?:工作)?(?:年度报告|年报)|信息公开工作.{0,4}年度报告`), true, Certain},
	{"interpretation", regexp.MustCompile(`解读|一图读懂|图解|问答$|政策问答|起草说明$|《.+》的?说明$`), false, Certain},
	{"gazette", regexp.MustCompile(`人民政府公报|政府公报`), false, Likely},
	{"guide", regexp.MustCompile(`政府信息公开(?:指南|制度|办法|规定)|信息公开(?:指南|制度)`), false, Likely},
	{"service", regexp.MustCompile(`(?:办事|服务|申请|申报)(?:指南|须知)|办理(?:指南|流程)`), false, Likely},
	{"organ", regexp.MustCompile(`机构(?:职能|概况|设置|简介)|职能配置|主要职责`), false, Likely},
	{"decision", regexp.MustCompile(`会议纪要|(?:常务|全体|专题)会议|党组会`), true, Likely},
	{"commitment", regexp.MustCompile(`民生实事(?:项目)?(?:清单|安排|目标)?$`), false, Guess},
	{"progress", regexp.MustCompile(`(?:进展|完成|推进|落实|办理)情况(?:的?(?:报告|通报|公示|表))?$`), false, Guess},
	{"plan", regexp.MustCompile(`(?:规划|计划|要点|纲要)(?:[（(].{1,16}[）)])?(?:》?的?(?:通知|批复|意见|决定|函))?$`), true, Likely},
	{"notice", regexp.MustCompile(`(?:公告|公示|通告|公开征求.{0,20}(?:意见)?|启事|通知公告)(?:[（(].{1,16}[）)])?$`), true, Likely},
}

// kind proposes the kind of the publication.
func (r *reading) kind() {
	title := r.p.Title.Value
	if title == "" {
		return
	}
	numbered := r.p.Number.Found()
	for _, rule := range kindRules {
		if (!numbered || rule.numbers) && rule.title.MatchString(title) {
			r.p.Kind = Field[string]{rule.kind, rule.sure, r.p.Title.Where}
			return
		}
	}
	switch {
	case numbered:
		r.p.Kind = Field[string]{"policy", Likely, r.p.Number.Where}
	case strings.HasSuffix(title, "通知"):
		r.p.Kind = Field[string]{"notice", Guess, r.p.Title.Where}
	case hasGenre(title):
		r.p.Kind = Field[string]{"policy", Guess, r.p.Title.Where}
	default:
		r.p.Kind = Field[string]{"notice", Guess, r.p.Title.Where}
	}
}

// themes are subjects and the words of titles that speak of them.
var themes = []struct {
	name  string
	words []string
}{
	{"政务公开", []string{"政务公开", "信息公开", "政府网站", "政务新媒体"}},
	{"财政税收", []string{"财政", "预算", "决算", "税", "专项资金", "政府采购", "收费"}},
	{"教育", []string{"教育", "学校", "招生", "教师", "学生", "幼儿园"}},
	{"医疗卫生", []string{"医疗", "卫生", "疫情", "疾病", "药品", "健康"}},
	{"就业创业", []string{"就业", "创业", "招聘", "劳动"}},
	{"社会保障", []string{"社会保险", "养老", "低保", "救助", "社会保障", "优抚", "残疾"}},
	{"城乡建设", []string{"城镇", "住房", "建设工程", "棚户区", "老旧小区", "城市管理", "公租房"}},
	{"自然资源", []string{"土地", "征收", "国土空间", "矿产", "林地", "不动产"}},
	{"生态环境", []string{"生态", "环境", "污染", "水质", "节能", "垃圾"}},
	{"农业农村", []string{"农业", "农村", "乡村振兴", "粮食", "耕地", "畜"}},
	{"安全生产", []string{"安全生产", "应急", "消防", "防汛", "食品安全"}},
	{"营商环境", []string{"营商环境", "行政审批", "行政许可", "市场主体", "放管服"}},
	{"人事任免", []string{"任免", "任职", "免职"}},
}

// keywords proposes a subject and the words that speak for it.
func (r *reading) keywords() {
	if r.stated.theme.Found() {
		r.p.Category = r.stated.theme
	}
	r.p.Keywords = append(r.p.Keywords, strings.FieldsFunc(r.stated.keywords.Value, func(c rune) bool {
		return isBlank(c) || strings.ContainsRune("，,；;、", c)
	})...)
	for _, t := range themes {
		for _, w := range t.words {
			if !strings.Contains(r.p.Title.Value, w) {
				continue
			}
			if !r.p.Category.Found() {
				r.p.Category = Field[string]{t.name, Guess, r.p.Title.Where}
			}
			if !r.stated.keywords.Found() {
				r.p.Keywords = append(r.p.Keywords, w)
			}
		}
	}
}
