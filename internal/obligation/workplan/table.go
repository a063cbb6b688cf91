package workplan

import (
	"regexp"
	"strconv"
	"strings"

	"gongkai/internal/document"
	"gongkai/internal/fault"
)

// headings of task tables, in the order in which a heading is tried.
var headings = []struct {
	column  string
	pattern *regexp.Regexp
}{
	{"no", regexp.MustCompile(`^(?:序号|编号|序)$`)},
	{"person", regexp.MustCompile(`^[^单部]*(?:责任人|领导|联系人|电话)`)}, // never read
	{"lead", regexp.MustCompile(`牵头|主办|主责`)},
	{"responsible", regexp.MustCompile(`责任(?:单位|部门|主体|科室|分工)|落实单位|配合|协办|承办|参与单位|实施单位|负责(?:单位|部门)|分工|^单位$`)},
	{"due", regexp.MustCompile(`时限|期限|完成时间|时间|进度`)},
	{"section", regexp.MustCompile(`^(?:类别|分类|领域|板块|项目类别|任务类别|一级指标)$`)},
	{"text", regexp.MustCompile(`具体(?:要求|内容|任务|措施|举措)|工作(?:内容|要求|措施|举措|目标)|主要(?:内容|任务|举措|措施)|内容|措施|举措|要求`)},
	{"title", regexp.MustCompile(`任务|事项|项目|重点工作|指标|工作`)},
	{"note", regexp.MustCompile(`备注|说明`)},
}

// grid is a table with every cell in its place.
type grid struct {
	cells [][]gridCell
}

// gridCell is the text of a place, and whether its cell begins there.
type gridCell struct {
	text   text
	origin bool // false where a cell from above or from the left covers it
	across bool // covered from the left
	tall   bool // its cell covers several rows
}

const maxColumns = 60

// newGrid lays out a table: cells that span rows or columns stand in each of
// their places.
func newGrid(rows [][]document.Cell) grid {
	g := grid{cells: make([][]gridCell, len(rows))}
	for i, row := range rows {
		column := 0
		for _, c := range row {
			for column < len(g.cells[i]) && g.cells[i][column].text.raw != nil {
				column++
			}
			g.place(i, column, c)
			column += max(1, c.ColSpan)
		}
	}
	return g
}

func (g *grid) place(row, column int, c document.Cell) {
	t := newText(c.Text)
	if t.raw == nil {
		t.raw = []rune{}
	}
	high, wide := max(1, c.RowSpan), max(1, c.ColSpan)
	for i := row; i < min(row+high, len(g.cells)); i++ {
		for j := column; j < min(column+wide, maxColumns); j++ {
			for len(g.cells[i]) <= j {
				g.cells[i] = append(g.cells[i], gridCell{})
			}
			g.cells[i][j] = gridCell{t, i == row && j == column, j > column, high > 1}
		}
	}
}

// taskTable is a table whose headings were understood.
type taskTable struct {
	grid
	head   int            // the row of the headings
	column map[string]int // by name in headings
}

// readHeadings finds the heading row among the first rows. A task table names
// tasks and units.
func readHeadings(g grid) (t taskTable, ok bool) {
	for i := range min(5, len(g.cells)) {
		t = taskTable{g, i, map[string]int{}}
		for j, c := range g.cells[i] {
			key := strings.ReplaceAll(string(c.text.key), " ", "")
			key = strings.ReplaceAll(key, "\n", "")
			if c.across || len([]rune(key)) > 20 {
				continue
			}
			for _, h := range headings {
				if _, taken := t.column[h.column]; !taken && h.pattern.MatchString(key) {
					t.column[h.column] = j
					break
				}
			}
		}
		_, lead := t.column["lead"]
		_, responsible := t.column["responsible"]
		_, title := t.column["title"]
		_, body := t.column["text"]
		if (lead || responsible) && (title || body) {
			return t, true
		}
	}
	return taskTable{}, false
}

