package intake

import (
	"fmt"

	"gongkai/internal/document"
)

// heldTemplates are forms that no rule was written with; they judge the rules.
var heldTemplates = map[string]template{
	"joint": jointTemplate, "decision": decisionTemplate, "publicity": publicityTemplate, "annexe": annexeTemplate,
	"personnel": personnelTemplate, "opinions": opinionsTemplate, "lines": linesTemplate, "notice": noticeTemplate,
	"letter": openLetterTemplate, "cover": coverTemplate, "regulation": regulationTemplate, "party": partyTemplate,
	"telegram": telegramTemplate, "adjust": adjustTemplate,
}

var heldNames = []string{"joint", "decision", "publicity", "annexe", "personnel", "opinions", "lines", "notice",
	"letter", "cover", "regulation", "party", "telegram", "adjust"}

func jointTemplate(m maker) ([]part, truth) {
	city := pick(m, cities...)
	d, at := m.date(), m.IntN(len(bodies)-4)+2
	first, second := city+bodies[at], city+bodies[at+1]
	printed, norm := m.numberText(string([]rune(city)[:1])+wordOf[bodies[at]], d.Year())
	title := "关于" + pick(m, "印发《"+pick(m, subjects...)+"》", "做好惠民惠农财政补贴资金发放工作", "调整最低工资标准") + "的通知"
	out := []part{centre(28, first), centre(28, second+"文件"), centre(16, printed)}
	out = append(out, m.titled(title)...)
	out = append(out, plain("各县市区有关部门，各有关企业："))
	out = append(out, m.text()...)
	out = append(out, rightLine(first+"　　"+second), rightLine(m.dateText(d)))
	return out, truth{title, norm, first, d}
}

func minutesTemplate(m maker) ([]part, truth) {
	city := pick(m, cities...)
	issuer, d := city+"人民政府办公室", m.date()
	no := 1 + m.IntN(40)
	title := "关于研究" + pick(m, "重点项目建设", "城区防汛排涝", "城乡供水一体化") + "有关问题的会议纪要"
	out := []part{centre(30, city+"人民政府专题会议纪要"), centre(16, fmt.Sprintf("〔%d〕%d号", d.Year(), no)),
		{lines: []string{issuer + "　　　　" + m.dateText(d)}, size: 16, align: "left"}}
	out = append(out, m.titled(title)...)
	out = append(out, paras("会议听取了有关部门的汇报，进行了认真研究。现将会议议定的主要事项纪要如下。")...)
	out = append(out, m.text()...)
	return out, truth{title, fmt.Sprintf("〔%d〕%d号", d.Year(), no), issuer, d}
}

func decisionTemplate(m maker) ([]part, truth) {
	city := pick(m, cities...)
	issuer, d := city+"人民代表大会常务委员会", m.date()
	title := issuer + "关于" + pick(m, "批准2020年市级财政决算", "加强检察公益诉讼工作", "开展第八个五年法治宣传教育") + "的" + pick(m, "决议", "决定")
	out := m.titled(title)
	out = append(out, centre(14, fmt.Sprintf("（%s%s第%s次会议通过）", m.dateText(d), issuer, document.FormatNumeral(10+m.IntN(30)))))
	out = append(out, paras(issuer+"听取和审议了有关报告，会议决定：")...)
	out = append(out, m.text()...)
	return out, truth{title, "", issuer, d}
}

func publicityTemplate(m maker) ([]part, truth) {
	city, body, _ := m.organ()
	issuer, d := city+body, m.date()
	title := pick(m, "2021年度市级文明单位拟推荐名单", "建设项目环境影响评价文件受理情况", "拟录用公务员", "城镇低收入家庭资格审核结果") + pick(m, "公示", "的公示")
	out := m.titled(title)
	out = append(out, paras("按照有关程序，现将名单予以公示。公示期为5个工作日，公示期间如有异议，请以书面形式反映。", "联系电话：12345")...)
	out = append(out, part{rows: [][]string{{"序号", "名称", "备注"}, {"1", "第一单位", ""}, {"2", "第二单位", ""}}})
	out = append(out, rightLine(issuer), rightLine(m.dateText(d)))
	return out, truth{title, "", issuer, d}
}

