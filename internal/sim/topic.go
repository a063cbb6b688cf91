package sim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/publication"
)

// topic is a record in which each unit shows how it carries out some tasks of
// the plan.
type topic struct {
	thing    string // its key in misfortunes
	title    string
	category string // of 条例第二十条; see categoryOf
	tasks    []int
	from, to civil.Date // when units publish it
}

var topics = []topic{
	{"key", "重点工作、规划和民生信息公开情况", "20-3", []int{1, 2, 3, 6}, civil.On(2021, time.September, 27), civil.On(2021, time.November, 26)},
	{"law", "监管执法信息公开情况", "20-13", []int{4}, civil.On(2021, time.October, 11), civil.On(2021, time.December, 17)},
	{"explain", "政策解读和回应关切情况", "20-1", []int{7, 8, 9}, civil.On(2021, time.October, 18), civil.On(2021, time.December, 20)},
	{"base", "公开平台、文件库和基层目录建设情况", "20-15", []int{10, 11, 12}, civil.On(2021, time.November, 1), civil.On(2021, time.December, 24)},
	{"system", "依申请公开和公开制度落实情况", "20-15", []int{14, 15, 18}, civil.On(2021, time.November, 15), civil.On(2021, time.December, 29)},
}

// categoryOf is the category of a topic that carries out some tasks: where an
// office has commitments to people's livelihood to tell of, they come first.
func (t topic) categoryOf(tasks []int) string {
	if slices.Contains(tasks, livelihoodTask) {
		return "20-11"
	}
	return t.category
}

// concerned tells whether an office publishes a thing at all.
func (p *player) concerned(thing string, o *office) bool {
	i := slices.IndexFunc(topics, func(t topic) bool { return t.thing == thing })
	return i < 0 || len(p.tasksOf(topics[i], o)) > 0
}

// tasksOf are the tasks of a topic that concern an office.
func (p *player) tasksOf(t topic, o *office) (tasks []int) {
	for _, no := range t.tasks {
		i := slices.IndexFunc(p.concerns, func(c concern) bool { return c.task == no })
		if i >= 0 && !p.concerns[i].holds(o) || !p.plan.assigned(no, o) || isNil(no, "2021", o) {
			continue
		}
		tasks = append(tasks, no)
	}
	return tasks
}

// writeTopics adds the topics of all units, in the order of time: each tells
// what its unit has published before.
func (p *player) writeTopics() error {
	words, err := readTaskWords()
	if err != nil {
		return err
	}
	for _, t := range topics {
		for _, o := range p.offices {
			tasks := p.tasksOf(t, o)
			day, published := p.plannedDay(t.thing, o, t.from, t.to)
			if len(tasks) == 0 || !published {
				continue
			}
			if err := p.topic(t, o, tasks, day, words); err != nil {
				return err
			}
		}
	}
	return p.writeEnterprises()
}

// taskWords are what units say of a task: departments, then counties.
type taskWords map[int][2]*template.Template

func readTaskWords() (taskWords, error) {
	rows, err := readTable("tasks.tsv", 3)
	if err != nil {
		return nil, err
	}
	words := taskWords{}
	for _, row := range rows {
		no, err := strconv.Atoi(row[0])
		if err != nil {
			return nil, fmt.Errorf("tasks.tsv: %w", err)
		}
		var pair [2]*template.Template
		for i, text := range row[1:] {
			if pair[i], err = template.New(row[0]).Funcs(template.FuncMap{"join": func(l []string) string { return strings.Join(l, "、") }}).Parse(text); err != nil {
				return nil, fmt.Errorf("tasks.tsv: %w", err)
			}
		}
		words[no] = pair
	}
	return words, nil
}

// say fills the words of a task with the facts of an office.
func (w taskWords) say(task int, o *office, facts any) (string, error) {
	which := 0
	if o.County {
		which = 1
	}
	t := w[task][which]
	if t == nil {
		return "", fmt.Errorf("tasks.tsv has no words for task %d", task)
	}
	var out strings.Builder
	err := t.Execute(&out, facts)
	return out.String(), err
}

