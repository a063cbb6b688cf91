package workplan

import (
	"fmt"
	"regexp"
	"strconv"

	"gongkai/internal/civil"
	"gongkai/internal/document"
	"gongkai/internal/extract"
	"gongkai/internal/fault"
)

// Options of Parse.
type Options struct {
	Issued civil.Date // the document's date where it does not say, or says it wrongly
}

// MaxRunes is the longest document that is read as a plan.
const MaxRunes = 200_000

// Parse reads a work-points document: numbered prose, or a table of tasks. A
// document that is neither is an Invalid fault that says what was looked for
// and what was found.
func Parse(doc extract.Document, o Options) (Plan, []Warning, error) {
	lines := linesOf(doc.Blocks)
	var whole text
	for _, l := range lines {
		whole.raw, whole.key = append(append(whole.raw, l.raw...), '\n'), append(append(whole.key, l.key...), '\n')
	}
	if whole.len() > MaxRunes {
		return Plan{}, nil, fault.New(fault.TooLarge, "plan_too_long", "这份文件有%d万字，工作要点不会这样长（上限%d万字）。请只导入要点本身。", whole.len()/10000, MaxRunes/10000)
	}
	h := readHead(doc.Title, lines)
	plan := Plan{Title: h.title, Issuer: h.issuer, Number: h.number, IssuedOn: h.issued}
	if !o.Issued.IsZero() {
		plan.IssuedOn = o.Issued
	}
	year := planYear(plan)

	out := readOutline(lines, whole)
	tasks, warnings := readProse(out, year, whole)
	tabled, tableWarnings, tables := readTables(doc.Blocks, year, whole.has(firstLeads))
	if assignedTasks(tabled) > assignedTasks(tasks) {
		if assignedTasks(tasks) > 0 {
			tableWarnings = append(tableWarnings, Warning{0, "正文和表格里都有任务，取了任务更多的表格。"})
		}
		tasks, warnings = tabled, tableWarnings
	}
	plan.Tasks, plan.Duties = tasks, standing(append(out.closing, out.root.more...))
	if assignedTasks(tasks) == 0 {
		return Plan{}, nil, notAPlan(out, tasks, tables)
	}
	if plan.IssuedOn.IsZero() {
		warnings = append(warnings, Warning{0, "没有找到成文日期，请用 --issued 给出，单位名称要按那一天核对。"})
	}
	for _, w := range doc.Warnings {
		warnings = append(warnings, Warning{0, w})
	}
	return plan, warnings, nil
}

var yearInTitle = regexp.MustCompile(`(20\d\d)\s*年`)

// planYear is the year that dates without one belong to.
func planYear(p Plan) int {
	if m := yearInTitle.FindStringSubmatch(string(newText(p.Title).key)); m != nil {
		y, _ := strconv.Atoi(m[1])
		return y
	}
	return p.IssuedOn.Year()
}

// assignedTasks counts the tasks that somebody is named for.
func assignedTasks(tasks []Task) (n int) {
	for _, t := range tasks {
		if len(t.Lead)+len(t.Responsible) > 0 {
			n++
		}
	}
	return n
}

// readTables reads every task table of the document, one after another.
func readTables(blocks []document.Block, year int, first bool) (tasks []Task, warnings []Warning, tables int) {
	for _, b := range blocks {
		if b.Kind != document.Table {
			continue
		}
		tables++
		t, ok := readHeadings(newGrid(b.Rows))
		if !ok {
			continue
		}
		var w []Warning
		tasks, w = readTable(t, year, first, tasks)
		warnings = append(warnings, w...)
	}
	return tasks, warnings, tables
}

func notAPlan(o *outline, tasks []Task, tables int) error {
	numbered := 0
	o.root.walk(func(*node) { numbered++ })
	found := fmt.Sprintf("编号段落%d个、表格%d个，其中写明责任单位的0处", numbered, tables)
	return fault.New(fault.Invalid, "not_a_work_plan",
		"这份文件不像工作要点：要找的是编号的任务（一、（一）1.）和“（某单位牵头，某单位负责）”“责任单位：”一类的分工，或带“工作任务”“责任单位”表头的表格；找到的是%s。"+
			"请确认选对了文件；如果分工写在另一个附件里，请导入那个附件。", found)
}
