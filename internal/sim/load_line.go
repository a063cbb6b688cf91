package sim

import (
	"fmt"
	"strings"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/publication"
	"gongkai/internal/unit"
)

// loadKinds is how ten records in a row are divided among kinds: as in a real
// city, most are notices, and an interpretation follows its policy.
var loadKinds = [10]string{"policy", "interpretation", "notice", "notice", "service", "notice", "notice", "decision", "notice", "notice"}

var loadSubjects = strings.Split("老旧小区改造、公共停车位建设、农村户用卫生厕所、职业技能培训、残疾儿童康复、惠农补贴发放、义务教育招生、养老服务设施、安全生产检查、农村公路养护、河道清淤、项目审批、行政处罚、部门预算、政府采购、疫情防控、森林防火、高标准农田、社会救助、人才招聘", "、")

// line is the i-th record of a load.
func (l *load) line(i int, d dice) *publication.Line {
	organ := l.organs[d.IntN(len(l.organs))]
	day := civil.On(2021, time.Month(d.between(1, loadMonths)), d.between(1, 28))
	subject := loadSubjects[d.IntN(len(loadSubjects))]
	kind := loadKinds[i%len(loadKinds)]
	line := &publication.Line{
		SourceID: loadSource(l.seed, i), Kind: kind, Unit: codeOf(organ, day), IssuedOn: day,
		PublishedAt: publication.At(day.Start().Add(9*time.Hour + time.Duration(i%480)*time.Minute)),
		Title:       fmt.Sprintf("%s关于%s的%s（第%d号）", organ.ShortOn(day), subject, loadForms[kind], i+1),
		Category:    subject, Keywords: []string{subject}, Fields: publication.Fields{}, Body: markdown(loadText(kind, subject, d)),
	}
	if l.rows > 0 {
		line.Category = l.category(d.IntN(l.rows))
	}
	switch kind {
	case "policy":
		line.Number = fmt.Sprintf("永测发〔2021〕%d号", i+1)
		line.EffectiveOn = day
	case "interpretation":
		line.Relations = []publication.RelationLine{{Type: publication.Interprets, Target: loadSource(l.seed, i-1)}}
	case "decision":
		line.Fields = publication.Fields{"meeting": fmt.Sprintf("第%d次会议", i+1), "held_on": day.String()}
	}
	return line
}

// codeOf names an organ so that nobody else is meant: two townships may share
// a name.
func codeOf(o unit.Organ, day civil.Date) string {
	if code := o.CodeOn(day); code != "" {
		return code
	}
	return o.NameOn(day)
}

func loadSource(seed uint64, i int) string { return fmt.Sprintf("load:%d:%d", seed, i+1) }

var loadForms = map[string]string{"policy": "办法", "interpretation": "解读", "notice": "情况通报", "service": "办事指南", "decision": "议定事项"}

// loadText is a text of the usual size: a policy in articles, all others a
// paragraph, a table and a paragraph.
func loadText(kind, subject string, d dice) string {
	var out strings.Builder
	if kind == "policy" {
		for n := range d.between(6, 18) {
			fmt.Fprintf(&out, "第%s条　%s工作由责任单位在%d个工作日内办理，办理结果向社会公开，公开内容包括对象、标准、数量和监督电话。\n", numerals[n], subject, d.between(3, 30))
		}
		return out.String()
	}
	fmt.Fprintf(&out, "本期%s工作按计划推进，共办理%d件，按期办结%d件，办理情况如下。\n\n| 项目 | 数量 | 同比 |\n|---|---|---|\n", subject, d.between(200, 900), d.between(100, 200))
	for n := range d.between(3, 8) {
		fmt.Fprintf(&out, "| 第%s类 | %d | %d%% |\n", numerals[n], d.between(10, 999), d.between(-20, 40))
	}
	fmt.Fprintf(&out, "\n下一步继续做好%s的公开工作，群众有意见可以在%d个工作日内得到答复。\n", subject, d.between(3, 15))
	return out.String()
}