func (p *player) topic(t topic, o *office, tasks []int, day civil.Date, words taskWords) error {
	at := p.on(day, t.thing, o.Name)
	facts := p.factsOf(o, civil.On(2021, time.January, 1), civil.DateOf(at))
	said := map[string]any{"Office": o, "Count": facts.total, "Policies": facts.kinds["policy"], "Explained": facts.kinds["interpretation"], "Services": facts.kinds["service"]}
	type paragraph struct{ Title, Text string }
	var paragraphs []paragraph
	var codes []string
	for _, no := range tasks {
		text, err := words.say(no, o, said)
		if err != nil {
			return err
		}
		paragraphs = append(paragraphs, paragraph{p.plan.task(no).Title, text})
		codes = append(codes, p.plan.code(no))
	}
	text, err := p.series.render("topic", map[string]any{"Office": o, "AsOf": civil.DateOf(at).Chinese(), "Tasks": paragraphs, "Listed": facts.listed})
	if err != nil {
		return err
	}
	line := &publication.Line{
		SourceID: id("zt", o, t.thing), Kind: "notice", Unit: o.Name, Title: o.Name + t.title, IssuedOn: civil.DateOf(at),
		Category: "政务公开", Keywords: []string{"政务公开", "落实情况"}, Statutory: t.categoryOf(tasks), Body: text, Fields: publication.Fields{"theme": "政务公开"},
	}
	fulfil(line, codes...)
	p.publish(at, line, nil)
	return nil
}

// enterpriseRow is one thing that enterprises of a sector publish.
type enterpriseRow struct{ What, When, How string }

// sectors are the fields of public enterprises whose rules are short lists.
// The one that is late is repaired in the new year.
var sectors = []struct {
	unit, sector string
	day          civil.Date
	rows         []enterpriseRow
}{
	{"市教育局", "教育", civil.On(2021, time.October, 25), []enterpriseRow{
		{"学校概况、办学条件、招生范围和计划", "每年6月底前更新", "学校公示栏、网站"},
		{"收费项目、标准和依据", "长期公开，调整后三日内更新", "学校公示栏"},
		{"食堂管理、校车安全和意外事件处理", "每学期一次，突发事件即时", "家长会、网站"}}},
	{"市发改委", "供电", civil.On(2021, time.November, 8), []enterpriseRow{
		{"电价和收费标准", "长期公开，调整前公告", "营业厅、网站"},
		{"用电报装流程、时限和费用", "长期公开", "营业厅、网站"},
		{"计划停电", "提前七日", "短信、小区公告栏"}, {"故障抢修进展", "即时", "短信、热线"}}},
	{"市生态环境局", "环境保护", civil.On(2021, time.November, 22), []enterpriseRow{
		{"污水、垃圾处理设施的位置和处理能力", "长期公开", "网站"},
		{"排放监测数据", "每日", "厂区电子屏、网站"}, {"向公众开放的安排", "每季度", "网站"}}},
	{"市住建局", "供气", civil.On(2022, time.January, 6), []enterpriseRow{
		{"燃气价格和安装收费标准", "长期公开，调整前公告", "营业厅、网站"},
		{"停气公告", "提前二十四小时", "短信、小区公告栏"}, {"入户安检安排和结果", "每年一次", "短信、上门告知"}}},
}

// writeEnterprises adds the lists of what public enterprises publish (task 16).
func (p *player) writeEnterprises() error {
	for _, s := range sectors {
		o, err := p.office(s.unit)
		if err != nil {
			return err
		}
		text, err := p.series.render("list16", map[string]any{"Office": o, "Sector": s.sector, "Rows": s.rows})
		if err != nil {
			return err
		}
		at := p.on(s.day, "list16", o.Name)
		line := &publication.Line{
			SourceID: id("qd", o, "16"), Kind: "notice", Unit: o.Name, Title: "永州市" + s.sector + "领域公共企事业单位信息公开清单", IssuedOn: civil.DateOf(at),
			Category: "政务公开", Keywords: []string{"公共企事业单位", "信息公开"}, Body: text, Fields: publication.Fields{"theme": "政务公开"},
		}
		fulfil(line, p.plan.code(16))
		p.publish(at, line, nil)
	}
	return nil
}
