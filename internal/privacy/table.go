package privacy

import (
	"slices"
	"strings"
)

// row is a line of the flow: prose, or a row of a table.
type row struct {
	start, end int
	cells      []cell // at least two for a row of a table, one for prose
	table      *table // nil for prose
}

// cell is runes of the flow.
type cell struct{ start, end int }

// table is what is known of the rows that stand together.
type table struct {
	header  []string // names of columns; nil where no row names them
	caption string   // the lines above the first row with names, and those names
}

// label is the name of column i, "" where it has none.
func (t *table) label(i int) string {
	if t == nil || i >= len(t.header) {
		return ""
	}
	return t.header[i]
}

// captionLines is how many lines above a table belong to it.
const captionLines = 3

// tableRows divides folded text into rows and finds the names of columns.
func tableRows(fold []rune) []row {
	var rows []row
	for start := 0; start <= len(fold); {
		end := len(fold)
		if n := slices.Index(fold[start:], '\n'); n >= 0 {
			end = start + n
		}
		rows = append(rows, row{start: start, end: end, cells: cellsOf(fold, start, end)})
		start = end + 1
	}
	for i := 0; i < len(rows); i++ {
		if len(rows[i].cells) < 2 {
			continue
		}
		end := i
		for end < len(rows) && len(rows[end].cells) > 1 {
			end++
		}
		t := describe(fold, rows, i, end)
		for ; i < end; i++ {
			rows[i].table = t
		}
	}
	return rows
}

// cellsOf divides a line at tabs, or at bars where it begins with one.
func cellsOf(fold []rune, start, end int) []cell {
	divider := '\t'
	if start < end && fold[start] == '|' {
		divider = '|'
	}
	var cells []cell
	for at := start; ; {
		n := slices.Index(fold[at:end], divider)
		if n < 0 {
			return append(cells, trimCell(fold, at, end))
		}
		cells = append(cells, trimCell(fold, at, at+n))
		at += n + 1
	}
}

func trimCell(fold []rune, start, end int) cell {
	for start < end && (fold[start] == ' ' || fold[start] == softBreak) {
		start++
	}
	for start < end && (fold[end-1] == ' ' || fold[end-1] == softBreak) {
		end--
	}
	return cell{start, end}
}

// describe finds the row that names the columns of rows[from:to], and what
// stands above it.
func describe(fold []rune, rows []row, from, to int) *table {
	t := &table{}
	var above []string
	for i := max(0, from-captionLines); i < from; i++ {
		above = append(above, string(fold[rows[i].start:rows[i].end]))
	}
	for i := from; i < min(to, from+4); i++ {
		names := columnNames(fold, rows[i].cells)
		if names == nil {
			above = append(above, string(fold[rows[i].start:rows[i].end]))
			continue
		}
		t.header = names
		above = append(above, strings.Join(names, " "))
		break
	}
	if t.header == nil { // a table without names is described by what stands above alone
		above = above[:min(len(above), captionLines)]
	}
	t.caption = strings.Join(above, "\n")
	return t
}

// columnNameMax is how long a column's name may be, in runes.
const columnNameMax = 20

// columnNames gives the names where the cells look like names of columns:
// at least two, all short, none a long number.
func columnNames(fold []rune, cells []cell) []string {
	names := make([]string, len(cells))
	filled := 0
	for i, c := range cells {
		if c.end-c.start > columnNameMax {
			return nil
		}
		digits := 0
		var b strings.Builder
		for _, r := range fold[c.start:c.end] {
			if isDigit(r) {
				digits++
			}
			if !isSpacer(r) {
				b.WriteRune(r)
			}
		}
		if digits > 4 {
			return nil
		}
		if names[i] = b.String(); names[i] != "" {
			filled++
		}
	}
	if filled < 2 || !containsAny(strings.Join(names, " "), columnWords) {
		return nil
	}
	return names
}

// columnWords are words that names of columns hold, and other cells rarely.
var columnWords = []string{"姓名", "序号", "编号", "名称", "电话", "手机", "号码", "证件", "身份", "账号", "帐号", "卡号", "住址", "地址", "日期",
	"出生", "年月", "性别", "类别", "金额", "备注", "单位", "联系", "户主", "学生", "班级", "学校", "监护", "等级", "车牌", "代码", "对象", "项目"}

func containsAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}
