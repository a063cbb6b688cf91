package unit

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/internal/extract"
	"gongkai/internal/fault"
)

// column is one heading of an import table.
type column struct {
	name    string   // as the template prints it
	others  []string // other headings that mean it
	needed  bool
	example string
	help    string
}

// table is a sheet with its headings found.
type table struct {
	at   map[string]int // column name → index of the cell
	rows []sheetRow
}

// sheetRow is one row as read; line is its number in the file, from 1.
type sheetRow struct {
	line   int
	hidden bool
	cells  []string
}

// errHidden refuses a row that the person who sent the table may not have seen.
var errHidden = fault.New(fault.Invalid, "sheet_row_hidden", "这一行在表格里是隐藏的，没有导入。要导入，请取消隐藏；不要，请删去。")

// largestSheet bounds an import table.
const largestSheet = 32 << 20

// readTable reads a CSV or XLSX file: the first visible sheet in whose first
// rows the headings stand.
func readTable(name string, data []byte, columns []column) (table, error) {
	sheets, err := extract.ReadSheets(name, data, extract.Limits{Bytes: largestSheet})
	if err != nil {
		return table{}, err
	}
	for _, s := range sheets {
		if s.Hidden {
			continue
		}
		for i := range s.Rows[:min(len(s.Rows), headingWithin)] {
			if at := headings(s.Rows[i], columns); at != nil {
				return table{at, rowsOf(s, i+1)}, nil
			}
		}
	}
	var needed []string
	for _, c := range columns {
		if c.needed {
			needed = append(needed, c.name)
		}
	}
	return table{}, fault.New(fault.Invalid, "sheet_headings", "前 %d 行里没有找到表头：至少要有“%s”这几列。", headingWithin, strings.Join(needed, "”“")).At("%s", name)
}

// headingWithin is how many rows may hold the headings, below a title.
const headingWithin = 10

func rowsOf(s extract.Sheet, from int) []sheetRow {
	var rows []sheetRow
	for i := from; i < len(s.Rows); i++ {
		line := s.RowNumbers[i]
		rows = append(rows, sheetRow{line, s.HiddenRows[line], s.Rows[i]})
	}
	return rows
}

// headings finds the columns in a row; nil where a needed one is missing.
func headings(cells []string, columns []column) map[string]int {
	at := map[string]int{}
	for _, c := range columns {
		i := slices.IndexFunc(cells, func(cell string) bool {
			k := key(cell)
			return k != "" && (k == key(c.name) || slices.ContainsFunc(c.others, func(o string) bool { return k == key(o) }))
		})
		if i >= 0 {
			at[c.name] = i
		} else if c.needed {
			return nil
		}
	}
	return at
}

// has tells whether the table has a column.
func (t table) has(column string) bool {
	_, ok := t.at[column]
	return ok
}

// cell is the text of a row in a column, without blanks around it.
func (t table) cell(r sheetRow, column string) string {
	i, ok := t.at[column]
	if !ok || i >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// template is the heading row, the explanations and an example of a table.
func template(columns []column) [][]string {
	rows := make([][]string, 3)
	for _, c := range columns {
		rows[0] = append(rows[0], c.name)
		rows[1] = append(rows[1], c.example)
		rows[2] = append(rows[2], c.help)
	}
	return rows
}

// split takes a cell apart at the marks that lists are written with.
func split(cell string) []string {
	var parts []string
	depth, start := 0, 0
	cut := func(end int) {
		if part := strings.TrimSpace(cell[start:end]); part != "" {
			parts = append(parts, part)
		}
	}
	for i, r := range cell {
		switch {
		case strings.ContainsRune("(（", r):
			depth++
		case strings.ContainsRune(")）", r):
			depth--
		case depth <= 0 && strings.ContainsRune("、；;|｜，,\n", r):
			cut(i)
			start = i + utf8.RuneLen(r)
		}
	}
	cut(len(cell))
	return parts
}

// Refusal is one row of a table that was not taken, and why.
type Refusal struct {
	Line   int    `json:"line"` // of the file, from 1
	Column string `json:"column"`
	Value  string `json:"value"`
	Why    string `json:"why"`
}

func (r Refusal) String() string {
	return fmt.Sprintf("第 %d 行，%s“%s”：%s", r.Line, r.Column, r.Value, r.Why)
}

// Report tells what an import did.
type Report struct {
	Added   int       `json:"added"`
	Changed int       `json:"changed"`
	Same    int       `json:"same"`
	Refused []Refusal `json:"refused"`
}

// Add puts the numbers and refusals of another report to this one.
func (r *Report) Add(other Report) {
	r.Added += other.Added
	r.Changed += other.Changed
	r.Same += other.Same
	r.Refused = append(r.Refused, other.Refused...)
}

// refuse notes a refusal; a fault says why in its own words.
func (r *Report) refuse(line int, column, value string, err error) {
	r.Refused = append(r.Refused, Refusal{line, column, fault.Clip(value, 40), fault.Public(err)})
}

// ImportOptions say how a table is imported.
type ImportOptions struct {
	Actor  string // who does it, for the ledger; "import" where empty
	DryRun bool   // check and count, change nothing
}

func (o ImportOptions) actor() string {
	if o.Actor == "" {
		return "import"
	}
	return o.Actor
}
