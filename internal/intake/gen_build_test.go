package intake

import (
	"fmt"

	"gongkai/internal/document"
)

// buildTemplates are the forms that the rules were written with.
var buildTemplates = map[string]template{
	"letter": letterTemplate, "functional": functionalTemplate, "order": orderTemplate, "announcement": announcementTemplate,
	"covering": coveringTemplate, "page": pageTemplate, "reply": replyTemplate, "interpretation": interpretationTemplate,
	"minutes": minutesTemplate, "table": tableTemplate,
}

var buildNames = []string{"letter", "functional", "order", "announcement", "covering", "page", "reply", "interpretation", "minutes", "table"}

func letterTemplate(m maker) ([]part, truth) {
	city, body, word := m.organ()
	issuer, d := city+body, m.date()
	printed, norm := m.numberText(word, d.Year())
	title := pick(m, issuer, "") + "关于" + pick(m, "做好", "进一步加强", "规范") + pick(m, "公共资源交易", "政务公开", "安全生产", "义务教育招生") + "工作的通知"
	var out []part
	if m.IntN(3) == 0 {
		out = append(out, plain("000012"), plain(pick(m, "特急", "机密★1年")))
	}
	out = append(out, centre(32, m.spaced(issuer+"文件")))
	if m.IntN(3) == 0 {
		out = append(out, part{lines: []string{printed + "　　　　　　　　签发人：张三"}, size: 16, align: "left"})
	} else {
		out = append(out, centre(16, printed))
	}
	out = append(out, m.titled(title)...)
	out = append(out, plain("各县市区人民政府，市直各有关单位："))
	out = append(out, m.text()...)
	if m.IntN(2) == 0 {
		out = append(out, paras("附件：1.任务分工表", "2.联系人名单")...)
	}
	out = append(out, rightLine(issuer), rightLine(m.dateText(d)), plain("（此件主动公开）"))
	out = append(out, plain("抄送：市委各部门，市人大常委会办公室，市政协办公室。"), plain(fmt.Sprintf("%s办公室　　%s印发", city, m.dateText(d.AddDays(3)))))
	return out, truth{title, norm, issuer, d}
}

func functionalTemplate(m maker) ([]part, truth) {
	city, body, word := m.organ()
	issuer, d := city+body, m.date()
	printed, norm := m.numberText(word+"函", d.Year())
	title := "关于" + pick(m, "商请提供相关资料", "征求《重大行政决策程序规定》意见", "同意调整收费标准") + "的" + pick(m, "函", "复函")
	out := []part{centre(30, m.spaced(issuer)), rightLine(printed)}
	out = append(out, m.titled(title)...)
	out = append(out, plain("市直有关单位："))
	out = append(out, m.text()...)
	out = append(out, rightLine(issuer), rightLine(m.dateText(d)))
	return out, truth{title, norm, issuer, d}
}

func orderTemplate(m maker) ([]part, truth) {
	city := pick(m, cities...)
	issuer, d := city+"人民政府", m.date()
	no := 1 + m.IntN(60)
	title := city + pick(m, "城市绿化管理办法", "行政执法监督办法", "地方志工作规定", "停车场管理办法")
	out := []part{centre(32, m.spaced(issuer+"令")), centre(16, fmt.Sprintf("第%s号", pick(m, fmt.Sprint(no), document.FormatNumeral(no))))}
	out = append(out, paras(fmt.Sprintf("《%s》已经%s市人民政府第%d次常务会议通过，现予公布，自%d年10月1日起施行。", title, m.dateText(d.AddDays(-9)), 20+m.IntN(60), d.Year()))...)
	out = append(out, rightLine("市长　张三"), rightLine(m.dateText(d)), centre(22, title), centre(16, "第一章　总则"))
	out = append(out, paras("第一条　为了加强管理，根据有关法律、法规，结合本市实际，制定本办法。", "第二条　本市行政区域内的活动适用本办法。")...)
	return out, truth{title, fmt.Sprintf("%s令第%d号", issuer, no), issuer, d}
}

