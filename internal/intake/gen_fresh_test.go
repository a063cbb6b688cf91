package intake

import "fmt"

// openLetterTemplate is a letter to the public, without a number.
func openLetterTemplate(m maker) ([]part, truth) {
	city, body, _ := m.organ()
	issuer, d := city+body, m.date()
	title := pick(m, "致全市居民朋友的一封公开信", "致广大家长的一封信", "关于拨打虚假投诉电话的郑重声明", "节约用水倡议书")
	out := m.titled(title)
	out = append(out, plain(pick(m, "广大市民朋友：", "尊敬的各位家长：", "居民朋友们：")))
	out = append(out, paras("你们好！感谢大家一直以来对我们工作的理解和支持。", "让我们携起手来，共同把家园建设得更加美好。")...)
	out = append(out, rightLine(issuer), rightLine(m.dateText(d)))
	return out, truth{title, "", issuer, d}
}

// coverTemplate is a plan with a cover and a table of contents.
func coverTemplate(m maker) ([]part, truth) {
	city := pick(m, cities...)
	issuer, d := city+"人民政府", m.date()
	title := city + pick(m, "突发地质灾害应急预案", "国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要", "旅游业发展总体规划（2021—2035年）", "消防安全专项规划")
	out := []part{centre(26, m.broken(title)...), centre(18, issuer), centre(18, m.dateText(d)), centre(18, "目　录")}
	out = append(out, plain("第一章　总则"), plain("第二章　组织体系"), centre(18, "第一章　总则"))
	out = append(out, paras("为提高应对能力，根据有关法律法规，制定本文件。")...)
	out = append(out, m.text()...)
	return out, truth{title, "", issuer, d}
}

// regulationTemplate is a regulation whose bracket lists its amendments; the
// last one dates the text.
func regulationTemplate(m maker) ([]part, truth) {
	city := pick(m, cities...)
	issuer, d := city+"人民代表大会常务委员会", m.date()
	title := city + pick(m, "文明行为促进条例", "饮用水水源保护条例", "市容环境卫生管理条例")
	first := d.AddDays(-1500)
	caption := fmt.Sprintf("（%d年%d月%d日%s第九次会议通过　根据%d年%d月%d日%s第二十次会议《关于修改部分地方性法规的决定》修正）",
		first.Year(), first.Month(), first.Day(), issuer, d.Year(), d.Month(), d.Day(), issuer)
	out := m.titled(title)
	out = append(out, centre(14, caption), centre(16, "第一章　总则"))
	out = append(out, paras("第一条　为了规范有关行为，根据有关法律、行政法规，结合本市实际，制定本条例。", "第二条　本市行政区域内适用本条例。", "第三条　本条例自2022年1月1日起施行。")...)
	return out, truth{title, "", issuer, d}
}

// partyTemplate is a letter of a party's and a government's office together.
func partyTemplate(m maker) ([]part, truth) {
	city := pick(m, cities...)
	first, second, d := "中共"+city+"委办公室", city+"人民政府办公室", m.date()
	printed, norm := m.numberText(string([]rune(city)[:1])+"办发", d.Year())
	title := first + " " + second + "关于" + pick(m, "印发《深化乡镇管理体制改革实施方案》", "调整议事协调机构", "做好2021年全面推进乡村振兴重点工作") + "的" + pick(m, "通知", "实施意见")
	out := []part{centre(28, first), centre(28, second), centre(28, "文件"), centre(16, printed)}
	out = append(out, centre(22, first), centre(22, second), centre(22, title[len(first)+1+len(second):]))
	out = append(out, plain("各县市区党委和人民政府，市直机关各单位："))
	out = append(out, m.text()...)
	out = append(out, rightLine(first), rightLine(second), rightLine(m.dateText(d)))
	return out, truth{title, norm, first, d}
}

// telegramTemplate is an urgent notice with the lines of a telegram.
func telegramTemplate(m maker) ([]part, truth) {
	city := pick(m, cities...)
	issuer, d := city+"人民政府办公室", m.date()
	printed, norm := m.numberText(string([]rune(city)[:1])+"政办明电", d.Year())
	title := issuer + "关于" + pick(m, "切实做好强降雨防范应对工作", "做好2021年国庆节假期值班值守工作") + "的紧急通知"
	out := []part{centre(28, "内部明电"), plain("发往：见报头　　　　签批盖章：张三"), plain("等级：特急·明电　　" + printed)}
	out = append(out, m.titled(title)...)
	out = append(out, plain("各县市区人民政府，市直有关单位："))
	out = append(out, m.text()...)
	out = append(out, rightLine(issuer), rightLine(m.dateText(d)))
	return out, truth{title, norm, issuer, d}
}

// adjustTemplate is a notice of one line with the day in numbers only.
func adjustTemplate(m maker) ([]part, truth) {
	city, body, _ := m.organ()
	issuer, d := city+body, m.date()
	title := "关于" + pick(m, "调整办公时间", "办公地点搬迁", "暂停办理业务", "开展2021年度专项资金申报") + "的通知"
	out := m.titled(title)
	out = append(out, plain("各有关单位和个人："))
	out = append(out, paras("因工作需要，现就有关事项通知如下，给您带来的不便敬请谅解。")...)
	out = append(out, rightLine(issuer), rightLine(pick(m, fmt.Sprintf("%d-%02d-%02d", d.Year(), d.Month(), d.Day()), fmt.Sprintf("%d.%d.%d", d.Year(), d.Month(), d.Day()), chineseDate(d, "〇"))))
	return out, truth{title, "", issuer, d}
}
