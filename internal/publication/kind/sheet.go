package kind

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/civil"
	"gongkai/internal/document"
	"gongkai/internal/extract"
	"gongkai/internal/fault"
)

// Filled is a template that somebody has filled in.
type Filled struct {
	Sheet   string // its name, as the workbook has it
	Kind    *Kind
	Rows    []FilledRow
	columns map[string]int // from 0, by Input.Path
}

// FilledRow is one row as an interchange line.
type FilledRow struct {
	No   int    // as the sheet counts from 1
	Line []byte // JSON; what a cell should not hold is left in it
}

// Cell is the place that a problem of a row is about, as spreadsheet programs
// write it: B7 for a field that has a column, 7 for the row as a whole.
func (f *Filled) Cell(row int, field string) string {
	for path := field; path != ""; path = path[:max(strings.LastIndexAny(path, ".["), 0)] {
		if c, ok := f.columns[path]; ok {
			if name, err := excelize.CoordinatesToCellName(c+1, row); err == nil {
				return name
			}
		}
	}
	return strconv.Itoa(row)
}

// ReadSheet reads a filled template, XLSX or CSV. code is the kind; it may be
// empty where the sheet has the kind's name. Columns that must be filled have
// to be there, but for those named in spare.
func (k *Set) ReadSheet(name string, data []byte, code string, spare ...string) (*Filled, error) {
	sheets, err := extract.ReadSheets(name, data, extract.Limits{})
	if err != nil {
		return nil, err
	}
	sheet, kind, err := k.filledSheet(name, sheets, code)
	if err != nil {
		return nil, err
	}
	inputs := kind.Inputs()
	want := map[string][]string{}
	for _, in := range inputs {
		want[in.Path] = []string{in.Label}
	}
	head := extract.HeaderIndex(sheet.Rows, want)
	for _, in := range inputs {
		if _, ok := head.Columns[in.Path]; in.Required && !ok && !slices.Contains(spare, in.Path) {
			return nil, fault.New(fault.Invalid, "template_heading", "表里没有“%s”这一栏。请用种类“%s”的模板，不要改动表头。", in.Label, kind.Label).At("%s", name)
		}
	}
	f := &Filled{Sheet: sheet.Name, Kind: kind, columns: head.Columns}
	for i := head.Data; i < len(sheet.Rows); i++ {
		text, err := json.Marshal(rowLine(kind, inputs, head, sheet.Rows[i]))
		if err != nil {
			return nil, err
		}
		f.Rows = append(f.Rows, FilledRow{No: sheet.RowNumbers[i], Line: text})
	}
	return f, nil
}

// SheetLines makes interchange lines of a filled template, one for each row,
// at the line of the row's number. What a cell should not hold is left in for
// Import to refuse by name.
func (k *Set) SheetLines(name string, data []byte, code string) ([]byte, error) {
	f, err := k.ReadSheet(name, data, code)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	at := 1 // the line that is written next
	for _, row := range f.Rows {
		for ; at < row.No; at++ {
			out.WriteByte('\n')
		}
		out.Write(row.Line)
	}
	return out.Bytes(), nil
}

// filledSheet finds the sheet that holds records, and their kind.
func (k *Set) filledSheet(name string, sheets []extract.Sheet, code string) (extract.Sheet, *Kind, error) {
	sheets = slices.DeleteFunc(sheets, func(x extract.Sheet) bool { return x.Name == guideSheet || len(x.Rows) == 0 })
	for _, sheet := range sheets {
		for _, kind := range k.list {
			if kind.Code == code || code == "" && kind.Label == sheet.Name {
				return sheet, kind, nil
			}
		}
	}
	if code != "" {
		return extract.Sheet{}, nil, fault.New(fault.Invalid, "kind_unknown", "没有“%s”这个种类，或者表是空的。可用的种类有：%s。", fault.Clip(code, 40), k.Codes()).At("%s", name)
	}
	return extract.Sheet{}, nil, fault.New(fault.Invalid, "template_kind", "看不出这张表是哪一种信息：工作表的名字应是种类的名称，如“政策文件”。").At("%s", name)
}

// rowLine makes the keys of a line from a row.
func rowLine(kind *Kind, inputs []Input, head extract.Header, row []string) map[string]any {
	line, fields := map[string]any{"kind": kind.Code}, map[string]any{}
	for _, in := range inputs {
		c, ok := head.Columns[in.Path]
		if !ok || c >= len(row) || strings.TrimSpace(row[c]) == "" {
			continue
		}
		v := in.fromCell(strings.TrimSpace(row[c]))
		switch key, own := strings.CutPrefix(in.Path, "fields."); {
		case own:
			fields[key] = v
		case key == "body":
			line[key] = map[string]string{"format": string(document.Text), "text": row[c]}
		default:
			line[key] = v
		}
	}
	if len(fields) > 0 {
		line["fields"] = fields
	}
	return line
}

// fromCell reads a cell as the field's type. What it cannot read it leaves as
// text.
func (f Field) fromCell(text string) any {
	switch f.Type {
	case TypeDate:
		if d, err := document.ParseDateText(text, civil.Date{}); err == nil && d.Precision == document.ToDay {
			return d.First.String()
		}
	case TypeNumber, TypeInteger:
		n := json.Number(strings.ReplaceAll(text, ",", ""))
		if _, ok := Decimal(n); ok && json.Valid([]byte(n)) {
			return n
		}
	case TypeList:
		return cellParts(text, "\n；;")
	case TypeTable:
		var rows []any
		for _, line := range cellParts(text, "\n") {
			rows = append(rows, f.rowFromCell(line.(string)))
		}
		return rows
	}
	return text
}

func (f Field) rowFromCell(line string) map[string]any {
	row := map[string]any{}
	parts := strings.FieldsFunc(strings.ReplaceAll(line, "||", "| |"), func(r rune) bool { return r == '|' || r == '｜' || r == '\t' })
	for i, c := range f.Columns {
		if i < len(parts) && strings.TrimSpace(parts[i]) != "" {
			row[c.Key] = c.fromCell(strings.TrimSpace(parts[i]))
		}
	}
	return row
}

// cellParts cuts a cell at any of the separators and drops empty parts.
func cellParts(text, separators string) []any {
	parts := []any{}
	for _, p := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(separators, r) || r == '\r' }) {
		if p = strings.TrimSpace(p); p != "" {
			parts = append(parts, p)
		}
	}
	return parts
}