func announcementTemplate(m maker) ([]part, truth) {
	city, body, _ := m.organ()
	issuer, d := city+body, m.date()
	no := 1 + m.IntN(30)
	title := "关于" + pick(m, "废止部分行政规范性文件", "调整办公地址", "食品安全监督抽检情况", "公布行政事业性收费目录清单") + "的公告"
	serial, norm := fmt.Sprintf("%d年第%d号", d.Year(), no), fmt.Sprintf("%s公告%d年第%d号", issuer, d.Year(), no)
	var out []part
	if m.IntN(2) == 0 {
		out = append(out, centre(26, issuer+"公告"), centre(16, serial))
	} else {
		out = append(out, centre(26, issuer), centre(26, "公告"), centre(16, serial))
	}
	out = append(out, m.titled(title)...)
	out = append(out, paras("根据有关规定，现将有关事项公告如下。")...)
	out = append(out, m.text()...)
	out = append(out, paras("特此公告。")...)
	out = append(out, rightLine(issuer), rightLine(m.dateText(d)))
	return out, truth{title, norm, issuer, d}
}

func coveringTemplate(m maker) ([]part, truth) {
	city := pick(m, cities...)
	issuer, d, subject := city+"人民政府办公室", m.date(), pick(m, subjects...)
	printed, norm := m.numberText(string([]rune(city)[:1])+"政办发", d.Year())
	title := issuer + "关于印发《" + city + subject + "》的通知"
	var out []part
	if m.IntN(2) == 0 {
		out = append(out, centre(32, issuer+"文件"))
	}
	out = append(out, centre(16, printed))
	out = append(out, m.titled(title)...)
	out = append(out, plain("各县市区人民政府，市政府各工作部门、各直属机构："))
	out = append(out, paras("《"+city+subject+"》已经市人民政府同意，现印发给你们，请认真组织实施。")...)
	out = append(out, rightLine(issuer), rightLine(m.dateText(d)), centre(22, city+subject))
	out = append(out, m.text()...)
	out = append(out, part{rows: [][]string{{"序号", "任务", "责任单位"}, {"1", "公开目录", "市政府办公室"}, {"2", "公开标准", "市司法局"}}})
	return out, truth{title, norm, issuer, d}
}

func pageTemplate(m maker) ([]part, truth) {
	city, body, word := m.organ()
	issuer, d, subject := city+body, m.date(), pick(m, subjects...)
	printed, norm := m.numberText(word, d.Year())
	title := issuer + "关于印发《" + subject + "》的通知"
	out := []part{{rows: [][]string{{"索引号", "000014349/2021-00050", "发文机关", issuer}, {"标题", title, "成文日期", m.dateText(d)}, {"发文字号", printed, "发布日期", m.dateText(d.AddDays(5))}}}}
	out = append(out, centre(22, title), centre(14, printed))
	out = append(out, plain("各县（市、区）人民政府、各有关单位："))
	out = append(out, m.text()...)
	out = append(out, rightLine(issuer), rightLine(m.dateText(d)))
	return out, truth{title, norm, issuer, d}
}

func replyTemplate(m maker) ([]part, truth) {
	city := pick(m, cities...)
	issuer, d := city+"人民政府", m.date()
	printed, norm := m.numberText(string([]rune(city)[:1])+"政函", d.Year())
	title := issuer + "关于同意" + pick(m, "设立经济开发区", "国土空间总体规划", "调整城区基准地价") + "的批复"
	out := m.titled(title)
	out = append(out, centre(16, printed), plain("市自然资源和规划局："))
	out = append(out, paras("你局《关于审批有关事项的请示》（自然资规〔2020〕77号）收悉。现批复如下：")...)
	out = append(out, m.text()...)
	out = append(out, rightLine(issuer), rightLine(m.dateText(d)))
	return out, truth{title, norm, issuer, d}
}

func interpretationTemplate(m maker) ([]part, truth) {
	city, body, _ := m.organ()
	issuer, d := city+body, m.date()
	title := "《" + city + pick(m, subjects...) + "》" + pick(m, "政策解读", "解读", "起草说明")
	out := m.titled(title)
	out = append(out, paras("为便于社会公众理解，现就有关内容解读如下。")...)
	out = append(out, m.text()...)
	out = append(out, rightLine(issuer), rightLine(m.dateText(d)))
	return out, truth{title, "", issuer, d}
}