func tableTemplate(m maker) ([]part, truth) {
	city, body, _ := m.organ()
	issuer, d := city+body, m.date()
	title := issuer + pick(m, "2020年部门收支预算总表", "权责清单", "行政事业性收费目录清单", "2021年随机抽查事项清单")
	out := []part{centre(20, title)}
	out = append(out, part{lines: []string{"填报单位：" + issuer + "　　　　填报日期：" + fmt.Sprintf("%d年%d月%d日", d.Year(), d.Month(), d.Day())}, size: 12, align: "left"})
	out = append(out, part{rows: [][]string{{"序号", "事项名称", "依据", "承办机构"}, {"1", "事项一", "有关规定", "一科"}, {"2", "事项二", "有关规定", "二科"}, {"3", "事项三", "有关规定", "三科"}}})
	return out, truth{title, "", issuer, d}
}

func annexeTemplate(m maker) ([]part, truth) {
	city := pick(m, cities...)
	title := city + pick(m, "政务服务“一网通办”工作方案", "防震减灾“十四五”规划", "重污染天气应急预案", "河湖长制工作考核办法")
	d := m.date()
	issuer := city + "人民政府"
	out := []part{plain("附件" + pick(m, "", "1", "2"))}
	out = append(out, m.titled(title)...)
	out = append(out, paras("为做好有关工作，制定本文件。")...)
	out = append(out, m.text()...)
	out = append(out, rightLine(issuer), rightLine(m.dateText(d)))
	return out, truth{title, "", issuer, d}
}

func personnelTemplate(m maker) ([]part, truth) {
	city := pick(m, cities...)
	issuer, d := city+"人民政府", m.date()
	printed, norm := m.numberText(string([]rune(city)[:1])+"政任", d.Year())
	title := issuer + "关于张三等同志" + pick(m, "任免职", "任职", "职务任免") + "的通知"
	out := []part{centre(30, issuer), rightLine(printed)}
	out = append(out, m.titled(title)...)
	out = append(out, plain("各县区人民政府，市政府各工作部门："))
	out = append(out, paras("市人民政府决定：", "任命张三为市财政局局长；", "免去李四的市教育局副局长职务。")...)
	out = append(out, rightLine(issuer), rightLine(m.dateText(d)))
	return out, truth{title, norm, issuer, d}
}

func opinionsTemplate(m maker) ([]part, truth) {
	city, body, word := m.organ()
	issuer, d := city+body, m.date()
	printed, norm := m.numberText(word, d.Year())
	title := issuer + "关于" + pick(m, "加快推进养老服务发展", "支持个体工商户和小微企业恢复发展", "全面推进农村客运公交化改造") + "的" + pick(m, "实施意见", "若干意见", "指导意见") + pick(m, "", "（试行）")
	out := m.titled(title)
	out = append(out, centre(16, "（"+printed+"）"), plain("各乡镇人民政府、街道办事处，各有关单位："))
	out = append(out, m.text()...)
	out = append(out, rightLine(issuer+"（盖章）"), rightLine(m.dateText(d)))
	return out, truth{title, norm, issuer, d}
}

func linesTemplate(m maker) ([]part, truth) {
	city, body, word := m.organ()
	issuer, d := city+body, m.date()
	printed, norm := m.numberText(word, d.Year())
	title := pick(m, "", issuer) + "关于公布" + pick(m, "2021年度重大行政决策事项目录", "第三批行政许可事项清单", "市级非物质文化遗产代表性项目名录") + "的通知"
	out := []part{plain("索引号：000014349/2021-00077　　　　发布机构：" + issuer), plain("文号：" + printed + "　　　　发文日期：" + fmt.Sprintf("%d-%02d-%02d", d.Year(), d.Month(), d.Day())), plain("信息来源：" + issuer)}
	out = append(out, m.titled(title)...)
	out = append(out, plain("市直各单位："))
	out = append(out, m.text()...)
	return out, truth{title, norm, issuer, d}
}

func noticeTemplate(m maker) ([]part, truth) {
	city, body, word := m.organ()
	issuer, d := city+body, m.date()
	printed, norm := m.numberText(string([]rune(word)[:1])+"通", d.Year())
	title := issuer + "关于" + pick(m, "禁止燃放烟花爆竹", "加强渣土运输车辆通行管理", "封山禁火", "城区道路交通管制") + "的通告"
	out := m.titled(title)
	out = append(out, centre(16, printed))
	out = append(out, paras("为保障人民群众生命财产安全，根据有关法律法规规定，现就有关事项通告如下：")...)
	out = append(out, m.text()...)
	out = append(out, paras("特此通告。")...)
	out = append(out, rightLine(issuer), rightLine(m.dateText(d)))
	return out, truth{title, norm, issuer, d}
}