// at is the cell of a named column, empty where the table has none.
func (t taskTable) at(row int, column string) gridCell {
	j, ok := t.column[column]
	if !ok || j >= len(t.cells[row]) {
		return gridCell{}
	}
	return t.cells[row][j]
}

// readTable makes a task of every row. A cell that covers several rows holds
// for each of them; a task cell that does is the heading of their section. A
// row that is one cell wide is a section's heading.
func readTable(t taskTable, year int, first bool, tasks []Task) ([]Task, []Warning) {
	var warn []Warning
	section := ""
	for row := t.head + 1; row < len(t.cells); row++ {
		if title, ok := t.banner(row); ok {
			_, _, rest := readMark(title)
			section = rest.String()
			continue
		}
		task, others, ok := t.task(row, year, section)
		if !ok {
			continue
		}
		task.No = len(tasks) + 1
		if first && len(task.Lead) == 0 && len(task.Responsible) > 0 {
			task.Lead, task.Responsible = task.Responsible[:1:1], task.Responsible[1:]
		}
		if len(task.Lead)+len(task.Responsible) == 0 {
			warn = append(warn, Warning{task.No, "“" + fault.Clip(task.Title, 40) + "”这一行没有责任单位，请人工指定。"})
		}
		if others {
			warn = append(warn, Warning{task.No, "责任单位后面有“等”，没有列全，请核对。"})
		}
		tasks = append(tasks, task)
	}
	return tasks, warn
}

// banner tells whether a row is one cell across the whole table.
func (t taskTable) banner(row int) (text, bool) {
	var only text
	filled := 0
	for _, c := range t.cells[row] {
		if c.text.empty() || c.across {
			continue
		}
		filled++
		only = c.text
	}
	wide := len(t.cells[row]) > 1 && t.cells[row][len(t.cells[row])-1].across
	return only, filled == 1 && (wide || len(t.cells[row]) == 1)
}

func (t taskTable) task(row, year int, section string) (task Task, others, ok bool) {
	title, body := t.at(row, "title"), t.at(row, "text")
	head := title.text
	if head.empty() {
		head = body.text
	}
	if head.empty() {
		return Task{}, false, false
	}
	if s := t.at(row, "section").text; !s.empty() {
		_, _, rest := readMark(s)
		section = rest.String()
	}
	if title.tall && !body.text.empty() {
		_, _, rest := readMark(title.text)
		section, head = rest.String(), body.text
	}
	_, mark, rest := readMark(head)
	label := mark.trim("、.")
	name, said := splitTitle(rest)
	if !body.text.empty() {
		said = body.text
	}
	task = Task{Label: label.String(), Section: section, Title: name.String(), Text: said.String(), Lead: []string{}, Responsible: []string{}, Targets: []Target{}}
	if n := t.at(row, "no").text; label.empty() && !n.empty() {
		task.Label = n.String()
	}
	others = t.units(&task, row)
	d := readDue(t.at(row, "due").text.String(), year)
	if d.text == "" {
		d = findDue(said, year)
	}
	task.Due, task.DueOn, task.Every = d.text, d.on, d.every
	items, apart := inlineItems(said)
	task.Items = items
	task.Targets = append(task.Targets, itemTargets(items, apart)...)
	return task, others, true
}

// units reads the unit columns: lists of names, or 甲牵头，乙配合 in one cell.
func (t taskTable) units(task *Task, row int) (others bool) {
	var printed []string
	for _, column := range []string{"lead", "responsible"} {
		cell := t.at(row, column).text
		if cell.empty() {
			continue
		}
		a, ok := readAssignment(cell)
		if !ok || len(a.all) == 0 {
			a = assignment{}
			a.take(cell, column == "lead")
		} else if column == "lead" && len(a.lead) == 0 {
			a.lead, a.responsible = a.responsible, nil
		}
		task.Lead, task.Responsible = merge(task.Lead, a.lead), merge(task.Responsible, a.responsible)
		others = others || a.others
		printed = append(printed, cell.String())
	}
	task.Assignment = strings.Join(printed, "；")
	return others
}

func itoa(n int) string { return strconv.Itoa(n) }
